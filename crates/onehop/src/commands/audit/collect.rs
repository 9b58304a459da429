//! Snapshots: read from accounts, from a file, written to one.

use crate::arguments::{ReadArguments, SnapshotArguments};
use crate::failure::{Failure, OrHint as _};
use crate::output;
use onehop_audit::live::gaps;
use onehop_aws::{
    Accounts, ChainSettings, Client, Event, Keys, NoProgress, Plan, Progress, Settings, configured_region,
};
use onehop_inventory::{Snapshot, file};
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, IsTerminal as _, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// Threads that read answers.
const WORKERS: usize = 2;
/// Where regions are asked for when none is configured.
const FIRST_REGION: &str = "us-east-1";

/// `onehop audit snapshot`.
pub(crate) fn save(flags: &SnapshotArguments) -> Result<ExitCode, Failure> {
    let snapshot = collect(&flags.read)?;
    let path = &flags.file;
    let cannot = |error: io::Error| Failure::new(format!("cannot write `{}`: {error}", path.display()));
    if path.as_os_str() == "-" {
        write(&snapshot, &mut BufWriter::new(io::stdout().lock())).map_err(cannot)?;
    } else {
        // Whole or not at all: a half of a snapshot looks like an account that shrank.
        let beside = path.with_extension("part");
        let file = File::create(&beside).map_err(cannot)?;
        write(&snapshot, &mut BufWriter::new(file)).map_err(cannot)?;
        std::fs::rename(&beside, path).map_err(cannot)?;
    }
    let failed = gaps(&snapshot);
    for gap in &failed {
        let region = gap.region.as_deref().unwrap_or("no region");
        output::warning(&format!("{} in {region} of {}: {}", gap.operation, gap.account, gap.code));
    }
    Ok(ExitCode::from(if failed.is_empty() || flags.keep_going { 0 } else { 2 }))
}

fn write(snapshot: &Snapshot, out: &mut impl Write) -> io::Result<()> {
    for line in snapshot.lines() {
        writeln!(out, "{line}")?;
    }
    out.flush()
}

/// A snapshot that was saved.
pub(crate) fn read(path: &Path) -> Result<Snapshot, Failure> {
    let file = File::open(path)
        .map_err(|error| Failure::new(format!("cannot read snapshot `{}`: {error}", path.display())))
        .or_hint(|| "write one with `onehop audit snapshot FILE`".to_owned())?;
    let mut reader = file::Reader::new();
    let wrong = |error: file::FileError| Failure::new(format!("{}: {error}", path.display()));
    for line in BufReader::new(file).lines() {
        let line = line.map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
        reader.line(&line).map_err(wrong)?;
    }
    let loaded = reader.finish().map_err(wrong)?;
    for problem in &loaded.problems {
        output::warning(&format!("{}:{}: {}", path.display(), problem.line, problem.message));
    }
    Ok(loaded.snapshot)
}

/// A snapshot of accounts, read now.
pub(crate) fn collect(flags: &ReadArguments) -> Result<Snapshot, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build()?;
    runtime.block_on(async {
        let configured = configured_region(flags.profile.as_deref()).await;
        let first = flags.regions.first().cloned().or(configured);
        let region = match (&first, flags.all_regions) {
            (Some(region), _) => region.clone(),
            // Any region tells which ones are enabled.
            (None, true) => FIRST_REGION.to_owned(),
            (None, false) => {
                return Err(Failure::new("no region is configured").hint("give --region, or --all-regions"));
            }
        };
        let chain = ChainSettings { profile: flags.profile.clone(), ..ChainSettings::default() };
        let keys = Keys::chain(&chain, &region).await;
        let settings = Settings { endpoint_url: flags.endpoint_url.clone(), ..Settings::default() };
        let client = Client::new(keys, &region, settings);
        let regions = match (flags.all_regions, flags.regions.as_slice()) {
            (true, _) => Vec::new(),
            (false, []) => vec![region],
            (false, named) => named.to_vec(),
        };
        let plan =
            Plan { regions, accounts: accounts(flags), window: Some(window(flags.days)), ..Plan::default() };
        let told: Arc<dyn Progress> =
            if io::stderr().is_terminal() { Arc::new(Shown) } else { Arc::new(NoProgress) };
        let snapshot = onehop_aws::collect(&client, &plan, told).await;
        if io::stderr().is_terminal() {
            output::progress("", true);
        }
        snapshot.map_err(|error| Failure::new(format!("cannot find out who calls: {error}"))).or_hint(|| {
            "credentials come from the environment or a profile; see `aws sts get-caller-identity`".to_owned()
        })
    })
}

fn window(days: u32) -> Duration {
    Duration::from_secs(u64::from(days) * 24 * 3600)
}

fn accounts(flags: &ReadArguments) -> Accounts {
    let role = flags.role.clone().unwrap_or_default();
    if flags.organization {
        Accounts::Organization { role, external_id: flags.external_id.clone() }
    } else if flags.accounts.is_empty() {
        Accounts::Own
    } else {
        Accounts::Listed { ids: flags.accounts.clone(), role, external_id: flags.external_id.clone() }
    }
}

/// Progress on a terminal.
struct Shown;

impl Progress for Shown {
    fn tell(&self, event: Event<'_>) {
        match event {
            Event::Account { account, regions } => {
                output::progress(&format!("account {account}: {regions} regions"), false);
            }
            Event::Region { account, region, .. } => {
                output::progress(&format!("account {account}: {region} is read"), false);
            }
            _ => {}
        }
    }
}
