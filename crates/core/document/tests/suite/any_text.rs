use super::read_text;
use onehop_code::{Sources, Value};
use proptest::prelude::*;

const SEEDS: [&str; 4] = [
    "a: &x !If [c, {k: 1}, *x]\nb:\n  <<: *x\n  - |\n    text\n---\nc: \"é\\n\"\n",
    "{\"a\": [1, \"\\u00e9\", {\"b\": null}], \"c\": true}",
    "{{- if .a }}\na: {{ .b }}\n  {{- toYaml .c }}\nd: \"{{ .e }}\"\n{{- end }}\n",
    "- hosts: all\n  tasks:\n  - amazon.aws.ec2_instance:\n      a: '{{ x }}'\n",
];

fn mutated() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        Just("{{"),
        Just("}}"),
        Just("{"),
        Just("["),
        Just("]"),
        Just("\""),
        Just("'"),
        Just("!a "),
        Just("&x "),
        Just("*x"),
        Just("\n---\n"),
        Just("\t"),
        Just("\r\n"),
        Just("ü"),
        Just(": "),
        Just("- "),
        Just("<<: *x"),
        Just("|\n"),
        Just("\u{feff}"),
        Just("#"),
        Just("%TAG ! x\n"),
        Just("\\u"),
        Just("? ")
    ];
    let edit = (any::<prop::sample::Index>(), 0..4_usize, pieces);
    (0..SEEDS.len(), prop::collection::vec(edit, 0..8)).prop_map(|(seed, edits)| {
        let mut text: Vec<char> = SEEDS[seed].chars().collect();
        for (at, cut, piece) in edits {
            let at = at.index(text.len() + 1);
            let end = text.len().min(at + cut);
            text.splice(at..end, piece.chars());
        }
        text.into_iter().collect()
    })
}

/// All places lie in the text, on characters, and inside of what they are part of.
fn check_places(value: &Value, sources: &Sources) {
    for span in value.span.into_iter().chain(value.origin) {
        let text = &sources.of(span.file).text;
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} of {text:?}");
    }
    value.items().iter().for_each(|it| check_places(it, sources));
    for entry in value.entries() {
        let span = entry.key_span.expect("names are written");
        assert!(sources.of(span.file).text.get(span.start as usize..span.end as usize).is_some());
        check_places(&entry.value, sources);
    }
}

#[test]
fn what_is_broken_off_ends_with_the_text() {
    for text in ["a: &x !If [? {{, {k: 1}, *x]\nb:\n  <<: *x\n  - |\n    text\n---\nc: \"é\\n\"\n", "[? {{\n"]
    {
        let (sources, documents) = read_text(text);
        documents.documents.iter().for_each(|it| check_places(it, &sources));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn mutations_never_panic_and_places_are_in_the_text(text in mutated()) {
        let (sources, documents) = read_text(&text);
        documents.documents.iter().for_each(|it| check_places(it, &sources));
    }

    #[test]
    fn any_text_never_panics(text in "\\PC{0,60}|[ \\[\\]{},:\"'!&*\\n\\t#|>%?-]{0,60}") {
        let (sources, documents) = read_text(&text);
        documents.documents.iter().for_each(|it| check_places(it, &sources));
    }
}
