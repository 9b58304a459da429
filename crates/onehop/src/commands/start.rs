//! What every service does: say that it is ready, serve pages beside itself, stop when asked.

use super::listen::listen;
use crate::arguments::Control;
use crate::failure::Failure;
use crate::output;
use onehop_server::{Bound, Handler, KeyError, Limits, Pages, Stop, run};
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::thread;

/// One per core unless told otherwise.
pub(crate) fn workers(asked: Option<NonZeroUsize>) -> NonZeroUsize {
    asked.or_else(|| thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
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
            return Ok(ControlPort { address: None, bound: None });
        };
        let bound = listen(&[address], NonZeroUsize::MIN)?;
        Ok(ControlPort { address: bound.local_addrs().first().copied(), bound: Some(bound) })
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
    said_ready: impl FnOnce(&[SocketAddr]),
) -> Result<(), Failure> {
    let ControlPort { address, bound: control } = control;
    let control = control.map(|control| {
        let stop = stop.clone();
        thread::spawn(move || run(control, Arc::new(pages), Limits::default(), stop))
    });
    output::line(&ready(bound.local_addrs(), address)?)?;
    said_ready(bound.local_addrs());
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

/// The line that says where a service listens. The order of its keys is part of the contract.
#[derive(serde::Serialize)]
struct Ready {
    r#type: &'static str,
    v: u8,
    listen: Vec<String>,
    control: Option<String>,
    pid: u32,
}

/// `{"type":"ready","v":1,"listen":[…],"control":…,"pid":…}`
fn ready(listen: &[SocketAddr], control: Option<SocketAddr>) -> Result<String, Failure> {
    Ok(serde_json::to_string(&Ready {
        r#type: "ready",
        v: 1,
        listen: listen.iter().map(SocketAddr::to_string).collect(),
        control: control.map(|address| address.to_string()),
        pid: std::process::id(),
    })?)
}

#[cfg(test)]
mod tests {
    use super::ready;

    #[test]
    fn the_ready_line_is_one_json_object() {
        let listen = ["127.0.0.1:1".parse().expect("an address"), "[::1]:2".parse().expect("an address")];
        let line = ready(&listen, None).expect("a line");
        let pid = std::process::id();
        let want = format!(
            r#"{{"type":"ready","v":1,"listen":["127.0.0.1:1","[::1]:2"],"control":null,"pid":{pid}}}"#
        );
        assert_eq!(line, want);
    }
}
