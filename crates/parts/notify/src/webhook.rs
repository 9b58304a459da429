//! Findings to a URL: what waits goes out together, in one POST.
//!
//! ```text
//! {"type":"findings","v":1,"findings":[{"type":"finding",…},…]}
//! ```
//! | answer | what follows |
//! |---|---|
//! | 2xx | delivered |
//! | 408, 429, 5xx, none in time, no connection | tried again after a pause that doubles, [`Webhook::tries`] times in all |
//! | 3xx | failed: a redirect is refused |
//! | anything else | failed |

use crate::outlet::{Outlet, Shared, Working};
use reqwest::{Client, StatusCode, Url, header, redirect};
use std::io;
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::Duration;

/// Most findings of one POST.
const BATCH_MAX: usize = 100;
/// Bytes of one POST, unless a single finding is longer.
const BATCH_MAX_BYTES: usize = 1 << 20;
/// The pause before the second try, at first.
const PAUSE: Duration = Duration::from_millis(250);

/// A URL that gets messages.
#[derive(Clone, Debug)]
pub struct Webhook {
    url: Url,
    /// How long one try may take, connection included. Default 10 s.
    pub timeout: Duration,
    /// Tries of one POST. Default 4.
    pub tries: u32,
    /// Messages that may wait. Default 1000.
    pub queue: usize,
}

/// Why a webhook cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WebhookError {
    /// It is no URL that can be posted to. The URL may hold a secret and is not repeated.
    #[error("the webhook is no URL of the form http://HOST/… or https://HOST/…")]
    Url,
    /// The client or its thread cannot be made.
    #[error("no webhook can be called: {0}")]
    System(String),
}

impl Webhook {
    /// A URL of `http` or `https`.
    ///
    /// # Errors
    /// It is none.
    pub fn parse(url: &str) -> Result<Self, WebhookError> {
        let url = Url::parse(url).map_err(|_| WebhookError::Url)?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(WebhookError::Url);
        }
        Ok(Webhook { url, timeout: Duration::from_secs(10), tries: 4, queue: 1000 })
    }

    /// Begins to take messages.
    ///
    /// # Errors
    /// The client or its thread cannot be made.
    pub fn start(self) -> Result<Outlet, WebhookError> {
        // The client brings no cryptography of its own. A provider that the program has installed before stays.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .timeout(self.timeout)
            .user_agent(concat!("onehop/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| WebhookError::System(words(&error)))?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| WebhookError::System(error.to_string()))?;
        let (outlet, receiver, shared) = Outlet::new(self.queue, Box::new(|| {}));
        let working = Working::new(&shared);
        let work = move || {
            while let Some((body, count)) = batch(&receiver)
                && !working.0.is_given_up()
            {
                match runtime.block_on(self.post(&client, body)) {
                    Ok(()) => working.0.delivered(count),
                    Err(why) => failed(&working.0, count, &why),
                }
            }
        };
        thread::Builder::new()
            .name("onehop-webhook".to_owned())
            .spawn(work)
            .map_err(|error: io::Error| WebhookError::System(error.to_string()))?;
        Ok(outlet)
    }

    /// Posts a body, and tries again where that may help.
    async fn post(&self, client: &Client, body: Vec<u8>) -> Result<(), String> {
        let mut pause = PAUSE;
        let mut tries = 1;
        loop {
            let request = client.post(self.url.clone()).header(header::CONTENT_TYPE, "application/json");
            let why = match request.body(body.clone()).send().await {
                Ok(answer) if answer.status().is_success() => return Ok(()),
                Ok(answer) if answer.status().is_redirection() => {
                    return Err(format!("it answered {}: redirects are refused", answer.status().as_u16()));
                }
                Ok(answer) if !is_passing(answer.status()) => {
                    return Err(format!("it answered {}", answer.status().as_u16()));
                }
                Ok(answer) => format!("it answered {}", answer.status().as_u16()),
                // The URL may hold a secret.
                Err(error) => words(&error.without_url()),
            };
            if tries >= self.tries {
                return Err(format!("{why}, after {tries} tries"));
            }
            tokio::time::sleep(pause).await;
            (tries, pause) = (tries + 1, pause * 2);
        }
    }
}

fn failed(shared: &Shared, count: u64, why: &str) {
    shared.failed(count, format_args!("webhook: {why}"));
}

/// Whether a refusal may pass.
fn is_passing(status: StatusCode) -> bool {
    status.is_server_error() || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT)
}

/// Waits for a message, and takes along what else is there. `None` once nothing comes any more.
fn batch(receiver: &Receiver<Vec<u8>>) -> Option<(Vec<u8>, u64)> {
    let mut body = br#"{"type":"findings","v":1,"findings":["#.to_vec();
    body.extend(receiver.recv().ok()?.trim_ascii());
    let mut count = 1;
    while count < BATCH_MAX
        && body.len() < BATCH_MAX_BYTES
        && let Ok(message) = receiver.try_recv()
    {
        body.push(b',');
        body.extend(message.trim_ascii());
        count += 1;
    }
    body.extend(b"]}\n");
    Some((body, count as u64))
}

/// An error and its causes.
fn words(error: &reqwest::Error) -> String {
    let mut words = error.to_string();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        words = format!("{words}: {cause}");
        next = cause.source();
    }
    words
}
