//! The service behind the guard, read with tokens of the guard's own.
//!
//! ```text
//! Permit<Forward> ──▶ kept? ──yes──▶ answer
//!                      │ no: one read for all who wait for the same target
//!                      ▼
//!            token in hand? ──no──▶ PUT /latest/api/token
//!                      ▼
//!            GET target, Host, token: three parts, written anew ──401──▶ renew once ──▶ GET
//!                      ▼
//!            200, 404: kept for a short while     anything else: an error
//! ```
//!
//! Never falls back to IMDSv1. Answers are bounded in size and time; their headers are not passed on but read.

mod connect;
mod exchange;
mod token;

pub use connect::{Connecting, Connector, IoStream, TcpConnector};
pub use exchange::UpstreamError;

use crate::policy::Forward;
use bytes::Bytes;
use exchange::{Exchange, Read};
use http::{HeaderValue, StatusCode};
use onehop_imds::answer::ContentType;
use onehop_journal::Source;
use onehop_verdict::Permit;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use token::TokenStore;

/// Longest time that an answer is kept; the cache takes no time beyond all bounds.
const KEEP_MAX: Duration = Duration::from_secs(365 * 86_400);

/// How the upstream is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpstreamSettings {
    /// How long an answer is kept, at most a year. Zero keeps none, but identical reads at one moment are still one.
    pub keep: Duration,
    /// Bytes of all kept answers together.
    pub keep_bytes: u64,
    /// Time for one exchange, from dialling to the last byte.
    pub timeout: Duration,
    /// Bytes of one answer's body.
    pub body_max_bytes: usize,
}

impl Default for UpstreamSettings {
    /// One second, 16 MiB, two seconds, 1 MiB.
    fn default() -> Self {
        UpstreamSettings {
            keep: Duration::from_secs(1),
            keep_bytes: 16 << 20,
            timeout: Duration::from_secs(2),
            body_max_bytes: 1 << 20,
        }
    }
}

/// An answer as the guard keeps it.
#[derive(Clone, Debug)]
pub enum Kept {
    /// 200.
    Document {
        /// The body.
        body: Bytes,
        /// What it is served as.
        content_type: ContentType,
        /// The upstream's `Last-Modified`.
        last_modified: Option<HeaderValue>,
    },
    /// 404.
    NotFound,
}

/// The upstream and what is kept of it.
#[derive(Debug)]
pub struct Upstream {
    exchange: Exchange,
    tokens: TokenStore,
    kept: moka::future::Cache<String, Kept>,
    reads: AtomicU64,
}

impl Upstream {
    /// An upstream that is reached through a connector.
    pub fn new(connector: Arc<dyn Connector>, settings: UpstreamSettings) -> Self {
        let weight = |target: &String, kept: &Kept| {
            let body = if let Kept::Document { body, .. } = kept { body.len() } else { 0 };
            u32::try_from(target.len() + body + 128).unwrap_or(u32::MAX)
        };
        Upstream {
            exchange: Exchange::new(connector, settings.timeout, settings.body_max_bytes),
            tokens: TokenStore::default(),
            kept: moka::future::Cache::builder()
                .max_capacity(settings.keep_bytes)
                .weigher(weight)
                .time_to_live(settings.keep.min(KEEP_MAX))
                .build(),
            reads: AtomicU64::new(0),
        }
    }

    /// Reads what a permit names, from what is kept or from the service.
    ///
    /// # Errors
    /// [`UpstreamError`], shared by all who waited for the same read.
    pub async fn read(&self, permit: Permit<Forward>) -> Result<(Kept, Source), Arc<UpstreamError>> {
        let Forward { target, .. } = permit.consume();
        if let Some(kept) = self.kept.get(target.as_str()).await {
            return Ok((kept, Source::Cache));
        }
        let entry = self.kept.entry_by_ref(target.as_str()).or_try_insert_with(self.fetch(&target)).await?;
        // Whoever waited for the read of another was not the one who asked the service.
        let source = if entry.is_fresh() { Source::Upstream } else { Source::Cache };
        Ok((entry.into_value(), source))
    }

    /// Requests sent to the service so far, token requests included.
    pub fn requests(&self) -> u64 {
        self.reads.load(Ordering::Relaxed) + self.tokens.requests()
    }

    async fn fetch(&self, target: &str) -> Result<Kept, UpstreamError> {
        let token = self.tokens.current(&self.exchange).await?;
        let first = self.send(target, &token.value).await?;
        let answer = if first.status == StatusCode::UNAUTHORIZED {
            let renewed = self.tokens.renew(&self.exchange, token.number).await?;
            self.send(target, &renewed.value).await?
        } else {
            first
        };
        match answer.status {
            StatusCode::OK => Ok(Kept::Document {
                content_type: ContentType::of(answer.content_type.as_ref()),
                body: answer.body,
                last_modified: answer.last_modified,
            }),
            StatusCode::NOT_FOUND => Ok(Kept::NotFound),
            status => Err(UpstreamError::Status(status)),
        }
    }

    async fn send(&self, target: &str, token: &HeaderValue) -> Result<Read, UpstreamError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.exchange.read(target, token).await
    }
}

#[cfg(test)]
mod tests;
