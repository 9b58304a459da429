use super::{read_text, show, troubles};

#[test]
fn what_a_template_fills_in_is_unknown() {
    for (name, input, want) in [
        ("value", "a: {{ .Values.a }}\nb: 1\n", "{a=?unparsed b=1}"),
        ("value with filters", "a: {{ .Values.a | default \"x: y\" | quote }}\nb: 1\n", "{a=?unparsed b=1}"),
        ("part of a value", "{{- $x := 1 }}\na: pre-{{ .a }}-post\n", "{a=?unparsed}"),
        ("quoted", "a: \"{{ .a }}\"\n{{/* note */}}\nb: 1\n", "{a=?unparsed b=1}"),
        (
            "lines of its own",
            "a:\n  {{- toYaml .Values.a | nindent 2 }}\nb: 1\n",
            "{a=?unparsed b=1 {{}}=?unparsed}",
        ),
        (
            "more entries",
            "a:\n  x: 1\n  {{- include \"l\" . | nindent 2 }}\nb: 1\n",
            "{a={x=1 {{}}=?unparsed} b=1 {{}}=?unparsed}",
        ),
        ("section around all", "{{- if .on }}\na: 1\n{{- end }}\n", "{a=1}"),
        (
            "section inside",
            "a: 1\n{{- if .on }}\nb: 2\n{{- else }}\nb: 3\n{{- end }}\nc: 4\n",
            "{a=1 b=?construct b=?construct c=4}",
        ),
        ("items", "a:\n- 1\n{{- range .l }}\n- 2\n{{- end }}\n", "{a=[1 ?construct]}"),
    ] {
        let (sources, documents) = read_text(input);
        assert_eq!(show(&documents), want, "{name}");
        let kinds: Vec<_> = troubles(&sources, &documents).iter().map(|it| it.0).collect();
        assert_eq!(kinds, ["template"], "{name}");
    }
}

#[test]
fn a_template_that_cannot_be_read_is_one_trouble() {
    let text = "{{- if .a }}\n: : :\n  - x\n y: {{ .b }}\n{{ end }}\n---\n\t: {{ .c }}\n".repeat(50);
    let (sources, documents) = read_text(&text);
    assert_eq!(troubles(&sources, &documents), [("template", 1, 1)]);
}

#[test]
fn places_hold_in_templates() {
    let (sources, documents) = read_text("{{- if .ä }}\né: {{ .b }}\nc: [x, \"{{ .d }}\"]\n{{- end }}\n");
    let document = &documents.documents[0];
    assert_eq!(sources.text(document.get("é").unwrap().span.unwrap()), "{{ .b }}");
    assert_eq!(sources.text(document.path(&["c", "0"]).unwrap().span.unwrap()), "x");
}
