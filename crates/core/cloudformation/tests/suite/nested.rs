use super::{Memory, show};
use onehop_cloudformation::{Outcome, Settings, read};
use onehop_code::Presence;

fn run(files: &[(&str, &str)]) -> Outcome {
    let mut memory = Memory::default();
    for (path, text) in files {
        memory.add(path, text);
    }
    let root = memory.files[files[0].0].clone();
    read(files[0].0, &root, &Settings::default(), &mut memory)
}

fn shown(outcome: &Outcome) -> Vec<String> {
    let one = |it: &onehop_code::Resource| {
        let sure = if it.presence == Presence::Sure { "" } else { "? " };
        format!("{sure}{} {}", it.address, show(&it.body))
    };
    outcome.resources.iter().filter(|it| it.kind != "AWS::CloudFormation::Stack").map(one).collect()
}

const ROOT: &str = "
Parameters: {Open: {Type: String}}
Conditions: {IsOpen: !Equals [!Ref Open, x]}
Resources:
  Web:
    Type: AWS::EC2::Instance
    Properties: {t: !GetAtt Net.Outputs.Tokens, l: !GetAtt Net.Outputs.Id, n: !GetAtt Net.Outputs.None, v: !Sub '${Net.Outputs.Id}'}
  Net:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: ./sub/net.yaml, Parameters: {Tokens: required, Names: !Join [',', [a, b]]}}
";

const NET: &str = "
Parameters: {Tokens: {Type: String, Default: optional}, Names: {Type: CommaDelimitedList}}
Resources:
  Lt: {Type: AWS::EC2::LaunchTemplate, Properties: {t: !Ref Tokens, n: !Ref Names, self: !Ref Lt}}
Outputs:
  Tokens: {Value: !Ref Tokens}
  Id: {Value: !Ref Lt}
";

#[test]
fn nested_templates_take_parameters_and_give_outputs() {
    let outcome = run(&[("dir/root.yaml", ROOT), ("dir/sub/net.yaml", NET)]);
    assert_eq!(outcome.troubles, []);
    assert_eq!(
        shown(&outcome),
        [
            r#"Net/Lt {t="required" n=["a" "b"] self=->Net/Lt.Ref}"#,
            r#"Web {t="required" l=->Net/Lt.Ref n=?name(Net.Outputs.None) v=->Net/Lt.Ref}"#,
        ]
    );
    assert!(outcome.resources.iter().all(|it| it.scope == "dir/root.yaml"));
}

#[test]
fn a_nested_template_is_there_if_its_stack_is() {
    let root = ROOT.replace("  Net:\n", "  Net:\n    Condition: IsOpen\n");
    let outcome = run(&[("root.yaml", &root), ("sub/net.yaml", NET)]);
    assert!(shown(&outcome)[0].starts_with("? Net/Lt"), "{:?}", shown(&outcome));
}

#[test]
fn a_template_of_the_cdk_or_of_sam_is_found() {
    let cdk = r#"{"Resources":{"N":{"Type":"AWS::CloudFormation::Stack","Properties":{"TemplateURL":{"Fn::Sub":"https://s3.${AWS::URLSuffix}/x"}},
        "Metadata":{"aws:asset:path":"net.nested.template.json","aws:asset:property":"TemplateURL"}}}}"#;
    let outcome = run(&[("cdk.out/a.template.json", cdk), ("cdk.out/net.nested.template.json", NET)]);
    assert_eq!(shown(&outcome), [r#"N/Lt {t="optional" n=?no-default(Names) self=->N/Lt.Ref}"#]);

    let sam = "Resources: {N: {Type: 'AWS::Serverless::Application', Properties: {Location: net.yaml}}}";
    let outcome = run(&[("a.yaml", sam), ("net.yaml", NET)]);
    assert_eq!(outcome.resources[1].address, "N/Lt");
}

#[test]
fn what_is_not_on_disk_is_a_trouble_and_unknown() {
    for url in ["https://s3.amazonaws.com/b/net.yaml", "other.yaml"] {
        let outcome = run(&[("root.yaml", &ROOT.replace("./sub/net.yaml", url))]);
        let kinds: Vec<_> = outcome.troubles.iter().map(|it| it.kind.name()).collect();
        assert_eq!(kinds, ["missing"], "{url}");
        assert_eq!(shown(&outcome), ["Web {t=?module(Net) l=?module(Net) n=?module(Net) v=?module(Net)}"]);
    }
}

#[test]
fn templates_that_lead_back_to_themselves_end() {
    let root = "Resources: {A: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: b.yaml}}}";
    let other = "Resources: {B: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: a.yaml}}}";
    let outcome = run(&[("a.yaml", root), ("b.yaml", other)]);
    let kinds: Vec<_> = outcome.troubles.iter().map(|it| it.kind.name()).collect();
    assert_eq!(kinds[0], "cycle");

    let itself = "Resources: {A: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: !GetAtt A.Outputs.X}}}";
    assert!(!run(&[("a.yaml", itself)]).troubles.is_empty());
}

#[test]
fn many_nested_templates_are_bounded() {
    let text = |next: usize| {
        let mut text = "Resources:\n".to_owned();
        for at in 0..8 {
            let line = format!(
                "  N{at}: {{Type: 'AWS::CloudFormation::Stack', Properties: {{TemplateURL: f{next}.yaml}}}}\n"
            );
            text.push_str(&line);
        }
        text
    };
    let files: Vec<(String, String)> = (0..20).map(|at| (format!("f{at}.yaml"), text(at + 1))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    let outcome = run(&files);
    assert!(outcome.resources.len() < 5_000);
    assert!(outcome.troubles.iter().any(|it| it.kind.name() == "bound"));
}
