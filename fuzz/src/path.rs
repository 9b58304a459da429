//! Paths of requests: all spellings of one path have one canonical form and one class.
//!
//! The input is the path as text. A second reading, written here without regard to speed, must agree in every case;
//! then the path is spelled in other ways, and each must lead to the same result.

use crate::Reached;
use onehop_guard::policy::Pattern;
use onehop_imds::path::{MetadataPath, PATH_MAX_BYTES, PathClass};

/// Reads one path.
pub fn run(data: &[u8]) -> Reached {
    let Ok(text) = std::str::from_utf8(data) else {
        return Reached::Refused;
    };
    let parsed = MetadataPath::parse(text);
    let read = second_reading(text);
    assert_eq!(parsed.is_ok(), read.is_some(), "readable or not: {parsed:?}, {read:?}");
    let (Ok(path), Some((segments, trailing_slash))) = (parsed, read) else {
        return Reached::Refused;
    };
    assert_eq!(path.as_str(), format!("/{}", segments.join("/")));
    assert_eq!(path.has_trailing_slash(), trailing_slash);
    check_segments(&path);
    check_class(&path, &segments);
    check_target(&path);
    check_spellings(text, &path);
    check_pattern(&path);
    Reached::Accepted
}

/// The segments of the canonical form, and whether the path was written as a directory.
fn second_reading(text: &str) -> Option<(Vec<String>, bool)> {
    if text.len() > PATH_MAX_BYTES || !text.starts_with('/') {
        return None;
    }
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => hexadecimal(rest.next()?)? * 16 + hexadecimal(rest.next()?)?,
            plain => plain,
        });
    }
    let decoded = String::from_utf8(bytes).ok()?;
    if decoded.chars().any(|c| c.is_control() || matches!(c, '\\' | '%')) {
        return None;
    }
    let mut segments: Vec<String> = Vec::new();
    let mut as_directory = false;
    for segment in decoded.split('/') {
        as_directory = matches!(segment, "" | "." | "..");
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            name => segments.push(name.to_owned()),
        }
    }
    let trailing_slash = as_directory && !segments.is_empty();
    let rendered: usize = segments.iter().flat_map(|segment| segment.bytes()).map(rendered_bytes).sum();
    let slashes = segments.len().max(1) + usize::from(trailing_slash);
    (rendered + slashes <= PATH_MAX_BYTES).then_some((segments, trailing_slash))
}

/// How many bytes of a target stand for one byte of a segment.
fn rendered_bytes(byte: u8) -> usize {
    if byte.is_ascii_alphanumeric() || b"-._~:=@+,".contains(&byte) { 1 } else { 3 }
}

fn hexadecimal(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

fn check_segments(path: &MetadataPath<'_>) {
    let text = path.as_str();
    assert!(!text.contains('\\') && !text.chars().any(char::is_control));
    assert_eq!(path.is_root(), text == "/");
    if !path.is_root() {
        let sound = text[1..].split('/').all(|segment| !matches!(segment, "" | "." | ".."));
        assert!(sound, "`{text}` is not canonical");
    }
    assert!(text.ends_with(path.below_version()));
}

/// Paths to secrets have their class in every version and letter case, and no other path has it.
fn check_class(path: &MetadataPath<'_>, segments: &[String]) {
    let lower: Vec<String> = segments.iter().map(|segment| segment.to_ascii_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    // A path may leave out the version; then it begins with the tree itself.
    let below = match lower.as_slice() {
        whole @ ["meta-data" | "dynamic" | "user-data", ..] => whole,
        [_, below @ ..] => below,
        [] => &[],
    };
    let secret = match below {
        ["meta-data", "iam", name, ..] if name.starts_with("security-credentials") => {
            Some(PathClass::RoleCredentials)
        }
        ["meta-data", "identity-credentials", ..] => Some(PathClass::IdentityCredentials),
        ["user-data", ..] => Some(PathClass::UserData),
        _ => None,
    };
    let secrets = [PathClass::RoleCredentials, PathClass::IdentityCredentials, PathClass::UserData];
    let found = Some(path.class()).filter(|class| secrets.contains(class));
    assert_eq!(found, secret, "`{}`", path.as_str());
    assert_eq!(path.class().is_credentials(), secret.is_some_and(PathClass::is_credentials));
    assert_eq!(path.is_token_endpoint(), path.version().is_some() && lower_is_token(segments));
}

fn lower_is_token(segments: &[String]) -> bool {
    segments.get(1..).is_some_and(|below| below == ["api", "token"])
}

/// What is asked of an upstream means the same there.
fn check_target(path: &MetadataPath<'_>) {
    let target = path.target();
    let uri: http::Uri = target.parse().unwrap_or_else(|error| panic!("`{target}` is no target: {error}"));
    assert_eq!((uri.path(), uri.query()), (target.as_str(), None));
    let again = MetadataPath::parse(&target).unwrap_or_else(|error| panic!("`{target}`: {error}"));
    assert_same(path, &again, &target);
    assert_eq!(again.target(), target);
}

/// Other spellings of the same path.
fn check_spellings(text: &str, path: &MetadataPath<'_>) {
    let canonical =
        if path.has_trailing_slash() { format!("{}/", path.as_str()) } else { path.as_str().to_owned() };
    let upper = |byte: u8| format!("%{byte:02X}");
    let mixed = |byte: u8| if byte.is_multiple_of(2) { format!("%{byte:02x}") } else { upper(byte) };
    let spellings = [
        format!("/{}", canonical[1..].bytes().map(upper).collect::<String>()),
        format!("/{}", canonical[1..].bytes().map(mixed).collect::<String>()),
        text.replace('/', "//"),
        text.replace('/', "/./"),
        format!("/x/..{text}"),
        format!("/..{text}"),
    ];
    for spelling in spellings.iter().filter(|spelling| spelling.len() <= PATH_MAX_BYTES) {
        let other = MetadataPath::parse(spelling).unwrap_or_else(|error| panic!("`{spelling}`: {error}"));
        assert_same(path, &other, spelling);
    }
}

fn assert_same(path: &MetadataPath<'_>, other: &MetadataPath<'_>, spelling: &str) {
    assert_eq!(other, path, "spelled `{spelling}`");
    assert_eq!(other.below_version(), path.below_version());
}

/// A rule that is written as the path itself applies to it, in every letter case.
fn check_pattern(path: &MetadataPath<'_>) {
    let below = path.below_version();
    if let Ok(pattern) = Pattern::parse(below) {
        assert!(pattern.fits(below), "`{pattern}` does not fit `{below}`");
        assert!(pattern.fits(&below.to_ascii_uppercase()), "`{pattern}` minds letter case");
    }
}
