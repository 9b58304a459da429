//! `onehop serve`: from arguments to a running service.

use super::listen::listen;
use super::start::{self, ControlPort};
use crate::arguments::{Control, EndpointArgument, ErrorBodiesArgument, ServeArguments, TokensArgument};
use crate::config::{ConfigFile, keys_of};
use crate::failure::{Failure, OrHint as _};
use crate::output;
use bytes::Bytes;
use onehop_imds::answer::ErrorBodies;
use onehop_imds::gate::{Endpoint, Tokens};
use onehop_imds::time::UnixSeconds;
use onehop_serve::credentials::{CredentialSource, Generated, LIFE_DEFAULT_SECONDS, LIFE_MIN_SECONDS};
use onehop_serve::identity::{SIGNATURES_AVAILABLE, Signer};
use onehop_serve::tree::{Instance, Overlay, Tree, parse_tree};
use onehop_serve::{HopLimit, Options, Played, Service};
use onehop_server::{Clock, Limits, Pages, Stop, SystemClock, on_signals, raise_file_limit};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::UNIX_EPOCH;

const PORT: u16 = 1340;
const CONTROL_PORT: u16 = 1341;
const ROLE: &str = "onehop-demo-role";

/// Runs until it is stopped.
pub(crate) fn run(config: &ConfigFile, flags: &ServeArguments) -> Result<ExitCode, Failure> {
    let arguments = config.overlay("serve", &keys_of::<ServeArguments>(&[]), flags)?;
    let _ = raise_file_limit();
    let addresses = match arguments.listen.as_slice() {
        [] => vec![SocketAddr::from((Ipv4Addr::LOCALHOST, PORT))],
        given => given.to_vec(),
    };
    let service = Arc::new(service(&arguments)?);
    let bound = listen(&addresses, start::workers(arguments.workers))?;
    let default = Control::At(SocketAddr::from((Ipv4Addr::LOCALHOST, CONTROL_PORT)));
    let control = ControlPort::bind(arguments.control.unwrap_or(default))?;
    let stop = Stop::new();
    let reloaded = (Arc::clone(&service), arguments.clone());
    let _listening = on_signals(stop.clone(), move || reload(&reloaded.0, &reloaded.1))?;
    start::serve(bound, Arc::clone(&service), limits(&arguments), control, pages(service), &stop, |_| {})?;
    Ok(ExitCode::SUCCESS)
}

/// The service that arguments describe; also embedded in the guard.
pub(crate) fn service(arguments: &ServeArguments) -> Result<Service, Failure> {
    let source = Source::parse(arguments.credentials.as_deref().unwrap_or("generated"))?;
    let played = played(arguments, &source)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let credentials = source.open(arguments, &clock)?;
    let signer = Arc::new(Signer::new());
    if SIGNATURES_AVAILABLE {
        let signer = Arc::clone(&signer);
        // Making the key takes up to a second; a request that comes earlier waits for it.
        thread::spawn(move || signer.prepare());
    }
    let key = start::token_key(arguments.key_file.as_deref())?;
    Ok(Service::new(options(arguments)?, key, played, credentials, signer, clock))
}

/// What one client may use of the service.
pub(crate) fn limits(arguments: &ServeArguments) -> Limits {
    let defaults = Limits::default();
    Limits {
        keep_alive: arguments.keep_alive.unwrap_or(false),
        max_connections: arguments.max_connections.map_or(defaults.max_connections, std::num::NonZero::get),
        ..defaults
    }
}

fn options(arguments: &ServeArguments) -> Result<Options, Failure> {
    let defaults = Options::default();
    let hop_limit = match arguments.hop_limit {
        None => defaults.hop_limit,
        Some(hops) => HopLimit::new(hops).ok_or_else(|| {
            Failure::new(format!("hop limit {hops} is not 1 to 64")).hint("instances have 1 or 2")
        })?,
    };
    Ok(Options {
        tokens: match arguments.tokens {
            None | Some(TokensArgument::Required) => Tokens::Required,
            Some(TokensArgument::Optional) => Tokens::Optional,
        },
        endpoint: match arguments.endpoint {
            None | Some(EndpointArgument::Enabled) => Endpoint::Enabled,
            Some(EndpointArgument::Disabled) => Endpoint::Disabled,
        },
        hop_limit,
        keep_alive: arguments.keep_alive.unwrap_or(false),
        error_bodies: match arguments.error_bodies {
            None | Some(ErrorBodiesArgument::Page) => ErrorBodies::Page,
            Some(ErrorBodiesArgument::Empty) => ErrorBodies::Empty,
        },
    })
}

/// Where credentials come from.
enum Source {
    Generated,
    None,
    Profile(String),
}

impl Source {
    fn parse(text: &str) -> Result<Self, Failure> {
        match text.split_once(':') {
            None if text == "generated" => Ok(Source::Generated),
            None if text == "none" => Ok(Source::None),
            Some(("profile", name)) if !name.is_empty() => Ok(Source::Profile(name.to_owned())),
            _ => Err(Failure::new(format!("`{text}` is no source of credentials"))
                .hint("write `generated`, `none` or `profile:NAME`")),
        }
    }

    fn open(
        &self,
        arguments: &ServeArguments,
        clock: &Arc<dyn Clock>,
    ) -> Result<Arc<dyn CredentialSource>, Failure> {
        if let Source::Profile(name) = self {
            return open_profile(name, clock);
        }
        let life = arguments.credentials_life.unwrap_or(LIFE_DEFAULT_SECONDS);
        if life < LIFE_MIN_SECONDS {
            return Err(Failure::new(format!("a life of {life} seconds is too short for credentials"))
                .hint(format!("give at least {LIFE_MIN_SECONDS}")));
        }
        let seed = onehop_server::fresh_key()?;
        let start = clock.now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        Ok(Arc::new(Generated::new(seed, UnixSeconds::new(start), life)))
    }
}

#[cfg(feature = "profile")]
fn open_profile(name: &str, clock: &Arc<dyn Clock>) -> Result<Arc<dyn CredentialSource>, Failure> {
    match onehop_serve::credentials::Profile::open(name, Arc::clone(clock)) {
        Ok(profile) => Ok(Arc::new(profile)),
        Err(error) => {
            let hint = error.hint();
            Err(Failure::from(error).hint(hint))
        }
    }
}

#[cfg(not(feature = "profile"))]
fn open_profile(name: &str, _: &Arc<dyn Clock>) -> Result<Arc<dyn CredentialSource>, Failure> {
    Err(Failure::new(format!("this build cannot read the AWS profile `{name}`"))
        .hint("build with the feature `profile`, which is on by default"))
}

fn played(arguments: &ServeArguments, source: &Source) -> Result<Played, Failure> {
    let overlay = match &arguments.tree {
        Some(path) => read_tree(path)?,
        None => Overlay::default(),
    };
    let mut instance: Instance = overlay.instance();
    instance.role = match source {
        Source::None => None,
        Source::Generated | Source::Profile(_) => {
            Some(arguments.role.clone().or(instance.role).unwrap_or_else(|| ROLE.to_owned()))
        }
    };
    Ok(Played {
        tree: Tree::new(&instance, &overlay),
        profile_arn: instance.profile_arn(),
        instance_id: instance.id,
        account: instance.account,
        role: instance.role,
    })
}

fn read_tree(path: &Path) -> Result<Overlay, Failure> {
    let text = std::fs::read(path).map_err(|error| {
        Failure::new(format!("cannot read tree file `{}`: {error}", path.display()))
            .hint("docs/tree.md has an example")
    })?;
    parse_tree(&text, &PathBuf::from(path).display().to_string())
        .or_hint(|| "docs/tree.md describes the format".to_owned())
}

/// Reads the tree file again; a file that is wrong changes nothing.
fn reload(service: &Service, arguments: &ServeArguments) {
    let source = Source::parse(arguments.credentials.as_deref().unwrap_or("generated"));
    match source.and_then(|source| played(arguments, &source)) {
        Ok(played) => service.replace(played),
        Err(failure) => {
            service.counters().reload_failed();
            output::warning(&format!("the tree before stays in force: {failure}"));
        }
    }
}

fn pages(service: Arc<Service>) -> Pages {
    Pages::new(move |path| match path {
        "/metrics" => Some((onehop_journal::metrics::CONTENT_TYPE, Bytes::from(service.counters().page()))),
        "/healthz" => Some(("text/plain; charset=utf-8", Bytes::from_static(b"ok\n"))),
        "/identity-certificate" => {
            service.identity_certificate().map(|pem| ("application/x-pem-file", Bytes::from(pem)))
        }
        _ => None,
    })
}
