//! Values that must not appear in logs.

use std::fmt;
use zeroize::Zeroize;

/// A value that is masked when debugged, cannot be displayed, and is overwritten when dropped.
///
/// ```
/// let secret = onehop_verdict::Secret::new(String::from("not-a-real-key"));
/// assert_eq!(format!("{secret:?}"), "Secret(****)");
/// assert_eq!(secret.expose(), "not-a-real-key");
/// ```
#[derive(Clone)]
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    /// Wraps a secret.
    pub const fn new(value: T) -> Self {
        Secret(value)
    }

    /// The secret itself. Each use is a place to review.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(****)")
    }
}
