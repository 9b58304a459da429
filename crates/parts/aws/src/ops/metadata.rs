//! Metadata options as the services write them.

use crate::request::Form;
use crate::xml::{Cursor, Read};

/// The options of an instance, a template, a launch configuration. What is left out is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MetadataOptions {
    /// `pending` or `applied`; of instances only.
    pub state: Option<String>,
    /// `optional` or `required`.
    pub http_tokens: Option<String>,
    /// `enabled` or `disabled`.
    pub http_endpoint: Option<String>,
    /// 1 to 64.
    pub http_put_response_hop_limit: Option<i64>,
    /// `enabled` or `disabled`.
    pub http_protocol_ipv6: Option<String>,
    /// `enabled` or `disabled`.
    pub instance_metadata_tags: Option<String>,
}

impl MetadataOptions {
    /// Whether nothing is written.
    pub fn is_empty(&self) -> bool {
        *self == MetadataOptions::default()
    }

    pub(crate) fn read(cursor: &mut Cursor<'_>) -> Read<MetadataOptions> {
        let mut options = MetadataOptions::default();
        cursor.children(|name, cursor| {
            match name {
                b"state" => options.state = cursor.some_text()?,
                b"httpTokens" | b"HttpTokens" => options.http_tokens = cursor.some_text()?,
                b"httpEndpoint" | b"HttpEndpoint" => options.http_endpoint = cursor.some_text()?,
                b"httpPutResponseHopLimit" | b"HttpPutResponseHopLimit" => {
                    options.http_put_response_hop_limit = cursor.parsed()?;
                }
                b"httpProtocolIpv6" => options.http_protocol_ipv6 = cursor.some_text()?,
                b"instanceMetadataTags" => options.instance_metadata_tags = cursor.some_text()?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(options)
    }

    /// Writes what is set as parameters.
    pub(crate) fn put(&self, form: &mut Form, prefix: &str) {
        let at = |name: &str| format!("{prefix}{name}");
        form.put_some(&at("HttpTokens"), self.http_tokens.as_deref())
            .put_some(&at("HttpEndpoint"), self.http_endpoint.as_deref())
            .put_some(&at("HttpPutResponseHopLimit"), self.http_put_response_hop_limit)
            .put_some(&at("HttpProtocolIpv6"), self.http_protocol_ipv6.as_deref())
            .put_some(&at("InstanceMetadataTags"), self.instance_metadata_tags.as_deref());
    }
}
