//! HTTPS with rustls and ring, through the connector that the AWS crates bring along; bounded reading of answers.

use crate::error::{Failure, Problem};
use crate::settings::Settings;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_http_client::{Builder, Connector, tls};
use aws_smithy_runtime_api::client::http::{
    HttpConnector as _, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use std::sync::{Arc, Mutex, PoisonError};

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) request_id: Option<String>,
    /// `x-amzn-errortype`, where services with JSON name their errors.
    pub(crate) error_type: Option<String>,
    pub(crate) body: Bytes,
}

/// Makes connections and keeps them; and keeps the memory of large answers for the next ones.
#[derive(Clone, Debug)]
pub(crate) struct Transport {
    connector: SharedHttpConnector,
    spare: Arc<Mutex<Vec<BytesMut>>>,
}

/// Answers from this size on are worth keeping their memory.
const LARGE_BYTES: usize = 256 << 10;
/// Announced bytes are believed up to a size that no lie makes expensive; no larger memory is kept.
const BELIEVED_MAX: usize = 8 << 20;
const SPARE_MAX: usize = 2;

/// The HTTP client that providers of credentials use as well.
pub(crate) fn https_client() -> SharedHttpClient {
    Builder::new().tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring)).build_https()
}

impl Transport {
    pub(crate) fn new(settings: &Settings) -> Transport {
        let timeouts = HttpConnectorSettings::builder().connect_timeout(settings.connect_timeout).build();
        let connector = Connector::builder()
            .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring))
            .connector_settings(timeouts)
            .sleep_impl(TokioSleep::new())
            .build();
        Transport { connector: SharedHttpConnector::new(connector), spare: Arc::default() }
    }

    /// Takes back the memory of an answer that has been read.
    pub(crate) fn give_back(&self, body: Bytes) {
        if (LARGE_BYTES..=BELIEVED_MAX).contains(&body.len())
            && let Ok(mut memory) = body.try_into_mut()
        {
            memory.clear();
            let mut spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
            if spare.len() < SPARE_MAX {
                spare.push(memory);
            }
        }
    }

    fn memory(&self, announced: usize) -> BytesMut {
        let mut spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = spare.iter().position(|memory| announced >= LARGE_BYTES && memory.capacity() >= announced);
        match fits {
            Some(at) => spare.swap_remove(at),
            None => BytesMut::with_capacity(announced.min(BELIEVED_MAX)),
        }
    }

    /// Sends a request and reads the answer within the bound.
    pub(crate) async fn send(
        &self,
        request: http::Request<Bytes>,
        answer_bytes_max: usize,
    ) -> Result<Answer, Failure> {
        let request = HttpRequest::try_from(request.map(SdkBody::from))
            .map_err(|error| Failure::own(Problem::Refused, format!("no request can be made: {error}")))?;
        let mut answer = self.connector.call(request).await.map_err(|error| unreachable(&error))?;
        let header = |name: &str| answer.headers().get(name).map(ToOwned::to_owned);
        let status = answer.status().as_u16();
        let content_type = header("content-type").unwrap_or_default();
        let request_id = header("x-amzn-requestid").or_else(|| header("x-amz-request-id"));
        let error_type = header("x-amzn-errortype");
        let announced = header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let body = read(answer.take_body(), self.memory(announced), answer_bytes_max).await?;
        Ok(Answer { status, content_type, request_id, error_type, body })
    }
}

async fn read(mut body: SdkBody, mut whole: BytesMut, bytes_max: usize) -> Result<Bytes, Failure> {
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| unreachable(&*error))?;
        let Ok(piece) = frame.into_data() else { continue };
        if whole.len() + piece.len() > bytes_max {
            let words = format!("the answer has more than {bytes_max} bytes");
            return Err(Failure::own(Problem::Unreadable, words));
        }
        whole.extend_from_slice(&piece);
    }
    Ok(whole.freeze())
}

/// The words of the innermost cause: the outer ones only say that something failed.
fn unreachable(error: &(dyn std::error::Error + 'static)) -> Failure {
    let innermost = std::iter::successors(Some(error), |error| error.source()).last().unwrap_or(error);
    Failure::own(Problem::Unreachable, innermost.to_string())
}
