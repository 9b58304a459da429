//! Reads everything that can start an instance, from all regions of all accounts, into a snapshot.
//!
//! ```text
//! who am I ─▶ accounts ─▶ keys of each ─▶ its regions ─▶ [region, region, …] at most `parallel` at once ─▶ Snapshot
//!               │ own │ given │ organization     │ enabled │ given      │ topics side by side; pages ahead; metrics
//!                                                                      │ of a page while the next is fetched
//! ```
//!
//! How it fails: a call that fails is on record with its region and code, and all others go on; what was read of a
//! listing before it failed is kept. Only not knowing who calls ends it, since then nothing else would work.

mod accounts;
mod consumers;
mod convert;
mod ecs;
mod images;
mod metrics;
mod plan;
mod policies;
mod region;
mod roles;
mod services;
mod steps;

pub use plan::{Accounts, Event, NoProgress, Plan, Progress, Topic};

use crate::client::Client;
use crate::error::CallError;
use crate::ops::sts::GetCallerIdentity;
use onehop_inventory::{Account, Header, Snapshot};
use std::sync::Arc;
use steps::Site;
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
        trail: None,
    };
    let mut tasks = JoinSet::new();
    let places = Arc::new(Semaphore::new(plan.parallel.max(1)));
    let own = Site {
        client: client.clone(),
        plan: Arc::new(plan.clone()),
        account: caller.account.as_str().into(),
        now,
        progress,
    };
    for found in accounts::find(&own, &caller.account).await {
        let site =
            Site { client: found.client.clone(), account: found.account.id.as_str().into(), ..own.clone() };
        tasks.spawn(whole(site, found.account, Arc::clone(&places)));
    }
    let mut accounts = Vec::new();
    while let Some(read) = tasks.join_next().await {
        accounts.extend(read);
    }
    accounts.sort_by(|one: &Account, other| one.id.cmp(&other.id));
    Ok(Snapshot { header, accounts })
}

/// An account with all of its regions, and beside them what belongs to none.
async fn whole(site: Site, mut account: Account, places: Arc<Semaphore>) -> Account {
    let regions = {
        let _place = places.acquire().await;
        accounts::enter(&site, &mut account).await
    };
    let mut tasks = JoinSet::new();
    for name in &regions {
        let (site, places) = (site.in_region(name), Arc::clone(&places));
        tasks.spawn(async move {
            let _place = places.acquire_owned().await;
            region::read(&site).await
        });
    }
    if !regions.is_empty() {
        accounts::surroundings(&site, &mut account).await;
    }
    while let Some(read) = tasks.join_next().await {
        account.regions.extend(read);
    }
    account.regions.sort_by(|one, other| one.name.cmp(&other.name));
    account
}

fn written(moment: OffsetDateTime) -> String {
    moment.replace_nanosecond(0).unwrap_or(moment).format(&Rfc3339).unwrap_or_default()
}
