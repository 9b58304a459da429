use super::{AROUND, run};
use onehop_cloudformation::Settings;
use proptest::prelude::*;

const PIECES: [&str; 24] = [
    "!Ref X",
    "!Sub '${X}'",
    "!Sub ['${a}', {a: !Ref Open}]",
    "!GetAtt X.Outputs.Y",
    "!If [IsOpen, a, b]",
    "Fn::If",
    "!FindInMap [Tokens, a, b]",
    "!Join ['', [a]]",
    "!Select [0, [a]]",
    "!Split [',', a]",
    "!Condition IsOpen",
    "Condition",
    "[",
    "]",
    "{",
    "}",
    "Ref",
    ": ",
    ", ",
    "Fn::ForEach::A",
    "AWS::CloudFormation::Stack",
    "!Base64",
    "- ",
    "&a *a",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn mutations_never_panic(edits in prop::collection::vec((any::<prop::sample::Index>(), 0..12_usize, 0..PIECES.len()), 0..10)) {
        let mut text = format!("{AROUND}    Properties: {{a: !If [IsOpen, {{b: !Ref Names}}, [!Sub '${{Open}}']], UserData: !Base64 x}}\n");
        for (at, cut, piece) in edits {
            let at = at.index(text.len());
            text.replace_range(at..text.len().min(at + cut), PIECES[piece]);
        }
        let (sources, outcome) = run(&text, &Settings::default());
        for resource in &outcome.resources {
            prop_assert!(!sources.text(resource.span.expect("a resource has a name")).is_empty() || resource.address.is_empty());
        }
    }

    #[test]
    fn nesting_of_functions_ends(function in 0..6_usize, depth in 1..400_usize) {
        let (open, close) = [("{\"Fn::If\":[\"IsOpen\",", ",1]}"), ("{\"Fn::Join\":[\"\",[", "]]}"), ("{\"Fn::Not\":[", "]}"),
            ("{\"Fn::Select\":[0,", "]}"), ("[", "]"), ("{\"Fn::Sub\":[\"${a}\",{\"a\":", "}]}")][function];
        let text = format!("{{\"Conditions\":{{\"IsOpen\":{}1{}}},\"Resources\":{{\"X\":{{\"Type\":\"AWS::X\",\"Properties\":{}1{}}}}}}}",
            open.repeat(depth), close.repeat(depth), open.repeat(depth), close.repeat(depth));
        let (_, outcome) = run(&text, &Settings::default());
        prop_assert_eq!(outcome.resources.len(), 1);
    }
}
