use super::sigma::{Detection, Selection, Sigma};
use super::{ENTRIES, Entry, RULES};
use onehop_report::Rule;
use std::collections::HashSet;

fn all() -> impl Iterator<Item = &'static Entry> {
    ENTRIES.iter().copied()
}

fn packed() -> impl Iterator<Item = &'static Sigma> {
    all().flat_map(|entry| entry.sigma)
}

#[test]
fn every_rule_has_an_entry_in_the_same_order() {
    let ids: Vec<&str> = all().map(|entry| entry.rule.id).collect();
    assert_eq!(ids, RULES.iter().map(|rule| rule.id).collect::<Vec<_>>());
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len(), "ids are unique: {ids:?}");
}

#[test]
fn every_rule_of_the_trail_is_there() {
    for rule in onehop_trail::Rule::ALL {
        assert!(RULES.iter().any(|known| known.id == rule.id()), "{rule}");
    }
}

#[test]
fn ids_and_titles_are_plain() {
    for rule in RULES {
        let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-';
        assert!(!rule.id.is_empty() && rule.id.bytes().all(plain), "{}", rule.id);
        assert!(!rule.title.is_empty() && !rule.title.ends_with('.'), "{}: {}", rule.id, rule.title);
    }
}

#[test]
fn every_rule_names_its_page() {
    for rule in RULES {
        let page = format!("docs/rules/{}.md", rule.id);
        assert_eq!(rule.docs_url, Some(page.as_str()));
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..").join(&page);
        assert!(file.is_file(), "{page}");
    }
}

#[test]
fn texts_are_sentences() {
    for Rule { id, what, why, instead, false_positives, .. } in RULES.iter().copied() {
        for text in [what, why, instead, false_positives] {
            assert!(text.ends_with('.') && text.trim() == *text, "{id}: {text:?}");
            assert!(!text.contains("  ") && !text.contains('\n'), "{id}: {text:?}");
            assert!(text.starts_with(|first: char| first.is_uppercase() || first == '`'), "{id}: {text:?}");
        }
    }
}

#[test]
fn tags_are_well_formed() {
    for rule in RULES {
        assert!(rule.techniques().count() > 0, "{}: a technique", rule.id);
        assert_eq!(rule.tags.iter().collect::<HashSet<_>>().len(), rule.tags.len(), "{}", rule.id);
        for tag in rule.tags {
            assert!(is_tag(tag), "{}: {tag}", rule.id);
        }
    }
    for (tag, want) in [
        ("T1552.005", true),
        ("CWE-918", true),
        ("CAPEC-664", true),
        ("T15", false),
        ("T1552.5", false),
        ("CWE-", false),
        ("918", false),
    ] {
        assert_eq!(is_tag(tag), want, "{tag}");
    }
}

/// `T1234`, `T1234.001`, `CWE-1`, `CAPEC-1`.
fn is_tag(tag: &str) -> bool {
    let digits = |text: &str, length: usize| {
        text.len() == length && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if let Some(number) = tag.strip_prefix("CWE-").or_else(|| tag.strip_prefix("CAPEC-")) {
        return digits(number, number.len());
    }
    match tag.strip_prefix('T').map(|number| number.split_once('.').unwrap_or((number, "000"))) {
        Some((technique, sub)) => digits(technique, 4) && digits(sub, 3),
        None => false,
    }
}

#[test]
fn references_are_https() {
    for rule in RULES {
        assert!(!rule.references.is_empty(), "{}", rule.id);
        assert_eq!(
            rule.references.iter().collect::<HashSet<_>>().len(),
            rule.references.len(),
            "{}",
            rule.id
        );
        for reference in rule.references {
            let host = reference.strip_prefix("https://").and_then(|rest| rest.split('/').next());
            assert!(host.is_some_and(|host| host.contains('.')), "{}: {reference}", rule.id);
            assert!(!reference.contains(char::is_whitespace), "{}: {reference}", rule.id);
        }
    }
}

#[test]
fn the_example_is_the_first_that_is_found() {
    for entry in all() {
        let id = entry.rule.id;
        assert_eq!(entry.found[0].logs.join("\n"), entry.rule.example, "{id}");
        assert!(!entry.benign.is_empty(), "{id}");
        for sample in entry.found.iter().chain(entry.benign) {
            assert!(!sample.logs.is_empty() && !sample.about.ends_with('.'), "{id}: {}", sample.about);
        }
    }
}

#[test]
fn names_in_the_pack_are_unique_and_by_custom() {
    let names: Vec<&str> = packed().map(|sigma| sigma.name).collect();
    assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len(), "{names:?}");
    for sigma in packed() {
        let prefix = match sigma.detection {
            Detection::Event { source, .. } => source.prefix(),
            Detection::Together(_) => "correlation_",
        };
        assert!(sigma.name.starts_with(&format!("{prefix}onehop_")), "{}", sigma.name);
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        assert!(sigma.name.len() <= 86 && sigma.name.bytes().all(plain), "{}", sigma.name);
        assert!(!sigma.title.ends_with('.') && sigma.description.ends_with('.'), "{}", sigma.name);
        assert!(!sigma.description.contains("  "), "{}", sigma.name);
    }
}

#[test]
fn what_belongs_together_is_in_the_pack() {
    for sigma in packed() {
        if let Detection::Together(together) = sigma.detection {
            for name in together.rules {
                assert!(packed().any(|other| other.name == *name), "{}: {name}", sigma.name);
            }
        }
    }
}

#[test]
fn conditions_use_every_selection() {
    for sigma in packed() {
        let Detection::Event { selections, condition, .. } = sigma.detection else { continue };
        for selection in selections {
            let (Selection::Every(name, _) | Selection::Anywhere(name, ..)) = *selection;
            let group = name.split_once('_').map_or(name.to_owned(), |(group, _)| format!("{group}_*"));
            assert!(condition.contains(name) || condition.contains(&group), "{}: {name}", sigma.name);
        }
    }
}
