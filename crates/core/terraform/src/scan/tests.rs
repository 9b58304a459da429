use super::*;

fn kinds(text: &str) -> Vec<String> {
    cut(text)
        .blocks
        .iter()
        .map(|piece| {
            let labels = piece.labels.iter().map(|label| text[label.clone()].to_owned());
            std::iter::once(text[piece.kind.clone()].to_owned()).chain(labels).collect::<Vec<_>>().join(" ")
        })
        .collect()
}

#[test]
fn blocks_are_cut() {
    struct Case {
        name: &'static str,
        text: &'static str,
        want: &'static [&'static str],
        broken: usize,
    }
    let cases = [
        Case {
            name: "plain",
            text: "resource \"a\" \"b\" {\n}\nlocals {}\n",
            want: &["resource a b", "locals"],
            broken: 0,
        },
        Case { name: "labels without quotes", text: "resource a b {}", want: &["resource a b"], broken: 0 },
        Case {
            name: "comments",
            text: "# {\n// {\n/* { */\nlocals { # }\n}\n",
            want: &["locals"],
            broken: 0,
        },
        Case {
            name: "brace in string",
            text: "locals {\n a = \"}\"\n}\nvariable \"v\" {}\n",
            want: &["locals", "variable v"],
            broken: 0,
        },
        Case { name: "escaped quote", text: "locals {\n a = \"\\\"}\"\n}\n", want: &["locals"], broken: 0 },
        Case {
            name: "string in interpolation",
            text: "locals {\n a = \"${f(\"}\")}\"\n}\n",
            want: &["locals"],
            broken: 0,
        },
        Case {
            name: "escaped interpolation",
            text: "locals {\n a = \"$${\"\n}\n",
            want: &["locals"],
            broken: 0,
        },
        Case {
            name: "heredoc",
            text: "locals {\n a = <<EOT\n}}}\"\n  EOT\n}\nlocals {}\n",
            want: &["locals", "locals"],
            broken: 0,
        },
        Case {
            name: "heredoc with interpolation",
            text: "locals {\n a = <<-E\n ${\"}\"} }\n E\n}\n",
            want: &["locals"],
            broken: 0,
        },
        Case {
            name: "heredoc name as part",
            text: "locals {\n a = <<EOT\nEOTX }\nEOT\n}\n",
            want: &["locals"],
            broken: 0,
        },
        Case {
            name: "heredoc in call",
            text: "locals {\n a = f(<<EOT\n)\nEOT\n)\n}\n",
            want: &["locals"],
            broken: 0,
        },
        Case {
            name: "carriage returns",
            text: "locals {\r\n a = <<EOT\r\n}\r\nEOT\r\n}\r\nlocals {}\r\n",
            want: &["locals", "locals"],
            broken: 0,
        },
        Case {
            name: "not closed",
            text: "resource \"a\" \"b\" {\n\nvariable \"v\" {}\n",
            want: &["variable v"],
            broken: 1,
        },
        Case {
            name: "wrong bracket",
            text: "locals {\n a = [}\n}\ndata \"a\" \"b\" {}",
            want: &["data a b"],
            broken: 1,
        },
        Case {
            name: "open string",
            text: "locals {\n a = \"x\n}\noutput \"o\" {}",
            want: &["output o"],
            broken: 1,
        },
        Case { name: "no block", text: "= 1\nmodule \"m\" {}", want: &["module m"], broken: 1 },
        Case { name: "attribute", text: "a = 1\nmodule \"m\" {}", want: &["module m"], broken: 1 },
        Case { name: "nothing", text: "", want: &[], broken: 0 },
        Case { name: "binary", text: "\0\u{1}\u{fffd}{", want: &[], broken: 1 },
    ];
    for case in cases {
        assert_eq!(kinds(case.text), case.want, "{}", case.name);
        assert_eq!(cut(case.text).broken.len(), case.broken, "{}", case.name);
    }
}

#[test]
fn newlines_directly_in_for_are_blanked() {
    let text = "locals {\n a = { for k, v in x :\n k => v ? 1 : # why\n { b = 1\n c = 2 } }\n}\n";
    let found = cut(text);
    let text = blank(text, 0, &found.blanks).unwrap_or_default();
    assert_eq!(text, "locals {\n a = { for k, v in x :  k => v ? 1 :        { b = 1\n c = 2 } }\n}\n");
    assert!(cut("locals {\n a = { for = 1\n b = 2 }\n}").blanks.is_empty());
}

#[test]
fn depth_and_items_are_bounded() {
    let deep = format!("locals {{\n a = {}\n}}", "[".repeat(10_000));
    assert!(cut(&deep).broken[0].bound);
    let wide = format!("locals {{\n a = {{\n{}}}\n}}", "k=1\n".repeat(30_000));
    assert!(cut(&wide).broken[0].bound);
    let lines = format!("locals {{\n{}\n}}", "\n".repeat(30_000));
    assert!(cut(&lines).broken.is_empty(), "lines of a block are no items of an object");
}
