//! Where credentials come from, and keeping them fresh.
//!
//! ```text
//! Keys ─▶ held and fresh for 5 minutes? ─yes─▶ these
//!            └─no─▶ fixed │ the chain of aws-config │ AssumeRole with other keys ─▶ held
//! ```
//!
//! | source | asked |
//! |---|---|
//! | environment, shared profile (roles, SSO, `credential_process`, web identity), container endpoint | always |
//! | metadata service of the instance | only with [`ChainSettings::instance_role`] |
//!
//! How it fails: no source has credentials, or a role may not be assumed: the call fails with
//! [`Problem::Credentials`] or the problem that STS reported. Credentials are kept in types that mask and zero them.

use crate::error::{Failure, Problem};
use crate::ops::sts::AssumeRole;
use crate::transport;
use crate::{Client, Settings};
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::environment::region::EnvironmentVariableRegionProvider;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileFileRegionProvider};
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use std::error::Error as _;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::Mutex;

/// Credentials are replaced this long before they expire.
const FRESH_SECONDS: u64 = 300;

/// Credentials for signing, and how to get others when these expire. Cheap to clone.
#[derive(Clone)]
pub struct Keys(Arc<Inner>);

struct Inner {
    source: Source,
    held: Mutex<Option<Credentials>>,
}

enum Source {
    Fixed(Credentials),
    Chain(SharedCredentialsProvider),
    Role(Box<Role>),
}

struct Role {
    via: Client,
    ask: AssumeRole,
}

/// How the chain is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainSettings {
    /// The shared profile; by default the one that `AWS_PROFILE` names, else `default`.
    pub profile: Option<String>,
    /// Ask the metadata service of this instance, when nothing else has credentials. Default no: a program that
    /// looks for doors of that service does not knock on it unless told.
    pub instance_role: bool,
}

impl Keys {
    /// These, which never expire.
    pub fn fixed(access_key_id: &str, secret_access_key: &str, session_token: Option<&str>) -> Keys {
        let token = session_token.map(ToOwned::to_owned);
        Keys::new(Source::Fixed(Credentials::new(access_key_id, secret_access_key, token, None, "fixed")))
    }

    /// Those that the environment, the shared files or the container of this process have. Nothing is asked yet.
    #[expect(
        clippy::unused_async,
        reason = "providers that read files when they are made fit in without a change"
    )]
    pub async fn chain(settings: &ChainSettings, region: &str) -> Keys {
        let region = Some(aws_types::region::Region::new(region.to_owned()));
        let config =
            ProviderConfig::without_region().with_region(region).with_http_client(transport::https_client());
        let mut profile = ProfileFileCredentialsProvider::builder().configure(&config);
        if let Some(name) = &settings.profile {
            profile = profile.profile_name(name);
        }
        if !settings.instance_role {
            profile = profile.with_custom_provider("Ec2InstanceMetadata", NeverAsked);
        }
        let web_identity = aws_config::web_identity_token::WebIdentityTokenCredentialsProvider::builder()
            .configure(&config)
            .build();
        let container = aws_config::ecs::EcsCredentialsProvider::builder().configure(&config).build();
        let profile = profile.build();
        // A profile that was asked for by name comes before keys that happen to be in the environment.
        let mut chain = if settings.profile.is_some() {
            CredentialsProviderChain::first_try("Profile", profile)
        } else {
            CredentialsProviderChain::first_try("Environment", EnvironmentVariableCredentialsProvider::new())
                .or_else("Profile", profile)
                .or_else("WebIdentityToken", web_identity)
                .or_else("EcsContainer", container)
        };
        if settings.instance_role && settings.profile.is_none() {
            let instance =
                aws_config::imds::credentials::ImdsCredentialsProvider::builder().configure(&config).build();
            chain = chain.or_else("Ec2InstanceMetadata", instance);
        }
        Keys::new(Source::Chain(SharedCredentialsProvider::new(chain)))
    }

    /// Those of a role, assumed by a client.
    pub fn role(via: Client, ask: AssumeRole) -> Keys {
        Keys::new(Source::Role(Box::new(Role { via, ask })))
    }

    fn new(source: Source) -> Keys {
        Keys(Arc::new(Inner { source, held: Mutex::new(None) }))
    }

    /// Credentials that are good for some minutes.
    pub(crate) async fn fresh(&self, settings: &Settings) -> Result<Credentials, Failure> {
        let mut held = self.0.held.lock().await;
        if let Some(credentials) = held.as_ref().filter(|held| is_fresh(held, (settings.clock)())) {
            return Ok(credentials.clone());
        }
        let credentials = self.0.source.ask().await?;
        *held = Some(credentials.clone());
        Ok(credentials)
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str(match self.0.source {
            Source::Fixed(_) => "Keys(fixed)",
            Source::Chain(_) => "Keys(chain)",
            Source::Role(_) => "Keys(role)",
        })
    }
}

impl Source {
    async fn ask(&self) -> Result<Credentials, Failure> {
        match self {
            Source::Fixed(credentials) => Ok(credentials.clone()),
            Source::Chain(chain) => chain.provide_credentials().await.map_err(|error| no_credentials(&error)),
            Source::Role(role) => {
                // A boxed future: the client of a role may have keys of a role itself.
                let assumed = Box::pin(role.via.call(&role.ask)).await.map_err(|error| Failure {
                    problem: error.problem,
                    message: format!("role `{}` cannot be assumed: {}", role.ask.role_arn, error.message),
                    code: error.code,
                    status: error.status,
                    request_id: error.request_id,
                })?;
                Ok(Credentials::new(
                    assumed.access_key_id,
                    assumed.secret_access_key.expose().clone(),
                    Some(assumed.session_token.expose().clone()),
                    assumed.expiration,
                    "AssumeRole",
                ))
            }
        }
    }
}

fn is_fresh(credentials: &Credentials, now: SystemTime) -> bool {
    credentials.expiry().is_none_or(|expiry| now + Duration::from_secs(FRESH_SECONDS) < expiry)
}

/// The words of the provider, with its innermost cause: they name variables, files and profiles, never a secret.
fn no_credentials(error: &CredentialsError) -> Failure {
    let cause = std::iter::successors(error.source(), |error| (*error).source()).last();
    let cause = cause.map(|cause| format!(": {cause}")).unwrap_or_default();
    Failure::own(Problem::Credentials, format!("no credentials: {error}{cause}"))
}

/// The region that the environment or the shared profile names.
pub async fn configured_region(profile: Option<&str>) -> Option<String> {
    let mut file = ProfileFileRegionProvider::builder();
    if let Some(name) = profile {
        file = file.profile_name(name);
    }
    let chain =
        RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new()).or_else(file.build());
    chain.region().await.map(|region| region.as_ref().to_owned())
}

/// Stands in for a provider that asks a metadata service.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the metadata service is asked only when told")]
struct NeverAsked;

impl ProvideCredentials for NeverAsked {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::ready(Err(CredentialsError::invalid_configuration(*self)))
    }
}
