use crate::format::Format;
use crate::layout::{Layout, LayoutError};
use crate::record::Record;

#[test]
fn contradictions_are_refused() {
    assert_eq!(Layout::of(Format::LogFormat, None), Err(LayoutError::Missing(Format::LogFormat)));
    assert_eq!(Layout::of(Format::Waf, Some("$a")), Err(LayoutError::Fixed(Format::Waf)));
    assert_eq!(Layout::of(Format::Squid, Some("%a")), Err(LayoutError::Fixed(Format::Squid)));
    assert_eq!(Layout::of(Format::Nginx, Some("x")), Err(LayoutError::NoFields("x".to_owned())));
    assert_eq!(
        Layout::of(Format::CloudFrontRealtime, Some(" ,")),
        Err(LayoutError::NoFields(" ,".to_owned()))
    );
    for format in Format::ALL.iter().filter(|format| **format != Format::LogFormat) {
        assert_eq!(Layout::of(*format, None).map(|layout| layout.format()), Ok(*format));
    }
}

#[test]
fn columns_are_named_by_the_user() {
    for (format, names, line, want) in [
        (
            Format::CloudFrontRealtime,
            "timestamp, c-ip,\ncs-uri-stem",
            "1741768740.1\t192.0.2.1\t/a",
            "cs-uri-stem",
        ),
        (Format::ZeekTsv, "ts id.orig_h answers", "1741768740.1\t192.0.2.1\t/a", "answers"),
        (Format::Iis, "#Fields: c-ip cs(X-Up)", "192.0.2.1 /a", "cs(X-Up)"),
        (Format::VpcFlow, "srcaddr pkt-dstaddr", "192.0.2.1 /a", "pkt-dstaddr"),
    ] {
        let layout = Layout::of(format, Some(names)).expect("names are there");
        let mut record = Record::default();
        assert!(layout.read(line.as_bytes(), &mut record), "{format:?}");
        assert_eq!(record.source, Some(&b"192.0.2.1"[..]));
        assert_eq!(record.field(want).map(|field| field.raw), Some(&b"/a"[..]), "{format:?}");
    }
}

#[test]
fn a_record_forgets_the_line_before() {
    let layout = Layout::of(Format::JsonLines, None).expect("needs no string");
    let mut record = Record::default();
    assert!(layout.read(br#"{"status":200,"method":"GET","a":"b"}"#, &mut record));
    assert_eq!((record.status, record.fields.len()), (Some(200), 3));
    assert!(layout.read(br#"{"c":"d"}"#, &mut record));
    assert_eq!((record.status, record.method, record.fields.len()), (None, None, 1));
    assert!(!layout.read(br#"{"status":500,"c":"#, &mut record));
    assert_eq!(record, Record::default());
}

#[test]
fn what_is_not_read_is_text() {
    let layout = Layout::of(Format::Nginx, None).expect("needs no string");
    let mut record = Record::default();
    assert!(!layout.read_or_text(b"2025/03/12 08:00:00 [error] 1#1: *1 upstream", &mut record));
    assert_eq!(record.fields.len(), 1);
    assert_eq!(record.fields[0].name, "line");
    assert!(Layout::text().read(b"", &mut record));
}

/// The log of a proxy in a container may be text or JSON under one name.
#[test]
fn writers_of_two_forms_are_read_in_both() {
    for (format, line) in [
        (Format::EnvoyText, r#"{"upstream_host":"10.0.0.1:80"}"#),
        (Format::ApiGateway, r#"{"ip":"192.0.2.1"}"#),
        (Format::ZeekTsv, r#"  {"id.resp_h":"10.0.0.1"},"#),
        (Format::ApacheCombined, r#"192.0.2.1 - - [12/Mar/2025:08:00:00 +0000] "GET / HTTP/1.1" 200 1"#),
    ] {
        let layout = Layout::of(format, None).expect("needs no string");
        let mut record = Record::default();
        assert!(layout.read(line.as_bytes(), &mut record), "{format:?}");
    }
}
