//! The HTTPS client of the providers. It never dials a metadata address.
//!
//! ```text
//! request ──▶ host is an address? ──▶ judged ─┐
//!                   │ no                      ├──▶ connect
//!                   └──▶ resolved ──▶ every answer judged
//! ```
//!
//! A profile may name any endpoint (`endpoint_url`), and the metadata service is what this program stands in for.
//! Fails closed: one metadata address among the answers refuses the name.

use aws_smithy_http_client::{Builder, tls};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::dns::{DnsFuture, ResolveDns, ResolveDnsError};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::{RuntimeComponents, RuntimeComponentsBuilder};
use aws_smithy_types::config_bag::ConfigBag;
use onehop_verdict::Code;
use std::net::IpAddr;

/// A connection that was refused before it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{address}` is a metadata address")]
pub(super) struct Refused {
    /// The address.
    pub(super) address: IpAddr,
}

/// The client: rustls with ring, the system's certificates, no proxy.
pub(super) fn https_client() -> SharedHttpClient {
    let inner = Builder::new()
        .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring))
        .build_with_resolver(JudgedResolver);
    SharedHttpClient::new(JudgedClient(inner))
}

/// The same judgement in front of a connector that never dials.
#[cfg(test)]
pub(super) fn offline_client() -> SharedHttpClient {
    use aws_smithy_runtime_api::client::http::http_client_fn;
    let inner = http_client_fn(|_, _| SharedHttpConnector::new(tests::Offline));
    SharedHttpClient::new(JudgedClient(inner))
}

/// Refuses link-local addresses, every metadata service that the address engine knows, in whatever form, and the rest
/// of `fd00:ec2::/32` (EC2 User Guide).
fn check(address: IpAddr) -> Result<(), Refused> {
    let is_service =
        matches!(onehop_address::classify(address).code(), Some(Code::AddrMetadata | Code::AddrLinkLocal));
    let is_ec2 = matches!(address, IpAddr::V6(v6) if v6.segments()[..2] == [0xfd00, 0x0ec2]);
    if is_service || is_ec2 { Err(Refused { address }) } else { Ok(()) }
}

#[derive(Debug)]
struct JudgedClient(SharedHttpClient);

impl HttpClient for JudgedClient {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(JudgedConnector(self.0.http_connector(settings, components)))
    }

    fn validate_base_client_config(
        &self,
        components: &RuntimeComponentsBuilder,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.validate_base_client_config(components, config)
    }

    fn validate_final_config(
        &self,
        components: &RuntimeComponents,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.validate_final_config(components, config)
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.0.connector_metadata()
    }
}

#[derive(Debug)]
struct JudgedConnector<C>(C);

impl<C: HttpConnector> HttpConnector for JudgedConnector<C> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        match literal_address(request.uri()).map(check) {
            Some(Err(refused)) => HttpConnectorFuture::ready(Err(ConnectorError::user(Box::new(refused)))),
            Some(Ok(())) | None => self.0.call(request),
        }
    }
}

/// The host of a URI if it is an address as the connector reads one. Any other spelling goes to the resolver.
fn literal_address(uri: &str) -> Option<IpAddr> {
    let uri: http::Uri = uri.parse().ok()?;
    let host = uri.host()?;
    host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host).parse().ok()
}

#[derive(Clone, Debug)]
struct JudgedResolver;

impl ResolveDns for JudgedResolver {
    fn resolve_dns<'a>(&'a self, name: &'a str) -> DnsFuture<'a> {
        DnsFuture::new(async move {
            let found = tokio::net::lookup_host((name, 0)).await.map_err(ResolveDnsError::new)?;
            let addresses: Vec<IpAddr> = found.map(|address| address.ip()).collect();
            addresses.iter().try_for_each(|address| check(*address)).map_err(ResolveDnsError::new)?;
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{JudgedConnector, JudgedResolver, Refused, check, literal_address};
    use aws_smithy_runtime_api::client::dns::ResolveDns as _;
    use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture};
    use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
    use aws_smithy_runtime_api::client::result::ConnectorError;
    use std::error::Error as _;
    use std::net::IpAddr;

    const REFUSED: [&str; 11] = [
        "169.254.169.254",
        "169.254.170.2",
        "169.254.0.0",
        "169.254.255.255",
        "::ffff:169.254.169.254",
        "fd00:ec2::254",
        "fd00:ec2::23",
        "100.100.100.200",
        "168.63.129.16",
        "64:ff9b::a9fe:a9fe",
        "fe80::a9fe:a9fe",
    ];
    const ALLOWED: [&str; 6] =
        ["127.0.0.1", "::1", "169.253.255.255", "169.255.0.0", "fd00:ec1::254", "192.0.2.1"];

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(future)
    }

    /// Stands where the network would be: whatever comes here would have been dialled.
    #[derive(Debug)]
    pub(super) struct Offline;

    #[derive(Debug, thiserror::Error)]
    #[error("dialled")]
    struct WasDialled;

    impl HttpConnector for Offline {
        fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
            HttpConnectorFuture::ready(Err(ConnectorError::io(Box::new(WasDialled))))
        }
    }

    fn refused_before_dialling(uri: &str) -> bool {
        let request = HttpRequest::get(uri).expect("a request");
        let error = block_on(JudgedConnector(Offline).call(request)).expect_err("no connector succeeds here");
        let source = error.source().expect("a cause");
        assert_ne!(source.is::<Refused>(), source.is::<WasDialled>(), "{source}");
        source.is::<Refused>()
    }

    fn uri(address: &str) -> String {
        let bracketed = if address.contains(':') { format!("[{address}]") } else { address.to_owned() };
        format!("http://{bracketed}:8080/latest?x=1")
    }

    #[test]
    fn metadata_addresses_are_refused_and_their_neighbours_are_not() {
        for address in REFUSED {
            assert!(check(address.parse().expect("an address")).is_err(), "{address}");
            assert!(refused_before_dialling(&uri(address)), "{address}");
        }
        for address in ALLOWED {
            assert!(check(address.parse().expect("an address")).is_ok(), "{address}");
            assert!(!refused_before_dialling(&uri(address)), "{address}");
        }
    }

    #[test]
    fn other_spellings_are_left_to_the_resolver_which_judges_them() {
        for spelling in ["2852039166", "0xa9fea9fe", "169.254.43518"] {
            assert_eq!(literal_address(&format!("http://{spelling}/")), None);
            // Numbers are read by the C library itself; no question leaves the machine.
            let error = block_on(JudgedResolver.resolve_dns(spelling)).expect_err(spelling);
            let source = error.source().expect("a cause");
            assert!(source.is::<Refused>(), "{spelling}: {source}");
        }
        let loopback = block_on(JudgedResolver.resolve_dns("2130706433")).expect("127.0.0.1 as one number");
        assert_eq!(loopback, ["127.0.0.1".parse::<IpAddr>().expect("an address")]);
    }
}
