//! Parquet files, whole, damaged and hostile.

use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, Int32Array, RecordBatch, StringArray, StructArray,
    builder::{BinaryBuilder, Int32Builder, ListBuilder, MapBuilder, StringBuilder},
};
use arrow_schema::{DataType, Field};
use onehop_input::{Expansion, Format, Options, Reason, Totals};
use parquet::{
    arrow::ArrowWriter,
    basic::{Compression, Encoding},
    file::properties::{WriterProperties, WriterPropertiesBuilder},
};
use proptest::{prelude::*, sample::Index};

use crate::{
    recorder::{Recorder, read_bytes},
    samples::gzip,
};

fn file(batches: &[RecordBatch], properties: WriterPropertiesBuilder) -> Vec<u8> {
    let properties = properties.build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batches[0].schema(), Some(properties)).unwrap();
    for batch in batches {
        writer.write(batch).unwrap();
        writer.flush().unwrap();
    }
    writer.into_inner().unwrap()
}

fn column(name: &str, values: &[&str]) -> RecordBatch {
    let values: ArrayRef = Arc::new(StringArray::from(values.to_vec()));
    RecordBatch::try_from_iter([(name, values)]).unwrap()
}

/// Rows as Security Lake keeps those of a firewall: OCSF 4002.
fn ocsf() -> RecordBatch {
    let path: ArrayRef = Arc::new(StringArray::from(vec![Some("/a?u=http://169.254.169.254/"), None]));
    let port: ArrayRef = Arc::new(Int32Array::from(vec![443, 80]));
    let url = StructArray::from(vec![
        (Arc::new(Field::new("path", DataType::Utf8, true)), path),
        (Arc::new(Field::new("port", DataType::Int32, true)), port),
    ]);
    let request = StructArray::from(vec![(
        Arc::new(Field::new("url", url.data_type().clone(), true)),
        Arc::new(url) as ArrayRef,
    )]);
    let mut labels = ListBuilder::new(StringBuilder::new());
    labels.append_value([Some("a\"b"), None, Some("c\n")]);
    labels.append_null();
    let mut unmapped = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
    unmapped.keys().append_value("ec2RoleDelivery");
    unmapped.values().append_value("1.0");
    unmapped.append(true).unwrap();
    unmapped.append(true).unwrap();
    let mut counts = MapBuilder::new(None, StringBuilder::new(), Int32Builder::new());
    counts.keys().append_value("k");
    counts.values().append_value(1);
    counts.append(true).unwrap();
    counts.append(false).unwrap();
    let mut raw = BinaryBuilder::new();
    raw.append_value(b"r\xff");
    raw.append_value(b"");
    let class: ArrayRef = Arc::new(Int32Array::from(vec![4002, 4002]));
    RecordBatch::try_from_iter_with_nullable([
        ("class_uid", class, true),
        ("http_request", Arc::new(request) as ArrayRef, true),
        ("labels", Arc::new(labels.finish()), true),
        ("unmapped", Arc::new(unmapped.finish()), true),
        ("counts", Arc::new(counts.finish()), true),
        ("raw", Arc::new(raw.finish()), true),
    ])
    .unwrap()
}

const OCSF_LINES: &str = concat!(
    r#"{"http_request":{"url":{"path":"/a?u=http://169.254.169.254/"}},"labels":["a\"b",null,"c\n"],"#,
    r#""unmapped":{"ec2RoleDelivery":"1.0"},"counts":{"k":null},"raw":"r"#,
    "\u{fffd}\"}\n",
    r#"{"http_request":{"url":{}},"unmapped":{},"raw":""}"#,
    "\n"
);

fn read(bytes: &[u8]) -> (Recorder, Totals) {
    read_bytes(bytes, &Options::default())
}

#[test]
fn rows_become_lines_of_json() {
    let compressions = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(parquet::basic::GzipLevel::default()),
        Compression::ZSTD(parquet::basic::ZstdLevel::default()),
        Compression::LZ4_RAW,
        Compression::BROTLI(parquet::basic::BrotliLevel::default()),
    ];
    for compression in compressions {
        let builder = WriterProperties::builder().set_compression(compression);
        let bytes = file(&[ocsf(), ocsf()], builder);
        let (recorder, totals) = read(&bytes);
        assert_eq!(recorder.contents(), [("in", OCSF_LINES.repeat(2))], "{compression}");
        assert_eq!((totals.losses, totals.texts), (0, 1));
    }
}

#[test]
fn a_compressed_file_and_every_encoding_are_read() {
    let values: Vec<String> = (0..3000).map(|number| format!("/path/{}", number % 700)).collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let want: Vec<String> = values.iter().map(|value| format!("{{\"p\":\"{value}\"}}\n")).collect();
    let want = want.concat();
    for encoding in [Encoding::PLAIN, Encoding::DELTA_LENGTH_BYTE_ARRAY, Encoding::DELTA_BYTE_ARRAY] {
        let builder = WriterProperties::builder().set_dictionary_enabled(false).set_encoding(encoding);
        let bytes = file(&[column("p", &values)], builder);
        assert_eq!(read(&gzip(&bytes)).0.contents(), [("in", want.clone())], "{encoding}");
    }
    let bytes = file(&[column("p", &values)], WriterProperties::builder());
    assert_eq!(read(&bytes).0.contents(), [("in", want)], "a dictionary");
}

#[test]
fn a_file_without_text_has_empty_rows() {
    let numbers: ArrayRef = Arc::new(Int32Array::from(vec![1, 2]));
    let bytes = file(&[RecordBatch::try_from_iter([("n", numbers)]).unwrap()], WriterProperties::builder());
    let (recorder, totals) = read(&bytes);
    assert_eq!((recorder.contents(), totals.losses), (vec![("in", "{}\n{}\n".to_owned())], 0));
}

#[test]
fn a_damaged_row_group_does_not_cost_the_next() {
    let values = ["first-row-group", "second-row-group", "third-row-group"];
    let batches: Vec<RecordBatch> = values.iter().map(|value| column("p", &[value])).collect();
    let builder = WriterProperties::builder().set_dictionary_enabled(false);
    let mut bytes = file(&batches, builder);
    let at = memchr::memmem::find(&bytes, b"second-row-group").unwrap();
    // The page header before the page.
    bytes[at - 16..at].fill(0xff);
    let (recorder, totals) = read(&bytes);
    let text = &recorder.contents()[0].1;
    assert_eq!(text, "{\"p\":\"first-row-group\"}\n{\"p\":\"third-row-group\"}\n");
    assert_eq!(totals.losses, 1);
    let reason = totals.lost[0].reason.to_string();
    assert!(reason.starts_with("the Parquet data is damaged (row group 1, after 0 rows: "), "{reason}");
}

#[test]
fn a_file_that_is_cut_short_is_said() {
    let bytes = file(&[ocsf()], WriterProperties::builder());
    for end in [4, 11, bytes.len() / 2, bytes.len() - 1] {
        let (_, totals) = read(&bytes[..end]);
        assert!(
            matches!(&totals.lost[..], [loss] if matches!(loss.reason, Reason::Damaged(Format::Parquet, _)))
        );
    }
}

#[test]
fn pages_are_bounded() {
    let long = "x".repeat(5 << 20);
    let builder = WriterProperties::builder().set_dictionary_enabled(false);
    let bytes = file(&[column("p", &[&long])], builder.set_compression(Compression::SNAPPY));
    let mut options = Options::default();
    assert_eq!(read_bytes(&bytes, &options).1.losses, 0);
    options.decoder_bytes = 1 << 20;
    let (_, totals) = read_bytes(&bytes, &options);
    assert!(totals.lost[0].reason.to_string().contains("allowed"), "{:?}", totals.lost);
}

/// One long value in a dictionary, which every row repeats: a few kilobytes that stand for gigabytes.
#[test]
fn a_dictionary_bomb_stops_at_the_ratio() {
    let long = "x".repeat(100_000);
    let values = vec![long.as_str(); 20_000];
    let bytes =
        file(&[column("p", &values)], WriterProperties::builder().set_compression(Compression::SNAPPY));
    let mut options = Options::default();
    options.expansion = Expansion { ratio: 100, floor_bytes: 1 << 20, max_bytes: 1 << 40 };
    let (_, totals) = read_bytes(&bytes, &options);
    assert!(
        matches!(&totals.lost[..], [loss] if matches!(loss.reason, Reason::Expansion(_))),
        "{:?}",
        totals.lost
    );
    assert!(totals.bytes_out < 6 << 20, "{} of 2 GB", totals.bytes_out);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]
    #[test]
    fn damage_is_an_error_and_no_panic(
        place in any::<Index>(),
        junk in prop::collection::vec(any::<u8>(), 1..6),
        compressed in any::<bool>(),
    ) {
        let compression = if compressed { Compression::SNAPPY } else { Compression::UNCOMPRESSED };
        let mut bytes = file(&[ocsf(), ocsf()], WriterProperties::builder().set_compression(compression));
        let at = 4 + place.index(bytes.len() - 4 - junk.len());
        bytes[at..at + junk.len()].copy_from_slice(&junk);
        let (recorder, totals) = read(&bytes);
        prop_assert_eq!(recorder.texts.len(), 1);
        prop_assert!(totals.losses > 0 || totals.bytes_out > 0);
    }
}
