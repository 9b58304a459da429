//! The instances of a region: those that are written down or were started, and crowds that are made when asked for.
//!
//! A crowd of 100,000 takes the memory of one: each instance is computed from its number, and kept only once changed.

use crate::options::InEffect;
use onehop_posture::Tokens;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// An instance.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Instance {
    pub(crate) id: String,
    pub(crate) state: String,
    pub(crate) image_id: String,
    pub(crate) kind: String,
    pub(crate) profile: Option<String>,
    pub(crate) public_ip: Option<String>,
    pub(crate) has_ipv6: bool,
    pub(crate) security_groups: Arc<[String]>,
    pub(crate) operator: Option<String>,
    pub(crate) tags: Arc<BTreeMap<String, String>>,
    pub(crate) options: InEffect,
    /// How often it will still be seen as `pending`.
    pub(crate) pending: u32,
    /// Requests without a token, the newest hour first.
    pub(crate) v1_calls: Option<Arc<[f64]>>,
    /// The template and version that it was started from.
    pub(crate) template: Option<(String, u64)>,
}

/// Many that are alike.
#[derive(Clone, Debug)]
pub(crate) struct Crowd {
    pub(crate) first: usize,
    pub(crate) count: usize,
    pub(crate) like: Instance,
    pub(crate) optional_percent: Option<u64>,
    pub(crate) v1_percent: Option<u64>,
    pub(crate) no_data_percent: u64,
}

/// All of a region, by number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fleet {
    tag: u16,
    crowds: Vec<Crowd>,
    changed: HashMap<usize, Instance>,
    single: Vec<Instance>,
    numbers: HashMap<String, usize>,
    made: u64,
}

impl Fleet {
    pub(crate) fn new(tag: u16) -> Fleet {
        Fleet { tag, ..Fleet::default() }
    }

    /// Adds many. Before any single one.
    pub(crate) fn push_crowd(&mut self, mut crowd: Crowd) {
        crowd.first = self.crowded();
        self.crowds.push(crowd);
    }

    /// Adds one; makes up an id if it has none. Returns its id.
    pub(crate) fn push(&mut self, mut instance: Instance) -> String {
        if instance.id.is_empty() {
            self.made += 1;
            instance.id = format!("i-1{:04x}{:012x}", self.tag, self.made);
        }
        let id = instance.id.clone();
        self.numbers.insert(id.clone(), self.len());
        self.single.push(instance);
        id
    }

    pub(crate) fn len(&self) -> usize {
        self.crowded() + self.single.len()
    }

    fn crowded(&self) -> usize {
        self.crowds.last().map_or(0, |crowd| crowd.first + crowd.count)
    }

    /// The instance of a number below [`Fleet::len`].
    pub(crate) fn get(&self, number: usize) -> Option<Instance> {
        if let Some(instance) = self.changed.get(&number) {
            return Some(instance.clone());
        }
        match self.crowds.iter().find(|crowd| (crowd.first..crowd.first + crowd.count).contains(&number)) {
            Some(crowd) => Some(crowd.member(self.tag, number)),
            None => self.single.get(number.checked_sub(self.crowded())?).cloned(),
        }
    }

    /// The number of an id.
    pub(crate) fn find(&self, id: &str) -> Option<usize> {
        if let Some(number) = self.numbers.get(id) {
            return Some(*number);
        }
        let (tag, number) = id.strip_prefix("i-0")?.split_at_checked(4)?;
        let number = usize::from_str_radix(number, 16).ok()?;
        (u16::from_str_radix(tag, 16).ok()? == self.tag && number < self.crowded()).then_some(number)
    }

    /// Keeps a changed instance.
    pub(crate) fn put(&mut self, number: usize, instance: Instance) {
        match number.checked_sub(self.crowded()).and_then(|place| self.single.get_mut(place)) {
            Some(place) => *place = instance,
            None => drop(self.changed.insert(number, instance)),
        }
    }
}

impl Crowd {
    fn member(&self, tag: u16, number: usize) -> Instance {
        let chance = |salt: u64| mixed(number as u64 ^ (salt << 48)) % 100;
        let mut instance = self.like.clone();
        instance.id = format!("i-0{tag:04x}{number:012x}");
        if let Some(percent) = self.optional_percent {
            let is_optional = chance(1) < percent;
            instance.options.tokens = if is_optional { Tokens::Optional } else { Tokens::Required };
        }
        if let Some(percent) = self.v1_percent {
            let calls = if chance(2) < percent { 7.0 } else { 0.0 };
            instance.v1_calls = (chance(3) >= self.no_data_percent).then(|| Arc::from([calls]));
        }
        instance
    }
}

/// `SplitMix64`, so that a number always gives the same instance.
const fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
