//! `SCRIPT-V1`.

use super::{Entry, Sample};
use onehop_report::{Rule, Severity};

const EXAMPLE: &str = r#"resource "aws_instance" "web" {
  user_data = <<-EOT
    #!/bin/sh
    ZONE=$(curl -s http://169.254.169.254/latest/meta-data/placement/availability-zone)
  EOT
  metadata_options {
    http_tokens = "required"
  }
}
"#;

/// A script asks the service without a token.
pub static SCRIPT_V1: Rule = Rule {
    id: "SCRIPT-V1",
    title: "a script asks the service without a token",
    severity: Severity::Medium,
    what: "User data, scripts and container files that fetch from the metadata service without \
          sending a session token.",
    why: "It works only as long as IMDSv1 is open, and is what breaks when tokens are required, \
          often at the next boot.",
    example: EXAMPLE,
    instead: "Ask for a token first: `TOKEN=$(curl -sX PUT -H \
          'X-aws-ec2-metadata-token-ttl-seconds: 300' \
          http://169.254.169.254/latest/api/token)`, and send it as `X-aws-ec2-metadata-token`.",
    false_positives: "Requests whose token is added by something that the text does not show.",
    references: &[
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-transition-to-version-2.html",
    ],
    tags: &["T1552.005", "CWE-918", "CWE-1188"],
    docs_url: None,
};

/// The rule with code that breaks it and code that does not.
pub(super) static ENTRY: Entry = Entry {
    rule: &SCRIPT_V1,
    found: &[
        Sample { about: "user data", files: &[("main.tf", EXAMPLE)] },
        Sample {
            about: "a script",
            files: &[(
                "boot.sh",
                r"#!/bin/sh
ID=$(wget -qO- http://169.254.169.254/latest/meta-data/instance-id)
",
            )],
        },
    ],
    clean: &[
        Sample {
            about: "with a token",
            files: &[(
                "boot.sh",
                r#"#!/bin/sh
TOKEN=$(curl -sX PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' http://169.254.169.254/latest/api/token)
curl -s -H "X-aws-ec2-metadata-token: $TOKEN" http://169.254.169.254/latest/meta-data/instance-id
"#,
            )],
        },
        Sample {
            about: "a remark",
            files: &[(
                "boot.sh",
                r"#!/bin/sh
# curl http://169.254.169.254/latest/meta-data/ is not to be used here
true
",
            )],
        },
    ],
};
