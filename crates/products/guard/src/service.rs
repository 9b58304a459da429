//! One request through the guard.

use crate::admission::{Entered, Limit, Limits};
use crate::caller::{Caller, identify};
use crate::counters::Counters;
use crate::gate::{Admitted, Arrived, Gate};
use crate::host::Hosts;
use crate::policy::{Hidden, Policy};
use crate::refusal::refusal;
use crate::upstream::{Connector, Kept, Upstream, UpstreamSettings};
use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::Full;
use hyper::body::{Body as _, Incoming};
use onehop_imds::answer::{self, Answer, ErrorBodies};
use onehop_imds::path::{MetadataPath, PathClass};
use onehop_imds::request::{ImdsVersion, Kind, Request as Asked};
use onehop_imds::time::UnixSeconds;
use onehop_imds::token::TokenKey;
use onehop_journal as journal;
use onehop_journal::{Decision, Journal, Outcome, Source};
use onehop_server::{Accepted, Clock, ConnectionEvent, Handler, Wire, http_date, respond};
use onehop_verdict::{Code, Denied};
use std::num::NonZeroU8;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

mod listing;

/// How a guard is set up.
#[derive(Debug)]
pub struct Settings {
    /// The key that signs the guard's tokens.
    pub key: TokenKey,
    /// The hosts it answers to.
    pub hosts: Hosts,
    /// Who may read what.
    pub policy: Policy,
    /// What one caller may use.
    pub limit: Limit,
    /// How the upstream is read.
    pub upstream: UpstreamSettings,
    /// Hops that the answer to a token request may travel.
    pub hop_limit: NonZeroU8,
    /// Whether connections carry more than one request.
    pub keep_alive: bool,
}

/// The guard. One value serves all workers.
pub struct Guard {
    key: TokenKey,
    hosts: Hosts,
    policy: RwLock<Arc<Policy>>,
    limits: Limits,
    upstream: Upstream,
    hop_limit: NonZeroU8,
    keep_alive: bool,
    journal: Option<Journal>,
    counters: Counters,
    clock: Arc<dyn Clock>,
    started: SystemTime,
    numbers: AtomicU64,
}

impl std::fmt::Debug for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guard").field("upstream", &self.upstream).finish_non_exhaustive()
    }
}

/// A caller's connection.
#[derive(Debug)]
pub struct Connection {
    caller: Caller,
    entered: Entered,
}

/// What became of a request, and why.
struct Verdict {
    answer: Answer,
    outcome: Outcome,
    code: Option<Code>,
    rule: Option<Arc<str>>,
    source: Source,
}

impl Verdict {
    fn allowed(answer: Answer, rule: Option<Arc<str>>, source: Source) -> Self {
        Verdict { answer, outcome: Outcome::Allow, code: None, rule, source }
    }

    fn denied(denied: &Denied, kind: Kind, rule: Option<Arc<str>>) -> Self {
        let code = denied.code();
        let answer = Answer::Refused(refusal(code, kind));
        Verdict { answer, outcome: Outcome::Deny, code: Some(code), rule, source: Source::Local }
    }
}

impl Guard {
    /// A guard in front of what the connector reaches.
    pub fn new(
        settings: Settings,
        connector: Arc<dyn Connector>,
        journal: Option<Journal>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let started = clock.now();
        Guard {
            key: settings.key,
            hosts: settings.hosts,
            policy: RwLock::new(Arc::new(settings.policy)),
            limits: Limits::new(settings.limit),
            upstream: Upstream::new(connector, settings.upstream),
            hop_limit: settings.hop_limit,
            keep_alive: settings.keep_alive,
            journal,
            counters: Counters::default(),
            numbers: AtomicU64::new(0),
            clock,
            started,
        }
    }

    /// What has been counted.
    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    /// The page for Prometheus.
    pub fn metrics(&self) -> String {
        self.counters.page(self.upstream.requests(), self.journal.as_ref())
    }

    /// False while the journal cannot be written.
    pub fn healthy(&self) -> bool {
        self.journal.as_ref().is_none_or(Journal::healthy)
    }

    /// Decides by another policy from here on.
    pub fn replace_policy(&self, policy: Policy) {
        *self.policy.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(policy);
    }

    fn policy(&self) -> Arc<Policy> {
        Arc::clone(&self.policy.read().unwrap_or_else(PoisonError::into_inner))
    }

    async fn decide(
        &self,
        connection: &Connection,
        wire: &Wire,
        request: &Request<Incoming>,
        asked: Asked<'_>,
    ) -> Verdict {
        let policy = self.policy();
        let kind = asked.kind;
        let now = unix_seconds(self.clock.now());
        let gate = Gate { hosts: &self.hosts, policy: &policy, key: &self.key };
        let arrived = Arrived {
            request: asked,
            headers: request.headers(),
            has_body: !request.body().is_end_stream(),
            caller: connection.caller,
            entered: &connection.entered,
        };
        match gate.check(arrived, now).map(onehop_verdict::Permit::consume) {
            Err(denied) => Verdict::denied(&denied, kind, None),
            Ok(Admitted::IssueToken(ttl)) => {
                self.counters.token_issued();
                wire.set_hop_limit(Some(self.hop_limit));
                // Only tells tokens of one second apart; the tag is what cannot be guessed.
                let nonce = self.numbers.fetch_add(1, Ordering::Relaxed).to_be_bytes();
                let token = self.key.mint(now, ttl, connection.caller.audience().as_bytes(), nonce);
                Verdict::allowed(Answer::Token(token, ttl.seconds()), None, Source::Local)
            }
            Ok(Admitted::Read { path, remaining }) => {
                self.read(&policy, connection.caller, kind, &path, remaining).await
            }
        }
    }

    async fn read(
        &self,
        policy: &Policy,
        caller: Caller,
        kind: Kind,
        path: &MetadataPath<'_>,
        remaining: u32,
    ) -> Verdict {
        let permit = match policy.check(&caller, path) {
            Ok(permit) => permit,
            Err(Hidden { denied, rule }) => {
                let mut verdict = Verdict::denied(&denied, kind, rule);
                verdict.answer = Answer::NotFound { remaining: Some(remaining) };
                return verdict;
            }
        };
        let rule = permit.judged().rule.clone();
        match self.upstream.read(permit).await {
            Ok((Kept::NotFound, source)) => {
                Verdict::allowed(Answer::NotFound { remaining: Some(remaining) }, rule, source)
            }
            Ok((Kept::Document { body, content_type, last_modified }, source)) => {
                let answer = Answer::Document {
                    body: listing::visible(policy, &caller, path, body),
                    content_type,
                    last_modified: last_modified.unwrap_or_else(|| http_date(self.started)),
                    remaining: Some(remaining),
                };
                Verdict::allowed(answer, rule, source)
            }
            Err(error) => Verdict::denied(&Denied::with_detail(error.code(), error.to_string()), kind, rule),
        }
    }

    fn record(&self, connection: &Connection, asked: &Summary, verdict: &Verdict, began: Instant) {
        let latency = began.elapsed();
        self.counters.requested(asked.version, asked.class);
        self.counters.decided(verdict.outcome, verdict.code, verdict.source, latency);
        let Some(journal) = &self.journal else { return };
        if verdict.code == Some(Code::LimitRate) && !connection.entered.records_flood() {
            return;
        }
        let since = self.clock.now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        journal.record(Decision {
            time_ms: u64::try_from(since.as_millis()).unwrap_or(u64::MAX),
            outcome: verdict.outcome,
            code: verdict.code,
            rule: verdict.rule.clone(),
            method: asked.method,
            path: asked.path.clone(),
            version: asked.version,
            caller: described(connection.caller),
            status: verdict.answer.status().as_u16(),
            source: verdict.source,
            request_id: self.numbers.fetch_add(1, Ordering::Relaxed),
            latency_us: u64::try_from(latency.as_micros()).unwrap_or(u64::MAX),
        });
    }
}

/// What the journal keeps of a request.
struct Summary {
    method: &'static str,
    path: Box<str>,
    version: journal::ImdsVersion,
    class: PathClass,
}

impl Summary {
    fn of(method: &Method, raw_path: &str, asked: &Asked<'_>, journalled: bool) -> Self {
        let path = asked.path.as_ref();
        let version = match asked.kind {
            Kind::TokenRequest | Kind::Read(ImdsVersion::V2) => journal::ImdsVersion::V2,
            Kind::Read(ImdsVersion::V1) => journal::ImdsVersion::V1,
            _ => journal::ImdsVersion::None,
        };
        // Encoded, as it would be asked for: a `?` that belongs to the path is no query.
        let text = match path {
            _ if !journalled => String::new(),
            Ok(path) => path.target(),
            Err(_) => raw_path.to_owned(),
        };
        Summary {
            method: method_name(method),
            path: text.into(),
            version,
            class: path.map_or(PathClass::Other, MetadataPath::class),
        }
    }
}

fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::PUT => "PUT",
        Method::POST => "POST",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::PATCH => "PATCH",
        Method::CONNECT => "CONNECT",
        Method::TRACE => "TRACE",
        _ => "OTHER",
    }
}

fn described(caller: Caller) -> journal::Caller {
    match caller {
        Caller::Local { uid } => journal::Caller { uid: Some(uid), ..journal::Caller::default() },
        Caller::Remote(address) => journal::Caller { remote: Some(address), ..journal::Caller::default() },
        Caller::Unknown => journal::Caller::default(),
    }
}

impl Handler for Guard {
    type Caller = Connection;

    fn admit(&self, accepted: &Accepted<'_>) -> Connection {
        let caller = identify(accepted.peer(), accepted.local());
        Connection { caller, entered: self.limits.enter(caller) }
    }

    fn turns_away(&self, connection: &Connection) -> bool {
        connection.entered.is_over()
    }

    async fn handle(
        &self,
        connection: &Connection,
        wire: &Wire,
        request: Request<Incoming>,
    ) -> Response<Full<Bytes>> {
        let began = Instant::now();
        let asked = Asked::classify(request.method(), request.uri(), request.headers());
        let summary = Summary::of(request.method(), request.uri().path(), &asked, self.journal.is_some());
        let verdict = self.decide(connection, wire, &request, asked).await;
        self.record(connection, &summary, &verdict, began);
        let reason = verdict.answer.reason();
        let rendered = verdict.answer.render(&answer::Wire {
            date: http_date(self.clock.now()),
            close: !self.keep_alive,
            error_bodies: ErrorBodies::Page,
        });
        respond(rendered, reason)
    }

    fn observe(&self, event: ConnectionEvent) {
        self.counters.connection(event);
    }
}

fn unix_seconds(now: SystemTime) -> UnixSeconds {
    UnixSeconds::new(now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()))
}
