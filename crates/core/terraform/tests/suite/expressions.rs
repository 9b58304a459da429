//! Expressions: what each construct evaluates to.

use crate::support::eval;

struct Case {
    name: &'static str,
    input: &'static str,
    want: &'static str,
}

const fn case(name: &'static str, input: &'static str, want: &'static str) -> Case {
    Case { name, input, want }
}

fn check(cases: &[Case]) {
    for case in cases {
        assert_eq!(eval(case.input), case.want, "{}: {}", case.name, case.input);
    }
}

#[test]
fn literals_and_names() {
    check(&[
        case("text", r#""a\tb""#, r#""a\tb""#),
        case("number", "-1.5", "-1.5"),
        case("null", "null", "null"),
        case("list", "[1, true, null]", "[1, true, null]"),
        case("object", r#"{ b = 1, "a" : 2, (var.given) = 3 }"#, "{a = 2, b = 1, given = 3}"),
        case("parentheses", "(((1)))", "1"),
        case("variable", "var.given", r#""given""#),
        case("variable without default", "var.unknown", "? no-default var.unknown"),
        case("variable that is not declared", "var.nothing", "? name var.nothing"),
        case("local", "local.chain", r#""local""#),
        case("local that leads back", "local.one", "? cycle local.one"),
        case("object with defaults", "var.object", r#"{hop = 2, more = [], tokens = "required"}"#),
        case("attribute of it", "var.object.tokens", r#""required""#),
        case("quoted index", r#"var.object["tokens"]"#, r#""required""#),
        case("index", "var.numbers[1]", "1"),
        case("legacy index", "var.numbers.0", "3"),
        case("index behind the end", "var.numbers[7]", "? name the item 7"),
        case("path", "path.module", r#"".""#),
        case("workspace", "terraform.workspace", "? no-default terraform.workspace"),
        case("self", "self.id", "? construct self"),
    ]);
}

#[test]
fn operators() {
    check(&[
        case("arithmetic", "1 + 2 * 3 - 4 / 2 % 2", "7"),
        case("comparison", "1 < 2 && 2 <= 2 && 3 > 2 && 2 >= 2", "true"),
        case("equality of texts", r#"var.given == "given""#, "true"),
        case("equality of types", r#"1 == "1""#, "false"),
        case("equality of lists", "[1, [2]] == [1, [2]]", "true"),
        case("inequality of objects", "{ a = 1 } != { a = 2 }", "true"),
        case("not", "!var.truth", "false"),
        case("negation", "-var.map.a", "-1"),
        case("text as number", r#""2" + 1"#, "3"),
        case("text as truth", r#"!"false""#, "true"),
        case("division by zero", "1 / 0", "? construct a division by zero"),
        case("false and unknown", "false && var.unknown", "false"),
        case("unknown and false", "var.unknown && false", "false"),
        case("true or unknown", "var.unknown || true", "true"),
        case("true and unknown", "true && var.unknown", "? no-default var.unknown"),
        case("unknown compared", "var.unknown == 1", "? no-default var.unknown"),
        case("different in a known part", "[1, var.unknown] == [2, 3]", "false"),
        case("conditional", r#"var.truth ? "yes" : "no""#, r#""yes""#),
        case("the other branch may fail", "var.truth ? 1 : var.nothing", "1"),
        case("unknown condition, same branches", r#"var.unknown ? "a" : "a""#, r#""a""#),
        case("unknown condition", r#"var.unknown ? "a" : "b""#, "? no-default var.unknown"),
        case(
            "unknown condition, same parts",
            "var.unknown ? { a = 1, b = 2 } : { a = 1, b = 3 }",
            "{a = 1, b = ? no-default var.unknown}",
        ),
        case("nested conditional", "false ? 1 : true ? 2 : 3", "2"),
    ]);
}

#[test]
fn templates() {
    check(&[
        case("text around", r#""a-${var.given}-${1 + 1}""#, r#""a-given-2""#),
        case("a value alone keeps its type", r#""${var.numbers}""#, "[3, 1, 2]"),
        case("unknown inside", r#""a-${var.unknown}""#, "? no-default var.unknown"),
        case("escapes", r#""$${a} %%{b}""#, r#""${a} %{b}""#),
        case("condition", r#""%{ if var.truth }yes%{ else }no%{ endif }""#, r#""yes""#),
        case("loop", r#""%{ for x in var.numbers }${x},%{ endfor }""#, r#""3,1,2,""#),
        case("stripped", r#""a ${~ 1 ~} b""#, r#""a1b""#),
        case("stripped directive", r#""%{ if true ~}  x  %{~ endif }""#, r#""x""#),
        case("heredoc", "<<EOT\n a\n  b ${var.given}\nEOT", r#"" a\n  b given\n""#),
        case("heredoc without indent", "<<-EOT\n    a\n      b\n    EOT", r#""a\n  b\n""#),
        case("null inside", r#""a${null}""#, "? construct what is no text"),
    ]);
}

#[test]
fn loops_and_splats() {
    check(&[
        case("list", "[for n in var.numbers : n * 2]", "[6, 2, 4]"),
        case("list with places", "[for i, n in var.numbers : i if n > 1]", "[0, 2]"),
        case("map in order of names", "[for k, v in var.map : k]", r#"["a", "b"]"#),
        case("object", "{ for k, v in var.map : upper(k) => v }", "{A = 1, B = 2}"),
        case(
            "groups",
            r#"{ for n in var.numbers : n > 1 ? "big" : "small" => n... }"#,
            "{big = [3, 2], small = [1]}",
        ),
        case(
            "newline behind the colon of a conditional",
            "{ for k, v in var.map : k => v == 1 ? 10 :\n v }",
            "{a = 10, b = 2}",
        ),
        case(
            "comment in between",
            "{ for k, v in var.map : k => v == 1 ? 10 : # no\n v\n }",
            "{a = 10, b = 2}",
        ),
        case("nested", "[for a in [1, 2] : [for b in [10] : a + b]]", "[[11], [12]]"),
        case("over unknown", "[for x in var.unknown : x]", "? no-default var.unknown"),
        case("unknown filter", "[for n in var.numbers : n if var.unknown]", "? no-default var.unknown"),
        case("full splat", "[{ a = [1] }, { a = [2] }][*].a[0]", "[1, 2]"),
        case("old splat", "[{ a = 1 }, { a = 2 }].*.a[0]", "1"),
        case("splat of one", "var.object[*].tokens", r#"["required"]"#),
        case("splat of null", "null[*].a", "[]"),
    ]);
}

#[test]
fn resources_as_values() {
    check(&[
        case("what is set", "o.one.set", r#""set""#),
        case("what is computed", "o.one.id", "-> o.one.id"),
        case("null is as if left out", "o.one.nothing", "-> o.one.nothing"),
        case("a part of it", "o.one.list[0].id", "-> o.one.list.0.id"),
        case("in text", r#""${o.one.id}""#, "-> o.one.id"),
        case("in longer text", r#""a${o.one.id}""#, "? computed o.one.id"),
        case("a block", "o.one.block[0].inner", "1"),
        case("by place", "o.some[1].at", "1"),
        case("by place, computed", "o.some[1].id", "-> o.some[1].id"),
        case("behind the end", "o.some[2].id", "? name the item 2"),
        case("all of them", "o.some[*].at", "[0, 1]"),
        case("all of them, old", "o.some.*.at[0]", "0"),
        case("by key", r#"o.each["y"].v"#, r#""Y""#),
        case("by key, computed", r#"o.each["y"].id"#, r#"-> o.each["y"].id"#),
        case("values", "values(o.each)[*].v", r#"["X", "Y"]"#),
        case("of unknown number", "o.maybe[0].id", "-> o.maybe[0].id"),
        case("how many of unknown number", "length(o.maybe)", "? no-default var.unknown"),
        case("exists, so its id is not null", "o.one.id != null", "true"),
        case("data that is looked at", "data.d.seen.id", "-> data.d.seen.id"),
        case("data, what is set", "data.d.seen.name", r#""data""#),
        case("not declared", "o.nothing.id", "? name o.nothing"),
        case("through a function", "try(o.some[0].id, null)", "-> o.some[0].id"),
    ]);
}
