//! Published records of simulated incidents, where they are present: `invictus-ir/aws_dataset` (MIT) and the detonation
//! log of `ec2-steal-instance-credentials` of `DataDog/stratus-red-team` (Apache-2.0).
//!
//! Labels: each set has two calls with stolen credentials of an instance. The first has 21 calls of the Systems Manager
//! agent beside them.

use onehop_trail::elsewhere::Part;
use onehop_trail::{Finding, Rule, Settings, Tally, Trail};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

const STRATUS: &str = "stratus-ec2-steal-instance-credentials.json";

/// The folder with the records; `None` when it is not there, and said so.
fn folder() -> Option<PathBuf> {
    const NAME: &str = "cloudtrail";
    if let Some(given) = std::env::var_os("ONEHOP_SHARED_DATA") {
        let folder = PathBuf::from(given).join(NAME);
        assert!(folder.is_dir(), "ONEHOP_SHARED_DATA is set, but {} is no folder", folder.display());
        return Some(folder);
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let workspace = here.ancestors().find(|folder| folder.join("Cargo.lock").is_file());
    let beside = workspace.and_then(Path::parent).map(|parent| parent.join("shared/data").join(NAME));
    let folder = beside.filter(|folder| folder.is_dir());
    if folder.is_none() {
        // Written past the harness, which keeps the words of tests that pass to itself.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED published incidents: no ../shared/data/{NAME} beside the workspace"
        );
    }
    folder
}

fn invictus(folder: &Path) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(folder.join("invictus")).expect("the folder can be listed");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).expect("a file can be read")).collect()
}

fn run<'a>(texts: impl IntoIterator<Item = &'a Vec<u8>>) -> (Vec<Finding>, Tally, Trail) {
    let (mut trail, mut found, mut tally) = (Trail::new(Settings::default()), Vec::new(), Tally::default());
    for (number, text) in (0..).zip(texts) {
        tally.add(&trail.read(number, text, &mut |finding| found.push(finding)));
    }
    trail.finish(&mut |finding| found.push(finding));
    (found, tally, trail)
}

fn of(found: &[Finding], rule: Rule) -> Vec<&Finding> {
    found.iter().filter(|finding| finding.rule == rule).collect()
}

fn ids(found: &[&Finding]) -> Vec<String> {
    let mut ids: Vec<_> = found.iter().map(|finding| finding.event_id.clone()).collect();
    ids.sort();
    ids
}

/// The two calls of the thief in each set, by event id.
const INVICTUS_LABELS: [&str; 2] =
    ["bf68f8c0-590b-4740-ac89-aad0ed5dfe4f", "d3d5fd99-faa9-4959-a464-56fba613cc2e"];
const STRATUS_LABELS: [&str; 2] =
    ["394cf343-b9cf-48ce-8a94-e188656ae8ba", "b379479b-05c9-4c3c-af4b-cbd43acf29e1"];

#[test]
fn the_simulated_incident_is_found_and_the_agent_is_not() {
    let Some(folder) = folder() else { return };
    let texts = invictus(&folder);
    let (found, tally, trail) = run(&texts);
    assert_eq!((texts.len(), tally.records, tally.unreadable, tally.incomplete), (55, 2900, 0, 0));
    assert_eq!(ids(&of(&found, Rule::Elsewhere)), INVICTUS_LABELS);
    let calls: Vec<_> = trail.inventory().map(|row| (row.v1.calls, row.v2.calls)).collect();
    assert_eq!(calls.iter().fold((0, 0), |sum, row| (sum.0 + row.0, sum.1 + row.1)), (2, 21));
    assert_eq!(trail.inventory().filter_map(|row| row.finding()).count(), 1, "one role on one instance");
    for finding in of(&found, Rule::Elsewhere) {
        assert!(finding.parts.contains(&Part::NotItsAddress), "the launch told its addresses: {finding:?}");
        assert_eq!(finding.evidence("own-addresses"), Some("10.0.1.10"));
        assert_eq!(finding.evidence("homes"), Some("3.225.16.109"));
    }
}

#[test]
fn order_of_files_and_missing_launches_do_not_hide_it() {
    let Some(folder) = folder() else { return };
    let texts = invictus(&folder);
    let (found, ..) = run(texts.iter().rev());
    assert_eq!(ids(&of(&found, Rule::Elsewhere)), INVICTUS_LABELS, "files in reverse");

    // The calls of instances alone, as if the launches were long ago.
    let records: Vec<&[u8]> = texts
        .iter()
        .flat_map(|text| onehop_trail::records::records(text))
        .map(|record| record.bytes)
        .collect();
    let holds = |record: &&&[u8]| String::from_utf8_lossy(record).contains("ec2RoleDelivery");
    let alone: Vec<u8> = records.iter().filter(holds).copied().collect::<Vec<_>>().join(&b'\n');
    let (found, tally, _) = run([&alone]);
    assert_eq!(tally.records, 23);
    assert_eq!(ids(&of(&found, Rule::Elsewhere)), INVICTUS_LABELS, "without launches");
}

#[test]
fn launches_of_the_incident_are_judged_by_their_answers() {
    let Some(folder) = folder() else { return };
    let (found, ..) = run(&invictus(&folder));
    let launches = of(&found, Rule::LaunchOptional);
    let instances: Vec<_> = launches.iter().filter_map(|finding| finding.evidence("instances")).collect();
    assert_eq!(instances, ["i-0dbc91f429e48eeed", "i-05c30218156bcc246"], "2 of 8 launches");
    assert_eq!(found.len(), 2 + 2, "nothing else is reported: {found:#?}");
}

#[test]
fn a_theft_without_a_past_is_found_by_who_managed_the_instance() {
    let Some(folder) = folder() else { return };
    let text = fs::read(folder.join(STRATUS)).expect("a file can be read");
    let (found, tally, _) = run([&text]);
    assert_eq!((tally.records, tally.unreadable), (45, 0));
    assert_eq!(ids(&found.iter().collect::<Vec<_>>()), STRATUS_LABELS);
    assert!(found.iter().all(|finding| finding.parts == [Part::Operator, Part::AsksWho, Part::OddClient]));
}
