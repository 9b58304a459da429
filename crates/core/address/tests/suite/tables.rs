//! `src/tables.rs` is made from the registry files: compared here, written with `ONEHOP_WRITE_TABLES=1`.

use crate::reference::{Registry, RegistryRow};
use onehop_address::{Class, REGISTRY_DATE, range_of, ranges};
use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::PathBuf;

/// The space cut at every border; neighbours that say the same are one piece.
fn pieces(registry: &Registry) -> Vec<(u128, u128, &RegistryRow)> {
    let end = u128::MAX >> (128 - registry.width);
    let mut starts: Vec<u128> = registry.rows.iter().map(|row| row.first).collect();
    starts.extend(registry.rows.iter().filter_map(|row| row.last(registry.width).checked_add(1)));
    starts.retain(|start| *start <= end);
    starts.sort_unstable();
    starts.dedup();
    let mut pieces: Vec<(u128, u128, &RegistryRow)> = Vec::new();
    for start in starts {
        let row = registry.find(start);
        match pieces.last_mut() {
            Some(last) if alike(last.2, row) => {}
            Some(last) => {
                last.1 = start - 1;
                pieces.push((start, end, row));
            }
            None => pieces.push((start, end, row)),
        }
    }
    pieces
}

fn alike(one: &RegistryRow, other: &RegistryRow) -> bool {
    (one.class, &one.name, &one.document) == (other.class, &other.name, &other.document)
}

fn hex(bits: u128, width: u32) -> String {
    let digits = format!("{bits:0width$x}", width = width as usize / 4);
    let groups: Vec<&str> =
        digits.as_bytes().chunks(4).map(|group| str::from_utf8(group).expect("digits")).collect();
    format!("0x{}", groups.join("_"))
}

fn render_table(out: &mut String, name: &str, registry: &Registry) {
    let pieces = pieces(registry);
    let kind = if registry.width == 32 { "u32" } else { "u128" };
    writeln!(out, "pub(crate) static {name}: [Row<{kind}>; {}] = [", pieces.len()).expect("text");
    for (first, last, row) in pieces {
        writeln!(
            out,
            "    Row {{ first: {}, last: {}, class: Class::{:?}, name: {:?}, document: {:?} }},",
            hex(first, registry.width),
            hex(last, registry.width),
            row.class,
            row.name,
            row.document
        )
        .expect("text");
    }
    out.push_str("];\n");
}

#[test]
fn generated_file_is_what_the_registry_files_say() {
    let (v4, v6) = (Registry::v4(), Registry::v6());
    let date = v4.updated.iter().chain(&v6.updated).max().expect("dates").clone();
    let mut text = String::from(
        "//! Both address spaces, cut into ranges. Made from `data/*.tsv` by the test `tables`; to change it, change those\n//! files and run `ONEHOP_WRITE_TABLES=1 cargo test -p onehop-address --test suite tables`.\n\nuse crate::Class;\nuse crate::lookup::Row;\n\n",
    );
    writeln!(
        text,
        "/// When the newest of the registries was last updated.\npub const REGISTRY_DATE: &str = {date:?};\n"
    )
    .expect("text");
    text.push_str("/// IPv4, without gap or overlap.\n#[rustfmt::skip]\n");
    render_table(&mut text, "V4", &v4);
    text.push_str("\n/// IPv6, without gap or overlap.\n#[rustfmt::skip]\n");
    render_table(&mut text, "V6", &v6);

    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/tables.rs");
    if std::env::var_os("ONEHOP_WRITE_TABLES").is_some() {
        std::fs::write(&path, &text).expect("the table can be written");
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(there == text, "src/tables.rs is not what data/ says; run with ONEHOP_WRITE_TABLES=1");
}

#[test]
fn ranges_are_complete_and_disjoint() {
    let spaces = [
        (IpAddr::from(Ipv4Addr::UNSPECIFIED), IpAddr::from(Ipv4Addr::BROADCAST)),
        (IpAddr::from(Ipv6Addr::UNSPECIFIED), IpAddr::from(Ipv6Addr::from_bits(u128::MAX))),
    ];
    for (start, end) in spaces {
        let space: Vec<_> = ranges().filter(|range| range.first.is_ipv4() == start.is_ipv4()).collect();
        assert!(space.len() < 256, "the index counts rows in an octet");
        assert_eq!(space.first().map(|range| range.first), Some(start));
        assert_eq!(space.last().map(|range| range.last), Some(end));
        for pair in space.windows(2) {
            assert_eq!(after(pair[0].last), pair[1].first, "{pair:?}");
            assert_ne!((pair[0].class, pair[0].name), (pair[1].class, pair[1].name), "could be one range");
        }
    }
}

fn after(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(v4) => Ipv4Addr::from_bits(v4.to_bits() + 1).into(),
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() + 1).into(),
    }
}

#[test]
fn no_prefix_stands_twice_or_has_bits_beyond_its_length() {
    for registry in [Registry::v4(), Registry::v6()] {
        let mut seen = std::collections::HashSet::new();
        for row in &registry.rows {
            assert_eq!(row.first & !row.mask(registry.width), 0, "{}", row.name);
            assert!(seen.insert((row.first, row.length)), "{} twice", row.name);
        }
    }
}

/// The class is this project's word; the registry's word on reachability must agree with it.
#[test]
fn classes_agree_with_the_column_global() {
    for registry in [Registry::v4(), Registry::v6()] {
        for row in &registry.rows {
            match row.global.as_deref() {
                Some("y") => assert!(matches!(row.class, Class::Global | Class::Embedded), "{}", row.name),
                Some("n" | "-") => assert_ne!(row.class, Class::Global, "{}", row.name),
                Some(other) => panic!("`{other}` in {}", row.name),
                None => {}
            }
        }
    }
}

#[test]
fn a_range_names_itself() {
    let range = range_of("100.100.100.200".parse().expect("an address"));
    assert_eq!(
        (range.first.to_string(), range.last.to_string(), range.name, range.document),
        ("100.64.0.0".into(), "100.127.255.255".into(), "shared address space", "RFC 6598")
    );
    assert_eq!(REGISTRY_DATE.len(), "2025-10-10".len());
}

/// The table of classes in the crate's documentation, row by row.
#[test]
fn documented_classes_are_the_classes() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs");
    let text = std::fs::read_to_string(path).expect("the crate has a root");
    let rows = text.lines().filter_map(|line| line.strip_prefix("//! | `"));
    let documented: Vec<(&str, &str)> = rows
        .map(|row| {
            let cells: Vec<&str> = row.split(" | ").collect();
            (cells[0].trim_end_matches('`'), cells[2].trim_end_matches(" |").trim_matches('`'))
        })
        .collect();
    let real: Vec<(&str, &str)> = Class::ALL
        .iter()
        .map(|class| (class.as_str(), class.code().map_or("allowed", onehop_verdict::Code::as_str)))
        .collect();
    assert_eq!(documented, real);
}

/// Every prefix that the documentation puts into a class.
#[test]
fn documented_prefixes_are_in_their_classes() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs");
    let text = std::fs::read_to_string(path).expect("the crate has a root");
    let mut checked = 0;
    for row in text.lines().filter_map(|line| line.strip_prefix("//! | `")) {
        let (class, rest) = row.split_once('`').expect("a class");
        for word in rest.split('`') {
            let address = word.split('/').next().unwrap_or(word);
            let Ok(address) = address.parse::<IpAddr>() else { continue };
            // The first address of these is a row of its own, or they bound a class of what they leave.
            let beyond = matches!(word, "0.0.0.0/8" | "2000::/3" | "2001::/23");
            assert!(beyond || range_of(address).class.as_str() == class, "{word} is not {class}");
            checked += 1;
        }
    }
    assert!(checked > 25, "{checked}");
}
