//! What tree files do, and what they are refused for.

mod errors;
mod overlays;

use proptest::prelude::*;

use super::{Base, SECTIONS, TREE_FILE_BYTES_MAX, parse_tree};
use crate::tree::{Found, Leaf, LiveKind, Tree, Version, shorthand};

/// The tree of a file that has to parse.
fn tree(text: &str) -> Tree {
    let overlay = parse_tree(text.as_bytes(), "tree.yaml").unwrap_or_else(|error| panic!("{error}\n{text}"));
    Tree::new(&overlay.instance(), &overlay)
}

/// The value or listing at a path of `latest`; `None` if absent.
fn show(tree: &Tree, path: &str) -> Option<String> {
    let body = match tree.lookup(Version::LATEST, path) {
        Found::Leaf(Leaf::Fixed { body, .. }) => body.to_vec(),
        Found::Leaf(Leaf::Live(kind)) => return Some(format!("{kind:?}")),
        Found::Directory(listing) => listing.to_vec(),
        Found::Absent => return None,
    };
    Some(String::from_utf8_lossy(&body).into_owned())
}

const DOCUMENT: &str = "dynamic/instance-identity/document";
const NIC: &str = "meta-data/network/interfaces/macs/0e:00:00:c0:ff:01";

#[test]
fn overlays_change_what_they_name_and_nothing_else() {
    for case in overlays::CASES {
        let tree = tree(case.file);
        for (path, want) in case.want {
            assert_eq!(show(&tree, path).as_deref(), *want, "{}: {path}", case.name);
        }
    }
}

#[test]
fn the_identity_document_follows_the_facts() {
    let tree = tree(
        "instance: { id: i-12345678, type: m7i.large, architecture: arm64, availability-zone: eu-west-1c }",
    );
    let document = tree.identity_document().expect("a document");
    let document: serde_json::Value = serde_json::from_slice(&document).expect("JSON");
    for (key, want) in [
        ("instanceId", "i-12345678"),
        ("instanceType", "m7i.large"),
        ("architecture", "arm64"),
        ("region", "eu-west-1"),
        ("availabilityZone", "eu-west-1c"),
    ] {
        assert_eq!(document[key], want, "{key}");
    }
}

#[test]
fn binary_user_data_comes_back_untouched() {
    let tree = tree("user-data: !!binary |\n  AAEC/w==\n");
    let Found::Leaf(Leaf::Fixed { body, content_type }) = tree.lookup(Version::FIRST, "user-data") else {
        panic!("no user data");
    };
    assert_eq!(body.as_ref(), [0, 1, 2, 255]);
    assert_eq!(*content_type, onehop_imds::answer::ContentType::Octets);
}

#[test]
fn extra_paths_are_dated() {
    let tree = tree("extra: { meta-data/x: { value: y, since: 2021-03-23 } }");
    for (version, visible) in [("2021-01-03", false), ("2021-03-23", true), ("latest", true)] {
        let version = Version::parse(version).expect("a version");
        assert_eq!(tree.lookup(version, "meta-data/x") != Found::Absent, visible, "{version}");
    }
}

#[test]
fn the_example_loads_and_shows_every_section() {
    let text = include_str!("../../../../../../fixtures/tree/example.yaml");
    let tree = tree(text);
    let nic = NIC.replace("ff:01", "ff:13");
    for (path, want) in [
        ("meta-data/instance-id", Some("i-0123456789abcdef0")),
        ("meta-data/hostname", Some("web-1.example.internal")),
        ("meta-data/security-groups", Some("web\nssh")),
        ("meta-data/tags/instance", Some("Name\nteam")),
        ("meta-data/iam/security-credentials/web", Some("RoleCredentials")),
        ("meta-data/local-ipv4", Some("10.1.16.9")),
        ("meta-data/public-keys", Some("0=deploy")),
        ("meta-data/hibernation", None),
        ("meta-data/ancestor-ami-ids", Some("ami-0123456789abcdef4\nami-0123456789abcdef5")),
        ("meta-data/spot", Some("instance-action\ntermination-time")),
        (&format!("{nic}/ipv4-associations"), Some("198.51.100.8\n198.51.100.9")),
        ("dynamic/fws/instance-monitoring", Some("enabled")),
        (
            "meta-data/events/maintenance/scheduled",
            Some(concat!(
                "[ {\n  \"NotBefore\" : \"21 Jan 2026 09:00:43 GMT\",\n  \"Code\" : \"system-reboot\",\n",
                "  \"Description\" : \"scheduled reboot\",\n",
                "  \"EventId\" : \"instance-event-0123456789abcdef6\",\n",
                "  \"NotAfter\" : \"21 Jan 2026 09:17:23 GMT\",\n  \"State\" : \"active\"\n} ]",
            )),
        ),
        ("user-data", Some("#!/bin/sh\necho made up\n")),
        ("meta-data/example", Some("dated\nflag")),
    ] {
        assert_eq!(show(&tree, path).as_deref(), want, "{path}");
    }
}

#[test]
fn the_example_and_the_documentation_know_every_key() {
    let example = include_str!("../../../../../../fixtures/tree/example.yaml");
    let page = include_str!("../../../../../../docs/tree.md");
    for key in [&SECTIONS[..], &shorthand::KEYS, &shorthand::INTERFACE_KEYS].concat() {
        let uses = |line: &str| line.trim_start().trim_start_matches("- ").starts_with(&format!("{key}:"));
        assert!(example.lines().any(uses), "the example lacks `{key}`");
        assert!(page.contains(&format!("`{key}`")), "the page lacks `{key}`");
    }
}

#[test]
fn a_recorded_tree_loads_and_shows_nothing_else() {
    let text = include_str!("../../../../../../fixtures/tree/recorded.json");
    let overlay = parse_tree(text.as_bytes(), "recorded.json").expect("it parses");
    assert_eq!(overlay.base(), Base::Empty);
    let tree = Tree::new(&overlay.instance(), &overlay);
    for (path, want) in [
        ("", Some("dynamic\nmeta-data")),
        ("dynamic/instance-identity", Some("document")),
        (DOCUMENT, Some("{\n  \"region\" : \"us-east-2\"\n}")),
        ("meta-data/network/interfaces/macs", Some("06:00:00:aa:aa:aa/")),
        ("meta-data/network/interfaces/macs/06:00:00:aa:aa:aa/local-ipv4s", Some("10.9.8.7\n10.9.8.8")),
        ("meta-data/public-keys", Some("0=example")),
        ("meta-data/public-keys/0/openssh-key", Some("ssh-rsa made-up example")),
        ("meta-data/identity-credentials/ec2", Some("info")),
        ("meta-data/later-category/key", Some("value")),
        ("meta-data/system", None),
        ("user-data", None),
    ] {
        assert_eq!(show(&tree, path).as_deref(), want, "{path}");
    }
}

#[test]
fn errors_name_the_place_and_what_to_do() {
    for (file, want) in errors::CASES {
        let error = parse_tree(file.as_bytes(), "tree.yaml").expect_err(file);
        assert_eq!(error.to_string(), format!("tree.yaml:{want}"), "{file}");
    }
}

#[test]
fn broken_text_is_refused_with_its_place() {
    let error = parse_tree(b"a: b\nc: \xff\n", "t").expect_err("no UTF-8");
    assert_eq!(error.to_string(), "t:2:4: not UTF-8 text");
    let error = parse_tree(b"meta-data: [\n", "t").expect_err("no end");
    assert!(error.to_string().starts_with("t:2:1: not YAML: "), "{error}");
    let big = vec![b' '; TREE_FILE_BYTES_MAX + 1];
    let error = parse_tree(&big, "t").expect_err("too big");
    assert_eq!(error.to_string(), "t:1:1: the file has 1048577 bytes, more than 1048576");
}

#[test]
fn user_data_is_bounded_after_decoding() {
    let file = |bytes: usize| format!("user-data: {}\n", "x".repeat(bytes));
    assert!(parse_tree(file(16384).as_bytes(), "t").is_ok());
    let error = parse_tree(file(16385).as_bytes(), "t").expect_err("too much");
    assert_eq!(error.to_string(), "t:1:12: user data has 16385 bytes, more than 16384");
}

#[test]
fn a_removed_role_stays_removed() {
    let overlay = parse_tree(b"meta-data: { iam: null }", "t").expect("it parses");
    let mut instance = overlay.instance();
    instance.role = Some("web".into());
    let tree = Tree::new(&instance, &overlay);
    assert_eq!(tree.lookup(Version::LATEST, "meta-data/iam/info"), Found::Absent);
    let tree = Tree::new(&instance, &super::Overlay::default());
    let info = tree.lookup(Version::LATEST, "meta-data/iam/info");
    assert_eq!(info, Found::Leaf(&Leaf::Live(LiveKind::IamInfo)));
}

/// Text made of the pieces that YAML and tree files give a meaning.
fn yaml_like() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "meta-data",
        "instance",
        "extra",
        "user-data",
        "base",
        "id",
        "tags",
        "public-keys",
        "placement",
        ":",
        ": ",
        "- ",
        "? ",
        "\n",
        "\n  ",
        "\n    ",
        "{",
        "}",
        "[",
        "]",
        ",",
        "\"",
        "'",
        "|",
        ">",
        "|2-",
        "#",
        " #",
        "&a ",
        "*a",
        "!!binary ",
        "!!str ",
        "! ",
        "!<x> ",
        "%YAML 1.2\n",
        "%TAG ! x\n",
        "---",
        "...",
        "~",
        "null",
        "\\",
        "\\u",
        "\\x4",
        "\t",
        "\r",
        "\u{feff}",
        "é",
        "0",
        "<<",
        "=",
        "@",
        "`",
        "\u{0}",
        "\u{85}",
        "\u{2028}",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        let _ = parse_tree(&bytes, "t");
    }

    #[test]
    fn any_yaml_never_panics_and_what_parses_builds(text in yaml_like()) {
        if let Ok(overlay) = parse_tree(text.as_bytes(), "t") {
            let _ = Tree::new(&overlay.instance(), &overlay);
        }
    }

    #[test]
    fn a_place_is_in_the_file(text in yaml_like()) {
        if let Err(error) = parse_tree(text.as_bytes(), "t") {
            prop_assert!(error.line >= 1 && error.column >= 1);
            // A carriage return ends a line too.
            prop_assert!(error.line <= text.matches(['\n', '\r']).count() + 2, "{}", error);
        }
    }
}
