//! Reads the errors that services answer with.
//!
//! | shape | code | message | request id |
//! |---|---|---|---|
//! | EC2 XML | `Response/Errors/Error/Code` | `…/Message` | `Response/RequestID` |
//! | Query XML | `ErrorResponse/Error/Code` | `…/Message` | `ErrorResponse/RequestId` |
//! | JSON | `x-amzn-errortype`, `__type` or `code`, after the `#` | `message` or `Message` | header |
//! | anything else, such as a page in HTML | none | none | header |
//!
//! Total: what cannot be read is an error by its status alone.

use crate::error::{Failure, Problem};
use crate::transport::Answer;
use crate::xml::{self, Cursor, Read};
use serde::Deserialize;

#[derive(Default)]
struct Words {
    code: String,
    message: String,
    request_id: Option<String>,
}

pub(crate) fn read(answer: &Answer) -> Failure {
    let text = answer.body.trim_ascii_start();
    let is_page =
        answer.content_type.contains("html") || text.starts_with(b"<!") || text.starts_with(b"<html");
    let words = match text.first() {
        _ if is_page => None,
        Some(b'<') => from_xml(text),
        Some(b'{') => from_json(text, answer.error_type.as_deref()),
        _ => None,
    };
    let status = answer.status;
    let Some(words) = words else {
        let problem = match status {
            500 | 501 | 404 if is_page => Problem::NotImplemented,
            _ => Problem::of_answer(status, ""),
        };
        return Failure {
            problem,
            code: String::new(),
            message: format!("status {status} without an error that can be read"),
            status: Some(status),
            request_id: answer.request_id.clone(),
        };
    };
    Failure {
        problem: Problem::of_answer(status, &words.code),
        code: words.code,
        message: words.message,
        status: Some(status),
        request_id: words.request_id.or_else(|| answer.request_id.clone()),
    }
}

fn from_xml(text: &[u8]) -> Option<Words> {
    let mut words = Words::default();
    xml::document(text, |name, cursor| match name {
        b"Errors" => cursor.children(|_, cursor| error(cursor, &mut words)),
        b"Error" => error(cursor, &mut words),
        b"RequestID" | b"RequestId" => {
            words.request_id = cursor.some_text()?;
            Ok(())
        }
        _ => Ok(()),
    })
    .ok()?;
    (!words.code.is_empty()).then_some(words)
}

fn error(cursor: &mut Cursor<'_>, words: &mut Words) -> Read<()> {
    cursor.children(|name, cursor| {
        match name {
            b"Code" => words.code = cursor.text()?,
            b"Message" => words.message = cursor.text()?,
            _ => {}
        }
        Ok(())
    })
}

fn from_json(text: &[u8], header: Option<&str>) -> Option<Words> {
    #[derive(Deserialize)]
    struct Body {
        #[serde(rename = "__type", alias = "code")]
        code: Option<String>,
        #[serde(alias = "Message", alias = "errorMessage")]
        message: Option<String>,
    }
    let body: Body = serde_json::from_slice(text).ok()?;
    let code = header.map(ToOwned::to_owned).or(body.code)?;
    // `prefix#Code:address`
    let code = code.rsplit('#').next().unwrap_or_default().split(':').next().unwrap_or_default();
    Some(Words { code: code.to_owned(), message: body.message.unwrap_or_default(), request_id: None })
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::error::Problem;
    use crate::transport::Answer;

    #[test]
    fn errors_of_every_shape() {
        let ec2 = "<?xml version=\"1.0\"?>\n<Response><Errors><Error><Code>RequestLimitExceeded</Code>\
            <Message>slow &amp; low</Message></Error></Errors><RequestID>r-1</RequestID></Response>";
        let query = "<ErrorResponse xmlns=\"u\"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message>\
            </Error><RequestId>r-1</RequestId></ErrorResponse>";
        let json = r#"{"__type":"com.amazon.coral#AccessDeniedException","Message":"no"}"#;
        let page = "<!doctype html><html lang=en><title>500 Internal Server Error</title>";
        let cases = [
            (503, "text/xml", ec2, Problem::Throttled, "RequestLimitExceeded", "slow & low", Some("r-1")),
            (403, "text/xml", query, Problem::Denied, "AccessDenied", "no", Some("r-1")),
            (400, "application/json", json, Problem::Denied, "AccessDeniedException", "no", Some("header")),
            (
                500,
                "text/html",
                page,
                Problem::NotImplemented,
                "",
                "status 500 without an error that can be read",
                Some("header"),
            ),
            (
                500,
                "text/xml",
                "<a",
                Problem::Server,
                "",
                "status 500 without an error that can be read",
                Some("header"),
            ),
            (
                502,
                "text/html",
                page,
                Problem::Server,
                "",
                "status 502 without an error that can be read",
                Some("header"),
            ),
            (
                403,
                "",
                "",
                Problem::Denied,
                "",
                "status 403 without an error that can be read",
                Some("header"),
            ),
        ];
        for (status, content_type, body, problem, code, message, request_id) in cases {
            let failure = read(&Answer {
                status,
                content_type: content_type.to_owned(),
                request_id: Some("header".to_owned()),
                error_type: None,
                body: body.as_bytes().to_vec().into(),
            });
            assert_eq!((failure.problem, failure.code.as_str()), (problem, code), "{body}");
            assert_eq!(
                (failure.message.as_str(), failure.request_id.as_deref()),
                (message, request_id),
                "{body}"
            );
        }
    }
}
