//! The binary as a child, with bounded waits, and a plain client.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

/// Long enough for the slowest machine; nothing waits for it to pass.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) const TOKEN: &str = "X-aws-ec2-metadata-token";
pub(crate) const TTL: &str = "X-aws-ec2-metadata-token-ttl-seconds";

/// What a child has said on stderr.
#[derive(Default)]
struct Said {
    text: Mutex<(String, bool)>,
    changed: Condvar,
}

/// A running `onehop`; killed when dropped.
pub(crate) struct Process {
    child: Child,
    stdout: Receiver<String>,
    stderr: Arc<Said>,
}

/// How a process ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    /// Lines that nobody had taken yet.
    pub(crate) stdout: Vec<String>,
    pub(crate) stderr: String,
}

impl Process {
    /// Starts the binary in an empty environment but for `variables`.
    pub(crate) fn start<A: AsRef<OsStr>>(arguments: &[A], variables: &[(&str, &str)]) -> Process {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onehop"));
        command.args(arguments).env_clear().envs(variables.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary runs");
        let (out, err) = (child.stdout.take().expect("piped"), child.stderr.take().expect("piped"));
        let (sender, stdout) = channel();
        thread::spawn(move || {
            for line in BufReader::new(out).lines() {
                let _ = sender.send(line.expect("stdout is text"));
            }
        });
        let stderr = Arc::new(Said::default());
        let said = Arc::clone(&stderr);
        thread::spawn(move || {
            let mut err = BufReader::new(err);
            let mut line = String::new();
            while err.read_line(&mut line).expect("stderr is text") > 0 {
                said.text.lock().expect("no test panics here").0.push_str(&line);
                said.changed.notify_all();
                line.clear();
            }
            said.text.lock().expect("no test panics here").1 = true;
            said.changed.notify_all();
        });
        Process { child, stdout, stderr }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The next line on stdout.
    pub(crate) fn line(&self) -> String {
        self.stdout.recv_timeout(PATIENCE).unwrap_or_else(|error| panic!("no line on stdout: {error}"))
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("our own child");
    }

    /// Waits for the warning with this number, from 1, and gives its line.
    pub(crate) fn warning(&self, number: usize) -> String {
        let warnings = |text: &str| {
            let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
            let lines = whole.lines().filter(|line| line.starts_with("warning: "));
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        let text = self.wait_for_stderr(|text, _| warnings(text).len() >= number);
        warnings(&text).swap_remove(number - 1)
    }

    fn wait_for_stderr(&self, done: impl Fn(&str, bool) -> bool) -> String {
        let text = self.stderr.text.lock().expect("no test panics here");
        let waited =
            self.stderr.changed.wait_timeout_while(text, PATIENCE, |(text, is_over)| !done(text, *is_over));
        let (text, waited) = waited.expect("no test panics here");
        assert!(!waited.timed_out(), "stderr holds only: {}", text.0);
        text.0.clone()
    }

    /// Waits for the end, which shows as the end of stdout.
    pub(crate) fn wait(mut self, limit: Duration) -> Ended {
        let deadline = Instant::now() + limit;
        let mut stdout = Vec::new();
        loop {
            match self.stdout.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) => stdout.push(line),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("still running after {limit:?}"),
            }
        }
        let code = self.child.wait().expect("our own child").code();
        Ended { code, stdout, stderr: self.wait_for_stderr(|_, is_over| is_over) }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It has ended already, or it is in the way of the next test.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs the binary to its end.
pub(crate) fn run<A: AsRef<OsStr>>(arguments: &[A]) -> Ended {
    Process::start(arguments, &[]).wait(PATIENCE)
}

/// A running `onehop serve`.
pub(crate) struct Serve {
    pub(crate) process: Process,
    /// The line that said so.
    pub(crate) ready: String,
    pub(crate) listen: Vec<SocketAddr>,
    pub(crate) control: Option<SocketAddr>,
}

impl Serve {
    /// Starts it on free ports and waits until it is ready.
    pub(crate) fn start(arguments: &[&str]) -> Serve {
        let free = ["serve", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0", "--workers", "1"];
        Serve::start_with(&[&free, arguments].concat(), &[])
    }

    /// Starts it exactly so.
    pub(crate) fn start_with(arguments: &[&str], variables: &[(&str, &str)]) -> Serve {
        let process = Process::start(arguments, variables);
        let ready = process.line();
        let line: Value = serde_json::from_str(&ready).expect("the ready line is JSON");
        let address = |value: &Value| value.as_str().map(|text| text.parse().expect("an address"));
        let listen = line["listen"].as_array().expect("a list").iter().filter_map(address).collect();
        Serve { process, ready, listen, control: address(&line["control"]) }
    }

    pub(crate) fn ask(&self, method: &str, target: &str, headers: &[(&str, &str)]) -> (u16, String) {
        exchange(self.listen[0], request(method, target, headers).as_bytes())
    }

    pub(crate) fn token(&self) -> String {
        let (status, token) = self.ask("PUT", "/latest/api/token", &[(TTL, "60")]);
        assert_eq!((status, token.len()), (200, 56));
        token
    }

    /// The status and body of a page of the control port.
    pub(crate) fn page(&self, path: &str) -> (u16, String) {
        exchange(self.control.expect("a control port"), request("GET", path, &[]).as_bytes())
    }

    /// Asks it to end, and waits.
    pub(crate) fn stop(self) -> Ended {
        self.process.signal(Signal::TERM);
        self.process.wait(PATIENCE)
    }
}

pub(crate) fn request(method: &str, target: &str, headers: &[(&str, &str)]) -> String {
    let mut lines = vec![format!("{method} {target} HTTP/1.1"), "Host: 127.0.0.1".to_owned()];
    lines.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
    lines.join("\r\n") + "\r\n\r\n"
}

pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let client = TcpStream::connect(address).expect("it listens");
    client.set_read_timeout(Some(PATIENCE)).expect("a time-out can be set");
    client
}

/// Sends `bytes` and reads up to the close: status and body.
pub(crate) fn exchange(address: SocketAddr, bytes: &[u8]) -> (u16, String) {
    let mut client = connect(address);
    // It may answer and close before the last byte.
    let _ = client.write_all(bytes);
    let mut answer = Vec::new();
    client.read_to_end(&mut answer).expect("an answer");
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no head in {answer:?}"));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, body.to_owned())
}
