//! What releases of the Terraform provider do with what is written.
//!
//! Before 4.61.0 `aws_launch_template` sent tokens, hop limit and tags only where `http_endpoint` was written as enabled
//! (hashicorp/terraform-provider-aws#30107, which #30382 places in 4.61.0). `aws_launch_configuration` does so in every
//! release (its `expandInstanceMetadataOptions`).

use super::block::Block;
use super::site::Site;
use onehop_code::{Language, Provider};

/// The first release that sends every option by itself.
const FIXED: Release = Release([4, 61, 0]);

/// Major, minor, patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Release([u32; 3]);

/// The release that drops the options of a launch template or configuration, if the one that is used does; in words.
pub(super) fn dropped(site: &Site<'_>) -> Option<String> {
    let Block::Written(_) = site.block else { return None };
    let is_said = !site.options.endpoint.is_unset() || site.options.tokens.is_unset();
    if is_said || site.resource.language != Language::Terraform {
        return None;
    }
    match site.resource.kind.as_str() {
        "aws_launch_template" => {
            newest(&site.resource.provider).filter(|(release, _)| *release < FIXED).map(|(_, words)| words)
        }
        "aws_launch_configuration" => Some("in every release".to_owned()),
        _ => None,
    }
}

/// The newest release that can be in use, and how it is known.
fn newest(provider: &Provider) -> Option<(Release, String)> {
    if let Some(locked) = &provider.locked {
        return Release::parse(locked).map(|(release, _)| (release, format!("version {locked} is locked")));
    }
    let constraint = provider.constraint.as_deref()?;
    let bound = constraint.split(',').filter_map(highest).min()?;
    Some((bound, format!("`{}` is asked for", constraint.trim())))
}

/// The highest release that one part of a constraint admits; none if there is no such bound.
fn highest(part: &str) -> Option<Release> {
    let part = part.trim();
    let at = part.find(|c: char| c.is_ascii_digit())?;
    let (operator, version) = (part[..at].trim().trim_end_matches('v').trim(), &part[at..]);
    let (release, given) = Release::parse(version)?;
    let Release([major, minor, patch]) = release;
    match operator {
        "" | "=" | "<=" => Some(release),
        "<" => Some(release.before()),
        "~>" if given >= 3 => Some(Release([major, minor, u32::MAX])),
        "~>" if given == 2 => Some(Release([major, u32::MAX, patch])),
        _ => None,
    }
}

impl Release {
    /// The numbers, and how many were written. What comes behind `-` is left out.
    fn parse(text: &str) -> Option<(Release, usize)> {
        let mut release = [0; 3];
        let core = text.trim().trim_start_matches('v').split(['-', '+']).next()?;
        let mut given = 0;
        for part in core.split('.') {
            *release.get_mut(given)? = part.trim().parse().ok()?;
            given += 1;
        }
        Some((Release(release), given))
    }

    /// The greatest one below it.
    const fn before(self) -> Release {
        match self.0 {
            [0, 0, 0] => self,
            [major, 0, 0] => Release([major - 1, u32::MAX, u32::MAX]),
            [major, minor, 0] => Release([major, minor - 1, u32::MAX]),
            [major, minor, patch] => Release([major, minor, patch - 1]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FIXED, newest};
    use onehop_code::Provider;

    #[test]
    fn constraints_admit_old_releases_only_or_not() {
        // Whether every release that is admitted drops options.
        let table = [
            (Some("4.22.0"), None, true),
            (Some("4.61.0"), None, false),
            (Some("5.1.0"), Some("4.22.0"), false),
            (None, Some("4.22.0"), true),
            (None, Some("= 4.22"), true),
            (None, Some("~> 4.22"), false),
            (None, Some("~> 4.22.0"), true),
            (None, Some("~> 3.0"), true),
            (None, Some("< 4.61.0"), true),
            (None, Some("<= 4.61.0"), false),
            (None, Some(">= 3.0"), false),
            (None, Some(">= 3.0, < 4.0"), true),
            (None, Some("!= 4.1"), false),
            (None, Some("latest"), false),
            (None, None, false),
        ];
        for (locked, constraint, want) in table {
            let provider = Provider {
                locked: locked.map(str::to_owned),
                constraint: constraint.map(str::to_owned),
                ..Provider::default()
            };
            let old = newest(&provider).is_some_and(|(release, _)| release < FIXED);
            assert_eq!(old, want, "{locked:?} {constraint:?}");
        }
    }
}
