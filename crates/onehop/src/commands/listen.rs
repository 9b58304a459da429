//! Listening at addresses that were asked for.

use crate::failure::Failure;
use onehop_server::{BindError, BindProblem, Bound, bind};
use std::net::SocketAddr;
use std::num::NonZeroUsize;

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
