//! Snapshots: read from accounts, from a file, written to one.

use super::cloudtrail;
use crate::arguments::{ReadArguments, SnapshotArguments};
use crate::commands::replace::replace;
use crate::failure::{Failure, OrHint as _};
use crate::output;
use onehop_audit::live::gaps;
use onehop_aws::{
    Accounts, ChainSettings, Client, Event, Keys, NoProgress, Plan, Progress, Settings, configured_region,
};
use onehop_inventory::{Snapshot, file};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, IsTerminal as _, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Threads that read answers. More than most machines have processors for, so that a request does not wait until a page is
/// read.
const WORKERS: usize = 4;
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
        replace(path, |out| write(&snapshot, out)).map_err(cannot)?;
    }
    let failed = gaps(&snapshot);
    for gap in &failed {
        let region = gap.region.as_deref().unwrap_or("no region");
        output::warning(&format!("{} in {region} of {}: {}", gap.operation, gap.account, gap.code));
    }
    let lost = snapshot.header.trail.as_ref().map_or(&[][..], |logs| &logs.lost);
    for loss in lost {
        output::warning(loss);
    }
    let is_whole = failed.is_empty() && lost.is_empty();
    Ok(ExitCode::from(if is_whole || flags.keep_going { 0 } else { 2 }))
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

/// A snapshot of accounts, read now, with what logs say about its instances.
pub(crate) fn collect(flags: &ReadArguments) -> Result<Snapshot, Failure> {
    let mut snapshot = call(flags)?;
    cloudtrail::join(&mut snapshot, &flags.cloudtrail);
    Ok(snapshot)
}

fn call(flags: &ReadArguments) -> Result<Snapshot, Failure> {
    block_on(async {
        let (client, region) = client(flags).await?;
        let regions = match (flags.all_regions, flags.regions.as_slice()) {
            (true, _) => Vec::new(),
            (false, []) => vec![region],
            (false, named) => named.to_vec(),
        };
        let plan =
            Plan { regions, accounts: accounts(flags), window: Some(window(flags.days)), ..Plan::default() };
        let told: Arc<dyn Progress> =
            if io::stderr().is_terminal() { Arc::new(Shown::default()) } else { Arc::new(NoProgress) };
        let snapshot = onehop_aws::collect(&client, &plan, told).await;
        if io::stderr().is_terminal() {
            output::progress("", true);
        }
        snapshot.map_err(|error| Failure::new(format!("cannot find out who calls: {error}"))).or_hint(|| {
            "credentials come from the environment or a profile; see `aws sts get-caller-identity`".to_owned()
        })
    })
}

/// Runs calls to their end.
pub(super) fn block_on<T>(calls: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build()?.block_on(calls)
}

/// A client with the credentials of the environment, and its region.
pub(super) async fn client(flags: &ReadArguments) -> Result<(Client, String), Failure> {
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
    Ok((Client::new(keys, &region, settings), region))
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

/// Progress on a terminal: regions done of those known by now, instances read so far.
#[derive(Default)]
struct Shown(Mutex<Counted>);

#[derive(Default)]
struct Counted {
    regions: usize,
    done: usize,
    /// By account and region.
    instances: BTreeMap<(String, String), u64>,
}

impl Counted {
    fn add(&mut self, event: &Event<'_>) {
        match event {
            Event::Account { regions, .. } => self.regions += regions,
            Event::Region { .. } => self.done += 1,
            Event::Read { account, region, operation: "ec2:DescribeInstances", items } => {
                self.instances.insert(((*account).to_owned(), (*region).to_owned()), *items);
            }
            _ => {}
        }
    }

    fn words(&self) -> String {
        let instances: u64 = self.instances.values().sum();
        format!("region {} of {}, {instances} instances", self.done, self.regions)
    }
}

impl Progress for Shown {
    fn tell(&self, event: Event<'_>) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counted.add(&event);
        output::progress(&counted.words(), false);
    }
}

#[cfg(test)]
mod tests {
    use super::Counted;
    use onehop_aws::Event;

    #[test]
    fn progress_counts_regions_and_instances() {
        let mut counted = Counted::default();
        let read = |region, operation, items| Event::Read { account: "1", region, operation, items };
        for event in [
            Event::Account { account: "1", regions: 3 },
            read("a", "ec2:DescribeInstances", 1000),
            read("a", "ec2:DescribeInstances", 1500),
            read("a", "ec2:DescribeImages", 7),
            read("b", "ec2:DescribeInstances", 20),
            Event::Region { account: "1", region: "a" },
        ] {
            counted.add(&event);
        }
        assert_eq!(counted.words(), "region 1 of 3, 1520 instances");
    }
}
