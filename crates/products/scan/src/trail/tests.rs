use super::*;
use onehop_trail::{Settings, Trail};

const DOWNGRADE: &str = r#"{"eventTime":"2026-01-02T03:04:05Z","eventSource":"ec2.amazonaws.com","eventName":"ModifyInstanceMetadataOptions","awsRegion":"us-east-1","recipientAccountId":"111122223333","requestParameters":{"ModifyInstanceMetadataOptionsRequest":{"InstanceId":"i-0123456789abcdef0","HttpTokens":"optional"}}}"#;

#[test]
fn a_finding_keeps_its_place_and_evidence() {
    let mut found = Vec::new();
    let mut trail = Trail::new(Settings::default());
    trail.read(1, DOWNGRADE.as_bytes(), &mut |finding| found.push(finding));
    trail.finish(&mut |finding| found.push(finding));
    let names = [SourceName::new(b"a.json"), SourceName::new(b"b.json")];
    let finding = finding(&found[0], &names);
    assert_eq!(finding.rule, "TRAIL-TOKENS-OPTIONAL");
    assert_eq!(finding.place.path(), Some("b.json"));
    assert_eq!(finding.facts.text("account"), Some("111122223333"));
    assert!(finding.time.is_some());
}
