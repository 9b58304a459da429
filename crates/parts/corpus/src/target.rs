//! What is attacked: every metadata or credential service of the catalogue that has an address or a name.
//!
//! ```text
//! catalogue row ─▶ Target { provider, places: [address or name …] }
//!                    weight: mostly EC2, ECS, EKS              first its IPv4 address, then IPv6, then names
//! ```
//! Services that live on a port of the machine's own loopback have no place here: `http://127.0.0.1:9001/` is an
//! ordinary address of the machine. [`Weights::of`] fails on a name that is not in the catalogue.

use crate::dice::Dice;
use onehop_address::catalogue::{CATALOGUE, Provider, Role};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

/// Where a service is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// An IPv4 address.
    V4(Ipv4Addr),
    /// An IPv6 address.
    V6(Ipv6Addr),
    /// A name, lower-case.
    Name(&'static str),
}

impl Place {
    /// How many lots it has among the places of its service: the first address of each kind is what people try.
    fn weight(self) -> u32 {
        match self {
            Place::V4(_) => 6,
            Place::V6(_) => 3,
            Place::Name(_) => 2,
        }
    }
}

/// A service to attack.
#[derive(Debug)]
pub struct Target {
    /// Its row of the catalogue.
    pub provider: &'static Provider,
    /// Its addresses and names.
    pub places: Vec<Place>,
}

/// Default lots. Services not listed have [`WEIGHT_OTHER`].
const WEIGHTS: &[(&str, u32)] =
    &[("ec2", 60), ("ecs", 16), ("eks-pod-identity", 16), ("gcp", 8), ("azure", 6)];
const WEIGHT_OTHER: u32 = 2;

static TARGETS: LazyLock<Vec<Target>> = LazyLock::new(|| {
    CATALOGUE
        .iter()
        .filter(|provider| matches!(provider.role, Role::Metadata | Role::Credentials))
        .map(|provider| Target { provider, places: places(provider) })
        .filter(|target| !target.places.is_empty())
        .collect()
});

fn places(provider: &'static Provider) -> Vec<Place> {
    let addresses = provider.addresses.iter().map(|address| match address {
        IpAddr::V4(address) => Place::V4(*address),
        IpAddr::V6(address) => Place::V6(*address),
    });
    addresses.chain(provider.names.iter().map(|name| Place::Name(name))).collect()
}

/// IPv4 addresses that no benign line may hold in any form: all of the catalogue but the neighbours.
static ATTACKED: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let rows = CATALOGUE.iter().filter(|provider| provider.role != Role::Neighbour);
    let addresses = rows.flat_map(|provider| provider.addresses).filter_map(|address| match address {
        IpAddr::V4(address) => Some(address.to_bits()),
        IpAddr::V6(_) => None,
    });
    let mut values: Vec<u32> = addresses.collect();
    values.sort_unstable();
    values.dedup();
    values
});

/// Every target, in the order of the catalogue.
pub fn targets() -> &'static [Target] {
    &TARGETS
}

/// Whether a number is the value of an address that is attacked.
pub(crate) fn is_attacked_value(value: u32) -> bool {
    ATTACKED.contains(&value)
}

/// The values of the addresses that are attacked.
#[cfg(test)]
pub(crate) fn attacked_values() -> &'static [u32] {
    &ATTACKED
}

/// No catalogued service has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no metadata or credential service is called `{0}`")]
pub struct UnknownTarget(pub String);

/// How often each service is attacked.
#[derive(Clone, Debug)]
pub struct Weights(Vec<(usize, u32)>);

impl Default for Weights {
    /// Mostly EC2, ECS and EKS, some GCP and Azure, a few of everything else.
    fn default() -> Self {
        let lots = |target: &Target| {
            let known = WEIGHTS.iter().find(|(name, _)| *name == target.provider.name);
            known.map_or(WEIGHT_OTHER, |(_, lots)| *lots)
        };
        Weights(targets().iter().map(lots).enumerate().collect())
    }
}

impl Weights {
    /// Only these services, with these lots. Services with zero lots are left out.
    ///
    /// # Errors
    /// If a name is not among [`targets`]; also if no lots are left, which the first name given stands for.
    pub fn of(lots: &[(&str, u32)]) -> Result<Self, UnknownTarget> {
        let mut weights = Vec::with_capacity(lots.len());
        for (name, lots) in lots {
            let place = targets().iter().position(|target| target.provider.name == *name);
            let place = place.ok_or_else(|| UnknownTarget((*name).to_owned()))?;
            if *lots > 0 {
                weights.push((place, *lots));
            }
        }
        if weights.is_empty() {
            return Err(UnknownTarget(lots.first().map_or(String::new(), |(name, _)| (*name).to_owned())));
        }
        Ok(Weights(weights))
    }

    /// A service and one of its places.
    pub(crate) fn draw(&self, dice: &mut Dice) -> (&'static Provider, Place) {
        let target = by_weight(dice, self.0.iter().map(|(at, lots)| (&targets()[*at], *lots)));
        let place = by_weight(dice, target.places.iter().map(|place| (*place, place.weight())));
        (target.provider, place)
    }
}

/// One of the rows, by lots. There is always one: neither table nor a constructor lets an empty list through.
fn by_weight<T>(dice: &mut Dice, rows: impl Iterator<Item = (T, u32)> + Clone) -> T {
    let mut left = dice.below(rows.clone().map(|(_, lots)| lots).sum());
    let mut rows = rows;
    loop {
        let (row, lots) = rows.next().expect("the number drawn is below the sum of the lots");
        if left < lots {
            return row;
        }
        left -= lots;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_service_with_a_place_is_a_target_and_no_other() {
        let names: Vec<&str> = targets().iter().map(|target| target.provider.name).collect();
        for name in ["ec2", "ecs", "eks-pod-identity", "gcp", "azure", "alibaba", "equinix", "cloudstack"] {
            assert!(names.contains(&name), "{name}");
        }
        for name in ["lambda", "aws-neighbours", "azure-wireserver", "kubernetes", "docker"] {
            assert!(!names.contains(&name), "{name}");
        }
    }

    #[test]
    fn the_neighbours_are_not_attacked_and_the_wire_server_is() {
        let value = |a, b, c, d| Ipv4Addr::new(a, b, c, d).to_bits();
        assert!(is_attacked_value(value(169, 254, 169, 254)));
        assert!(is_attacked_value(value(168, 63, 129, 16)));
        assert!(!is_attacked_value(value(169, 254, 169, 253)));
        assert!(!is_attacked_value(value(169, 254, 169, 123)));
    }

    #[test]
    fn the_default_is_mostly_ec2_ecs_and_eks() {
        let weights = Weights::default();
        let mut dice = Dice::of(1, crate::dice::Stream::Attempt, 0);
        let common = (0..10_000)
            .filter(|_| matches!(weights.draw(&mut dice).0.name, "ec2" | "ecs" | "eks-pod-identity"))
            .count();
        assert!((5_000..8_500).contains(&common), "{common}");
    }

    #[test]
    fn weights_name_what_is_wrong() {
        assert_eq!(Weights::of(&[("ec3", 1)]).map(|_| ()), Err(UnknownTarget("ec3".to_owned())));
        assert_eq!(Weights::of(&[("ec2", 0)]).map(|_| ()), Err(UnknownTarget("ec2".to_owned())));
        assert!(Weights::of(&[("ec2", 1), ("lambda", 1)]).is_err(), "lambda is on the loopback address");
        let only = Weights::of(&[("ecs", 1)]).expect("a known name");
        let mut dice = Dice::of(1, crate::dice::Stream::Attempt, 0);
        assert!((0..100).all(|_| only.draw(&mut dice).0.name == "ecs"));
    }
}
