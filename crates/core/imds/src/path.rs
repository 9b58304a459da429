//! One canonical form for a path, so that what a policy judges is what the upstream is asked for.
//!
//! ```text
//! "//latest/%6Deta-data/./iam/../iam/info/"
//!    1. percent-decode once            "//latest/meta-data/./iam/../iam/info/"
//!    2. refuse control characters, backslash, text that is not UTF-8, a `%` without two hex digits
//!    3. split at `/`, drop empty and `.` segments, let `..` take back one segment, never above the root
//!    4. join                           "/latest/meta-data/iam/info"   + remembered: it ended in `/`
//! ```
//!
//! Decoding happens once, and what still has a `%` then is refused: no real path has one, and a service that decodes
//! twice would read something else. Parsing what `target` renders gives the same path (idempotence is a property test). A path that is
//! already canonical is borrowed, not copied. Total; what cannot be read is an error.

use crate::version::Version;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::borrow::Cow;

/// Longest path that is read, in bytes, as it is written and as [`MetadataPath::target`] renders it. The longest
/// real one is below 200.
pub const PATH_MAX_BYTES: usize = 2048;

/// What stays as it is when a path is rendered; everything else is percent-encoded.
const ENCODE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b':')
    .remove(b'=')
    .remove(b'@')
    .remove(b'+')
    .remove(b',');

/// First segments that are no version but the tree itself, written without one.
const TREE_ROOTS: [&str; 3] = ["meta-data", "dynamic", "user-data"];

/// Why a path has no canonical form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// It does not start with `/`.
    #[error("the path does not start with `/`")]
    NotAbsolute,
    /// Longer than [`PATH_MAX_BYTES`], as written or when rendered.
    #[error("the path is longer than {PATH_MAX_BYTES} bytes")]
    TooLong,
    /// A `%` is not followed by two hexadecimal digits.
    #[error("the path has a `%` without two hexadecimal digits")]
    BadEscape,
    /// The decoded bytes are not UTF-8.
    #[error("the decoded path is not UTF-8")]
    NotUtf8,
    /// A control character, NUL or DEL.
    #[error("the path has a control character")]
    Control,
    /// A `%` that is left after decoding once.
    #[error("the path is encoded twice")]
    EncodedTwice,
    /// A backslash, which some servers take for a slash.
    #[error("the path has a backslash")]
    Backslash,
}

/// A path in canonical form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetadataPath<'a> {
    /// Starts with `/`; no empty, `.` or `..` segment; no slash at the end except in `/` itself.
    text: Cow<'a, str>,
    trailing_slash: bool,
    version: Option<Version>,
    /// Where the part below the version starts in `text`.
    below: usize,
    class: PathClass,
}

/// What a path leads to. Policies speak of these; letter case is ignored when classifying, so that no spelling of a
/// sensitive path falls into a harmless class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum PathClass {
    /// `/`, `/latest`, `/latest/meta-data` and other lists of categories.
    Listing,
    /// `/<version>/api/token`.
    Token,
    /// The role's name or credentials: `iam/security-credentials…` and whatever follows.
    RoleCredentials,
    /// `identity-credentials/…`: credentials of the instance itself.
    IdentityCredentials,
    /// `iam/info`.
    IamInfo,
    /// `user-data`, which often carries secrets.
    UserData,
    /// `dynamic/instance-identity/…`: the signed identity document.
    InstanceIdentity,
    /// Other metadata.
    Metadata,
    /// Other dynamic data.
    Dynamic,
    /// Below no known part of the tree.
    Other,
}

impl PathClass {
    /// Every class, in the order of declaration.
    pub const ALL: [PathClass; 10] = [
        PathClass::Listing,
        PathClass::Token,
        PathClass::RoleCredentials,
        PathClass::IdentityCredentials,
        PathClass::IamInfo,
        PathClass::UserData,
        PathClass::InstanceIdentity,
        PathClass::Metadata,
        PathClass::Dynamic,
        PathClass::Other,
    ];

    /// Whether an answer holds credentials, or the name that leads to them.
    pub const fn is_credentials(self) -> bool {
        matches!(self, PathClass::RoleCredentials | PathClass::IdentityCredentials)
    }

    /// The name used in configuration, metrics and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            PathClass::Listing => "listing",
            PathClass::Token => "token",
            PathClass::RoleCredentials => "role-credentials",
            PathClass::IdentityCredentials => "identity-credentials",
            PathClass::IamInfo => "iam-info",
            PathClass::UserData => "user-data",
            PathClass::InstanceIdentity => "instance-identity",
            PathClass::Metadata => "metadata",
            PathClass::Dynamic => "dynamic",
            PathClass::Other => "other",
        }
    }
}

impl<'a> MetadataPath<'a> {
    /// Brings the path of a request target (without query) to canonical form.
    ///
    /// # Errors
    /// [`PathError`] when there is none.
    pub fn parse(path: &'a str) -> Result<Self, PathError> {
        if path.len() > PATH_MAX_BYTES {
            return Err(PathError::TooLong);
        }
        if !path.starts_with('/') {
            return Err(PathError::NotAbsolute);
        }
        let decoded = decode(path)?;
        if decoded.bytes().any(|b| b < 0x20 || b == 0x7f) || decoded.chars().any(char::is_control) {
            return Err(PathError::Control);
        }
        if decoded.contains('%') {
            return Err(PathError::EncodedTwice);
        }
        if decoded.contains('\\') {
            return Err(PathError::Backslash);
        }
        let trailing_slash = decoded.len() > 1 && ends_as_directory(&decoded);
        let text = canonicalise(decoded);
        if rendered_length(&text) + usize::from(trailing_slash) > PATH_MAX_BYTES {
            return Err(PathError::TooLong);
        }
        Ok(Self::from_canonical(text, trailing_slash))
    }

    fn from_canonical(text: Cow<'a, str>, trailing_slash: bool) -> Self {
        let first = text[1..].split('/').next().unwrap_or_default();
        // Without a version in front, the first segment is itself part of the tree.
        let is_tree = TREE_ROOTS.iter().any(|root| root.eq_ignore_ascii_case(first));
        let below = if is_tree { 1 } else { (first.len() + 2).min(text.len()) };
        let class = classify(first, &text[below..]);
        MetadataPath {
            version: Version::parse(first),
            trailing_slash: trailing_slash && text.len() > 1,
            below,
            class,
            text,
        }
    }

    /// The canonical text, e.g. `/latest/meta-data/iam/info`; no slash at the end.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The version that the first segment names, if it names one.
    pub fn version(&self) -> Option<Version> {
        self.version
    }

    /// The canonical text below the first segment, e.g. `meta-data/iam/info`; empty for `/latest` and `/`. Of a path
    /// that leaves out the version, such as `/meta-data/iam/info`, it is the whole.
    pub fn below_version(&self) -> &str {
        &self.text[self.below..]
    }

    /// Whether the path is `/`.
    pub fn is_root(&self) -> bool {
        self.text.len() == 1
    }

    /// Whether it was written with a slash at the end (`/` itself was not).
    pub fn has_trailing_slash(&self) -> bool {
        self.trailing_slash
    }

    /// What the path leads to.
    pub fn class(&self) -> PathClass {
        self.class
    }

    /// Whether this is the token endpoint of some version.
    pub fn is_token_endpoint(&self) -> bool {
        self.version.is_some() && self.below_version() == "api/token"
    }

    /// The request target for an upstream: encoded anew, with the slash at the end that the client wrote.
    pub fn target(&self) -> String {
        let mut target = utf8_percent_encode(&self.text, ENCODE).to_string();
        if self.trailing_slash {
            target.push('/');
        }
        target
    }
}

/// Bytes of the text when rendered, exact for texts that can come near the limit at all.
fn rendered_length(text: &str) -> usize {
    // `%xx` for each byte, and a slash, at most.
    if text.len() * 3 < PATH_MAX_BYTES {
        return text.len();
    }
    utf8_percent_encode(text, ENCODE).map(str::len).sum()
}

/// Percent-decodes once. Borrowed when there is nothing to decode.
fn decode(path: &str) -> Result<Cow<'_, str>, PathError> {
    if !path.contains('%') {
        return Ok(Cow::Borrowed(path));
    }
    let bytes = path.as_bytes();
    let well_formed = bytes.iter().enumerate().filter(|(_, b)| **b == b'%').all(|(at, _)| {
        bytes.get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    });
    if !well_formed {
        return Err(PathError::BadEscape);
    }
    percent_decode_str(path).decode_utf8().map_err(|_| PathError::NotUtf8)
}

fn ends_as_directory(decoded: &str) -> bool {
    matches!(decoded.rsplit('/').next(), Some("" | "." | ".."))
}

/// Drops empty and dot segments. Borrowed when the text has none.
fn canonicalise(decoded: Cow<'_, str>) -> Cow<'_, str> {
    let clean = |text: &str| !text[1..].split('/').any(|segment| matches!(segment, "" | "." | ".."));
    if decoded.len() == 1 || clean(&decoded) {
        return decoded;
    }
    // The commonest unclean form, one slash at the end, needs no copy either.
    if let Cow::Borrowed(text) = decoded
        && let Some(shorter) = text.strip_suffix('/').filter(|shorter| shorter.len() > 1 && clean(shorter))
    {
        return Cow::Borrowed(shorter);
    }
    let mut kept: Vec<&str> = Vec::new();
    for segment in decoded.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                kept.pop();
            }
            other => kept.push(other),
        }
    }
    let mut text = String::with_capacity(decoded.len());
    for segment in &kept {
        text.push('/');
        text.push_str(segment);
    }
    if text.is_empty() {
        text.push('/');
    }
    Cow::Owned(text)
}

/// The class of what lies below the first segment. The first segment itself is not judged: a service may know
/// versions that this list does not.
fn classify(first: &str, below: &str) -> PathClass {
    let under = |root: &str| {
        below.get(..root.len()).is_some_and(|head| head.eq_ignore_ascii_case(root))
            && matches!(below.as_bytes().get(root.len()), None | Some(b'/'))
    };
    let starts = |root: &str| below.get(..root.len()).is_some_and(|head| head.eq_ignore_ascii_case(root));
    if below.is_empty() {
        return if first.is_empty() || Version::parse(first).is_some() {
            PathClass::Listing
        } else {
            PathClass::Other
        };
    }
    // Also names that only begin like this one, such as `security-credentials-extended`.
    if starts("meta-data/iam/security-credentials") {
        PathClass::RoleCredentials
    } else if under("meta-data/identity-credentials") {
        PathClass::IdentityCredentials
    } else if under("meta-data/iam/info") {
        PathClass::IamInfo
    } else if under("user-data") {
        PathClass::UserData
    } else if under("dynamic/instance-identity") {
        PathClass::InstanceIdentity
    } else if below.eq_ignore_ascii_case("meta-data") || below.eq_ignore_ascii_case("dynamic") {
        PathClass::Listing
    } else if under("meta-data") {
        PathClass::Metadata
    } else if under("dynamic") {
        PathClass::Dynamic
    } else if below == "api/token" {
        PathClass::Token
    } else {
        PathClass::Other
    }
}

#[cfg(test)]
mod tests;
