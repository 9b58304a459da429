//! The formats that are known by name.

/// Who writes a log, and in which of its forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
#[expect(clippy::enum_variant_names, reason = "`LogFormat` is what servers call it")]
pub enum Format {
    /// nginx: `combined`, the `main` of its packages, the form of ingress-nginx.
    Nginx,
    /// The combined form when nothing tells which server wrote it.
    Combined,
    /// Apache httpd `common`.
    ApacheCommon,
    /// Apache httpd `combined`.
    ApacheCombined,
    /// Apache httpd `combinedio`: combined, then the bytes received and sent.
    ApacheCombinedio,
    /// A format string given by the user, in the language of nginx, Apache httpd or Envoy.
    LogFormat,
    /// AWS Application Load Balancer access logs.
    Alb,
    /// Amazon `CloudFront` standard logs.
    CloudFront,
    /// Amazon `CloudFront` real-time logs.
    CloudFrontRealtime,
    /// AWS WAF logs.
    Waf,
    /// Amazon API Gateway access logs: JSON or the common form of its documentation.
    ApiGateway,
    /// Envoy, text: its default format and that of Istio.
    EnvoyText,
    /// Envoy, JSON.
    EnvoyJson,
    /// `HAProxy`, HTTP.
    HaProxy,
    /// Cloudflare Logpush, HTTP requests.
    Cloudflare,
    /// Traefik, JSON.
    Traefik,
    /// Caddy, JSON.
    Caddy,
    /// Microsoft IIS, W3C extended.
    Iis,
    /// Squid: `squid`, `combined`, `common`.
    Squid,
    /// Smokescreen, JSON.
    Smokescreen,
    /// The journal of Onehop.
    Onehop,
    /// Zeek, separated values.
    ZeekTsv,
    /// Zeek, JSON.
    ZeekJson,
    /// Suricata `eve.json`.
    SuricataEve,
    /// Route 53 Resolver query logs.
    Resolver,
    /// Captured packets, as lines of JSON: HTTP requests and DNS answers (`onehop_capture`).
    Pcap,
    /// Amazon VPC flow logs.
    VpcFlow,
    /// AWS CloudTrail events: one a line, or a file of `Records` on one line.
    CloudTrail,
    /// JSON of any shape, one value a line.
    JsonLines,
    /// Lines without a known shape.
    Text,
}

impl Format {
    /// Every format, the unspecific ones last.
    pub const ALL: &'static [Format] = &[
        Format::Nginx,
        Format::Combined,
        Format::ApacheCommon,
        Format::ApacheCombined,
        Format::ApacheCombinedio,
        Format::LogFormat,
        Format::Alb,
        Format::CloudFront,
        Format::CloudFrontRealtime,
        Format::Waf,
        Format::ApiGateway,
        Format::EnvoyText,
        Format::EnvoyJson,
        Format::HaProxy,
        Format::Cloudflare,
        Format::Traefik,
        Format::Caddy,
        Format::Iis,
        Format::Squid,
        Format::Smokescreen,
        Format::Onehop,
        Format::ZeekTsv,
        Format::ZeekJson,
        Format::SuricataEve,
        Format::Resolver,
        Format::Pcap,
        Format::VpcFlow,
        Format::CloudTrail,
        Format::JsonLines,
        Format::Text,
    ];

    /// The stable text, e.g. `apache-combined`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Format::Nginx => "nginx",
            Format::Combined => "combined",
            Format::ApacheCommon => "apache-common",
            Format::ApacheCombined => "apache-combined",
            Format::ApacheCombinedio => "apache-combinedio",
            Format::LogFormat => "log-format",
            Format::Alb => "alb",
            Format::CloudFront => "cloudfront",
            Format::CloudFrontRealtime => "cloudfront-realtime",
            Format::Waf => "waf",
            Format::ApiGateway => "api-gateway",
            Format::EnvoyText => "envoy",
            Format::EnvoyJson => "envoy-json",
            Format::HaProxy => "haproxy",
            Format::Cloudflare => "cloudflare",
            Format::Traefik => "traefik",
            Format::Caddy => "caddy",
            Format::Iis => "iis",
            Format::Squid => "squid",
            Format::Smokescreen => "smokescreen",
            Format::Onehop => "onehop",
            Format::ZeekTsv => "zeek",
            Format::ZeekJson => "zeek-json",
            Format::SuricataEve => "suricata",
            Format::Resolver => "resolver",
            Format::Pcap => "pcap",
            Format::VpcFlow => "vpcflow",
            Format::CloudTrail => "cloudtrail",
            Format::JsonLines => "jsonl",
            Format::Text => "text",
        }
    }

    /// The format of that text. `apache`, `json`, `pcapng` and `w3c` are read as well.
    pub fn from_text(text: &str) -> Option<Format> {
        match text {
            "apache" => Some(Format::ApacheCombined),
            "json" => Some(Format::JsonLines),
            "pcapng" => Some(Format::Pcap),
            "w3c" => Some(Format::Iis),
            _ => Format::ALL.iter().copied().find(|format| format.as_str() == text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Format;
    use std::collections::HashSet;

    #[test]
    fn every_format_has_a_name_of_its_own_that_is_read_back() {
        let mut names = HashSet::new();
        for format in Format::ALL {
            assert!(names.insert(format.as_str()), "{format:?}");
            assert_eq!(Format::from_text(format.as_str()), Some(*format));
        }
        assert_eq!(names.len(), 30);
    }

    #[test]
    fn other_names_are_read_or_refused() {
        assert_eq!(Format::from_text("apache"), Some(Format::ApacheCombined));
        assert_eq!(Format::from_text("Nginx"), None);
        assert_eq!(Format::from_text(""), None);
    }
}
