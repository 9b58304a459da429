//! What can be wrong with a profile, in words that hold no secret.
//!
//! The words of a provider are not repeated, since `credential_process` may print a secret and a service echoes
//! signed headers. The one exception is an access denied answer, which names who may not do what; it is shown at
//! start and left out of the document, which anyone on the host can read.

use onehop_imds::credentials::Failure;
use onehop_imds::time::UnixSeconds;

/// `Code` of a document for any failure that is no denial.
pub(super) const CODE_FAILED: &str = "Failed";
/// `Code` of a document when the role may not be assumed, as on an instance.
const CODE_UNAUTHORIZED: &str = "AssumeRoleUnauthorizedAccess";

/// Why a profile gives no credentials.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// No file has a profile of that name.
    #[error("profile `{name}` is in none of {files}")]
    Unknown {
        /// The profile.
        name: String,
        /// The files looked at.
        files: String,
        /// The known profile that is spelled most like it.
        nearest: Option<String>,
    },
    /// The profile is there and says nothing about credentials.
    #[error("profile `{name}` has no credentials in {files}")]
    NoCredentials {
        /// The profile.
        name: String,
        /// The files looked at.
        files: String,
    },
    /// A file cannot be read, or the profile contradicts itself.
    #[error("profile `{name}` in {files} cannot be used: {problem}")]
    Invalid {
        /// The profile.
        name: String,
        /// The files looked at.
        files: String,
        /// What is wrong.
        problem: String,
    },
    /// `credential_source` names the metadata service of the instance or of the container, which is what this
    /// program stands in for. Found before any connection.
    #[error("profile `{name}` wants the credentials of `{provider}`, which onehop does not ask")]
    MetadataSource {
        /// The profile.
        name: String,
        /// The value of `credential_source`.
        provider: &'static str,
    },
    /// An endpoint of the profile is, or resolves to, the address of a metadata service.
    #[error("profile `{name}` has an endpoint at the metadata address {address}, which onehop does not ask")]
    MetadataAddress {
        /// The profile.
        name: String,
        /// The address.
        address: std::net::IpAddr,
    },
    /// The service refused to give the credentials.
    #[error("profile `{name}`: access denied ({code}): {words}")]
    Denied {
        /// The profile.
        name: String,
        /// The service's error code.
        code: String,
        /// The service's explanation.
        words: String,
    },
    /// The provider gave a set that was of no use any more.
    #[error("profile `{name}` gave credentials that expired at {expired}")]
    Expired {
        /// The profile.
        name: String,
        /// When they did.
        expired: UnixSeconds,
    },
    /// The provider failed, or was not answered.
    #[error("profile `{name}` gave no credentials: {reason}")]
    Failed {
        /// The profile.
        name: String,
        /// Why, in our words.
        reason: String,
    },
    /// The thread that keeps the set fresh could not be started.
    #[error("the thread for profile `{name}` cannot be started")]
    Start {
        /// The profile.
        name: String,
        /// The system's reason.
        #[source]
        cause: std::io::Error,
    },
}

impl ProfileError {
    /// What the reader can do about it.
    pub fn hint(&self) -> String {
        match self {
            ProfileError::Unknown { nearest: Some(nearest), .. } => format!("did you mean `{nearest}`?"),
            ProfileError::Unknown { name, nearest: None, .. } => format!(
                "make it with `aws configure --profile {name}`, or name other files in `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE`"
            ),
            ProfileError::NoCredentials { .. } => {
                "give it keys, `role_arn` with `source_profile`, `credential_process`, or an SSO session"
                    .to_owned()
            }
            ProfileError::Invalid { .. } => "correct the file and start again".to_owned(),
            ProfileError::MetadataSource { .. } => {
                "use `source_profile`, `credential_process` or SSO in place of `credential_source`".to_owned()
            }
            ProfileError::MetadataAddress { .. } => {
                "correct `endpoint_url` in the profile or `AWS_ENDPOINT_URL` in the environment".to_owned()
            }
            ProfileError::Denied { name, .. } => {
                format!(
                    "see who asks with `aws sts get-caller-identity --profile {name}` and what the role trusts"
                )
            }
            ProfileError::Expired { name, .. } | ProfileError::Failed { name, .. } => format!(
                "see the provider's own words with `aws sts get-caller-identity --profile {name}`; for SSO run `aws sso login --profile {name}` first"
            ),
            ProfileError::Start { .. } => "look at the limits on threads and open files".to_owned(),
        }
    }

    /// The document for this failure. It says less than the error: no path, nothing about who was denied.
    pub(super) fn document(&self, found: UnixSeconds) -> Failure {
        let (code, message) = match self {
            ProfileError::Denied { name, .. } => {
                (CODE_UNAUTHORIZED, format!("profile `{name}` was denied its credentials"))
            }
            ProfileError::Unknown { name, .. }
            | ProfileError::NoCredentials { name, .. }
            | ProfileError::Invalid { name, .. } => {
                (CODE_FAILED, format!("profile `{name}` can no longer be read"))
            }
            ProfileError::MetadataSource { .. }
            | ProfileError::MetadataAddress { .. }
            | ProfileError::Expired { .. }
            | ProfileError::Failed { .. }
            | ProfileError::Start { .. } => (CODE_FAILED, self.to_string()),
        };
        Failure { code: code.to_owned(), message, last_updated: found }
    }
}
