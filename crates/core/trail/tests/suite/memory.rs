//! State goes on between runs and stays within its bounds.

use crate::record::*;
use onehop_trail::{Bounds, Finding, KeptRow, Rule, Settings, State, StateError, Trail};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A store: values by table and key.
type Store = BTreeMap<(String, String), Value>;

fn keep(store: &mut Store, row: &KeptRow<'_>) {
    let at = (row.table.to_owned(), row.key.to_owned());
    match &row.value {
        Some(value) => store.insert(at, serde_json::from_slice(value).expect("a row is JSON")),
        None => store.remove(&at),
    };
}

/// A store of all rows.
fn kept(state: &State) -> Store {
    let mut store = Store::new();
    state.rows().for_each(|row| keep(&mut store, &row));
    store
}

/// The state that a store has.
fn taken(store: &Store) -> State {
    let mut state = State::default();
    for ((table, key), value) in store {
        state.take(table, key, value.to_string().as_bytes()).expect("a row that was kept");
    }
    state
}

fn feed(trail: &mut Trail, records: &[Value]) -> Vec<Finding> {
    let mut found = Vec::new();
    let text = json!({ "Records": records }).to_string();
    trail.read(0, text.as_bytes(), &mut |finding| found.push(finding));
    trail.finish(&mut |finding| found.push(finding));
    found
}

#[test]
fn a_later_run_knows_what_an_earlier_one_saw() {
    let mut first = Trail::new(Settings::default());
    assert!(feed(&mut first, &[USUAL.json()]).is_empty());
    let store = kept(first.state());
    let again = taken(&store);
    assert_eq!(kept(&again), store, "nothing is lost on the way");
    assert_eq!(again.changes().count(), 0, "and nothing changed");
    let mut second = Trail::resume(again, Settings::default());
    let theft = Use { second: 9, from: "192.0.2.66", ..USUAL }.json();
    assert_eq!(feed(&mut second, std::slice::from_ref(&theft)).len(), 1);
    let mut without = Trail::new(Settings::default());
    assert!(feed(&mut without, &[theft]).is_empty(), "without it there is nothing to compare with");
}

#[test]
fn after_its_end_a_run_goes_on_as_another_would() {
    let theft = Use { second: 9, from: "192.0.2.66", ..USUAL }.json();
    let mut first = Trail::new(Settings::default());
    assert_eq!(feed(&mut first, &[USUAL.json(), theft.clone()]).len(), 1);
    let mut second = Trail::resume(taken(&kept(first.state())), Settings::default());
    let again = feed(&mut second, std::slice::from_ref(&theft));
    assert_eq!(feed(&mut first, &[theft]), again);
    assert_eq!(kept(first.state()), kept(second.state()));
}

/// Rows of every table, among them the versions of a template, whose keys are numbers.
#[test]
fn a_state_with_rows_in_every_table_is_read_back() {
    let template = json!({"CreateLaunchTemplateVersionRequest": {"LaunchTemplateId": "lt-1",
        "LaunchTemplateData": {"MetadataOptions": {"HttpTokens": "optional"}}}});
    let made = json!({"launchTemplateVersion": {"launchTemplateId": "lt-1", "versionNumber": 2}});
    let launched = json!({"instanceId": INSTANCE, "privateIpAddress": "10.0.0.1"});
    let defaults = json!({"ModifyInstanceMetadataDefaultsRequest": {"HttpTokens": "required"}});
    let mut trail = Trail::new(Settings::default());
    feed(
        &mut trail,
        &[
            ec2(0, "CreateLaunchTemplateVersion", template, made),
            ec2(1, "RunInstances", json!({}), launched),
            ec2(2, "ModifyInstanceMetadataDefaults", defaults, Value::Null),
            Use { second: 3, ..USUAL }.json(),
        ],
    );
    let store = kept(trail.state());
    for table in ["sessions", "instances", "addresses", "templates", "defaults"] {
        assert!(store.keys().any(|(of, _)| of == table), "{table}: {store:?}");
    }
    assert_eq!(kept(&taken(&store)), store);
}

/// What is told as changed makes of the store of the run before the store of this one.
#[test]
fn changes_bring_a_store_up_to_date() {
    let bounds = Bounds { sessions: 20, instances: 20, addresses: 20, templates: 20 };
    let settings = Settings { bounds, ..Settings::default() };
    let id = |n: u32| -> &'static str { format!("i-{n:017x}").leak() };
    let from = |n: u32| -> &'static str { format!("203.0.113.{n}").leak() };
    let session = |n: u32| Use { second: n, instance: id(n), from: from(n), ..USUAL }.json();
    let mut store = Store::new();
    for (run, uses, changed) in
        [("first", 0..20, 20 + 20), ("one more use", 19..20, 1), ("over the bounds", 20..22, 2 * (3 + 2 + 1))]
    {
        let mut trail = Trail::resume(taken(&store), settings);
        feed(&mut trail, &uses.map(session).collect::<Vec<_>>());
        let state = trail.into_state();
        let changes: Vec<KeptRow<'_>> = state.changes().collect();
        assert_eq!(
            changes.iter().filter(|row| row.table != "instances").count(),
            changed,
            "{run}: {changes:?}"
        );
        for row in &changes {
            keep(&mut store, row);
        }
        let whole = kept(&state);
        store.retain(|(table, _), count| table != "forgotten" || *count != json!(0));
        let is_count_of_none =
            |at: &(String, String), value: &Value| at.0 == "forgotten" && *value == json!(0);
        let whole: Store = whole.into_iter().filter(|(at, value)| !is_count_of_none(at, value)).collect();
        assert_eq!(store, whole, "{run}");
    }
}

/// A count that is full stays so, in a state that somebody changed.
#[test]
fn counts_stop_at_their_end() {
    let mut trail = Trail::new(Settings::default());
    feed(&mut trail, &[USUAL.json(), Use { second: 5, from: "192.0.2.66", ..USUAL }.json()]);
    let mut store = kept(trail.state());
    for ((table, _), value) in &mut store {
        if table == "forgotten" {
            *value = u64::MAX.into();
        } else if table == "sessions" {
            let session = &mut value["what"];
            session["home_calls"] = u64::MAX.into();
            session["v2"]["calls"] = u64::MAX.into();
            for source in session["sources"].as_array_mut().expect("sources") {
                (source["against"], source["count"]["calls"]) = (u64::MAX.into(), u64::MAX.into());
            }
        }
    }
    let state = taken(&store);
    assert_eq!(state.forgotten(), u64::MAX);
    let bounds = Bounds { sessions: 1, instances: 1, addresses: 1, templates: 1 };
    let mut trail = Trail::resume(state, Settings { bounds, ..Settings::default() });
    let again = [
        Use { second: 9, ..USUAL }.json(),
        Use { second: 10, from: "192.0.2.66", ..USUAL }.json(),
        Use { second: 11, role: "made-up-other", ..USUAL }.json(),
    ];
    assert!(feed(&mut trail, &again[..2]).is_empty(), "of so many uses not each is told");
    assert_eq!(trail.inventory().next().map(|row| row.v2.calls), Some(u64::MAX));
    feed(&mut trail, &again[2..]);
    assert_eq!(trail.state().forgotten(), u64::MAX);
}

#[test]
fn rows_that_are_none_are_refused() {
    let rows = [
        ("sessions", "a", &b""[..]),
        ("sessions", "a", b"{}"),
        ("sessions", "a", b"\xFF\x00"),
        ("sessions", "a", br#"{"last":1}"#),
        ("sessions", "a", br#"{"last":1,"what":{"sources":[{"address":"nowhere"}]}}"#),
        ("instances", "i", br#"{"last":"yesterday","what":{}}"#),
        ("addresses", "a", br#"{"last":1,"what":{"homes":[-1]}}"#),
        ("templates", "t", br#"{"last":1,"what":{"versions":{"one":"optional"}}}"#),
        ("defaults", "d", br#"{"last":1,"what":{"options":7}}"#),
        ("forgotten", "sessions", b"-1"),
    ];
    for (table, key, value) in rows {
        let mut state = State::default();
        let refused = state.take(table, key, value);
        let shown = value.escape_ascii();
        assert!(
            matches!(&refused, Err(StateError::Row { table: of, .. }) if *of == table),
            "{table}: `{shown}`"
        );
        assert_eq!(state.rows().filter(|row| row.table != "forgotten").count(), 0, "{table}: `{shown}`");
    }
    let refused = State::default().take("made\nup", "a", b"{}").expect_err("no such table");
    assert_eq!(refused.to_string(), "a state has no table `made\\nup`");
    let mut state = State::default();
    state.take("addresses", "a", br#"{"last":1,"what":{}}"#).expect("what a row does not say is not known");
}

#[test]
fn tables_keep_their_bounds() {
    let bounds = Bounds { sessions: 10, instances: 10, addresses: 10, templates: 10 };
    let settings = Settings { waiting: 8, bounds, ..Settings::default() };
    let mut trail = Trail::new(settings);
    let id = |n: u32| -> &'static str { format!("i-{n:017x}").leak() };
    for n in 0..200 {
        let records = [
            Use { second: n, instance: id(n), from: format!("203.0.113.{n}").leak(), ..USUAL }.json(),
            ec2(n, "RunInstances", json!({}), json!({"instanceId": id(n), "privateIpAddress": "10.0.0.1"})),
        ];
        feed(&mut trail, &records);
        assert!(trail.state().sessions() <= 10);
    }
    assert!(trail.state().forgotten() >= 3 * 180, "{}", trail.state().forgotten());
    assert!(format!("{:?}", kept(trail.state())).len() < 20_000);
    let last: Vec<_> = trail.inventory().filter_map(|row| row.instance.map(str::to_owned)).collect();
    assert!(
        last.contains(&id(199).to_owned()) && !last.contains(&id(0).to_owned()),
        "the oldest left: {last:?}"
    );
}

#[test]
fn one_session_stays_small_whatever_it_does() {
    let mut records = Vec::new();
    for n in 0..2000_u32 {
        let word: &'static str = format!("MadeUp{n}").leak();
        let from: &'static str = format!("2001:db8::{n:x}").leak();
        records.push(
            Use { second: n, event: word, agent: word, key: word, region: word, tls: word, from, ..USUAL }
                .json(),
        );
        records.push(
            Use { second: n, event: word, agent: word, key: word, region: word, tls: word, ..USUAL }.json(),
        );
    }
    let mut trail = Trail::new(Settings::default());
    feed(&mut trail, &records);
    let row = trail.state().rows().find(|row| row.table == "sessions").and_then(|row| row.value);
    let bytes = row.expect("a session").len();
    assert!(bytes < 16_000, "{bytes} bytes");
}

#[test]
fn the_room_for_order_is_bounded_and_loses_nothing() {
    let records: Vec<Value> = (0..500).map(|n| Use { second: 499 - n, ..USUAL }.json()).collect();
    let mut trail = Trail::new(Settings { waiting: 16, ..Settings::default() });
    feed(&mut trail, &records);
    assert_eq!(trail.inventory().map(|row| row.v2.calls).sum::<u64>(), 500);
}

#[test]
fn the_inventory_has_each_role_and_instance() {
    let mut trail = Trail::new(Settings::default());
    let records = [
        USUAL.json(),
        Use { second: 60, delivery: Some("1.0"), ..USUAL }.json(),
        Use { second: 90, delivery: Some("1.0"), ..USUAL }.json(),
        Use { second: 5, instance: "i-0000000000000000a", ..USUAL }.json(),
        Use { second: 6, role: "made-up-other", ..USUAL }.json(),
    ];
    feed(&mut trail, &records);
    let mut rows: Vec<_> = trail
        .inventory()
        .map(|row| (row.role.to_owned(), row.instance.map(str::to_owned), row.v1.calls, row.v2.calls))
        .collect();
    rows.sort();
    let role = |name: &str| format!("arn:aws:iam::{ACCOUNT}:role/path/{name}");
    assert_eq!(
        rows,
        [
            (role("made-up-other"), Some(INSTANCE.to_owned()), 0, 1),
            (role("made-up-role"), Some("i-0000000000000000a".to_owned()), 0, 1),
            (role("made-up-role"), Some(INSTANCE.to_owned()), 2, 1),
        ]
    );
    let findings: Vec<_> = trail.inventory().filter_map(|row| row.finding()).collect();
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].rule, Rule::V1Delivery);
    assert_eq!(findings[0].evidence("first"), Some("2026-01-02T00:01:00Z"));
    assert_eq!(findings[0].evidence("last"), Some("2026-01-02T00:01:30Z"));
}
