use super::Suppressions;
use crate::{Finding, NoticeCode, Place, Resource, Suppression};
use time::macros::date;

const TODAY: time::Date = date!(2026 - 11 - 22);

fn entry(conditions: &str) -> String {
    format!(
        "[[suppress]]\n{conditions}\nowner = \"a@example.com\"\nuntil = 2026-11-22\nreason = \"made up\"\n"
    )
}

fn finding() -> Finding {
    Finding {
        rule: "R-1".into(),
        place: Place::line("./modules/legacy/main.tf", 3, 40, 5),
        matched: "http_tokens".into(),
        subject: Some("aws_instance.web".into()),
        ..Finding::default()
    }
}

fn resource() -> Finding {
    let resource = Resource {
        account: Some("111122223333".into()),
        region: Some("eu-west-1".into()),
        kind: "instance".into(),
        id: "i-1".into(),
    };
    Finding { place: Place::Resource(resource), ..finding() }
}

#[test]
fn every_condition_must_hold() {
    let (text, account, nowhere) = (finding(), resource(), Finding { place: Place::Nowhere, ..finding() });
    for (conditions, finding, want) in [
        ("rule = \"R-1\"", &text, true),
        ("rule = \"R-2\"", &text, false),
        ("rule = \"*\"", &text, true),
        ("path = \"modules/**\"", &text, true),
        ("path = \"./modules/**/main.tf\"", &text, true),
        ("path = \"modules/*\"", &text, false),
        ("path = \"111122223333/*/instance/*\"", &account, true),
        ("path = \"444455556666/*/instance/*\"", &account, false),
        ("path = \"**\"", &nowhere, false),
        ("contains = \"_tokens\"", &text, true),
        ("contains = \"instance.web\"", &text, true),
        ("contains = \"batch\"", &text, false),
        ("rule = \"R-1\"\ncontains = \"batch\"", &text, false),
        ("rule = \"R-1\"\ncontains = \"web\"\npath = \"modules/**\"", &text, true),
    ] {
        let mut suppressions = Suppressions::parse(&entry(conditions), TODAY).expect("the file is right");
        assert_eq!(suppressions.find(finding).is_some(), want, "{conditions}");
        let unused = suppressions.notices().any(|notice| notice.code == NoticeCode::SuppressionUnused);
        assert_eq!(unused, !want, "{conditions}");
    }
}

#[test]
fn the_last_day_counts_and_the_day_after_does_not() {
    let text = entry("rule = \"R-1\"");
    let mut last = Suppressions::parse(&text, TODAY).expect("the file is right");
    let Some(Suppression::Excepted { owner, until, .. }) = last.find(&finding()) else { panic!("it holds") };
    assert_eq!((owner.as_str(), until), ("a@example.com", TODAY));
    assert_eq!(last.notices().count(), 0);

    let mut over = Suppressions::parse(&text, date!(2026 - 11 - 23)).expect("the file is right");
    assert_eq!(over.find(&finding()), None);
    let notices: Vec<_> = over.notices().collect();
    assert_eq!(notices[0].code, NoticeCode::SuppressionExpired);
    assert!(notices[0].text.contains("line 1 ended on 2026-11-22; 1 of its findings"), "{}", notices[0].text);
}

#[test]
fn mistakes_are_named_with_their_line() {
    for (text, want) in [
        ("a = 1", "line 1: unknown field `a`"),
        ("[[suppress]]\nrule = 1", "line 2: invalid type: integer `1`"),
        ("\n[[suppress]]\nrule = \"R\"\nuntil = 2027-01-01\nreason = \"x\"", "line 2: missing field `owner`"),
        ("[[suppress]]\nrule = \"R\"\nowner = \"a\"\nreason = \"x\"", "line 1: missing field `until`"),
        ("[[suppress]]\nrule = \"R\"\nowner = \"a\"\nuntil = 2027-01-01", "line 1: missing field `reason`"),
        (
            "[[suppress]]\nowner = \"a\"\nuntil = 2027-01-01\nreason = \"x\"",
            "line 1: one of `rule`, `path`, `contains` is needed",
        ),
        (
            "[[suppress]]\nrule = \"R\"\nowner = \" \"\nuntil = 2027-01-01\nreason = \"x\"",
            "line 1: `owner` is empty",
        ),
        (
            "[[suppress]]\nrule = \"R\"\nowner = \"a\"\nuntil = 2027-01-01T00:00:00Z\nreason = \"x\"",
            "line 1: `until` must be a day",
        ),
        (
            "[[suppress]]\npath = \"a***\"\nowner = \"a\"\nuntil = 2027-01-01\nreason = \"x\"",
            "line 1: `path` is no glob: ",
        ),
        ("[[suppress]]\nrule = \"R\"\nuntill = 2027-01-01", "line 3: unknown field `untill`"),
        ("[[suppress", "line 1: "),
    ] {
        let error = Suppressions::parse(text, TODAY).expect_err(text).to_string();
        assert!(error.starts_with(want), "{text:?}: {error}");
    }
}

#[test]
fn a_mistake_is_told_in_one_short_visible_line() {
    for key in ["\\u001b[2J\\u202e\\n".to_owned(), "x".repeat(5_000)] {
        let error =
            Suppressions::parse(&format!("\"{key}\" = 1"), TODAY).expect_err("no such key").to_string();
        assert!(error.starts_with("line 1: unknown field `") && error.len() < 600, "{error}");
        assert!(!error.contains(|one: char| one.is_control() || one == '\u{202e}'), "{error:?}");
    }
}

#[test]
fn an_empty_file_is_none() {
    let mut none = Suppressions::parse("", TODAY).expect("the file is right");
    assert_eq!((none.find(&finding()), none.notices().count()), (None, 0));
}
