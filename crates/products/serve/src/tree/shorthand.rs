//! The section `instance`: facts about the instance, from which every value that shows them follows.
//!
//! Refused with their place: unknown keys, values that are not of the fact's form, and a zone outside the region.

mod network;

#[cfg(test)]
pub(super) use network::KEYS as INTERFACE_KEYS;

use super::error::Problem;
use super::file::{map, texts, unknown_key, wrong_shape, wrong_value};
use super::yaml::{Fault, Key, Node, Place, Value};
use super::{Instance, PublicKey, place, public_keys, values};

/// The keys of the section.
pub(super) const KEYS: [&str; 25] = [
    "id",
    "type",
    "image-id",
    "architecture",
    "account",
    "region",
    "availability-zone",
    "availability-zone-id",
    "launch-time",
    "launch-index",
    "reservation-id",
    "life-cycle",
    "hostname",
    "security-groups",
    "interfaces",
    "mac",
    "private-ipv4",
    "public-ipv4",
    "ipv6",
    "key-name",
    "public-keys",
    "tags",
    "role",
    "instance-profile",
    "product-codes",
];

const ARCHITECTURES: [&str; 5] = ["x86_64", "arm64", "i386", "x86_64_mac", "arm64_mac"];
const LIFE_CYCLES: [&str; 4] = ["on-demand", "spot", "scheduled", "capacity-block"];

/// Reads the section into `instance`.
pub(super) fn read(node: Node, instance: &mut Instance) -> Result<(), Fault> {
    let mut zone: Option<(Place, String)> = None;
    let mut region: Option<String> = None;
    let mut later = Vec::new();
    for (key, node) in map("instance", node)? {
        match key.text.as_str() {
            "region" => {
                let wanted = "a region such as `eu-west-1`";
                region = Some(form(&key, &node, values::is_name, wanted)?);
            }
            "availability-zone" => {
                let wanted = "a zone such as `eu-west-1a`";
                zone = Some((node.place, form(&key, &node, values::is_name, wanted)?));
            }
            // The list sets all interfaces; the other network keys change the first.
            "interfaces" => instance.interfaces = network::interfaces(node)?,
            _ => later.push((key, node)),
        }
    }
    locate(instance, region, zone)?;
    for (key, node) in later {
        if !identity(instance, &key, &node)? && !network::first(instance, &key, &node)? {
            lists(instance, &key, node)?;
        }
    }
    Ok(())
}

/// Sets region and zone, each from the other if only one is given.
fn locate(
    instance: &mut Instance,
    region: Option<String>,
    zone: Option<(Place, String)>,
) -> Result<(), Fault> {
    if let Some(region) = &region {
        instance.set_region(region);
    }
    let Some((place, zone)) = zone else { return Ok(()) };
    instance.set_availability_zone(&zone);
    let Some(region) = region else { return Ok(()) };
    if !zone.starts_with(&region) || place::region_of_zone(&zone).len() > region.len() {
        return Err((place, Problem::Zone { zone, region }));
    }
    instance.placement.region = region;
    Ok(())
}

/// Facts that are one text each. Says whether the key was one of them.
fn identity(instance: &mut Instance, key: &Key, node: &Node) -> Result<bool, Fault> {
    if let Some((fact, is, wanted)) = required_fact(instance, &key.text) {
        *fact = form(key, node, is, wanted)?;
        return Ok(true);
    }
    if let Some((fact, is, wanted)) = optional_fact(instance, &key.text) {
        *fact = optional(key, node, is, wanted)?;
        return Ok(true);
    }
    if key.text == "launch-index" {
        let text = form(key, node, values::is_index, "a number from 0 to 9999")?;
        instance.launch_index = text.parse().unwrap_or_default();
        return Ok(true);
    }
    Ok(false)
}

/// Where a fact is kept, the form of its text, and that form in words.
type Slot<'a, T> = (&'a mut T, fn(&str) -> bool, &'static str);

fn required_fact<'a>(instance: &'a mut Instance, key: &str) -> Option<Slot<'a, String>> {
    Some(match key {
        "id" => (&mut instance.id, |text| values::is_id(text, "i"), "`i-` and 8 or 17 hexadecimal digits"),
        "type" => (&mut instance.instance_type, values::is_name, "an instance type such as `t3.micro`"),
        "image-id" => (
            &mut instance.image_id,
            |text| values::is_id(text, "ami"),
            "`ami-` and 8 or 17 hexadecimal digits",
        ),
        "architecture" => (
            &mut instance.architecture,
            |text| ARCHITECTURES.contains(&text),
            "`x86_64`, `arm64`, `i386`, `x86_64_mac` or `arm64_mac`",
        ),
        "account" => (&mut instance.account, values::is_account, "an account number of 12 digits"),
        "launch-time" => {
            (&mut instance.launch_time, values::is_time, "a time such as `2026-01-01T00:00:00Z`")
        }
        "reservation-id" => (
            &mut instance.reservation_id,
            |text| values::is_id(text, "r"),
            "`r-` and 8 or 17 hexadecimal digits",
        ),
        "life-cycle" => (
            &mut instance.life_cycle,
            |text| LIFE_CYCLES.contains(&text),
            "`on-demand`, `spot`, `scheduled` or `capacity-block`",
        ),
        _ => return None,
    })
}

fn optional_fact<'a>(instance: &'a mut Instance, key: &str) -> Option<Slot<'a, Option<String>>> {
    let placement = &mut instance.placement;
    Some(match key {
        "availability-zone-id" => {
            (&mut placement.availability_zone_id, values::is_name, "a zone id such as `euw1-az1`")
        }
        "hostname" => (&mut instance.hostname, values::is_name, "a host name"),
        "role" => (&mut instance.role, values::is_role, "a role name"),
        "instance-profile" => (&mut instance.instance_profile, values::is_role, "an instance profile name"),
        _ => return None,
    })
}

/// Facts that are lists or mappings.
fn lists(instance: &mut Instance, key: &Key, node: Node) -> Result<(), Fault> {
    match key.text.as_str() {
        "security-groups" => instance.security_groups = one_or_more(key, node)?,
        "product-codes" => instance.product_codes = one_or_more(key, node)?,
        "key-name" => {
            let name = optional(key, &node, values::is_key_name, "a key name of visible ASCII characters")?;
            instance.public_keys = name.iter().map(|name| PublicKey::made_up(name)).collect();
        }
        "public-keys" => instance.public_keys = public_keys::read(map(&key.text, node)?)?,
        "tags" => tags(instance, node)?,
        _ => return Err(unknown_key(key, "instance", &KEYS)),
    }
    Ok(())
}

fn tags(instance: &mut Instance, node: Node) -> Result<(), Fault> {
    instance.tags.clear();
    for (key, node) in map("tags", node)? {
        if !values::is_tag_key(&key.text) {
            let (under, wanted) = ("tags".to_owned(), values::TAG_KEY_WANTED);
            return Err((
                key.place,
                Problem::KeyName { key: super::nearest::brief(&key.text), under, wanted },
            ));
        }
        let value = match node.value {
            Value::Text(text) => text,
            Value::Null => String::new(),
            other => return Err(wrong_shape(node.place, &key.text, "text", &other)),
        };
        instance.tags.insert(key.text, value);
    }
    Ok(())
}

/// A text of one form.
fn form(key: &Key, node: &Node, is: impl Fn(&str) -> bool, wanted: &'static str) -> Result<String, Fault> {
    match &node.value {
        Value::Text(text) if is(text) => Ok(text.clone()),
        Value::Text(text) => Err(wrong_value(node.place, &key.text, text, wanted)),
        other => Err(wrong_shape(node.place, &key.text, wanted, other)),
    }
}

/// A text of one form, or null.
fn optional(
    key: &Key,
    node: &Node,
    is: impl Fn(&str) -> bool,
    wanted: &'static str,
) -> Result<Option<String>, Fault> {
    match node.value {
        Value::Null => Ok(None),
        _ => form(key, node, is, wanted).map(Some),
    }
}

/// A text, a list of texts, or null for none. No text may have a second line: a listing shows one a line.
fn one_or_more(key: &Key, node: Node) -> Result<Vec<String>, Fault> {
    let place = node.place;
    let found = match node.value {
        Value::Null => Vec::new(),
        Value::Text(text) => vec![text],
        Value::List(items) => texts(&key.text, items)?,
        other => return Err(wrong_shape(place, &key.text, "text or a list of texts", &other)),
    };
    match found.iter().find(|text| text.is_empty() || text.chars().any(char::is_control)) {
        Some(text) => Err(wrong_value(place, &key.text, text, "one line of text")),
        None => Ok(found),
    }
}
