use crate::column::{Column, Meaning, Role, Shape};
use crate::dialect;
use crate::kind::Kind;
use crate::pattern::{Pattern, Patterns, Tail};
use crate::record::Record;
use crate::unescape::Escaping;

fn column(name: &str, escaping: Escaping) -> Column {
    let meaning = match name {
        "path" => Meaning::of(Kind::Path),
        "query" => Meaning::of(Kind::Query),
        "size" => Meaning::new(Kind::Number, Role::Size),
        _ => Meaning::TEXT,
    };
    let shape = if name == "word" { Shape::Word } else { Column::new("", meaning, escaping).shape };
    Column::new(name.to_owned(), meaning, escaping).shaped(shape)
}

/// `name=raw` of each field, or `None` if the line does not fit.
fn read(template: &str, escaping: Escaping, tail: Tail, line: &str) -> Option<String> {
    let parts = dialect::template(template, |name| column(name, escaping));
    let pattern = Pattern::new(parts, tail).expect("the template has fields");
    let mut record = Record::default();
    Patterns::new(vec![pattern]).read(line.as_bytes(), 0, &mut record).then(|| {
        let shown = |field: &crate::record::Field<'_>| format!("{}={}", field.name, field.raw.escape_ascii());
        record.fields.iter().map(shown).collect::<Vec<_>>().join(" ")
    })
}

struct Case {
    name: &'static str,
    template: &'static str,
    escaping: Escaping,
    tail: Tail,
    line: &'static str,
    want: Option<&'static str>,
}

const CASES: &[Case] = &[
    Case {
        name: "a hidden quote is part of the field",
        template: r#""$a" $b"#,
        escaping: Escaping::Backslash,
        tail: Tail::End,
        line: r#""x\" y" z"#,
        want: Some(r#"a=x\\\" y b=z"#),
    },
    Case {
        name: "a hidden backslash hides nothing",
        template: r#""$a" $b"#,
        escaping: Escaping::Backslash,
        tail: Tail::End,
        line: r#""x\\" z"#,
        want: Some(r"a=x\\\\ b=z"),
    },
    Case {
        name: "where nothing is escaped a quote alone ends nothing",
        template: r#""$a" "$b""#,
        escaping: Escaping::None,
        tail: Tail::End,
        line: r#""x"y\" "z"q""#,
        want: Some(r#"a=x\"y\\ b=z\"q"#),
    },
    Case {
        name: "a quote that is not the last one leaves more than the pattern",
        template: r#""$a""#,
        escaping: Escaping::Backslash,
        tail: Tail::End,
        line: r#""x" "y""#,
        want: None,
    },
    Case {
        name: "more is a rest where it may be",
        template: r#""$a""#,
        escaping: Escaping::Backslash,
        tail: Tail::Rest,
        line: r#""x"  "y" z "#,
        want: Some(r#"a=x rest=\"y\" z"#),
    },
    Case {
        name: "a rest follows a blank",
        template: r#""$a""#,
        escaping: Escaping::Backslash,
        tail: Tail::Rest,
        line: r#""x"y"#,
        want: None,
    },
    Case {
        name: "a cut line ends in its last field",
        template: r#"$a "$b""#,
        escaping: Escaping::Hash,
        tail: Tail::Cut,
        line: r#"x "GET /y"#,
        want: Some("a=x b=GET /y"),
    },
    Case {
        name: "a line that is cut before it is not read",
        template: r#"$a "$b""#,
        escaping: Escaping::Hash,
        tail: Tail::Cut,
        line: "x",
        want: None,
    },
    Case {
        name: "numbers are padded",
        template: "$a $size $b",
        escaping: Escaping::None,
        tail: Tail::End,
        line: "x    12 y",
        want: Some("a=x size=12 b=y"),
    },
    Case {
        name: "a number is one",
        template: "$a $size",
        escaping: Escaping::None,
        tail: Tail::End,
        line: "x 169.254.169.254",
        want: None,
    },
    Case {
        name: "a word has no blanks",
        template: "$word [$a]",
        escaping: Escaping::None,
        tail: Tail::End,
        line: "x y [z]",
        want: None,
    },
    Case {
        name: "fields that touch are one",
        template: "<$path$query>",
        escaping: Escaping::None,
        tail: Tail::End,
        line: "</a?b>",
        want: Some("path+query=/a?b"),
    },
    Case {
        name: "an absent field is none",
        template: "$a $b $c",
        escaping: Escaping::None,
        tail: Tail::End,
        line: "x -  ",
        want: None,
    },
    Case {
        name: "an absent field at the end",
        template: "$a $b",
        escaping: Escaping::None,
        tail: Tail::End,
        line: "x -",
        want: Some("a=x"),
    },
    Case {
        name: "the text before the first field",
        template: "[$a]",
        escaping: Escaping::None,
        tail: Tail::End,
        line: "x]",
        want: None,
    },
];

#[test]
fn lines_are_read_or_refused() {
    for Case { name, template, escaping, tail, line, want } in CASES {
        assert_eq!(read(template, *escaping, *tail, line).as_deref(), *want, "{name}");
    }
}

#[test]
fn a_path_with_its_query_is_a_request() {
    let parts = dialect::template("$path$query", |name| column(name, Escaping::None));
    let pattern = Pattern::new(parts, Tail::End).expect("two fields");
    let mut record = Record::default();
    assert!(Patterns::new(vec![pattern]).read(b"/a?b", 0, &mut record));
    assert_eq!(record.fields[0].kind, Kind::Request);
}

#[test]
fn patterns_that_begin_alike_read_as_each_alone() {
    let templates =
        ["$a [$b] $c $size", "$a [$b] \"$c\" $d", "$a [$b] \"$c\"", "$a [$b] $word", "$a $b", "x$a", "$a"];
    let compile = |template: &str, tail| {
        let parts = dialect::template(template, |name| column(name, Escaping::Backslash));
        Pattern::new(parts, tail).expect("the template has fields")
    };
    for tail in [Tail::End, Tail::Rest] {
        let all: Vec<Pattern> = templates.iter().map(|template| compile(template, tail)).collect();
        let together = Patterns::new(all.clone());
        for line in
            ["1 [2] 3 4", "1 [2] \"3\" 4", "1 [2] \"3\"", "1 [2] 3", "1 2", "x1", "1", "", "1 [2] \"3 4"]
        {
            let (mut one, mut other) = (Record::default(), Record::default());
            let alone = |pattern: &Pattern| Patterns::new(vec![pattern.clone()]);
            let is_read = all.iter().any(|pattern| alone(pattern).read(line.as_bytes(), 0, &mut one));
            assert_eq!(together.read(line.as_bytes(), 0, &mut other), is_read, "{line}");
            assert_eq!(one, other, "{line}");
        }
    }
}

#[test]
fn text_alone_is_no_pattern() {
    assert_eq!(
        Pattern::new(dialect::template("no fields", |name| column(name, Escaping::None)), Tail::End),
        None
    );
}
