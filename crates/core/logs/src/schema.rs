//! Where known writers of JSON put things: the way to a value, array places as `[]`, and what stands there.
//!
//! What a table does not name goes by [`known`](crate::known) names.

mod tables;

use crate::column::Meaning;
use crate::format::Format;
use crate::kind::Kind;

pub(crate) use tables::ZEEK;

/// The names of one format.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schema {
    rows: &'static [(&'static str, Meaning)],
    /// What may stand before a name: events may come alone or in an array.
    wrapper: &'static str,
    /// What stands before the names of request headers.
    headers: Option<&'static str>,
}

impl Schema {
    /// The table of a format; an empty one if it has none.
    pub(crate) const fn of(format: Format) -> Schema {
        match format {
            Format::Waf => tables::WAF,
            Format::ApiGateway => tables::API_GATEWAY,
            Format::EnvoyJson | Format::EnvoyText => tables::ENVOY,
            Format::Cloudflare => tables::CLOUDFLARE,
            Format::Traefik => tables::TRAEFIK,
            Format::Caddy => tables::CADDY,
            Format::Smokescreen => tables::SMOKESCREEN,
            Format::Onehop => tables::ONEHOP,
            Format::ZeekJson | Format::ZeekTsv => tables::ZEEK,
            Format::SuricataEve => tables::SURICATA,
            Format::Resolver => tables::RESOLVER,
            Format::Pcap => tables::PCAP,
            Format::CloudTrail => tables::CLOUDTRAIL,
            _ => tables::NONE,
        }
    }

    /// What stands there in the first table that names it: programs share files. Numbers and times, in which nobody looks
    /// for more, go by the program's own table alone.
    pub(crate) fn of_any(path: &str) -> Option<Meaning> {
        let mut meanings = Format::ALL.iter().filter_map(|format| Schema::of(*format).look_up(path));
        meanings.find(|meaning| !matches!(meaning.kind, Kind::Number | Kind::Time))
    }

    /// What stands there, if the table says. What an array holds is what its name says, unless its places are named.
    pub(crate) fn look_up(&self, path: &str) -> Option<Meaning> {
        let path = path.strip_prefix(self.wrapper).unwrap_or(path);
        let row =
            |path: &str| self.rows.iter().find(|(known, _)| *known == path).map(|(_, meaning)| *meaning);
        row(path).or_else(|| row(path.strip_suffix("[]")?))
    }

    /// The request header that is logged under this name.
    pub(crate) fn header_of<'p>(&self, path: &'p str) -> Option<&'p str> {
        path.strip_prefix(self.headers?)
    }
}
