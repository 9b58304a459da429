//! Reads a profile and asks its provider, once.
//!
//! aws-config follows the profile: keys, chains of roles, web identity, `credential_process`, SSO. Nothing beyond
//! the profile is asked: neither the default chain nor the default region, both of which end at the metadata
//! service. The providers behind `credential_source = Ec2InstanceMetadata` and `EcsContainer` are replaced by one
//! that refuses, so the real ones are never made.

use super::error::ProfileError;
use super::reach::{self, Refused};
use aws_config::environment::region::EnvironmentVariableRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::{Profile, ProfileFileCredentialsProvider, ProfileFileRegionProvider, ProfileSet};
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::error::ErrorMetadata;
use aws_types::os_shim_internal::{Env, Fs};
use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

/// How long a provider may take. `credential_process` may ask a person for a code.
const PROVIDER_SECONDS_MAX: u64 = 60;

/// Error codes that mean "you may not".
const DENIED_CODES: [&str; 3] = ["AccessDenied", "AccessDeniedException", "ForbiddenException"];

/// Where profiles are read from.
#[derive(Clone, Debug)]
pub(super) enum Files {
    /// The shared files of this user, or those that the environment names.
    Shared,
    /// These two.
    #[cfg_attr(not(test), expect(dead_code, reason = "tests read no file of the user who runs them"))]
    At { config: PathBuf, credentials: PathBuf },
}

impl Files {
    fn to_sdk(&self) -> EnvConfigFiles {
        match self {
            Files::Shared => EnvConfigFiles::default(),
            Files::At { config, credentials } => EnvConfigFiles::builder()
                .with_file(EnvConfigFileKind::Config, config)
                .with_file(EnvConfigFileKind::Credentials, credentials)
                .build(),
        }
    }

    fn names(&self) -> String {
        let named = |variable: &str, or: &str| std::env::var(variable).unwrap_or_else(|_| or.to_owned());
        let (config, credentials) = match self {
            Files::Shared => (
                named("AWS_CONFIG_FILE", "~/.aws/config"),
                named("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials"),
            ),
            Files::At { config, credentials } => {
                (config.display().to_string(), credentials.display().to_string())
            }
        };
        format!("`{config}` and `{credentials}`")
    }
}

/// A profile and how to read it.
pub(super) struct Loader {
    name: String,
    files: Files,
    http: SharedHttpClient,
}

impl Loader {
    pub(super) fn new(name: &str, files: Files) -> Self {
        Loader { name: name.to_owned(), files, http: reach::https_client() }
    }

    #[cfg(test)]
    pub(super) fn offline(self) -> Self {
        Loader { http: reach::offline_client(), ..self }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Reads the files and asks the provider.
    pub(super) async fn load(&self) -> Result<Credentials, ProfileError> {
        let profiles = self.read().await?;
        let assumes_role = self.look_up(&profiles)?.get("role_arn").is_some();
        let region = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new())
            .or_else(
                ProfileFileRegionProvider::builder()
                    .profile_files(self.files.to_sdk())
                    .profile_name(&self.name)
                    .build(),
            )
            .region()
            .await;
        let lacks_region = assumes_role && region.is_none();
        let config = ProviderConfig::without_region().with_region(region).with_http_client(self.http.clone());
        let provider = ProfileFileCredentialsProvider::builder()
            .configure(&config)
            .profile_files(self.files.to_sdk())
            .profile_name(&self.name)
            .with_custom_provider("Ec2InstanceMetadata", NeverAsked("Ec2InstanceMetadata"))
            .with_custom_provider("EcsContainer", NeverAsked("EcsContainer"))
            .build();
        let limit = Duration::from_secs(PROVIDER_SECONDS_MAX);
        match tokio::time::timeout(limit, provider.provide_credentials()).await {
            Ok(Ok(credentials)) => Ok(credentials),
            Ok(Err(error)) => Err(self.explain(&error, lacks_region)),
            Err(_) => Err(self.failed(format!("its provider took more than {PROVIDER_SECONDS_MAX} s"))),
        }
    }

    async fn read(&self) -> Result<ProfileSet, ProfileError> {
        let name = self.name.clone().into();
        aws_config::profile::load(&Fs::real(), &Env::real(), &self.files.to_sdk(), Some(name)).await.map_err(
            |error| {
                let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
                self.invalid(&format!("{error}{cause}"))
            },
        )
    }

    fn look_up<'p>(&self, profiles: &'p ProfileSet) -> Result<&'p Profile, ProfileError> {
        if let Some(profile) = profiles.get_profile(&self.name) {
            return Ok(profile);
        }
        let nearest = profiles
            .profiles()
            .map(|known| (strsim::damerau_levenshtein(known, &self.name), known))
            .filter(|(distance, known)| *distance * 3 <= known.len().max(self.name.len()))
            .min()
            .map(|(_, known)| known.to_owned());
        Err(ProfileError::Unknown { name: self.name.clone(), files: self.files.names(), nearest })
    }

    /// Turns what aws-config reports into an error without the provider's words.
    fn explain(&self, error: &CredentialsError, lacks_region: bool) -> ProfileError {
        let name = self.name.clone();
        if let Some(NeverAsked(provider)) = find(error) {
            return ProfileError::MetadataSource { name, provider };
        }
        if let Some(Refused { address }) = find(error) {
            return ProfileError::MetadataAddress { name, address: *address };
        }
        if let Some(answer) = find::<ErrorMetadata>(error) {
            return self.refused_by_service(answer);
        }
        match find::<ConnectorError>(error) {
            Some(connection) if connection.is_timeout() => {
                return self.failed("the service did not answer in time");
            }
            Some(connection) if connection.is_io() => return self.failed("the service cannot be reached"),
            // Also reported where no endpoint could be made out, which is looked at below.
            Some(_) | None => {}
        }
        match error {
            CredentialsError::CredentialsNotLoaded(_) => {
                ProfileError::NoCredentials { name, files: self.files.names() }
            }
            CredentialsError::InvalidConfiguration(_) => {
                let words = error.source().map(ToString::to_string).unwrap_or_default();
                let problem =
                    words.strip_prefix("ProfileFile provider could not be built: ").unwrap_or(&words);
                self.invalid(problem)
            }
            _ if lacks_region => self.failed("its role is assumed in a region, and no `region` is set"),
            _ => self.failed("its provider reported an error"),
        }
    }

    fn refused_by_service(&self, answer: &ErrorMetadata) -> ProfileError {
        let code = answer.code().unwrap_or("an unnamed error").to_owned();
        if DENIED_CODES.contains(&code.as_str()) {
            let words = answer.message().unwrap_or("without a reason").to_owned();
            return ProfileError::Denied { name: self.name.clone(), code, words };
        }
        self.failed(format!("the service answered `{code}`"))
    }

    fn invalid(&self, problem: &str) -> ProfileError {
        // One line: the parser of the files breaks its messages.
        let problem = problem.split_whitespace().collect::<Vec<_>>().join(" ");
        ProfileError::Invalid { name: self.name.clone(), files: self.files.names(), problem }
    }

    fn failed(&self, reason: impl Into<String>) -> ProfileError {
        ProfileError::Failed { name: self.name.clone(), reason: reason.into() }
    }
}

/// The first error of a type in a chain of causes.
fn find<'e, T: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e T> {
    std::iter::successors(Some(error), |error| (*error).source()).find_map(|error| error.downcast_ref())
}

/// Stands in for a provider that asks a metadata service.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("`{0}` is not asked")]
struct NeverAsked(&'static str);

impl ProvideCredentials for NeverAsked {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::ready(Err(CredentialsError::invalid_configuration(*self)))
    }
}
