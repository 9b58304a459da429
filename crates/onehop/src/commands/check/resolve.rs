//! The resolver of the system, for `--resolve`.
//!
//! ```text
//! name   ─▶ hosts file, then DNS with the search domains: what a client on this machine dials
//! name.  ─▶ DNS alone: what the name means to everybody
//! ```
//! Clients differ in which of the two they ask, so both are judged. It fails when neither has an answer.

use onehop_url::{ResolveError, Resolver};
use std::io;
use std::net::{IpAddr, ToSocketAddrs as _};

/// Asks what the system asks: the hosts file and DNS.
pub(super) struct SystemResolver;

impl Resolver for SystemResolver {
    fn resolve(&self, name: &str) -> Result<Vec<IpAddr>, ResolveError> {
        both(name, look_up)
    }
}

#[expect(clippy::disallowed_methods, reason = "`--resolve` asks for it, and every answer is judged")]
fn look_up(name: &str) -> io::Result<Vec<IpAddr>> {
    Ok((name, 0_u16).to_socket_addrs()?.map(|answer| answer.ip()).collect())
}

/// The answers for the name as it is and for the absolute name, each address once.
fn both(name: &str, look_up: impl Fn(&str) -> io::Result<Vec<IpAddr>>) -> Result<Vec<IpAddr>, ResolveError> {
    let mut addresses: Vec<IpAddr> = Vec::new();
    let mut failures = 0;
    let mut reason = String::new();
    for form in [name, &format!("{name}.")] {
        match look_up(form) {
            Ok(answers) => {
                for answer in answers {
                    if !addresses.contains(&answer) {
                        addresses.push(answer);
                    }
                }
            }
            Err(error) => {
                failures += 1;
                reason = error.to_string();
            }
        }
    }
    if failures == 2 { Err(ResolveError { reason }) } else { Ok(addresses) }
}

#[cfg(test)]
mod tests {
    use super::both;
    use std::io;
    use std::net::IpAddr;

    /// Answers for the name as it is, and for the absolute name.
    fn resolved(plain: Option<&[u8]>, absolute: Option<&[u8]>) -> Result<Vec<u8>, String> {
        let address = |last: &u8| IpAddr::from([192, 0, 2, *last]);
        let answers = |name: &str| match if name == "a.example." { absolute } else { plain } {
            Some(answers) => Ok(answers.iter().map(address).collect()),
            None => Err(io::Error::other("made up")),
        };
        let last =
            |address: &IpAddr| address.to_string().rsplit('.').next().and_then(|last| last.parse().ok());
        match both("a.example", answers) {
            Ok(addresses) => Ok(addresses.iter().filter_map(last).collect()),
            Err(error) => Err(error.reason),
        }
    }

    #[test]
    fn the_hosts_file_and_the_absolute_name_are_both_judged() {
        for (name, plain, absolute, want) in [
            ("both", Some(&[1, 2][..]), Some(&[2, 3][..]), Ok(vec![1, 2, 3])),
            ("in the hosts file only", Some(&[1]), None, Ok(vec![1])),
            ("hidden by a search domain", None, Some(&[4]), Ok(vec![4])),
            ("nowhere", None, None, Err("made up".to_owned())),
        ] {
            assert_eq!(resolved(plain, absolute), want, "{name}");
        }
    }
}
