use super::{Answer, ContentType, ErrorBodies, NOT_FOUND_BODY, Refusal, Wire};
use crate::time::UnixSeconds;
use crate::token::{TokenKey, TokenTtl};
use bytes::Bytes;
use http::{HeaderValue, Response};
use onehop_verdict::{Code, Secret};

fn wire(close: bool, error_bodies: ErrorBodies) -> Wire {
    Wire { date: HeaderValue::from_static("D"), close, error_bodies }
}

fn written(response: &Response<Bytes>) -> String {
    let mut text = response.status().as_u16().to_string();
    for (name, value) in response.headers() {
        text.extend([" ", name.as_str(), "=", value.to_str().expect("text")]);
    }
    text
}

#[test]
fn headers_stand_in_the_recorded_order() {
    let key = TokenKey::new(&Secret::new([0; 32]));
    let token = key.mint(UnixSeconds::new(0), TokenTtl::MAX, b"", [0; 8]);
    let document = |remaining| Answer::Document {
        body: Bytes::from_static(b"i-1"),
        content_type: ContentType::Text,
        last_modified: HeaderValue::from_static("L"),
        remaining,
    };
    for (answer, want) in [
        (
            Answer::Token(token, 21_600),
            "200 x-aws-ec2-metadata-token-ttl-seconds=21600 content-length=56 date=D server=EC2ws connection=close content-type=text/plain",
        ),
        (
            document(Some(7)),
            "200 x-aws-ec2-metadata-token-ttl-seconds=7 content-type=text/plain accept-ranges=none last-modified=L content-length=3 date=D server=EC2ws connection=close",
        ),
        (
            document(None),
            "200 content-type=text/plain accept-ranges=none last-modified=L content-length=3 date=D server=EC2ws connection=close",
        ),
        (
            Answer::NotFound { remaining: Some(7) },
            "404 x-aws-ec2-metadata-token-ttl-seconds=7 content-type=text/html content-length=339 date=D server=EC2ws connection=close",
        ),
        (
            Answer::Refused(Refusal::Unauthorized),
            "401 content-length=0 date=D server=EC2ws connection=close content-type=text/plain",
        ),
        (
            Answer::Refused(Refusal::TokenMethod),
            "405 allow=OPTIONS, PUT content-length=0 date=D server=EC2ws connection=close content-type=text/plain",
        ),
    ] {
        assert_eq!(written(&answer.render(&wire(true, ErrorBodies::Page))), want);
    }
}

#[test]
fn the_page_of_404_has_339_bytes_and_ends_with_a_line_feed() {
    assert_eq!(NOT_FOUND_BODY.len(), 339);
    assert!(NOT_FOUND_BODY.ends_with("</html>\n"));
}

#[test]
fn keep_alive_says_nothing_about_the_connection() {
    let response = Answer::NotFound { remaining: None }.render(&wire(false, ErrorBodies::Page));
    assert!(!response.headers().contains_key("connection"));
}

#[test]
fn bodies_of_400_and_403_are_a_choice_and_401_is_always_empty() {
    for (refusal, bodies, empty) in [
        (Refusal::BadRequest, ErrorBodies::Page, false),
        (Refusal::BadRequest, ErrorBodies::Empty, true),
        (Refusal::Forbidden, ErrorBodies::Page, false),
        (Refusal::Forbidden, ErrorBodies::Empty, true),
        (Refusal::Unauthorized, ErrorBodies::Page, true),
    ] {
        let response = Answer::Refused(refusal).render(&wire(true, bodies));
        assert_eq!(response.body().is_empty(), empty, "{refusal:?} {bodies:?}");
    }
}

#[test]
fn the_service_refuses_with_the_documented_statuses() {
    for (code, token_endpoint, want) in [
        (Code::ImdsV1, false, 401),
        (Code::ImdsTokenInvalid, false, 401),
        (Code::ImdsForwarded, true, 403),
        (Code::ImdsForwarded, false, 403),
        (Code::ImdsDisabled, false, 403),
        (Code::ImdsTokenPathVersion, true, 403),
        (Code::ImdsTtlInvalid, true, 400),
        (Code::ImdsTokenAmbiguous, false, 400),
        (Code::HttpMethod, true, 405),
        (Code::HttpMethod, false, 405),
        (Code::HttpPath, false, 400),
    ] {
        let answer = Answer::Refused(Refusal::of_service(code, token_endpoint));
        assert_eq!(answer.status().as_u16(), want, "{code}");
    }
}
