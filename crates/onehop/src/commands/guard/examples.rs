//! How to point clients at a guard, with commands to try.

use crate::output;
use std::net::SocketAddr;

/// Prints them for the first listener.
pub(super) fn print(listen: &[SocketAddr]) {
    if let Some(address) = listen.first() {
        output::note(&text(*address));
    }
}

fn text(address: SocketAddr) -> String {
    let at = format!("http://{address}");
    format!(
        r#"
Point the AWS CLI and the SDKs here:

  export AWS_EC2_METADATA_SERVICE_ENDPOINT={at}/

Three commands to try:

  # IMDSv2: ask for a token, read with it. Answered.
  curl -sS -H "X-aws-ec2-metadata-token: $(curl -sS -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' {at}/latest/api/token)" {at}/latest/meta-data/instance-id

  # IMDSv1: read without a token. Refused with 401.
  curl -sS -i {at}/latest/meta-data/instance-id

  # Forwarded by a proxy, as in server-side request forgery. Refused with 400.
  curl -sS -i -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' -H 'X-Forwarded-For: 203.0.113.7' {at}/latest/api/token

Stop with Ctrl-C."#
    )
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn commands_name_the_address_that_is_listened_on() {
        let text = text("[::1]:8".parse().expect("an address"));
        assert_eq!(text.matches("http://[::1]:8/latest/").count(), 4, "{text}");
    }
}
