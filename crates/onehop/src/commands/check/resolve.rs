//! The resolver of the system, for `--resolve`.

use onehop_url::{ResolveError, Resolver};
use std::net::{IpAddr, ToSocketAddrs as _};

/// Asks what the system asks: the hosts file and DNS. Names are made absolute, so that search domains add nothing.
pub(super) struct SystemResolver;

impl Resolver for SystemResolver {
    #[expect(clippy::disallowed_methods, reason = "`--resolve` asks for it, and every answer is judged")]
    fn resolve(&self, name: &str) -> Result<Vec<IpAddr>, ResolveError> {
        let answers = (format!("{name}."), 0_u16)
            .to_socket_addrs()
            .map_err(|error| ResolveError { reason: error.to_string() })?;
        let mut addresses: Vec<IpAddr> = Vec::new();
        for answer in answers {
            if !addresses.contains(&answer.ip()) {
                addresses.push(answer.ip());
            }
        }
        Ok(addresses)
    }
}
