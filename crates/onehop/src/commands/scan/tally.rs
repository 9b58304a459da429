//! What a scan counts on its way, and says at its end.

use crate::output;
use onehop_logs::blind_spots;
use onehop_report::{End, Facts, Notice, NoticeCode};
use onehop_scan::Ended;
use std::collections::BTreeSet;
use time::OffsetDateTime;

/// What was counted on the way.
#[derive(Debug, Default)]
pub(super) struct Tally {
    texts: u64,
    lines: u64,
    looked_at: u64,
    bytes: u64,
    formats: BTreeSet<&'static str>,
    blind: BTreeSet<&'static str>,
    lost: Vec<String>,
    losses: u64,
}

impl Tally {
    /// Losses that are told one by one.
    const LOST_MAX: usize = 100;

    pub(super) fn add(&mut self, ended: &Ended) {
        self.texts += 1;
        self.lines += ended.lines;
        self.looked_at += ended.looked_at;
        self.bytes += ended.totals.bytes_out;
        if ended.totals.bytes_out > 0 {
            self.formats.insert(ended.format.as_str());
            self.blind.extend(blind_spots(ended.format));
        }
        for loss in &ended.totals.lost {
            self.lose(loss.to_string());
        }
        self.losses += ended.totals.losses.saturating_sub(ended.totals.lost.len() as u64);
    }

    pub(super) fn lose(&mut self, text: String) {
        output::warning(&text);
        self.losses += 1;
        if self.lost.len() < Self::LOST_MAX {
            self.lost.push(text);
        }
    }

    pub(super) fn has_lost(&self) -> bool {
        self.losses > 0
    }

    pub(super) fn end(&self, undelivered: Vec<String>) -> End {
        let facts = Facts::new()
            .with("files", self.texts)
            .with("lines", self.lines)
            .with("bytes", self.bytes)
            .with("lines_decoded", self.looked_at)
            .with("formats", self.formats.iter().copied().collect::<Vec<_>>());
        let incomplete = |text: &String| Notice { code: NoticeCode::Incomplete, text: text.clone() };
        let blind = |text: &&str| Notice { code: NoticeCode::CannotShow, text: (*text).to_owned() };
        let undelivered = undelivered.into_iter().map(|text| Notice { code: NoticeCode::NotDelivered, text });
        let notices =
            self.lost.iter().map(incomplete).chain(undelivered).chain(self.blind.iter().map(blind)).collect();
        End { time: OffsetDateTime::now_utc(), facts, notices }
    }
}
