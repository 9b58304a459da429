//! Files that are written whole or not at all.
//!
//! ```text
//! FILE is a file, or is not there ─▶ FILE.new written, then renamed: a run that is killed leaves the old one
//! FILE is a link                  ─▶ the same for what it leads to
//! FILE is a device, a pipe …      ─▶ written into: to rename over `/dev/null` would take it from everybody
//! ```

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

/// Writes a file anew. The directory of the file must be there.
pub(crate) fn replace<E: From<io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<(), E>,
) -> Result<(), E> {
    let there = fs::metadata(path).ok();
    if there.is_some_and(|there| !there.is_file()) {
        let mut out = BufWriter::new(OpenOptions::new().write(true).open(path)?);
        write(&mut out)?;
        return Ok(out.flush()?);
    }
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let beside = beside(&path);
    let mut out = BufWriter::new(File::create(&beside)?);
    write(&mut out)?;
    out.flush()?;
    Ok(fs::rename(&beside, &path)?)
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::replace;
    use std::fs;
    use std::io::{self, Read as _, Write as _};
    use std::os::unix::fs::{FileTypeExt as _, symlink};

    fn put(path: &std::path::Path, text: &str) {
        replace(path, |out| -> io::Result<()> { out.write_all(text.as_bytes()) }).expect("it can be written");
    }

    #[test]
    fn a_file_is_replaced_and_a_link_stays_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        put(&file, "one");
        symlink(&file, &link).expect("a link");
        put(&link, "two");
        assert_eq!(fs::read_to_string(&file).expect("the file"), "two");
        assert!(fs::symlink_metadata(&link).expect("the link").is_symlink());
        assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 2, "nothing is left beside");
    }

    #[test]
    fn what_fails_leaves_the_old_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        put(&file, "one");
        let failed = replace(&file, |_| Err(io::Error::other("made up")));
        assert!(failed.is_err() && fs::read_to_string(&file).expect("the file") == "one");
    }

    #[test]
    fn what_is_no_file_is_written_into() {
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
        assert!(made.success());
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || {
                let mut text = String::new();
                fs::File::open(pipe).and_then(|mut pipe| pipe.read_to_string(&mut text)).map(|_| text)
            }
        });
        put(&pipe, "one");
        assert_eq!(reader.join().expect("a reader").expect("a text"), "one");
        assert!(fs::metadata(&pipe).expect("the pipe").file_type().is_fifo());
    }
}
