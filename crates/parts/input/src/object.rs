//! Objects in S3, and in stores that speak its protocol, as blocking readers.
//!
//! Credentials, region and endpoint come from the environment as for other AWS tools, and from the instance's role if it
//! gives none (never by IMDSv1); [`ObjectOptions`] go first. Each reader has a runtime of its own on the thread that reads,
//! so a request only advances while its bytes are wanted. Do not read from inside an asynchronous runtime.
//!
//! # Failure
//! A store that does not answer is asked three times. A body that ends too early is asked for again from where it ended;
//! if that fails it is a loss with the store's words.

use std::{
    io::{self, Read},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use futures_util::{StreamExt, stream::BoxStream};
use object_store::{
    ClientOptions, ObjectStore, ObjectStoreExt, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
    path::Path,
};
use tokio::runtime::Runtime;

use crate::{error::InputError, options::Options, source::Place};

/// Longest silence of a store in the middle of an answer.
const READ_TIMEOUT: Duration = Duration::from_secs(30);
const RETRIES_MAX: usize = 3;
const RETRY_TIMEOUT: Duration = Duration::from_secs(60);

/// How a store is reached, before what the environment says.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct ObjectOptions {
    /// URL of a store other than S3 itself. Default: `AWS_ENDPOINT_URL`, else S3.
    pub endpoint: Option<String>,
    /// The region. Default: `AWS_REGION`, else `us-east-1`.
    pub region: Option<String>,
    /// Requests without encryption. Default: refused.
    pub allow_http: bool,
    /// Requests without a signature, for public buckets. Default: signed.
    pub anonymous: bool,
}

/// The objects that `s3://BUCKET/KEY` or `s3://BUCKET/PREFIX/` stands for, as the store lists them, with sizes.
pub(crate) fn list(place: &str, options: &Options) -> Result<Vec<(Place, Option<u64>)>, InputError> {
    let (bucket, key) = place
        .strip_prefix("s3://")
        .and_then(|rest| rest.split_once('/'))
        .unwrap_or((place.trim_start_matches("s3://"), ""));
    let object = |key: &str| Place::Object { bucket: bucket.to_owned(), key: key.to_owned() };
    if !key.is_empty() && !key.ends_with('/') {
        return Ok(vec![(object(key), None)]);
    }
    let failed = |error: &dyn std::error::Error| object_error(place, error);
    let prefix = Path::parse(key).map_err(|error| failed(&error))?;
    let store = store(bucket, options).map_err(|error| failed(&error))?;
    let runtime = runtime().map_err(|error| failed(&error))?;
    let mut objects = Vec::new();
    runtime.block_on(async {
        let mut found = store.list(Some(&prefix).filter(|prefix| !prefix.as_ref().is_empty()));
        while let Some(meta) = found.next().await {
            let meta = meta.map_err(|error| failed(&error))?;
            objects.push((object(meta.location.as_ref()), Some(meta.size)));
        }
        Ok(())
    })?;
    Ok(objects)
}

/// Asks for an object. Its bytes come when they are read.
pub(crate) fn open(bucket: &str, key: &str, options: &Options) -> Result<Object, InputError> {
    let place = format!("s3://{bucket}/{key}");
    let failed = |error: &dyn std::error::Error| object_error(&place, error);
    let path = Path::parse(key).map_err(|error| failed(&error))?;
    let store = store(bucket, options).map_err(|error| failed(&error))?;
    let runtime = runtime().map_err(|error| failed(&error))?;
    let result = runtime.block_on(store.get(&path)).map_err(|error| failed(&error))?;
    let length = result.meta.size;
    Ok(Object { body: result.into_stream(), runtime, piece: Bytes::new(), length })
}

/// The bytes of an object.
pub(crate) struct Object {
    // Dropped before the runtime that its connection lives in.
    body: BoxStream<'static, object_store::Result<Bytes>>,
    runtime: Runtime,
    piece: Bytes,
    /// Bytes of the whole.
    pub(crate) length: u64,
}

impl Read for Object {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() && !out.is_empty() {
            match self.runtime.block_on(self.body.next()) {
                Some(Ok(piece)) => self.piece = piece,
                Some(Err(error)) => return Err(io::Error::other(words(&error))),
                None => return Ok(0),
            }
        }
        let count = self.piece.len().min(out.len());
        out[..count].copy_from_slice(&self.piece.split_to(count));
        Ok(count)
    }
}

fn store(bucket: &str, options: &Options) -> object_store::Result<Arc<AmazonS3>> {
    // The HTTP client brings no cryptography of its own. A provider that the program has installed before stays.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let options = &options.objects;
    let client = ClientOptions::new()
        .with_timeout_disabled()
        .with_read_timeout(READ_TIMEOUT)
        .with_allow_http(options.allow_http);
    let retry =
        RetryConfig { max_retries: RETRIES_MAX, retry_timeout: RETRY_TIMEOUT, ..RetryConfig::default() };
    let mut builder = AmazonS3Builder::from_env()
        .with_client_options(client)
        .with_retry(retry)
        .with_bucket_name(bucket)
        .with_skip_signature(options.anonymous);
    if let Some(endpoint) = &options.endpoint {
        builder = builder.with_endpoint(endpoint);
    }
    if let Some(region) = &options.region {
        builder = builder.with_region(region);
    }
    builder.build().map(Arc::new)
}

fn runtime() -> io::Result<Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

fn object_error(place: &str, error: &dyn std::error::Error) -> InputError {
    InputError::Object { place: place.to_owned(), detail: words(error) }
}

/// An error and its causes.
fn words(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_words = cause.to_string();
        if !words.contains(&cause_words) {
            words = format!("{words}: {cause_words}");
        }
        next = cause.source();
    }
    words
}
