//! Captured packets: the same requests and names however the bytes are cut, within bounds, each counted once.
//!
//! The input is a capture. Its last byte also says into what pieces it is cut for the second reading.

use crate::Reached;
use onehop_capture::{
    BODY_MAX_BYTES, Capture, Damage, Exchange, HEAD_MAX_BYTES, HELD_MAX_BYTES, Record, Tally, is_capture,
};

/// What the container holds of a packet that is not complete.
const FRAME_MAX_BYTES: usize = 2 << 20;

/// Reads one capture.
pub fn run(data: &[u8]) -> Reached {
    let (records, tally, result) = read(data, data.len().max(1));
    let size = 1 + usize::from(data.last().copied().unwrap_or(0));
    assert!(read(data, size) == (records.clone(), tally, result), "another reading in pieces of {size}");
    let requests = records.iter().filter(|record| matches!(record, Record::Exchange(_))).count();
    assert_eq!(tally.requests, requests as u64);
    assert_eq!(tally.answers, (records.len() - requests) as u64);
    for record in &records {
        check(record, &tally, data);
    }
    let is_sound = result.is_ok();
    assert!(is_capture(data) || !is_sound, "what does not begin as a capture is damage");
    Reached::accepted_if(is_sound)
}

fn read(data: &[u8], size: usize) -> (Vec<Record>, Tally, Result<(), Damage>) {
    let mut capture = Capture::default();
    let mut records = Vec::new();
    let mut result = Ok(());
    for piece in data.chunks(size) {
        result = capture.push(piece, &mut |record| records.push(record));
        assert!(capture.held() <= HELD_MAX_BYTES + FRAME_MAX_BYTES, "{} bytes are held", capture.held());
        if result.is_err() {
            break;
        }
    }
    let ended = capture.end(&mut |record| records.push(record));
    let tally = *capture.tally();
    let lacks =
        tally.cut + tally.missing + tally.fragments + tally.unknown_links + tally.blocks + tally.given_up;
    assert_eq!(tally.lacks().is_some(), lacks > 0);
    (records, tally, result.and(ended))
}

fn check(record: &Record, tally: &Tally, data: &[u8]) {
    match record {
        Record::Exchange(exchange) => check_exchange(exchange, tally, data),
        Record::Names(names) => {
            assert!((1..=tally.packets).contains(&names.packet));
            assert!(!names.query.is_empty() || names.answers.len() <= data.len());
        }
        _ => {}
    }
}

fn check_exchange(exchange: &Exchange, tally: &Tally, data: &[u8]) {
    assert!((1..=tally.packets).contains(&exchange.packet));
    assert!(!exchange.method.is_empty() && exchange.method.len() + exchange.target.len() <= HEAD_MAX_BYTES);
    assert!(exchange.body.len() <= BODY_MAX_BYTES);
    // Everything that is told was in the capture, in one piece if a packet held it.
    let parts = exchange.headers.iter().flat_map(|(name, value)| [name, value]);
    let told: usize = parts.map(Vec::len).sum::<usize>() + exchange.target.len() + exchange.body.len();
    assert!(told <= data.len(), "{told} bytes are told of {}", data.len());
    assert!(
        exchange.client.port() != exchange.server.port() || exchange.client != exchange.server || told > 0
    );
}
