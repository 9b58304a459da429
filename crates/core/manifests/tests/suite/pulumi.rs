use super::{Case, check, run};

#[test]
fn programs_are_resources() {
    check(&[
        Case {
            name: "references",
            input: "runtime: yaml\nconfig:\n  aws:region: {value: eu-west-1}\n  tokens: {default: required}\n  open: {type: string}\n  plain: x\nvariables:\n  v: {t: '${tokens}'}\n  loop: ${loop}\n  ask: {'fn::invoke': {function: 'aws:ec2:getAmi'}}\nresources:\n  lt:\n    type: aws:ec2/launchTemplate:LaunchTemplate\n    properties: {metadataOptions: {httpTokens: '${tokens}'}, a: '${v.t}', b: '${open}', c: 'x-${plain}-${tokens}', d: '$${keep}', e: '${loop}', f: '${ask.id}', g: '${none}', h: 'x-${open}'}\n  web:\n    type: aws:ec2:Instance\n    properties: {launchTemplate: {id: '${lt.id}', version: '${lt.latestVersion}'}, x: '${lt}', y: {'fn::join': ['-', [a, '${tokens}']]}, z: {'fn::secret': s}, w: 'x${lt.id}'}\n  old:\n    type: aws:ec2:Instance\n    get: {id: i-1}\n",
            want: &[
                r#"aws:ec2:LaunchTemplate lt {metadataOptions={httpTokens="required"} a="required" b=?no-default(open) c="x-x-required" d="${keep}" e=?cycle(loop) f=?lookup(aws:ec2:getAmi) g=?name(none) h=?no-default(open)}"#,
                r#"aws:ec2:Instance web {launchTemplate={id=->lt.id version=->lt.latestVersion} x=->lt.id y="a-required" z=?parameter(a secret) w=?computed(lt)}"#,
            ],
            why: "what the program says is filled in",
        },
        Case {
            name: "no properties",
            input: "resources: {a: {type: 'aws:ec2:Instance'}, b: {}}",
            want: &["aws:ec2:Instance a {}"],
            why: "nothing said",
        },
    ]);
}

#[test]
fn places_and_providers() {
    let (sources, _, resources) = run(
        "config: {aws:region: eu-west-1, t: optional}\nresources:\n  web:\n    type: aws:ec2:Instance\n    properties: {t: '${t}'}\n    options: {provider: '${other}'}\n",
    );
    let web = &resources[0];
    assert_eq!((web.provider.region.as_deref(), web.provider.alias.as_str()), (Some("eu-west-1"), "other"));
    assert_eq!(sources.text(web.span.unwrap()), "web");
    let value = web.body.get("t").unwrap();
    assert_eq!(sources.text(value.span.unwrap()), "'${t}'");
    assert_eq!(sources.text(value.origin.unwrap()), "optional");
}

#[test]
fn previews_and_states_are_resources() {
    check(&[
        Case {
            name: "preview",
            input: r#"{"config":{},"steps":[
                {"op":"create","urn":"urn:pulumi:s::p::pulumi:pulumi:Stack::s","newState":{"urn":"urn:pulumi:s::p::pulumi:pulumi:Stack::s","type":"pulumi:pulumi:Stack"}},
                {"op":"create","urn":"urn:a","newState":{"urn":"urn:a","type":"aws:ec2/instance:Instance","inputs":{"ami":"04da6b54-80e4-46f7-96ec-b56ff0331ba9","metadataOptions":{"httpTokens":"optional"},"k":{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","value":"x"}}}},
                {"op":"create-replacement","urn":"urn:b","newState":{"urn":"urn:b","type":"aws:ec2/instance:Instance","inputs":{"n":1}}},
                {"op":"replace","urn":"urn:b","newState":{"urn":"urn:b","type":"aws:ec2/instance:Instance","inputs":{"n":2}}},
                {"op":"delete","urn":"urn:c","oldState":{"urn":"urn:c","type":"aws:ec2/instance:Instance","inputs":{}}}]}"#,
            want: &[
                r#"aws:ec2:Instance urn:a {ami=?computed(a value) metadataOptions={httpTokens="optional"} k=?parameter(a secret)}"#,
                "aws:ec2:Instance urn:b {n=2}",
            ],
            why: "what will be there",
        },
        Case {
            name: "state",
            input: r#"{"version":3,"deployment":{"resources":[{"urn":"urn:a","type":"aws:ec2/instance:Instance","inputs":{"x":1},"outputs":{"y":2}},{"urn":"urn:b","type":"aws:ec2/instance:Instance","external":true}]}}"#,
            want: &["aws:ec2:Instance urn:a {x=1}"],
            why: "what is there and is managed",
        },
    ]);
}

#[test]
fn growth_is_bounded() {
    let mut text = "variables:\n  v0: ''\n".to_owned();
    for at in 1..20 {
        let line = format!("  v{at}: '{}'\n", format!("${{v{}}}", at - 1).repeat(200));
        text.push_str(&line);
    }
    text.push_str("resources: {a: {type: 'aws:ec2:Instance', properties: {x: '${v7}', y: '${v19}'}}}\n");
    let (_, _, resources) = run(&text);
    assert!(resources[0].body.get("x").unwrap().why_unknown().is_some());
}
