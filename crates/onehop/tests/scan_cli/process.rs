//! The binary as a child, with bounded waits.

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::fs::{self, OpenOptions};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

/// Long enough for the slowest machine; nothing waits for it to pass.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A line of an access log that asks for this.
pub(crate) fn line(target: &str) -> String {
    format!(
        "203.0.113.9 - - [04/Mar/2026:09:12:44 +0000] \"GET {target} HTTP/1.1\" 200 12 \"-\" \"made-up\"\n"
    )
}

/// A line with an attempt in it, told apart by a number.
pub(crate) fn attempt(number: u32) -> String {
    line(&format!("/r?n={number}&u=http://169.254.169.254/latest/meta-data/"))
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onehop"));
    command.arg("scan").args(arguments).env_clear().env("PATH", "/usr/bin:/bin");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What a run said: JSON lines, standard error, exit status.
pub(crate) struct Said {
    pub(crate) lines: Vec<Value>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: Option<i32>,
}

impl Said {
    /// The findings of a rule.
    pub(crate) fn of(&self, rule: &str) -> Vec<&Value> {
        self.lines.iter().filter(|line| line["rule"] == rule).collect()
    }

    pub(crate) fn summary(&self) -> &Value {
        let last = self.lines.last().unwrap_or_else(|| panic!("nothing was said: {}", self.stderr));
        assert_eq!(last["type"], "summary", "{}", self.stderr);
        last
    }

    /// The texts of notices with this code.
    pub(crate) fn notices(&self, code: &str) -> Vec<&str> {
        let all = self.summary()["notices"].as_array().expect("a list");
        all.iter()
            .filter(|notice| notice["code"] == code)
            .filter_map(|notice| notice["text"].as_str())
            .collect()
    }
}

/// Runs `onehop scan` to its end; what does not end is killed.
pub(crate) fn scan(arguments: &[&str]) -> Said {
    let mut child = command(arguments).spawn().expect("the binary runs");
    // Read beside, so that full pipes hold up nothing.
    let reading = [reader(child.stdout.take()), reader(child.stderr.take())];
    let began = Instant::now();
    while child.try_wait().expect("our own child").is_none() {
        if began.elapsed() > PATIENCE {
            let _ = child.kill();
            panic!("{arguments:?} is still running");
        }
        thread::sleep(Duration::from_millis(2));
    }
    let code = child.wait().expect("our own child").code();
    let [stdout, stderr] = reading.map(|thread| thread.join().expect("text"));
    let lines = stdout.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    Said { lines, stdout, stderr, code }
}

/// The same with findings as JSON lines.
pub(crate) fn scan_json(arguments: &[&str]) -> Said {
    scan(&[&["--format", "json"], arguments].concat())
}

fn reader(pipe: Option<impl std::io::Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut text = String::new();
        let _ = pipe.expect("piped").read_to_string(&mut text);
        text
    })
}

/// A running `onehop scan --follow --format json`; killed when dropped.
pub(crate) struct Following {
    child: Child,
    out: Receiver<String>,
    err: Receiver<String>,
}

impl Following {
    pub(crate) fn start(arguments: &[&str]) -> Following {
        let all = [&["--follow", "--format", "json"], arguments].concat();
        let mut child = command(&all).spawn().expect("the binary runs");
        let (out, err) = (lines(child.stdout.take()), lines(child.stderr.take()));
        Following { child, out, err }
    }

    /// The next finding.
    pub(crate) fn finding(&self) -> Value {
        let text = self.out.recv_timeout(PATIENCE).expect("a finding in time");
        serde_json::from_str(&text).expect("JSON")
    }

    /// The next finding, with what it says in short: its line and the number of the attempt.
    pub(crate) fn next(&self) -> (u64, u32) {
        let finding = self.finding();
        let text = finding.to_string();
        let matched = finding["matched"].as_str().unwrap_or_else(|| panic!("{text}"));
        let number = matched.split("n=").nth(1).and_then(|rest| rest.split('&').next()?.parse().ok());
        (finding["line"].as_u64().expect("a line"), number.unwrap_or_else(|| panic!("{text}")))
    }

    /// The next line of standard error that has this in it.
    pub(crate) fn warned(&self, what: &str) -> String {
        loop {
            let line = self.err.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("nothing said `{what}`"));
            if line.contains(what) {
                return line;
            }
        }
    }

    /// Where the counters are.
    pub(crate) fn counters(&self) -> SocketAddr {
        let line = self.warned("counters at http://");
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next()?.parse().ok());
        address.expect("an address")
    }

    /// Asks it to end: the exit status, and what was said since.
    pub(crate) fn stop(mut self) -> (Option<i32>, Vec<Value>) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).expect("our own child");
        eventually("the end", || self.child.try_wait().expect("our own child").is_some());
        let code = self.child.wait().expect("our own child").code();
        let rest = self.out.iter().map(|line| serde_json::from_str(&line).expect("JSON")).collect();
        (code, rest)
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lines(pipe: Option<impl std::io::Read + Send + 'static>) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(pipe.expect("piped")).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

/// Looks again until it holds, for a bounded time.
pub(crate) fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "{what} did not come about");
        thread::sleep(Duration::from_millis(5));
    }
}

/// The body of a page.
pub(crate) fn page(address: SocketAddr, path: &str) -> String {
    let mut client = TcpStream::connect(address).expect("it listens");
    client.set_read_timeout(Some(PATIENCE)).expect("a time-out can be set");
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n");
    client.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    client.read_to_string(&mut answer).expect("an answer");
    answer
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
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        fs::write(self.path(name), bytes).expect("written");
        self.text(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.path(name).to_str().expect("a path of text").to_owned()
    }
}

/// Writes at the end of a file.
pub(crate) fn append(path: &Path, text: &str) {
    let mut file = OpenOptions::new().append(true).create(true).open(path).expect("it opens");
    file.write_all(text.as_bytes()).expect("written");
}
