use super::run;
use onehop_cloudformation::Settings;
use onehop_code::{Language, Presence};

#[test]
fn a_resource_knows_where_it_is_declared() {
    let text = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Metadata: {'aws:cdk:path': App/Web/Resource}\n    Properties: {a: 1}\n";
    let settings = Settings { region: Some("eu-west-1".to_owned()), ..Settings::default() };
    let (sources, outcome) = run(text, &settings);
    let [web] = outcome.resources.as_slice() else { panic!("{outcome:?}") };
    assert_eq!(
        (web.language, web.kind.as_str(), web.address.as_str()),
        (Language::CloudFormation, "AWS::EC2::Instance", "Web")
    );
    assert_eq!((web.scope.as_str(), &web.presence), ("t.yaml", &Presence::Sure));
    assert_eq!(web.provider.region.as_deref(), Some("eu-west-1"));
    assert_eq!(sources.text(web.span.unwrap()), "Web");
    assert!(sources.text(web.block.unwrap()).starts_with("Type:"));
    assert!(sources.text(web.block.unwrap()).ends_with("{a: 1}"));
    assert_eq!(outcome.names, [("Web".to_owned(), "App/Web/Resource".to_owned())]);
}

#[test]
fn what_is_no_resource_is_a_trouble() {
    let (_, outcome) = run(
        "Resources: {A: {}, B: 1, 'Fn::Transform': {Name: 'AWS::Include'}, C: {Type: 'AWS::X'}, D: {Type: !Mod x}}",
        &Settings::default(),
    );
    let kinds: Vec<_> = outcome.troubles.iter().map(|it| it.kind.name()).collect();
    assert_eq!(kinds, ["syntax", "syntax", "missing", "missing"]);
    assert_eq!(outcome.resources.len(), 1);
}

#[test]
fn of_two_of_one_name_the_later_one_is_made() {
    let (_, outcome) = run(
        "{\"Resources\":{\"A\":{\"Type\":\"AWS::X\"},\"A\":{\"Type\":\"AWS::Y\"}}}",
        &Settings::default(),
    );
    let kinds: Vec<_> = outcome.resources.iter().map(|it| it.kind.as_str()).collect();
    assert_eq!(kinds, ["AWS::Y"]);
}

#[test]
fn loops_make_resources() {
    let text = "
Transform: AWS::LanguageExtensions
Parameters: {Open: {Type: CommaDelimitedList}}
Resources:
  'Fn::ForEach::Web':
    - Name
    - [a-1, b]
    - 'Web&{Name}': {Type: AWS::EC2::Instance, Properties: {n: !Ref Name, s: !Sub 'x-${Name}'}}
  'Fn::ForEach::Any':
    - Name
    - !Ref Open
    - 'Any${Name}': {Type: AWS::EC2::Instance, Properties: {n: !Ref Name}}
";
    let (_, outcome) = run(text, &Settings::default());
    let shown: Vec<_> = outcome
        .resources
        .iter()
        .map(|it| format!("{} {} {}", it.address, super::show(&it.body), it.presence == Presence::Sure))
        .collect();
    assert_eq!(
        shown,
        [
            r#"Weba1 {n="a-1" s="x-a-1"} true"#,
            r#"Webb {n="b" s="x-b"} true"#,
            "Any${Name} {n=?no-default(Open)} false",
        ]
    );
}

#[test]
fn loops_in_one_another_are_bounded() {
    let items = vec!["x"; 300].join(",");
    let mut body = "{'A${a}': {Type: 'AWS::X'}}".to_owned();
    for name in ["a", "b", "c", "d"] {
        body = format!("{{'Fn::ForEach::{name}': [{name}, [{items}], {body}]}}");
    }
    let (_, outcome) = run(&format!("Resources: {body}"), &Settings::default());
    assert!(!outcome.troubles.is_empty());
}
