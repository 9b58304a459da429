//! One request as logs see it: what the attempt, or a harmless visitor, sent, and what the server noted beside it.
//!
//! ```text
//! Request::ordinary ─▶ a believable visit ─▶ a carrier or a benign kind changes some fields ─▶ a format writes it
//! ```
//! Two requests with different serials never make the same line: the serial moves the time by [`STEP_MILLIS`], and its
//! low bits stand in the size and in the port. Nothing fails.

use crate::dice::Dice;
use std::fmt::Write;
use time::OffsetDateTime;

/// Time between two lines.
const STEP_MILLIS: u64 = 37;
/// 2024-05-01T00:00:00Z: when the first line is written.
const START_SECONDS: i64 = 1_714_521_600;

/// Hosts of the site whose logs these are.
pub(crate) const OWN_HOSTS: &[&str] =
    &["www.example.com", "shop.example.com", "api.example.org", "cdn.example.net", "app.example.org"];

const PAGES: &[&str] = &[
    "/",
    "/index.html",
    "/about",
    "/products/42",
    "/products/1207/reviews?page=3",
    "/static/js/main.4f3a91c2.js",
    "/static/css/site.css?v=118",
    "/img/hero@2x.webp",
    "/favicon.ico",
    "/robots.txt",
    "/api/v1/items?limit=50&offset=100",
    "/api/v2/users/me",
    "/search?q=blue+shoes&sort=price",
    "/blog/2023/11/why-we-moved",
    "/healthz",
    "/wp-login.php",
    "/feed.xml",
    "/cart?step=2&utm_source=newsletter&utm_medium=email",
    "/docs/guide/install.html",
    "/login?next=/account",
];

const AGENTS: &[&str] = &[
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    "Mozilla/5.0 (compatible; ExampleBot/2.1; +https://bot.example.com/about)",
    "curl/8.7.1",
    "python-requests/2.31.0",
    "Go-http-client/2.0",
    "okhttp/4.12.0",
    "ELB-HealthChecker/2.0",
    "kube-probe/1.29",
];

const REFERERS: &[&str] = &[
    "",
    "",
    "https://www.example.com/",
    "https://www.example.com/products/42",
    "https://search.example.net/",
    "https://news.example.org/item?id=40218",
];

/// First bytes of public networks without any catalogued service in them.
const PUBLIC: &[u8] = &[3, 5, 18, 23, 34, 45, 52, 62, 77, 81, 93, 104, 131, 141, 151, 178, 185, 203, 212];
/// Bytes of IPv6 addresses that no catalogued IPv4 address begins with.
const BYTE_MAX: u8 = 0x60;

/// One request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) serial: u64,
    pub(crate) method: &'static str,
    pub(crate) is_tls: bool,
    pub(crate) host: String,
    /// Path and query, or the whole URL of a request to a proxy.
    pub(crate) target: String,
    pub(crate) status: u16,
    pub(crate) size: u32,
    pub(crate) client: String,
    pub(crate) port: u16,
    pub(crate) referer: String,
    pub(crate) user_agent: String,
    pub(crate) cookie: String,
    pub(crate) forwarded_host: String,
    pub(crate) body: String,
    /// The address dialled next, without brackets; of a DNS query, the answer.
    pub(crate) peer: String,
    pub(crate) peer_port: u16,
    pub(crate) duration_millis: u32,
    pub(crate) id: u64,
}

impl Request {
    /// A believable visit.
    pub(crate) fn ordinary(&mut self, serial: u64, dice: &mut Dice) {
        let low = u32::try_from(serial & 0xFF).unwrap_or(0);
        self.serial = serial;
        self.method = if dice.chance(88) { "GET" } else { dice.pick(&["POST", "HEAD", "PUT"]) };
        self.is_tls = dice.chance(80);
        self.status = dice.pick(&[200, 200, 200, 200, 200, 200, 301, 304, 404, 500]);
        self.size = (dice.below(1 << 12) << 8) | low;
        self.port = 20_000 + u16::try_from(dice.below(150) << 8 | low).unwrap_or(0);
        self.peer_port = 8080;
        self.duration_millis = 1 + dice.below(900);
        self.id = dice.bits();
        put(&mut self.host, dice.pick(OWN_HOSTS));
        put(&mut self.target, dice.pick(PAGES));
        put(&mut self.referer, dice.pick(REFERERS));
        put(&mut self.user_agent, dice.pick(AGENTS));
        self.cookie.clear();
        if dice.chance(40) {
            self.cookie.push_str("session=");
            dice.hex(24, &mut self.cookie);
        }
        self.forwarded_host.clear();
        self.body.clear();
        self.client.clear();
        if dice.chance(8) {
            push_v6(&mut self.client, dice);
        } else {
            push_public(&mut self.client, dice);
        }
        self.peer.clear();
        push_private(&mut self.peer, dice);
    }

    /// Seconds since 1970 and the milliseconds beyond.
    pub(crate) fn time(&self) -> (i64, u64) {
        let millis = self.serial.wrapping_mul(STEP_MILLIS);
        (START_SECONDS.saturating_add_unsigned(millis / 1000), millis % 1000)
    }

    /// The time, split; the year does not fit any format after thousands of years of lines, and then starts anew.
    pub(crate) fn date(&self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(self.time().0).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// `2024-05-01T00:00:00.037Z` without the `Z`, and with another sign for the `T`.
    pub(crate) fn push_timestamp(&self, out: &mut String, between: char) {
        let (date, millis) = (self.date(), self.time().1);
        push_date(out, date);
        let _ =
            write!(out, "{between}{:02}:{:02}:{:02}.{millis:03}", date.hour(), date.minute(), date.second());
    }

    pub(crate) fn path_and_query(&self) -> (&str, Option<&str>) {
        self.target.split_once('?').map_or((self.target.as_str(), None), |(path, query)| (path, Some(query)))
    }

    pub(crate) fn scheme(&self) -> &'static str {
        if self.is_tls { "https" } else { "http" }
    }

    /// A made-up identifier in the shape of a UUID. Its groups keep clear of every attacked value: the top bits of
    /// each are fixed.
    pub(crate) fn push_uuid(&self, out: &mut String) {
        let id = self.id;
        let _ = write!(
            out,
            "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
            (id >> 33) & 0x0FFF_FFFF | 0x1000_0000,
            (id >> 20) & 0xFFFF,
            (id >> 8) & 0xFFF,
            id & 0xFFF,
            0x0b00_0000_0000 | (self.serial & 0xFF_FFFF_FFFF)
        );
    }
}

/// `2024-05-01`.
pub(crate) fn push_date(out: &mut String, date: OffsetDateTime) {
    let _ = write!(out, "{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day());
}

/// Replaces a text, keeping its memory.
pub(crate) fn put(out: &mut String, text: &str) {
    out.clear();
    out.push_str(text);
}

/// A public IPv4 address.
pub(crate) fn push_public(out: &mut String, dice: &mut Dice) {
    let _ = write!(
        out,
        "{}.{}.{}.{}",
        dice.pick(PUBLIC),
        dice.byte(1, 254),
        dice.byte(0, 255),
        dice.byte(1, 254)
    );
}

/// An address of a private network.
pub(crate) fn push_private(out: &mut String, dice: &mut Dice) {
    let (a, b) = match dice.below(3) {
        0 => (192, 168),
        1 => (172, dice.byte(16, 31)),
        _ => (10, dice.byte(0, 255)),
    };
    let _ = write!(out, "{a}.{b}.{}.{}", dice.byte(0, 255), dice.byte(1, 254));
}

/// A public IPv6 address that carries no attacked IPv4 address at any offset.
pub(crate) fn push_v6(out: &mut String, dice: &mut Dice) {
    let mut group = || u16::from_be_bytes([dice.byte(1, BYTE_MAX), dice.byte(0, BYTE_MAX)]);
    let _ = match group() % 3 {
        0 => write!(out, "2a02:{:x}:{:x}::{:x}", group(), group(), group()),
        1 => write!(
            out,
            "2600:{:x}:{:x}:{:x}:{:x}:{:x}:{:x}:{:x}",
            group(),
            group(),
            group(),
            group(),
            group(),
            group(),
            group()
        ),
        _ => write!(out, "2001:db8:{:x}:{:x}::{:x}", group(), group(), group()),
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Stream;

    #[test]
    fn time_moves_with_the_serial() {
        let stamp = |serial| {
            let mut out = String::new();
            Request { serial, ..Request::default() }.push_timestamp(&mut out, 'T');
            out
        };
        assert_eq!(stamp(0), "2024-05-01T00:00:00.000");
        assert_eq!(stamp(1000), "2024-05-01T00:00:37.000");
        assert_eq!(stamp(2_335_136), "2024-05-02T00:00:00.032");
    }

    #[test]
    fn requests_with_near_serials_differ_in_size_and_port() {
        let mut request = Request::default();
        let mut seen = std::collections::BTreeSet::new();
        for serial in 0..256 {
            request.ordinary(serial, &mut Dice::of(1, Stream::Benign, 0));
            assert!(seen.insert((request.size & 0xFF, request.port & 0xFF)), "serial {serial}");
        }
    }
}
