//! Numbers, digits and addresses that are no attempt. The draws leave the attacked values out.

use super::place;
use crate::dice::Dice;
use crate::request::{Request, push_private, push_v6, put};
use crate::target::is_attacked_value;
use std::fmt::Write;

/// Third bytes of link-local addresses without any catalogued service among them.
const QUIET: &[u8] = &[1, 2, 5, 10, 33, 41, 77, 100, 168, 171, 200, 254];
/// Services of the host that are for the host: DNS, time, licences.
const NEIGHBOURS: &[&str] = &["169.254.169.253", "169.254.169.123", "169.254.169.250", "169.254.169.251"];

/// A number of ten digits that stands for no attacked address, also for those who keep 32 bits of it.
fn ten_digits(dice: &mut Dice) -> u64 {
    let mut number = 1_000_000_000 + dice.bits() % 9_000_000_000;
    while is_attacked_value((number & 0xFFFF_FFFF) as u32) {
        number -= 1;
    }
    number
}

fn put_link_local(out: &mut String, dice: &mut Dice) {
    let _ = write!(out, "169.254.{}.{}", dice.pick(QUIET), dice.byte(1, 254));
}

pub(super) fn version_number(request: &mut Request, dice: &mut Dice) {
    let version = match dice.below(4) {
        0 => "1.69.254.169".to_owned(),
        1 => format!("16.{}.254.16", dice.below(100)),
        2 => format!("{}.169.254.{}", dice.between(1, 30), dice.below(100)),
        _ => format!("{}.{}.{}", dice.below(30), dice.below(300), dice.below(3000)),
    };
    match dice.below(3) {
        0 => {
            put(&mut request.user_agent, "ExampleApp/");
            request.user_agent.push_str(&version);
            request.user_agent.push_str(" (build 25404; api-level/34)");
        }
        1 => {
            put(&mut request.target, "/download/app-");
            request.target.push_str(&version);
            request.target.push_str(".tar.gz");
        }
        _ => place(request, &version, dice),
    }
}

/// A digest, in one of four with the first half of a link-local address in hexadecimal digits in it.
pub(super) fn hash(request: &mut Request, dice: &mut Dice) {
    let mut text = String::new();
    let length = dice.pick(&[8, 32, 40, 64]);
    if dice.chance(25) {
        text.push_str(dice.pick(&["a9fe", "0a9fe1", "a9fea9fd", "ffa9fe"]));
        text.push(dice.pick(&['3', '7', 'b']));
    }
    dice.hex(length, &mut text);
    place(request, &text, dice);
}

pub(super) fn uuid(request: &mut Request, dice: &mut Dice) {
    let mut text = String::new();
    for (at, length) in [8, 4, 4, 4, 12].into_iter().enumerate() {
        if at > 0 {
            text.push('-');
        }
        if at == 2 && dice.chance(30) { text.push_str("a9fe") } else { dice.hex(length, &mut text) }
    }
    place(request, &text, dice);
}

pub(super) fn phone(request: &mut Request, dice: &mut Dice) {
    let mut text = String::new();
    text.push_str(dice.pick(&[
        "%2B1-169-254-",
        "tel:+49-169-254-",
        "0251-0376-",
        "%2B44%20169%20254%20",
        "0169/254",
    ]));
    dice.digits(4, &mut text);
    place(request, &text, dice);
}

pub(super) fn order_id(request: &mut Request, dice: &mut Dice) {
    let mut text = ten_digits(dice).to_string();
    if dice.chance(10) {
        // The neighbour's value: one beside the best known of all.
        put(&mut text, "2852039165");
    }
    match dice.below(3) {
        0 => {
            put(&mut request.target, "/orders/");
            request.target.push_str(&text);
        }
        1 => {
            put(&mut request.target, "/invoice?order=");
            request.target.push_str(&text);
            request.target.push_str("&lang=en");
        }
        _ => place(request, &text, dice),
    }
}

/// Coordinates, times, prices, colours, permissions, ranges.
pub(super) fn number(request: &mut Request, dice: &mut Dice) {
    let few = dice.below(1000);
    let text = match dice.below(8) {
        0 => format!("16.9254,169.254{few}"),
        1 => format!("17145{:08}", dice.below(100_000_000)),
        2 => format!("0xdeadbe{:02x}", few % 256),
        3 => format!("0755-{few}"),
        4 => format!("%23a9fe{:02x}", few % 256),
        5 => format!("a9:fe:a9:00:{:02x}:01", few % 256),
        6 => format!("169,254.{:02}", few % 100),
        _ => format!("bytes=0-{}", u64::from(few) * 1_048_576),
    };
    place(request, &text, dice);
}

/// The neighbours of the metadata service, as clients and as what is asked for.
pub(super) fn neighbour(request: &mut Request, dice: &mut Dice) {
    let address = dice.pick(NEIGHBOURS);
    match dice.below(3) {
        0 => put(&mut request.client, address),
        1 => place(request, &format!("server={address}"), dice),
        _ => {
            put(&mut request.client, dice.pick(&["fd00:ec2::253", "fd00:ec2::123"]));
            place(request, &format!("ntp%3A%2F%2F{address}"), dice);
        }
    }
}

pub(super) fn link_local(request: &mut Request, dice: &mut Dice) {
    let mut address = String::new();
    put_link_local(&mut address, dice);
    match dice.below(3) {
        0 => put(&mut request.client, &address),
        1 => place(request, &format!("http://{address}/config"), dice),
        _ => place(request, &format!("http%3A%2F%2F{address}%3A8080%2Fstatus"), dice),
    }
}

/// Addresses one digit away from attacked ones.
pub(super) fn near_miss(request: &mut Request, dice: &mut Dice) {
    let address = dice.pick(&[
        "169.254.169.25",
        "169.254.169.255",
        "169.254.168.254",
        "169.254.170.20",
        "169.254.170.1",
        "169.253.169.254",
        "168.254.169.254",
        "16.254.169.254",
        "100.100.100.201",
        "100.100.100.20",
        "192.0.0.19",
        "0xa9fea9fd",
        "025177524775",
        "0xa9.0xfe.0xa9.0xfd",
        "169.254.43517",
    ]);
    let path = dice.pick(&["/", "/status", "/v1/items", ":8080/"]);
    match dice.below(3) {
        0 => place(request, &format!("http://{address}{path}"), dice),
        1 => place(request, &format!("http%3A%2F%2F{address}%2F"), dice),
        _ => place(request, address, dice),
    }
}

pub(super) fn private_url(request: &mut Request, dice: &mut Dice) {
    let mut text = String::from(dice.pick(&["http://", "https%3A%2F%2F", "http%3a%2f%2f"]));
    push_private(&mut text, dice);
    text.push_str(dice.pick(&[":8081/health", "/admin", "", "%2Fmetrics", ":3306"]));
    place(request, &text, dice);
}

/// Clients of every kind.
pub(super) fn client(request: &mut Request, dice: &mut Dice) {
    let client = &mut request.client;
    client.clear();
    match dice.below(6) {
        0 => push_private(client, dice),
        1 => client.push_str("127.0.0.1"),
        2 => {
            let _ = write!(client, "100.{}.{}.{}", dice.byte(64, 99), dice.byte(0, 255), dice.byte(1, 254));
        }
        3 => put_link_local(client, dice),
        4 => push_v6(client, dice),
        _ => {
            client.push_str("::ffff:");
            push_private(client, dice);
        }
    }
}

/// IPv6 addresses with a piece of an attacked one in them.
pub(super) fn ipv6(request: &mut Request, dice: &mut Dice) {
    // As the second half of an IPv4 address: 169.254.1.0 to 169.254.32.0, where no service is.
    let tail = dice.between(0x100, 0x2000);
    let address = match dice.below(6) {
        0 => format!("2001:db8:a9fe::{tail:x}"),
        1 => format!("fe80::a9fe:{tail:x}"),
        2 => format!("2002:a9fe:{tail:x}::1"),
        3 => "fd00:ec2::253".to_owned(),
        4 => format!("64:ff9b::a9fe:{tail:x}"),
        _ => format!("fd00:ec2::1:{tail:x}"),
    };
    if dice.chance(50) {
        put(&mut request.client, &address);
    } else {
        place(request, &format!("http://[{address}]:8080/"), dice);
    }
}

/// Public names that carry other addresses.
pub(super) fn carried_name(request: &mut Request, dice: &mut Dice) {
    let last = dice.byte(1, 250);
    let name = match dice.below(4) {
        0 => format!("app.10.0.0.{last}.nip.io"),
        1 => format!("app-192-168-1-{last}.sslip.io"),
        2 => format!("0a0000{last:02x}.nip.io"),
        _ => format!("169-254-1-{last}.nip.io"),
    };
    if dice.chance(50) {
        put(&mut request.host, &name);
    } else {
        place(request, &format!("https%3A%2F%2F{name}%2F"), dice);
    }
}
