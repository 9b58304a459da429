//! The defaults of accounts that were given with the code.
//!
//! ```json
//! {"eu-west-1": {"HttpTokens": "required", "HttpPutResponseHopLimit": 2}, "*": {"HttpTokens": "no-preference"}}
//! ```
//! What `aws ec2 get-instance-metadata-defaults` prints (`{"AccountLevel": {…}}`) is read as well, and holds for all regions.

use onehop_posture::{Field, HopLimit, Options, Setting, Switch, Tokens};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Defaults by region.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Accounts {
    regions: BTreeMap<String, Defaults>,
}

/// What is known about one region.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// Whether it was given at all.
    pub known: bool,
    /// The defaults; unknown if they were not given.
    pub options: Options,
    /// Whether launches without tokens fail.
    pub enforced: Setting<bool>,
}

/// As EC2 writes it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default, deny_unknown_fields)]
struct Defaults {
    http_tokens: Option<String>,
    http_endpoint: Option<String>,
    http_put_response_hop_limit: Option<i64>,
    instance_metadata_tags: Option<String>,
    http_tokens_enforced: Option<String>,
    managed_by: Option<String>,
    managed_exception_message: Option<String>,
}

/// A file of defaults that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("no account defaults: {0}")]
pub struct AccountsError(#[from] serde_json::Error);

/// The name that stands for every region.
const ANY: &str = "*";

impl Accounts {
    /// Reads a file of them.
    ///
    /// # Errors
    /// Text that is no such JSON, or names a field that there is not.
    pub fn parse(text: &str) -> Result<Accounts, AccountsError> {
        let mut top: BTreeMap<String, serde_json::Value> = serde_json::from_str(text)?;
        let mut regions = BTreeMap::new();
        if let Some(all) = top.remove("AccountLevel") {
            regions.insert(ANY.to_owned(), serde_json::from_value(all)?);
        }
        for (region, defaults) in top {
            regions.insert(region, serde_json::from_value(defaults)?);
        }
        Ok(Accounts { regions })
    }

    /// What is known about a region. Where the region is not known, what holds for all, or the same in all that were given.
    pub fn of(&self, region: Option<&str>) -> Given {
        let found = region.and_then(|region| self.regions.get(region)).or_else(|| self.regions.get(ANY));
        let found = found.or_else(|| match region {
            Some(_) => None,
            None => self.common(),
        });
        match found {
            Some(defaults) => defaults.given(),
            None => Given { known: false, options: self.unknown(), enforced: Setting::Unset },
        }
    }

    /// What an account says of which nothing was given.
    pub fn unknown(&self) -> Options {
        Options::unknown(if self.regions.is_empty() {
            "the defaults of the account were not given (--account-defaults)"
        } else {
            "no defaults were given for its region"
        })
    }

    fn common(&self) -> Option<&Defaults> {
        let mut all = self.regions.values();
        let first = all.next()?;
        all.all(|other| other == first).then_some(first)
    }
}

impl Defaults {
    fn given(&self) -> Given {
        let options = Options {
            tokens: Tokens::setting(self.http_tokens.as_deref()),
            endpoint: Switch::setting(self.http_endpoint.as_deref(), Field::Endpoint),
            hop_limit: HopLimit::setting(self.http_put_response_hop_limit),
            tags: Switch::setting(self.instance_metadata_tags.as_deref(), Field::Tags),
            ..Options::default()
        };
        let enforced = match self.http_tokens_enforced.as_deref() {
            None | Some("no-preference") => Setting::Unset,
            Some("enabled") => Setting::Set(true),
            Some("disabled") => Setting::Set(false),
            Some(other) => Setting::unknown(format!("`{other}` is no value of HttpTokensEnforced")),
        };
        Given { known: true, options, enforced }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_found_by_region() {
        let accounts = Accounts::parse(
            r#"{"eu-west-1": {"HttpTokens": "required"}, "us-east-1": {"HttpTokens": "optional", "HttpTokensEnforced": "enabled"}}"#,
        )
        .expect("it is right");
        assert_eq!(accounts.of(Some("eu-west-1")).options.tokens, Setting::Set(Tokens::Required));
        assert_eq!(accounts.of(Some("us-east-1")).enforced, Setting::Set(true));
        assert!(!accounts.of(Some("eu-north-1")).known);
        assert!(!accounts.of(None).known, "the regions differ");
        let one =
            Accounts::parse(r#"{"AccountLevel": {"HttpTokens": "required", "HttpPutResponseHopLimit": -1}}"#);
        let one = one.expect("it is what the command prints");
        assert_eq!(one.of(None).options.tokens, Setting::Set(Tokens::Required));
        assert_eq!(one.of(Some("eu-west-1")).options.hop_limit, Setting::Unset);
        assert!(
            Accounts::parse(r#"{"*": {"HttpToken": "required"}}"#).is_err(),
            "a misspelt field is refused"
        );
        assert!(matches!(Accounts::default().of(None).options.tokens, Setting::Unknown(_)));
    }
}
