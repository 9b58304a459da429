//! A request before it is signed, and the writers of its forms.

use crate::action::Action;
use crate::service::Protocol;
use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but the unreserved characters of RFC 3986 §2.3, as signatures want them.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What an operation sends: all that depends neither on the place nor on the credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub(crate) method: &'static str,
    /// Path and query, encoded.
    pub(crate) target: String,
    pub(crate) content_type: Option<&'static str>,
    pub(crate) body: Bytes,
}

impl Request {
    /// A JSON body for `POST /`.
    pub(crate) fn json(body: &serde_json::Value) -> Request {
        Request {
            method: "POST",
            target: "/".to_owned(),
            content_type: Some("application/x-amz-json-1.1"),
            body: Bytes::from(body.to_string()),
        }
    }

    /// A path made of segments, and a query.
    pub(crate) fn rest(
        method: &'static str,
        segments: &[&str],
        query: &[(&str, &str)],
        body: Option<&serde_json::Value>,
    ) -> Request {
        let mut target = String::new();
        for segment in segments {
            target.push('/');
            target.extend(utf8_percent_encode(segment, RESERVED));
        }
        for (index, (name, value)) in query.iter().enumerate() {
            target.push(if index == 0 { '?' } else { '&' });
            push_pair(&mut target, name, value);
        }
        Request {
            method,
            target,
            content_type: body.map(|_| "application/json"),
            body: body.map(|body| Bytes::from(body.to_string())).unwrap_or_default(),
        }
    }
}

/// The form of a Query request.
#[derive(Clone, Debug)]
pub(crate) struct Form(String);

impl Form {
    /// A form with the two parameters that every operation has.
    pub(crate) fn of(action: Action) -> Form {
        let mut form = Form(String::new());
        let Protocol::Query(version) = action.service().protocol() else {
            return form;
        };
        form.put("Action", action.name());
        form.put("Version", version);
        form
    }

    /// Adds a parameter.
    pub(crate) fn put(&mut self, name: &str, value: &str) -> &mut Form {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        push_pair(&mut self.0, name, value);
        self
    }

    /// Adds a parameter under a name in two parts, which have none but unreserved characters.
    pub(crate) fn put_at(&mut self, place: &str, name: &str, value: &str) -> &mut Form {
        self.0.extend(["&", place, name, "="]);
        self.0.extend(utf8_percent_encode(value, RESERVED));
        self
    }

    /// Adds a parameter unless it is left out.
    pub(crate) fn put_some(&mut self, name: &str, value: Option<impl ToString>) -> &mut Form {
        if let Some(value) = value {
            self.put(name, &value.to_string());
        }
        self
    }

    /// Adds `name.1`, `name.2`, …
    pub(crate) fn list<T: AsRef<str>>(&mut self, name: &str, values: &[T]) -> &mut Form {
        for (index, value) in values.iter().enumerate() {
            self.put(&format!("{name}.{}", index + 1), value.as_ref());
        }
        self
    }

    /// Makes room for so many bytes more.
    pub(crate) fn reserve(&mut self, bytes: usize) -> &mut Form {
        self.0.reserve(bytes);
        self
    }

    /// Adds `Filter.N`.
    pub(crate) fn filters(&mut self, filters: &[Filter]) -> &mut Form {
        for (index, filter) in filters.iter().enumerate() {
            let place = format!("Filter.{}", index + 1);
            self.put(&format!("{place}.Name"), &filter.name);
            self.list(&format!("{place}.Value"), &filter.values);
        }
        self
    }

    pub(crate) fn finish(&mut self) -> Request {
        Request {
            method: "POST",
            target: "/".to_owned(),
            content_type: Some("application/x-www-form-urlencoded; charset=utf-8"),
            body: Bytes::from(std::mem::take(&mut self.0)),
        }
    }
}

/// A filter that the service applies: any of the values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The name, e.g. `metadata-options.http-tokens`.
    pub name: String,
    /// The values that pass.
    pub values: Vec<String>,
}

impl Filter {
    /// A filter with one value.
    pub fn new(name: &str, value: &str) -> Filter {
        Filter { name: name.to_owned(), values: vec![value.to_owned()] }
    }
}

fn push_pair(to: &mut String, name: &str, value: &str) {
    to.extend(utf8_percent_encode(name, RESERVED));
    to.push('=');
    to.extend(utf8_percent_encode(value, RESERVED));
}
