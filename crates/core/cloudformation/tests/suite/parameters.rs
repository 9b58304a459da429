use super::{AROUND, Case, body, check, run, show};
use onehop_cloudformation::{Settings, given_parameters};
use onehop_code::{Kind, Sources, Value};
use onehop_document::Options;

#[test]
fn parameters_have_values_or_reasons() {
    check(&[
        Case {
            name: "default",
            input: "    Properties: {a: !Ref Env}",
            want: r#"{a="prod"}"#,
            why: "what holds if nobody says otherwise",
        },
        Case {
            name: "no default",
            input: "    Properties: {a: !Ref Open}",
            want: "{a=?no-default(Open)}",
            why: "nobody said",
        },
        Case {
            name: "stored",
            input: "    Properties: {a: !Ref Stored}",
            want: "{a=?parameter(Stored)}",
            why: "its default is a name in the store",
        },
        Case {
            name: "secret",
            input: "    Properties: {a: !Ref Secret}",
            want: "{a=?parameter(Secret)}",
            why: "secrets go nowhere",
        },
    ]);
}

#[test]
fn given_values_hold() {
    let text =
        format!("{AROUND}    Properties: {{a: !Ref Env, b: !Ref Open, c: !Ref Names, d: !Ref Secret}}");
    let value = |it: &str| Value::bare(Kind::String(it.to_owned()));
    let parameters = ["Env", "Open", "Names", "Secret"].map(|it| (it.to_owned(), value(&format!("{it},x"))));
    let settings = Settings { parameters: parameters.to_vec(), ..Settings::default() };
    assert_eq!(body(&text, &settings), r#"{a="Env,x" b="Open,x" c=["Names" "x"] d=?parameter(Secret)}"#);
}

#[test]
fn the_only_allowed_value_is_the_value() {
    let text = "Parameters: {A: {Type: String, AllowedValues: [required]}}\nResources: {X: {Type: 'AWS::X', Properties: {a: !Ref A}}}";
    assert_eq!(body(text, &Settings::default()), r#"{a="required"}"#);
}

#[test]
fn files_of_parameters_have_four_forms() {
    for (text, want) in [
        (
            r#"[{"ParameterKey":"A","ParameterValue":"x"},{"ParameterKey":"B","UsePreviousValue":true}]"#,
            Some(r#"A="x" B=?no-default(B)"#),
        ),
        (r#"["A=x","B=y=z"]"#, Some(r#"A="x" B="y=z""#)),
        (r#"{"Parameters":{"A":"x"},"Tags":{}}"#, Some(r#"A="x""#)),
        ("A: x\nB: 2\n", Some(r#"A="x" B=2"#)),
        (r#"{"A":{"b":1}}"#, None),
        (r#"["x"]"#, None),
        ("x", None),
    ] {
        let mut sources = Sources::default();
        let file = sources.add("p.json", text.as_bytes());
        let read = onehop_document::read(file, sources.of(file), &Options::default());
        let given = given_parameters(&read.documents[0]);
        let shown = given.map(|it| {
            it.iter().map(|(name, value)| format!("{name}={}", show(value))).collect::<Vec<_>>().join(" ")
        });
        assert_eq!(shown.as_deref(), want, "{text}");
    }
}

#[test]
fn a_value_that_is_given_has_its_origin_in_its_file() {
    let mut sources = Sources::default();
    let other = sources.add("p.json", b"x");
    let place = onehop_code::Span { file: other, start: 0, end: 1 };
    let parameters = vec![("Env".to_owned(), Value::at(Kind::String("x".to_owned()), place))];
    let (_, outcome) = run(
        &format!("{AROUND}    Properties: {{a: !Ref Env}}"),
        &Settings { parameters, ..Settings::default() },
    );
    let resource = outcome.resources.iter().find(|it| it.address == "X").unwrap();
    assert_eq!(resource.body.get("a").unwrap().origin, Some(place));
}
