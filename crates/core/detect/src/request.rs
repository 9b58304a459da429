//! What is asked of a service: the class of the path, and the version of the protocol.
//!
//! Nothing fails: what is not recognised is [`PathClass::Other`], [`Imds::Unknown`].

use crate::unfold::{self, is_vanishing};
use std::fmt;

/// What a path gives away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum PathClass {
    /// Credentials of a role, a task, a pod or a service account.
    Credentials,
    /// A session token.
    Token,
    /// User data, which often holds secrets.
    UserData,
    /// Signed documents and identity tokens.
    Identity,
    /// A listing, or another value.
    Listing,
    /// The root, or no path.
    Root,
    /// Something else.
    Other,
}

impl PathClass {
    /// The stable text, e.g. `user-data`.
    pub const fn as_str(self) -> &'static str {
        match self {
            PathClass::Credentials => "credentials",
            PathClass::Token => "token",
            PathClass::UserData => "user-data",
            PathClass::Identity => "identity",
            PathClass::Listing => "listing",
            PathClass::Root => "root",
            PathClass::Other => "other",
        }
    }
}

impl fmt::Display for PathClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The version of the protocol that a request speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Imds {
    /// One GET without a token.
    V1,
    /// A PUT for a token, or a token sent along.
    V2,
    /// Not to be seen here.
    Unknown,
}

impl Imds {
    /// The stable text, e.g. `v1`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Imds::V1 => "v1",
            Imds::V2 => "v2",
            Imds::Unknown => "unknown",
        }
    }
}

/// Longest path that is read, in bytes.
const PATH_MAX_BYTES: usize = 512;

/// What paths hold, in lower case, the most telling first.
const CLASSES: &[(&[u8], PathClass)] = &[
    (b"security-credentials", PathClass::Credentials),
    (b"/iam/", PathClass::Credentials),
    (b"/v2/credentials", PathClass::Credentials),
    (b"/v1/credentials", PathClass::Credentials),
    (b"service-accounts", PathClass::Credentials),
    (b"/oauth2/token", PathClass::Credentials),
    (b"/ram/", PathClass::Credentials),
    (b"api/token", PathClass::Token),
    (b"user-data", PathClass::UserData),
    (b"user_data", PathClass::UserData),
    (b"userdata", PathClass::UserData),
    (b"instance-identity", PathClass::Identity),
    (b"instance_identity", PathClass::Identity),
    (b"identity", PathClass::Identity),
    (b"attested", PathClass::Identity),
    (b"meta-data", PathClass::Listing),
    (b"metadata", PathClass::Listing),
    (b"/latest", PathClass::Listing),
    (b"/dynamic", PathClass::Listing),
    (b"/opc/", PathClass::Listing),
    (b"/openstack", PathClass::Listing),
    (b"/v1", PathClass::Listing),
];

/// Where a path ends that begins here, perhaps with a port before it. The separators may be written in their dash, underscore
/// or dot form.
pub(crate) fn path_end(text: &[u8], start: usize) -> usize {
    let rest = &text[start..text.len().min(start + PATH_MAX_BYTES)];
    start + rest.iter().position(|byte| !PARTS[usize::from(*byte)]).unwrap_or(rest.len())
}

/// The class of a path, of any case, with the query.
pub fn classify(path: &[u8]) -> PathClass {
    if unfold::next_vanishing(path).is_some() {
        let closed: Vec<u8> = path.iter().copied().filter(|byte| !is_vanishing(*byte)).collect();
        return classify_closed(&closed);
    }
    classify_closed(path)
}

/// The same of a path in which nothing vanishes.
fn classify_closed(path: &[u8]) -> PathClass {
    let path = &path[..path.len().min(PATH_MAX_BYTES)];
    if !path.iter().fold(false, |any, byte| any | byte.is_ascii_alphabetic()) {
        return PathClass::Root;
    }
    let mut best = CLASSES.len();
    for (at, byte) in path.iter().enumerate() {
        let mut begin = BY_FIRST[usize::from(*byte)] & ((1 << best) - 1);
        while begin != 0 {
            let class = begin.trailing_zeros() as usize;
            if starts_with(&path[at..], CLASSES[class].0) {
                best = class;
                break;
            }
            begin &= begin - 1;
        }
    }
    CLASSES.get(best).map_or(PathClass::Other, |(_, class)| *class)
}

/// Whether a text begins with this, in any case and with a backslash for a slash.
pub(crate) fn starts_with(text: &[u8], what: &[u8]) -> bool {
    let fits = |(byte, wanted): (&u8, &u8)| {
        byte.to_ascii_lowercase() == *wanted || (*byte == b'\\' && *wanted == b'/')
    };
    text.len() >= what.len() && text.iter().zip(what).all(fits)
}

/// For each byte which of [`CLASSES`] begin with it, a bit each.
static BY_FIRST: [u32; 256] = {
    let mut table = [0; 256];
    let mut at = 0;
    while at < CLASSES.len() {
        let first = CLASSES[at].0[0];
        table[first as usize] |= 1 << at;
        table[first.to_ascii_uppercase() as usize] |= 1 << at;
        if first == b'/' {
            table[b'\\' as usize] |= 1 << at;
        }
        at += 1;
    }
    table
};

/// Bytes that [`is_part`].
static PARTS: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    while at < table.len() {
        table[at] = is_part(at.to_le_bytes()[0]);
        at += 1;
    }
    table
};

const fn is_part(byte: u8) -> bool {
    byte.is_ascii_graphic()
        && !matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'`' | b'|' | b'^' | b'{' | b'}' | b',' | b'&')
        || is_vanishing(byte)
}

/// The version that the text around a request gives away: a PUT or the token header inside `gopher:` and injected
/// lines.
pub(crate) fn version(text: &[u8]) -> Imds {
    let starts = |at: usize, what: &[u8]| {
        text.get(at..at + what.len()).is_some_and(|here| here.eq_ignore_ascii_case(what))
    };
    let ends = |at: usize, what: &[u8]| at.checked_sub(what.len()).is_some_and(|start| starts(start, what));
    // Each of them has one of these bytes, which are rarer than most.
    let tells = |at: usize| match text[at] {
        b' ' => ends(at, b"_PUT") || (ends(at, b"PUT") && starts(at + 1, b"/latest/api")),
        _ => starts(at + 1, b"en") && (ends(at, b"metadata-to") || ends(at, b"api/to")),
    };
    if memchr::memchr3_iter(b'k', b'K', b' ', text).any(tells) { Imds::V2 } else { Imds::V1 }
}

#[cfg(test)]
mod tests;
