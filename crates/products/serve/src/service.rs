//! One request through the service.
//!
//! ```text
//! Request ──classify──▶ gate ──▶ Permit<Admitted> ──┬─ IssueToken ─▶ token, hop limit on this answer only
//!                        │                          └─ Read ───────▶ tree ─▶ leaf │ listing │ live │ 404
//!                        └──▶ Denied ──▶ refusal with the status of the real service, counted by its code
//! ```
//!
//! The path, the tree and the credentials are looked up only with a permit in hand.

use crate::counters::Counters;
use crate::credentials::{CredentialSource, Identity};
use crate::identity::Signer;
use crate::options::Options;
use crate::tree::{Found, Leaf, LiveKind, Tree};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use onehop_imds::answer::{self, Answer, ContentType, Refusal};
use onehop_imds::credentials::{iam_info, identity_credentials_info};
use onehop_imds::gate::{Admitted, Gate};
use onehop_imds::path::MetadataPath;
use onehop_imds::request::{ImdsVersion, Kind, Request as Asked};
use onehop_imds::time::UnixSeconds;
use onehop_imds::token::TokenKey;
use onehop_server::{Accepted, Clock, ConnectionEvent, Handler, Wire, http_date, respond};
use onehop_verdict::Permit;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, UNIX_EPOCH};

/// The instance that the service plays: what is known of it, in the forms that requests need.
#[derive(Debug)]
pub struct Played {
    /// The tree.
    pub tree: Tree,
    /// The instance id; tokens are issued to it.
    pub instance_id: String,
    /// The account, for `identity-credentials/ec2/info`.
    pub account: String,
    /// The role's name, if one is attached.
    pub role: Option<String>,
    /// The ARN of the instance profile, if a role is attached.
    pub profile_arn: Option<String>,
}

/// The metadata service. One value serves all workers.
pub struct Service {
    options: Options,
    key: TokenKey,
    played: RwLock<Arc<Played>>,
    credentials: Arc<dyn CredentialSource>,
    signer: Arc<Signer>,
    counters: Arc<Counters>,
    clock: Arc<dyn Clock>,
    started: UnixSeconds,
    nonce: AtomicU64,
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Service").field("options", &self.options).finish_non_exhaustive()
    }
}

impl Service {
    /// A service that plays an instance.
    pub fn new(
        options: Options,
        key: TokenKey,
        played: Played,
        credentials: Arc<dyn CredentialSource>,
        signer: Arc<Signer>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let started = unix_seconds(&*clock);
        Service {
            options,
            key,
            played: RwLock::new(Arc::new(played)),
            credentials,
            signer,
            counters: Arc::default(),
            clock,
            started,
            // Only tells tokens of one second apart; the tag is what cannot be guessed.
            nonce: AtomicU64::new(started.get().wrapping_mul(0x9e37_79b9_7f4a_7c15)),
        }
    }

    /// What has been counted.
    pub fn counters(&self) -> &Arc<Counters> {
        &self.counters
    }

    /// Plays another instance from here on. Tokens stay valid while the instance id stays.
    pub fn replace(&self, played: Played) {
        *self.played.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(played);
    }

    /// The certificate that verifies the signatures of the identity document, as PEM.
    pub fn identity_certificate(&self) -> Option<String> {
        self.signer.certificate_pem().ok()
    }

    fn played(&self) -> Arc<Played> {
        Arc::clone(&self.played.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn answer(&self, request: Asked<'_>, wire: &Wire) -> Answer {
        let now = unix_seconds(&*self.clock);
        let played = self.played();
        let gate = Gate {
            tokens: self.options.tokens,
            endpoint: self.options.endpoint,
            key: &self.key,
            audience: played.instance_id.as_bytes(),
        };
        let token_endpoint = matches!(request.kind, Kind::TokenEndpoint | Kind::TokenRequest);
        match gate.check(request, now) {
            Ok(permit) => self.act(permit, &gate, &played, wire, now),
            Err(denied) => {
                self.counters.denied(denied.code());
                Answer::Refused(Refusal::of_service(denied.code(), token_endpoint))
            }
        }
    }

    fn act(
        &self,
        permit: Permit<Admitted<'_>>,
        gate: &Gate<'_>,
        played: &Played,
        wire: &Wire,
        now: UnixSeconds,
    ) -> Answer {
        match permit.consume() {
            Admitted::Options => Answer::Options,
            Admitted::IssueToken(ttl) => {
                self.counters.token_issued();
                wire.set_hop_limit(Some(self.options.hop_limit.get()));
                let nonce = self.nonce.fetch_add(1, Ordering::Relaxed).to_be_bytes();
                Answer::Token(gate.key.mint(now, ttl, gate.audience, nonce), ttl.seconds())
            }
            Admitted::Read { path, version, remaining } => {
                let answer = self.read(&path, version, remaining, played, now);
                self.counters.read(version, answer.status());
                answer
            }
        }
    }

    fn read(
        &self,
        path: &MetadataPath<'_>,
        by: ImdsVersion,
        remaining: Option<u32>,
        played: &Played,
        now: UnixSeconds,
    ) -> Answer {
        let document = |body, content_type, modified: UnixSeconds| Answer::Document {
            body,
            content_type,
            last_modified: http_date(UNIX_EPOCH + Duration::from_secs(modified.get())),
            remaining,
        };
        let fixed = |body, content_type| document(body, content_type, self.started);
        let text = |body| fixed(body, ContentType::Text);
        if path.is_root() {
            return text(Tree::root_listing());
        }
        let Some(version) = path.version() else { return Answer::NotFound { remaining } };
        match played.tree.lookup(version, path.below_version()) {
            Found::Directory(listing) => text(listing),
            Found::Leaf(Leaf::Fixed { body, content_type }) => fixed(body.clone(), *content_type),
            Found::Leaf(Leaf::Live(kind)) => match self.live(*kind, by, played, now) {
                Some((body, modified)) => document(body, ContentType::Text, modified),
                None => Answer::NotFound { remaining },
            },
            Found::Absent => Answer::NotFound { remaining },
        }
    }

    fn live(
        &self,
        kind: LiveKind,
        by: ImdsVersion,
        played: &Played,
        now: UnixSeconds,
    ) -> Option<(Bytes, UnixSeconds)> {
        let issued = |identity| {
            let issued = self.credentials.current(identity, now);
            (issued.document, issued.last_updated)
        };
        let signed = || {
            let document = played.tree.identity_document()?;
            self.signer.sign(&document).ok()
        };
        match kind {
            LiveKind::RoleList => played.role.clone().map(|role| (Bytes::from(role), self.started)),
            LiveKind::RoleCredentials => Some(issued(Identity::Role(by))),
            LiveKind::IdentityCredentialsRole => Some(issued(Identity::Instance)),
            LiveKind::IamInfo => {
                let arn = played.profile_arn.as_deref()?;
                let modified = self.credentials.current(Identity::Role(by), now).last_updated;
                // Made up, with the prefix that instance profile ids have.
                Some((Bytes::from(iam_info(modified, arn, "AIPAONEHOPEXAMPLE0000")), modified))
            }
            LiveKind::IdentityCredentialsInfo => {
                let modified = self.credentials.current(Identity::Instance, now).last_updated;
                Some((Bytes::from(identity_credentials_info(modified, &played.account)), modified))
            }
            LiveKind::IdentitySignature => signed().map(|signed| (signed.signature, self.started)),
            LiveKind::IdentityRsa2048 | LiveKind::IdentityPkcs7 => {
                signed().map(|signed| (signed.rsa2048, self.started))
            }
        }
    }
}

impl Handler for Service {
    type Caller = ();

    fn admit(&self, _: &Accepted<'_>) {}

    async fn handle(&self, _caller: &(), wire: &Wire, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let (method, uri, headers) = (request.method(), request.uri(), request.headers());
        let answer = self.answer(Asked::classify(method, uri, headers), wire);
        let reason = answer.reason();
        let rendered = answer.render(&answer::Wire {
            date: http_date(self.clock.now()),
            close: !self.options.keep_alive,
            error_bodies: self.options.error_bodies,
        });
        respond(rendered, reason)
    }

    fn observe(&self, event: ConnectionEvent) {
        self.counters.connection(event);
    }
}

fn unix_seconds(clock: &dyn Clock) -> UnixSeconds {
    UnixSeconds::new(clock.now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()))
}
