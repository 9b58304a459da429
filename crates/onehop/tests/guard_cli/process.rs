//! The binary as a child, with bounded waits, and a plain client.

use rustix::process::{Pid, Signal, geteuid, kill_process};
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Long enough for the slowest machine; nothing waits for it to pass.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) const LEAF: &str = "/latest/meta-data/instance-id";
pub(crate) const ROLES: &str = "/latest/meta-data/iam/security-credentials/";
pub(crate) const TTL: &str = "X-aws-ec2-metadata-token-ttl-seconds: 60\r\n";

/// This process as a caller.
pub(crate) fn own() -> String {
    format!("uid:{}", geteuid().as_raw())
}

/// A user that this process is not.
pub(crate) fn other() -> String {
    format!("uid:{}", geteuid().as_raw() + 1)
}

fn command(arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onehop"));
    command.args(arguments).env_clear().envs(variables.iter().copied());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs the binary to its end. Only for commands that end by themselves; one that does not is killed.
pub(crate) fn run(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut child = command(arguments, variables).spawn().expect("the binary runs");
    let began = Instant::now();
    while child.try_wait().expect("our own child").is_none() {
        if began.elapsed() > PATIENCE {
            let _ = child.kill();
            panic!("{arguments:?} is still running");
        }
        thread::sleep(Duration::from_millis(2));
    }
    child.wait_with_output().expect("our own child")
}

/// `onehop guard` on free ports, with more arguments.
pub(crate) const FREE: [&str; 7] =
    ["guard", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0", "--workers", "1"];

/// A running `onehop guard`; killed when dropped.
pub(crate) struct Guard {
    child: Child,
    stderr: Option<JoinHandle<String>>,
    pub(crate) ready: Value,
    pub(crate) listen: SocketAddr,
    control: SocketAddr,
}

impl Guard {
    pub(crate) fn start(arguments: &[&str]) -> Guard {
        Guard::start_with(arguments, &[])
    }

    /// Starts it on free ports and waits until it is ready.
    pub(crate) fn start_with(arguments: &[&str], variables: &[(&str, &str)]) -> Guard {
        let mut child = command(&[&FREE, arguments].concat(), variables).spawn().expect("the binary runs");
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().expect("piped"));
        let mut err = child.stderr.take().expect("piped");
        let stderr = thread::spawn(move || {
            let mut text = String::new();
            let _ = err.read_to_string(&mut text);
            text
        });
        out.read_line(&mut line).expect("stdout is text");
        if line.is_empty() {
            let _ = child.wait();
            panic!("it ended with: {}", stderr.join().expect("text"));
        }
        let ready: Value = serde_json::from_str(&line).expect("the ready line is JSON");
        let address = |value: &Value| value.as_str().and_then(|text| text.parse().ok()).expect("an address");
        let (listen, control) = (address(&ready["listen"][0]), address(&ready["control"]));
        Guard { child, stderr: Some(stderr), ready, listen, control }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("our own child");
    }

    pub(crate) fn ask(&self, method: &str, target: &str, headers: &str) -> (u16, String) {
        exchange(self.listen, &request(method, target, headers))
    }

    pub(crate) fn token(&self) -> String {
        let (status, token) = self.ask("PUT", "/latest/api/token", TTL);
        assert_eq!((status, token.len()), (200, 56), "{token}");
        token
    }

    /// A read with a fresh token.
    pub(crate) fn get(&self, target: &str) -> (u16, String) {
        self.ask("GET", target, &with(&self.token()))
    }

    /// The status and body of a page of the control port.
    pub(crate) fn page(&self, path: &str) -> (u16, String) {
        exchange(self.control, &request("GET", path, ""))
    }

    /// Whether the page of metrics has this line.
    pub(crate) fn counted(&self, line: &str) -> bool {
        self.page("/metrics").1.lines().any(|found| found == line)
    }

    /// Asks it to end; its exit status and what it said on stderr.
    pub(crate) fn stop(mut self) -> (Option<i32>, String) {
        self.signal(Signal::TERM);
        let began = Instant::now();
        eventually("the end", || self.child.try_wait().expect("our own child").is_some());
        assert!(began.elapsed() < Duration::from_secs(10), "slow to stop");
        let code = self.child.wait().expect("our own child").code();
        let stderr = self.stderr.take().expect("asked once").join().expect("text");
        (code, stderr)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The header line of a token.
pub(crate) fn with(token: &str) -> String {
    format!("X-aws-ec2-metadata-token: {token}\r\n")
}

pub(crate) fn request(method: &str, target: &str, headers: &str) -> String {
    format!("{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n")
}

/// Sends text and reads to the close: status and body.
fn exchange(address: SocketAddr, text: &str) -> (u16, String) {
    let mut client = TcpStream::connect(address).expect("it listens");
    client.set_read_timeout(Some(PATIENCE)).expect("a time-out can be set");
    client.write_all(text.as_bytes()).expect("sent");
    let mut answer = String::new();
    client.read_to_string(&mut answer).expect("an answer");
    parse(&answer)
}

/// The status and body of an answer.
pub(crate) fn parse(answer: &str) -> (u16, String) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no head in {answer:?}"));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, body.to_owned())
}

/// Looks again until it holds, for a bounded time.
pub(crate) fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "{what} did not come about");
        thread::sleep(Duration::from_millis(5));
    }
}

/// A folder of a test with files in it.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> Folder {
        Folder(tempfile::tempdir().expect("a folder"))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file and gives its path as text.
    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        std::fs::write(self.path(name), text).expect("written");
        text_of(&self.path(name))
    }
}

pub(crate) fn text_of(path: &Path) -> String {
    path.to_str().expect("a path of text").to_owned()
}
