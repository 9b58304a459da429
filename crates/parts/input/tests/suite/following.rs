//! Files that grow and are rotated, look by look: no clock is involved.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
};

use onehop_input::{
    Chunk, FollowFrom, Followed, Follower, InputError, Options, Place, Sink, Source, SourceName, Stop,
    Totals, follow,
};

use crate::{recorder::Recorder, samples::gzip};

struct Scene {
    root: tempfile::TempDir,
    options: Options,
}

impl Scene {
    fn new() -> Self {
        Self { root: tempfile::tempdir().unwrap(), options: Options::default() }
    }

    fn path(&self) -> PathBuf {
        self.root.path().join("app.log")
    }

    fn source(&self) -> Source {
        Source { index: 0, place: Place::File(self.path()), size: None }
    }

    fn follower(&self) -> Follower<'_> {
        Follower::new(&self.source(), &self.options).unwrap()
    }
}

fn append(path: &Path, text: &str) {
    OpenOptions::new().append(true).create(true).open(path).unwrap().write_all(text.as_bytes()).unwrap();
}

fn texts(recorder: &Recorder) -> Vec<String> {
    recorder.texts.iter().map(|text| String::from_utf8(text.bytes.clone()).unwrap()).collect()
}

#[test]
fn lines_come_when_they_are_complete() {
    let scene = Scene::new();
    let (mut follower, mut sink) = (scene.follower(), Recorder::default());
    assert_eq!(follower.look(&mut sink).unwrap(), 0, "the file is waited for");
    append(&scene.path(), "one\ntw");
    assert_eq!(follower.look(&mut sink).unwrap(), 6);
    assert_eq!(texts(&sink), ["one\n"]);
    assert_eq!(follower.look(&mut sink).unwrap(), 0);
    append(&scene.path(), "o\n");
    follower.look(&mut sink).unwrap();
    assert_eq!(texts(&sink), ["one\ntwo\n"]);
    append(&scene.path(), "thr");
    follower.look(&mut sink).unwrap();
    follower.finish(&mut sink);
    assert_eq!(texts(&sink), ["one\ntwo\nthr"], "what is there when it ends");
    assert!(sink.texts[0].totals.is_some());
}

#[test]
fn a_renamed_file_is_read_to_its_end() {
    let scene = Scene::new();
    let (mut follower, mut sink) = (scene.follower(), Recorder::default());
    append(&scene.path(), "old 1\n");
    follower.look(&mut sink).unwrap();
    let rotated = scene.root.path().join("app.log.1");
    fs::rename(scene.path(), &rotated).unwrap();
    append(&rotated, "old 2\n");
    follower.look(&mut sink).unwrap();
    assert_eq!(texts(&sink), ["old 1\nold 2\n"], "the name is gone: the open file goes on");
    append(&scene.path(), "new 1\n");
    append(&rotated, "old 3\n");
    follower.look(&mut sink).unwrap();
    append(&rotated, "old 4");
    follower.look(&mut sink).unwrap();
    assert_eq!(texts(&sink), ["old 1\nold 2\nold 3\n"], "its writer has not let go yet");
    follower.look(&mut sink).unwrap();
    assert_eq!(texts(&sink), ["old 1\nold 2\nold 3\nold 4", "new 1\n"]);
    append(&scene.path(), "new 2\n");
    follower.look(&mut sink).unwrap();
    assert_eq!(texts(&sink)[1], "new 1\nnew 2\n");
}

#[test]
fn a_truncated_file_is_read_from_its_front() {
    struct Case {
        name: &'static str,
        after: &'static str,
    }
    for case in [
        Case { name: "shorter", after: "n\n" },
        Case { name: "as long as before", after: "new 1\nnew 2\n" },
        Case { name: "longer than before", after: "new 1\nnew 2\nnew 3\n" },
    ] {
        let scene = Scene::new();
        let (mut follower, mut sink) = (scene.follower(), Recorder::default());
        append(&scene.path(), "old 1\nold 2\n");
        follower.look(&mut sink).unwrap();
        OpenOptions::new().write(true).open(scene.path()).unwrap().set_len(0).unwrap();
        append(&scene.path(), case.after);
        follower.look(&mut sink).unwrap();
        assert_eq!(texts(&sink), ["old 1\nold 2\n", case.after], "{}", case.name);
    }
}

#[test]
fn following_may_begin_at_the_end() {
    let mut scene = Scene::new();
    scene.options.follow_from = FollowFrom::End;
    let (mut follower, mut sink) = (scene.follower(), Recorder::default());
    append(&scene.path(), "before\n");
    follower.look(&mut sink).unwrap();
    append(&scene.path(), "after\n");
    follower.look(&mut sink).unwrap();
    assert_eq!(texts(&sink), ["after\n"]);
    fs::rename(scene.path(), scene.root.path().join("app.log.1")).unwrap();
    append(&scene.path(), "rotated\n");
    follower.look(&mut sink).unwrap();
    follower.look(&mut sink).unwrap();
    assert_eq!(texts(&sink), ["after\n", "rotated\n"], "a file that takes the name is read from its front");
}

#[test]
fn what_cannot_be_followed_is_said() {
    let scene = Scene::new();
    fs::write(scene.path(), gzip(b"a\n")).unwrap();
    let error = scene.follower().look(&mut Recorder::default());
    assert!(matches!(error, Err(InputError::Unfollowed { .. })), "{error:?}");
    let stdin = Source { index: 0, place: Place::Stdin, size: None };
    assert!(matches!(Follower::new(&stdin, &scene.options), Err(InputError::Unfollowed { .. })));
}

/// Writes the next line when it hears one, and stops after the last.
struct Script<'s>(&'s Path, &'s Stop, Vec<&'static str>, &'s mut Vec<u8>);

impl Sink for Script<'_> {
    fn begin(&mut self, _: &SourceName) {}
    fn text(&mut self, chunk: Chunk<'_>) {
        self.3.extend_from_slice(chunk.bytes);
        match self.2.pop() {
            Some(line) => append(self.0, line),
            None => self.1.stop(),
        }
    }
    fn end(&mut self, _: &Totals) {}
}

#[test]
fn following_goes_on_until_it_is_stopped() {
    let mut scene = Scene::new();
    scene.options.follow_interval = std::time::Duration::from_millis(1);
    let missing = Source { index: 1, place: Place::Stdin, size: None };
    append(&scene.path(), "1\n");
    let (stop, path, mut heard, mut problems) = (Stop::new(), scene.path(), Vec::new(), Vec::new());
    let mut looks = 0;
    {
        let mut script = Some(Script(&path, &stop, vec!["3\n", "2\n"], &mut heard));
        let sources = [scene.source(), missing];
        let make = |_: &Source| script.take().expect("one file can be followed");
        follow(&sources, &scene.options, &stop, make, |told| match told {
            Followed::Problem(problem) => problems.push(problem),
            Followed::Looked => looks += 1,
        });
    }
    assert_eq!(heard, b"1\n2\n3\n");
    assert!(looks > 0);
    assert!(matches!(problems[..], [InputError::Unfollowed { .. }]), "{problems:?}");
}
