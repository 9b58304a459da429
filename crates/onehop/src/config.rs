//! The configuration file, and flags laid over it.
//!
//! ```text
//! --config FILE, else ONEHOP_CONFIG, else /etc/onehop/onehop.toml if it is there
//!        │ TOML: one table a command, one key a flag
//!        ▼
//! file values ──◀ overlaid by ── flags and ONEHOP_… variables ──▶ one set of arguments
//! ```
//!
//! An unknown key is an error that names the line and the nearest key.

use crate::failure::{Failure, OrHint as _};
use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor};
use serde::{Deserializer as _, Serialize};
use std::fmt;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use toml::de::DeTable;

/// Where the configuration is looked for when nobody says otherwise.
const DEFAULT_PATH: &str = "/etc/onehop/onehop.toml";

/// The tables that the file may have, whatever this build can do: one file serves every command.
const COMMANDS: [&str; 5] = ["serve", "guard", "check", "scan", "audit"];

const DEFECT: &str = "this is a defect of onehop; please report it";

/// A configuration file, read and checked for unknown keys.
#[derive(Debug, Default)]
pub(crate) struct ConfigFile {
    path: PathBuf,
    text: String,
}

impl ConfigFile {
    /// Reads the named file, or the default one if it is there.
    pub(crate) fn read(named: Option<&Path>) -> Result<Self, Failure> {
        let path = named.unwrap_or(Path::new(DEFAULT_PATH));
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(ConfigFile { path: path.to_owned(), text }),
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
                Ok(Self::default())
            }
            Err(error) => {
                let hint = match named {
                    Some(_) => "give another file with --config, or leave it out to use flags only",
                    None => "it is read when no other is named; give another file with --config",
                };
                Err(Failure::new(format!("cannot read configuration `{}`: {error}", path.display()))
                    .hint(hint))
            }
        }
    }

    /// The file to read again, if there was one.
    #[cfg(feature = "guard")]
    pub(crate) fn path_for_reload(&self) -> Option<PathBuf> {
        (!self.path.as_os_str().is_empty()).then(|| self.path.clone())
    }

    /// The table of a command with flags laid over it. `keys` are the keys that the table may have.
    pub(crate) fn overlay<T>(&self, command: &str, keys: &[String], flags: &T) -> Result<T, Failure>
    where
        T: Serialize + DeserializeOwned,
    {
        self.check_keys(command, keys)?;
        // By itself first, so that a wrong value is blamed on its line in the file.
        let table = Section::<T>::new(command).read(&self.text).map_err(|error| self.broken(&error))?;
        let of_file = table.map_or_else(|| Ok(toml::Table::new()), |table| toml::Table::try_from(&table));
        let mut merged = of_file.or_hint(|| DEFECT.to_owned())?;
        let flags = toml::Table::try_from(flags).or_hint(|| DEFECT.to_owned())?;
        merged.extend(flags);
        merged.try_into().map_err(|error: toml::de::Error| Failure::new(error.message().to_owned()))
    }

    fn check_keys(&self, command: &str, keys: &[String]) -> Result<(), Failure> {
        let document = DeTable::parse(&self.text).map_err(|error| self.broken(&error))?;
        let commands = COMMANDS.map(str::to_owned);
        for (name, value) in document.get_ref() {
            let name_text: &str = name.get_ref();
            if !commands.iter().any(|known| known == name_text) {
                return Err(self.unknown(name_text, name.span().start, "the configuration", &commands));
            }
            let Some(table) = value.get_ref().as_table().filter(|_| name_text == command) else {
                continue;
            };
            for key in table.keys() {
                let text: &str = key.get_ref();
                if !keys.iter().any(|known| known == text) {
                    return Err(self.unknown(text, key.span().start, &format!("[{command}]"), keys));
                }
            }
        }
        Ok(())
    }

    fn unknown(&self, key: &str, at: usize, place: &str, known: &[String]) -> Failure {
        let line = self.text.get(..at).unwrap_or_default().lines().count().max(1)
            + usize::from(self.text.get(..at).is_some_and(|before| before.ends_with('\n')));
        let failure = Failure::new(format!("{}:{line}: unknown key `{key}` in {place}", self.path.display()));
        let nearest = known
            .iter()
            .map(|candidate| (strsim::damerau_levenshtein(key, candidate), candidate))
            .min()
            .filter(|(distance, _)| *distance <= key.len().div_ceil(2));
        match nearest {
            Some((_, nearest)) => failure.hint(format!("did you mean `{nearest}`?")),
            None => failure.hint(format!("known keys are {}", known.join(", "))),
        }
    }

    fn broken(&self, error: &toml::de::Error) -> Failure {
        let line = error
            .span()
            .map(|span| self.text.get(..span.start).unwrap_or_default().matches('\n').count() + 1);
        let place = line.map_or_else(String::new, |line| format!(":{line}"));
        Failure::new(format!("{}{place}: {}", self.path.display(), error.message()))
            .hint("docs/commands.md has the keys and their values")
    }
}

/// Reads one table of a document and passes over the others, so that errors keep their place.
struct Section<'n, T> {
    name: &'n str,
    table: PhantomData<T>,
}

impl<'n, T: DeserializeOwned> Section<'n, T> {
    fn new(name: &'n str) -> Self {
        Section { name, table: PhantomData }
    }

    fn read(self, text: &str) -> Result<Option<T>, toml::de::Error> {
        toml::de::Deserializer::parse(text)?.deserialize_map(self)
    }
}

impl<'de, T: DeserializeOwned> Visitor<'de> for Section<'_, T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table for each command")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<T>, A::Error> {
        let mut found = None;
        while let Some(name) = map.next_key::<String>()? {
            if name == self.name {
                found = Some(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

/// The keys of a command's table: its flags, and what has no flag.
pub(crate) fn keys_of<T: clap::Args>(without_flag: &[&str]) -> Vec<String> {
    let command = T::augment_args(clap::Command::new("keys"));
    let flags = command.get_arguments().filter_map(|argument| argument.get_long().map(str::to_owned));
    flags.chain(without_flag.iter().map(|key| (*key).to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::{ConfigFile, keys_of};
    use clap::Args;
    use serde::{Deserialize, Serialize};

    #[derive(Args, Serialize, Deserialize, Debug, PartialEq)]
    #[serde(rename_all = "kebab-case", deny_unknown_fields)]
    struct Few {
        #[arg(long)]
        #[serde(skip_serializing_if = "Option::is_none")]
        hop_limit: Option<u8>,
        #[arg(long)]
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        listen: Vec<String>,
    }

    fn overlay(text: &str, flags: &Few) -> Result<Few, String> {
        let file = ConfigFile { path: "onehop.toml".into(), text: text.into() };
        file.overlay("serve", &keys_of::<Few>(&[]), flags)
            .map_err(|failure| format!("{failure} | {}", failure.to_do().unwrap_or_default()))
    }

    fn few(hop_limit: Option<u8>, listen: &[&str]) -> Few {
        Few { hop_limit, listen: listen.iter().map(|text| (*text).to_owned()).collect() }
    }

    #[test]
    fn flags_win_over_the_file_and_absent_flags_do_not() {
        let file = "[serve]\nhop-limit = 2\nlisten = [\"a\"]\n[guard]\nanything = 1\n";
        assert_eq!(overlay(file, &few(None, &[])), Ok(few(Some(2), &["a"])));
        assert_eq!(overlay(file, &few(Some(3), &["b"])), Ok(few(Some(3), &["b"])));
        assert_eq!(overlay("", &few(Some(3), &[])), Ok(few(Some(3), &[])));
    }

    #[test]
    fn errors_name_the_line_and_the_nearest_key() {
        for (file, want) in [
            (
                "[serve]\nhop-limits = 2\n",
                "onehop.toml:2: unknown key `hop-limits` in [serve] | did you mean `hop-limit`?",
            ),
            ("[chek]\n", "onehop.toml:1: unknown key `chek` in the configuration | did you mean `check`?"),
            ("\n[serv]\n", "onehop.toml:2: unknown key `serv` in the configuration | did you mean `serve`?"),
            (
                "[serve]\nxyzzy-quux = 2\n",
                "onehop.toml:2: unknown key `xyzzy-quux` in [serve] | known keys are hop-limit, listen",
            ),
        ] {
            assert_eq!(overlay(file, &few(None, &[])), Err(want.to_owned()));
        }
        assert!(
            overlay("[serve]\nhop-limit = \"x\"\n", &few(None, &[]))
                .expect_err("a type")
                .contains("invalid type")
        );
        assert!(overlay("[serve\n", &few(None, &[])).expect_err("a syntax").starts_with("onehop.toml:1:"));
    }
}
