use super::*;

const DOWNGRADE: &str = r#"{"eventTime":"2026-01-02T03:04:05Z","eventSource":"ec2.amazonaws.com","eventName":"ModifyInstanceMetadataOptions","awsRegion":"us-east-1","recipientAccountId":"111122223333","requestParameters":{"ModifyInstanceMetadataOptionsRequest":{"InstanceId":"i-0123456789abcdef0","HttpTokens":"optional"}}}"#;
const OTHER: &str =
    r#"{"eventTime":"2026-01-02T03:04:06Z","eventSource":"s3.amazonaws.com","eventName":"ListBuckets"}"#;

/// Lines and offsets of the facts, and the records counted, when a text comes in chunks of this size.
fn read(text: &[u8], size: usize) -> (Vec<(u64, u64)>, u64) {
    let mut reader = TrailReader::default();
    let mut places = Vec::new();
    for (number, chunk) in text.chunks(size).enumerate() {
        reader.feed((number * size) as u64, chunk, &mut |facts| {
            places.push((facts.place.line, facts.place.offset));
        });
    }
    reader.end();
    assert_eq!(reader.lines(), memchr::memchr_iter(b'\n', text).count() as u64);
    (places, reader.tally.records)
}

#[test]
fn records_do_not_depend_on_where_chunks_end() {
    let records = [OTHER, DOWNGRADE, OTHER, OTHER, DOWNGRADE].join(",\n");
    let text = format!("{{\"Records\":[{records}]}}\n");
    let whole = read(text.as_bytes(), text.len());
    assert_eq!((whole.0.len(), whole.1), (2, 5));
    assert_eq!(whole.0.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 5]);
    for (_, offset) in &whole.0 {
        let at = usize::try_from(*offset).expect("a small text");
        assert!(text[at..].starts_with(DOWNGRADE), "the place is where the record begins");
    }
    for size in [1, 7, 64, 100, 333, 1000] {
        assert_eq!(read(text.as_bytes(), size).0, whole.0, "chunks of {size}");
    }
}

#[test]
fn a_record_that_breaks_off_is_counted() {
    let mut reader = TrailReader::default();
    reader.feed(0, &DOWNGRADE.as_bytes()[..100], &mut |_| {});
    reader.end();
    assert_eq!(reader.tally.incomplete, 1);
}
