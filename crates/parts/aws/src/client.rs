//! The one path that every call takes.
//!
//! ```text
//! Operation ─▶ Request ─▶ pace ─▶ keys ─▶ sign ─▶ transport ─▶ 2xx ─▶ parse ─▶ Output
//!                 ▲                                              └─▶ Problem ─▶ may it pass? ─no─▶ CallError
//!                 └──────────────────── back off ◀──────────────────────────────┘ yes, attempts left
//! ```
//!
//! An error page that is no XML and no JSON, with status 500, is how emulators say that they lack an operation: it is
//! not tried again. An operation that is not idempotent is tried again only when the service says that it did nothing.

use crate::action::Action;
use crate::error::{CallError, Failure, Problem, Unreadable};
use crate::keys::Keys;
use crate::ops::sts::AssumeRole;
use crate::pace::{Pace, back_off};
use crate::request::Request;
use crate::service::Service;
use crate::settings::Settings;
use crate::sign::signed;
use crate::transport::{Answer, Transport};
use crate::{fault, xml};
use bytes::Bytes;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::time::Instant;

/// Something that can be called.
pub trait Operation: Clone + Send + Sync + 'static {
    /// What it answers with.
    type Output: Send + 'static;

    /// Which one it is.
    const ACTION: Action;

    /// What is sent.
    fn request(&self) -> Request;

    /// Reads an answer.
    ///
    /// # Errors
    /// The text is not what the operation answers with.
    fn parse(body: &[u8]) -> Result<Self::Output, Unreadable>;
}

/// An operation that answers in pages.
pub trait Paged: Operation {
    /// The token of the page after this one.
    fn next(output: &Self::Output) -> Option<&str>;

    /// Asks for the page of a token.
    fn at(&mut self, token: String);
}

/// Calls the services of one region with one set of keys. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    shared: Arc<Shared>,
    keys: Keys,
    region: Arc<str>,
}

/// By service and region.
type Paces = HashMap<(Service, Arc<str>), Arc<Pace>>;

#[derive(Debug)]
struct Shared {
    transport: Transport,
    settings: Settings,
    paces: Mutex<Paces>,
}

impl Client {
    /// A client for a region.
    pub fn new(keys: Keys, region: &str, settings: Settings) -> Client {
        let transport = Transport::new(&settings);
        let shared = Arc::new(Shared { transport, settings, paces: Mutex::default() });
        Client { shared, keys, region: region.into() }
    }

    /// The region.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// Its bounds and waits.
    pub fn settings(&self) -> &Settings {
        &self.shared.settings
    }

    /// The same keys in another region.
    #[must_use]
    pub fn in_region(&self, region: &str) -> Client {
        Client { region: region.into(), ..self.clone() }
    }

    /// The same region with the keys of a role, which is assumed when first needed and again before it expires.
    #[must_use]
    pub fn with_role(&self, ask: AssumeRole) -> Client {
        Client { keys: Keys::role(self.clone(), ask), ..self.clone() }
    }

    /// Calls an operation once; attempts as often as [`Settings`] say.
    ///
    /// # Errors
    /// What the last attempt failed with.
    pub async fn call<O: Operation>(&self, operation: &O) -> Result<O::Output, CallError> {
        let (body, attempts) = self.fetch(O::ACTION, &operation.request()).await?;
        let output = self.read::<O>(&body, attempts);
        self.shared.transport.give_back(body);
        output
    }

    /// Calls for each page. The request for a page goes out before the one before it has been read.
    ///
    /// # Errors
    /// A page failed, or there are more than [`Settings::pages_max`], or a page leads back to itself. What was told by
    /// then was told.
    pub async fn pages<O: Paged>(
        &self,
        mut operation: O,
        mut each: impl FnMut(O::Output),
    ) -> Result<(), CallError> {
        let mut ahead: Option<(String, Ahead)> = None;
        let mut token: Option<String> = None;
        for _ in 0..self.shared.settings.pages_max {
            let (body, attempts) = match ahead.take() {
                Some((guess, fetched)) if Some(&guess) == token.as_ref() => {
                    fetched.wait(self, O::ACTION).await?
                }
                _ => self.fetch(O::ACTION, &operation.request()).await?,
            };
            if let Some(guess) = xml::guess_next_token(&body).filter(|guess| Some(guess) != token.as_ref()) {
                operation.at(guess.clone());
                ahead = Some((guess, Ahead::start(self.clone(), O::ACTION, operation.request())));
            }
            let output = self.read::<O>(&body, attempts)?;
            self.shared.transport.give_back(body);
            let next = O::next(&output).filter(|next| !next.is_empty()).map(ToOwned::to_owned);
            each(output);
            match next {
                None => return Ok(()),
                Some(next) if Some(&next) == token.as_ref() => {
                    return Err(self.error(O::ACTION, Problem::Unreadable, "a page leads back to itself"));
                }
                Some(next) => {
                    operation.at(next.clone());
                    token = Some(next);
                }
            }
        }
        Err(self.error(O::ACTION, Problem::Unreadable, "there are more pages than are read"))
    }

    /// Calls for each page and keeps what is picked of each.
    ///
    /// # Errors
    /// As for [`Client::pages`].
    pub async fn all<O: Paged, T>(
        &self,
        operation: O,
        mut pick: impl FnMut(O::Output) -> Vec<T>,
    ) -> Result<Vec<T>, CallError> {
        let mut all = Vec::new();
        self.pages(operation, |page| all.append(&mut pick(page))).await?;
        Ok(all)
    }

    fn read<O: Operation>(&self, body: &[u8], attempts: u32) -> Result<O::Output, CallError> {
        O::parse(body).map_err(|error| {
            let failure = Failure::own(Problem::Unreadable, error.to_string());
            CallError::new(O::ACTION, &self.region, failure, attempts)
        })
    }

    fn error(&self, action: Action, problem: Problem, words: &str) -> CallError {
        CallError::new(action, &self.region, Failure::own(problem, words), 1)
    }

    /// Sends until there is an answer that counts, and says how often.
    async fn fetch(&self, action: Action, request: &Request) -> Result<(Bytes, u32), CallError> {
        let settings = &self.shared.settings;
        let pace = self.pace(action.service());
        let mut attempt = 1;
        loop {
            tokio::time::sleep(pace.wait(Instant::now())).await;
            let failure = match self.attempt(action, request).await {
                Ok(body) => {
                    pace.answered();
                    return Ok((body, attempt));
                }
                Err(failure) => failure,
            };
            if failure.problem == Problem::Throttled {
                pace.throttled();
            }
            if attempt >= settings.attempts_max || !may_repeat(action, failure.problem) {
                return Err(CallError::new(action, &self.region, failure, attempt));
            }
            tokio::time::sleep(back_off(settings, attempt)).await;
            attempt += 1;
        }
    }

    async fn attempt(&self, action: Action, request: &Request) -> Result<Bytes, Failure> {
        let settings = &self.shared.settings;
        let credentials = self.keys.fresh(settings).await?;
        let base = match &settings.endpoint_url {
            Some(url) => url.clone(),
            None => action.service().endpoint(&self.region),
        };
        let wire = signed(action, request, &base, &self.region, &credentials, (settings.clock)())?;
        let exchange = self.shared.transport.send(wire, settings.answer_bytes_max);
        let answer = tokio::time::timeout(settings.attempt_timeout, exchange)
            .await
            .map_err(|_| Failure::own(Problem::Unreachable, "no answer in time"))??;
        match answer {
            Answer { status: 200..300, body, .. } => Ok(body),
            answer => Err(fault::read(&answer)),
        }
    }

    fn pace(&self, service: Service) -> Arc<Pace> {
        let mut paces = self.shared.paces.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Arc::clone(paces.entry((service, Arc::clone(&self.region))).or_default())
    }
}

const fn may_repeat(action: Action, problem: Problem) -> bool {
    // A throttled request did nothing; of the others nobody knows.
    problem.is_retryable() && (action.is_idempotent() || matches!(problem, Problem::Throttled))
}

/// A page that is fetched while the one before it is read. Not fetched further when dropped.
struct Ahead(tokio::task::JoinHandle<Result<(Bytes, u32), CallError>>);

impl Ahead {
    fn start(client: Client, action: Action, request: Request) -> Ahead {
        Ahead(tokio::spawn(async move { client.fetch(action, &request).await }))
    }

    async fn wait(mut self, client: &Client, action: Action) -> Result<(Bytes, u32), CallError> {
        (&mut self.0).await.unwrap_or_else(|_| {
            Err(client.error(action, Problem::Unreachable, "the fetching task was stopped"))
        })
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.0.abort();
    }
}
