//! The status of every denial by kind of request, its code and its counter.

use crate::support::{Setup, TTL, request, with};
use onehop_verdict::Code;

const LEAF: &str = "/latest/meta-data/instance-id";
const PUT: &str = "/latest/api/token";

#[test]
fn methods_are_refused_with_what_is_allowed() {
    let running = Setup::new().start();
    let token = with(&running.token());
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get", "X"] {
        for headers in ["", token.as_str()] {
            let raw = request(method, LEAF, headers);
            let answer = running.is_denied(raw.as_bytes(), 405, Code::HttpMethod);
            assert_eq!(answer.header("Allow"), Some("GET, HEAD"), "{method}");
        }
    }
    for method in ["GET", "HEAD", "POST", "DELETE", "OPTIONS", "put", "X"] {
        for path in [PUT, "/2021-03-23/api/token"] {
            let raw = request(method, path, &format!("{TTL}{token}"));
            let answer = running.is_denied(raw.as_bytes(), 405, Code::HttpMethod);
            assert_eq!(answer.header("Allow"), Some("OPTIONS, PUT"), "{method}");
        }
    }
    running.is_allowed(request("GET", LEAF, &token).as_bytes(), 200);
    running.is_allowed(request("PUT", PUT, TTL).as_bytes(), 200);
}

#[test]
fn targets_in_other_forms_are_refused() {
    let running = Setup::new().start();
    let token = with(&running.token());
    for (method, target, headers) in [
        ("GET", "http://127.0.0.1/latest/meta-data/instance-id", token.as_str()),
        ("GET", "http://169.254.169.254/latest/meta-data/instance-id", ""),
        ("GET", "http://attacker.example/latest/meta-data/instance-id", token.as_str()),
        ("GET", "https://127.0.0.1/latest/", token.as_str()),
        ("PUT", "http://127.0.0.1/latest/api/token", TTL),
        ("CONNECT", "169.254.169.254:80", ""),
        ("OPTIONS", "*", ""),
        ("GET", "127.0.0.1:80", token.as_str()),
    ] {
        running.is_denied(request(method, target, headers).as_bytes(), 400, Code::HttpTarget);
    }
    running.is_allowed(request("GET", LEAF, &token).as_bytes(), 200);
}

#[test]
fn paths_without_canonical_form_are_refused() {
    let running = Setup::new().start();
    let token = with(&running.token());
    let long = format!("/latest/{}", "a".repeat(2048));
    for target in [
        "/latest/%",
        "/latest/%0",
        "/latest/%zz",
        "/latest/%+1",
        "/latest/%00",
        "/latest/%0d%0aX-Injected:%20yes",
        "/latest/meta-data%0aid",
        "/latest/%7f",
        "/latest/%c2%80",
        "/latest\\meta-data",
        "/latest%5cmeta-data",
        "/latest/%ff",
        "/latest/%c0%ae%c0%ae/user-data",
        "/latest/%ed%a0%80",
        long.as_str(),
    ] {
        for (method, headers) in [("GET", ""), ("GET", token.as_str()), ("PUT", TTL), ("DELETE", "")] {
            running.is_denied(request(method, target, headers).as_bytes(), 400, Code::HttpPath);
        }
    }
    running.is_allowed(request("GET", LEAF, &token).as_bytes(), 200);
}

#[test]
fn a_body_is_refused() {
    let running = Setup::new().start();
    let token = with(&running.token());
    for body in [
        "Content-Length: 1\r\n\r\nx",
        "Content-Length: 100000\r\n\r\nx",
        "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0\r\nX-Forwarded-For: trailer\r\n\r\n",
    ] {
        for (line, headers) in [
            (format!("PUT {PUT}"), TTL),
            (format!("GET {LEAF}"), token.as_str()),
            (format!("GET {LEAF}"), ""),
            (format!("POST {LEAF}"), ""),
        ] {
            let raw = format!("{line} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}{body}");
            running.is_denied(raw.as_bytes(), 400, Code::HttpBody);
        }
    }
    let empty = "Content-Length: 0\r\n";
    running.is_allowed(request("PUT", PUT, &format!("{TTL}{empty}")).as_bytes(), 200);
    running.is_allowed(request("GET", LEAF, &format!("{token}{empty}")).as_bytes(), 200);
}

#[test]
fn probes_for_other_clouds_are_not_found() {
    let running = Setup::new().start();
    for (method, target, headers) in [
        ("GET", "/metadata/instance?api-version=2021-02-01", "Metadata: true\r\n"),
        ("GET", "/computeMetadata/v1/", "Metadata-Flavor: Google\r\n"),
        ("GET", "/opc/v2/instance/", "Authorization: Bearer Oracle\r\n"),
        ("GET", "/metadata/v1.json", ""),
        ("GET", "/hetzner/v1/metadata", ""),
        ("GET", "/openstack/latest/meta_data.json", ""),
        ("PUT", "/v1/token", "Metadata-Token-Expiry-Seconds: 60\r\n"),
    ] {
        let raw = request(method, target, headers);
        let answer = running.is_denied(raw.as_bytes(), 404, Code::ImdsForeignCloud);
        assert_eq!(answer.body.len(), 339, "{target}");
    }
    // The header alone makes no probe of a path of ours.
    running.is_denied(request("GET", LEAF, "Metadata: true\r\n").as_bytes(), 401, Code::ImdsV1);
    let headers = format!("Metadata: true\r\n{}", with(&running.token()));
    running.is_allowed(request("GET", LEAF, &headers).as_bytes(), 200);
}

#[test]
fn every_answer_closes_and_says_so() {
    let running = Setup::new().start();
    let token = with(&running.token());
    let second = request("GET", LEAF, &token);
    for (method, target, headers) in
        [("GET", LEAF, token.as_str()), ("GET", LEAF, ""), ("PUT", PUT, TTL), ("POST", LEAF, "")]
    {
        let asked = format!("Connection: keep-alive\r\n{headers}");
        // What follows on the connection is not a second request: `send` finds one answer at most.
        let raw = request(method, target, &asked) + &second;
        let answer = running.send(raw.as_bytes());
        assert_eq!(answer.header("Connection"), Some("close"), "{method}");
    }
    assert_eq!(running.fake.targets(), [LEAF]);
}
