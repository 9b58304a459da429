//! Defaults of the account, images, and services with a switch of their own.

use super::delivered::Delivered;
use super::owner::Owner;
use super::repair::plain_repair;
use super::scope::Scope;
use super::subject::{Action, Key, Kind, Link, Subject};
use onehop_inventory::{
    BuildConfiguration, EmrCluster, EmrConfiguration, Environment, Image, Notebook, Stream, Tags, Word,
};
use onehop_posture::{
    ContainerEvidence, Containers, Effective, ImageSupport, Layers, Options, Reach, RolePower, Setting, Sign,
    Switch, Tokens, Usage, Verdict, resolve,
};

impl Scope<'_> {
    /// The defaults of account and region: what a launch gets that says nothing, of an image that says nothing.
    pub(super) fn account_defaults(&self) -> Subject {
        let layers = self.layers(Options::default(), ImageSupport::Legacy);
        let mut effective = resolve(&layers);
        effective.gate = onehop_posture::Gate::Open;
        let mut verdict = effective.verdict();
        let tokens = self.defaults.tokens.value();
        if matches!(verdict, Verdict::OptionalInherited(_)) && tokens == Some(&Tokens::Optional) {
            verdict = Verdict::OptionalExplicit;
        }
        let declared = self.region.defaults.as_ref().filter(|defaults| defaults.is_declared());
        let action = if declared.is_some() { Action::Organization } else { Action::Default };
        let action = if matches!(verdict, Verdict::Unresolved(_)) { Action::FindOut } else { action };
        let key = self.key(Kind::AccountDefaults, self.region.name.clone());
        let mut made = plain(key, verdict, effective, action, &Tags::default());
        if let Some(defaults) = declared {
            let message = defaults.exception_message.as_deref().unwrap_or("without a message");
            made.notes.push(format!(
                "A declarative policy of the organization sets it, so a change in the account fails ({message})."
            ));
        }
        if self.enforced == Setting::Set(true) {
            made.notes
                .push("Tokens are enforced: launches that do not come out as required fail.".to_owned());
        }
        if made.verdict == Verdict::OptionalExplicit {
            made.notes.push("It beats images that would require tokens.".to_owned());
        }
        self.policy_notes(&mut made.notes);
        made
    }

    fn policy_notes(&self, notes: &mut Vec<String>) {
        for policy in &self.account.policies {
            for control in &policy.controls {
                let name = policy.name.as_deref().unwrap_or(&policy.id);
                notes.push(format!("Policy `{name}`: {}", control.words()));
            }
        }
    }

    /// An image of the account: what a launch of it comes out as that says nothing. None for images of others.
    pub(super) fn own_image(&self, image: &Image) -> Option<Subject> {
        if !image.own {
            return None;
        }
        let support = ImageSupport::of(image.imds_support.as_ref().map(Word::as_str));
        let says = if support == ImageSupport::V2 { "v2.0" } else { "says nothing about tokens" };
        let effective = resolve(&self.layers(Options::default(), support));
        let key = self.key(Kind::Image, &*image.id);
        let mut made = plain(key, effective.verdict(), effective, Action::Image, &Tags::default());
        made.name.clone_from(&image.name);
        made.chain = vec![Link { what: "image", id: image.id.clone(), says: says.to_owned() }];
        Some(made)
    }

    /// An infrastructure configuration of Image Builder: a launch request of its own.
    pub(super) fn build(&self, build: &BuildConfiguration) -> Subject {
        let image = ImageSupport::Unknown("each recipe names its own parent image".into());
        let mut layers = self.layers(Options::default(), image);
        layers.request = build.metadata.options();
        let effective = resolve(&layers);
        let key = self.key(Kind::ImageBuilder, &*build.arn);
        let mut made = plain(key, effective.verdict(), effective, Action::Service, &build.tags);
        made.name = Some(build.name.clone());
        made.role = self.power(build.profile.as_deref());
        made.containers = match build.builds_containers {
            Some(true) => ContainerEvidence::Found(vec![Sign {
                containers: Containers::Bridge,
                seen_in: "a pipeline for container images".into(),
            }]),
            Some(false) => ContainerEvidence::Found(Vec::new()),
            None => ContainerEvidence::NotLooked("its pipelines were not read".into()),
        };
        made
    }

    /// An environment of Elastic Beanstalk, by `DisableIMDSv1`.
    pub(super) fn environment(&self, environment: &Environment) -> Subject {
        let tokens = match environment.disable_imdsv1.as_deref() {
            Some("true") => Setting::Set(Tokens::Required),
            Some("false") => Setting::Set(Tokens::Optional),
            Some(_) => Setting::unknown("`DisableIMDSv1` is neither `true` nor `false`"),
            None => Setting::unknown("`DisableIMDSv1` is not set, and the branch of its platform decides"),
        };
        let key =
            self.key(Kind::BeanstalkEnvironment, format!("{}/{}", environment.application, environment.name));
        let mut made = switched(key, tokens, "DisableIMDSv1 = true", &environment.tags);
        made.role = self.power(environment.profile.as_deref());
        made.chain = environment
            .groups
            .iter()
            .map(|group| Link { what: "Auto Scaling group", id: group.clone(), says: String::new() })
            .collect();
        if made.verdict.is_finding() {
            made.notes.push(
                "Setting it moves the environment to launch templates, for which it needs permissions."
                    .to_owned(),
            );
        }
        made
    }

    /// A notebook of `SageMaker`. Unset when it was made is version 1.
    pub(super) fn notebook(&self, notebook: &Notebook) -> Subject {
        let tokens = match notebook.minimum_version.as_deref() {
            Some("2") => Setting::Set(Tokens::Required),
            Some("1") => Setting::Set(Tokens::Optional),
            None => Setting::Unset,
            Some(_) => Setting::unknown("its minimum version is neither 1 nor 2"),
        };
        let key = self.key(Kind::Notebook, &*notebook.name);
        let mut made = switched(key, tokens, "MinimumInstanceMetadataServiceVersion = 2", &notebook.tags);
        let role =
            notebook.role.as_deref().and_then(|arn| self.account.roles.iter().find(|role| role.arn == arn));
        made.role = role
            .and_then(|role| role.power.clone())
            .unwrap_or_else(|| RolePower::Unknown("its role was not weighed".into()));
        made
    }

    /// A security configuration of EMR.
    pub(super) fn emr_configuration(&self, configuration: &EmrConfiguration) -> Subject {
        let key = self.key(Kind::EmrConfiguration, &*configuration.name);
        let action = "MinimumInstanceMetadataServiceVersion = 2";
        switched(key, emr_tokens(Some(configuration)), action, &Tags::default())
    }

    /// A cluster of EMR, by its security configuration.
    pub(super) fn emr_cluster(&self, cluster: &EmrCluster) -> Subject {
        let configuration = cluster.configuration.as_ref();
        let found = configuration
            .and_then(|name| self.region.emr_configurations.iter().find(|found| found.name == *name));
        let tokens = match (configuration, found) {
            (Some(name), None) => Setting::unknown(format!("security configuration `{name}` was not read")),
            (_, found) => emr_tokens(found),
        };
        let key = self.key(Kind::EmrCluster, &*cluster.id);
        let wanted = "a security configuration with MinimumInstanceMetadataServiceVersion = 2";
        let mut made = switched(key, tokens, wanted, &cluster.tags);
        made.name = Some(cluster.name.clone());
        if let Some(name) = configuration {
            made.chain.push(Link { what: "security configuration", id: name.clone(), says: String::new() });
        }
        if let Some(release) = &cluster.release {
            made.chain.push(Link {
                what: "release",
                id: release.clone(),
                says: emr_says(release).to_owned(),
            });
        }
        made
    }

    /// A fleet or builder of `AppStream`.
    pub(super) fn stream(&self, stream: &Stream) -> Subject {
        let tokens = match stream.disable_imdsv1 {
            Some(true) => Setting::Set(Tokens::Required),
            Some(false) => Setting::Set(Tokens::Optional),
            None => Setting::unknown("`DisableIMDSV1` was not answered"),
        };
        let key = self.key(Kind::AppStream, format!("{}/{}", stream.kind, stream.name));
        let mut made = switched(key, tokens, "DisableIMDSV1 = true", &Tags::default());
        if made.verdict.is_finding() {
            made.notes.push("Images made before 2024-01-16 do not work without IMDSv1.".to_owned());
        }
        made
    }
}

/// Something with one switch: what else EC2 knows is not said there.
fn switched(key: Key, tokens: Setting<Tokens>, setting: &str, tags: &Tags) -> Subject {
    let unsaid = || Setting::unknown("the service does not say it");
    let request = Options {
        tokens,
        endpoint: Setting::Set(Switch::Enabled),
        hop_limit: Setting::unknown("the service does not say it"),
        ipv6: unsaid(),
        tags: unsaid(),
    };
    let effective = resolve(&Layers { request, ..Layers::default() });
    let verdict = effective.verdict();
    let action = if matches!(verdict, Verdict::Unresolved(_)) { Action::FindOut } else { Action::Service };
    let mut made = plain(key, verdict, effective, action, tags);
    if made.verdict.is_finding() {
        made.repair.words = super::repair::join(&format!("Set {setting}."), &made.repair.owner.words());
    }
    made
}

fn emr_tokens(configuration: Option<&EmrConfiguration>) -> Setting<Tokens> {
    let Some(configuration) = configuration else {
        return Setting::unknown("no security configuration says it; look at the instances of the cluster");
    };
    match (&configuration.unread, configuration.minimum_version) {
        (Some(error), _) => {
            Setting::unknown(format!("the security configuration is no JSON that can be read: {error}"))
        }
        (None, Some(2)) => Setting::Set(Tokens::Required),
        (None, Some(1)) => Setting::Set(Tokens::Optional),
        (None, Some(_)) => Setting::unknown("its minimum version is neither 1 nor 2"),
        (None, None) => Setting::unknown("the security configuration does not say it"),
    }
}

/// Whether the components of a release work without IMDSv1 (EMR Management Guide: 5.23.1, 5.27.1, 5.32, 6.2 and later).
fn emr_says(release: &str) -> &'static str {
    let mut numbers = release.trim_start_matches("emr-").split('.').map(|part| part.parse::<u32>().ok());
    let mut next = || numbers.next().flatten();
    let version = (next(), next(), next());
    let (Some(major), Some(minor), patch) = version else { return "" };
    let works = match (major, minor) {
        (5, 23 | 27) => patch >= Some(1),
        (5, minor) => minor >= 32,
        (6, minor) => minor >= 2,
        (major, _) => major > 6,
    };
    if works { "its components work without IMDSv1" } else { "its components may need IMDSv1" }
}

fn plain(key: Key, verdict: Verdict, effective: Effective, action: Action, tags: &Tags) -> Subject {
    Subject {
        name: None,
        repair: plain_repair(&key, &verdict, action, Owner::of(tags, None)),
        key,
        verdict,
        effective,
        chain: Vec::new(),
        reach: Reach::Unknown("its network was not read".into()),
        role: RolePower::Unknown("its role was not read".into()),
        usage: Usage::NoData("there is no metric for it".into()),
        delivered: Delivered::NotRead,
        containers: ContainerEvidence::NotLooked("nothing of it was read but its switch".into()),
        instances: 0,
        notes: Vec::new(),
    }
}
