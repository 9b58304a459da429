//! Runs that fail: exit status 2, nothing on stdout, and on stderr what was wrong, where, and what to do.

use crate::check;

fn fails(arguments: &[&str], error: &str, hint: &str) {
    let ended = check(arguments, b"");
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{arguments:?}: {ended:?}");
    for (prefix, words) in [("error: ", error), ("hint: ", hint)] {
        let line = ended.stderr.lines().find(|line| line.starts_with(prefix)).unwrap_or_default();
        assert!(line.contains(words), "{arguments:?}: no {words:?} in {}", ended.stderr);
    }
}

#[test]
fn arguments_that_are_wrong() {
    fails(&[], "required", "--help");
    fails(&["--format", "xml", "http://a.example/"], "xml", "text, json");
    fails(&["--nonsense", "http://a.example/"], "--nonsense", "--help");
}

#[test]
fn policies_that_are_wrong() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("policy.toml");
    std::fs::write(&path, "[policy]\nid = \"a\"\n[[deny]]\ncidrs = [\"10.0.0.1/8\"]\n").expect("written");
    let path = path.to_str().expect("text");
    fails(
        &["--policy", path, "http://a.example/"],
        &format!("{path}:4: `10.0.0.1/8` has bits set"),
        "write `10.0.0.0/8`",
    );
    fails(
        &["--policy", "/nonexistent/p.toml", "http://a.example/"],
        "cannot read policy",
        "docs/url-policy.md",
    );
}
