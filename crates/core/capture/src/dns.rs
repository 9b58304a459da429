//! Answers of DNS: the name that was asked for, the addresses and names that came back.

use crate::packet::Datagram;
use crate::record::{Names, Time};
use simple_dns::rdata::RData;
use simple_dns::{Packet, PacketFlag};
use std::net::{Ipv4Addr, Ipv6Addr};

/// Answers that are told of one message.
const ANSWERS_MAX: usize = 64;

/// What a datagram is.
pub(crate) enum Read {
    Names(Names),
    /// No answer, or no DNS.
    Nothing,
    /// Not there in full.
    Cut,
}

/// Reads a datagram from the port of DNS.
pub(crate) fn read(datagram: &Datagram<'_>, packet: u64, time: Option<Time>) -> Read {
    if datagram.is_cut {
        return Read::Cut;
    }
    let Ok(message) = Packet::parse(datagram.payload) else { return Read::Nothing };
    let Some(question) = message.questions.first() else { return Read::Nothing };
    if !message.has_flags(PacketFlag::RESPONSE) {
        return Read::Nothing;
    }
    let answers: Vec<String> = message
        .answers
        .iter()
        .filter_map(|record| match &record.rdata {
            RData::A(a) => Some(Ipv4Addr::from(a.address).to_string()),
            RData::AAAA(aaaa) => Some(Ipv6Addr::from(aaaa.address).to_string()),
            RData::CNAME(name) => Some(name.0.to_string()),
            _ => None,
        })
        .take(ANSWERS_MAX)
        .collect();
    Read::Names(Names {
        packet,
        time,
        client: datagram.to,
        resolver: datagram.from,
        query: question.qname.to_string(),
        answers,
    })
}
