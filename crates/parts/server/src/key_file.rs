//! The key that signs session tokens, kept in a file so that a restart breaks no client.
//!
//! The file holds 32 random bytes as 64 hexadecimal digits and one line feed, mode 0600. It is made when absent. A
//! file that others can read, or that holds anything else, is refused: a key that leaked signs tokens for anybody.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use onehop_verdict::Secret;

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;

/// Why a key could not be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or made.
    #[error("key file `{}` cannot be {action}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// `read` or `made`.
        action: &'static str,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The file can be read or written by others.
    #[error("key file `{}` has mode {mode:o}, so others can use the key", path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file does not hold a key.
    #[error("key file `{}` does not hold 64 hexadecimal digits", path.display())]
    Content {
        /// The file.
        path: PathBuf,
    },
    /// The system gave no random bytes.
    #[error("the system gave no random bytes")]
    Random(#[source] getrandom::Error),
}

/// A fresh random key that lives in memory only.
///
/// # Errors
/// [`KeyError::Random`].
pub fn fresh_key() -> Result<Secret<[u8; KEY_BYTES]>, KeyError> {
    let mut key = [0u8; KEY_BYTES];
    getrandom::fill(&mut key).map_err(KeyError::Random)?;
    Ok(Secret::new(key))
}

/// The key in a file, made on first use.
///
/// # Errors
/// Any [`KeyError`].
pub fn key_from_file(path: &Path) -> Result<Secret<[u8; KEY_BYTES]>, KeyError> {
    let io_error = |action| move |source| KeyError::Io { path: path.to_owned(), action, source };
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(file) => write_key(file).map_err(io_error("made")).and_then(|()| read_key(path)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => read_key(path),
        Err(error) => Err(io_error("made")(error)),
    }
}

fn write_key(mut file: File) -> io::Result<()> {
    use std::fmt::Write as _;
    let key = fresh_key().map_err(io::Error::other)?;
    let mut text = String::with_capacity(KEY_BYTES * 2 + 1);
    for byte in key.expose() {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text.push('\n');
    let text = Secret::new(text);
    file.write_all(text.expose().as_bytes())?;
    file.sync_all()
}

fn read_key(path: &Path) -> Result<Secret<[u8; KEY_BYTES]>, KeyError> {
    let io_error = |source| KeyError::Io { path: path.to_owned(), action: "read", source };
    let file = File::open(path).map_err(io_error)?;
    let mode = file.metadata().map_err(io_error)?.mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(KeyError::Exposed { path: path.to_owned(), mode });
    }
    let mut text = String::new();
    // One byte more than a key, so that a longer file is noticed and a huge one is not read.
    let read = file.take(KEY_BYTES as u64 * 2 + 2).read_to_string(&mut text);
    let text = Secret::new(text);
    match read {
        Ok(_) => parse_key(text.expose().trim_end_matches('\n')),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => None,
        Err(error) => return Err(io_error(error)),
    }
    .ok_or_else(|| KeyError::Content { path: path.to_owned() })
}

fn parse_key(digits: &str) -> Option<Secret<[u8; KEY_BYTES]>> {
    let digits = digits.as_bytes();
    if digits.len() != KEY_BYTES * 2 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let mut key = [0u8; KEY_BYTES];
    for (byte, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
        let pair = std::str::from_utf8(pair).ok()?;
        *byte = u8::from_str_radix(pair, 16).ok()?;
    }
    Some(Secret::new(key))
}

#[cfg(test)]
mod tests {
    use super::{KeyError, key_from_file};
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn the_second_use_reads_what_the_first_one_made() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        let made = key_from_file(&path).expect("made");
        let read = key_from_file(&path).expect("read");
        assert_eq!(made.expose(), read.expose());
        assert_eq!(fs::metadata(&path).expect("the file").permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_file_that_is_no_key_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        for content in ["", "short", &"z".repeat(64), &"a".repeat(65), &"a".repeat(200)] {
            fs::write(&path, content).expect("written");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("mode");
            assert!(matches!(key_from_file(&path), Err(KeyError::Content { .. })), "{content:.10}");
        }
        fs::write(&path, [0xff; 64]).expect("written");
        assert!(matches!(key_from_file(&path), Err(KeyError::Content { .. })));
    }

    #[test]
    fn a_key_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        fs::write(&path, "0".repeat(64)).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("mode");
        assert!(matches!(key_from_file(&path), Err(KeyError::Exposed { mode: 0o640, .. })));
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = key_from_file(&folder.path().join("none/key")).expect_err("no folder");
        assert!(error.to_string().contains("none/key"), "{error}");
    }
}
