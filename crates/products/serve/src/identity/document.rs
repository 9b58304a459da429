//! The identity document: which instance this is, as JSON in the exact layout that EC2 signs.
//!
//! Keys in fixed order, two blanks of indent, `"key" : value`, no final line feed. Cannot fail.

use crate::tree::Instance;

/// Version of the document format.
const DOCUMENT_VERSION: &str = "2017-09-30";

/// The identity document of `instance`.
pub fn document(instance: &Instance) -> String {
    let text = |value: &str| serde_json::Value::from(value).to_string();
    let private = instance.private_ipv4().map_or("null".into(), |address| text(&address.to_string()));
    let fields = [
        ("accountId", text(&instance.account)),
        ("architecture", text(&instance.architecture)),
        ("availabilityZone", text(&instance.placement.availability_zone)),
        ("billingProducts", "null".into()),
        ("devpayProductCodes", "null".into()),
        ("marketplaceProductCodes", list(&instance.product_codes)),
        ("imageId", text(&instance.image_id)),
        ("instanceId", text(&instance.id)),
        ("instanceType", text(&instance.instance_type)),
        ("kernelId", "null".into()),
        ("pendingTime", text(&instance.launch_time)),
        ("privateIp", private),
        ("ramdiskId", "null".into()),
        ("region", text(&instance.placement.region)),
        ("version", text(DOCUMENT_VERSION)),
    ];
    let lines: Vec<String> = fields.iter().map(|(key, value)| format!("  \"{key}\" : {value}")).collect();
    format!("{{\n{}\n}}", lines.join(",\n"))
}

/// `[ "a", "b" ]`, or `null` for none.
fn list(codes: &[String]) -> String {
    if codes.is_empty() {
        return "null".into();
    }
    let quoted: Vec<String> =
        codes.iter().map(|code| serde_json::Value::from(code.as_str()).to_string()).collect();
    format!("[ {} ]", quoted.join(", "))
}

#[cfg(test)]
mod tests {
    use super::document;
    use crate::tree::Instance;

    #[test]
    fn layout_is_byte_for_byte_the_signed_one() {
        let instance = Instance { product_codes: vec!["1abc".into()], ..Instance::default() };
        let want = r#"{
  "accountId" : "123456789012",
  "architecture" : "x86_64",
  "availabilityZone" : "us-east-1a",
  "billingProducts" : null,
  "devpayProductCodes" : null,
  "marketplaceProductCodes" : [ "1abc" ],
  "imageId" : "ami-0e0c0ffee00000002",
  "instanceId" : "i-0e0c0ffee00000001",
  "instanceType" : "t3.micro",
  "kernelId" : null,
  "pendingTime" : "2026-01-01T00:00:00Z",
  "privateIp" : "10.0.16.23",
  "ramdiskId" : null,
  "region" : "us-east-1",
  "version" : "2017-09-30"
}"#;
        assert_eq!(document(&instance), want);
    }

    #[test]
    fn hostile_text_stays_json() {
        let instance = Instance { id: "i-\"\n\\".into(), interfaces: Vec::new(), ..Instance::default() };
        let parsed: serde_json::Value = serde_json::from_str(&document(&instance)).expect("valid JSON");
        assert_eq!(parsed["instanceId"], "i-\"\n\\");
        assert_eq!(parsed["privateIp"], serde_json::Value::Null);
    }
}
