//! What each kind of log cannot show, however well it is read.

use crate::format::Format;

const BODY: &str = "Request bodies are not logged: an attempt in a form, in JSON or in XML leaves no trace.";
const HEADERS: &str = "Request headers other than Referer and User-Agent are not logged: attempts in Host, Cookie, \
                       X-Forwarded-Host or a header of the application are not seen.";
const NO_HEADERS: &str = "No request headers are logged: attempts in any of them are not seen.";
const CHOSEN_HEADERS: &str =
    "Only the headers that the configuration names are logged; attempts in others are not seen.";
const ANSWER: &str =
    "What came back is not logged: status and size alone tell whether an attempt may have succeeded.";
const OUTBOUND: &str = "The call that the attacked program made is not logged, so an attempt is seen, never the request that it caused.";

/// Formats, and what they cannot show.
const SPOTS: &[(&[Format], &[&str])] = &[
    (
        &[Format::Nginx, Format::Combined, Format::ApacheCombined, Format::ApacheCombinedio],
        &[BODY, HEADERS, OUTBOUND, ANSWER],
    ),
    (&[Format::ApacheCommon], &[BODY, NO_HEADERS, OUTBOUND, ANSWER]),
    (
        &[Format::LogFormat],
        &["Only what the format string names is logged; everything else of a request is not seen.", ANSWER],
    ),
    (
        &[Format::Alb],
        &[
            BODY,
            "Request headers other than User-Agent are not logged: attempts in Referer, Cookie or any other are not seen.",
            "A User-Agent is cut at 8 KB.",
            OUTBOUND,
        ],
    ),
    (
        &[Format::CloudFront],
        &[
            BODY,
            "Requests with headers of more than 20 KB or a URL of more than 8192 bytes are not logged at all.",
            "Headers other than Host, Referer, User-Agent, Cookie and X-Forwarded-For are not logged.",
            "Delivery is best effort: a request can be missing, or be logged up to 24 hours late.",
            OUTBOUND,
        ],
    ),
    (
        &[Format::CloudFrontRealtime],
        &[
            BODY,
            "Requests outside the sampling rate are not logged.",
            "Cookies and the list of headers are cut at 800 bytes; fields that were not chosen are missing.",
            OUTBOUND,
        ],
    ),
    (
        &[Format::Waf],
        &[
            BODY,
            "Headers and parts of the URL that the configuration redacts, and requests that it filters out, are not seen.",
            OUTBOUND,
        ],
    ),
    (
        &[Format::ApiGateway],
        &[
            "Query strings, headers and bodies are not logged by the documented formats: most attempts cannot be seen. \
             The logs of AWS WAF in front of the API show them.",
            OUTBOUND,
        ],
    ),
    (
        &[Format::EnvoyText],
        &[BODY, CHOSEN_HEADERS, "Nothing is escaped: a quote in a header can shift the fields behind it."],
    ),
    (&[Format::EnvoyJson], &[BODY, CHOSEN_HEADERS]),
    (
        &[Format::HaProxy],
        &[
            BODY,
            "Headers are logged only where the configuration captures them, cut at the length that it gives.",
            "A line is cut at the length of the syslog server, 1024 bytes unless configured.",
            OUTBOUND,
        ],
    ),
    (
        &[Format::Cloudflare],
        &[BODY, CHOSEN_HEADERS, "Fields that the job does not name are missing.", OUTBOUND],
    ),
    (&[Format::Traefik], &[BODY, "Headers are dropped unless the configuration keeps them.", OUTBOUND]),
    (
        &[Format::Caddy],
        &[
            BODY,
            "Cookie and Authorization headers are masked unless the configuration says otherwise.",
            OUTBOUND,
        ],
    ),
    (
        &[Format::Iis],
        &[
            BODY,
            "Cookie and Host are logged only where they were chosen, other headers not at all.",
            "The path may have been normalised before it was logged.",
            "A plus sign in a header cannot be told from a blank.",
            OUTBOUND,
        ],
    ),
    (
        &[Format::Squid],
        &[
            "Only calls that go through the proxy are logged; a program that dials by itself is not seen.",
            "Of a tunnel (CONNECT) only host and port are logged, not the path.",
            "Bodies and headers are not logged: the method alone tells a request for a session token.",
        ],
    ),
    (
        &[Format::Smokescreen],
        &[
            "Only calls that go through the proxy are logged; a program that dials by itself is not seen.",
            "Host and address are logged, not the path: which document was asked for is not known.",
        ],
    ),
    (
        &[Format::Onehop],
        &[
            "Query strings, header values and tokens are never written to the journal.",
            "Only requests that reached Onehop are in it; a process that goes around the guard is not seen.",
        ],
    ),
    (
        &[Format::ZeekTsv, Format::ZeekJson],
        &[
            "Traffic within a host, and so most traffic to a metadata service, is seen only by a sensor on that host.",
            "The session token header is not logged unless configured, nor are bodies.",
            "Nothing within TLS is seen but the server name.",
        ],
    ),
    (
        &[Format::SuricataEve],
        &[
            "Traffic within a host, and so most traffic to a metadata service, is seen only by a sensor on that host.",
            "Headers and bodies are logged only where the configuration says so.",
            "Nothing within TLS is seen but the server name.",
        ],
    ),
    (
        &[Format::Resolver],
        &[
            "Answers from the cache are not logged again: a second look-up within the time to live is not seen.",
            "Answers carry no time to live, so rebinding is told by what a name answered, not by how briefly.",
            "Look-ups at other resolvers, and addresses that are dialled without a name, are not seen.",
        ],
    ),
    (
        &[Format::Pcap],
        &[
            "Traffic within a host, and so most traffic to a metadata service, is seen only by a capture on that host.",
            "Nothing within TLS or HTTP/2 is seen, nor DNS over TCP or HTTPS.",
            "Of a request's body only the first 8 KiB are read.",
        ],
    ),
    (
        &[Format::VpcFlow],
        &[
            "Traffic to and from the metadata service is not recorded by flow logs at all: no line can show it.",
            "Flow logs have no names, paths or payload.",
        ],
    ),
    (
        &[Format::CloudTrail],
        &[
            "Requests to the metadata service are no API calls: only what was done with the credentials is seen.",
            "Data events, such as reads of S3 objects, are missing unless the trail includes them.",
            "Events arrive minutes after they happened.",
        ],
    ),
    (
        &[Format::JsonLines, Format::Text],
        &["Only what the writer chose to log is there; bodies and headers usually are not."],
    ),
];

/// What a log of this format cannot show, in sentences for a report.
pub fn blind_spots(format: Format) -> &'static [&'static str] {
    SPOTS.iter().find(|(formats, _)| formats.contains(&format)).map_or(&[], |(_, spots)| spots)
}

#[cfg(test)]
mod tests {
    use super::blind_spots;
    use crate::format::Format;

    #[test]
    fn every_format_says_what_it_cannot_show_in_sentences() {
        for format in Format::ALL {
            let spots = blind_spots(*format);
            assert!(!spots.is_empty(), "{format:?}");
            for spot in spots {
                assert!(spot.ends_with('.') && !spot.contains("  "), "{format:?}: {spot}");
            }
        }
    }
}
