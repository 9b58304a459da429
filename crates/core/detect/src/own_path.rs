//! Paths that only a service has: they give it away without a host.
//!
//! Nothing fails: what is no such path is `None`.

use crate::request::{self, starts_with};
use onehop_address::catalogue::{self, Provider};
use std::ops::Range;

/// The word in each of [`PATHS`].
const DATA: &[u8] = b"data";

/// A path in lower case, and where [`DATA`] stands in it.
type Known = (&'static [u8], usize);

/// The services and their paths.
const PATHS: &[(&str, &[Known])] = &[
    ("ec2", &[(b"/latest/meta-data", 13), (b"/latest/user-data", 13), (b"-04/meta-data", 9)]),
    ("gcp", &[(b"computemetadata/v1", 11), (b"computemetadata/v1beta1", 11)]),
    ("azure", &[(b"/metadata/instance", 5), (b"/metadata/identity/oauth2", 5), (b"/metadata/attested", 5)]),
];

/// Bytes before an anchor in which its path may begin.
const BEFORE_BYTES: usize = 64;

/// Where a path stands around an anchor that only a service has, and whose it is.
pub(crate) fn around(layer: &[u8], at: usize) -> Option<(&'static Provider, Range<usize>)> {
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'\\' | b'-' | b'.' | b'_');
    let near = &layer[at.saturating_sub(BEFORE_BYTES)..at];
    let start = at - near.iter().rev().take_while(|byte| part(byte)).count();
    let end = request::path_end(layer, start);
    let name = whose(&layer[start..end])?;
    let provider = catalogue::CATALOGUE.iter().find(|provider| provider.name == name)?;
    Some((provider, start..end))
}

/// The first service of [`PATHS`] that has one of its paths here.
fn whose(path: &[u8]) -> Option<&'static str> {
    let places = memchr::memchr2_iter(b't', b'T', path).filter_map(|at| at.checked_sub(2));
    let datas = places.filter(|at| starts_with(&path[*at..], DATA));
    let known = |data: usize| {
        let is_here = |(what, before): &Known| {
            data.checked_sub(*before).is_some_and(|start| is_whole(&path[start..], what))
        };
        PATHS.iter().position(|(_, paths)| paths.iter().any(is_here))
    };
    datas.filter_map(known).min().map(|at| PATHS[at].0)
}

/// Whether a path begins with this and with no longer name: `/latest/meta-data.html` is a page about it.
fn is_whole(path: &[u8], what: &[u8]) -> bool {
    let ends = |byte: &u8| matches!(byte, b'/' | b'?' | b'#' | b';' | b'\\');
    starts_with(path, what) && path.get(what.len()).is_none_or(ends)
}

/// A path as it is told: in lower case, with slashes.
pub(crate) fn told(path: &[u8]) -> String {
    let slashed = |byte: &u8| if *byte == b'\\' { b'/' } else { byte.to_ascii_lowercase() };
    let path: Vec<u8> = path.iter().map(slashed).collect();
    String::from_utf8_lossy(&path).into_owned()
}
