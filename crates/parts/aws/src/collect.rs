//! Reads everything that can start an instance, from all regions of all accounts, into a snapshot.
//!
//! ```text
//! who am I ─▶ accounts ─▶ keys of each ─▶ its regions ─▶ [region, region, …] at most `parallel` at once ─▶ Snapshot
//!               │ own │ given │ organization     │ enabled │ given      │ topics, one after the other; pages ahead
//! ```
//!
//! How it fails: a call that fails is on record with its region and code, and all others go on; what was read of a
//! listing before it failed is kept. Only not knowing who calls ends it, since then nothing else would work.

mod accounts;
mod convert;
mod images;
mod metrics;
mod plan;
mod region;
mod roles;
mod services;
mod steps;

pub use plan::{Accounts, Event, NoProgress, Plan, Progress, Topic};

use crate::client::Client;
use crate::error::CallError;
use crate::ops::sts::GetCallerIdentity;
use onehop_inventory::{Account, Header, Region, Snapshot};
use std::sync::Arc;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Carries out a plan.
///
/// # Errors
/// It cannot be found out who calls: no credentials, or none that are good, or no way to the service.
pub async fn collect(
    client: &Client,
    plan: &Plan,
    progress: Arc<dyn Progress>,
) -> Result<Snapshot, CallError> {
    let caller = client.call(&GetCallerIdentity).await?;
    let now = OffsetDateTime::from((client.settings().clock)());
    let header = Header {
        taken_at: written(now),
        tool: concat!("onehop ", env!("CARGO_PKG_VERSION")).to_owned(),
        caller: Some(caller.arn.clone()),
        endpoint: client.settings().endpoint_url.clone(),
        regions: plan.regions.clone(),
        window_seconds: plan.window.map_or(0, |window| window.as_secs()),
    };
    let mut gathered = Vec::new();
    let mut tasks = JoinSet::new();
    let places = Arc::new(Semaphore::new(plan.parallel.max(1)));
    for (index, found) in accounts::find(client, plan, &caller.account).await.into_iter().enumerate() {
        let mut found = found;
        let regions = accounts::enter(&mut found, plan, progress.as_ref()).await;
        for name in regions {
            let (client, plan, places) = (found.client.in_region(&name), plan.clone(), Arc::clone(&places));
            let (progress, account) = (Arc::clone(&progress), found.account.id.clone());
            tasks.spawn(async move {
                let _place = places.acquire_owned().await;
                let region = region::read(&client, &plan, &account, now, progress.as_ref()).await;
                (index, region)
            });
        }
        gathered.push(found.account);
    }
    while let Some(read) = tasks.join_next().await {
        if let Ok((index, region)) = read {
            place(&mut gathered, index, region);
        }
    }
    gathered.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(Snapshot { header, accounts: gathered })
}

/// In the order of names, whatever the order of answers.
fn place(accounts: &mut [Account], index: usize, region: Region) {
    let Some(account) = accounts.get_mut(index) else { return };
    let at = account.regions.partition_point(|other| other.name < region.name);
    account.regions.insert(at, region);
}

fn written(moment: OffsetDateTime) -> String {
    moment.replace_nanosecond(0).unwrap_or(moment).format(&Rfc3339).unwrap_or_default()
}
