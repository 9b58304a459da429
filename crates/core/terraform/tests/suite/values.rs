//! Variables: where their values come from.

use crate::support::{at, given, one};
use onehop_code::{Sources, TroubleKind};
use onehop_terraform::{Code, Files as _, Given, MemoryFiles};

const CODE: &str = "variable \"v\" {\n  default = \"default\"\n}\nresource \"a\" \"b\" {\n  v = var.v\n}\n";

fn value(files: &[(&str, &str)], outside: &Given) -> String {
    let (loaded, _) = given(files, outside);
    at(one(&loaded, "a.b"), "v")
}

#[test]
fn the_last_source_wins() {
    struct Case {
        name: &'static str,
        files: &'static [(&'static str, &'static str)],
        var_files: &'static [&'static str],
        vars: &'static [(&'static str, &'static str)],
        want: &'static str,
    }
    const TFVARS: (&str, &str) = ("terraform.tfvars", "v = \"tfvars\"\n");
    const JSON: (&str, &str) = ("terraform.tfvars.json", "{\"v\": \"json\"}");
    const AUTO: (&str, &str) = ("a.auto.tfvars", "v = \"auto\"");
    const LATER: (&str, &str) = ("b.auto.tfvars", "v = \"later\"");
    const NAMED: (&str, &str) = ("env/prod.tfvars", "v = \"named\"");
    let cases = [
        Case { name: "default", files: &[("main.tf", CODE)], var_files: &[], vars: &[], want: "\"default\"" },
        Case {
            name: "tfvars",
            files: &[("main.tf", CODE), TFVARS],
            var_files: &[],
            vars: &[],
            want: "\"tfvars\"",
        },
        Case {
            name: "JSON",
            files: &[("main.tf", CODE), TFVARS, JSON],
            var_files: &[],
            vars: &[],
            want: "\"json\"",
        },
        Case {
            name: "auto",
            files: &[("main.tf", CODE), TFVARS, JSON, AUTO],
            var_files: &[],
            vars: &[],
            want: "\"auto\"",
        },
        Case {
            name: "order of auto",
            files: &[("main.tf", CODE), LATER, AUTO],
            var_files: &[],
            vars: &[],
            want: "\"later\"",
        },
        Case {
            name: "not named",
            files: &[("main.tf", CODE), NAMED],
            var_files: &[],
            vars: &[],
            want: "\"default\"",
        },
        Case {
            name: "named",
            files: &[("main.tf", CODE), AUTO, NAMED],
            var_files: &["env/prod.tfvars"],
            vars: &[],
            want: "\"named\"",
        },
        Case {
            name: "given",
            files: &[("main.tf", CODE), NAMED],
            var_files: &["env/prod.tfvars"],
            vars: &[("v", "given")],
            want: "\"given\"",
        },
    ];
    for case in cases {
        let outside = Given {
            var_files: case.var_files.iter().map(|path| (*path).to_owned()).collect(),
            vars: case.vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            workspace: None,
        };
        assert_eq!(value(case.files, &outside), case.want, "{}", case.name);
    }
}

#[test]
fn types_convert() {
    let cases = [
        ("string", "1", "\"1\""),
        ("number", "\"2\"", "2"),
        ("bool", "\"true\"", "true"),
        ("list(string)", "[1, 2]", "[\"1\", \"2\"]"),
        ("set(string)", "[\"b\", \"a\", \"b\"]", "[\"a\", \"b\"]"),
        ("map(number)", "{ a = \"1\" }", "{a = 1}"),
        ("object({ a = string })", "{ a = 1, more = 2 }", "{a = \"1\"}"),
        ("object({ a = optional(string) })", "{}", "{a = null}"),
        ("object({ a = optional(string, \"x\") })", "{ a = null }", "{a = \"x\"}"),
        ("list(object({ a = optional(bool, true) }))", "[{}]", "[{a = true}]"),
        ("tuple([string, number])", "[1, \"2\"]", "[\"1\", 2]"),
        ("any", "null", "null"),
        ("number", "\"x\"", "? construct what is no number"),
        ("object({ a = string })", "{}", "{a = ? name the attribute a}"),
    ];
    for (kind, default, want) in cases {
        let code = format!(
            "variable \"v\" {{\n type = {kind}\n default = {default}\n}}\nresource \"a\" \"b\" {{\n v = var.v\n}}"
        );
        assert_eq!(value(&[("main.tf", &code)], &Given::default()), want, "{kind} {default}");
    }
}

#[test]
fn written_values_have_the_type_of_their_variable() {
    for (kind, written, want) in [
        ("string", "[1]", "\"[1]\""),
        ("list(number)", "[1]", "[1]"),
        ("number", "5", "5"),
        ("map(string)", "{ a = \"b\" }", "{a = \"b\"}"),
        ("list(string)", "[", "? unparsed the value given for var.v"),
    ] {
        let code = format!("variable \"v\" {{ type = {kind} }}\nresource \"a\" \"b\" {{\n v = var.v\n}}");
        let outside = Given { vars: vec![("v".to_owned(), written.to_owned())], ..Given::default() };
        assert_eq!(value(&[("main.tf", &code)], &outside), want, "{kind} {written}");
    }
}

#[test]
fn null_is_the_default_only_where_null_is_not_allowed() {
    for (nullable, want) in [("true", "null"), ("false", "\"default\"")] {
        let module = format!(
            "variable \"v\" {{\n default = \"default\"\n nullable = {nullable}\n}}\nresource \"a\" \"b\" {{\n v = var.v\n}}"
        );
        let files =
            [("main.tf", "module \"m\" {\n source = \"./m\"\n v = null\n}"), ("m/main.tf", module.as_str())];
        let (loaded, _) = given(&files, &Given::default());
        assert_eq!(at(one(&loaded, "module.m.a.b"), "v"), want, "nullable = {nullable}");
    }
}

#[test]
fn a_workspace_can_be_chosen() {
    let code = "resource \"a\" \"b\" {\n v = terraform.workspace == \"prod\" ? 1 : 2\n}";
    let outside = Given { workspace: Some("prod".to_owned()), ..Given::default() };
    assert_eq!(value(&[("main.tf", code)], &outside), "1");
}

#[test]
fn files_may_be_taken_and_read_in_any_order() {
    let files = MemoryFiles::of(&[
        ("main.tf", CODE),
        ("prod.tfvars", "v = \"prod\"\n"),
        ("more.tf", "resource \"a\" \"more\" {\n  v = var.v\n}\n"),
    ]);
    let outside = Given { var_files: vec!["prod.tfvars".to_owned()], ..Given::default() };
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let (mut code, mut sources) = (Code::default(), Sources::default());
        for step in order {
            match step {
                0 => code.read(".", &files, &mut sources),
                1 => code.read_values(&outside, &files, &mut sources),
                _ => {
                    let id = sources.add("more.tf", &files.read("more.tf").unwrap_or_default());
                    code.insert("more.tf", onehop_terraform::parse("more.tf", id, &sources));
                }
            }
        }
        let loaded = code.evaluate(".", &files, &sources, &outside, &|_| true);
        assert_eq!(loaded.troubles, [], "{order:?}");
        let values: Vec<String> = ["a.b", "a.more"].map(|name| at(one(&loaded, name), "v")).to_vec();
        assert_eq!(values, ["\"prod\"", "\"prod\""], "{order:?}");
        assert_eq!(code.roots(&sources), ["."], "{order:?}");
        assert_eq!(code.check(&sources), [], "{order:?}");
    }
}

#[test]
fn what_was_not_read_is_told() {
    let code = Code::default();
    let (files, sources) = (MemoryFiles::default(), Sources::default());
    for loaded in [
        code.evaluate("here", &files, &sources, &Given::default(), &|_| true),
        code.evaluate_packer("here", &files, &sources, &Given::default(), &|_| true),
    ] {
        let told: Vec<_> =
            loaded.troubles.iter().map(|trouble| (trouble.kind, trouble.path.as_str())).collect();
        assert_eq!(told, [(TroubleKind::Missing, "here")]);
    }
}
