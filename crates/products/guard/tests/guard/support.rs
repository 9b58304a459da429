//! A running guard, a plain client, and what must hold in every test.

mod fake;

pub(crate) use fake::{Fake, Reply, UPSTREAM_TOKEN};

use onehop_guard::host::Hosts;
use onehop_guard::policy::{Effect, Pattern, Policy, Rule, Who};
use onehop_guard::upstream::{TcpConnector, UpstreamSettings};
use onehop_guard::{Guard, Limit, Settings};
use onehop_imds::token::TokenKey;
use onehop_journal::{Journal, Outcome};
use onehop_server::{Clock, Limits, RunError, Stop, SystemClock, bind, run};
use onehop_verdict::{Area, Code, Secret};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::num::{NonZeroU8, NonZeroUsize};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

/// Long enough for the slowest machine; nothing waits for it to pass.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// A clock that a test moves.
#[derive(Debug, Default)]
pub(crate) struct MovedClock(AtomicU64);

impl MovedClock {
    pub(crate) fn forward(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }
}

impl Clock for MovedClock {
    fn now(&self) -> SystemTime {
        SystemClock.now() + Duration::from_secs(self.0.load(Ordering::Relaxed))
    }
}

/// How a test's guard is set up.
pub(crate) struct Setup {
    pub(crate) fake: Fake,
    pub(crate) callers: Vec<Who>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) hosts: Vec<String>,
    pub(crate) limit: Limit,
    pub(crate) server: Limits,
    pub(crate) upstream: UpstreamSettings,
    pub(crate) journal: Option<Journal>,
    pub(crate) clock: Arc<MovedClock>,
    pub(crate) listen: &'static str,
    /// Done when the guard listens and has not begun to accept.
    pub(crate) first: Box<dyn FnOnce(SocketAddr)>,
}

impl Setup {
    /// In front of an ordinary instance: everybody on this host is admitted, nothing is kept.
    pub(crate) fn new() -> Self {
        Setup::before(Fake::instance())
    }

    pub(crate) fn before(fake: Fake) -> Self {
        Setup {
            fake,
            callers: vec![Who::AnyLocal],
            rules: Vec::new(),
            hosts: Vec::new(),
            limit: Limit::default(),
            server: Limits::default(),
            upstream: UpstreamSettings { keep: Duration::ZERO, ..UpstreamSettings::default() },
            journal: None,
            clock: Arc::default(),
            listen: "127.0.0.1:0",
            first: Box::new(|_| {}),
        }
    }

    pub(crate) fn rule(mut self, effect: Effect, path: &str, caller: Who) -> Self {
        self.rules.push(Rule {
            name: format!("{effect:?} {path}").as_str().into(),
            paths: vec![Pattern::parse(path).expect("a pattern")],
            callers: vec![caller],
            effect,
        });
        self
    }

    pub(crate) fn start(self) -> Running {
        let listen: SocketAddr = self.listen.parse().expect("an address");
        let bound = bind(&[listen], NonZeroUsize::new(2).expect("not zero")).expect("loopback can be bound");
        let address = bound.local_addrs()[0];
        let settings = Settings {
            key: TokenKey::new(&Secret::new([7; 32])),
            hosts: Hosts::new(bound.local_addrs(), &self.hosts),
            policy: Policy::new(self.callers, self.rules).expect("no contradiction"),
            limit: self.limit,
            upstream: self.upstream,
            hop_limit: NonZeroU8::MIN,
            keep_alive: false,
        };
        let connector = Arc::new(TcpConnector::new(self.fake.address()));
        let clock: Arc<dyn Clock> = Arc::clone(&self.clock) as Arc<dyn Clock>;
        let guard = Arc::new(Guard::new(settings, connector, self.journal, clock));
        let stop = Stop::new();
        (self.first)(address);
        let thread = thread::spawn({
            let (guard, stop, limits) = (Arc::clone(&guard), stop.clone(), self.server);
            move || run(bound, guard, limits, stop)
        });
        Running {
            address,
            guard,
            fake: self.fake,
            clock: self.clock,
            tokens: Mutex::default(),
            stop,
            thread: Some(thread),
        }
    }
}

/// A running guard. When it is dropped, what must hold for every guard is checked.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    pub(crate) guard: Arc<Guard>,
    pub(crate) fake: Fake,
    pub(crate) clock: Arc<MovedClock>,
    /// Tokens that the guard issued.
    tokens: Mutex<Vec<String>>,
    stop: Stop,
    thread: Option<JoinHandle<Result<(), RunError>>>,
}

impl Running {
    pub(crate) fn connect(&self) -> TcpStream {
        let client = TcpStream::connect(self.address).expect("the guard listens");
        client.set_read_timeout(Some(PATIENCE)).expect("a time-out can be set");
        client.set_write_timeout(Some(PATIENCE)).expect("a time-out can be set");
        client
    }

    /// Sends bytes on one connection and reads to its end.
    pub(crate) fn send(&self, bytes: &[u8]) -> Answer {
        let mut client = self.connect();
        client.write_all(bytes).expect("the guard reads");
        Answer::read(&mut client)
    }

    /// A request with a good `Host`, further header lines and no body.
    pub(crate) fn ask(&self, method: &str, target: &str, headers: &str) -> Answer {
        self.send(request(method, target, headers).as_bytes())
    }

    /// A token for the caller that this thread is.
    pub(crate) fn token(&self) -> String {
        let answer = self.ask("PUT", "/latest/api/token", TTL);
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.header("X-Aws-Ec2-Metadata-Token-Ttl-Seconds"), Some("21600"));
        self.tokens.lock().expect("no test panics here").push(answer.body.clone());
        answer.body
    }

    /// A read with a fresh token.
    pub(crate) fn get(&self, target: &str) -> Answer {
        self.ask("GET", target, &with(&self.token()))
    }

    pub(crate) fn denials(&self, code: Code) -> u64 {
        self.guard.counters().decisions(Outcome::Deny, Some(code))
    }

    pub(crate) fn allowed(&self) -> u64 {
        self.guard.counters().decisions(Outcome::Allow, None)
    }

    /// The answer must be a denial with this status that was counted once, under this code and no other.
    pub(crate) fn is_denied(&self, bytes: &[u8], status: u16, code: Code) -> Answer {
        let (before, allowed, reads) = (self.all_denials(), self.allowed(), self.fake.count());
        let answer = self.send(bytes);
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(300)]);
        assert_eq!(answer.status, status, "{shown:?} {answer:?}");
        let want: Vec<_> =
            before.iter().map(|(known, count)| (*known, count + u64::from(*known == code))).collect();
        let after = self.all_denials();
        let changed: Vec<_> = after.iter().zip(&before).filter(|(new, old)| new != old).collect();
        assert_eq!(after, want, "{shown:?} changed {changed:?}");
        assert_eq!(self.allowed(), allowed, "{shown:?}");
        if code.area() != Area::Upstream {
            assert_eq!(self.fake.count(), reads, "a denial of {shown:?} reached the upstream");
        }
        answer
    }

    /// The answer must be an allow with this status that was counted once.
    pub(crate) fn is_allowed(&self, bytes: &[u8], status: u16) -> Answer {
        let (before, allowed) = (self.all_denials(), self.allowed());
        let answer = self.send(bytes);
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(300)]);
        assert_eq!(answer.status, status, "{shown:?} {answer:?}");
        assert_eq!(self.allowed(), allowed + 1, "{shown:?}");
        assert_eq!(self.all_denials(), before, "{shown:?}");
        answer
    }

    fn all_denials(&self) -> Vec<(Code, u64)> {
        Code::ALL.iter().map(|code| (*code, self.denials(*code))).collect()
    }

    fn check_what_always_holds(&self) {
        let tokens = self.tokens.lock().expect("no test panics here");
        for request in self.fake.seen() {
            let head = request.split("\r\n").next().unwrap_or_default();
            let is_token_request = head == "PUT /latest/api/token HTTP/1.1";
            assert!(is_token_request || head.starts_with("GET /"), "{request:?}");
            let line = if is_token_request {
                "\r\nX-Aws-Ec2-Metadata-Token-Ttl-Seconds: 21600\r\n".to_owned()
            } else {
                format!("\r\nX-Aws-Ec2-Metadata-Token: {UPSTREAM_TOKEN}")
            };
            assert!(request.contains(&line), "a read without token: {request:?}");
            assert!(tokens.iter().all(|ours| !request.contains(ours)), "ours went upstream: {request:?}");
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.trigger();
        let ended = self.thread.take().map(JoinHandle::join);
        if !thread::panicking() {
            assert!(matches!(ended, Some(Ok(Ok(())))), "the guard ended with {ended:?}");
            self.check_what_always_holds();
        }
    }
}

/// An answer as it was read. No answer ever holds the upstream's token: reading one checks it.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn read(client: &mut TcpStream) -> Self {
        let mut bytes = Vec::new();
        client.read_to_end(&mut bytes).expect("the guard answers and closes");
        Answer::parse(std::str::from_utf8(&bytes).expect("answers are text"))
    }

    pub(crate) fn parse(text: &str) -> Self {
        assert!(!text.contains(UPSTREAM_TOKEN), "{text}");
        assert!(text.matches("HTTP/1.1 ").count() <= 1, "more than one answer: {text}");
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(found, _)| *found == name).map(|(_, value)| value).next()
    }
}

pub(crate) const TTL: &str = "X-aws-ec2-metadata-token-ttl-seconds: 21600\r\n";

/// The header line of a token.
pub(crate) fn with(token: &str) -> String {
    format!("X-aws-ec2-metadata-token: {token}\r\n")
}

pub(crate) fn request(method: &str, target: &str, headers: &str) -> String {
    format!("{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n")
}

pub(crate) fn get_request(target: &str, token: &str) -> Vec<u8> {
    request("GET", target, &with(token)).into_bytes()
}

/// Looks again until it holds, for a bounded time.
pub(crate) fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "{what} did not come about");
        thread::sleep(Duration::from_millis(2));
    }
}
