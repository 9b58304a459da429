//! Resources: addresses, blocks, presence, places.

use crate::support::{all, at, one};
use onehop_code::{Presence, Why};

#[test]
fn count_and_for_each_make_addresses() {
    struct Case {
        name: &'static str,
        body: &'static str,
        want: &'static [&'static str],
    }
    let cases = [
        Case { name: "one", body: "", want: &["a.b"] },
        Case { name: "count", body: "count = 2", want: &["a.b[0]", "a.b[1]"] },
        Case { name: "no count", body: "count = 0", want: &[] },
        Case { name: "conditional count", body: "count = true ? 1 : 0", want: &["a.b[0]"] },
        Case { name: "count as text", body: "count = \"1\"", want: &["a.b[0]"] },
        Case { name: "unknown count", body: "count = var.u", want: &["a.b[0]"] },
        Case { name: "set", body: "for_each = toset([\"y\", \"x\"])", want: &["a.b[\"x\"]", "a.b[\"y\"]"] },
        Case { name: "map", body: "for_each = { k = 1 }", want: &["a.b[\"k\"]"] },
        Case { name: "quotes in a key", body: "for_each = { \"a\\\"b\" = 1 }", want: &["a.b[\"a\\\"b\"]"] },
        Case { name: "empty", body: "for_each = {}", want: &[] },
        Case { name: "unknown set", body: "for_each = toset(var.u)", want: &["a.b[*]"] },
        Case { name: "unknown item", body: "for_each = toset([var.u])", want: &["a.b[*]"] },
        Case { name: "unknown values", body: "for_each = { k = var.u }", want: &["a.b[\"k\"]"] },
    ];
    for case in cases {
        let code = format!("variable \"u\" {{}}\nresource \"a\" \"b\" {{\n  {}\n}}\n", case.body);
        let (loaded, _) = all(&[("main.tf", &code)]);
        let addresses: Vec<&str> = loaded.resources.iter().map(|found| found.address.as_str()).collect();
        assert_eq!(addresses, case.want, "{}", case.name);
        for found in &loaded.resources {
            let unsure = case.name == "unknown count" || found.address.ends_with("[*]");
            assert_eq!(found.presence != Presence::Sure, unsure, "{}", case.name);
        }
    }
}

#[test]
fn each_instance_has_its_own_values() {
    let code = r#"
        resource "a" "b" {
          for_each = { x = { tokens = "required" }, y = { tokens = "optional" } }
          metadata_options { http_tokens = each.value.tokens }
          name = "n-${each.key}"
        }
        resource "a" "c" {
          count = 2
          tokens = count.index == 0 ? "required" : "optional"
        }"#;
    let (loaded, _) = all(&[("main.tf", code)]);
    assert_eq!(at(one(&loaded, "a.b[\"x\"]"), "metadata_options.0.http_tokens"), "\"required\"");
    assert_eq!(at(one(&loaded, "a.b[\"y\"]"), "metadata_options.0.http_tokens"), "\"optional\"");
    assert_eq!(at(one(&loaded, "a.b[\"y\"]"), "name"), "\"n-y\"");
    assert_eq!(at(one(&loaded, "a.c[1]"), "tokens"), "\"optional\"");
}

#[test]
fn an_unsure_instance_does_not_know_its_place() {
    let code = "variable \"u\" {}\nresource \"a\" \"b\" {\n count = var.u\n v = count.index\n}";
    let (loaded, _) = all(&[("main.tf", code)]);
    assert_eq!(at(&loaded.resources[0], "v"), "? no-default var.u");
}

#[test]
fn dynamic_blocks_are_what_they_make() {
    struct Case {
        name: &'static str,
        block: &'static str,
        want: &'static str,
    }
    let cases = [
        Case { name: "nothing written", block: "", want: "unset" },
        Case { name: "plain", block: "m { t = 1 }", want: "[{t = 1}]" },
        Case { name: "two", block: "m { t = 1 }\nm { t = 2 }", want: "[{t = 1}, {t = 2}]" },
        Case {
            name: "over nothing",
            block: "dynamic \"m\" {\nfor_each = []\ncontent { t = 1 }\n}",
            want: "unset",
        },
        Case {
            name: "over null",
            block: "dynamic \"m\" {\nfor_each = null\ncontent { t = 1 }\n}",
            want: "unset",
        },
        Case {
            name: "over one",
            block: "dynamic \"m\" {\nfor_each = [5]\ncontent { t = m.value }\n}",
            want: "[{t = 5}]",
        },
        Case {
            name: "over a map",
            block: "dynamic \"m\" {\nfor_each = { a = 1 }\ncontent { t = \"${m.key}${m.value}\" }\n}",
            want: "[{t = \"a1\"}]",
        },
        Case {
            name: "iterator",
            block: "dynamic \"m\" {\nfor_each = [5]\niterator = it\ncontent { t = it.value }\n}",
            want: "[{t = 5}]",
        },
        Case {
            name: "with lookup and try",
            block: "dynamic \"m\" {\nfor_each = [{ t = \"required\" }]\ncontent {\n t = lookup(m.value, \"t\", null)\n h = try(m.value.h, 1)\n}\n}",
            want: "[{t = \"required\", h = 1}]",
        },
        Case {
            name: "conditional on its own value",
            block: "dynamic \"m\" {\nfor_each = [\"required\"]\ncontent { t = m.value == \"required\" ? \"required\" : \"optional\" }\n}",
            want: "[{t = \"required\"}]",
        },
        Case {
            name: "nested",
            block: "dynamic \"m\" {\nfor_each = [[1, 2]]\ncontent {\n dynamic \"n\" {\n for_each = m.value\n content { v = n.value }\n }\n}\n}",
            want: "[{n = [{v = 1}, {v = 2}]}]",
        },
        Case {
            name: "over unknown",
            block: "dynamic \"m\" {\nfor_each = var.u\ncontent { t = 1 }\n}",
            want: "[? no-default var.u]",
        },
        Case { name: "null inside", block: "m { t = null }", want: "[{t = null}]" },
    ];
    for case in cases {
        let code = format!("variable \"u\" {{}}\nresource \"a\" \"b\" {{\n{}\n}}\n", case.block);
        let (loaded, _) = all(&[("main.tf", &code)]);
        assert_eq!(at(one(&loaded, "a.b"), "m"), case.want, "{}", case.name);
    }
}

#[test]
fn values_know_their_places() {
    let code = "\u{feff}variable \"t\" {\r\n  default = \"optional\"\r\n}\r\nresource \"a\" \"b\" {\r\n  metadata_options {\r\n    http_tokens = var.t\r\n    plain = \"x\"\r\n  }\r\n}\r\n";
    let (loaded, sources) = all(&[("main.tf", code)]);
    let found = one(&loaded, "a.b");
    let text =
        |span: Option<onehop_code::Span>| span.map(|span| sources.text(span).to_owned()).unwrap_or_default();
    let tokens = found.body.path(&["metadata_options", "0", "http_tokens"]).expect("it is written");
    assert_eq!((text(tokens.span), text(tokens.origin)), ("var.t".to_owned(), "\"optional\"".to_owned()));
    let line = tokens.span.map(|span| sources.positions(span).0.line);
    assert_eq!(line, Some(6));
    let plain = found.body.path(&["metadata_options", "0", "plain"]).expect("it is written");
    assert_eq!((text(plain.span), plain.origin), ("\"x\"".to_owned(), None));
    assert_eq!(text(found.span), "resource \"a\" \"b\"");
    assert!(text(found.block).starts_with("resource") && text(found.block).ends_with('}'));
    let block = found.body.path(&["metadata_options", "0"]).expect("it is written");
    assert!(text(block.span).starts_with("metadata_options {") && text(block.span).ends_with('}'));
    let entry = found
        .body
        .path(&["metadata_options", "0"])
        .and_then(|block| block.entry("plain"))
        .expect("it is written");
    assert_eq!(text(entry.key_span), "plain");
}

#[test]
fn lifecycle_keeps_names() {
    let code = "resource \"a\" \"b\" {\n lifecycle {\n ignore_changes = [metadata_options, ami]\n }\n depends_on = [a.c]\n}";
    let (loaded, _) = all(&[("main.tf", code)]);
    assert_eq!(at(one(&loaded, "a.b"), "lifecycle.0.ignore_changes"), "[\"metadata_options\", \"ami\"]");
    assert_eq!(at(one(&loaded, "a.b"), "depends_on"), "unset");
}

#[test]
fn overrides_replace() {
    let files = [
        ("main.tf", "resource \"a\" \"b\" {\n x = 1\n y = 1\n m { t = 1 }\n n { t = 1 }\n}"),
        ("z_override.tf", "resource \"a\" \"b\" {\n x = 2\n m { t = 2 }\n}"),
    ];
    let (loaded, _) = all(&files);
    assert_eq!(loaded.resources.len(), 1);
    let found = one(&loaded, "a.b");
    let values = ["x", "y", "m", "n"].map(|name| at(found, name));
    assert_eq!(values, ["2", "1", "[{t = 2}]", "[{t = 1}]"]);
}

#[test]
fn json_syntax_is_the_same() {
    let json = r#"{
      "//": "a comment",
      "variable": { "t": { "default": "required" } },
      "locals": { "x": "${upper(var.t)}" },
      "resource": { "a": { "b": {
        "count": 1,
        "metadata_options": { "http_tokens": "${var.t}", "slash": "a\/b" },
        "launch_template": [ { "id": "${a.c.id}" } ],
        "tags": { "n": "${local.x}-1" },
        "dynamic": { "network_interface": { "for_each": [1, 2], "content": { "n": "${network_interface.value}" } } }
      }, "c": [ {} ] } }
    }"#;
    // With and without the escape that only JSON has: that is read without places.
    for json in [json.to_owned(), json.replace("\\/", "/")] {
        let (loaded, sources) = all(&[("main.tf.json", &json)]);
        assert_eq!(loaded.troubles, []);
        let found = one(&loaded, "a.b[0]");
        assert_eq!(at(found, "metadata_options"), "[{http_tokens = \"required\", slash = \"a/b\"}]");
        assert_eq!(at(found, "launch_template.0.id"), "-> a.c.id");
        assert_eq!(at(found, "tags"), "{n = \"REQUIRED-1\"}");
        assert_eq!(at(found, "network_interface"), "[{n = 1}, {n = 2}]");
        let tokens = found.body.path(&["metadata_options", "0", "http_tokens"]).and_then(|value| value.span);
        let text = tokens.map(|span| sources.text(span).to_owned()).unwrap_or_default();
        assert!(text == "\"${var.t}\"" || json.contains("\\/"), "{text}");
    }
}

#[test]
fn a_broken_block_does_not_take_the_others_with_it() {
    let code = "resource \"a\" \"good\" {\n x = 1\n}\nresource \"a\" \"bad\" {\n x = = 1\n}\nresource \"a\" \"after\" {}\n";
    let open = "resource \"a\" \"open\" {\n x = [\n\nresource \"a\" \"last\" {\n x = 1\n}\n";
    let (loaded, sources) = all(&[("a.tf", code), ("b.tf", open), ("c.tf", "resource \"a\" \"c\" {}")]);
    let mut addresses: Vec<&str> = loaded.resources.iter().map(|found| found.address.as_str()).collect();
    addresses.sort_unstable();
    assert_eq!(addresses, ["a.after", "a.bad", "a.c", "a.good", "a.last"]);
    let bad = one(&loaded, "a.bad");
    assert_eq!(bad.body.why_unknown().map(|unknown| unknown.why), Some(Why::Unparsed));
    let places: Vec<(String, u32)> = loaded
        .troubles
        .iter()
        .filter_map(|trouble| Some((trouble.path.clone(), sources.positions(trouble.span?).0.line)))
        .collect();
    assert_eq!(places, [("b.tf".to_owned(), 2), ("a.tf".to_owned(), 5)]);
}

#[test]
fn only_what_is_wanted_is_put_out() {
    let files = onehop_terraform::MemoryFiles::of(&[(
        "main.tf",
        "resource \"a\" \"x\" {\n v = b.y.v\n d = data.e.z.id\n}\nresource \"b\" \"y\" {\n v = 1\n}\nresource \"c\" \"broken\" {\n = \n}\ndata \"e\" \"z\" {}",
    )]);
    let mut sources = onehop_code::Sources::default();
    let given = onehop_terraform::Given::default();
    let loaded = onehop_terraform::load(".", &files, &given, &|kind| kind == "a", &mut sources);
    assert_eq!(loaded.resources.len(), 1);
    assert_eq!(at(&loaded.resources[0], "v"), "1");
    assert_eq!(at(&loaded.resources[0], "d"), "? lookup data.e.z.id");
    assert_eq!(loaded.troubles, [], "what nobody asks for is not parsed");
    let mut code = onehop_terraform::Code::default();
    code.read(".", &files, &mut sources);
    assert_eq!(code.check(&sources).len(), 1, "unless it is checked");
}
