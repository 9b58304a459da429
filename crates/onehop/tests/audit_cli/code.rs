//! `onehop audit iac` and `onehop audit rules`.

use crate::{folder, found, lines, run, text};
use std::fs;

const WEB: &str = "resource \"aws_instance\" \"web\" {\n  metadata_options {\n    http_tokens = \"optional\" # the agent\n  }\n}\n";
const BARE: &str = "resource \"aws_instance\" \"bare\" {\n  ami = \"ami-0123456789abcdef0\"\n}\n";
const GOOD: &str =
    "resource \"aws_instance\" \"good\" {\n  metadata_options {\n    http_tokens = \"required\"\n  }\n}\n";

fn of(rule: &str, place: &str) -> (String, String) {
    (rule.to_owned(), place.to_owned())
}

#[test]
fn findings_have_their_places_and_the_exit_status_says_so() {
    let there = folder(&[("web/main.tf", WEB), ("bare/main.tf", BARE), ("good/main.tf", GOOD)]);
    let output = run(there.path(), &["iac", "--format", "json", "."]);
    assert_eq!(
        found(&output),
        [of("TOKENS-UNSET", "bare/main.tf:1"), of("TOKENS-OPTIONAL", "web/main.tf:3")]
    );
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert_eq!(run(there.path(), &["iac", "good"]).status.code(), Some(0));
}

#[test]
fn account_defaults_make_the_answer_definite() {
    let there = folder(&[
        ("bare/main.tf", BARE),
        ("required.json", r#"{"AccountLevel": {"HttpTokens": "required"}}"#),
        ("optional.json", r#"{"*": {"HttpTokens": "optional"}}"#),
        ("wrong.json", r#"{"*": {"HttpToken": "optional"}}"#),
    ]);
    let with =
        |file: &str| run(there.path(), &["iac", "--format", "json", "--account-defaults", file, "bare"]);
    assert_eq!(found(&with("required.json")), []);
    assert_eq!(found(&with("optional.json")), [of("TOKENS-INHERITED", "bare/main.tf:1")]);
    let wrong = with("wrong.json");
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("HttpToken"), "{}", text(&wrong.stderr));
}

#[test]
fn a_difference_changes_the_value_and_nothing_else() {
    let there = folder(&[("main.tf", WEB), ("bare.tf", BARE)]);
    let output = run(there.path(), &["iac", "--diff", "."]);
    let patch = text(&output.stdout);
    assert!(
        patch.contains(
            "-    http_tokens = \"optional\" # the agent\n+    http_tokens = \"required\" # the agent\n"
        ),
        "{patch}"
    );
    assert!(patch.contains("+  metadata_options {\n+    http_tokens = \"required\"\n+  }\n"), "{patch}");
    assert_eq!(
        fs::read_to_string(there.path().join("main.tf")).expect("it is there"),
        WEB,
        "nothing was written"
    );
}

#[test]
fn a_fix_leaves_nothing_to_find() {
    let there = folder(&[("main.tf", WEB), ("bare.tf", BARE)]);
    assert_eq!(run(there.path(), &["iac", "--fix", "."]).status.code(), Some(0));
    let fixed = fs::read_to_string(there.path().join("main.tf")).expect("it is there");
    assert_eq!(fixed, WEB.replace("optional", "required"));
    let again = run(there.path(), &["iac", "--format", "json", "."]);
    assert_eq!(found(&again), []);
}

#[test]
fn a_baseline_and_exceptions_hold() {
    const MARK: &str = "    # onehop:except TOKENS-OPTIONAL owner=me@example.com until=2999-12-31 the agent is old\n    http_tokens";
    let there = folder(&[("a/main.tf", WEB), ("b/main.tf", &WEB.replace("    http_tokens", MARK))]);
    let excepted = run(there.path(), &["iac", "b"]);
    assert_eq!(excepted.status.code(), Some(0), "{}", text(&excepted.stdout));
    assert_eq!(run(there.path(), &["iac", "--write-baseline", "known.jsonl", "a"]).status.code(), Some(0));
    let known = run(there.path(), &["iac", "--baseline", "known.jsonl", "a"]);
    assert_eq!(known.status.code(), Some(0), "{}", text(&known.stdout));
    assert!(text(&known.stdout).contains("1 in the baseline"), "{}", text(&known.stdout));
}

#[test]
fn everything_is_told_when_asked_for() {
    let there = folder(&[("main.tf", GOOD)]);
    let output = run(there.path(), &["iac", "--all", "--format", "json", "."]);
    let all = lines(&output);
    let verdicts: Vec<_> = all.iter().filter(|line| line["type"] == "verdict").collect();
    assert_eq!(verdicts.len(), 1);
    assert_eq!(
        (&verdicts[0]["resource"], &verdicts[0]["verdict"]),
        (&"aws_instance.good".into(), &"required".into())
    );
}

#[test]
fn broken_code_is_told_and_the_rest_is_done() {
    let there = folder(&[("broken/main.tf", "resource \"aws_instance\" {\n  x = [\n"), ("web/main.tf", WEB)]);
    let output = run(there.path(), &["iac", "--format", "json", "."]);
    let rules: Vec<String> = found(&output).into_iter().map(|(rule, _)| rule).collect();
    assert!(
        rules.contains(&"CODE-UNREAD".to_owned()) && rules.contains(&"TOKENS-OPTIONAL".to_owned()),
        "{rules:?}"
    );
    let missing = run(there.path(), &["iac", "web", "missing"]);
    assert_eq!(missing.status.code(), Some(2));
    assert_eq!(run(there.path(), &["iac", "--keep-going", "web", "missing"]).status.code(), Some(1));
}

#[test]
fn every_format_is_written() {
    let there = folder(&[("main.tf", WEB)]);
    for format in ["text", "json", "sarif", "ocsf", "ecs", "html", "csv", "junit", "markdown", "prometheus"] {
        let output = run(there.path(), &["iac", "--format", format, "."]);
        assert_eq!(output.status.code(), Some(1), "{format}: {}", text(&output.stderr));
        let report = text(&output.stdout);
        assert!(report.contains("TOKENS-OPTIONAL"), "{format}");
        assert!(format != "prometheus" || report.contains("onehop_audit_findings_total{"), "{report}");
    }
}

#[test]
fn rules_are_listed_and_explained() {
    let there = folder(&[]);
    let list = text(&run(there.path(), &["rules"]).stdout);
    assert!(list.contains("TOKENS-UNSET"), "{list}");
    let page = text(&run(there.path(), &["rules", "tokens-unset"]).stdout);
    assert!(page.contains("--account-defaults"), "{page}");
    assert_eq!(run(there.path(), &["rules", "NONE"]).status.code(), Some(2));
}
