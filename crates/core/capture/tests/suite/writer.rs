//! Writes captures: packets with their headers, containers of both ends. Checksums are left at zero, as capture programs
//! see them on a machine that leaves them to its network card.

#![allow(dead_code, missing_docs, reason = "shared by suites that use different parts")]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// What stands before IP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    Ethernet,
    Vlan,
    Cooked,
    Cooked2,
    Raw,
    Loopback,
}

impl Link {
    pub(crate) const ALL: [Link; 6] =
        [Link::Ethernet, Link::Vlan, Link::Cooked, Link::Cooked2, Link::Raw, Link::Loopback];

    /// The number in the registry of pcap.
    pub(crate) fn number(self) -> u16 {
        match self {
            Link::Ethernet | Link::Vlan => 1,
            Link::Cooked => 113,
            Link::Cooked2 => 276,
            Link::Raw => 101,
            Link::Loopback => 0,
        }
    }

    fn frame(self, ip: &[u8]) -> Vec<u8> {
        let kind: u16 = if ip[0] >> 4 == 4 { 0x0800 } else { 0x86dd };
        let head = match self {
            Link::Ethernet => [&[2; 12][..], &kind.to_be_bytes()].concat(),
            Link::Vlan => [&[2; 12][..], &[0x81, 0, 0, 7], &kind.to_be_bytes()].concat(),
            Link::Cooked => [&[0; 14][..], &kind.to_be_bytes()].concat(),
            Link::Cooked2 => [&kind.to_be_bytes()[..], &[0; 18]].concat(),
            Link::Raw => Vec::new(),
            Link::Loopback => if kind == 0x0800 { 2_u32 } else { 30 }.to_le_bytes().to_vec(),
        };
        [&head[..], ip].concat()
    }
}

/// An IP packet.
pub(crate) fn ip(from: IpAddr, to: IpAddr, protocol: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len()).expect("a short payload");
    match (from, to) {
        (IpAddr::V4(from), IpAddr::V4(to)) => [
            &[0x45, 0][..],
            &(length + 20).to_be_bytes(),
            &[0, 0, 0, 0, 64, protocol, 0, 0],
            &from.octets(),
            &to.octets(),
            payload,
        ]
        .concat(),
        (IpAddr::V6(from), IpAddr::V6(to)) => [
            &[0x60, 0, 0, 0][..],
            &length.to_be_bytes(),
            &[protocol, 64],
            &from.octets(),
            &to.octets(),
            payload,
        ]
        .concat(),
        _ => panic!("both ends are of one family"),
    }
}

pub(crate) const SYN: u8 = 2;
pub(crate) const FIN: u8 = 1;
pub(crate) const RST: u8 = 4;
pub(crate) const ACK: u8 = 16;

/// A segment of TCP in an IP packet.
pub(crate) fn tcp(from: SocketAddr, to: SocketAddr, sequence: u32, flags: u8, payload: &[u8]) -> Vec<u8> {
    let segment = [
        &from.port().to_be_bytes()[..],
        &to.port().to_be_bytes(),
        &sequence.to_be_bytes(),
        &[0, 0, 0, 0, 0x50, flags, 0xff, 0xff, 0, 0, 0, 0],
        payload,
    ]
    .concat();
    ip(from.ip(), to.ip(), 6, &segment)
}

/// A datagram of UDP in an IP packet.
pub(crate) fn udp(from: SocketAddr, to: SocketAddr, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 8).expect("a short payload");
    let datagram =
        [&from.port().to_be_bytes()[..], &to.port().to_be_bytes(), &length.to_be_bytes(), &[0, 0], payload]
            .concat();
    ip(from.ip(), to.ip(), 17, &datagram)
}

/// An answer of DNS.
pub(crate) fn dns(name: &str, answers: &[IpAddr]) -> Vec<u8> {
    let mut out =
        vec![0x12, 0x34, 0x81, 0x80, 0, 1, 0, u8::try_from(answers.len()).expect("few"), 0, 0, 0, 0];
    for label in name.split('.').filter(|label| !label.is_empty()) {
        out.push(u8::try_from(label.len()).expect("short"));
        out.extend_from_slice(label.as_bytes());
    }
    out.extend_from_slice(&[0, 0, 1, 0, 1]);
    for answer in answers {
        // A pointer to the name of the question.
        out.extend_from_slice(&[0xc0, 12]);
        let (kind, bytes) = match answer {
            IpAddr::V4(address) => (1, address.octets().to_vec()),
            IpAddr::V6(address) => (28, address.octets().to_vec()),
        };
        out.extend_from_slice(&[0, kind, 0, 1, 0, 0, 0, 1, 0, u8::try_from(bytes.len()).expect("short")]);
        out.extend_from_slice(&bytes);
    }
    out
}

/// A connection that is written segment by segment.
#[derive(Debug)]
pub(crate) struct Talk {
    pub(crate) client: SocketAddr,
    pub(crate) server: SocketAddr,
    sequences: [u32; 2],
    pub(crate) packets: Vec<Vec<u8>>,
}

impl Talk {
    pub(crate) fn new(client: &str, server: &str) -> Talk {
        let [client, server] = [client, server].map(|text| text.parse().expect("an address"));
        let mut talk = Talk { client, server, sequences: [1000, 2000], packets: Vec::new() };
        talk.flagged(0, SYN, b"");
        talk.flagged(1, SYN | ACK, b"");
        talk
    }

    fn flagged(&mut self, side: usize, flags: u8, payload: &[u8]) {
        let (from, to) = if side == 0 { (self.client, self.server) } else { (self.server, self.client) };
        self.packets.push(tcp(from, to, self.sequences[side], flags, payload));
        let step = u32::try_from(payload.len()).expect("short") + u32::from(flags & (SYN | FIN) != 0);
        self.sequences[side] = self.sequences[side].wrapping_add(step);
    }

    pub(crate) fn ask(mut self, text: impl AsRef<[u8]>) -> Talk {
        self.flagged(0, ACK, text.as_ref());
        self
    }

    pub(crate) fn answer(mut self, text: impl AsRef<[u8]>) -> Talk {
        self.flagged(1, ACK, text.as_ref());
        self
    }

    pub(crate) fn close(mut self) -> Talk {
        self.flagged(0, FIN | ACK, b"");
        self.flagged(1, FIN | ACK, b"");
        self
    }
}

/// A token is asked for, then a value is read with it.
pub(crate) fn version_two(client: &str, server: &str) -> Talk {
    let host = server.strip_suffix(":80").unwrap_or(server);
    Talk::new(client, server)
        .ask(format!("PUT /latest/api/token HTTP/1.1\r\nHost: {host}\r\nX-aws-ec2-metadata-token-ttl-seconds: 60\r\n\r\n"))
        .answer("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nmade-up")
        .ask(format!("GET /latest/meta-data/iam/security-credentials/made-up HTTP/1.1\r\nHost: {host}\r\nX-aws-ec2-metadata-token: made-up\r\n\r\n"))
        .answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        .close()
}

/// One read without a token.
pub(crate) fn version_one(client: &str, server: &str) -> Talk {
    Talk::new(client, server)
        .ask("GET /latest/meta-data/iam/security-credentials/ HTTP/1.1\r\nHost: 169.254.169.254\r\nUser-Agent: curl/8.5.0\r\n\r\n")
        .answer("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nmade-up")
        .close()
}

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum File {
    Little,
    Big,
    LittleNanoseconds,
    BigNanoseconds,
    BlocksLittle,
    BlocksBig,
}

impl File {
    pub(crate) const ALL: [File; 6] = [
        File::Little,
        File::Big,
        File::LittleNanoseconds,
        File::BigNanoseconds,
        File::BlocksLittle,
        File::BlocksBig,
    ];

    fn word(self, value: u32) -> [u8; 4] {
        match self {
            File::Little | File::LittleNanoseconds | File::BlocksLittle => value.to_le_bytes(),
            _ => value.to_be_bytes(),
        }
    }

    fn half(self, value: u16) -> [u8; 2] {
        match self {
            File::Little | File::LittleNanoseconds | File::BlocksLittle => value.to_le_bytes(),
            _ => value.to_be_bytes(),
        }
    }

    fn block(self, kind: u32, body: &[u8]) -> Vec<u8> {
        let length = self.word(u32::try_from(body.len() + 12).expect("short"));
        [&self.word(kind)[..], &length, body, &length].concat()
    }
}

/// The second of the first packet; each further one comes a millisecond later.
pub(crate) const SECOND: u32 = 1_772_615_564;

/// A capture of IP packets, cut at `snap` bytes each.
pub(crate) fn capture_cut(file: File, link: Link, packets: &[Vec<u8>], snap: usize) -> Vec<u8> {
    let is_blocks = matches!(file, File::BlocksLittle | File::BlocksBig);
    let is_nanoseconds = matches!(file, File::LittleNanoseconds | File::BigNanoseconds);
    let mut out = Vec::new();
    if is_blocks {
        let section = [&file.word(0x1a2b_3c4d)[..], &file.half(1), &file.half(0), &[0xff; 8]].concat();
        out.extend(file.block(0x0a0d_0d0a, &section));
        // Times in nanoseconds, then the end of the options.
        let resolution = [&file.half(9)[..], &file.half(1), &[9, 0, 0, 0], &[0; 4]].concat();
        let interface = [&file.half(link.number())[..], &[0; 2], &file.word(0), &resolution].concat();
        out.extend(file.block(1, &interface));
    } else {
        let magic = if is_nanoseconds { 0xa1b2_3c4d } else { 0xa1b2_c3d4 };
        let words = [magic, u32::MAX, 0, 0, 65_535, u32::from(link.number())];
        for (index, word) in words.into_iter().enumerate() {
            match index {
                1 => out.extend([file.half(2), file.half(4)].concat()),
                _ => out.extend(file.word(word)),
            }
        }
    }
    for (index, packet) in packets.iter().enumerate() {
        let frame = link.frame(packet);
        let kept = &frame[..frame.len().min(snap)];
        let [there, sent] =
            [kept.len(), frame.len()].map(|length| file.word(u32::try_from(length).expect("short")));
        let milliseconds = u32::try_from(index % 1000).expect("below a thousand");
        if is_blocks {
            let time = u64::from(SECOND) * 1_000_000_000 + u64::from(milliseconds) * 1_000_000;
            let [high, low] =
                [time >> 32, time & 0xffff_ffff].map(|half| u32::try_from(half).expect("a half"));
            let padding = vec![0; kept.len().next_multiple_of(4) - kept.len()];
            let body = [&file.word(0)[..], &file.word(high), &file.word(low), &there, &sent, kept, &padding]
                .concat();
            out.extend(file.block(6, &body));
        } else {
            let part = if is_nanoseconds { milliseconds * 1_000_000 } else { milliseconds * 1000 };
            out.extend([&file.word(SECOND)[..], &file.word(part), &there, &sent, kept].concat());
        }
    }
    out
}

/// A capture of whole IP packets.
pub(crate) fn capture(file: File, link: Link, packets: &[Vec<u8>]) -> Vec<u8> {
    capture_cut(file, link, packets, usize::MAX)
}

/// The addresses that made-up captures use.
pub(crate) const CLIENT: &str = "10.0.0.7:41000";
pub(crate) const SERVICE: &str = "169.254.169.254:80";
pub(crate) const CLIENT_SIX: &str = "[fd00::7]:41000";
pub(crate) const SERVICE_SIX: &str = "[fd00:ec2::254]:80";

pub(crate) fn v4(text: &str) -> IpAddr {
    text.parse::<Ipv4Addr>().expect("an address").into()
}

pub(crate) fn v6(text: &str) -> IpAddr {
    text.parse::<Ipv6Addr>().expect("an address").into()
}
