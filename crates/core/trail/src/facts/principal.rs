//! Who made a call.

use super::cut;

/// What kind of identity it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A role whose credentials a metadata service delivered to an instance.
    InstanceRole,
    /// The instance identity role, `assumed-role/aws:ec2-instance/i-…`: what AWS's own agents on the instance use. It is
    /// not the role of the instance profile.
    InstanceIdentity,
    /// Any other assumed role.
    AssumedRole,
    /// A user of the account.
    User,
    /// The account itself.
    Root,
    /// A service of AWS.
    Service,
    /// Anything else: federated users, other accounts, unknown.
    Other,
}

/// Who made a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// What kind of identity it is.
    pub kind: Kind,
    /// Its ARN, or the name of the service; empty if the record has neither.
    pub arn: String,
    /// The account it belongs to.
    pub account: String,
    /// The ARN of the role, for roles.
    pub role: Option<String>,
    /// The name of the session, for roles.
    pub session: Option<String>,
}

/// What the record says of it.
pub(super) struct Spelled<'a> {
    pub(super) kind: &'a str,
    pub(super) arn: &'a str,
    pub(super) account: &'a str,
    /// The ARN of the role that issued the session.
    pub(super) issuer: &'a str,
    pub(super) invoked_by: &'a str,
    /// Whether a metadata service delivered the credentials.
    pub(super) delivered: bool,
}

impl Principal {
    pub(super) fn read(spelled: &Spelled<'_>) -> Principal {
        let (role, session) = match assumed_role(spelled.arn) {
            Some((name, session)) => {
                let role = if spelled.issuer.is_empty() { name } else { spelled.issuer };
                (Some(cut(role)), Some(cut(session)))
            }
            None => (None, None),
        };
        let arn = if spelled.arn.is_empty() { spelled.invoked_by } else { spelled.arn };
        Principal { kind: kind(spelled), arn: cut(arn), account: cut(spelled.account), role, session }
    }

    /// The instance whose session it is, if the session is named for one.
    pub fn instance(&self) -> Option<&str> {
        self.session.as_deref().filter(|session| is_instance_id(session))
    }
}

fn kind(spelled: &Spelled<'_>) -> Kind {
    match assumed_role(spelled.arn) {
        Some(("aws:ec2-instance", _)) => Kind::InstanceIdentity,
        _ if spelled.delivered => Kind::InstanceRole,
        Some(_) => Kind::AssumedRole,
        None => match spelled.kind {
            "AssumedRole" => Kind::AssumedRole,
            "IAMUser" => Kind::User,
            "Root" => Kind::Root,
            "AWSService" => Kind::Service,
            _ => Kind::Other,
        },
    }
}

/// Name of the role and of the session in `arn:…:assumed-role/ROLE/SESSION`.
fn assumed_role(arn: &str) -> Option<(&str, &str)> {
    arn.split_once(":assumed-role/")?.1.split_once('/')
}

/// `i-` and 8 or 17 hexadecimal digits; letters beyond, since published records are anonymised with them.
pub(crate) fn is_instance_id(text: &str) -> bool {
    text.strip_prefix("i-")
        .is_some_and(|id| (8..=17).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}
