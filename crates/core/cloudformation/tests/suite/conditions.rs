use super::{AROUND, Case, body, check};
use onehop_cloudformation::Settings;

/// Conditions in three values: `Y` holds, `N` does not, `U` cannot be known.
#[test]
fn conditions_have_three_values() {
    for (condition, want) in [
        ("!Equals [a, a]", "yes"),
        ("!Equals [a, b]", "no"),
        ("!Equals [true, 'true']", "yes"),
        ("!Equals [!Ref Names, [a, b, c]]", "yes"),
        ("!Equals [!Ref Names, [a, b]]", "no"),
        ("!Equals [!Ref Names, [a, b, !Ref Open]]", "?"),
        ("!Equals [!Ref Names, [x, b, !Ref Open]]", "no"),
        ("!Equals [!Ref Hops, '2']", "yes"),
        ("!Equals [!Ref Secret, made-up]", "?"),
        ("!Equals [a]", "?"),
        ("!Not [!Equals [a, a]]", "no"),
        ("!Not [!Condition IsOpen]", "?"),
        ("!And [!Condition IsProd, {Condition: IsProd}]", "yes"),
        ("!And [!Condition IsProd, !Condition IsOpen]", "?"),
        ("!And [!Condition IsOpen, !Not [Condition: IsProd]]", "no"),
        ("!Or [!Condition IsOpen, !Condition IsProd]", "yes"),
        ("!Or [!Condition IsOpen, !Not [!Condition IsProd]]", "?"),
        ("!Or [!Not [!Condition IsProd], !Not [!Condition IsProd]]", "no"),
        ("!Condition Nope", "?"),
        ("!Condition C", "?"),
        ("[]", "?"),
    ] {
        let around = AROUND.replace("Resources:\n", &format!("  C: {condition}\nResources:\n"));
        let text = format!("{around}    Properties: {{a: !If [C, yes-branch, no-branch]}}");
        let got = body(&text, &Settings::default());
        let got = if got.contains('?') {
            "?"
        } else if got.contains("yes") {
            "yes"
        } else {
            "no"
        };
        assert_eq!(got, want, "{condition}");
    }
}

#[test]
fn branches_matter_only_where_they_differ() {
    check(&[
        Case {
            name: "same",
            input: "    Properties: {a: !If [IsOpen, required, required]}",
            want: r#"{a="required"}"#,
            why: "it does not matter",
        },
        Case {
            name: "different",
            input: "    Properties: {a: !If [IsOpen, required, optional]}",
            want: "{a=?no-default(Open)}",
            why: "it does",
        },
        Case {
            name: "maps",
            input: "    Properties: {a: !If [IsOpen, {t: required, h: 1}, {t: required, h: 2, x: y}]}",
            want: r#"{a={t="required" h=?no-default(Open) x=?no-default(Open)}}"#,
            why: "name by name",
        },
        Case {
            name: "lists",
            input: "    Properties: {a: !If [IsOpen, [1, 2], [1, 3]], b: !If [IsOpen, [1], []]}",
            want: "{a=[1 ?no-default(Open)] b=?no-default(Open)}",
            why: "item by item",
        },
        Case {
            name: "left out",
            input: "    Properties: {a: !If [IsOpen, {t: 1}, !Ref AWS::NoValue], b: !If [IsOpen, !Ref AWS::NoValue, !Ref AWS::NoValue]}",
            want: "{a=?no-default(Open)}",
            why: "there or not",
        },
        Case {
            name: "both open",
            input: "    Properties: {a: !If [IsOpen, !Ref Stored, !Ref Stored]}",
            want: "{a=?no-default(Open)}",
            why: "two unknown values are not the same",
        },
        Case {
            name: "known",
            input: "    Properties: {a: !If [IsProd, {t: !If [IsProd, 1, 2]}, 3]}",
            want: "{a={t=1}}",
            why: "in one another",
        },
        Case {
            name: "all properties",
            input: "    Properties: !If [IsProd, {t: 1}, {t: 2}]",
            want: "{t=1}",
            why: "also at the top",
        },
    ]);
}

#[test]
fn a_condition_decides_whether_a_resource_is_made() {
    check(&[
        Case { name: "holds", input: "    Condition: IsProd", want: "{}", why: "made" },
        Case { name: "open", input: "    Condition: IsOpen", want: "maybe(no-default) {}", why: "perhaps" },
        Case { name: "nowhere", input: "    Condition: Nope", want: "maybe(name) {}", why: "perhaps" },
    ]);
    let text = format!("{AROUND}    Condition: IsProd").replace("Default: prod", "Default: dev");
    assert_eq!(body(&text, &Settings::default()), "-");
}

#[test]
fn long_chains_end() {
    let mut conditions = String::from("  C0: !Equals [a, a]\n");
    for at in 1..5_000 {
        let line = format!("  C{at}: !Not [!Condition C{}]\n", at - 1);
        conditions.push_str(&line);
    }
    let around = AROUND.replace("Resources:\n", &format!("{conditions}Resources:\n"));
    let got = body(&format!("{around}    Condition: C4999"), &Settings::default());
    assert_eq!(got, "maybe(bound) {}");
}
