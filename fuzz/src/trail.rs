//! CloudTrail: any bytes are split into records as JSON has them, judged alike in any order, and what is remembered goes
//! on where it ended.
//!
//! The input is a text of records. Before a line `---` may stand the text of an earlier run, or the rows of its state, a
//! line each: table, tabulator, key, tabulator, value.

mod plain;

use crate::Reached;
use onehop_trail::facts::{self, TEXT_MAX_CHARS};
use onehop_trail::records::{RecordSlice, records};
use onehop_trail::{
    Bounds, Facts, Finding, KeptRow, Place, Settings, State, StateError, Tally, Trail, blind_spots,
    prefilter, read_record,
};
use std::collections::BTreeMap;

/// Rows of each table, few enough that small inputs fill them.
const ROWS_MAX: usize = 4;
/// Longest summary, and longest value of a piece of evidence, in bytes: a list of a few bounded texts.
const SENTENCE_MAX_BYTES: usize = 16 * 1024;
/// Longest state, in bytes: a few rows of bounded lists of bounded texts.
const STATE_MAX_BYTES: usize = 1 << 20;

/// Reads one text.
pub fn run(data: &[u8]) -> Reached {
    let (before, text) = match data.windows(5).position(|window| window == b"\n---\n") {
        Some(at) => (&data[..at], &data[at + 5..]),
        None => (&b""[..], data),
    };
    let facts = check_records(text);
    check_order(&facts);
    check_texts(before, text);
    let state = lines(before).filter(|_| !before.is_empty());
    if let Some(state) = &state {
        check_state(state, text);
    }
    assert!(!blind_spots().is_empty());
    Reached::accepted_if(state.is_some() || !facts.is_empty())
}

/// Rows by table and key, as a store has them.
type Store = BTreeMap<(String, String), Vec<u8>>;

/// The state whose rows these lines are; none if one is not. A refused row changes nothing.
fn lines(text: &[u8]) -> Option<State> {
    let mut state = State::default();
    let mut before = Vec::new();
    for line in text.split(|byte| *byte == b'\n') {
        let mut fields = line.splitn(3, |byte| *byte == b'\t');
        let mut name = || fields.next().and_then(|field| std::str::from_utf8(field).ok());
        let (table, key) = (name()?, name()?);
        let value = fields.next()?;
        if let Err(error) = state.take(table, key, value) {
            assert!(matches!(error, StateError::Row { .. } | StateError::Table { .. }));
            let mut without = State::default();
            for (table, key, value) in before {
                without.take(table, key, value).expect("a row that was taken before");
            }
            assert_eq!(rows(&state), rows(&without), "a row that is refused: {error}");
            return None;
        }
        before.push((table, key, value));
    }
    Some(state)
}

fn rows(state: &State) -> Store {
    let mut store = Store::new();
    state.rows().for_each(|row| keep(&mut store, &row));
    store
}

fn keep(store: &mut Store, row: &KeptRow<'_>) {
    let at = (row.table.to_owned(), row.key.to_owned());
    match &row.value {
        Some(value) => store.insert(at, value.clone()),
        None => store.remove(&at),
    };
}

/// The state that a store has: nothing is lost on the way, and nothing counts as changed.
fn taken(store: &Store) -> State {
    let mut state = State::default();
    for ((table, key), value) in store {
        state.take(table, key, value).expect("a row that a state told");
    }
    assert_eq!(&rows(&state), store, "nothing is lost on the way");
    assert_eq!(state.changes().count(), 0, "what was taken is no change");
    state
}

fn settings() -> Settings {
    let bounds = Bounds { sessions: ROWS_MAX, instances: ROWS_MAX, addresses: ROWS_MAX, templates: ROWS_MAX };
    Settings { waiting: 8, bounds, ..Settings::default() }
}

/// The records are those that a plain reader sees, and that a parser of JSON does; the facts of all of them.
fn check_records(text: &[u8]) -> Vec<Facts> {
    let found: Vec<RecordSlice<'_>> = records(text).collect();
    assert_eq!(found, plain::records(text));
    if let Some(values) = plain::values(text) {
        let bytes: Vec<&[u8]> = found.iter().map(|record| record.bytes).collect();
        assert_eq!(bytes, values, "the records of `{}`", text.escape_ascii());
    }
    let mut all = Vec::new();
    for record in &found {
        let before = all.len();
        let tally = read_record(7, record, &mut all);
        check_tally(record, &tally, &all[before..]);
        all[before..].iter().for_each(check_facts);
    }
    all
}

fn check_tally(record: &RecordSlice<'_>, tally: &Tally, facts: &[Facts]) {
    assert_eq!((tally.records, tally.facts), (1, facts.len() as u64));
    assert_eq!(tally.incomplete == 0, record.complete);
    assert!(tally.parsed + tally.incomplete <= 1 && tally.unreadable <= tally.parsed);
    let place = Place { text: 7, line: 0, offset: record.offset as u64 };
    assert!(facts.iter().all(|facts| facts.place == place));
    // Writers of JSON escape no letter.
    let is_escaped = record.bytes.windows(2).any(|window| window == b"\\u");
    if !is_escaped && !prefilter::may_matter(record.bytes) {
        let missed = facts::read(record.bytes, place).unwrap_or_default();
        assert!(missed.is_empty(), "the prefilter drops {missed:?}");
    }
}

/// Nothing that stays in memory is as long as a stranger wants it.
fn check_facts(facts: &Facts) {
    let Facts { id, event, service, region, account, user_agent, principal, .. } = facts;
    let texts = [id, event, service, region, account, user_agent, &principal.arn, &principal.account];
    let Facts { endpoint, endpoint_account, tls, key, error, invoked_by, .. } = facts;
    let optional =
        [endpoint, endpoint_account, tls, key, error, invoked_by, &principal.role, &principal.session];
    for text in texts.into_iter().chain(optional.into_iter().flatten()) {
        assert!(text.chars().count() <= TEXT_MAX_CHARS, "a text of {} bytes", text.len());
    }
    let instances = facts.details.instances.iter();
    assert!(instances.clone().all(|id| id.chars().count() <= TEXT_MAX_CHARS));
    assert!(instances.is_sorted(), "instances are sorted");
}

/// Records that arrive in another order, and twice, are judged alike.
fn check_order(facts: &[Facts]) {
    let mut ids: Vec<&str> = facts.iter().map(|facts| facts.id.as_str()).collect();
    ids.sort_unstable();
    if ids.first() == Some(&"") || ids.windows(2).any(|two| two[0] == two[1]) {
        return;
    }
    let settings = Settings { waiting: 2 * facts.len() + 1, ..settings() };
    let judged = |facts: &mut dyn Iterator<Item = &Facts>| {
        let (mut trail, mut found) = (Trail::new(settings), Vec::new());
        facts.for_each(|facts| trail.push(facts.clone(), &mut |finding| found.push(finding)));
        trail.finish(&mut |finding| found.push(finding));
        (found, rows(trail.state()))
    };
    let usual = judged(&mut facts.iter());
    assert_eq!(judged(&mut facts.iter().rev()), usual, "backwards");
    assert_eq!(judged(&mut facts.iter().chain(facts)), usual, "twice");
}

/// One text after another: findings are bounded, and a run that goes on from a state finds what one that never stopped
/// does.
fn check_texts(before: &[u8], text: &[u8]) {
    let (mut trail, mut first) = (Trail::new(settings()), Vec::new());
    let tally = read(&mut trail, before, &mut first);
    let (mut again, mut same) = (Trail::new(settings()), Vec::new());
    assert_eq!(read(&mut again, before, &mut same), tally);
    assert_eq!(first, same, "a text is judged twice the same");
    let mut store = rows(trail.state());
    let (mut went_on, mut resumed) = (Vec::new(), Vec::new());
    let mut later = Trail::resume(taken(&store), settings());
    let tally = read(&mut trail, text, &mut went_on);
    assert_eq!(read(&mut later, text, &mut resumed), tally);
    assert_eq!(went_on, resumed, "a run goes on where it ended");
    let whole = rows(trail.state());
    assert_eq!(whole, rows(later.state()));
    later.state().changes().for_each(|row| keep(&mut store, &row));
    assert_eq!(store, whole, "changes bring a store up to date");
    assert!(whole.values().map(Vec::len).sum::<usize>() <= STATE_MAX_BYTES);
    first.iter().chain(&went_on).for_each(check_finding);
    for row in trail.inventory() {
        assert!(row.v1.calls == 0 || row.finding().is_some());
        row.finding().iter().for_each(check_finding);
    }
}

fn read(trail: &mut Trail, text: &[u8], found: &mut Vec<Finding>) -> Tally {
    let tally = trail.read(0, text, &mut |finding| found.push(finding));
    trail.finish(&mut |finding| found.push(finding));
    assert!(trail.state().sessions() <= ROWS_MAX);
    tally
}

fn check_finding(finding: &Finding) {
    let Finding { rule, summary, evidence, score, parts, .. } = finding;
    let sum = parts.iter().map(|part| part.weight()).sum::<u32>();
    assert_eq!(score.unwrap_or_default(), sum, "{rule}: a score is its parts");
    assert!(summary.len() <= SENTENCE_MAX_BYTES, "{rule}: a summary of {} bytes", summary.len());
    for evidence in evidence {
        assert!(evidence.value.len() <= SENTENCE_MAX_BYTES, "{rule}: {} is too long", evidence.name);
        assert!(!evidence.value.is_empty(), "{rule}: {} is empty", evidence.name);
    }
}

/// A state from anywhere is kept as it is, and gone on with.
fn check_state(state: &State, text: &[u8]) {
    let mut store = rows(state);
    let again = taken(&store);
    assert_eq!(state.forgotten(), again.forgotten());
    let mut trail = Trail::resume(again, settings());
    assert!(trail.state().sessions() <= ROWS_MAX);
    let _anything = read(&mut trail, text, &mut Vec::new());
    for row in trail.inventory() {
        let _anything = row.finding();
    }
    trail.state().changes().for_each(|row| keep(&mut store, &row));
    assert_eq!(store, rows(trail.state()), "changes bring a store up to date");
}
