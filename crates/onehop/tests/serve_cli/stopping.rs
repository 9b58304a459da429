//! Signals: an end in time, and a tree that is read again.

use std::fs;
use std::io::Write as _;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::process::{PATIENCE, Serve, TOKEN, TTL, connect, request};

/// What the ready line promises with a stop.
const STOP_LIMIT: Duration = Duration::from_secs(2);

const TYPE: &str = "/latest/meta-data/instance-type";

/// Idle, with clients that stall, and with one that keeps its connection: the end comes in time and is a success.
#[test]
fn a_signal_to_stop_ends_it_in_time() {
    for signal in [Signal::TERM, Signal::INT] {
        for with_clients in [false, true] {
            let serve = Serve::start(&["--keep-alive"]);
            let mut clients = Vec::new();
            let heads = [
                String::new(),
                "GET /latest/ HT".to_owned(),
                request("PUT", "/latest/api/token", &[(TTL, "60")]),
            ];
            for bytes in heads.iter().filter(|_| with_clients) {
                let mut client = connect(serve.listen[0]);
                client.write_all(bytes.as_bytes()).expect("it reads");
                clients.push(client);
            }
            if let Some(kept) = clients.last_mut() {
                let mut first = [0; 12];
                std::io::Read::read_exact(kept, &mut first).expect("an answer");
                assert_eq!(&first, b"HTTP/1.1 200");
            }
            let begin = Instant::now();
            serve.process.signal(signal);
            let ended = serve.process.wait(PATIENCE);
            let took = begin.elapsed();
            assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{signal:?}");
            assert!(took < STOP_LIMIT, "{signal:?}, clients: {with_clients}: {took:?}");
        }
    }
}

#[test]
fn a_stopped_service_leaves_its_port() {
    let serve = Serve::start(&[]);
    let address = serve.listen[0].to_string();
    assert_eq!(serve.stop().code, Some(0));
    let again = Serve::start_with(&["serve", "--listen", &address, "--control", "off"], &[]);
    assert_eq!(again.listen[0].to_string(), address);
}

fn instance_type(serve: &Serve) -> String {
    serve.ask("GET", TYPE, &[]).1
}

fn reload_failures(serve: &Serve) -> String {
    let (_, metrics) = serve.page("/metrics");
    let sample = metrics.lines().find_map(|line| line.strip_prefix("onehop_serve_reload_failures_total "));
    sample.expect("the counter is shown").to_owned()
}

/// Asks until the type is the wanted one: a reload that succeeds says nothing.
fn wait_for_type(serve: &Serve, want: &str) {
    let begin = Instant::now();
    while instance_type(serve) != want {
        assert!(begin.elapsed() < PATIENCE, "the type is still {}", instance_type(serve));
        thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_reload_takes_a_good_tree_and_refuses_a_broken_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("tree.yaml");
    let shown = path.to_str().expect("a path of text");
    let write = |text: &str| fs::write(&path, text).expect("written");
    write("instance:\n  type: t3.nano\n");
    let serve = Serve::start(&["--tokens", "optional", "--tree", shown]);
    let token = serve.token();
    assert_eq!(instance_type(&serve), "t3.nano");

    let broken = [
        ("instance:\n  type: t3.small\n  tpye: t3.large\n", format!("{shown}:3:3: unknown key `tpye`")),
        ("instance: [\n", format!("{shown}:2:1: not YAML")),
    ];
    for (number, (text, place)) in (1..).zip(broken) {
        write(text);
        serve.process.signal(Signal::HUP);
        let said = serve.process.warning(number);
        assert!(said.contains("stays in force") && said.contains(&place), "{said}");
        assert_eq!(instance_type(&serve), "t3.nano", "the tree before stays");
        assert_eq!(reload_failures(&serve), number.to_string(), "it is counted");
    }

    write("instance:\n  type: t3.small\n");
    serve.process.signal(Signal::HUP);
    wait_for_type(&serve, "t3.small");
    assert_eq!(serve.ask("GET", TYPE, &[(TOKEN, &token)]).0, 200, "tokens stay good for the same instance");
    assert_eq!(reload_failures(&serve), "2");

    fs::remove_file(&path).expect("removed");
    serve.process.signal(Signal::HUP);
    assert!(serve.process.warning(3).contains(&format!("cannot read tree file `{shown}`")));
    assert_eq!(instance_type(&serve), "t3.small", "a file that is gone changes nothing");
    assert_eq!(serve.stop().code, Some(0));
}
