//! Facts about network interfaces: the list `interfaces`, and keys that change the first of them.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use super::form;
use crate::tree::file::{map, unknown_key, wrong_shape, wrong_value};
use crate::tree::yaml::{Fault, Key, Node, Value};
use crate::tree::{Instance, Interface, values};

/// Most interfaces, more than any instance type takes.
const INTERFACES_MAX: usize = 64;

/// The keys of an interface.
pub(in crate::tree) const KEYS: [&str; 8] =
    ["mac", "id", "private-ipv4", "public-ipv4", "ipv6", "ipv4-prefix", "ipv6-prefix", "network-card"];

const IPV4_WANTED: &str = "an IPv4 address";
const IPV6_WANTED: &str = "an IPv6 address";
const MAC_WANTED: &str = "a MAC address such as `0e:00:00:c0:ff:01`, in lower case";

/// The list `interfaces`. Each entry wants `mac` and `private-ipv4`; ids follow from the position.
pub(super) fn interfaces(node: Node) -> Result<Vec<Interface>, Fault> {
    const WANTED: &str = "a list of at most 64 mappings";
    let place = node.place;
    let items = match node.value {
        Value::List(items) if items.len() <= INTERFACES_MAX => items,
        Value::Null => Vec::new(),
        other => return Err(wrong_shape(place, "interfaces", WANTED, &other)),
    };
    let mut interfaces: Vec<Interface> = Vec::new();
    for (position, item) in items.into_iter().enumerate() {
        let place = item.place;
        let interface = interface(position, item)?;
        if interfaces.iter().any(|other| other.mac == interface.mac) {
            return Err(wrong_value(place, "mac", &interface.mac, "unique"));
        }
        interfaces.push(interface);
    }
    Ok(interfaces)
}

fn interface(position: usize, node: Node) -> Result<Interface, Fault> {
    let place = node.place;
    let mut interface = Interface {
        mac: String::new(),
        id: format!("eni-0e0c0ffee1{position:07x}"),
        private_ipv4: Vec::new(),
        public_ipv4: None,
        ipv6: Vec::new(),
        ipv4_prefixes: Vec::new(),
        ipv6_prefixes: Vec::new(),
        network_card: 0,
    };
    for (key, node) in map("interfaces", node)? {
        set(&mut interface, &key, &node)?;
    }
    if interface.mac.is_empty() {
        return Err(wrong_shape(place, "interfaces", "a `mac`", &Value::Null));
    }
    if interface.private_ipv4.is_empty() {
        return Err(wrong_shape(place, "interfaces", "a `private-ipv4`", &Value::Null));
    }
    Ok(interface)
}

fn set(interface: &mut Interface, key: &Key, node: &Node) -> Result<(), Fault> {
    let eni = |text: &str| values::is_id(text, "eni");
    match key.text.as_str() {
        "id" => interface.id = form(key, node, eni, "`eni-` and 8 or 17 hexadecimal digits")?,
        "ipv4-prefix" => interface.ipv4_prefixes = prefixes::<Ipv4Addr>(key, node, 32, "an IPv4 prefix")?,
        "ipv6-prefix" => interface.ipv6_prefixes = prefixes::<Ipv6Addr>(key, node, 128, "an IPv6 prefix")?,
        "network-card" => {
            let card = form(key, node, values::is_index, "a number from 0 to 9999")?;
            interface.network_card = card.parse().unwrap_or_default();
        }
        _ if address(interface, key, node)? => {}
        _ => return Err(unknown_key(key, "interfaces", &KEYS)),
    }
    Ok(())
}

/// Keys that may also stand under `instance`, for the first interface. Says whether the key was one of them.
pub(super) fn first(instance: &mut Instance, key: &Key, node: &Node) -> Result<bool, Fault> {
    if !matches!(key.text.as_str(), "mac" | "private-ipv4" | "public-ipv4" | "ipv6") {
        return Ok(false);
    }
    let Some(interface) = instance.interfaces.first_mut() else {
        return Err(wrong_shape(key.place, &key.text, "an interface under `interfaces`", &Value::Null));
    };
    // Delegated prefixes lie in the subnet, so they go with the address.
    match key.text.as_str() {
        "private-ipv4" => interface.ipv4_prefixes.clear(),
        "ipv6" => interface.ipv6_prefixes.clear(),
        _ => {}
    }
    let known = address(interface, key, node)?;
    let mac = instance.interfaces.first().map(|interface| interface.mac.clone());
    if let Some(other) = instance.interfaces.iter().skip(1).find(|other| Some(&other.mac) == mac.as_ref()) {
        return Err(wrong_value(node.place, "mac", &other.mac, "unique"));
    }
    Ok(known)
}

fn address(interface: &mut Interface, key: &Key, node: &Node) -> Result<bool, Fault> {
    match key.text.as_str() {
        "mac" => interface.mac = form(key, node, values::is_mac, MAC_WANTED)?,
        "private-ipv4" => {
            interface.private_ipv4 = addresses(key, node, IPV4_WANTED)?;
            if interface.private_ipv4.is_empty() {
                return Err(wrong_shape(node.place, &key.text, IPV4_WANTED, &Value::Null));
            }
        }
        "public-ipv4" => {
            interface.public_ipv4 = match &node.value {
                Value::Null => None,
                _ => Some(parsed(key, node, IPV4_WANTED)?),
            };
        }
        "ipv6" => interface.ipv6 = addresses(key, node, IPV6_WANTED)?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// One address, a list of them, or null for none.
fn addresses<T: FromStr>(key: &Key, node: &Node, wanted: &'static str) -> Result<Vec<T>, Fault> {
    match &node.value {
        Value::Null => Ok(Vec::new()),
        Value::List(items) => items.iter().map(|item| parsed(key, item, wanted)).collect(),
        _ => Ok(vec![parsed(key, node, wanted)?]),
    }
}

fn parsed<T: FromStr>(key: &Key, node: &Node, wanted: &'static str) -> Result<T, Fault> {
    let text = form(key, node, |_| true, wanted)?;
    text.parse().map_err(|_| wrong_value(node.place, &key.text, &text, wanted))
}

/// One `ADDRESS/BITS`, a list of them, or null for none.
fn prefixes<T: FromStr>(
    key: &Key,
    node: &Node,
    bits_max: u8,
    wanted: &'static str,
) -> Result<Vec<String>, Fault> {
    let is = |text: &str| {
        let parts = text.split_once('/');
        parts.is_some_and(|(address, bits)| {
            address.parse::<T>().is_ok()
                && values::is_index(bits)
                && bits.parse().is_ok_and(|bits: u8| bits <= bits_max)
        })
    };
    match &node.value {
        Value::Null => Ok(Vec::new()),
        Value::List(items) => items.iter().map(|item| form(key, item, is, wanted)).collect(),
        _ => Ok(vec![form(key, node, is, wanted)?]),
    }
}
