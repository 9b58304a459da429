//! The pace of a server: fetches what an audit of accounts fetches, and looks at nothing.
//!
//! `pace ENDPOINT_URL [DAYS]` asks for all pages of instances of all regions side by side, and for the two metrics of each
//! instance over the days (default 30) as soon as its page is there, four calls at once in a region. The same HTTP
//! library and the same requests as those of the auditor; of an answer only what the next request needs is searched
//! for: the token of the next page, the ids. Requests have the shape of signed ones, so that only an emulator that does
//! not compute signatures can be asked. One line of JSON says what it took.
//!
//! It fails with the first answer that is no success: a pace of failures means nothing.

use aws_smithy_http_client::Connector;
use aws_smithy_runtime_api::client::http::{HttpConnector as _, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use bytes::BytesMut;
use http_body_util::BodyExt as _;
use std::error::Error;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Instances that one call for metrics asks for.
const PART: usize = 250;
/// Calls for metrics at once in a region.
const PARALLEL: usize = 4;

type Failed = Box<dyn Error + Send + Sync>;

/// What was fetched.
#[derive(Clone, Copy, Debug, Default)]
struct Fetched {
    instances: usize,
    calls: usize,
    bytes: usize,
}

impl std::ops::AddAssign for Fetched {
    fn add_assign(&mut self, other: Fetched) {
        self.instances += other.instances;
        self.calls += other.calls;
        self.bytes += other.bytes;
    }
}

/// One region of a server.
#[derive(Clone)]
struct Place {
    connector: SharedHttpConnector,
    endpoint: Arc<str>,
    region: Arc<str>,
    window: Arc<str>,
    period: u32,
}

fn main() -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(run())
}

#[expect(clippy::print_stdout, reason = "the line is what this program says")]
async fn run() -> Result<(), Failed> {
    let mut arguments = std::env::args().skip(1);
    let endpoint = arguments.next().ok_or("usage: pace ENDPOINT_URL [DAYS]")?;
    let days: u64 = arguments.next().map_or(Ok(30), |days| days.parse())?;
    let began = Instant::now();
    let first = Place {
        connector: SharedHttpConnector::new(Connector::builder().build_http()),
        endpoint: endpoint.into(),
        region: "us-east-1".into(),
        window: window(days)?.into(),
        period: if days > 15 { 6 * 3600 } else { 3600 },
    };
    let regions = first.ask("ec2", "Action=DescribeRegions&Version=2016-11-15".to_owned()).await?;
    let mut tasks = JoinSet::new();
    for region in texts(&regions, b"<regionName>") {
        let place = Place { region: region.into(), ..first.clone() };
        tasks.spawn(async move { place.fetch().await });
    }
    let mut sum = Fetched::default();
    while let Some(done) = tasks.join_next().await {
        sum += done??;
    }
    let seconds = began.elapsed().as_secs_f64();
    let Fetched { instances, calls, bytes } = sum;
    println!(
        "{}",
        serde_json::json!({"instances": instances, "calls": calls, "bytes": bytes, "seconds": seconds})
    );
    Ok(())
}

fn window(days: u64) -> Result<String, Failed> {
    let now = OffsetDateTime::now_utc().replace_nanosecond(0)?;
    let from = now - Duration::from_secs(days * 24 * 3600);
    let form = format!("StartTime={}&EndTime={}", from.format(&Rfc3339)?, now.format(&Rfc3339)?);
    Ok(form.replace(':', "%3A"))
}

impl Place {
    /// All pages, and metrics beside them.
    async fn fetch(&self) -> Result<Fetched, Failed> {
        let places = Arc::new(Semaphore::new(PARALLEL));
        let mut tasks: JoinSet<Result<usize, Failed>> = JoinSet::new();
        let mut sum = Fetched::default();
        let mut token: Option<String> = None;
        loop {
            let mut form = "Action=DescribeInstances&Version=2016-11-15&MaxResults=1000".to_owned();
            if let Some(token) = &token {
                form.extend(["&NextToken=", token]);
            }
            let page = self.ask("ec2", form).await?;
            let ids = texts(&page, b"<instanceId>");
            sum += Fetched { instances: ids.len(), calls: 1 + ids.len().div_ceil(PART), bytes: page.len() };
            for part in ids.chunks(PART) {
                let (place, form, places) = (self.clone(), self.metrics(part)?, Arc::clone(&places));
                tasks.spawn(async move {
                    let _place = places.acquire_owned().await?;
                    Ok(place.ask("monitoring", form).await?.len())
                });
            }
            token = texts(&page[page.len().saturating_sub(200)..], b"<nextToken>").pop();
            if token.is_none() {
                break;
            }
        }
        while let Some(done) = tasks.join_next().await {
            sum.bytes += done??;
        }
        Ok(sum)
    }

    fn metrics(&self, ids: &[String]) -> Result<String, std::fmt::Error> {
        let mut form = format!("Action=GetMetricData&Version=2010-08-01&{}", self.window);
        let names = [("n", "MetadataNoToken"), ("r", "MetadataNoTokenRejected")];
        let queries = ids.iter().enumerate().flat_map(|(at, id)| names.map(|names| (at, id, names)));
        for (index, (at, id, (letter, name))) in (1..).zip(queries) {
            let query = format!("&MetricDataQueries.member.{index}.");
            let dimension = format!("{query}MetricStat.Metric.Dimensions.member.1.");
            write!(
                form,
                "{query}Id={letter}{at}{query}MetricStat.Metric.Namespace=AWS%2FEC2\
                 {query}MetricStat.Metric.MetricName={name}{dimension}Name=InstanceId{dimension}Value={id}\
                 {query}MetricStat.Period={}{query}MetricStat.Stat=Sum",
                self.period
            )?;
        }
        Ok(form)
    }

    async fn ask(&self, service: &str, form: String) -> Result<BytesMut, Failed> {
        let scope = format!("AKIDEXAMPLE/20260101/{}/{service}/aws4_request", self.region);
        let signed = format!(
            "AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host;x-amz-date, Signature={:064}",
            0
        );
        let request = http::Request::post(format!("{}/", self.endpoint))
            .header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
            .header("x-amz-date", "20260101T000000Z")
            .header("authorization", signed)
            .body(SdkBody::from(form))?;
        let mut answer = self.connector.call(HttpRequest::try_from(request)?).await?;
        let status = answer.status().as_u16();
        let mut body = answer.take_body();
        let mut whole = BytesMut::new();
        while let Some(frame) = body.frame().await {
            if let Ok(piece) = frame?.into_data() {
                whole.extend_from_slice(&piece);
            }
        }
        if status == 200 {
            return Ok(whole);
        }
        Err(format!("{service} answered with {status}: {}", String::from_utf8_lossy(&whole)).into())
    }
}

/// The texts of all elements that open like this.
fn texts(body: &[u8], open: &[u8]) -> Vec<String> {
    memchr::memmem::find_iter(body, open)
        .filter_map(|at| {
            let rest = &body[at + open.len()..];
            let end = memchr::memchr(b'<', rest)?;
            String::from_utf8(rest[..end].to_vec()).ok()
        })
        .collect()
}
