//! A start that succeeds: the ready line, what flags and variables change, and help.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::process::{Ended, Serve, TOKEN, TTL, exchange, request, run};

const ID: &str = "/latest/meta-data/instance-id";
const ROLES: &str = "/latest/meta-data/iam/security-credentials/";

/// Programs wait for this line: its keys, their order, and that it is the only one.
#[test]
fn the_ready_line_says_where_and_who() {
    let serve = Serve::start(&["--listen", "[::1]:0"]);
    let [v4, v6] = serve.listen[..] else { panic!("two addresses in {}", serve.ready) };
    let control = serve.control.expect("a control port");
    let pid = serve.process.pid();
    let want =
        format!(r#"{{"type":"ready","v":1,"listen":["{v4}","{v6}"],"control":"{control}","pid":{pid}}}"#);
    assert_eq!(serve.ready, want);
    assert!(v4.is_ipv4() && v6.is_ipv6() && v4.port() != 0 && v6.port() != 0 && control.port() != 0);
    for address in [v4, v6] {
        assert_eq!(exchange(address, request("GET", ID, &[]).as_bytes()).0, 401, "{address}");
    }
    let Ended { code, stdout, stderr } = serve.stop();
    assert_eq!((code, stdout.len(), stderr.as_str()), (Some(0), 0, ""));
}

#[test]
fn without_a_control_port_the_ready_line_says_null() {
    let serve = Serve::start_with(&["serve", "--listen", "127.0.0.1:0", "--control", "off"], &[]);
    assert!(serve.ready.contains(r#""control":null"#), "{}", serve.ready);
    assert_eq!(serve.control, None);
}

#[test]
fn the_control_port_shows_health_and_counters() {
    let serve = Serve::start(&[]);
    assert_eq!(serve.page("/healthz"), (200, "ok\n".to_owned()));
    assert_eq!(serve.page("/nothing").0, 404);
    assert_eq!(serve.ask("GET", ID, &[]).0, 401);
    let (status, metrics) = serve.page("/metrics");
    assert_eq!(status, 200);
    for line in ["MetadataNoToken 0", "MetadataNoTokenRejected 1"] {
        assert!(metrics.lines().any(|sample| sample == line), "no `{line}` in\n{metrics}");
    }
}

#[test]
fn flags_and_variables_reach_the_service() {
    let free = ["serve", "--listen", "127.0.0.1:0", "--control", "off"];
    let with = |flags: &[&str], variables: &[(&str, &str)]| {
        let serve = Serve::start_with(&[&free, flags].concat(), variables);
        let (v1, _) = serve.ask("GET", ID, &[]);
        let (token, _) = serve.ask("PUT", "/latest/api/token", &[(TTL, "60")]);
        let (roles, role) = serve.ask("GET", ROLES, &[]);
        (v1, token, roles, role)
    };
    let required = || (401, 200, 401, String::new());
    assert_eq!(with(&[], &[]), required(), "IMDSv2 only, unless told otherwise");
    let optional = |role: &str| (200, 200, 200, role.to_owned());
    assert_eq!(with(&["--tokens", "optional"], &[]), optional("onehop-demo-role"));
    assert_eq!(with(&["--role", "other"], &[("ONEHOP_SERVE_TOKENS", "optional")]), optional("other"));
    assert_eq!(
        with(&["--tokens", "required"], &[("ONEHOP_SERVE_TOKENS", "optional")]),
        required(),
        "a flag wins over its variable"
    );
    let (v1, token, roles, _) = with(&["--tokens", "optional", "--credentials", "none"], &[]);
    assert_eq!((v1, token, roles), (200, 200, 404), "no role attached");
    let (v1, token, roles, _) = with(&["--tokens", "optional", "--endpoint", "disabled"], &[]);
    assert_eq!((v1, token, roles), (403, 403, 403), "switched off");
}

#[test]
fn tokens_survive_a_restart_with_the_same_key_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("key");
    let key = ["--key-file", path.to_str().expect("a path of text")];
    let first = Serve::start(&key);
    let token = first.token();
    let mode = fs::metadata(&path).expect("made at the start").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let read = |serve: &Serve| serve.ask("GET", ID, &[(TOKEN, &token)]).0;
    assert_eq!(read(&first), 200);
    assert_eq!(first.stop().code, Some(0));
    assert_eq!(read(&Serve::start(&key)), 200, "the same key");
    assert_eq!(read(&Serve::start(&[])), 401, "another key");
}

/// Bad input leaves no trace of itself on the terminal, and tokens and credentials never do.
#[test]
fn nothing_that_was_sent_or_served_shows_on_the_terminal() {
    const MARK: &str = "made-up-words-to-look-for";
    let serve = Serve::start(&["--tokens", "optional"]);
    let token = serve.token();
    let (status, credentials) =
        serve.ask("GET", &format!("{ROLES}onehop-demo-role"), &[(TOKEN, token.as_str())]);
    assert_eq!(status, 200);
    for (bytes, want) in [
        (format!("{MARK}\r\n\r\n"), 400),
        (request("GET", &format!("/latest/{MARK}?{MARK}"), &[(TOKEN, &token)]), 404),
        (request("GET", ID, &[(TOKEN, MARK)]), 401),
        (request("GET", ID, &[(TOKEN, &token), (TOKEN, MARK)]), 400),
        (request("GET", ID, &[("X", &format!("{MARK}\0"))]), 400),
        (request("GET", ID, &[("X", &MARK.repeat(3_000))]), 431),
        (request("CONNECT", &format!("{MARK}:80"), &[]), 400),
        (request("PUT", "/latest/api/token", &[(TTL, MARK)]), 400),
    ] {
        assert_eq!(exchange(serve.listen[0], bytes.as_bytes()).0, want, "{bytes:.80}");
    }
    let (_, metrics) = serve.page("/metrics");
    let ended = serve.stop();
    let document: serde_json::Value = serde_json::from_str(&credentials).expect("JSON");
    let secrets = ["SecretAccessKey", "Token"].map(|key| document[key].as_str().expect("text").to_owned());
    for secret in secrets.iter().chain([&token, &MARK.to_owned()]) {
        assert!(!metrics.contains(secret.as_str()), "on the page of metrics");
        assert!(!ended.stderr.contains(secret.as_str()), "on stderr");
    }
    assert_eq!((ended.code, ended.stdout.len(), ended.stderr.as_str()), (Some(0), 0, ""));
}

#[test]
fn help_has_examples_and_a_variable_for_each_flag() {
    let ended = run(&["serve", "--help"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let help = ended.stdout.join("\n");
    let (flags, examples) = help.split_once("Examples:").expect("examples at the end");
    assert!(examples.lines().filter(|line| line.contains("onehop serve")).count() >= 2, "{examples}");
    let is_flag = |line: &&str| line.trim_start().starts_with("--") || line.trim_start().starts_with("-h,");
    let named =
        flags.lines().filter(is_flag).filter(|line| !line.contains("help") && !line.contains("version"));
    let variables = flags.matches("[env: ONEHOP_").count();
    assert!(variables >= 14, "{flags}");
    assert_eq!(named.count(), variables, "{flags}");
    let ended = run(&["--help"]);
    assert_eq!(ended.code, Some(0));
    assert!(ended.stdout.iter().any(|line| line.trim_start().starts_with("serve ")), "{:?}", ended.stdout);
}

/// Every example is a command line that starts.
#[test]
fn the_examples_of_help_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let tree = folder.path().join("instance.yaml");
    fs::write(&tree, "instance:\n  type: t3.nano\n").expect("written");
    let help = run(&["serve", "--help"]).stdout;
    let examples: Vec<&String> =
        help.iter().filter(|line| line.trim_start().starts_with("onehop serve")).collect();
    assert!(examples.len() >= 2, "{examples:?}");
    for example in examples {
        let words: Vec<String> = example
            .split_whitespace()
            .skip(1)
            .map(|word| word.trim_matches('\'').replace("instance.yaml", tree.to_str().expect("text")))
            .map(|word| if word.ends_with(":1340") { word.replace(":1340", ":0") } else { word })
            .collect();
        // Free ports in place of the default ones.
        let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
        words.extend(["--control", "127.0.0.1:0"]);
        if !words.contains(&"--listen") {
            words.extend(["--listen", "127.0.0.1:0"]);
        }
        let serve = Serve::start_with(&words, &[]);
        assert_eq!(serve.page("/healthz").0, 200, "{example}");
    }
}
