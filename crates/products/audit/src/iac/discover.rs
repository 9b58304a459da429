//! What there is to read below the paths that were given.
//!
//! ```text
//! .tf .tf.json            ─▶ the directory, as a Terraform module
//! .pkr.hcl .pkr.json      ─▶ the directory, as a Packer template
//! .json .yaml .yml .template ─▶ the file, by its content
//! scripts, user data, Dockerfiles ─▶ the file, as a script
//! everything else         ─▶ left alone
//! ```
//!
//! Links are followed once: a link that leads back into its own path is told and left. Directories of version control, of
//! installed packages and of Terraform's own (`.terraform`) are not walked; modules that are vendored there are read through
//! the calls that name them.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// Something to read at once, in the order in which it is reported.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unit {
    /// A directory with Terraform files.
    Terraform(PathBuf),
    /// A directory with Packer files in HCL.
    Packer(PathBuf),
    /// A file of JSON or YAML.
    Document(PathBuf),
    /// A script.
    Script(PathBuf),
}

impl Unit {
    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        match self {
            Unit::Terraform(path) | Unit::Packer(path) | Unit::Document(path) | Unit::Script(path) => path,
        }
    }
}

/// What was found, and what could not be looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// In the order of their paths, each once.
    pub units: Vec<Unit>,
    /// Paths that could not be looked at, with the reason.
    pub lost: Vec<(PathBuf, String)>,
    /// Files that were looked at.
    pub files: u64,
}

/// Directories that hold nobody's own code.
const SKIPPED: [&str; 7] = [".git", ".hg", ".svn", ".terraform", "node_modules", ".venv", "__pycache__"];
/// Levels of directories that are walked.
const DEPTH_MAX: usize = 64;
/// Bytes at the beginning of a file that say whether it is text, and whether it is a script.
const HEAD_BYTES: usize = 512;

/// Everything below the paths. A file that is named is read whatever its name is, as a document if nothing else fits.
pub(super) fn discover(paths: &[PathBuf]) -> Found {
    let (mut units, mut found) = (BTreeSet::new(), Found::default());
    for path in paths {
        if path.is_dir() {
            walk(path, &mut units, &mut found);
        } else {
            found.files += 1;
            match File::open(path) {
                Ok(_) => {
                    units.insert(unit_of(path).unwrap_or_else(|| Unit::Document(path.clone())));
                }
                Err(error) => found.lost.push((path.clone(), error.to_string())),
            }
        }
    }
    found.units = units.into_iter().collect();
    found.units.sort_by(|one, other| one.path().cmp(other.path()));
    found
}

fn walk(root: &Path, units: &mut BTreeSet<Unit>, found: &mut Found) {
    let walk = WalkDir::new(root).follow_links(true).max_depth(DEPTH_MAX).into_iter();
    for entry in walk.filter_entry(|entry| entry.depth() == 0 || !is_skipped(entry)) {
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                found.files += 1;
                units.extend(unit_of(entry.path()));
            }
            Ok(_) => {}
            Err(error) => {
                let path = error.path().unwrap_or(root).to_path_buf();
                let reason = match error.loop_ancestor() {
                    Some(above) => format!("a link that leads back to `{}`", above.display()),
                    None => error.io_error().map_or_else(|| error.to_string(), ToString::to_string),
                };
                found.lost.push((path, reason));
            }
        }
    }
}

fn is_skipped(entry: &DirEntry) -> bool {
    entry.file_type().is_dir() && entry.file_name().to_str().is_some_and(|name| SKIPPED.contains(&name))
}

/// By its name, and for names that say nothing by its first line.
fn unit_of(path: &Path) -> Option<Unit> {
    let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
    let directory = || path.parent().map_or_else(PathBuf::new, Path::to_path_buf);
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    if ends(&[".tftest.hcl", ".tftest.json", ".tfvars", ".tfvars.json", ".terraform.lock.hcl"]) {
        None
    } else if ends(&[".tf", ".tf.json"]) {
        Some(Unit::Terraform(directory()))
    } else if ends(&[".pkr.hcl"]) {
        Some(Unit::Packer(directory()))
    } else if ends(&[".json", ".yaml", ".yml", ".template", ".tfstate"]) {
        Some(Unit::Document(path.to_path_buf()))
    } else if is_script(&name) || (!name.contains('.') && has_interpreter(path)) {
        Some(Unit::Script(path.to_path_buf()))
    } else {
        None
    }
}

/// By its name, in lower case.
fn is_script(name: &str) -> bool {
    const ENDS: [&str; 12] = [
        ".sh",
        ".bash",
        ".zsh",
        ".ksh",
        ".ps1",
        ".psm1",
        ".cmd",
        ".bat",
        ".tftpl",
        ".tpl",
        ".userdata",
        ".dockerfile",
    ];
    const NAMES: [&str; 6] =
        ["dockerfile", "containerfile", "user-data", "user_data", "userdata", "cloud-init"];
    ENDS.iter().any(|end| name.ends_with(end))
        || NAMES.iter().any(|known| name == *known || name.starts_with(&format!("{known}.")))
}

fn has_interpreter(path: &Path) -> bool {
    let mut head = [0; HEAD_BYTES];
    let read = File::open(path).and_then(|mut file| file.read(&mut head)).unwrap_or(0);
    head[..read].starts_with(b"#!") && !head[..read].contains(&0)
}

#[cfg(test)]
mod tests {
    use super::{Unit, discover};
    use std::fs;
    use std::path::{Path, PathBuf};

    fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().expect("a directory can be made");
        for (path, text) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().expect("it has one")).expect("it can be made");
            fs::write(path, text).expect("it can be written");
        }
        root
    }

    fn names(root: &Path, units: &[Unit]) -> Vec<String> {
        let name = |unit: &Unit| {
            let kind = format!("{unit:?}");
            let path = unit.path().strip_prefix(root).expect("it is below").display().to_string();
            format!("{} {path}", kind.split('(').next().unwrap_or_default())
        };
        units.iter().map(name).collect()
    }

    #[test]
    fn files_are_told_apart_by_name_and_first_line() {
        let root = tree(&[
            ("net/main.tf", ""),
            ("net/variables.tf", ""),
            ("net/terraform.tfvars", ""),
            ("net/.terraform/modules/a/main.tf", ""),
            ("image/web.pkr.hcl", ""),
            ("stack.yaml", ""),
            ("cdk.out/App.template.json", ""),
            ("bin/install", "#!/bin/sh\n"),
            ("bin/README", "text"),
            ("Dockerfile.web", ""),
            (".git/config.json", ""),
            ("a.png", ""),
        ]);
        let found = discover(&[root.path().to_path_buf()]);
        assert_eq!(
            names(root.path(), &found.units),
            [
                "Script Dockerfile.web",
                "Script bin/install",
                "Document cdk.out/App.template.json",
                "Packer image",
                "Terraform net",
                "Document stack.yaml",
            ]
        );
        assert_eq!(found.lost, []);
    }

    #[test]
    fn a_link_back_is_told_and_left() {
        let root = tree(&[("a/main.tf", "")]);
        std::os::unix::fs::symlink(root.path(), root.path().join("a/back")).expect("a link can be made");
        let found = discover(&[root.path().to_path_buf()]);
        assert_eq!(names(root.path(), &found.units), ["Terraform a"]);
        assert!(
            matches!(&found.lost[..], [(_, reason)] if reason.starts_with("a link that leads back")),
            "{found:?}"
        );
    }

    #[test]
    fn what_is_named_is_read_and_what_is_missing_is_told() {
        let root = tree(&[("template", "Resources: {}")]);
        let (there, missing) = (root.path().join("template"), root.path().join("missing"));
        let found = discover(&[there.clone(), missing.clone()]);
        assert_eq!(found.units, [Unit::Document(there)]);
        assert_eq!(found.lost.iter().map(|(path, _)| path).collect::<Vec<&PathBuf>>(), [&missing]);
    }
}
