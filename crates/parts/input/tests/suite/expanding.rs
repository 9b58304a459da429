//! Arguments to sources, and many sources at a time.

use std::{
    fs,
    num::NonZero,
    os::unix::{fs::symlink, net::UnixListener},
    path::{Path, PathBuf},
    sync::Mutex,
};

use onehop_input::{InputError, Options, Place, expand, read_all};

use crate::recorder::Recorder;

fn names(root: &Path, arguments: &[&str]) -> (Vec<String>, Vec<InputError>) {
    let arguments: Vec<PathBuf> = arguments
        .iter()
        .map(|argument| if *argument == "-" { "-".into() } else { root.join(argument) })
        .collect();
    let expanded = expand(&arguments, &Options::default());
    let prefix = format!("{}/", root.display());
    let names = expanded.sources.iter().map(|source| source.name().as_str().replace(&prefix, "")).collect();
    for (index, source) in expanded.sources.iter().enumerate() {
        assert_eq!(source.index, index);
    }
    (names, expanded.problems)
}

fn tree() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir_all(root.path().join("d/sub")).unwrap();
    fs::create_dir(root.path().join("empty")).unwrap();
    for file in ["d/b.log", "d/a.log", "d/sub/c.log", "e.log", "[x].log"] {
        fs::write(root.path().join(file), file).unwrap();
    }
    root
}

#[test]
fn arguments_stand_for_files_in_order() {
    struct Case {
        arguments: &'static [&'static str],
        want: &'static [&'static str],
        why: &'static str,
    }
    let root = tree();
    for Case { arguments, want, why } in [
        Case { arguments: &["e.log", "-"], want: &["e.log", "-"], why: "as given" },
        Case { arguments: &["d"], want: &["d/a.log", "d/b.log", "d/sub/c.log"], why: "by name, recursive" },
        Case { arguments: &["d/*.log"], want: &["d/a.log", "d/b.log"], why: "a pattern" },
        Case { arguments: &["*/su?"], want: &["d/sub/c.log"], why: "a pattern that matches a directory" },
        Case { arguments: &["[x].log"], want: &["[x].log"], why: "a file with such a name goes first" },
        Case { arguments: &["[xe].log"], want: &["e.log"], why: "a class" },
        Case {
            arguments: &["e.log", "e.log"],
            want: &["e.log", "e.log"],
            why: "who asks twice gets it twice",
        },
        Case { arguments: &["d/a.log", "d"], want: &["d/a.log", "d/b.log", "d/sub/c.log"], why: "once" },
    ] {
        let (got, problems) = names(root.path(), arguments);
        assert_eq!(got, want, "{arguments:?}: {why}");
        assert!(problems.is_empty(), "{problems:?}");
    }
}

#[test]
fn links_are_followed_once_and_loops_are_said() {
    let root = tree();
    symlink("b.log", root.path().join("d/current.log")).unwrap();
    symlink("..", root.path().join("d/sub/up")).unwrap();
    symlink("nowhere", root.path().join("d/broken")).unwrap();
    let (got, problems) = names(root.path(), &["d"]);
    assert_eq!(got, ["d/a.log", "d/b.log", "d/sub/c.log"]);
    let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(matches!(problems[..], [InputError::Open { .. }, InputError::Loop { .. }]), "{said:?}");
    assert!(said[1].contains("d/sub/up` leads back to"), "{said:?}");
}

#[test]
fn what_is_no_file_is_said() {
    let root = tree();
    let _socket = UnixListener::bind(root.path().join("d/socket")).unwrap();
    let (got, problems) = names(root.path(), &["d", "missing", "no*match", "a[", "empty"]);
    assert_eq!(got.len(), 3);
    assert!(
        matches!(
            problems[..],
            [
                InputError::Special { .. },
                InputError::Open { .. },
                InputError::Nothing { .. },
                InputError::Pattern { .. },
                InputError::Nothing { .. },
            ]
        ),
        "{problems:?}"
    );
}

#[cfg(not(feature = "object-store"))]
#[test]
fn a_build_without_object_storage_says_so() {
    let expanded = expand(&["s3://bucket/key".into()], &Options::default());
    assert!(
        matches!(&expanded.problems[..], [InputError::Object { place, .. }] if place == "s3://bucket/key")
    );
}

#[test]
fn many_sources_are_all_read_by_several_threads() {
    let root = tempfile::tempdir().unwrap();
    for number in 0..200 {
        fs::write(root.path().join(format!("{number:03}")), format!("{number}\n")).unwrap();
    }
    for threads in [1, 4] {
        let mut options = Options::default();
        options.threads = NonZero::new(threads).unwrap();
        let mut sources = expand(&[root.path().to_owned()], &options).sources;
        sources[7].place = Place::File("/nowhere".into());
        let results = Mutex::new(vec![None; sources.len()]);
        read_all(
            &sources,
            &options,
            |_| Recorder::default(),
            |source, recorder, result| {
                let text = result.ok().map(|totals| (totals.bytes_out, recorder.texts[0].bytes.clone()));
                assert!(results.lock().unwrap()[source.index].replace(text).is_none(), "once");
            },
        );
        for (number, result) in results.into_inner().unwrap().into_iter().enumerate() {
            let want = format!("{number}\n").into_bytes();
            let want = (number != 7).then_some((want.len() as u64, want));
            assert_eq!(result, Some(want));
        }
    }
}
