//! A description of callers in the configuration.

use crate::caller::Caller;
use ipnet::IpNet;
use std::fmt;
use std::net::IpAddr;

/// Which callers a rule is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Every local caller that the kernel knows.
    AnyLocal,
    /// The local caller with this user id.
    Uid(u32),
    /// Callers from other namespaces or hosts with an address in this range.
    Remote(IpNet),
}

/// Why a description was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WhoError {
    /// No such form.
    #[error("`{0}` names no caller; write `any`, `uid:1000`, `user:app` or `remote:192.0.2.0/24`")]
    Form(String),
    /// The user is not known on this host.
    #[error("user `{0}` is not known on this host")]
    User(String),
}

impl Who {
    /// Reads `any`, `uid:N`, `user:NAME` (looked up once, here) or `remote:ADDRESS[/LENGTH]`.
    ///
    /// # Errors
    /// [`WhoError`].
    pub fn parse(text: &str) -> Result<Self, WhoError> {
        let form = || WhoError::Form(text.to_owned());
        match text.split_once(':') {
            None if text == "any" => Ok(Who::AnyLocal),
            Some(("uid", uid)) => uid.parse().map(Who::Uid).map_err(|_| form()),
            Some(("user", name)) => match nix::unistd::User::from_name(name) {
                Ok(Some(user)) => Ok(Who::Uid(user.uid.as_raw())),
                Ok(None) | Err(_) => Err(WhoError::User(name.to_owned())),
            },
            Some(("remote", range)) => range
                .parse::<IpNet>()
                .or_else(|_| range.parse::<IpAddr>().map(IpNet::from))
                .map(|net| Who::Remote(net.trunc()))
                .map_err(|_| form()),
            _ => Err(form()),
        }
    }

    /// Remote callers whose address shares the first `length` bits with this one.
    pub fn remote_range(address: IpAddr, length: u8) -> Self {
        Who::Remote(IpNet::new_assert(address, length).trunc())
    }

    /// Whether a caller fits. An unknown caller fits nothing.
    pub fn fits(&self, caller: &Caller) -> bool {
        match (self, caller) {
            (Who::AnyLocal, Caller::Local { .. }) => true,
            (Who::Uid(wanted), Caller::Local { uid }) => wanted == uid,
            (Who::Remote(range), Caller::Remote(address)) => range.contains(&address.to_canonical()),
            _ => false,
        }
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Who::AnyLocal => f.write_str("any"),
            Who::Uid(uid) => write!(f, "uid:{uid}"),
            Who::Remote(range) => write!(f, "remote:{range}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Who, WhoError};
    use crate::caller::Caller;

    #[test]
    fn callers_are_described_in_four_forms() {
        let root = Caller::Local { uid: 0 };
        let remote = Caller::Remote("192.0.2.7".parse().expect("an address"));
        for (text, caller, fits) in [
            ("any", root, true),
            ("any", remote, false),
            ("any", Caller::Unknown, false),
            ("uid:0", root, true),
            ("uid:0", Caller::Unknown, false),
            ("uid:1000", root, false),
            ("user:root", root, true),
            ("remote:192.0.2.0/24", remote, true),
            ("remote:192.0.2.7", remote, true),
            ("remote:198.51.100.0/24", remote, false),
            ("remote:0.0.0.0/0", root, false),
        ] {
            assert_eq!(Who::parse(text).expect(text).fits(&caller), fits, "{text} {caller}");
        }
    }

    #[test]
    fn other_forms_are_refused() {
        for text in ["", "all", "uid:", "uid:x", "uid:-1", "remote:x", "remote:192.0.2.0/33", "pid:1"] {
            assert_eq!(Who::parse(text), Err(WhoError::Form(text.to_owned())), "{text}");
        }
        assert_eq!(Who::parse("user:no such user"), Err(WhoError::User("no such user".to_owned())));
    }
}
