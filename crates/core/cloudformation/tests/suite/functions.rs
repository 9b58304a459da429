use super::{AROUND, Case, body, check, run};
use onehop_cloudformation::Settings;

#[test]
fn functions_give_values() {
    check(&[
        Case {
            name: "ref",
            input: "    Properties: {a: !Ref Given, b: {Ref: Hops}}",
            want: r#"{a="required" b=2}"#,
            why: "both forms",
        },
        Case {
            name: "ref to a resource",
            input: "    Properties: {a: !Ref Template}",
            want: "{a=->Template.Ref}",
            why: "known once it is made",
        },
        Case {
            name: "ref to nothing",
            input: "    Properties: {a: !Ref Nothing}",
            want: "{a=?name(Nothing)}",
            why: "not defined",
        },
        Case {
            name: "ref to a list",
            input: "    Properties: {a: !Ref Names}",
            want: r#"{a=["a" "b" "c"]}"#,
            why: "texts with commas are lists",
        },
        Case {
            name: "no value",
            input: "    Properties: {a: !Ref AWS::NoValue, b: [!Ref AWS::NoValue, 1]}",
            want: "{b=[1]}",
            why: "left out",
        },
        Case {
            name: "attribute",
            input: "    Properties: {a: !GetAtt Template.LatestVersionNumber, b: {'Fn::GetAtt': [Template, DefaultVersionNumber]}}",
            want: "{a=->Template.LatestVersionNumber b=->Template.DefaultVersionNumber}",
            why: "both forms",
        },
        Case {
            name: "computed attribute",
            input: "    Properties: {a: {'Fn::GetAtt': [Template, !Ref Given]}}",
            want: "{a=->Template.required}",
            why: "the second name may be a function",
        },
        Case {
            name: "attribute of nothing",
            input: "    Properties: {a: !GetAtt Nope.Arn}",
            want: "{a=?name(Nope)}",
            why: "not defined",
        },
        Case {
            name: "sub",
            input: "    Properties: {a: !Sub 'x-${Given}-${!Keep}-${Hops}'}",
            want: r#"{a="x-required-${Keep}-2"}"#,
            why: "names, literals, numbers",
        },
        Case {
            name: "sub with names",
            input: "    Properties: {a: !Sub ['${A}-${Given}', {A: !Ref Env}]}",
            want: r#"{a="prod-required"}"#,
            why: "own names first",
        },
        Case {
            name: "sub of one name",
            input: "    Properties: {a: !Sub '${Template}', b: !Sub '${Template.Arn}'}",
            want: "{a=->Template.Ref b=->Template.Arn}",
            why: "the thing itself",
        },
        Case {
            name: "sub with an unknown part",
            input: "    Properties: {a: !Sub 'x-${Open}', b: !Sub 'x-${Template}', c: !Sub '${AWS::Region}-x'}",
            want: "{a=?no-default(Open) b=?computed(Template) c=?no-default(AWS::Region)}",
            why: "the text is unknown",
        },
        Case {
            name: "sub that does not end",
            input: "    Properties: {a: !Sub 'x-${Given'}",
            want: r#"{a="x-${Given"}"#,
            why: "as written",
        },
    ]);
}

#[test]
fn scripts_and_mappings_give_values() {
    check(&[
        Case {
            name: "user data",
            input: "    Properties: {UserData: {'Fn::Base64': !Sub \"curl ${AWS::Region} ${Open} ${Env} ${Template.Id}\"}}",
            want: r#"{UserData="curl ${AWS::Region} ${Open} prod ${Template.Id}"}"#,
            why: "a script is read although parts are unknown",
        },
        Case {
            name: "user data joined",
            input: "    Properties: {UserData: {'Fn::Base64': {'Fn::Join': ['', [\"a\\n\", !Ref AWS::StackName]]}}}",
            want: "{UserData=\"a\\n${AWS::StackName}\"}",
            why: "also in joins",
        },
        Case {
            name: "find in map",
            input: "    Properties: {a: !FindInMap [Tokens, !Ref Env, http]}",
            want: r#"{a="required"}"#,
            why: "names may be functions",
        },
        Case {
            name: "find with an open name",
            input: "    Properties: {a: !FindInMap [Tokens, !Ref Open, http], b: !FindInMap [Tokens, !Ref Open, hops]}",
            want: "{a=?no-default(Open) b=2}",
            why: "it does not matter where all are the same",
        },
        Case {
            name: "find with a default",
            input: "    Properties: {a: !FindInMap [Tokens, test, http, {DefaultValue: optional}], b: !FindInMap [Tokens, test, http], c: !FindInMap [Nope, a, b]}",
            want: r#"{a="optional" b=?name(a name of a mapping) c=?name(Nope)}"#,
            why: "AWS::LanguageExtensions",
        },
    ]);
}

#[test]
fn lists_give_values() {
    check(&[
        Case {
            name: "join",
            input: "    Properties: {a: !Join ['-', [x, !Ref Hops, !Ref Env]], b: !Join [',', !Ref Names]}",
            want: r#"{a="x-2-prod" b="a,b,c"}"#,
            why: "lists and functions",
        },
        Case {
            name: "join with an unknown part",
            input: "    Properties: {a: !Join ['-', [x, !Ref Open]]}",
            want: "{a=?no-default(Open)}",
            why: "the text is unknown",
        },
        Case {
            name: "select",
            input: "    Properties: {a: !Select [1, !Ref Names], b: !Select ['0', [x, !Ref Open]], c: !Select [9, [x]], d: !Select [0, !GetAZs '']}",
            want: r#"{a="b" b="x" c=?name(an item of Fn::Select) d=?lookup(!GetAZs)}"#,
            why: "places count from zero",
        },
        Case {
            name: "split",
            input: "    Properties: {a: !Split ['/', a/b], b: !Split ['/', !Ref Open], c: !Select [0, !Split [',', 'x,y']]}",
            want: r#"{a=["a" "b"] b=?no-default(Open) c="x"}"#,
            why: "texts to lists",
        },
        Case {
            name: "length",
            input: "    Properties: {a: {'Fn::Length': !Ref Names}}",
            want: "{a=3}",
            why: "AWS::LanguageExtensions",
        },
    ]);
}

#[test]
fn what_is_not_carried_out_is_unknown() {
    check(&[
        Case {
            name: "asked later",
            input: "    Properties: {a: !ImportValue net, b: {'Fn::ImportValue': !Sub '${Env}-x'}, c: !Cidr [x, 1, 2]}",
            want: "{a=?lookup(net) b=?lookup(prod-x) c=?lookup(!Cidr)}",
            why: "other stacks are not seen",
        },
        Case {
            name: "macros",
            input: "    Properties: {a: {'Fn::Transform': {Name: M}}, b: {x: 1, 'Fn::Transform': {Name: M}}, c: !Strange x}",
            want: "{a=?construct(Fn::Transform) b=?construct(Fn::Transform) c=?function(!Strange)}",
            why: "not carried out",
        },
        Case {
            name: "dynamic reference",
            input: "    Properties: {a: '{{resolve:ssm:/x:1}}'}",
            want: "{a=?parameter({{resolve:ssm:/x:1}})}",
            why: "read when the stack is made",
        },
        Case {
            name: "malformed",
            input: "    Properties: {a: !If x, b: !Join x, c: !Select [1], d: !Sub [], e: !FindInMap x, f: !Ref [x], g: !Split ['', x], h: !GetAtt {}}",
            want: "{a=?construct(Fn::If) b=?construct(Fn::Join) c=?construct(Fn::Select) d=?construct(Fn::Sub) e=?construct(Fn::FindInMap) f=?construct(Ref) g=?construct(Fn::Split) h=?construct(Fn::GetAtt)}",
            why: "unknown, no panic",
        },
        Case {
            name: "a map of one name",
            input: "    Properties: {a: {Condition: {StringEquals: x}}}",
            want: r#"{a={Condition={StringEquals="x"}}}"#,
            why: "the word of a policy, no function",
        },
    ]);
}

#[test]
fn what_the_account_says_can_be_given() {
    let text = format!(
        "{AROUND}    Properties: {{a: !Sub '${{AWS::Region}}/${{AWS::AccountId}}/${{AWS::Partition}}.${{AWS::URLSuffix}}'}}"
    );
    let settings = |region: &str| Settings {
        region: Some(region.to_owned()),
        account: Some("111122223333".to_owned()),
        ..Settings::default()
    };
    assert_eq!(body(&text, &settings("eu-west-1")), r#"{a="eu-west-1/111122223333/aws.amazonaws.com"}"#);
    assert_eq!(
        body(&text, &settings("cn-north-1")),
        r#"{a="cn-north-1/111122223333/aws-cn.amazonaws.com.cn"}"#
    );
}

#[test]
fn values_are_at_their_use_and_come_from_their_origin() {
    let text = format!(
        "{AROUND}    Properties:\n      a: !Ref Given\n      b: !FindInMap [Tokens, prod, http]\n      c: !If [IsProd, required, optional]\n"
    );
    let (sources, outcome) = run(&text, &Settings::default());
    let body = &outcome.resources.iter().find(|it| it.address == "X").unwrap().body;
    let at = |name: &str| {
        let value = body.get(name).unwrap();
        (sources.text(value.span.unwrap()).to_owned(), value.origin.map(|it| sources.text(it).to_owned()))
    };
    assert_eq!(at("a"), ("!Ref Given".to_owned(), Some("required".to_owned())));
    assert_eq!(at("b"), ("!FindInMap [Tokens, prod, http]".to_owned(), Some("required".to_owned())));
    assert_eq!(at("c"), ("required".to_owned(), None));
}

#[test]
fn texts_and_work_are_bounded() {
    let long = "x".repeat(1 << 20);
    let many = "${L}".repeat(200);
    let text = format!(
        "Parameters: {{L: {{Type: String, Default: {long}}}}}\nResources:\n  X:\n    Type: AWS::EC2::Instance\n    Properties: {{a: !Sub '{many}'}}"
    );
    assert_eq!(body(&text, &Settings::default()), "{a=?bound(a text)}");

    let many = "!Ref L, ".repeat(20_000);
    let text = format!(
        "Parameters: {{L: {{Type: String, Default: {long}}}}}\nResources:\n  X:\n    Type: AWS::EC2::Instance\n    Properties: {{a: [{}]}}",
        many.trim_end_matches(", ")
    );
    let (_, outcome) = run(&text, &Settings::default());
    assert_eq!(outcome.troubles.len(), 1, "{:?}", outcome.troubles);
}
