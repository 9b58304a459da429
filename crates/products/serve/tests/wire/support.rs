//! A service on loopback sockets, a clock that the test moves, and a client that keeps what was written.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use onehop_imds::gate::Tokens;
use onehop_imds::time::UnixSeconds;
use onehop_imds::token::TokenKey;
use onehop_serve::credentials::{Generated, LIFE_DEFAULT_SECONDS};
use onehop_serve::identity::Signer;
use onehop_serve::tree::{Instance, Overlay, Tree};
use onehop_serve::{Options, Played, Service};
use onehop_server::{Clock, Handler, Limits, RunError, Stop, bind, run};
use onehop_verdict::Secret;

use crate::answer::Answer;

/// Long enough for the slowest machine; nothing waits for it to pass.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// Where the clock stands when a service starts: 2027-01-15T08:00:00Z.
pub(crate) const NOW: u64 = 1_800_000_000;

/// The key that signs the tokens of every service here; made up.
pub(crate) const KEY: [u8; 32] = [7; 32];

/// The id of the made-up instance, to which tokens are issued.
pub(crate) const INSTANCE: &str = "i-0e0c0ffee00000001";

pub(crate) const TOKEN: &str = "X-aws-ec2-metadata-token";
pub(crate) const TTL: &str = "X-aws-ec2-metadata-token-ttl-seconds";
pub(crate) const TOKEN_PATH: &str = "/latest/api/token";
pub(crate) const ROLES: &str = "/latest/meta-data/iam/security-credentials/";

/// A clock that stands until it is moved.
#[derive(Debug)]
pub(crate) struct HandClock(AtomicU64);

impl HandClock {
    pub(crate) fn advance(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }

    pub(crate) fn seconds(&self) -> UnixSeconds {
        UnixSeconds::new(self.0.load(Ordering::Relaxed))
    }
}

impl Clock for HandClock {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(self.0.load(Ordering::Relaxed))
    }
}

/// What a test wants of a service; the rest is as it is by default.
pub(crate) struct Setup {
    pub(crate) options: Options,
    pub(crate) limits: Limits,
    pub(crate) role: Option<&'static str>,
    pub(crate) user_data: Option<&'static [u8]>,
    pub(crate) life: u64,
}

impl Default for Setup {
    fn default() -> Self {
        Setup {
            options: Options::default(),
            limits: Limits::default(),
            role: Some("test-role"),
            user_data: None,
            life: LIFE_DEFAULT_SECONDS,
        }
    }
}

impl Setup {
    pub(crate) fn tokens(tokens: Tokens) -> Self {
        Setup { options: Options { tokens, ..Options::default() }, ..Setup::default() }
    }

    /// Both switches of keep-alive: what is said and what is done.
    pub(crate) fn keep_alive() -> Self {
        Setup {
            options: Options { keep_alive: true, ..Options::default() },
            limits: Limits { keep_alive: true, ..Limits::default() },
            ..Setup::default()
        }
    }

    fn played(&self) -> Played {
        let instance = Instance {
            role: self.role.map(str::to_owned),
            user_data: self.user_data.map(Bytes::from_static),
            ..Instance::default()
        };
        Played {
            tree: Tree::new(&instance, &Overlay::default()),
            profile_arn: instance.profile_arn(),
            instance_id: instance.id,
            account: instance.account,
            role: instance.role,
        }
    }

    pub(crate) fn start(self) -> Running {
        self.start_with(|service| service)
    }

    /// Serves on IPv4 and IPv6, through whatever `wrap` lays around the service.
    pub(crate) fn start_with<H: Handler>(self, wrap: impl FnOnce(Arc<Service>) -> Arc<H>) -> Running {
        let clock = Arc::new(HandClock(AtomicU64::new(NOW)));
        let credentials = Generated::new(Secret::new([9; 32]), UnixSeconds::new(NOW), self.life);
        let service = Arc::new(Service::new(
            self.options,
            TokenKey::new(&Secret::new(KEY)),
            self.played(),
            Arc::new(credentials),
            Arc::new(Signer::new()),
            Arc::clone(&clock) as Arc<dyn Clock>,
        ));
        let loopback =
            [SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), SocketAddr::from((Ipv6Addr::LOCALHOST, 0))];
        let bound = bind(&loopback, NonZeroUsize::MIN).expect("loopback can be bound");
        let addresses = bound.local_addrs().to_vec();
        let stop = Stop::new();
        let (handler, limits) = (wrap(Arc::clone(&service)), self.limits);
        let thread = thread::spawn({
            let stop = stop.clone();
            move || run(bound, handler, limits, stop)
        });
        Running { service, clock, addresses, stop, thread: Some(thread) }
    }
}

/// A running service; stopped when dropped.
pub(crate) struct Running {
    pub(crate) service: Arc<Service>,
    pub(crate) clock: Arc<HandClock>,
    /// IPv4 first, then IPv6.
    pub(crate) addresses: Vec<SocketAddr>,
    stop: Stop,
    thread: Option<JoinHandle<Result<(), RunError>>>,
}

impl Running {
    /// One request on a connection of its own over IPv4.
    pub(crate) fn ask(&self, method: &str, target: &str, headers: &[(&str, &str)]) -> Answer {
        exchange(self.addresses[0], &request(method, target, headers))
    }

    /// A token that lives for this many seconds.
    pub(crate) fn token(&self, seconds: u64) -> String {
        let answer = self.ask("PUT", TOKEN_PATH, &[(TTL, &seconds.to_string()), ("Connection", "close")]);
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.text()
    }

    /// A read with a fresh token.
    pub(crate) fn read(&self, target: &str) -> Answer {
        self.ask("GET", target, &[(TOKEN, &self.token(60))])
    }

    /// The value of a metric without labels, as the control port shows it.
    pub(crate) fn metric(&self, name: &str) -> u64 {
        let page = self.service.counters().page();
        let sample = |line: &str| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok();
        page.lines().find_map(sample).unwrap_or_else(|| panic!("no metric {name} in\n{page}"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.trigger();
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(thread::panicking() || matches!(ended, Ok(Ok(()))), "the service ended with {ended:?}");
        }
    }
}

/// The bytes of a request without a body.
pub(crate) fn request(method: &str, target: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    let mut lines = vec![format!("{method} {target} HTTP/1.1"), "Host: 127.0.0.1".to_owned()];
    lines.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
    (lines.join("\r\n") + "\r\n\r\n").into_bytes()
}

pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let client = TcpStream::connect(address).expect("the service listens");
    client.set_read_timeout(Some(PATIENCE)).expect("a time-out can be set");
    client.set_write_timeout(Some(PATIENCE)).expect("a time-out can be set");
    client
}

/// Sends `bytes` and reads the one answer, up to the close.
pub(crate) fn exchange(address: SocketAddr, bytes: &[u8]) -> Answer {
    let mut client = connect(address);
    send(&mut client, bytes);
    let is_head = bytes.starts_with(b"HEAD ");
    Answer::parse(&read_all(&mut client), is_head)
}

/// Writes what the service takes: it may have answered and closed before the last byte.
pub(crate) fn send(client: &mut TcpStream, bytes: &[u8]) {
    match client.write_all(bytes) {
        Err(error) if matches!(error.kind(), io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset) => {}
        other => other.expect("the service reads"),
    }
}

pub(crate) fn read_all(client: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    client.read_to_end(&mut bytes).expect("the service answers and closes");
    bytes
}

/// Reads exactly one answer with a `Content-Length` from a connection that stays open.
pub(crate) fn read_one(client: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte).expect("a whole head");
        bytes.push(byte[0]);
    }
    let length = Answer::parse(&bytes, true).content_length();
    let head = bytes.len();
    bytes.resize(head + length, 0);
    client.read_exact(&mut bytes[head..]).expect("a whole body");
    Answer::parse(&bytes, false)
}
