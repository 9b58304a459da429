//! Roles, assumed at a service on a loopback port, and what is refused on the way there.

use super::{Home, START, V2, fields};
use crate::credentials::profile::{Profile, ProfileError};
use onehop_server::Clock;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

/// A profile that assumes a role at a service on this port.
fn role_config(port: u16, source: &str) -> String {
    format!(
        "[profile dev]\nregion = eu-west-1\nrole_arn = arn:aws:iam::111122223333:role/test\n{source}\nendpoint_url = http://127.0.0.1:{port}\n"
    )
}

fn loopback() -> (TcpListener, u16) {
    for variable in ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS"] {
        assert!(std::env::var_os(variable).is_none(), "{variable} would send the test elsewhere");
    }
    let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
    let port = listener.local_addr().expect("an address").port();
    (listener, port)
}

#[test]
fn metadata_services_are_refused_as_a_source_before_any_connection() {
    for (source, want) in [
        ("credential_source = Ec2InstanceMetadata", "Ec2InstanceMetadata"),
        ("credential_source = ec2instancemetadata", "Ec2InstanceMetadata"),
        ("credential_source = EcsContainer", "EcsContainer"),
        (
            "source_profile = base\n[profile base]\ncredential_source = Ec2InstanceMetadata",
            "Ec2InstanceMetadata",
        ),
    ] {
        let (listener, port) = loopback();
        let error = Home::new(&role_config(port, source), "").refusal("dev");
        assert!(
            matches!(error, ProfileError::MetadataSource { provider, .. } if provider == want),
            "{source}: {error:?}"
        );
        assert!(error.hint().contains("source_profile"), "{}", error.hint());
        listener.set_nonblocking(true).expect("a socket");
        let accepted = listener.accept().map_err(|error| error.kind());
        assert!(matches!(accepted, Err(std::io::ErrorKind::WouldBlock)), "{source}: {accepted:?}");
    }
}

/// Answers one request after the other, then ends and hands back the bodies.
fn answer_each(listener: TcpListener, answers: Vec<(&'static str, String)>) -> JoinHandle<Vec<String>> {
    std::thread::spawn(move || {
        let mut bodies = Vec::new();
        for (status, answer) in answers {
            let (stream, _) = listener.accept().expect("a connection");
            stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a socket");
            let mut reader = BufReader::new(&stream);
            let mut length = 0;
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).expect("a header line");
                if line.trim().is_empty() {
                    break;
                }
                if let Some((name, value)) = line.split_once(':')
                    && name.eq_ignore_ascii_case("content-length")
                {
                    length = value.trim().parse().expect("a length");
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).expect("the body");
            bodies.push(String::from_utf8(body).expect("form text"));
            let head = format!(
                "HTTP/1.1 {status}\r\ncontent-type: text/xml\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                answer.len()
            );
            (&stream).write_all(head.as_bytes()).expect("a client");
            (&stream).write_all(answer.as_bytes()).expect("a client");
        }
        bodies
    })
}

fn assumed(key: &str, expires_after: u64) -> String {
    let expiration = START.plus(expires_after);
    format!(
        "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials>\
         <AccessKeyId>{key}</AccessKeyId><SecretAccessKey>not/a/secret</SecretAccessKey>\
         <SessionToken>not-a-token</SessionToken><Expiration>{expiration}</Expiration></Credentials>\
         </AssumeRoleResult></AssumeRoleResponse>"
    )
}

fn service_error(code: &str, words: &str) -> String {
    format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>\
         <Code>{code}</Code><Message>{words}</Message></Error><RequestId>1</RequestId></ErrorResponse>"
    )
}

const SOURCE: &str = "source_profile = base\n[profile base]\naws_access_key_id = AKIDEXAMPLE1\naws_secret_access_key = not/a/secret\n[profile dev]";

#[test]
fn a_role_is_assumed_and_its_denial_has_a_code_of_its_own() {
    let (listener, port) = loopback();
    let service = answer_each(
        listener,
        vec![
            ("200 OK", assumed("ASIAEXAMPLE1", 3_600)),
            ("403 Forbidden", service_error("AccessDenied", "user/x is not authorized")),
        ],
    );
    let home = Home::new(&role_config(port, SOURCE), "");
    let profile = home.open("dev").expect("the role is assumed");
    let first = fields(&profile, V2, START);
    assert_eq!((first["AccessKeyId"].as_str(), first["Token"].as_str()), ("ASIAEXAMPLE1", "not-a-token"));

    assert_eq!(home.refresh_at(&profile, 2_400), first, "valid although the service said no");
    let denied = fields(&profile, V2, START.plus(3_600));
    assert_eq!(denied["Code"], "AssumeRoleUnauthorizedAccess");
    assert!(!denied["Message"].contains("user/x"), "{denied:?}");
    let bodies = service.join().expect("the service");
    assert!(bodies.iter().all(|body| body.contains("Action=AssumeRole")), "{bodies:?}");
}

#[test]
fn what_the_service_says_is_shown_for_a_denial_only() {
    struct Case {
        code: &'static str,
        shown: bool,
    }
    for case in
        [Case { code: "AccessDenied", shown: true }, Case { code: "SignatureDoesNotMatch", shown: false }]
    {
        let (listener, port) = loopback();
        let service =
            answer_each(listener, vec![("403 Forbidden", service_error(case.code, "echoed words"))]);
        let error = Home::new(&role_config(port, SOURCE), "").refusal("dev");
        assert!(error.to_string().contains(case.code), "{error}");
        assert_eq!(error.to_string().contains("echoed words"), case.shown, "{error}");
        assert_eq!(matches!(error, ProfileError::Denied { .. }), case.shown, "{error:?}");
        service.join().expect("the service");
    }
}

#[test]
fn an_endpoint_at_a_metadata_address_is_refused() {
    for endpoint in ["http://169.254.169.254", "http://[fd00:ec2::254]:80", "https://169.254.170.2"] {
        let config = role_config(1, SOURCE).replace("http://127.0.0.1:1", endpoint);
        let error = offline_refusal(&config);
        assert!(matches!(error, ProfileError::MetadataAddress { .. }), "{endpoint}: {error:?}");
        assert!(error.hint().contains("endpoint_url"), "{}", error.hint());
    }
    let elsewhere = offline_refusal(&role_config(1, SOURCE));
    assert!(elsewhere.to_string().contains("cannot be reached"), "{elsewhere}");
}

#[test]
fn a_role_without_a_region_is_told_so() {
    let config = role_config(1, SOURCE).replace("region = eu-west-1\n", "");
    let config = config.replace("endpoint_url = http://127.0.0.1:1\n", "");
    let from_environment =
        ["AWS_REGION", "AWS_DEFAULT_REGION"].iter().any(|name| std::env::var_os(name).is_some());
    let want = if from_environment { "cannot be reached" } else { "no `region`" };
    let error = offline_refusal(&config).to_string();
    assert!(error.contains(want), "{error}");
}

/// The error of a profile whose connections all fail before they are made.
fn offline_refusal(config: &str) -> ProfileError {
    let home = Home::new(config, "");
    let clock = Arc::clone(&home.clock) as Arc<dyn Clock>;
    Profile::open_with(home.loader("dev").offline(), clock).map(|_| ()).expect_err("nothing can be reached")
}
