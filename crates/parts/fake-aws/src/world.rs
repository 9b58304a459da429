//! What there is: accounts, their regions, who may sign, how often what was called.

use crate::answer::{Answer, Done, Fault};
use crate::auth::Authorization;
use crate::place::Place;
use crate::request::{Asked, Service};
use crate::scenario::{Account, InjectedFailure, Scenario, ScenarioError, Throttle};
use crate::services::{self, Report};
use http::HeaderMap;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// A pretended organization.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) scenario: Scenario,
    pub(crate) accounts: BTreeMap<String, AccountWorld>,
    sessions: Mutex<HashMap<String, Session>>,
    calls: Mutex<Calls>,
    pub(crate) reports: Mutex<Vec<Report>>,
}

/// An account.
#[derive(Debug)]
pub(crate) struct AccountWorld {
    pub(crate) about: Account,
    places: BTreeMap<String, Mutex<Place>>,
}

/// Who signs with a key.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) account: String,
    pub(crate) arn: String,
    secret: String,
}

#[derive(Debug, Default)]
struct Calls {
    by_operation: BTreeMap<String, u64>,
    by_service: HashMap<(Service2, String), Bucket>,
    injected: HashMap<usize, u64>,
    sessions_made: u64,
}

type Service2 = &'static str;

#[derive(Debug)]
struct Bucket {
    calls: u64,
    tokens: f64,
    at: Instant,
}

/// One request on its way through the world.
pub(crate) struct Scene<'w> {
    pub(crate) world: &'w World,
    pub(crate) session: Session,
    pub(crate) account: &'w AccountWorld,
    pub(crate) asked: Asked,
}

impl World {
    pub(crate) fn new(scenario: Scenario) -> Result<World, ScenarioError> {
        let first = scenario.accounts.first().ok_or(ScenarioError::NoAccount)?;
        let session = Session {
            account: first.id.clone(),
            arn: format!("arn:aws:iam::{}:user/onehop", first.id),
            secret: scenario.secret_access_key().to_owned(),
        };
        let sessions = HashMap::from([(scenario.access_key_id().to_owned(), session)]);
        let mut accounts = BTreeMap::new();
        for account in &scenario.accounts {
            let mut places = BTreeMap::new();
            for (name, region) in &account.regions {
                let place = Place::new(&account.id, name, region, scenario.pending_polls)?;
                places.insert(name.clone(), Mutex::new(place));
            }
            let about = Account { regions: BTreeMap::new(), ..account.clone() };
            if accounts.insert(account.id.clone(), AccountWorld { about, places }).is_some() {
                return Err(ScenarioError::Twice { kind: "account", name: account.id.clone() });
            }
        }
        Ok(World {
            scenario,
            accounts,
            sessions: Mutex::new(sessions),
            calls: Mutex::default(),
            reports: Mutex::default(),
        })
    }

    /// How often each operation was called, as IAM names them.
    pub(crate) fn calls(&self) -> BTreeMap<String, u64> {
        locked(&self.calls).by_operation.clone()
    }

    /// Answers a request.
    pub(crate) fn answer(&self, method: &str, uri: &http::Uri, headers: &HeaderMap, body: &[u8]) -> Answer {
        let authorization = match Authorization::read(headers) {
            Ok(authorization) => authorization,
            Err(fault) => return fault.answer(None),
        };
        let Some(service) = Service::of(&authorization.service) else {
            return Fault::bad("InvalidAction", "the service is not known here").answer(None);
        };
        self.judged(service, &authorization, method, uri, headers, body)
            .unwrap_or_else(|fault| fault.answer(Some(service)))
    }

    fn judged(
        &self,
        service: Service,
        authorization: &Authorization,
        method: &str,
        uri: &http::Uri,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Done<Answer> {
        let unknown = || Fault::new(403, "InvalidClientTokenId", "the key is not known");
        let session =
            locked(&self.sessions).get(&authorization.access_key_id).cloned().ok_or_else(unknown)?;
        if self.scenario.verify_signatures {
            authorization.check(&session.secret, method, uri, headers, body)?;
        }
        let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok());
        let asked = Asked::read(service, &authorization.region, target, method, uri, body)?;
        self.count(&session, &asked)?;
        let account = self.accounts.get(&session.account).ok_or_else(unknown)?;
        services::answer(&Scene { world: self, session, account, asked })
    }

    /// Counts a call; refuses it where the scenario says so.
    fn count(&self, session: &Session, asked: &Asked) -> Done<()> {
        let permission = asked.permission();
        let mut calls = locked(&self.calls);
        *calls.by_operation.entry(permission.clone()).or_default() += 1;
        if let Some(throttle) = &self.scenario.throttle {
            let key = (asked.service.prefix(), asked.region.clone());
            let is_over = calls.by_service.entry(key).or_insert_with(|| Bucket::new(throttle)).take(throttle);
            if is_over {
                let code = if asked.service == Service::Ec2 { "RequestLimitExceeded" } else { "Throttling" };
                return Err(Fault::new(503, code, "Request limit exceeded."));
            }
        }
        for (index, failure) in self.scenario.failures.iter().enumerate() {
            if failure.is_for(session, asked, &permission) {
                let seen = calls.injected.entry(index).or_default();
                *seen += 1;
                if *seen > failure.after && failure.times.is_none_or(|times| *seen <= failure.after + times) {
                    return Err(failure.fault());
                }
            }
        }
        Ok(())
    }

    /// Makes keys for a role. Their id, their secret and their token.
    pub(crate) fn assume(&self, account: &str, role: &str, name: &str) -> (String, String, String) {
        let mut calls = locked(&self.calls);
        calls.sessions_made += 1;
        let id = format!("ASIAEXAMPLE{:05}", calls.sessions_made);
        let secret = format!("not-a-real-key-{}", calls.sessions_made);
        let arn = format!("arn:aws:sts::{account}:assumed-role/{role}/{name}");
        let session = Session { account: account.to_owned(), arn, secret: secret.clone() };
        locked(&self.sessions).insert(id.clone(), session);
        (id, secret, format!("not-a-real-token-{}", calls.sessions_made))
    }
}

impl AccountWorld {
    /// The names of its regions.
    pub(crate) fn regions(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }

    /// One of them.
    pub(crate) fn place(&self, region: &str) -> Option<MutexGuard<'_, Place>> {
        self.places.get(region).map(locked)
    }
}

impl<'w> Scene<'w> {
    /// The region that the request is for.
    pub(crate) fn place(&self) -> Done<MutexGuard<'w, Place>> {
        let region = &self.asked.region;
        let unknown =
            || Fault::new(401, "AuthFailure", format!("region {region} is not enabled for the account"));
        self.account.places.get(region).map(locked).ok_or_else(unknown)
    }

    /// The first and the last but one number of a page, and how many there are at most.
    pub(crate) fn page(
        &self,
        token: Option<&str>,
        wanted: Option<&str>,
        most: usize,
    ) -> Done<(usize, usize)> {
        let first = match token {
            None => 0,
            Some(token) => token
                .strip_prefix("page-")
                .and_then(|number| number.parse().ok())
                .ok_or_else(|| Fault::bad("InvalidNextToken", "the token is not one of ours"))?,
        };
        let wanted = wanted.and_then(|text| text.parse().ok()).unwrap_or(most).clamp(1, most);
        Ok((first, wanted.min(self.world.scenario.page_size.unwrap_or(most).max(1))))
    }

    /// A part of a list and the token for the rest.
    pub(crate) fn part<'a, T>(
        &self,
        all: &'a [T],
        token: Option<&str>,
        wanted: Option<&str>,
        most: usize,
    ) -> Done<(&'a [T], Option<String>)> {
        let (first, count) = self.page(token, wanted, most)?;
        let first = first.min(all.len());
        let end = (first + count).min(all.len());
        Ok((&all[first..end], (end < all.len()).then(|| format!("page-{end}"))))
    }
}

impl Bucket {
    fn new(throttle: &Throttle) -> Bucket {
        Bucket { calls: 0, tokens: throttle.burst.unwrap_or(1.0), at: Instant::now() }
    }

    /// Whether this call is one too many.
    fn take(&mut self, throttle: &Throttle) -> bool {
        self.calls += 1;
        if throttle.every.is_some_and(|every| every > 0 && self.calls.is_multiple_of(every)) {
            return true;
        }
        let Some(per_second) = throttle.per_second else { return false };
        let burst = throttle.burst.unwrap_or(1.0).max(1.0);
        self.tokens = (self.tokens + self.at.elapsed().as_secs_f64() * per_second).min(burst);
        self.at = Instant::now();
        if self.tokens < 1.0 {
            return true;
        }
        self.tokens -= 1.0;
        false
    }
}

impl InjectedFailure {
    fn is_for(&self, session: &Session, asked: &Asked, permission: &str) -> bool {
        self.operation == permission
            && self.account.as_ref().is_none_or(|account| *account == session.account)
            && self.region.as_ref().is_none_or(|region| *region == asked.region)
    }

    fn fault(&self) -> Fault {
        let message = self.message.as_deref().unwrap_or("the scenario says that this call fails");
        Fault::new(self.status.unwrap_or(403), &self.code, message)
    }
}

pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
