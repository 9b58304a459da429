//! What is found in a text.

use crate::request::{Imds, PathClass};
use crate::unfold::Encodings;
use onehop_address::catalogue::Provider;
use std::net::IpAddr;
use std::ops::Range;

/// How a service is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Way {
    /// As the host of a URL.
    Url,
    /// As a host without a scheme, e.g. the value of a parameter or a header.
    Host,
    /// By a path that only this service has; the host is not in the text.
    Path,
}

impl Way {
    /// The stable text, e.g. `url`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Way::Url => "url",
            Way::Host => "host",
            Way::Path => "path",
        }
    }
}

/// A service that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The service.
    pub provider: &'static Provider,
    /// Its address, canonical. `None` where the text has a name or a path of the service.
    pub address: Option<IpAddr>,
    /// The canonical host, or the path for [`Way::Path`].
    pub host: String,
    /// How it is named.
    pub way: Way,
    /// What is asked of it.
    pub path: PathClass,
    /// The version of the protocol that the text gives away.
    pub imds: Imds,
    /// What was taken off to see it, the outermost layer first.
    pub layers: Vec<Encodings>,
    /// Where it stands in the text that was given, with its path.
    pub place: Range<usize>,
    /// What is read there once everything is taken off.
    pub decoded: Vec<u8>,
}
