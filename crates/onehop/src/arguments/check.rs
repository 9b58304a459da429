//! `onehop check`.

use clap::builder::TypedValueParser as _;
use clap::{ArgAction, Args};
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::num::NonZeroU32;
use std::path::PathBuf;

/// Examples under the help.
pub(crate) const EXAMPLES: &str = "\
Examples:
  onehop check https://example.com/logo.png
      says whether a service may fetch what a stranger chose

  onehop check --format json - < urls.txt
      one URL a line, raw bytes; one answer a line, in the same order

  onehop check --explain 'http://0251.0376.43518/latest/'
      shows how the bytes become a host and an address

Exit status: 0 all allowed, 1 at least one denied, 2 usage or failure.";

/// Flags of `onehop check`.
#[derive(Args, Debug)]
pub(crate) struct CheckArguments {
    /// A URL, or `-` for one URL a line on standard input
    #[arg(required = true, value_name = "URL")]
    pub(crate) urls: Vec<OsString>,

    /// Refuse every URL on which clients may disagree: the default, and stronger than `--compat` in any place
    #[arg(long, action = ArgAction::SetTrue)]
    strict: bool,

    /// Show in words and one drawing how the bytes became a host and an address, whatever `--format` says
    #[arg(long, action = ArgAction::SetTrue)]
    explain: bool,

    #[command(flatten)]
    settings: CheckSettings,
}

impl CheckArguments {
    /// What flags and variables say about the keys of `[check]`. `--strict` and `--explain` are words for a value, and
    /// win: of the two modes the stricter, and an explanation only a person asks for.
    pub(crate) fn settings(&self) -> CheckSettings {
        let mut settings = self.settings.clone();
        if self.strict {
            settings.compat = Some(false);
        }
        if self.explain {
            settings.format = Some(CheckFormat::Explain);
        }
        settings
    }
}

/// Keys of `[check]`, each with a flag and a variable.
#[derive(Args, Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct CheckSettings {
    /// Read URLs on which clients may disagree as browsers do, and say what was folded [default: false]
    #[arg(
        long,
        env = "ONEHOP_CHECK_COMPAT",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        value_name = "BOOL"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) compat: Option<bool>,

    /// Resolve names, and judge every answer [default: false]
    #[arg(
        long,
        env = "ONEHOP_CHECK_RESOLVE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        value_name = "BOOL"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) resolve: Option<bool>,

    /// Rules on schemes, ports, hosts and networks (TOML, docs/url-policy.md)
    #[arg(long, value_name = "FILE", env = "ONEHOP_CHECK_POLICY")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) policy: Option<PathBuf>,

    /// Longest URL that is read, in bytes [default: 8192]
    #[arg(
        long,
        value_name = "BYTES",
        env = "ONEHOP_CHECK_MAX_BYTES",
        value_parser = clap::value_parser!(u32).range(1..).try_map(NonZeroU32::try_from)
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_bytes: Option<NonZeroU32>,

    /// How to show the verdicts [default: text]
    #[arg(long, value_enum, env = "ONEHOP_CHECK_FORMAT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) format: Option<CheckFormat>,
}

/// How to show verdicts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CheckFormat {
    /// A line for people
    #[default]
    Text,
    /// One JSON object a line
    Json,
    /// How the bytes became a host and an address, in words and one drawing
    Explain,
}

#[cfg(test)]
mod tests {
    use super::{CheckArguments, CheckFormat, CheckSettings};
    use clap::{Args as _, Command, FromArgMatches as _};

    fn settings(flags: &[&str]) -> CheckSettings {
        let words = [&["check"], flags, &["https://a.example/"]].concat();
        let matches = CheckArguments::augment_args(Command::new("check")).get_matches_from(words);
        CheckArguments::from_arg_matches(&matches).expect("flags").settings()
    }

    #[test]
    fn a_switch_needs_no_value_and_takes_no_url_for_one() {
        for (flags, want) in [
            (&["--compat", "--resolve"][..], (Some(true), Some(true))),
            (&["--compat=false", "--resolve=false"], (Some(false), Some(false))),
            (&["--strict", "--compat"], (Some(false), None)),
            (&["--compat", "--strict"], (Some(false), None)),
            (&[], (None, None)),
        ] {
            let settings = settings(flags);
            assert_eq!((settings.compat, settings.resolve), want, "{flags:?}");
        }
        assert_eq!(settings(&["--explain", "--format", "json"]).format, Some(CheckFormat::Explain));
    }

    #[test]
    fn every_key_has_a_variable_of_its_name() {
        let command = CheckSettings::augment_args(Command::new("check"));
        for flag in command.get_arguments() {
            let key = flag.get_long().expect("a flag").replace('-', "_").to_uppercase();
            let variable = flag.get_env().and_then(|name| name.to_str()).map(str::to_owned);
            assert_eq!(variable, Some(format!("ONEHOP_CHECK_{key}")));
        }
    }

    /// The help says it in words.
    #[test]
    fn the_documented_limit_is_that_of_the_engine() {
        let command = CheckSettings::augment_args(Command::new("check"));
        let limit = command.get_arguments().find(|flag| flag.get_id() == "max_bytes").expect("the flag");
        let help = limit.get_help().expect("a help").to_string();
        assert!(help.contains(&format!("[default: {}]", onehop_url::URL_MAX_BYTES)), "{help}");
    }
}
