//! Base64 of user data.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The bytes, if the whole text is base64.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let packed: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    (packed.len() >= 16).then(|| STANDARD.decode(packed).ok()).flatten()
}
