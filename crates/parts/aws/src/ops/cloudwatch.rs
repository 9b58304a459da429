//! Metrics. `MetadataNoToken` counts requests to the metadata service without a token.

use crate::action::Action;
use crate::client::{Operation, Paged};
use crate::error::Unreadable;
use crate::request::{Form, Request};
use crate::xml::{self, Cursor, Read};

/// One metric of one thing, summed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MetricQuery {
    /// By which the answer names it: a lower case letter, then letters, digits and `_`.
    pub id: String,
    /// E.g. `AWS/EC2`.
    pub namespace: String,
    /// E.g. `MetadataNoToken`.
    pub metric: String,
    /// E.g. `InstanceId`.
    pub dimension: String,
    /// Its value.
    pub value: String,
    /// Length of a point in seconds.
    pub period_seconds: u32,
}

/// `GetMetricData`: at most [`GetMetricData::QUERIES_MAX`] metrics.
#[derive(Clone, Debug, Default)]
pub struct GetMetricData {
    /// What to read.
    pub queries: Vec<MetricQuery>,
    /// ISO 8601, or seconds since 1970.
    pub start: String,
    /// ISO 8601, or seconds since 1970.
    pub end: String,
    /// Which page.
    pub next_token: Option<String>,
}

/// What one query takes in a form, about.
const QUERY_BYTES: usize = 640;

impl GetMetricData {
    /// What one call may ask for.
    pub const QUERIES_MAX: usize = 500;
}

/// A page of metrics.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MetricData {
    /// What was read. One metric may be spread over pages.
    pub results: Vec<MetricResult>,
    /// The page after this one.
    pub next_token: Option<String>,
}

/// The points of a metric. None at all is not zero.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MetricResult {
    /// The id of the query.
    pub id: String,
    /// `Complete`, `PartialData`, `InternalError`, `Forbidden`.
    pub status: String,
    /// The points, beside `values`.
    pub timestamps: Vec<String>,
    /// The sums.
    pub values: Vec<f64>,
}

impl Operation for GetMetricData {
    type Output = MetricData;
    const ACTION: Action = Action::GetMetricData;

    fn request(&self) -> Request {
        let mut form = Form::of(Self::ACTION);
        form.put("StartTime", &self.start).put("EndTime", &self.end);
        form.reserve(self.queries.len() * QUERY_BYTES);
        for (index, query) in self.queries.iter().enumerate() {
            let place = format!("MetricDataQueries.member.{}.", index + 1);
            let period = query.period_seconds.to_string();
            form.put_at(&place, "Id", &query.id)
                .put_at(&place, "MetricStat.Metric.Namespace", &query.namespace)
                .put_at(&place, "MetricStat.Metric.MetricName", &query.metric)
                .put_at(&place, "MetricStat.Metric.Dimensions.member.1.Name", &query.dimension)
                .put_at(&place, "MetricStat.Metric.Dimensions.member.1.Value", &query.value)
                .put_at(&place, "MetricStat.Period", &period)
                .put_at(&place, "MetricStat.Stat", "Sum");
        }
        form.put_some("NextToken", self.next_token.as_deref()).finish()
    }

    fn parse(body: &[u8]) -> Result<MetricData, Unreadable> {
        let mut page = MetricData::default();
        xml::document(body, |name, cursor| {
            match name {
                b"MetricDataResults" => page.results = cursor.items(result)?,
                b"NextToken" => page.next_token = cursor.some_text()?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(page)
    }
}

impl Paged for GetMetricData {
    fn next(output: &MetricData) -> Option<&str> {
        output.next_token.as_deref()
    }

    fn at(&mut self, token: String) {
        self.next_token = Some(token);
    }
}

fn result(cursor: &mut Cursor<'_>) -> Read<MetricResult> {
    let mut it = MetricResult::default();
    cursor.children(|name, cursor| {
        match name {
            b"Id" => it.id = cursor.text()?,
            b"StatusCode" => it.status = cursor.text()?,
            b"Timestamps" => it.timestamps = cursor.texts()?,
            b"Values" => it.values = cursor.items(Cursor::parsed)?.into_iter().flatten().collect(),
            _ => {}
        }
        Ok(())
    })?;
    Ok(it)
}
