use super::run;
use proptest::prelude::*;

const SEEDS: [&str; 6] = [
    "- hosts: all\n  vars: {t: '{{ u }}', u: '{{ t }}'}\n  tasks:\n  - block:\n    - ec2_instance: {a: '{{ t }}', b: 'x{{ t | int }}'}\n      register: r\n    - ec2: image={{ t }} b='{{ r.x }}'\n",
    "resources: {a: {type: 'aws:ec2:Instance', properties: {x: '${v}', y: '${a.b}$${c}'}}}\nvariables: {v: ['${v}', {'fn::join': ['', ['${v}']]}]}\n",
    "{\"variables\":{\"a\":\"b\"},\"builders\":[{\"type\":\"x\",\"a\":\"{{user `a`}}{{env}}\"}]}",
    "{\"steps\":[{\"op\":\"create\",\"urn\":\"urn:a\",\"newState\":{\"urn\":\"urn:a\",\"type\":\"a:b/c:d\",\"inputs\":{}}}]}",
    "apiVersion: eksctl.io/v1\nkind: ClusterConfig\nmetadata: {name: x}\nnodeGroups: [{name: a}, b]\n",
    "apiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\nspec:\n  {{- toYaml .x }}\n  a: {{ .y }}\n",
];

const PIECES: [&str; 18] = [
    "{{", "}}", "${", "}", "{", "[", "]", "'", "\"", ": ", "- ", "{{ t }}", "${v}", "null", "\n", "ü", ", ",
    "&a *a",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn mutations_never_panic(
        seed in 0..SEEDS.len(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..8_usize, 0..PIECES.len()), 0..8),
    ) {
        let mut text: Vec<char> = SEEDS[seed].chars().collect();
        for (at, cut, piece) in edits {
            let at = at.index(text.len() + 1);
            let end = text.len().min(at + cut);
            text.splice(at..end, PIECES[piece].chars());
        }
        let text: String = text.into_iter().collect();
        let (sources, _, resources) = run(&text);
        for resource in &resources {
            prop_assert!(!resource.kind.is_empty() || text.contains("type"));
            for span in resource.span.iter().chain(&resource.block) {
                prop_assert!(sources.of(span.file).text.get(span.start as usize..span.end as usize).is_some());
            }
        }
    }
}

#[test]
fn deep_nesting_ends() {
    for (open, close) in [
        ("- block:\n", ""),
        ("{\"resources\":{\"a\":{\"type\":\"aws:x\",\"properties\":", "}}}"),
        ("[{\"block\":", "}]"),
    ] {
        let nested: String = if open.ends_with('\n') {
            (0..500).flat_map(|at| ["  ".repeat(at), open.to_owned()]).collect()
        } else {
            format!("{}1{}", open.repeat(300), close.repeat(300))
        };
        assert!(run(&nested).2.len() <= 1);
    }
}
