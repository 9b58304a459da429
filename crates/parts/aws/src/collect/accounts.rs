//! Which accounts, with whose keys, and which of their regions.

use super::plan::{Accounts, Event, Topic};
use super::policies::{DECLARATIVE, Organization, controls};
use super::roles;
use super::steps::{Site, Steps, failure};
use crate::action::Action;
use crate::client::Client;
use crate::ops::organizations::{DescribeEffectivePolicy, ListAccounts};
use crate::ops::regions::DescribeRegions;
use crate::ops::sts::{AssumeRole, GetCallerIdentity};
use crate::service::Partition;
use onehop_inventory::{Account, Call, OrgPolicy};

/// An account and how to call it.
pub(super) struct Found {
    pub(super) account: Account,
    pub(super) client: Client,
}

/// The accounts of a plan. The own one is always first.
pub(super) async fn find(site: &Site, own: &str) -> Vec<Found> {
    let Site { client, plan, .. } = site;
    let mut first = Account { id: own.to_owned(), ..Account::default() };
    let (others, role, external_id) = match &plan.accounts {
        Accounts::Own => return vec![Found { account: first, client: client.clone() }],
        Accounts::Listed { ids, role, external_id } => {
            let named = |id: &String| Account { id: id.clone(), ..Account::default() };
            (ids.iter().map(named).collect(), role, external_id)
        }
        Accounts::Organization { role, external_id } => (members(site, &mut first).await, role, external_id),
    };
    let is_wanted = match &plan.accounts {
        Accounts::Listed { ids, .. } => ids.contains(&first.id),
        Accounts::Own | Accounts::Organization { .. } => true,
    };
    let mut found = Vec::new();
    if is_wanted {
        found.push(Found { account: first, client: client.clone() });
    }
    for mut account in others {
        if account.id == own {
            continue;
        }
        let partition = Partition::of(client.region()).name();
        let role_arn = format!("arn:{partition}:iam::{}:role/{role}", account.id);
        let ask = AssumeRole {
            role_arn: role_arn.clone(),
            session_name: "onehop-audit".to_owned(),
            external_id: external_id.clone(),
        };
        account.role = Some(role_arn);
        found.push(Found { account, client: client.with_role(ask) });
    }
    found
}

/// The active accounts of the organization with the policies that bind them; completes the own one.
async fn members(site: &Site, own: &mut Account) -> Vec<Account> {
    let mut members = Vec::new();
    let mut steps = site.steps();
    let keep = |page: crate::ops::organizations::Accounts| {
        let count = page.accounts.len();
        members.extend(page.accounts);
        count
    };
    steps.pages(ListAccounts::default(), keep).await;
    members.retain(|it| it.status == "ACTIVE" || it.id == own.id);
    let organization = Organization::read(&mut steps, &members).await;
    own.calls.append(&mut steps.calls);
    own.policies = organization.of(&own.id);
    if let Some(it) = members.iter().find(|it| it.id == own.id) {
        own.name = Some(it.name.clone());
    }
    let named = |it: crate::ops::organizations::Account| Account {
        policies: organization.of(&it.id),
        id: it.id,
        name: Some(it.name),
        ..Account::default()
    };
    members.into_iter().map(named).collect()
}

/// Goes into an account: the names of the regions to read. None where it cannot be entered.
pub(super) async fn enter(site: &Site, account: &mut Account) -> Vec<String> {
    let Site { client, plan, progress, .. } = site;
    let mut steps = site.steps();
    if account.role.is_some() {
        match client.call(&GetCallerIdentity).await {
            Ok(_) => steps.calls.push(Call::done(Action::AssumeRole.permission(), 1)),
            Err(error) => {
                progress.tell(Event::Failed { account: &account.id, error: &error });
                let Call { outcome, .. } = failure(&error, 0);
                account.calls.push(Call { operation: Action::AssumeRole.permission().to_owned(), outcome });
                return Vec::new();
            }
        }
    }
    let regions = if plan.regions.is_empty() {
        match steps.one(&DescribeRegions).await {
            Some(regions) => regions,
            // Better one region than none: the record says what is missing.
            None => vec![client.region().to_owned()],
        }
    } else {
        plan.regions.clone()
    };
    account.calls.append(&mut steps.calls);
    progress.tell(Event::Account { account: &account.id, regions: regions.len() });
    regions
}

/// Reads what belongs to no region: roles, policies.
pub(super) async fn surroundings(site: &Site, account: &mut Account) {
    let mut steps = site.steps();
    if site.plan.topics.contains(&Topic::Roles) {
        account.roles = roles::read(&mut steps).await;
    } else {
        steps.skip(&[Action::GetAccountAuthorizationDetails], "roles were left out");
    }
    if let Some(policy) = declared(&mut steps).await
        && !account
            .policies
            .iter()
            .any(|known| known.kind == DECLARATIVE && known.controls == policy.controls)
    {
        account.policies.push(policy);
    }
    account.calls.append(&mut steps.calls);
}

/// The declarative policy of EC2 that applies to the account, if there is one.
async fn declared(steps: &mut Steps<'_>) -> Option<OrgPolicy> {
    const NONE: [&str; 3] = [
        "EffectivePolicyNotFoundException",
        "AWSOrganizationsNotInUseException",
        "PolicyTypeNotEnabledException",
    ];
    let ask = DescribeEffectivePolicy { kind: DECLARATIVE.to_owned(), target_id: None };
    match steps.client.call(&ask).await {
        Ok(policy) => {
            steps.note(Action::DescribeEffectivePolicy, 1, None);
            let controls = controls(&policy.policy_content);
            let id = "effective".to_owned();
            (!controls.is_empty()).then(|| OrgPolicy { id, name: None, kind: DECLARATIVE.into(), controls })
        }
        Err(error) => {
            let failed = (!NONE.contains(&error.code.as_str())).then_some(error);
            steps.note(Action::DescribeEffectivePolicy, 0, failed);
            None
        }
    }
}
