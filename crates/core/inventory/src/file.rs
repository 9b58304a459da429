//! The file of a snapshot: JSON Lines that can be written and read one line at a time.
//!
//! ```text
//! {"type":"snapshot","v":1,"value":{header}}
//! {"type":"account","account":"111122223333","value":{account without regions}}
//! {"type":"region","account":"111122223333","region":"eu-central-1","value":{region without items}}
//! {"type":"instance","account":"111122223333","region":"eu-central-1","value":{instance}}
//! …
//! ```
//! An item may stand before the line of its region. A kind of line that is not known here is a problem with its number; the
//! others are read.

use crate::place::{Account, Region, Snapshot};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::HashMap;

/// The version that is written, and the only one that is read.
pub const VERSION: u32 = 1;

/// Problems beyond this many are counted and not told.
pub const MAX_PROBLEMS: usize = 100;

/// A line that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Its number, from one.
    pub line: u64,
    /// What is wrong with it.
    pub message: String,
}

/// Why a file is no snapshot that can be read here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The first line is not the head of a snapshot.
    #[error("the first line is not the head of a snapshot: it has no `\"type\":\"snapshot\"`")]
    NoSnapshot,
    /// It was written by another version.
    #[error("the snapshot has version {0}, and version {VERSION} is read here")]
    Version(u32),
}

#[derive(Serialize)]
struct Written<'a, T: Serialize> {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    v: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'a str>,
    value: &'a T,
}

#[derive(Deserialize)]
struct Read<'a> {
    #[serde(borrow)]
    r#type: Cow<'a, str>,
    v: Option<u32>,
    #[serde(borrow, default)]
    account: Cow<'a, str>,
    #[serde(borrow, default)]
    region: Cow<'a, str>,
    #[serde(borrow)]
    value: &'a RawValue,
}

/// Every kind of item once: its name in the file, and where it is kept.
macro_rules! items {
    ($($name:literal => $field:ident,)+) => {
        /// The lines of a region and its items, without ends of lines.
        fn region_lines<'a>(account: &'a str, region: &'a Region) -> impl Iterator<Item = String> + 'a {
            let bare = Region {
                name: region.name.clone(),
                calls: region.calls.clone(),
                defaults: region.defaults.clone(),
                security_groups: region.security_groups.clone(),
                load_balanced: region.load_balanced.clone(),
                deliveries: region.deliveries.clone(),
                ..Region::default()
            };
            let head = std::iter::once(line("region", Some(account), Some(&region.name), &bare));
            head$(.chain(region.$field.iter().map(move |item| line($name, Some(account), Some(&region.name), item))))+
        }

        fn take(region: &mut Region, kind: &str, value: &str) -> Result<bool, serde_json::Error> {
            match kind {
                $($name => region.$field.push(serde_json::from_str(value)?),)+
                _ => return Ok(false),
            }
            Ok(true)
        }

        impl Region {
            /// Takes over what another part of the same region has; its name and its defaults hold where there are two.
            pub fn absorb(&mut self, other: Region) {
                let Region { name, calls, defaults, security_groups, load_balanced, deliveries, $($field,)+ } = other;
                self.name = name;
                self.calls.extend(calls);
                self.defaults = defaults.or(self.defaults.take());
                join(&mut self.security_groups, security_groups);
                join(&mut self.load_balanced, load_balanced);
                join(&mut self.deliveries, deliveries);
                $(join(&mut self.$field, $field);)+
            }
        }
    };
}

/// Adds items. Nothing is copied where there are none yet.
fn join<T>(to: &mut Vec<T>, mut from: Vec<T>) {
    if to.is_empty() {
        *to = from;
    } else {
        to.append(&mut from);
    }
}

items! {
    "instance" => instances,
    "template" => templates,
    "group" => groups,
    "configuration" => configurations,
    "image" => images,
    "node-group" => node_groups,
    "container-instance" => container_instances,
    "environment" => environments,
    "notebook" => notebooks,
    "emr-configuration" => emr_configurations,
    "emr-cluster" => emr_clusters,
    "lightsail" => lightsail,
    "build" => builds,
    "stream" => streams,
    "consumer" => consumers,
}

impl Snapshot {
    /// The lines of its file, without ends of lines. Nothing is held but the line at hand.
    pub fn lines(&self) -> impl Iterator<Item = String> + '_ {
        let head = Written {
            r#type: "snapshot",
            v: Some(VERSION),
            account: None,
            region: None,
            value: &self.header,
        };
        let accounts = self.accounts.iter().flat_map(|account| {
            let bare = Account {
                id: account.id.clone(),
                name: account.name.clone(),
                role: account.role.clone(),
                calls: account.calls.clone(),
                roles: account.roles.clone(),
                policies: account.policies.clone(),
                regions: Vec::new(),
            };
            std::iter::once(line("account", Some(&account.id), None, &bare))
                .chain(account.regions.iter().flat_map(|region| region_lines(&account.id, region)))
        });
        std::iter::once(render(&head)).chain(accounts)
    }
}

/// Reads a snapshot line by line.
#[derive(Debug, Default)]
pub struct Reader {
    snapshot: Snapshot,
    accounts: HashMap<String, usize>,
    regions: HashMap<(usize, String), usize>,
    line: u64,
    headed: bool,
    problems: Vec<Problem>,
    untold: u64,
}

/// What was read.
#[derive(Debug)]
pub struct Loaded {
    /// The snapshot.
    pub snapshot: Snapshot,
    /// Lines that could not be read; at most [`MAX_PROBLEMS`].
    pub problems: Vec<Problem>,
    /// How many more there were.
    pub untold: u64,
}

impl Reader {
    /// A reader that has seen nothing.
    pub fn new() -> Reader {
        Reader::default()
    }

    /// Reads the next line. Empty lines are passed over.
    ///
    /// # Errors
    /// [`FileError`] where the first line is not the head of a snapshot of this version; there is no use in going on.
    pub fn line(&mut self, text: &str) -> Result<(), FileError> {
        self.line += 1;
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            return Ok(());
        }
        let read = match serde_json::from_str::<Read<'_>>(text) {
            Ok(read) => read,
            Err(_) if !self.headed => return Err(FileError::NoSnapshot),
            Err(error) => {
                self.problem(format!("it is no record of a snapshot: {error}"));
                return Ok(());
            }
        };
        if !self.headed {
            return self.head(&read);
        }
        if let Err(message) = self.record(&read) {
            self.problem(message);
        }
        Ok(())
    }

    /// What was read.
    ///
    /// # Errors
    /// [`FileError::NoSnapshot`] where there was nothing at all.
    pub fn finish(self) -> Result<Loaded, FileError> {
        if self.headed {
            Ok(Loaded { snapshot: self.snapshot, problems: self.problems, untold: self.untold })
        } else {
            Err(FileError::NoSnapshot)
        }
    }

    fn head(&mut self, read: &Read<'_>) -> Result<(), FileError> {
        match (read.r#type.as_ref(), read.v) {
            ("snapshot", Some(VERSION)) => {}
            ("snapshot", other) => return Err(FileError::Version(other.unwrap_or(0))),
            _ => return Err(FileError::NoSnapshot),
        }
        self.snapshot.header = serde_json::from_str(read.value.get()).map_err(|_| FileError::NoSnapshot)?;
        self.headed = true;
        Ok(())
    }

    fn record(&mut self, read: &Read<'_>) -> Result<(), String> {
        let kind = read.r#type.as_ref();
        if kind == "snapshot" {
            return Err("a snapshot has one head".to_owned());
        }
        if read.account.is_empty() {
            return Err(format!("a record of type `{kind}` names its account"));
        }
        if kind == "account" {
            let account: Account = parse(kind, read.value)?;
            let at = self.account(&read.account);
            let held = &mut self.snapshot.accounts[at];
            let regions = std::mem::take(&mut held.regions);
            *held = Account { id: read.account.clone().into_owned(), regions, ..account };
            return Ok(());
        }
        if read.region.is_empty() {
            return Err(format!("a record of type `{kind}` names its region"));
        }
        if kind == "region" {
            let region: Region = parse(kind, read.value)?;
            let held = self.region(&read.account, &read.region);
            held.absorb(Region { name: read.region.clone().into_owned(), ..region });
            return Ok(());
        }
        let held = self.region(&read.account, &read.region);
        match take(held, kind, read.value.get()) {
            Ok(true) => Ok(()),
            Ok(false) => Err(format!("`{}` is no kind of record that is known here", short(kind))),
            Err(error) => Err(format!("a record of type `{kind}` cannot be read: {error}")),
        }
    }

    fn account(&mut self, id: &str) -> usize {
        if let Some(at) = self.accounts.get(id) {
            return *at;
        }
        let at = self.snapshot.accounts.len();
        self.snapshot.accounts.push(Account { id: id.to_owned(), ..Account::default() });
        self.accounts.insert(id.to_owned(), at);
        at
    }

    fn region(&mut self, account: &str, name: &str) -> &mut Region {
        let account = self.account(account);
        let regions = &mut self.snapshot.accounts[account].regions;
        let at = *self.regions.entry((account, name.to_owned())).or_insert_with(|| {
            regions.push(Region { name: name.to_owned(), ..Region::default() });
            regions.len() - 1
        });
        &mut regions[at]
    }

    fn problem(&mut self, message: String) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(Problem { line: self.line, message });
        } else {
            self.untold += 1;
        }
    }
}

fn line<T: Serialize>(kind: &'static str, account: Option<&str>, region: Option<&str>, value: &T) -> String {
    render(&Written { r#type: kind, v: None, account, region, value })
}

fn render<T: Serialize>(written: &Written<'_, T>) -> String {
    serde_json::to_string(written).expect("records have texts as keys, and nothing in them fails")
}

fn parse<T: for<'de> Deserialize<'de>>(kind: &str, value: &RawValue) -> Result<T, String> {
    serde_json::from_str(value.get())
        .map_err(|error| format!("a record of type `{kind}` cannot be read: {error}"))
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}
