use super::*;
use onehop_report::Place;

const ATTEMPT: &str = r#"203.0.113.9 - - [10/Oct/2026:13:55:36 +0000] "GET /?u=http%3A%2F%2F169.254.169.254%2F HTTP/1.1" 200 5 "-" "-""#;
const BENIGN: &str = r#"203.0.113.9 - - [10/Oct/2026:13:55:37 +0000] "GET /a.png HTTP/1.1" 200 5 "-" "-""#;

/// Line and offset of each finding, and the lines counted.
fn scan(text: &[u8], cuts: &[usize]) -> (Vec<(u64, u64)>, u64) {
    let (mut places, mut lines) = (Vec::new(), 0);
    let mut scanner = Scanner::new(None, |event| {
        match event {
            Event::Finding(finding) => {
                let Place::Text { region, .. } = &finding.place else { return true };
                places.push((region.line, region.offset));
            }
            Event::Ended(ended) => lines = ended.lines,
            _ => {}
        }
        true
    });
    scanner.begin(&SourceName::new(b"a.log"));
    let mut from = 0;
    for cut in cuts.iter().copied().chain([text.len()]) {
        let bytes = &text[from..cut];
        if !bytes.is_empty() {
            let is_continuation = from > 0 && text[from - 1] != b'\n';
            let ends_line = cut == text.len() || bytes.ends_with(b"\n");
            scanner.text(Chunk { bytes, offset: from as u64, is_continuation, ends_line });
        }
        from = cut;
    }
    scanner.end(&Totals::default());
    drop(scanner);
    (places, lines)
}

fn text() -> Vec<u8> {
    let lines: Vec<&str> = (0..60).map(|line| if line % 7 == 3 { ATTEMPT } else { BENIGN }).collect();
    (lines.join("\n") + "\n").into_bytes()
}

#[test]
fn findings_and_lines_do_not_depend_on_where_chunks_end() {
    let text = text();
    let whole = scan(&text, &[]);
    assert_eq!(whole.1, 60);
    assert_eq!(
        whole.0.iter().map(|(line, _)| *line).collect::<Vec<_>>(),
        [4, 11, 18, 25, 32, 39, 46, 53, 60]
    );
    let ends: Vec<usize> = memchr::memchr_iter(b'\n', &text).map(|end| end + 1).collect();
    for step in [1, 2, 7, 31] {
        let cuts: Vec<usize> = ends.iter().copied().step_by(step).collect();
        assert_eq!(scan(&text, &cuts), whole, "every {step} lines");
    }
}

/// A host that is an ordinary word counts in a field for hosts, also where programs share a file.
#[test]
fn hosts_are_known_in_lines_of_other_programs() {
    let lines = [
        r#"{"timestamp":"2024-05-01T00:00:00.0+0000","flow_id":1,"event_type":"http","src_ip":"192.0.2.1","dest_ip":"192.0.2.2","http":{"hostname":"instance-data","url":"/"}}"#,
        r#"{"ClientIP":"192.0.2.1","ClientRequestHost":"instance-data","ClientRequestURI":"/","RayID":"1"}"#,
        r#"192.0.2.1:46083 [01/May/2024:00:11:58.799] in app/1 0/0/1/4/5 200 394 - - ---- 1/1/1/1/0 0/0 {metadata|-} "GET / HTTP/1.1""#,
        r"2024-05-01 00:00:00 10.0.0.7 GET / - 80 - 192.0.2.1 x/1 - - 169.16689662 200 0 0 491 480",
    ];
    for first in lines {
        let text = [&[first], &lines[..]].concat().join("\n");
        let found: Vec<u64> = scan(text.as_bytes(), &[]).0.into_iter().map(|(line, _)| line).collect();
        assert_eq!(found, [1, 2, 3, 4, 5], "{first}");
    }
}

/// IIS begins anew with names of its own whenever it starts, and so does every file that was put into this one.
#[test]
fn each_line_is_read_by_the_names_above_it() {
    let line = "2024-05-01 00:00:00 - instance-data 7";
    let text = [
        "#Fields: date time cs-uri-stem cs(Referer) sc-status",
        line,
        "#Fields: date time cs-uri-stem cs-host sc-status",
        line,
        "#Fields: date time cs-host cs-uri-stem sc-status",
        line,
        "#Fields: date time s-sitename cs-host sc-status",
        line,
    ]
    .join("\n");
    let found: Vec<u64> = scan(text.as_bytes(), &[]).0.into_iter().map(|(line, _)| line).collect();
    assert_eq!(found, [4, 8]);
}

#[test]
fn a_last_line_without_an_end_counts() {
    let mut text = text();
    text.pop();
    assert_eq!(scan(&text, &[]), scan(&self::text(), &[]));
}

#[test]
fn an_attempt_across_the_pieces_of_a_long_line_is_found_once() {
    let mut line = vec![b'x'; 20_000];
    line.extend_from_slice(b" url=http://169.254.169.254/latest/ ");
    line.extend(vec![b'y'; 20_000]);
    line.push(b'\n');
    for cut in [20_006, 20_012, 20_014, 20_020, 20_030, 10_000, 30_000] {
        let (places, lines) = scan(&line, &[cut]);
        let hosts: Vec<u64> = places.iter().map(|(_, offset)| *offset).collect();
        assert_eq!((hosts, lines), (vec![20_012], 1), "cut at {cut}");
    }
}
