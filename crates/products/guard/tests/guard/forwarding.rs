//! Relayed and rebound requests: a forwarding header or somebody else's `Host` never gets an answer.

use crate::support::{Setup, TTL, request, with};
use onehop_verdict::Code;

const LEAF: &str = "/latest/meta-data/instance-id";
const PUT: &str = "/latest/api/token";

#[test]
fn a_forwarding_header_refuses_every_request() {
    let running = Setup::new().start();
    let token = with(&running.token());
    for name in [
        "X-Forwarded-For",
        "x-forwarded-for",
        "X-FORWARDED-FOR",
        "x-fOrWaRdEd-FoR",
        "Forwarded",
        "FORWARDED",
        "Via",
        "vIA",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Real-IP",
        "Forwarded-For",
        "True-Client-IP",
        "X-Envoy-External-Address",
    ] {
        for line in [
            format!("{name}:\r\n"),
            format!("{name}: 127.0.0.1\r\n"),
            format!("{name}:\t \r\n"),
            format!("{name}: a\r\n{name}: b\r\n"),
        ] {
            for (method, target, headers, status) in [
                ("PUT", PUT, format!("{TTL}{line}"), 400),
                ("PUT", PUT, format!("{line}{TTL}"), 400),
                ("GET", LEAF, line.clone(), 401),
                ("GET", LEAF, format!("{token}{line}"), 401),
                ("HEAD", LEAF, format!("{line}{token}"), 401),
                ("GET", PUT, line.clone(), 400),
                ("POST", LEAF, line.clone(), 400),
            ] {
                let raw = request(method, target, &headers);
                running.is_denied(raw.as_bytes(), status, Code::ImdsForwarded);
            }
        }
    }
    // Without it the same requests are answered; so are headers that only look like one.
    for line in ["", "X-Forwarded-Fo: a\r\n", "X-Not-Via: a\r\n", "User-Agent: Forwarded\r\n"] {
        running.is_allowed(request("PUT", PUT, &format!("{TTL}{line}")).as_bytes(), 200);
        running.is_allowed(request("GET", LEAF, &format!("{token}{line}")).as_bytes(), 200);
    }
}

#[test]
fn a_forwarding_header_in_disguise_is_no_request() {
    let running = Setup::new().start();
    let token = with(&running.token());
    for line in [
        "X-Forwarded-For : a\r\n",
        "X-Forwarded-For\t: a\r\n",
        "X-Forwarded-For\r\n: a\r\n",
        " X-Forwarded-For: a\r\n",
        "X-Forwarded\u{2011}For: a\r\n",
        "X-Forwarded-For\0: a\r\n",
        "X-Forwarded-For\r: a\r\n",
    ] {
        let raw = request("GET", LEAF, &format!("{token}{line}"));
        running.is_denied(raw.as_bytes(), 400, Code::HttpMalformed);
    }
    running.is_allowed(request("GET", LEAF, &token).as_bytes(), 200);
}

#[test]
fn only_hosts_of_the_guard_are_answered() {
    let mut setup = Setup::new();
    setup.hosts = vec!["imds.internal".to_owned()];
    let running = setup.start();
    let token = with(&running.token());
    let raw = |host: &str| format!("GET {LEAF} HTTP/1.1\r\n{host}{token}\r\n");
    let own = format!("Host: {}\r\n", running.address);
    for host in [
        own.as_str(),
        "Host: 127.0.0.1\r\n",
        "host:169.254.169.254\r\n",
        "HOST: [fd00:ec2::254]:80\r\n",
        "Host: LocalHost:1338\r\n",
        "Host: imds.INTERNAL\r\n",
    ] {
        running.is_allowed(raw(host).as_bytes(), 200);
    }
    for host in [
        "",
        "Host:\r\n",
        "Host: attacker.example\r\n",
        "Host: 127.0.0.1.attacker.example\r\n",
        "Host: attacker.example:80\r\n",
        "Host: 127.0.0.1@attacker.example\r\n",
        "Host: attacker.example, 127.0.0.1\r\n",
        "Host: 127.0.0.1, 127.0.0.1\r\n",
        "Host: 127.0.0.1\r\nHost: 127.0.0.1\r\n",
        "Host: 127.0.0.1\r\nHost: attacker.example\r\n",
        "Host: 2130706433\r\n",
        "Host: 0x7f.1\r\n",
        "Host: 127.1\r\n",
        "Host: 192.0.2.1\r\n",
        "Host: 0.0.0.0\r\n",
        "Host: localhost.attacker.example\r\n",
        "Host: imds.internal.attacker.example\r\n",
        "Host: \u{ff}\r\n",
    ] {
        running.is_denied(raw(host).as_bytes(), 401, Code::HttpHost);
        let put = format!("PUT {PUT} HTTP/1.1\r\n{host}{TTL}\r\n");
        running.is_denied(put.as_bytes(), 400, Code::HttpHost);
    }
    // HTTP/1.0 may leave `Host` out, but not here.
    let old = format!("GET {LEAF} HTTP/1.0\r\n{token}\r\n");
    running.is_denied(old.as_bytes(), 401, Code::HttpHost);
}
