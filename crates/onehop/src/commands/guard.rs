//! `onehop guard`: from arguments to a running guard.

mod embedded;
mod examples;

use super::listen::listen;
use super::start::{self, ControlPort};
use crate::arguments::{Control, EffectArgument, GuardArguments, RemoteArgument, RuleArguments};
use crate::config::{ConfigFile, keys_of};
use crate::failure::{Failure, OrHint as _};
use crate::output;
use bytes::Bytes;
use onehop_guard::host::{Hosts, SERVICE_V4, SERVICE_V6};
use onehop_guard::policy::{Effect, Pattern, Policy, Rule, Who};
use onehop_guard::upstream::{Connector, TcpConnector, UpstreamSettings};
use onehop_guard::{Guard, Limit, Settings};
use onehop_journal::Journal;
use onehop_server::{Limits, Pages, Stop, SystemClock, on_signals, raise_file_limit};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU8;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

const PORT: u16 = 1338;
const CONTROL_PORT: u16 = 1339;

/// Runs until it is stopped.
pub(crate) fn run(config: &ConfigFile, flags: &GuardArguments) -> Result<ExitCode, Failure> {
    let keys = keys_of::<GuardArguments>(&["rule"]);
    let arguments = config.overlay("guard", &keys, flags)?;
    let _ = raise_file_limit();
    let addresses = match arguments.listen.as_slice() {
        [] => vec![SocketAddr::from((Ipv4Addr::LOCALHOST, PORT))],
        given => given.to_vec(),
    };
    check_listen(&addresses, &arguments)?;
    let policy = policy(&arguments)?;
    let bound = listen(&addresses, start::workers(arguments.workers))?;
    let default = Control::At(SocketAddr::from((Ipv4Addr::LOCALHOST, CONTROL_PORT)));
    let control = ControlPort::bind(arguments.control.unwrap_or(default))?;
    let journal = arguments.journal.as_ref().map(|path| open_journal(path, &arguments)).transpose()?;
    let settings = Settings {
        key: start::token_key(arguments.key_file.as_deref())?,
        hosts: Hosts::new(bound.local_addrs(), &arguments.host),
        policy,
        limit: limit(&arguments),
        upstream: upstream_settings(&arguments),
        hop_limit: hop_limit(&arguments)?,
        keep_alive: false,
    };
    let connector = connector(&arguments, config)?;
    let guard = Arc::new(Guard::new(settings, connector, journal.clone(), Arc::new(SystemClock)));
    let stop = Stop::new();
    let reloaded = (Arc::clone(&guard), config.path_for_reload(), flags.clone());
    let _listening =
        on_signals(stop.clone(), move || reload(&reloaded.0, reloaded.1.as_deref(), &reloaded.2))?;
    start::serve(bound, Arc::clone(&guard), limits(&arguments), control, pages(guard), &stop, |listen| {
        if arguments.print_examples == Some(true) {
            examples::print(listen);
        }
    })?;
    if let Some(journal) = journal {
        journal.close().or_hint(|| "the last decisions may be missing from the journal".to_owned())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A guard on an address that others can reach admits them only when told.
fn check_listen(listen: &[SocketAddr], arguments: &GuardArguments) -> Result<(), Failure> {
    let open = listen.iter().find(|address| !address.ip().is_loopback() && !is_service(address.ip()));
    match open {
        Some(address) if arguments.remote_callers != Some(RemoteArgument::Allow) => {
            Err(Failure::new(format!("{address} can be reached from other hosts and namespaces"))
                .hint("listen on a loopback address, or say --remote-callers allow"))
        }
        _ => Ok(()),
    }
}

fn is_service(address: IpAddr) -> bool {
    address == SERVICE_V4 || address == SERVICE_V6
}

fn policy(arguments: &GuardArguments) -> Result<Policy, Failure> {
    let mut rules = arguments.rule.iter().map(rule).collect::<Result<Vec<_>, _>>()?;
    let credentials_for = callers(&arguments.credentials_for, "--credentials-for")?;
    if !credentials_for.is_empty() {
        rules.push(credentials_rule(credentials_for)?);
    }
    Policy::new(admitted(arguments)?, rules)
        .or_hint(|| "keep one of the two rules, or narrow its callers".to_owned())
}

/// Who may ask at all. Remote callers are those that are named, or all of them when they are admitted by word only.
fn admitted(arguments: &GuardArguments) -> Result<Vec<Who>, Failure> {
    let mut admitted = match arguments.callers.as_deref() {
        None => vec![Who::AnyLocal],
        Some([]) => {
            return Err(Failure::new("`callers` is empty, so nobody may ask")
                .hint("leave it out for every local caller, or name some, such as `uid:1000`"));
        }
        Some(given) => callers(given, "--callers")?,
    };
    let names_remote = admitted.iter().any(|who| matches!(who, Who::Remote(_)));
    if arguments.remote_callers == Some(RemoteArgument::Allow) && !names_remote {
        let any = [IpAddr::V4(Ipv4Addr::UNSPECIFIED), IpAddr::V6(Ipv6Addr::UNSPECIFIED)];
        admitted.extend(any.map(|any| Who::remote_range(any, 0)));
    }
    Ok(admitted)
}

fn credentials_rule(callers: Vec<Who>) -> Result<Rule, Failure> {
    let paths = ["meta-data/iam/security-credentials/**", "meta-data/identity-credentials/**"];
    let paths = paths.iter().map(|path| Pattern::parse(path)).collect::<Result<_, _>>()?;
    Ok(Rule { name: "credentials-for".into(), paths, callers, effect: Effect::Allow })
}

fn rule(given: &RuleArguments) -> Result<Rule, Failure> {
    let of_rule = |failure: Failure| {
        Failure::new(format!("rule `{}`: {failure}", given.name)).hint(failure.to_do().unwrap_or_default())
    };
    let paths = given.paths.iter().map(|path| Pattern::parse(path)).collect::<Result<_, _>>();
    Ok(Rule {
        name: given.name.as_str().into(),
        paths: paths.or_hint(|| "such as `user-data` or `meta-data/iam/**`".to_owned()).map_err(of_rule)?,
        callers: callers(&given.callers, "callers").map_err(of_rule)?,
        effect: match given.effect {
            EffectArgument::Allow => Effect::Allow,
            EffectArgument::Deny => Effect::Deny,
        },
    })
}

fn callers(texts: &[String], place: &str) -> Result<Vec<Who>, Failure> {
    let read = texts.iter().map(|text| Who::parse(text)).collect::<Result<_, _>>();
    read.or_hint(|| format!("correct {place}"))
}

fn open_journal(path: &Path, arguments: &GuardArguments) -> Result<Journal, Failure> {
    let mut options = onehop_journal::Options::new(path);
    if let Some(bytes) = arguments.journal_rotate_bytes {
        options.rotate_bytes = bytes;
    }
    if let Some(keep) = arguments.journal_keep {
        options.keep_files = keep.get();
    }
    Journal::open(&options).map_err(|error| {
        let hint = error.hint();
        Failure::from(error).hint(hint)
    })
}

fn hop_limit(arguments: &GuardArguments) -> Result<NonZeroU8, Failure> {
    let hops = arguments.hop_limit.unwrap_or(1);
    let valid = NonZeroU8::new(hops).filter(|hops| hops.get() <= 64);
    valid.ok_or_else(|| {
        Failure::new(format!("hop limit {hops} is not 1 to 64")).hint("1 keeps tokens on this host")
    })
}

fn limit(arguments: &GuardArguments) -> Limit {
    let defaults = Limit::default();
    Limit {
        rate: arguments.rate.unwrap_or(defaults.rate),
        connections: arguments.caller_connections.map_or(defaults.connections, std::num::NonZero::get),
    }
}

fn limits(arguments: &GuardArguments) -> Limits {
    let defaults = Limits::default();
    let max_connections = arguments.max_connections.map_or(defaults.max_connections, std::num::NonZero::get);
    Limits { max_connections, ..defaults }
}

fn upstream_settings(arguments: &GuardArguments) -> UpstreamSettings {
    let defaults = UpstreamSettings::default();
    UpstreamSettings {
        keep: arguments.cache_ms.map_or(defaults.keep, Duration::from_millis),
        timeout: arguments.upstream_timeout_ms.map_or(defaults.timeout, Duration::from_millis),
        ..defaults
    }
}

fn connector(arguments: &GuardArguments, config: &ConfigFile) -> Result<Arc<dyn Connector>, Failure> {
    let dial = |address| -> Arc<dyn Connector> { Arc::new(TcpConnector::new(address)) };
    match arguments.upstream.as_deref().unwrap_or("embedded") {
        "embedded" => embedded::connector(config),
        "ec2" => Ok(dial(SocketAddr::from((SERVICE_V4, 80)))),
        "ec2-ipv6" => Ok(dial(SocketAddr::from((SERVICE_V6, 80)))),
        url => upstream_address(url).map(dial),
    }
}

/// Reads `http://ADDR[:PORT]`; names are not looked up, so none can be rebound.
fn upstream_address(url: &str) -> Result<SocketAddr, Failure> {
    let host = url.strip_prefix("http://").map(|rest| rest.strip_suffix('/').unwrap_or(rest));
    let bare =
        |host: &str| host.trim_matches(['[', ']']).parse::<IpAddr>().ok().map(|ip| SocketAddr::new(ip, 80));
    host.and_then(|host| host.parse().ok().or_else(|| bare(host))).ok_or_else(|| {
        Failure::new(format!("`{url}` is no upstream"))
            .hint("write `embedded`, `ec2`, `ec2-ipv6`, or an address such as http://127.0.0.1:1340")
    })
}

/// Reads the policy again; a configuration that is wrong changes nothing.
fn reload(guard: &Guard, config: Option<&Path>, flags: &GuardArguments) {
    let keys = keys_of::<GuardArguments>(&["rule"]);
    let policy = ConfigFile::read(config)
        .and_then(|config| config.overlay("guard", &keys, flags))
        .and_then(|arguments| policy(&arguments));
    match policy {
        Ok(policy) => guard.replace_policy(policy),
        Err(failure) => {
            guard.counters().reload_failed();
            output::warning(&format!("the policy before stays in force: {failure}"));
        }
    }
}

fn pages(guard: Arc<Guard>) -> Pages {
    Pages::new(move |path| match path {
        "/metrics" => Some((onehop_journal::metrics::CONTENT_TYPE, Bytes::from(guard.metrics()))),
        "/healthz" => {
            let text: &'static [u8] = if guard.healthy() { b"ok\n" } else { b"journal cannot be written\n" };
            Some(("text/plain; charset=utf-8", Bytes::from_static(text)))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::upstream_address;

    #[test]
    fn an_upstream_is_an_address() {
        for (url, want) in [
            ("http://127.0.0.1:1340", Some("127.0.0.1:1340")),
            ("http://127.0.0.1:1340/", Some("127.0.0.1:1340")),
            ("http://127.0.0.1", Some("127.0.0.1:80")),
            ("http://[::1]:8", Some("[::1]:8")),
            ("http://[::1]", Some("[::1]:80")),
            ("https://127.0.0.1", None),
            ("http://localhost:1340", None),
            ("http://127.0.0.1/latest", None),
            ("127.0.0.1:1340", None),
            ("", None),
        ] {
            let got = upstream_address(url).ok().map(|address| address.to_string());
            assert_eq!(got.as_deref(), want, "{url}");
        }
    }
}
