use super::{Case, check, read_text, read_with, show, troubles};
use onehop_code::Sources;
use onehop_document::json::{Event, Reader};
use onehop_document::{Limits, Options, parse_json, parse_json_where};

#[test]
fn values_are_read() {
    check(&[
        Case {
            name: "all kinds",
            input: r#"{"a":[1,-2.5e1,true,false,null,""]}"#,
            want: r#"{a=[1 -25 true false null ""]}"#,
            why: "RFC 8259",
        },
        Case { name: "empty", input: "{ }", want: "{}", why: "nothing inside" },
        Case {
            name: "escapes",
            input: r#"["\"\\\/\b\f\n\r\t\u00e9\u0041"]"#,
            want: r#"["\"\\/\u{8}\u{c}\n\r\téA"]"#,
            why: "every escape",
        },
        Case {
            name: "pair",
            input: r#"["\ud83d\ude00x"]"#,
            want: "[\"😀x\"]",
            why: "two halves are one character",
        },
        Case {
            name: "half",
            input: r#"["\ud83dx\udc00\ud83d\u0041"]"#,
            want: "[\"\u{fffd}x\u{fffd}\u{fffd}A\"]",
            why: "half a pair stands for nothing",
        },
        Case {
            name: "duplicates",
            input: r#"{"a":1,"a":2}"#,
            want: "{a=1 a=2}",
            why: "both are kept in order",
        },
        Case {
            name: "tabs",
            input: "{\t\"a\"\t:\t1}",
            want: "{a=1}",
            why: "space of JSON, which YAML would refuse",
        },
        Case {
            name: "several",
            input: "{\"a\":1}\n{\"a\":2}\n",
            want: "{a=1} --- {a=2}",
            why: "lines of JSON",
        },
        Case {
            name: "mark and CRLF",
            input: "\u{feff}{\r\n\"a\": 1\r\n}\r\n",
            want: "{a=1}",
            why: "what Windows writes",
        },
        Case {
            name: "flow YAML",
            input: "{a: b, c: [d]}",
            want: r#"{a="b" c=["d"]}"#,
            why: "no JSON, but YAML",
        },
        Case {
            name: "comments",
            input: "{\n# why\n\"a\": 1,\n}",
            want: "{a=1}",
            why: "YAML has comments and trailing commas",
        },
    ]);
}

#[test]
fn broken_text_has_a_place_and_keeps_what_was_read() {
    for (input, want, place) in [
        (r#"{"a":1,"b":{"c":[2,"#, "{a=1 b={c=[2]}}", (1, 20)),
        ("{\"a\":1,\n\"b\":\u{1}}", "{a=1}", (2, 5)),
        ("{\"a\":\"x\n", "{}", (1, 6)),
        ("{\"a\":tru}{", "{}", (1, 6)),
        ("[1,--2]", "[1]", (1, 4)),
        ("[\"\\x\"\u{0}", "[]", (1, 3)),
        ("{\"a\" 1", "{}", (1, 6)),
    ] {
        let mut sources = Sources::default();
        let file = sources.add("a.json", input.as_bytes());
        let documents = parse_json(file, sources.of(file), &Options::default());
        assert_eq!(show(&documents), want, "{input}");
        assert_eq!(troubles(&sources, &documents), [("syntax", place.0, place.1)], "{input}");
    }
}

#[test]
fn bounds_hold_and_the_rest_is_read() {
    let limits = Limits { depth: 3, ..Limits::default() };
    let (sources, deep) = read_with(r#"{"a":[[[["]]"]]]],"b":1}"#, &Options { limits, ..Options::default() });
    assert_eq!(show(&deep), "{a=[[?bound]] b=1}");
    assert_eq!(troubles(&sources, &deep), [("bound", 1, 8)]);

    let limits = Limits { nodes: 4, ..Limits::default() };
    let (_, many) = read_with("[1,2,3,4,5]", &Options { limits, ..Options::default() });
    assert_eq!(show(&many), "[1 2 3]");

    let limits = Limits { bytes: 4, ..Limits::default() };
    let (_, long) = read_with("[1,2,3,4,5]", &Options { limits, ..Options::default() });
    assert_eq!((show(&long).as_str(), long.troubles.len()), ("", 1));

    let (_, nested) = read_text(&"[".repeat(200_000));
    assert!(!nested.troubles.is_empty());
}

#[test]
fn unwanted_members_are_passed() {
    let text = r#"{"skip":{"x":["]}\"",{}]},"changes":[{"address":"a","before":{"y":1},"after":2},{"address":"b"}]}"#;
    let mut sources = Sources::default();
    let file = sources.add("plan.json", text.as_bytes());
    let mut want = |path: &[&str]| match path {
        ["changes"] => true,
        ["changes", "*", name] => *name != "before",
        _ => false,
    };
    let documents = parse_json_where(file, sources.of(file), &Options::default(), &mut want);
    assert_eq!(show(&documents), r#"{changes=[{address="a" after=2} {address="b"}]}"#);
    assert!(documents.troubles.is_empty());
}

#[test]
fn a_reader_skips_and_goes_on() {
    let mut reader = Reader::new(r#"{"a": [1, {"b": "]"}], "c": 2}"#);
    assert_eq!(reader.next_event().unwrap().unwrap().event, Event::ObjectStart);
    assert_eq!(reader.next_event().unwrap().unwrap().event, Event::Key("a".into()));
    assert_eq!(reader.skip().unwrap(), (6, 21));
    assert_eq!(reader.next_event().unwrap().unwrap().event, Event::Key("c".into()));
    assert_eq!(reader.next_event().unwrap().unwrap().event, Event::Number("2"));
    assert_eq!(reader.depth(), 1);
    assert_eq!(reader.next_event().unwrap().unwrap().event, Event::ObjectEnd);
    assert_eq!(reader.next_event(), Ok(None));
}
