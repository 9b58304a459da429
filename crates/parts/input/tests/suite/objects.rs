//! Objects of a store on the loopback address that the test plays itself.

use std::{
    fmt::Write as _,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    thread,
};

use onehop_input::{InputError, Options, Place, Reader, Reason, Source, expand};

use crate::{
    recorder::Recorder,
    samples::{gzip, log},
};

/// Answers requests for as long as the test runs; the thread ends with the process.
fn store() -> Options {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut options = Options::default();
    options.objects.endpoint = Some(format!("http://{}", listener.local_addr().unwrap()));
    options.objects.allow_http = true;
    options.objects.anonymous = true;
    options.objects.region = Some("us-east-1".to_owned());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || serve(stream));
        }
    });
    options
}

fn serve(mut stream: TcpStream) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head).ok()? == 0 {
                return None;
            }
        }
        let target = head.split(' ').nth(1)?;
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let is_first = !head.to_lowercase().contains("\r\nrange:");
        let (status, body) = match path {
            "/logs" if query.contains("prefix=deep%2F") => {
                ("200 OK", listing(&["deep/b c.gz", "deep/a.log"]))
            }
            "/logs" if query.contains("prefix=none%2F") => ("200 OK", listing(&[])),
            "/logs/deep/a.log" => ("200 OK", b"a\n".to_vec()),
            "/logs/deep/b%20c.gz" => ("200 OK", gzip(b"b\n")),
            "/logs/large" => ("200 OK", log(3 << 20)),
            "/logs/short" if is_first => ("200 OK", b"first half\n".to_vec()),
            _ => ("404 Not Found", b"<Error><Code>NoSuchKey</Code></Error>".to_vec()),
        };
        let length = body.len() + if path == "/logs/short" && is_first { 1000 } else { 0 };
        let head = format!(
            "HTTP/1.1 {status}\r\ncontent-length: {length}\r\netag: \"1\"\r\n\
             last-modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(&body).ok()?;
        if length > body.len() {
            return stream.shutdown(std::net::Shutdown::Both).ok();
        }
    }
}

fn listing(keys: &[&str]) -> Vec<u8> {
    let mut contents = String::new();
    for key in keys {
        write!(
            contents,
            "<Contents><Key>{key}</Key><Size>7</Size><LastModified>2026-01-01T00:00:00.000Z</LastModified>\
             <ETag>1</ETag></Contents>"
        )
        .unwrap();
    }
    format!("<ListBucketResult><IsTruncated>false</IsTruncated>{contents}</ListBucketResult>").into_bytes()
}

fn object(key: &str) -> Source {
    Source { index: 0, place: Place::Object { bucket: "logs".to_owned(), key: key.to_owned() }, size: None }
}

#[test]
fn a_prefix_stands_for_its_objects() {
    let options = store();
    let found = expand(&["s3://logs/deep/".into(), "s3://logs/large".into()], &options);
    assert!(found.problems.is_empty(), "{:?}", found.problems);
    let names: Vec<String> = found.sources.iter().map(|source| source.name().to_string()).collect();
    assert_eq!(names, ["s3://logs/deep/b c.gz", "s3://logs/deep/a.log", "s3://logs/large"]);
    let mut recorder = Recorder::default();
    let mut reader = Reader::new(&options);
    for source in &found.sources {
        assert_eq!(reader.read(source, &mut recorder).unwrap().losses, 0);
    }
    assert_eq!(recorder.texts[0].bytes, b"b\n");
    assert_eq!(recorder.texts[1].bytes, b"a\n");
    assert_eq!(recorder.texts[2].bytes, log(3 << 20));
}

#[test]
fn a_store_that_says_no_is_heard() {
    let options = store();
    let missing = Reader::new(&options).read(&object("missing"), &mut Recorder::default());
    assert!(
        matches!(&missing, Err(InputError::Object { place, .. }) if place == "s3://logs/missing"),
        "{missing:?}"
    );
    let empty: PathBuf = "s3://logs/none/".into();
    assert!(matches!(expand(&[empty], &options).problems[..], [InputError::Nothing { .. }]));
    let mut refused = options.clone();
    refused.objects.allow_http = false;
    let error = Reader::new(&refused).read(&object("large"), &mut Recorder::default());
    assert!(matches!(error, Err(InputError::Object { .. })), "{error:?}");
}

#[test]
fn a_body_that_ends_too_early_is_said() {
    let options = store();
    let mut recorder = Recorder::default();
    let totals = Reader::new(&options).read(&object("short"), &mut recorder).unwrap();
    assert_eq!(recorder.texts[0].bytes, b"first half\n");
    assert!(
        matches!(&totals.lost[..], [loss] if matches!(loss.reason, Reason::Unreadable(_))),
        "{:?}",
        totals.lost
    );
}
