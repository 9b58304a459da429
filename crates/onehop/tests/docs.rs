//! Documents that are made from the code: compared here, written with `ONEHOP_WRITE_DOCS=1`.

#![allow(missing_docs, reason = "a test")]

use onehop_verdict::Code;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;

fn compare(name: &str, want: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    if std::env::var_os("ONEHOP_WRITE_DOCS").is_some() {
        std::fs::write(&path, want).expect("docs can be written");
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        there, want,
        "docs/{name} is not what the code says; run `ONEHOP_WRITE_DOCS=1 cargo test --test docs`"
    );
}

#[test]
fn codes() {
    let mut text = String::from(
        "# Reason codes\n\nMade from `crates/core/verdict/src/code.rs`. One code per denial, the same in the journal, the metrics, the command\nline and here. Codes are stable.\n\n| code | meaning |\n|---|---|\n",
    );
    for code in Code::ALL {
        writeln!(text, "| `{code}` | {} |", code.meaning().replace('\n', " ")).expect("text");
    }
    compare("codes.md", &text);
}

#[test]
fn commands() {
    let mut text = String::from(
        "# Commands\n\nMade from the command itself. A flag with an environment variable beside it is also a key of the command's table in the\nconfiguration file: `[serve]`, `[guard]`, `[check]`, `[scan]`, `[audit]`. A flag beats a variable, and a variable beats the file.\n",
    );
    for command in [
        &["serve"][..],
        &["guard"],
        &["check"],
        &["scan"],
        &["scan", "rules"],
        &["scan", "generate"],
        &["scan", "evaluate"],
        &["audit"],
        &["audit", "iac"],
        &["audit", "aws"],
        &["audit", "snapshot"],
        &["audit", "diff"],
        &["audit", "fake-aws"],
        &["audit", "rules"],
        &["journal"],
        &["journal", "verify"],
    ] {
        let out = Command::new(env!("CARGO_BIN_EXE_onehop"))
            .args(command)
            .arg("--help")
            .env_clear()
            .env("COLUMNS", "110")
            .output()
            .expect("the command runs");
        assert!(out.status.success());
        let help = String::from_utf8(out.stdout).expect("text");
        let help: Vec<&str> = help.lines().map(str::trim_end).collect();
        write!(text, "\n## onehop {}\n\n```text\n{}\n```\n", command.join(" "), help.join("\n").trim_end())
            .expect("text");
    }
    compare("commands.md", &text);
}
