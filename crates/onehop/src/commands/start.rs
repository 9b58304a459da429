//! What every long-running command does: bind, say that it is ready, serve pages beside itself, stop when asked.

use crate::arguments::Control;
use crate::failure::Failure;
use crate::output;
use onehop_server::{BindError, BindProblem, Bound, Handler, KeyError, Limits, Pages, Stop, bind, run};
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::thread;

/// One per core unless told otherwise.
pub(crate) fn workers(asked: Option<NonZeroUsize>) -> NonZeroUsize {
    asked
        .or_else(|| thread::available_parallelism().ok())
        .unwrap_or(NonZeroUsize::MIN)
}

/// Listens, or says which address is the matter and what to do.
pub(crate) fn listen(addresses: &[SocketAddr], workers: NonZeroUsize) -> Result<Bound, Failure> {
    bind(addresses, workers).map_err(|error| {
        let hint = match &error {
            BindError::Address { problem, address, .. } => hint_for(*problem, *address),
            _ => "give one with --listen".to_owned(),
        };
        Failure::from(error).hint(hint)
    })
}

fn hint_for(problem: BindProblem, address: SocketAddr) -> String {
    match problem {
        BindProblem::InUse => {
            format!(
                "stop what listens on port {}, or choose another port; port 0 picks a free one",
                address.port()
            )
        }
        BindProblem::NotPermitted => "choose a port from 1024 up, or grant CAP_NET_BIND_SERVICE".to_owned(),
        BindProblem::NotLocal => "add the address to an interface first, or listen on 127.0.0.1".to_owned(),
        _ => "choose another address with --listen".to_owned(),
    }
}

/// The key that signs tokens: from a file, or fresh.
pub(crate) fn token_key(file: Option<&Path>) -> Result<onehop_imds::token::TokenKey, Failure> {
    let key = match file {
        Some(path) => onehop_server::key_from_file(path),
        None => onehop_server::fresh_key(),
    };
    match key {
        Ok(key) => Ok(onehop_imds::token::TokenKey::new(&key)),
        Err(error) => {
            let hint = match &error {
                KeyError::Exposed { path, .. } => format!("chmod 600 {}", path.display()),
                KeyError::Content { .. } => {
                    "remove the file, and a key is made; tokens in use end".to_owned()
                }
                KeyError::Io { .. } => {
                    "check the folder and its permissions, or leave out --key-file".to_owned()
                }
                KeyError::Random(_) => "this host has no source of randomness".to_owned(),
            };
            Err(Failure::from(error).hint(hint))
        }
    }
}

/// The control port beside a service.
pub(crate) struct ControlPort {
    address: Option<SocketAddr>,
    bound: Option<Bound>,
}

impl ControlPort {
    /// Listens where asked.
    pub(crate) fn bind(control: Control) -> Result<Self, Failure> {
        let Control::At(address) = control else {
            return Ok(ControlPort {
                address: None,
                bound: None,
            });
        };
        let bound = listen(&[address], NonZeroUsize::MIN)?;
        Ok(ControlPort {
            address: bound.local_addrs().first().copied(),
            bound: Some(bound),
        })
    }
}

/// Says that the service is ready, then serves until it is stopped.
pub(crate) fn serve<H: Handler>(
    bound: Bound,
    handler: Arc<H>,
    limits: Limits,
    control: ControlPort,
    pages: Pages,
    stop: &Stop,
) -> Result<(), Failure> {
    let ControlPort {
        address,
        bound: control,
    } = control;
    let control = control.map(|control| {
        let stop = stop.clone();
        thread::spawn(move || run(control, Arc::new(pages), Limits::default(), stop))
    });
    output::line(&ready(bound.local_addrs(), address))?;
    let served = run(bound, handler, limits, stop.clone());
    stop.trigger();
    if let Some(control) = control {
        match control.join() {
            Ok(ended) => ended?,
            Err(_) => return Err(Failure::new("the control port ended by a defect")),
        }
    }
    Ok(served?)
}

/// `{"type":"ready","v":1,"listen":[…],"control":…,"pid":…}`
fn ready(listen: &[SocketAddr], control: Option<SocketAddr>) -> String {
    let listen: Vec<String> = listen.iter().map(SocketAddr::to_string).collect();
    let line = serde_json::json!({
        "type": "ready",
        "v": 1,
        "listen": listen,
        "control": control.map(|address| address.to_string()),
        "pid": std::process::id(),
    });
    line.to_string()
}

#[cfg(test)]
mod tests {
    use super::ready;

    #[test]
    fn the_ready_line_is_one_json_object() {
        let listen = [
            "127.0.0.1:1".parse().expect("an address"),
            "[::1]:2".parse().expect("an address"),
        ];
        let line: serde_json::Value = serde_json::from_str(&ready(&listen, None)).expect("JSON");
        assert_eq!(line["listen"][1], "[::1]:2");
        assert_eq!(line["control"], serde_json::Value::Null);
        assert_eq!((&line["type"], &line["v"]), (&"ready".into(), &1.into()));
    }
}
