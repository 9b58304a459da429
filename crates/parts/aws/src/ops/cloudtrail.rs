//! CloudTrail events.

use crate::action::Action;
use crate::client::{Operation, Paged};
use crate::error::Unreadable;
use crate::ops::json;
use crate::request::Request;
use serde::Deserialize;
use serde_json::json as object;

/// `LookupEvents` of one name: the last 90 days at most.
#[derive(Clone, Debug, Default)]
pub struct LookupEvents {
    /// E.g. `RunInstances`.
    pub event_name: String,
    /// Seconds since 1970.
    pub start: f64,
    /// Seconds since 1970.
    pub end: f64,
    /// Which page.
    pub next_token: Option<String>,
}

impl Operation for LookupEvents {
    type Output = Events;
    const ACTION: Action = Action::LookupEvents;

    fn request(&self) -> Request {
        Request::json(
            &object!({"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": self.event_name}], "StartTime": self.start, "EndTime": self.end, "NextToken": self.next_token}),
        )
    }

    fn parse(body: &[u8]) -> Result<Events, Unreadable> {
        json(body)
    }
}

impl Paged for LookupEvents {
    fn next(output: &Events) -> Option<&str> {
        output.next_token.as_deref()
    }

    fn at(&mut self, token: String) {
        self.next_token = Some(token);
    }
}

/// A page of events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Events {
    /// The events.
    pub events: Vec<Event>,
    /// The page after this one.
    pub next_token: Option<String>,
}

/// An event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Event {
    /// Its id.
    pub event_id: String,
    /// The record: JSON.
    pub cloud_trail_event: String,
}
