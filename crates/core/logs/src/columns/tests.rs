use crate::columns::{COLUMNS_MAX, Columns};
use crate::format::Format;
use crate::record::Record;

fn columns(format: Format, names: &[&str]) -> Columns {
    let mut columns = Columns::of(format).expect("the format is written in columns");
    if !names.is_empty() {
        columns.name(names.iter().copied());
    }
    columns
}

fn read(columns: &Columns, line: &str) -> Option<String> {
    let mut record = Record::default();
    columns.read(line.as_bytes(), 0, &mut record).then(|| {
        let fields = record.fields.iter().map(|field| format!("{}={}", field.name, field.raw.escape_ascii()));
        fields.collect::<Vec<_>>().join(" ")
    })
}

#[test]
fn a_line_has_the_columns_that_were_named() {
    let iis = columns(Format::Iis, &["date", "cs-uri-stem", "sc-status"]);
    for (line, want) in [
        ("2025-03-12 /a 200", Some("date=2025-03-12 cs-uri-stem=/a sc-status=200")),
        ("2025-03-12 - 200\r", Some("date=2025-03-12 sc-status=200")),
        (
            "2025-03-12 /a 200 more of it",
            Some("date=2025-03-12 cs-uri-stem=/a sc-status=200 rest=more of it"),
        ),
        ("2025-03-12 /a", None),
        ("yesterday /a 200", None),
        ("2025-03-12 /a b", None),
        ("", None),
    ] {
        assert_eq!(read(&iis, line).as_deref(), want, "{line}");
    }
}

/// With more fields than are documented and no header, the names behind those that always come first would be wrong.
#[test]
fn a_longer_line_without_a_header_has_the_names_that_always_hold() {
    let iis = columns(Format::Iis, &[]);
    assert_eq!(
        read(
            &iis,
            "2025-03-12 08:00:00 10.0.0.7 GET / - 80 - 192.0.2.1 x/1 - - 169.16689662 200 0 0 491 480"
        )
        .as_deref(),
        Some(
            "date=2025-03-12 time=08:00:00 s-ip=10.0.0.7 cs-method=GET cs-uri-stem=/ s-port=80 c-ip=192.0.2.1 \
             rest=x/1 - - 169.16689662 200 0 0 491 480"
        )
    );
    let documented = "2025-03-12 08:00:00 10.0.0.7 GET / - 80 - 192.0.2.1 x/1 - 200 0 0 480";
    assert!(
        read(&iis, documented).is_some_and(|fields| fields.ends_with("sc-win32-status=0 time-taken=480"))
    );
}

/// A client can write `" ` into its name: AWS documents no escape for it. The fields behind are not shifted by it.
#[test]
fn a_quote_shifts_no_fields() {
    let alb = columns(Format::Alb, &["user_agent", "ssl_cipher", "trace_id", "matched_rule_priority"]);
    assert_eq!(
        read(&alb, r#""a"b" - "Root=1" 0"#).as_deref(),
        Some(r#"user_agent=a\"b trace_id=Root=1 matched_rule_priority=0"#)
    );
    assert_eq!(
        read(&alb, r#""a" b" - "Root=1" 0"#).as_deref(),
        Some(r#"user_agent=a\" b trace_id=Root=1 matched_rule_priority=0"#),
        "the reading that fits"
    );
    assert_eq!(read(&alb, r#""a" b" - "Root=1" none"#), None, "no reading fits");
    let documented = Columns::of(Format::Alb).expect("it is written in columns");
    let line = |request: &str, agent: &str| {
        let line = format!(
            "http 2025-03-12T08:25:00.186641Z app/shop/0 192.0.2.71:2817 10.0.0.1:80 0.000 0.001 0.000 200 200 34 366 \
             \"{request}\" \"{agent}\" - - arn:a \"Root=1\" \"-\" \"-\" 0 2025-03-12T08:25:00.185000Z \"forward\" \"-\" \
             \"-\" \"10.0.0.1:80\" \"200\" \"-\" \"-\" TID_0"
        );
        let mut record = Record::default();
        let is_read = documented.read(line.as_bytes(), 0, &mut record);
        let text = |name: &str| record.field(name).map(|field| field.value.escape_ascii().to_string());
        is_read.then(|| (text("request"), text("user_agent"), text("trace_id")))
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        line("GET http://a:80/ HTTP/1.1", r#"a" "b" c" "#),
        Some((some("GET http://a:80/ HTTP/1.1"), some(r#"a\" \"b\" c\" "#), some("Root=1")))
    );
    assert_eq!(
        line(r#"GET http://a:80/" b HTTP/1.1"#, r#"a" b"#),
        Some((some(r#"GET http://a:80/\" b HTTP/1.1"#), some(r#"a\" b"#), some("Root=1")))
    );
    assert_eq!(line("GET http://a:80/ HTTP/1.1", &"a\" ".repeat(9)), None, "only so many are tried");
    assert_eq!(read(&alb, r#""a - - 0"#), None, "an open quote");
}

#[test]
fn a_clock_without_a_day_is_no_time() {
    for (names, want) in
        [(&["time", "date"][..], Some(1_741_737_600_000 + 3_600_000)), (&["time", "cs-uri-stem"][..], None)]
    {
        let columns = columns(Format::Iis, names);
        let mut record = Record::default();
        assert!(columns.read(b"01:00:00 2025-03-12", 0, &mut record));
        assert_eq!(record.time.map(crate::time::Time::unix_ms), want, "{names:?}");
    }
}

#[test]
fn zeek_says_how_it_separates() {
    let mut zeek = columns(Format::ZeekTsv, &[]);
    assert_eq!(read(&zeek, "1741768740.1\ta"), None, "nothing is known before the header");
    for line in [
        r"#separator \x7c",
        "#set_separator|;",
        "#empty_field|none",
        "#unset_field|?",
        "#fields|ts|host|answers|uri|query",
        "#types|time|string|set[string]|string|string",
    ] {
        assert!(zeek.header(line.as_bytes()), "{line}");
    }
    assert_eq!(
        read(&zeek, r"1741768740.1|a\x7cb|x;y|none|?").as_deref(),
        Some(r"ts=1741768740.1 host=a\\x7cb answers[0]=x answers[1]=y")
    );
    assert!(!zeek.header(b"1741768740.1|#a"));
}

#[test]
fn header_lines_change_what_follows() {
    let mut iis = columns(Format::Iis, &[]);
    assert!(iis.header(b"#Software: X"));
    assert!(iis.header(b"#Fields: date cs(X-Up)"));
    assert_eq!(read(&iis, "2025-03-12 a+b").as_deref(), Some("date=2025-03-12 cs(X-Up)=a+b"));
    let mut flow = columns(Format::VpcFlow, &[]);
    assert!(flow.header(b"srcaddr dstaddr start"));
    assert!(!flow.header(b"10.0.0.1 10.0.0.2 1741768980"));
    assert!(!flow.header(b"any words in small letters"));
}

#[test]
fn header_lines_are_found_where_they_stand() {
    let iis = columns(Format::Iis, &[]);
    let text = b"#Fields: date\n2025-03-12 #\n#Software: X\n#Fields: date\n";
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = iis.next_header(text, at) {
        found.push(start);
        at = start + 5;
    }
    assert_eq!(found, [0, 27, 40]);
    let flow = columns(Format::VpcFlow, &[]);
    let text = b"eni-1 10.0.0.1\nversion srcaddr dstaddr\n2 10.0.0.1 10.0.0.2\nsrcaddr dstaddr";
    assert_eq!(flow.next_header(text, 0), Some(15));
    assert_eq!(flow.next_header(text, 39), Some(59));
    assert_eq!(flow.next_header(text, 60), None);
    assert_eq!(columns(Format::Alb, &[]).next_header(b"#Fields: a", 0), None);
}

#[test]
fn names_are_bounded() {
    let many = vec!["x"; COLUMNS_MAX + 10];
    let columns = columns(Format::Iis, &many);
    assert_eq!(columns.len(), COLUMNS_MAX);
    let fields = read(&columns, &"y ".repeat(COLUMNS_MAX + 10)).expect("enough columns");
    assert!(fields.contains("rest=y y"));
}
