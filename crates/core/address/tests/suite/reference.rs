//! The slow reference: the registry files, read as they stand, and the longest prefix by looking at every row.

use onehop_address::Class;
use std::net::IpAddr;
use std::path::PathBuf;

pub(crate) struct RegistryRow {
    pub(crate) first: u128,
    pub(crate) length: u32,
    pub(crate) name: String,
    pub(crate) document: String,
    /// The registry's column, where the file has it.
    pub(crate) global: Option<String>,
    pub(crate) class: Class,
}

pub(crate) struct Registry {
    /// 32 or 128.
    pub(crate) width: u32,
    pub(crate) updated: Vec<String>,
    pub(crate) rows: Vec<RegistryRow>,
}

impl RegistryRow {
    pub(crate) fn mask(&self, width: u32) -> u128 {
        let all = u128::MAX >> (128 - width);
        if self.length == 0 { 0 } else { all & (all << (width - self.length)) }
    }

    pub(crate) fn last(&self, width: u32) -> u128 {
        self.first | (!self.mask(width) & (u128::MAX >> (128 - width)))
    }
}

impl Registry {
    pub(crate) fn v4() -> Self {
        Registry::load(32, &["iana-ipv4-special.tsv", "iana-ipv4-space.tsv"])
    }

    pub(crate) fn v6() -> Self {
        Registry::load(128, &["iana-ipv6-special.tsv", "iana-ipv6-space.tsv"])
    }

    fn load(width: u32, files: &[&str]) -> Self {
        let mut registry = Registry { width, updated: Vec::new(), rows: Vec::new() };
        for file in files {
            let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data").join(file);
            let text = std::fs::read_to_string(&path).expect("the registry file is committed");
            let updated = text.lines().find_map(|line| line.strip_prefix("# updated: ")).expect("a date");
            registry.updated.push(updated.to_owned());
            let rows = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
            registry.rows.extend(rows.map(|line| row(line, width)));
        }
        registry.rows.sort_by_key(|row| std::cmp::Reverse(row.length));
        registry
    }

    /// The row with the longest prefix over an address.
    pub(crate) fn find(&self, bits: u128) -> &RegistryRow {
        let covers = |row: &&RegistryRow| bits & row.mask(self.width) == row.first;
        self.rows.iter().find(covers).expect("a row covers everything")
    }
}

fn row(line: &str, width: u32) -> RegistryRow {
    let columns: Vec<&str> = line.split('\t').collect();
    assert!(columns.len() == 4 || columns.len() == 11, "{line}");
    let (address, length) = columns[0].split_once('/').expect("a prefix");
    let first = match address.parse().expect("an address") {
        IpAddr::V4(v4) => u128::from(v4.to_bits()),
        IpAddr::V6(v6) => v6.to_bits(),
    };
    let class = *columns.last().expect("a class");
    RegistryRow {
        first,
        length: length.parse().ok().filter(|length| *length <= width).expect("a length"),
        name: columns[1].to_owned(),
        document: columns[2].to_owned(),
        global: (columns.len() == 11).then(|| columns[8].to_owned()),
        class: *Class::ALL.iter().find(|known| format!("{known:?}") == class).expect("a class"),
    }
}
