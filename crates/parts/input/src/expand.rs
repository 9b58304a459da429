//! Arguments to sources: files, directories, patterns, standard input, objects.
//!
//! | argument | becomes |
//! |---|---|
//! | `-` | standard input |
//! | `s3://BUCKET/KEY`, `s3://BUCKET/PREFIX/` | one object; all objects below the prefix |
//! | a directory | all files below it, in the order of their names; symbolic links are followed |
//! | any other path that exists | itself, also a pipe or a device |
//! | a path with `*`, `?` or `[` | what it matches, each as above |
//!
//! A file that is met again while directories are walked, as another link to it, is read once. What cannot be read is
//! a problem and never left out silently.

use std::{
    collections::HashSet,
    fs::{self, Metadata},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use walkdir::{DirEntry, WalkDir};

use crate::{
    error::InputError,
    options::Options,
    source::{Place, Source},
};

/// What arguments stand for.
#[derive(Debug, Default)]
pub struct Expanded {
    /// What to read, in order, numbered from 0.
    pub sources: Vec<Source>,
    /// What cannot be read, and why.
    pub problems: Vec<InputError>,
    /// Files that were met again in a directory, and are read once.
    pub repeated: u64,
    seen: HashSet<(u64, u64)>,
}

/// Finds what to read. Nothing is opened yet, but object stores are asked for lists.
pub fn expand(arguments: &[PathBuf], options: &Options) -> Expanded {
    let mut expanded = Expanded::default();
    for argument in arguments {
        match argument.to_str() {
            Some("-") => expanded.push(Place::Stdin, None),
            Some(place) if place.starts_with("s3://") => expanded.objects(place, options),
            _ => expanded.argument(argument),
        }
    }
    expanded
}

impl Expanded {
    fn push(&mut self, place: Place, size: Option<u64>) {
        self.sources.push(Source { index: self.sources.len(), place, size });
    }

    fn argument(&mut self, path: &Path) {
        match fs::metadata(path) {
            Ok(metadata) => self.path(path, &metadata),
            Err(error) => match path.to_str().filter(|text| text.contains(['*', '?', '['])) {
                Some(pattern) if error.kind() == std::io::ErrorKind::NotFound => self.pattern(pattern),
                _ => self.problems.push(InputError::Open { path: path.to_owned(), source: error }),
            },
        }
    }

    fn pattern(&mut self, pattern: &str) {
        let paths = match glob::glob(pattern) {
            Ok(paths) => paths,
            Err(source) => {
                return self.problems.push(InputError::Pattern { pattern: pattern.to_owned(), source });
            }
        };
        let mut any = false;
        for found in paths {
            any = true;
            match found {
                Ok(path) => match fs::metadata(&path) {
                    Ok(metadata) => self.path(&path, &metadata),
                    Err(source) => self.problems.push(InputError::Open { path, source }),
                },
                Err(error) => {
                    let path = error.path().to_owned();
                    self.problems.push(InputError::Open { path, source: error.into() });
                }
            }
        }
        if !any {
            self.problems.push(InputError::Nothing { place: pattern.to_owned() });
        }
    }

    fn path(&mut self, path: &Path, metadata: &Metadata) {
        if metadata.is_dir() {
            self.directory(path);
        } else {
            self.seen.insert((metadata.dev(), metadata.ino()));
            let size = metadata.is_file().then_some(metadata.len());
            self.push(Place::File(path.to_owned()), size);
        }
    }

    fn directory(&mut self, path: &Path) {
        let (sources, problems, repeated) = (self.sources.len(), self.problems.len(), self.repeated);
        for entry in WalkDir::new(path).follow_links(true).sort_by_file_name() {
            match entry {
                Ok(entry) => self.entry(&entry),
                Err(error) => self.problems.push(problem(path, error)),
            }
        }
        if (sources, problems, repeated) == (self.sources.len(), self.problems.len(), self.repeated) {
            self.problems.push(InputError::Nothing { place: path.display().to_string() });
        }
    }

    fn entry(&mut self, entry: &DirEntry) {
        if entry.file_type().is_dir() {
            return;
        }
        match entry.metadata() {
            Ok(metadata) if !metadata.is_file() => {
                self.problems.push(InputError::Special { path: entry.path().to_owned() });
            }
            Ok(metadata) if !self.seen.insert((metadata.dev(), metadata.ino())) => self.repeated += 1,
            Ok(metadata) => self.push(Place::File(entry.path().to_owned()), Some(metadata.len())),
            Err(error) => self.problems.push(problem(entry.path(), error)),
        }
    }

    #[cfg(feature = "object-store")]
    fn objects(&mut self, place: &str, options: &Options) {
        match crate::object::list(place, options) {
            Ok(objects) if objects.is_empty() => {
                self.problems.push(InputError::Nothing { place: place.to_owned() });
            }
            Ok(objects) => {
                for (object, size) in objects {
                    self.push(object, size);
                }
            }
            Err(error) => self.problems.push(error),
        }
    }

    #[cfg(not(feature = "object-store"))]
    fn objects(&mut self, place: &str, _: &Options) {
        let detail = "this build has no object storage (feature `object-store`)".to_owned();
        self.problems.push(InputError::Object { place: place.to_owned(), detail });
    }
}

fn problem(root: &Path, error: walkdir::Error) -> InputError {
    let path = error.path().unwrap_or(root).to_owned();
    match error.loop_ancestor().map(Path::to_owned) {
        Some(ancestor) => InputError::Loop { path, ancestor },
        None => InputError::Open { path, source: error.into() },
    }
}
