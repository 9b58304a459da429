//! Files that grow and are rotated, look by look; then directories, as time goes by.

use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    sync::Mutex,
    time::{Duration, Instant},
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
    append(&scene.path(), "1\n");
    let (stop, path, mut heard, mut problems) = (Stop::new(), scene.path(), Vec::new(), Vec::new());
    let mut looks = 0;
    {
        let mut script = Some(Script(&path, &stop, vec!["3\n", "2\n"], &mut heard));
        let arguments = [scene.path(), PathBuf::from("-")];
        let make = |_: &Source| script.take().expect("one file can be followed");
        follow(&arguments, &scene.options, &stop, make, |told| match told {
            Followed::Problem(problem) => problems.push(problem),
            Followed::Waits(path) => panic!("{}", path.display()),
            Followed::Looked => looks += 1,
        });
    }
    assert_eq!(heard, b"1\n2\n3\n");
    assert!(looks > 0);
    assert!(matches!(problems[..], [InputError::Unfollowed { .. }]), "{problems:?}");
}

/// Hears whole texts by name, and does the next of some steps when a look has brought nothing new.
struct Stage<'s> {
    root: &'s Path,
    steps: Vec<&'s dyn Fn(&Path)>,
    stop: &'s Stop,
    heard: &'s Mutex<BTreeMap<String, String>>,
    waits: Vec<PathBuf>,
    problems: Vec<String>,
}

struct Listener<'s>(String, &'s Mutex<BTreeMap<String, String>>);

impl Sink for Listener<'_> {
    fn begin(&mut self, name: &SourceName) {
        let path = Path::new(name.as_str()).file_name().unwrap();
        path.to_str().unwrap().clone_into(&mut self.0);
    }
    fn text(&mut self, chunk: Chunk<'_>) {
        let text = String::from_utf8(chunk.bytes.to_vec()).unwrap();
        self.1.lock().unwrap().entry(self.0.clone()).or_default().push_str(&text);
    }
    fn end(&mut self, _: &Totals) {}
}

impl Stage<'_> {
    /// Follows a directory; every step is done once the one before it has been seen.
    fn play(&mut self) {
        let mut options = Options::default();
        options.follow_interval = Duration::from_millis(20);
        let began = Instant::now();
        options.arrival_interval = Duration::from_millis(50);
        // Many looks for what came later: what is packed must have the same size twice.
        let quiet = Duration::from_millis(1500);
        let (mut size, mut since) = (0, Instant::now());
        let (root, stop, heard) = (self.root, self.stop, self.heard);
        follow(
            &[root.to_owned()],
            &options,
            stop,
            |_| Listener(String::new(), heard),
            |told| match told {
                Followed::Problem(problem) => self.problems.push(problem.to_string()),
                Followed::Waits(path) => self.waits.push(path.to_owned()),
                Followed::Looked => {
                    let now = heard.lock().unwrap().values().map(String::len).sum();
                    if now != size {
                        (size, since) = (now, Instant::now());
                    } else if since.elapsed() > quiet {
                        match self.steps.pop() {
                            Some(next) => next(root),
                            None => stop.stop(),
                        }
                        since = Instant::now();
                    }
                    assert!(began.elapsed() < Duration::from_secs(60), "it did not end");
                }
            },
        );
    }
}

#[test]
fn what_comes_into_a_directory_is_read_once() {
    let (root, stop, heard) = (tempfile::tempdir().unwrap(), Stop::new(), Mutex::default());
    let file = |name: &'static str, text: &'static str| move |root: &Path| append(&root.join(name), text);
    let (first, late) = (file("app.log", "1\n"), file("other.log", "3\n"));
    let rotate = |root: &Path| {
        fs::rename(root.join("app.log"), root.join("app.log.1")).unwrap();
        append(&root.join("app.log"), "2\n");
    };
    // Copies of what was read, as `logrotate` makes them, and a file that was delivered.
    let pack = |root: &Path| {
        fs::write(root.join("app.log.2.gz"), gzip(b"1\n")).unwrap();
        fs::write(root.join("app.log-20260304"), "1\n").unwrap();
        fs::write(root.join("trail.json.gz"), gzip(b"4\n")).unwrap();
    };
    let steps: Vec<&dyn Fn(&Path)> = vec![&pack, &late, &rotate, &first];
    let mut stage = Stage {
        root: root.path(),
        steps,
        stop: &stop,
        heard: &heard,
        waits: Vec::new(),
        problems: Vec::new(),
    };
    stage.play();
    assert_eq!(stage.waits, [root.path()], "nothing is there at first");
    assert!(stage.problems.is_empty(), "{:?}", stage.problems);
    let want = [("app.log", "1\n2\n"), ("other.log", "3\n"), ("trail.json.gz", "4\n")];
    let want: BTreeMap<String, String> = want.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    assert_eq!(*heard.lock().unwrap(), want);
}

/// What is there from the start was read by nobody yet: older logs as well.
#[test]
fn what_is_there_from_the_start_is_read_in_any_format() {
    let (root, stop, heard) = (tempfile::tempdir().unwrap(), Stop::new(), Mutex::default());
    fs::write(root.path().join("app.log"), "3\n").unwrap();
    fs::write(root.path().join("app.log.1"), "2\n").unwrap();
    fs::write(root.path().join("app.log.2.gz"), gzip(b"1\n")).unwrap();
    // A chain: `app.log.1` gets what was read as `app.log`, `app.log.2` what was read as `app.log.1`.
    let rotate = |root: &Path| {
        fs::rename(root.join("app.log.1"), root.join("app.log.2")).unwrap();
        fs::rename(root.join("app.log"), root.join("app.log.1")).unwrap();
        append(&root.join("app.log"), "4\n");
    };
    let mut stage = Stage {
        root: root.path(),
        steps: vec![&rotate],
        stop: &stop,
        heard: &heard,
        waits: Vec::new(),
        problems: Vec::new(),
    };
    stage.play();
    assert!(stage.problems.is_empty() && stage.waits.is_empty());
    let want = [("app.log", "3\n4\n"), ("app.log.1", "2\n"), ("app.log.2.gz", "1\n")];
    let want: BTreeMap<String, String> = want.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    assert_eq!(*heard.lock().unwrap(), want);
}
