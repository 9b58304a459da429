//! Risk: IMDSv1 allowed × reachable × power of the role × observed use, each part shown.
//!
//! Every part is a weight in percent; the score is their product. A part that is not known has a weight in the upper
//! middle, says so, and opens a range: what the score would be at the best and at the worst of that part.
//!
//! | part | 100 | | | | least | unknown |
//! |---|---|---|---|---|---|---|
//! | IMDSv1 | answered | | | | not answered: 0 | 70 |
//! | reach | open to the world | behind a public load balancer 90 | public address, ports closed 50 | private 30 | no network 10 | 70 |
//! | role | administrator | writes 80 | reads 50 | powerless 20 | none 10 | 70 |
//! | use | seen | | not measured 80 | | measured zero 60 | 80 |

use crate::resolve::Effective;
use crate::setting::Text;
use serde::{Deserialize, Serialize};

/// Who can send a request to a program on the instance.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// Anybody: a public address, and a security group that is open to the world.
    World,
    /// Anybody, through a load balancer that faces the internet.
    LoadBalancer,
    /// It has a public address, but no security group that is open to the world.
    PublicClosed,
    /// Those in the same network.
    Private,
    /// It could not be found out. The reason in words.
    Unknown(Text),
}

/// What the role of the instance may do.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RolePower {
    /// Everything, or what leads to it.
    Admin,
    /// It changes things.
    Write,
    /// It reads.
    Read,
    /// A role without permissions that matter.
    Powerless,
    /// There is no role: user data and identity documents can still be read.
    NoRole,
    /// It could not be found out. The reason in words.
    Unknown(Text),
}

/// Whether IMDSv1 is used.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Usage {
    /// Requests without a token were counted, or credentials were delivered that way.
    Seen {
        /// How many, if they were counted.
        count: Option<u64>,
        /// What says so, e.g. `MetadataNoToken over 14 days`.
        by: Text,
    },
    /// It was measured, and there was none.
    Zero {
        /// What says so.
        by: Text,
    },
    /// There are no measurements, which is not the same as zero. The reason in words.
    NoData(Text),
}

/// A part of the risk.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Part {
    /// What it is about: `v1`, `reach`, `role`, `use`.
    pub name: Text,
    /// Its weight in percent.
    pub weight: u8,
    /// What the weight could be, at best and at worst; both are the weight where it is known.
    pub range: (u8, u8),
    /// Why it has this weight.
    pub words: String,
}

/// The risk and its parts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Risk {
    /// 0 to 100: the product of the weights.
    pub score: u8,
    /// What the score could be, at best and at worst, if the unknown parts were known.
    pub range: (u8, u8),
    /// The four parts.
    pub parts: [Part; 4],
}

impl Risk {
    /// Weighs the four parts.
    pub fn of(effective: &Effective, reach: &Reach, role: &RolePower, usage: &Usage) -> Risk {
        let parts = [v1_part(effective.allows_v1()), reach_part(reach), role_part(role), use_part(usage)];
        let score = product(parts.iter().map(|part| part.weight));
        let least = product(parts.iter().map(|part| part.range.0));
        let most = product(parts.iter().map(|part| part.range.1));
        Risk { score, range: (least, most), parts }
    }

    /// Whether every part is known.
    pub fn is_complete(&self) -> bool {
        self.parts.iter().all(Part::is_known)
    }

    /// One line, e.g. `45 = IMDSv1 is answered (100 %) × …`.
    pub fn explain(&self) -> String {
        let parts: Vec<String> =
            self.parts.iter().map(|part| format!("{} ({} %)", part.words, part.weight)).collect();
        let range = if self.range.0 == self.range.1 {
            String::new()
        } else {
            format!(", between {} and {} once all is known", self.range.0, self.range.1)
        };
        format!("{} = {}{range}", self.score, parts.join(" × "))
    }
}

impl Part {
    /// Whether it is known.
    pub const fn is_known(&self) -> bool {
        self.range.0 == self.range.1
    }
}

fn v1_part(allowed: Option<bool>) -> Part {
    match allowed {
        Some(true) => known("v1", 100, "IMDSv1 is answered"),
        Some(false) => known("v1", 0, "IMDSv1 is not answered"),
        None => open("v1", 70, (0, 100), "whether IMDSv1 is answered is not known"),
    }
}

fn reach_part(reach: &Reach) -> Part {
    match reach {
        Reach::World => known("reach", 100, "anybody can send it requests"),
        Reach::LoadBalancer => known("reach", 90, "anybody can send it requests through a load balancer"),
        Reach::PublicClosed => known("reach", 50, "it has a public address but is open to nobody outside"),
        Reach::Private => known("reach", 30, "only its own network can send it requests"),
        Reach::Unknown(why) => {
            open("reach", 70, (30, 100), format!("who can reach it is not known because {why}"))
        }
    }
}

fn role_part(role: &RolePower) -> Part {
    match role {
        RolePower::Admin => known("role", 100, "its role may do everything"),
        RolePower::Write => known("role", 80, "its role changes things"),
        RolePower::Read => known("role", 50, "its role reads"),
        RolePower::Powerless => known("role", 20, "its role may do hardly anything"),
        RolePower::NoRole => known("role", 10, "it has no role"),
        RolePower::Unknown(why) => {
            open("role", 70, (10, 100), format!("what its role may do is not known because {why}"))
        }
    }
}

fn use_part(usage: &Usage) -> Part {
    match usage {
        Usage::Seen { count: Some(count), by } => {
            known("use", 100, format!("IMDSv1 was used {count} times ({by})"))
        }
        Usage::Seen { count: None, by } => known("use", 100, format!("IMDSv1 was used ({by})")),
        Usage::Zero { by } => known("use", 60, format!("IMDSv1 was not used ({by})")),
        Usage::NoData(why) => {
            open("use", 80, (60, 100), format!("whether IMDSv1 is used is not known because {why}"))
        }
    }
}

fn known(name: &'static str, weight: u8, words: impl Into<String>) -> Part {
    open(name, weight, (weight, weight), words)
}

fn open(name: &'static str, weight: u8, range: (u8, u8), words: impl Into<String>) -> Part {
    Part { name: Text::Borrowed(name), weight, range, words: words.into() }
}

/// Rounded up: what is open at all is not nothing.
fn product(weights: impl Iterator<Item = u8>) -> u8 {
    let (product, scale) =
        weights.fold((1u64, 1u64), |(product, scale), weight| (product * u64::from(weight), scale * 100));
    u8::try_from((product * 100).div_ceil(scale)).unwrap_or(100)
}
