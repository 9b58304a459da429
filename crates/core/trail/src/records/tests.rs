use super::*;
use proptest::prelude::*;

struct Case {
    name: &'static str,
    text: &'static str,
    want: &'static [&'static str],
    why: &'static str,
}

const CASES: [Case; 14] = [
    Case {
        name: "file",
        text: r#"{"Records":[{"a":1},{"b":{"c":2}}]}"#,
        want: &[r#"{"a":1}"#, r#"{"b":{"c":2}}"#],
        why: "the list is entered",
    },
    Case {
        name: "spaced file",
        text: "\n { \"Records\" : [\n {\"a\":1} ,\n {} ] }",
        want: &[r#"{"a":1}"#, "{}"],
        why: "pretty-printed",
    },
    Case {
        name: "lookup",
        text: r#"{"Events":[{"a":1}],"NextToken":"x"}"#,
        want: &[r#"{"a":1}"#],
        why: "what lookup-events prints",
    },
    Case {
        name: "list",
        text: r#"[{"a":1},{"b":2}]"#,
        want: &[r#"{"a":1}"#, r#"{"b":2}"#],
        why: "a bare list",
    },
    Case {
        name: "lines",
        text: "{\"a\":1}\n{\"b\":2}\n",
        want: &[r#"{"a":1}"#, r#"{"b":2}"#],
        why: "one a line",
    },
    Case {
        name: "stream",
        text: r#"{"a":1}{"b":2}"#,
        want: &[r#"{"a":1}"#, r#"{"b":2}"#],
        why: "nothing between, as a delivery stream writes",
    },
    Case {
        name: "exported group",
        text: "2026-01-01T00:00:00.000Z {\"a\":1}\n",
        want: &[r#"{"a":1}"#],
        why: "the time before it is passed over",
    },
    Case {
        name: "two files",
        text: "{\"Records\":[{\"a\":1}]}\n{\"Records\":[{\"b\":2}]}",
        want: &[r#"{"a":1}"#, r#"{"b":2}"#],
        why: "the first list ends with its object",
    },
    Case {
        name: "braces in strings",
        text: r#"{"a":"}{\"}{\\"}{"b":"\\\"{"}"#,
        want: &[r#"{"a":"}{\"}{\\"}"#, r#"{"b":"\\\"{"}"#],
        why: "they do not count",
    },
    Case {
        name: "no list",
        text: r#"{"Records":{"a":1}}"#,
        want: &[r#"{"Records":{"a":1}}"#],
        why: "an object of that name is a record",
    },
    Case {
        name: "stray ends",
        text: "}}]{\"a\":1}",
        want: &[r#"{"a":1}"#],
        why: "depth does not go below zero",
    },
    Case {
        name: "end inside",
        text: r#"{"a":{"b":1}"#,
        want: &[r#"{"a":{"b":1}"#],
        why: "what there is, marked incomplete",
    },
    Case {
        name: "broken string",
        text: "{\"a\":\"x\n{\"b\":2}",
        want: &["{\"a\":\"x", r#"{"b":2}"#],
        why: "the next line is read anew",
    },
    Case { name: "empty", text: "", want: &[], why: "nothing" },
];

#[test]
fn the_table_holds() {
    for case in &CASES {
        let seen: Vec<_> =
            records(case.text.as_bytes()).map(|r| String::from_utf8_lossy(r.bytes).into_owned()).collect();
        assert_eq!(seen, case.want, "{}: {}", case.name, case.why);
    }
}

#[test]
fn incomplete_records_say_so() {
    let ends: Vec<bool> = records(b"{\"a\":\"x\n{\"b\":2}{").map(|r| r.complete).collect();
    assert_eq!(ends, [false, true, false]);
}

#[test]
fn every_alignment_is_alike() {
    for pad in 0..130 {
        let text =
            format!("{}{{\"k\":\"\\\\\\\"}}{}\"}}\n{{\"z\":0}}", " ".repeat(pad), "\\\\".repeat(pad % 67));
        assert_eq!(records(text.as_bytes()).count(), 2, "{pad} spaces before");
    }
}

#[test]
fn a_record_beyond_the_bound_is_cut_and_the_next_one_is_found() {
    let mut text = b"{\"a\":[".to_vec();
    text.resize(RECORD_MAX_BYTES + 200, b'1');
    text.extend(b"]}\n{\"b\":2}");
    let seen: Vec<_> = records(&text).collect();
    assert!(!seen[0].complete && seen[0].bytes.len() <= RECORD_MAX_BYTES + block::BYTES);
    assert_eq!(seen.last().map(|r| r.bytes), Some(b"{\"b\":2}".as_slice()));
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf =
        prop_oneof![any::<i32>().prop_map(Into::into), "[ -~\n\t]{0,40}".prop_map(serde_json::Value::from)];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(serde_json::Value::from),
            prop::collection::btree_map("[\"\\\\{}a-c]{0,6}", inner, 0..5)
                .prop_map(|m| m.into_iter().collect()),
        ]
    })
}

fn object() -> impl Strategy<Value = serde_json::Value> {
    prop::collection::btree_map("[\"\\\\{}a-c]{0,6}", json(), 0..5).prop_map(|m| m.into_iter().collect())
}

/// The same, byte by byte.
fn plain(text: &[u8]) -> Vec<(usize, usize, bool)> {
    let (mut depth, mut floor, mut start, mut string, mut skip) = (0_usize, 0, None, false, false);
    let mut out = Vec::new();
    for (at, byte) in text.iter().enumerate() {
        let escaped = std::mem::take(&mut skip);
        match byte {
            b'\n' if string => {
                string = false;
                out.extend(start.take().map(|from| (from, at, false)));
                (depth, floor) = (0, 0);
            }
            b'\\' if !escaped => skip = true,
            b'"' if !escaped => string = !string,
            b'{' if !string => {
                if depth == 0 && wraps_list(&text[at + 1..]) {
                    floor = 1;
                } else if depth == floor {
                    start = Some(at);
                }
                depth += 1;
            }
            b'}' if !string => {
                depth = depth.saturating_sub(1);
                floor = floor.min(depth);
                if depth == floor {
                    out.extend(start.take().map(|from| (from, at + 1, true)));
                }
            }
            _ => {}
        }
    }
    out.extend(start.map(|from| (from, text.len(), false)));
    out
}

proptest! {
    #[test]
    fn valid_records_are_all_found(list in prop::collection::vec(object(), 0..8), pretty: bool, form in 0..3) {
        let write = |v: &serde_json::Value| {
            if pretty { serde_json::to_string_pretty(v) } else { serde_json::to_string(v) }.expect("a value is writable")
        };
        let texts: Vec<String> = list.iter().map(write).collect();
        let text = match form {
            0 => format!("{{\"Records\":[{}]}}", texts.join(",")),
            1 => texts.join("\n"),
            _ => format!("[{}]", texts.join(" , ")),
        };
        let want: Vec<&[u8]> = texts.iter().map(String::as_bytes).collect();
        // An outermost object whose first key is a list of that name would be entered; the keys here cannot be it.
        let seen: Vec<_> = records(text.as_bytes()).collect();
        prop_assert!(seen.iter().all(|r| r.complete));
        prop_assert_eq!(seen.iter().map(|r| r.bytes).collect::<Vec<_>>(), want);
    }

    #[test]
    fn any_bytes_are_split_as_the_plain_walk_does(
        text in prop::collection::vec(prop::sample::select(b"{}{}\"\"\\\n:[] aR\xff".to_vec()), 0..400)
    ) {
        let seen: Vec<_> = records(&text).map(|r| (r.offset, r.offset + r.bytes.len(), r.complete)).collect();
        prop_assert_eq!(seen, plain(&text));
    }

    #[test]
    fn any_bytes_never_panic(text in prop::collection::vec(any::<u8>(), 0..2000)) {
        let mut end = 0;
        for record in records(&text) {
            prop_assert!(record.offset >= end);
            end = record.offset + record.bytes.len();
            prop_assert!(end <= text.len());
        }
    }
}
