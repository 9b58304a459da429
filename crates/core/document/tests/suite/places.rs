use super::read_text;
use onehop_code::{Sources, Value};

fn texts(input: &str, paths: &[(&[&str], &str)]) {
    let (sources, documents) = read_text(input);
    for (path, want) in paths {
        let value = documents.documents[0].path(path).unwrap_or_else(|| panic!("{path:?}"));
        assert_eq!(sources.text(value.span.expect("a place")), *want, "{path:?} of {input:?}");
    }
}

#[test]
fn values_have_exact_places() {
    texts(
        "é: ü\nb:\n  - ß: 'q'\n    c: !If [x, \"y\"] # why\n\nd: {e: f}\ng: |\n  ö\n  p\n\nh: !Ref\n  Zoë\n",
        &[
            (&["é"], "ü"),
            (&["b"], "- ß: 'q'\n    c: !If [x, \"y\"]"),
            (&["b", "0"], "ß: 'q'\n    c: !If [x, \"y\"]"),
            (&["b", "0", "ß"], "'q'"),
            (&["b", "0", "c"], "!If [x, \"y\"]"),
            (&["b", "0", "c", "!If"], "[x, \"y\"]"),
            (&["b", "0", "c", "!If", "1"], "\"y\""),
            (&["d"], "{e: f}"),
            (&["d", "e"], "f"),
            (&["g"], "ö\n  p"),
            (&["h"], "!Ref\n  Zoë"),
            (&["h", "!Ref"], "Zoë"),
        ],
    );
    texts(
        "{\"é\": [ 12, {\"b\" : \"ü\"} ] }",
        &[
            (&[], "{\"é\": [ 12, {\"b\" : \"ü\"} ] }"),
            (&["é"], "[ 12, {\"b\" : \"ü\"} ]"),
            (&["é", "0"], "12"),
            (&["é", "1", "b"], "\"ü\""),
        ],
    );
    texts("\u{feff}a: 1\r\nb: !Sub\r\n  - x\r\n", &[(&["a"], "1"), (&["b"], "!Sub\r\n  - x")]);
}

#[test]
fn a_block_that_begins_with_a_bracket_is_no_flow() {
    texts("k:\n  []:\n", &[(&["k"], "[]:")]);
    texts(
        "k:\n  a :\n  b: ~\nc: {d: }\ne:   \n\nf: g",
        &[(&["k"], "a :\n  b: ~"), (&["c"], "{d: }"), (&["k", "a"], ""), (&["e"], "")],
    );
    let (sources, documents) = read_text("a:   # why\n\nb: 1\n");
    assert_eq!(sources.position(documents.documents[0].get("a").unwrap().span.unwrap()), (1, 3));
    texts("k: !A\n  {a: b}: {c: d} # why\n", &[(&["k", "!A"], "{a: b}: {c: d}")]);
}

#[test]
fn names_and_tags_have_places() {
    let (sources, documents) = read_text("a: &x !GetAtt A.B\n'b c': 1\n");
    let document = &documents.documents[0];
    let key = |value: &Value, key: &str, sources: &Sources| {
        sources.text(value.entry(key).unwrap().key_span.unwrap()).to_owned()
    };
    assert_eq!(key(document, "b c", &sources), "'b c'");
    assert_eq!(key(document.get("a").unwrap(), "!GetAtt", &sources), "!GetAtt");
    assert_eq!(sources.text(document.path(&["a", "!GetAtt"]).unwrap().span.unwrap()), "A.B");
}

#[test]
fn an_alias_has_its_origin_at_the_anchor() {
    let (sources, documents) = read_text("a: &x {k: 1}\nb: *x\nc: {<<: *x}\n");
    let document = &documents.documents[0];
    let alias = document.get("b").unwrap();
    assert_eq!(sources.text(alias.span.unwrap()), "*x");
    assert_eq!(sources.text(alias.origin.unwrap()), "{k: 1}");
    assert_eq!(sources.position(document.path(&["c", "k"]).unwrap().span.unwrap()), (1, 11));
}

trait Lines {
    fn position(&self, span: onehop_code::Span) -> (u32, u32);
}

impl Lines for Sources {
    fn position(&self, span: onehop_code::Span) -> (u32, u32) {
        let at = self.positions(span).0;
        (at.line, at.column)
    }
}

#[test]
fn places_in_a_later_document_count_from_the_start() {
    let (sources, documents) = read_text("a: [\n---\nü: x\nb: !Ref y\n");
    let value = documents.documents.last().unwrap().get("b").unwrap();
    assert_eq!(sources.text(value.span.unwrap()), "!Ref y");
}
