use super::{Case, check, read_text, read_with, show, troubles};
use onehop_document::{Booleans, Limits, Options};

#[test]
fn values_are_read() {
    check(&[
        Case {
            name: "words",
            input: "a: yes\nb: 'yes'\nc: 2\nd: \"2\"\ne:\nf: 0123",
            want: r#"{a=true b="yes" c=2 d="2" e=null f="0123"}"#,
            why: "quotes make text",
        },
        Case {
            name: "documents",
            input: "a: 1\n---\nb: 2\n...\n---\n- 3\n",
            want: "{a=1} --- {b=2} --- [3]",
            why: "all are read",
        },
        Case { name: "tag on a word", input: "a: !Ref X", want: r#"{a={!Ref="X"}}"#, why: "one entry" },
        Case {
            name: "tag on lists",
            input: "a: !If [c, !Ref X, 1]\nb: !GetAtt\n  - x\n  - y",
            want: r#"{a={!If=["c" {!Ref="X"} 1]} b={!GetAtt=["x" "y"]}}"#,
            why: "flow and block",
        },
        Case {
            name: "tag on a map",
            input: "a: !Transform\n  Name: x\n",
            want: r#"{a={!Transform={Name="x"}}}"#,
            why: "block map",
        },
        Case {
            name: "tag on nothing",
            input: "a: !Foo\nb: 1",
            want: "{a={!Foo=null} b=1}",
            why: "a tag alone",
        },
        Case {
            name: "tags of YAML",
            input: "a: !!str 2\nb: !!int '2'\nc: ! 2\nd: !!map {x: 1}",
            want: r#"{a="2" b=2 c="2" d={x=1}}"#,
            why: "they say the kind",
        },
        Case {
            name: "function in a tag",
            input: "a: !Base64\n  Fn::Sub: x",
            want: r#"{a={!Base64={Fn::Sub="x"}}}"#,
            why: "a line below",
        },
        Case {
            name: "block text",
            input: "a: |\n  x\n  y\nb: >-\n  x\n  y\n",
            want: r#"{a="x\ny\n" b="x y"}"#,
            why: "literal and folded",
        },
        Case {
            name: "CRLF",
            input: "\u{feff}a: x\r\nb:\r\n  - |\r\n    y\r\n",
            want: r#"{a="x" b=["y\n"]}"#,
            why: "line ends are one",
        },
        Case {
            name: "alias",
            input: "a: &x {k: 1}\nb: *x\nc: [&y z, *y]",
            want: r#"{a={k=1} b={k=1} c=["z" "z"]}"#,
            why: "a copy",
        },
        Case {
            name: "merge",
            input: "a: &x {k: 1, l: 2}\nb:\n  <<: *x\n  k: 3\n",
            want: "{a={k=1 l=2} b={l=2 k=3}}",
            why: "what is written holds",
        },
        Case {
            name: "merge of several",
            input: "a: &x {k: 1}\nb: &y {k: 2, l: 3}\nc: {<<: [*x, *y]}",
            want: "{a={k=1} b={k=2 l=3} c={k=1 l=3}}",
            why: "the first one holds",
        },
        Case {
            name: "quoted merge",
            input: "a: {'<<': {k: 1}}",
            want: "{a={<<={k=1}}}",
            why: "a name like others",
        },
        Case {
            name: "names",
            input: "1: a\ntrue: b\n? [x, y]\n: c\n'': d",
            want: r#"{1="a" true="b" [x, y]="c" ="d"}"#,
            why: "as written",
        },
        Case { name: "empty", input: "# nothing\n", want: "", why: "no document" },
        Case {
            name: "jinja in quotes",
            input: "a: \"{{ x }}\"\nb: |\n  {{ y }}\n",
            want: r#"{a="{{ x }}" b="{{ y }}\n"}"#,
            why: "valid YAML, not a template",
        },
    ]);
}

#[test]
fn versions_of_yaml_differ() {
    let (_, narrow) =
        read_with("a: yes\nb: true", &Options { booleans: Booleans::Narrow, ..Options::default() });
    assert_eq!(show(&narrow), r#"{a="yes" b=true}"#);
}

#[test]
fn broken_documents_keep_what_was_read_and_others_are_read() {
    for (input, want, place) in [
        ("a: 1\nb: [2, x\nc: 3\n", "{a=1 b=[2]}", ("syntax", 3, 2)),
        ("a: 1\n b: c: d\n---\nx: 1\n", "{a=\"1 b\"} --- {x=1}", ("syntax", 2, 3)),
        ("a: \"x\n---\nb: 1\n", "{} --- {b=1}", ("syntax", 1, 4)),
        ("a: *nowhere\n", "{}", ("syntax", 1, 4)),
        ("a: 1\n\tb: 2\n", "{}", ("syntax", 1, 4)),
    ] {
        let (sources, documents) = read_text(input);
        assert_eq!(show(&documents), want, "{input}");
        assert_eq!(troubles(&sources, &documents).first(), Some(&place), "{input}");
    }
}

#[test]
fn aliases_are_bounded() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for at in 1..30 {
        let of = format!("*a{}", at - 1);
        let line = format!("a{at}: &a{at} [{}]\n", [of.as_str(); 9].join(", "));
        bomb.push_str(&line);
    }
    let (sources, documents) = read_text(&bomb);
    assert_eq!(troubles(&sources, &documents), [("bound", 1, 1)]);
    assert!(documents.documents[0].path(&["a29", "0"]).unwrap().why_unknown().is_some());

    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(1 << 20), "*a, ".repeat(5_000));
    let (_, documents) = read_text(&long);
    assert_eq!(documents.troubles.len(), 1);

    let (_, cycle) = read_text("a: &a [*a]\n");
    assert_eq!(show(&cycle), "{a=[?cycle]}");
}

#[test]
fn depth_is_bounded_and_the_rest_is_read() {
    let limits = Limits { depth: 3, ..Limits::default() };
    let options = Options { limits, ..Options::default() };
    let (sources, documents) = read_with("a:\n - - - x\n   - y\nb: 1\n", &options);
    assert_eq!(show(&documents), r#"{a=[[?bound "y"]] b=1}"#);
    assert_eq!(troubles(&sources, &documents), [("bound", 2, 6)]);
    for unit in ["[", "{", "- ", "? ", "a: {", "[a, ", "&a ", "!a ", "*", "--- ", "<<: "] {
        let (_, deep) = read_text(&unit.repeat(20_000));
        assert!(!deep.troubles.is_empty() || deep.documents.len() < 30_000, "{unit}");
    }
}
