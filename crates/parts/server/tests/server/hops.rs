//! The hop limit of answers.

use std::io::Write as _;
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};

use onehop_server::Limits;
use rustix::net::sockopt;

use crate::support::{LOOPBACK_4, LOOPBACK_6, Script, Server, get, read_one};

fn hop_limit(socket: &OwnedFd, is_ipv4: bool) -> u32 {
    if is_ipv4 {
        sockopt::ip_ttl(socket).expect("an IPv4 socket")
    } else {
        sockopt::ipv6_unicast_hops(socket).expect("an IPv6 socket").into()
    }
}

#[test]
fn it_is_applied_with_the_answer_and_never_raised() {
    struct Case {
        path: &'static str,
        want: Option<u32>,
        why: &'static str,
    }
    let cases = [
        Case { path: "/plain", want: None, why: "nothing asked for: the system's default" },
        Case { path: "/hops/7", want: Some(7), why: "as asked" },
        Case {
            path: "/plain",
            want: Some(7),
            why: "a retransmission of the answer before must not travel further",
        },
        Case { path: "/hops/9", want: Some(7), why: "never raised" },
        Case { path: "/hops/1", want: Some(1), why: "lowered" },
        Case { path: "/hops/0", want: Some(1), why: "0 is not a limit" },
    ];
    for listen in [LOOPBACK_4, LOOPBACK_6] {
        let limits = Limits { keep_alive: true, ..Limits::default() };
        let server = Server::start_with(listen, limits, Script::keeping_sockets());
        let is_ipv4 = server.address.is_ipv4();
        let mut client = server.connect();
        let mut default = None;
        for Case { path, want, why } in &cases {
            client.write_all(&get(path)).expect("the server reads");
            read_one(&mut client);
            let seen = hop_limit(&server.script.last_socket(), is_ipv4);
            let default = *default.get_or_insert(seen);
            assert!(default > 7, "the system's default is {default}");
            assert_eq!(seen, want.unwrap_or(default), "{listen} {path}: {why}");
        }
    }
}

/// Connects, refuses packets with fewer hops left than `sys.argv[3]`, asks, and prints what came back.
const CLIENT: &str = r"
import socket, sys
host, port, least, path, wait = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], float(sys.argv[5])
family = socket.AF_INET6 if ':' in host else socket.AF_INET
s = socket.socket(family)
if family == socket.AF_INET: s.setsockopt(socket.IPPROTO_IP, 21, least)
else: s.setsockopt(socket.IPPROTO_IPV6, 73, least)
s.connect((host, port))
s.settimeout(wait)
s.sendall(b'GET ' + path.encode() + b' HTTP/1.1\r\n\r\n')
try: print('answer', s.recv(4096)[:12].decode())
except TimeoutError: print('silence')
";

/// The packets themselves: a client that wants two hops left does not see an answer that was sent with one.
#[test]
fn packets_carry_it() {
    let python =
        Command::new("python3").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !python.is_ok_and(|status| status.success()) {
        assert!(std::env::var_os("CI").is_none(), "python3 is needed to see the hop limit of packets");
        eprintln!("SKIPPED packets_carry_it: python3 is needed to see the hop limit of packets");
        return;
    }
    for listen in [LOOPBACK_4, LOOPBACK_6] {
        let server = Server::start(listen, Limits::default());
        let ask = |least: &str, path: &str, wait: &str| {
            let (host, port) = (server.address.ip().to_string(), server.address.port().to_string());
            let output = Command::new("python3")
                .args(["-c", CLIENT, &host, &port, least, path, wait])
                .output()
                .expect("python3 runs");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8_lossy(&output.stdout).trim().to_owned()
        };
        assert_eq!(
            ask("2", "/plain", "10"),
            "answer HTTP/1.1 200",
            "{listen}: the filter lets others through"
        );
        assert_eq!(ask("1", "/hops/1", "10"), "answer HTTP/1.1 200", "{listen}: one hop left is there");
        assert_eq!(ask("2", "/hops/1", "0.4"), "silence", "{listen}: one hop left is not two");
        assert_eq!(ask("2", "/hops/2", "10"), "answer HTTP/1.1 200", "{listen}: two hops left are");
    }
}
