//! A receiver on the loopback, and what becomes of messages.

#![cfg(feature = "webhook")]

use onehop_notify::{Counts, Webhook, WebhookError};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// Long enough for the slowest machine; nothing waits for it to pass.
const PATIENCE: Duration = Duration::from_secs(20);

/// A receiver that answers as it is told, one connection after the other, and hands on what it got.
fn receiver(answers: &'static [&'static str]) -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let (got, heard) = channel();
    thread::spawn(move || serve(&listener, answers, &got));
    (address, heard)
}

fn serve(listener: &TcpListener, answers: &[&str], got: &Sender<String>) {
    for answer in answers {
        let Ok((stream, _)) = listener.accept() else { return };
        let mut reader = BufReader::new(stream);
        let (mut head, mut length) = (String::new(), 0);
        while reader.read_line(&mut head).is_ok_and(|read| read > 2) {
            let last = head.lines().last().unwrap_or_default().to_ascii_lowercase();
            if let Some(value) = last.strip_prefix("content-length: ") {
                length = value.trim().parse().expect("a length");
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).expect("the body");
        let request = head.lines().next().unwrap_or_default();
        let _ = got.send(format!("{request}|{}", String::from_utf8_lossy(&body)));
        let text = format!("HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        let _ = reader.get_mut().write_all(text.as_bytes());
    }
}

fn webhook(address: SocketAddr) -> Webhook {
    Webhook::parse(&format!("http://{address}/made-up?key=secret")).expect("a URL")
}

fn sent(webhook: Webhook, messages: &[&str]) -> Counts {
    let outlet = webhook.start().expect("it starts");
    for message in messages {
        outlet.offer(message.as_bytes().to_vec());
    }
    outlet.finish(PATIENCE)
}

#[test]
fn findings_are_posted_together() {
    let (address, heard) = receiver(&["200 OK", "204 No Content", "200 OK", "200 OK"]);
    let counts = sent(webhook(address), &["{\"a\":1}\n", "{\"b\":2}\n", "{\"c\":3}\n"]);
    assert_eq!(counts, Counts { delivered: 3, ..Counts::default() });
    let posts: Vec<String> = heard.try_iter().collect();
    let mut all = String::new();
    for post in &posts {
        let (request, body) = post.split_once('|').expect("both");
        assert_eq!(request, "POST /made-up?key=secret HTTP/1.1");
        let inner = body.strip_prefix(r#"{"type":"findings","v":1,"findings":["#).expect("the beginning");
        all.push_str(inner.strip_suffix("]}\n").expect("the end"));
        all.push(',');
    }
    assert_eq!(all, r#"{"a":1},{"b":2},{"c":3},"#, "in their order, in {} posts", posts.len());
}

#[test]
fn what_may_pass_is_tried_again() {
    let (address, heard) = receiver(&["503 Service Unavailable", "429 Too Many Requests", "200 OK"]);
    assert_eq!(sent(webhook(address), &["{}"]), Counts { delivered: 1, ..Counts::default() });
    assert_eq!(heard.try_iter().count(), 3);
}

#[test]
fn refusals_and_redirects_are_failures() {
    struct Case {
        name: &'static str,
        answers: &'static [&'static str],
        want: &'static str,
    }
    for Case { name, answers, want } in [
        Case { name: "a refusal", answers: &["403 Forbidden"], want: "webhook: it answered 403" },
        Case {
            name: "a redirect to where the receiver likes",
            answers: &["307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/", "200 OK"],
            want: "webhook: it answered 307: redirects are refused",
        },
        Case {
            name: "always busy",
            answers: &["500 No", "500 No", "200 OK"],
            want: "webhook: it answered 500, after 2 tries",
        },
    ] {
        let (address, heard) = receiver(answers);
        let mut webhook = webhook(address);
        webhook.tries = 2;
        let counts = sent(webhook, &["{}"]);
        assert_eq!((counts.delivered, counts.failed, counts.dropped), (0, 1, 0), "{name}");
        assert_eq!(counts.failure.as_deref(), Some(want), "{name}");
        assert_eq!(heard.try_iter().count(), if name == "always busy" { 2 } else { 1 }, "{name}");
    }
}

#[test]
fn a_receiver_that_says_nothing_holds_up_nobody() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let mut webhook = webhook(listener.local_addr().expect("an address"));
    (webhook.timeout, webhook.tries, webhook.queue) = (Duration::from_millis(50), 1, 2);
    let outlet = webhook.clone().start().expect("it starts");
    let began = Instant::now();
    for _ in 0..500 {
        outlet.offer(b"{}".to_vec());
    }
    assert!(began.elapsed() < PATIENCE);
    let counts = outlet.finish(PATIENCE);
    assert_eq!((counts.delivered, counts.failed + counts.dropped), (0, 500));
    assert!(counts.dropped >= 400, "{counts:?}");
    let failure = counts.failure.expect("told");
    assert!(failure.ends_with("after 1 tries") && !failure.contains("secret"), "{failure}");

    webhook.timeout = Duration::from_secs(600);
    let outlet = webhook.start().expect("it starts");
    outlet.offer(b"{}".to_vec());
    let counts = outlet.finish(Duration::from_millis(20));
    assert_eq!((counts.delivered, counts.dropped), (0, 1), "the end does not wait for it");
}

#[test]
fn other_urls_are_refused_without_being_repeated() {
    for url in ["ftp://a/", "made-up-secret", "file:///etc/passwd", ""] {
        let error = Webhook::parse(url).expect_err(url);
        assert!(matches!(error, WebhookError::Url) && !error.to_string().contains("secret"));
    }
}
