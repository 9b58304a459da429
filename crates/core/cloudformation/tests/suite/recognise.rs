use super::Memory;
use onehop_cloudformation::{Flavour, recognise};

#[test]
fn templates_are_known_by_what_they_say() {
    for (text, want) in [
        ("AWSTemplateFormatVersion: 2010-09-09\nResources: {}", Some(Flavour::Template)),
        ("Resources: {A: {Type: AWS::EC2::Instance}}", Some(Flavour::Template)),
        (r#"{"Resources":{"A":{"Type":"Custom::X"}}}"#, Some(Flavour::Template)),
        (
            "Transform: AWS::Serverless-2016-10-31\nResources: {A: {Type: 'AWS::Serverless::Function'}}",
            Some(Flavour::Serverless),
        ),
        ("Transform: [AWS::Serverless-2016-10-31]\nAWSTemplateFormatVersion: x", Some(Flavour::Serverless)),
        (r#"{"Resources":{"A":{"Type":"AWS::X","Metadata":{"aws:cdk:path":"S/A"}}}}"#, Some(Flavour::Cdk)),
        ("resources: {A: {type: aws:ec2:Instance}}", None),
        ("Resources: {A: {Type: google}}", None),
        ("Resources: [1]", None),
        ("x", None),
    ] {
        let value = Memory::default().add("t", text);
        assert_eq!(recognise(&value), want, "{text}");
    }
}
