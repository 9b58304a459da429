use super::{Counter, Exposition, Family, Gauge, Histogram, LATENCY_BOUNDS, Label, Labels, MetricName};
use crate::{ImdsVersion, Outcome, Source};
use onehop_verdict::Code;
use std::collections::HashSet;
use std::thread;
use std::time::Duration;

const BOUNDS: &[Duration] = &[Duration::from_micros(50), Duration::from_millis(1), Duration::from_secs(2)];

#[test]
fn text_format() {
    let no_token = Counter::new();
    no_token.add(3);
    let open = Gauge::new();
    open.add(5);
    open.add(-7);
    let requests: Family<(Outcome, ImdsVersion), Counter> = Family::new(Counter::new);
    requests.at((Outcome::Deny, ImdsVersion::V1)).increment();
    requests.at((Outcome::Allow, ImdsVersion::None)).add(u64::MAX);
    let latency: Family<(Outcome,), Histogram> = Family::new(|| Histogram::new(BOUNDS));
    for micros in [1, 50, 51, 1_000, 2_000_000, 2_000_001] {
        latency.at((Outcome::Deny,)).observe(Duration::from_micros(micros));
    }

    let mut text = Exposition::new();
    text.metric(MetricName::new("MetadataNoToken"), "Requests without a token.", &no_token);
    text.metric(MetricName::new("onehop_open_connections"), "A \\ and\na line feed; \"quotes\" stay.", &open);
    text.info(
        MetricName::new("onehop_build_info"),
        "Build.",
        &[("version", "0.1.0"), ("note", "a\"b\\c\nd")],
    );
    text.family(MetricName::new("onehop_requests_total"), "Requests.", &requests);
    text.family(MetricName::new("onehop_latency_seconds"), "Latency.", &latency);

    let want = r#"# HELP MetadataNoToken Requests without a token.
# TYPE MetadataNoToken counter
MetadataNoToken 3
# HELP onehop_open_connections A \\ and\na line feed; "quotes" stay.
# TYPE onehop_open_connections gauge
onehop_open_connections -2
# HELP onehop_build_info Build.
# TYPE onehop_build_info gauge
onehop_build_info{version="0.1.0",note="a\"b\\c\nd"} 1
# HELP onehop_requests_total Requests.
# TYPE onehop_requests_total counter
onehop_requests_total{decision="allow",version="v1"} 0
onehop_requests_total{decision="allow",version="v2"} 0
onehop_requests_total{decision="allow",version="none"} 18446744073709551615
onehop_requests_total{decision="deny",version="v1"} 1
onehop_requests_total{decision="deny",version="v2"} 0
onehop_requests_total{decision="deny",version="none"} 0
# HELP onehop_latency_seconds Latency.
# TYPE onehop_latency_seconds histogram
onehop_latency_seconds_bucket{decision="allow",le="0.00005"} 0
onehop_latency_seconds_bucket{decision="allow",le="0.001"} 0
onehop_latency_seconds_bucket{decision="allow",le="2"} 0
onehop_latency_seconds_bucket{decision="allow",le="+Inf"} 0
onehop_latency_seconds_sum{decision="allow"} 0
onehop_latency_seconds_count{decision="allow"} 0
onehop_latency_seconds_bucket{decision="deny",le="0.00005"} 2
onehop_latency_seconds_bucket{decision="deny",le="0.001"} 4
onehop_latency_seconds_bucket{decision="deny",le="2"} 5
onehop_latency_seconds_bucket{decision="deny",le="+Inf"} 6
onehop_latency_seconds_sum{decision="deny"} 4.001103
onehop_latency_seconds_count{decision="deny"} 6
"#;
    assert_eq!(text.finish(), want);
}

/// Positions of all values, which must be 0 to COUNT without holes or repetition, with different texts.
fn check_label<L: Label>(values: &[L], expected: &[&str]) {
    assert_eq!(values.len(), L::COUNT);
    assert_eq!(expected.len(), L::COUNT);
    for (place, (value, text)) in values.iter().zip(expected).enumerate() {
        assert_eq!(value.position(), place, "{text}");
        assert_eq!(L::text(place), *text);
    }
    assert_eq!(expected.iter().collect::<HashSet<_>>().len(), L::COUNT);
}

#[test]
fn labels_have_dense_positions() {
    check_label(&[Outcome::Allow, Outcome::Deny], &["allow", "deny"]);
    check_label(&[ImdsVersion::V1, ImdsVersion::V2, ImdsVersion::None], &["v1", "v2", "none"]);
    check_label(&[Source::Cache, Source::Upstream, Source::Local], &["cache", "upstream", "local"]);

    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    check_label(Code::ALL, &codes);
    let optional: Vec<Option<Code>> = [None].into_iter().chain(Code::ALL.iter().copied().map(Some)).collect();
    let texts: Vec<&str> = ["none"].into_iter().chain(codes).collect();
    check_label(&optional, &texts);
}

#[test]
fn three_labels_have_a_cell_each() {
    type All = (Outcome, Option<Code>, Source);
    let family: Family<All, Counter> = Family::new(Counter::new);
    let mut seen = HashSet::new();
    for position in 0..All::COUNT {
        let mut labels = Vec::new();
        All::describe(position, &mut |name, text| labels.push((name, text)));
        assert_eq!(labels.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["decision", "code", "source"]);
        assert!(seen.insert(labels));
    }
    assert_eq!(seen.len(), 2 * (Code::ALL.len() + 1) * 3);
    family.at((Outcome::Deny, Some(Code::UpstreamProtocol), Source::Upstream)).increment();
    let mut text = Exposition::new();
    text.family(MetricName::new("x_total"), "X.", &family);
    let text = text.finish();
    let ones: Vec<&str> = text.lines().filter(|line| line.ends_with(" 1")).collect();
    assert_eq!(ones, [r#"x_total{decision="deny",code="UPSTREAM-PROTOCOL",source="upstream"} 1"#]);
}

#[test]
fn threads_lose_no_count() {
    let counter = Counter::new();
    let histogram = Histogram::new(LATENCY_BOUNDS);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for micros in 0..1_000 {
                    counter.increment();
                    histogram.observe(Duration::from_micros(micros));
                }
            });
        }
    });
    assert_eq!(counter.value(), 4_000);
    assert_eq!(histogram.cumulative().last(), Some((None, 4_000)));
    assert_eq!(histogram.sum(), Duration::from_millis(1_998));
}

#[test]
fn counters_do_not_share_cache_lines() {
    assert_eq!((align_of::<Counter>(), size_of::<Counter>()), (128, 128));
}

#[test]
#[should_panic(expected = "the bounds of a histogram grow")]
fn bounds_must_grow() {
    const TWICE: &[Duration] = &[Duration::from_secs(1), Duration::from_secs(1)];
    let _ = Histogram::new(TWICE);
}
