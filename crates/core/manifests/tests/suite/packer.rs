use super::{Case, check, run};

#[test]
fn builders_are_resources() {
    check(&[
        Case {
            name: "variables",
            input: r#"{"variables":{"region":"eu-west-1","tokens":"required","ami":null,"key":"{{env `KEY`}}"},"builders":[{"type":"amazon-ebs","region":"{{user `region`}}",
                "metadata_options":{"http_tokens":"{{ user \"tokens\" }}"},"ami_name":"x-{{timestamp}}","a":"{{user `ami`}}","k":"{{user `key`}}","n":"{{user `none`}}","s":"{{.SourceAMI}}","t":"{{lower `X`}}","u":"a-{{user `tokens`}}-{{user `region`}}"}]}"#,
            want: &[
                r#"amazon-ebs amazon-ebs {type="amazon-ebs" region="eu-west-1" metadata_options={http_tokens="required"} ami_name=?computed(timestamp) a=?no-default(ami) k=?no-default(key) n=?name(none) s=?computed(.SourceAMI) t=?function(lower) u="a-required-eu-west-1"}"#,
            ],
            why: "defaults are filled in",
        },
        Case {
            name: "names",
            input: r#"{"builders":[{"type":"amazon-ebs","name":"a"},{"type":"amazon-ebs","name":"a"},{"name":"none"}]}"#,
            want: &[
                r#"amazon-ebs a {type="amazon-ebs" name="a"}"#,
                r#"amazon-ebs a[1] {type="amazon-ebs" name="a"}"#,
            ],
            why: "addresses are unique",
        },
    ]);
}

#[test]
fn a_filled_in_value_comes_from_its_variable() {
    let (sources, _, resources) = run(
        r#"{"variables":{"t":"optional"},"builders":[{"type":"amazon-ebs","tokens":"{{user `t`}}","region":"eu-west-1"}]}"#,
    );
    let value = resources[0].body.get("tokens").unwrap();
    assert_eq!(sources.text(value.span.unwrap()), "\"{{user `t`}}\"");
    assert_eq!(sources.text(value.origin.unwrap()), "\"optional\"");
    assert_eq!(resources[0].provider.region.as_deref(), Some("eu-west-1"));
    assert_eq!(sources.text(resources[0].span.unwrap()), "\"amazon-ebs\"");
}

#[test]
fn texts_are_bounded() {
    let long = "x".repeat(1 << 20);
    let many = "{{user `l`}}".repeat(100);
    let (_, _, resources) =
        run(&format!(r#"{{"variables":{{"l":"{long}"}},"builders":[{{"type":"t","a":"{many}"}}]}}"#));
    assert!(resources[0].body.get("a").unwrap().why_unknown().is_some());
}
