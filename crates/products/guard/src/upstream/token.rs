//! The guard's own token for the upstream: one for all callers, renewed before it ends and once when it is refused.

use super::UpstreamError;
use super::exchange::Exchange;
use http::{HeaderValue, StatusCode};
use onehop_imds::token::{TOKEN_LENGTH, TOKEN_TTL_MAX_SECONDS};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// A token is renewed when a tenth of its life is left.
const RENEW_AFTER: Duration = Duration::from_secs(TOKEN_TTL_MAX_SECONDS as u64 / 10 * 9);
/// Longest token that is kept; longer ones are not what this protocol has.
const TOKEN_MAX_LENGTH: usize = TOKEN_LENGTH * 4;

/// A token of the upstream.
#[derive(Debug)]
pub(super) struct Held {
    /// Marked sensitive: its `Debug` form is masked.
    pub(super) value: HeaderValue,
    /// Which token this is, so that those who saw the same one refused renew it once together.
    pub(super) number: u64,
    since: Instant,
}

/// Where the token is kept.
#[derive(Debug, Default)]
pub(super) struct TokenStore {
    held: RwLock<Option<Arc<Held>>>,
    renewing: tokio::sync::Mutex<()>,
    requests: AtomicU64,
    failures: AtomicU64,
}

impl TokenStore {
    /// The token in hand, or a fresh one.
    pub(super) async fn current(&self, exchange: &Exchange) -> Result<Arc<Held>, UpstreamError> {
        match self.held() {
            Some(held) if held.since.elapsed() < RENEW_AFTER => Ok(held),
            Some(old) => self.renew(exchange, old.number).await,
            None => self.renew(exchange, 0).await,
        }
    }

    /// A token other than the one with this number. Those who waited for a request that failed fail with it: were
    /// each to try for itself, the last would wait for the time-outs of all.
    pub(super) async fn renew(&self, exchange: &Exchange, refused: u64) -> Result<Arc<Held>, UpstreamError> {
        let failures = self.failures.load(Ordering::Relaxed);
        let _one_at_a_time = self.renewing.lock().await;
        if let Some(held) = self.held().filter(|held| held.number > refused) {
            return Ok(held);
        }
        if self.failures.load(Ordering::Relaxed) != failures {
            return Err(UpstreamError::TokenShared);
        }
        let renewed = self.request(exchange, refused + 1).await;
        if renewed.is_err() {
            self.failures.fetch_add(1, Ordering::Relaxed);
        }
        renewed
    }

    async fn request(&self, exchange: &Exchange, number: u64) -> Result<Arc<Held>, UpstreamError> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let since = Instant::now();
        let answer = exchange.token().await?;
        if answer.status != StatusCode::OK {
            return Err(UpstreamError::TokenStatus(answer.status));
        }
        let held = Arc::new(Held { value: token_value(&answer.body)?, number, since });
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&held));
        Ok(held)
    }

    pub(super) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    fn held(&self) -> Option<Arc<Held>> {
        self.held.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn token_value(body: &[u8]) -> Result<HeaderValue, UpstreamError> {
    let fits = !body.is_empty() && body.len() <= TOKEN_MAX_LENGTH && body.iter().all(u8::is_ascii_graphic);
    let mut value = fits.then(|| HeaderValue::from_bytes(body).ok()).flatten().ok_or(UpstreamError::Token)?;
    value.set_sensitive(true);
    Ok(value)
}
