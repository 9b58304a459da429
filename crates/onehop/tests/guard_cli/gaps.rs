//! What the command does not do, each as a test of what it should do that must fail with the words beside it. A gap
//! that is closed makes its test an error; then the attribute goes.

use crate::process::{FREE, Folder, Guard, run};

/// How a start with a configuration of this text and with these flags ended: exit status and stderr.
fn start(text: &str, flags: &[&str]) -> (Option<i32>, String) {
    let folder = Folder::new();
    let file = folder.write("onehop.toml", text);
    // A journal in a folder that does not exist ends every start that gets that far.
    let end = ["--config", file.as_str(), "--journal", "/nonexistent/guard.jsonl"];
    let output = run(&[&FREE, flags, &end].concat(), &[]);
    (output.status.code(), String::from_utf8(output.stderr).expect("text"))
}

/// An empty list of callers is taken for none given, so that everybody is admitted where nobody was meant.
#[test]
#[should_panic(expected = "a token was issued")]
fn an_empty_list_of_callers_admits_nobody() {
    let folder = Folder::new();
    let file = folder.write("onehop.toml", "[guard]\ncallers = []\n");
    let guard = Guard::start(&["--config", &file]);
    assert_eq!(guard.ask("PUT", "/latest/api/token", crate::process::TTL).0, 400, "a token was issued");
}

/// Numbers above the greatest of TOML are refused as a defect.
#[test]
#[should_panic(expected = "called a defect")]
fn a_number_that_is_too_large_is_explained() {
    let (code, stderr) = start("", &["--cache-ms", &u64::MAX.to_string()]);
    assert_eq!(code, Some(2));
    assert!(!stderr.contains("defect of onehop"), "called a defect: {stderr}");
}
