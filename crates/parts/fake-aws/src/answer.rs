//! Answers: the shapes that services give to results and errors.

use crate::request::Service;
use std::fmt::Write as _;

/// An answer before it goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) body: String,
    /// The connection is closed instead.
    pub(crate) is_dropped: bool,
}

/// An error as services report it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
}

pub(crate) type Done<T> = Result<T, Fault>;

impl Fault {
    pub(crate) fn new(status: u16, code: &str, message: impl Into<String>) -> Fault {
        Fault { status, code: code.to_owned(), message: message.into() }
    }

    /// A request that cannot be right.
    pub(crate) fn bad(code: &str, message: impl Into<String>) -> Fault {
        Fault::new(400, code, message)
    }

    pub(crate) fn answer(&self, service: Option<Service>) -> Answer {
        if self.code == "drop" {
            return Answer { is_dropped: true, ..Answer::json(String::new()) };
        }
        if self.code == "html" {
            let body = "<!doctype html><html><title>500 Internal Server Error</title></html>".to_owned();
            return Answer { status: 500, content_type: "text/html", body, is_dropped: false };
        }
        let mut xml = Xml::new();
        match service {
            Some(Service::Ec2) => {
                xml.open("Response").open("Errors");
                self.error(&mut xml);
                xml.close("Errors").leaf("RequestID", REQUEST_ID).close("Response");
            }
            Some(service) if service.speaks_json() => {
                let body = serde_json::json!({"__type": self.code, "message": self.message});
                return Answer { status: self.status, ..Answer::json(body.to_string()) };
            }
            _ => {
                xml.open("ErrorResponse");
                self.error(&mut xml);
                xml.leaf("RequestId", REQUEST_ID).close("ErrorResponse");
            }
        }
        Answer { status: self.status, ..xml.answer() }
    }

    fn error(&self, xml: &mut Xml) {
        xml.open("Error").leaf("Code", &self.code).leaf("Message", &self.message).close("Error");
    }
}

pub(crate) const REQUEST_ID: &str = "00000000-0000-4000-8000-000000000000";

impl Answer {
    pub(crate) fn json(body: String) -> Answer {
        Answer { status: 200, content_type: "application/x-amz-json-1.1", body, is_dropped: false }
    }
}

/// Writes XML.
#[derive(Debug)]
pub(crate) struct Xml(String);

impl Xml {
    pub(crate) fn new() -> Xml {
        Xml("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned())
    }

    pub(crate) fn open(&mut self, name: &str) -> &mut Xml {
        self.0.extend(["<", name, ">"]);
        self
    }

    pub(crate) fn close(&mut self, name: &str) -> &mut Xml {
        self.0.extend(["</", name, ">"]);
        self
    }

    pub(crate) fn leaf(&mut self, name: &str, text: &str) -> &mut Xml {
        self.open(name);
        for piece in text.split_inclusive(['<', '>', '&']) {
            match piece.as_bytes().last() {
                Some(b'<') => self.0.extend([&piece[..piece.len() - 1], "&lt;"]),
                Some(b'>') => self.0.extend([&piece[..piece.len() - 1], "&gt;"]),
                Some(b'&') => self.0.extend([&piece[..piece.len() - 1], "&amp;"]),
                _ => self.0.push_str(piece),
            }
        }
        self.close(name)
    }

    /// Ends an element that was opened, with pieces of text that need no escape.
    pub(crate) fn close_text(&mut self, pieces: &[&str], name: &str) -> &mut Xml {
        self.0.extend(pieces.iter().copied());
        self.close(name)
    }

    pub(crate) fn number(&mut self, name: &str, number: impl std::fmt::Display) -> &mut Xml {
        self.open(name);
        let _ = write!(self.0, "{number}");
        self.close(name)
    }

    pub(crate) fn some(&mut self, name: &str, text: Option<&str>) -> &mut Xml {
        if let Some(text) = text {
            self.leaf(name, text);
        }
        self
    }

    /// A list of records.
    pub(crate) fn list<T>(
        &mut self,
        name: &str,
        item: &str,
        of: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Xml, T),
    ) -> &mut Xml {
        self.open(name);
        for one in of {
            self.open(item);
            write(self, one);
            self.close(item);
        }
        self.close(name)
    }

    pub(crate) fn answer(self) -> Answer {
        Answer { status: 200, content_type: "text/xml;charset=UTF-8", body: self.0, is_dropped: false }
    }
}
