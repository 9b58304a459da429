//! What is asked of a service: paths, as data.
//!
//! `{role}` stands for a made-up role, `{id}` for a made-up identifier of 32 hexadecimal digits. A service has the
//! requests listed for it, and the beginnings of its paths in the catalogue as `service`. Nothing fails.

use crate::dice::Dice;
use onehop_address::catalogue::Provider;
use std::borrow::Cow;

/// The names of the requests, in labels. `nothing` is a URL that ends after its host.
pub static PATHS: &[&str] = &[
    "credentials-listing",
    "role-credentials",
    "token",
    "user-data",
    "identity-document",
    "service",
    "root",
    "nothing",
];

const ROLES: &[&str] = &["app-role", "WebServerRole", "ci-runner", "eks-node", "s3-reader", "default"];

/// Service, request, path.
const REQUESTS: &[(&str, &str, &str)] = &[
    ("ec2", "credentials-listing", "/latest/meta-data/iam/security-credentials/"),
    ("ec2", "credentials-listing", "/latest/meta-data/iam/security-credentials"),
    ("ec2", "credentials-listing", "/2021-03-23/meta-data/iam/security-credentials/"),
    ("ec2", "credentials-listing", "/latest/meta-data/iam/info"),
    ("ec2", "role-credentials", "/latest/meta-data/iam/security-credentials/{role}"),
    (
        "ec2",
        "role-credentials",
        "/latest/meta-data/identity-credentials/ec2/security-credentials/ec2-instance",
    ),
    ("ec2", "token", "/latest/api/token"),
    ("ec2", "user-data", "/latest/user-data"),
    ("ec2", "user-data", "/2009-04-04/user-data"),
    ("ec2", "identity-document", "/latest/dynamic/instance-identity/document"),
    ("ec2", "identity-document", "/latest/dynamic/instance-identity/pkcs7"),
    ("ecs", "credentials-listing", "/v4/{id}/task"),
    ("ecs", "credentials-listing", "/v3/{id}"),
    ("ecs", "role-credentials", "/v2/credentials/{id}"),
    ("ecs", "identity-document", "/v2/metadata"),
    ("eks-pod-identity", "role-credentials", "/v1/credentials"),
    ("gcp", "credentials-listing", "/computeMetadata/v1/instance/service-accounts/"),
    ("gcp", "credentials-listing", "/computeMetadata/v1/?recursive=true&alt=json"),
    ("gcp", "role-credentials", "/computeMetadata/v1/instance/service-accounts/default/token"),
    ("gcp", "role-credentials", "/computeMetadata/v1beta1/instance/service-accounts/default/token"),
    ("gcp", "user-data", "/computeMetadata/v1/instance/attributes/startup-script"),
    ("gcp", "identity-document", "/computeMetadata/v1/instance/service-accounts/default/identity?audience=a"),
    (
        "azure",
        "role-credentials",
        "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://management.azure.com/",
    ),
    ("azure", "user-data", "/metadata/instance/compute/userData?api-version=2021-01-01&format=text"),
    ("azure", "identity-document", "/metadata/attested/document?api-version=2020-09-01"),
    ("azure", "credentials-listing", "/metadata/identity/info?api-version=2018-02-01"),
    ("alibaba", "credentials-listing", "/latest/meta-data/ram/security-credentials/"),
    ("alibaba", "role-credentials", "/latest/meta-data/ram/security-credentials/{role}"),
    ("alibaba", "token", "/latest/api/token"),
    ("alibaba", "user-data", "/latest/user-data"),
    ("alibaba", "identity-document", "/latest/dynamic/instance-identity/document"),
    ("oracle", "credentials-listing", "/opc/v2/identity/"),
    ("oracle", "role-credentials", "/opc/v2/identity/key.pem"),
    ("oracle", "user-data", "/opc/v1/instance/metadata/user_data"),
    ("oracle", "identity-document", "/opc/v2/instance/"),
    ("oracle-classic", "user-data", "/latest/user-data"),
    ("oracle-classic", "credentials-listing", "/latest/meta-data/"),
    ("scaleway", "user-data", "/user_data/cloud-init"),
    ("scaleway", "identity-document", "/conf?format=json"),
    ("akamai", "token", "/v1/token"),
    ("akamai", "user-data", "/v1/user-data"),
    ("akamai", "identity-document", "/v1/instance"),
    ("openstack", "credentials-listing", "/openstack/latest/meta_data.json"),
    ("openstack", "role-credentials", "/openstack/latest/password"),
    ("openstack", "user-data", "/openstack/latest/user_data"),
    ("hetzner", "user-data", "/hetzner/v1/userdata"),
    ("hetzner", "identity-document", "/hetzner/v1/metadata/instance-id"),
    ("digitalocean", "user-data", "/metadata/v1/user-data"),
    ("digitalocean", "identity-document", "/metadata/v1.json"),
    ("vultr", "identity-document", "/v1.json"),
    ("vultr", "user-data", "/v1/user-data"),
    ("exoscale", "user-data", "/1.0/user-data"),
    ("cloudcix", "user-data", "/v1/userdata"),
    ("ibm", "token", "/instance_identity/v1/token?version=2022-03-01"),
    ("ibm", "role-credentials", "/instance_identity/v1/iam_token?version=2022-03-01"),
    ("ibm", "user-data", "/metadata/v1/instance/initialization?version=2022-03-01"),
    ("yandex", "role-credentials", "/computeMetadata/v1/instance/service-accounts/default/token"),
    ("yandex", "user-data", "/latest/user-data"),
    ("huawei", "role-credentials", "/openstack/latest/securitykey"),
    ("huawei", "user-data", "/openstack/latest/user_data"),
    ("tencent", "credentials-listing", "/latest/meta-data/cam/security-credentials/"),
    ("tencent", "role-credentials", "/latest/meta-data/cam/security-credentials/{role}"),
    ("equinix", "user-data", "/userdata"),
    ("equinix", "identity-document", "/metadata"),
    ("rancher", "identity-document", "/latest/self/container"),
    ("cloudstack", "user-data", "/latest/user-data"),
    ("cloudstack", "credentials-listing", "/latest/meta-data/"),
];

/// The path of a request to a service; `None` if the service has no such request.
pub(crate) fn path(request: &str, provider: &Provider, dice: &mut Dice) -> Option<Cow<'static, str>> {
    let template = match request {
        "root" => return Some(Cow::Borrowed("/")),
        "nothing" => return Some(Cow::Borrowed("")),
        "service" => dice.pick(provider.paths),
        _ => {
            let own = |row: &&(&str, &str, &str)| row.0 == provider.name && row.1 == request;
            let count = REQUESTS.iter().filter(own).count();
            let row = dice.place(count);
            REQUESTS.iter().filter(own).nth(row)?.2
        }
    };
    Some(filled(template, dice))
}

fn filled(template: &'static str, dice: &mut Dice) -> Cow<'static, str> {
    if let Some((before, after)) = template.split_once("{role}") {
        return Cow::Owned([before, dice.pick(ROLES), after].concat());
    }
    let Some((before, after)) = template.split_once("{id}") else { return Cow::Borrowed(template) };
    let mut path = String::from(before);
    dice.hex(32, &mut path);
    path.push_str(after);
    Cow::Owned(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::targets;

    #[test]
    fn rows_name_services_and_requests_that_exist() {
        for (service, request, path) in REQUESTS {
            assert!(targets().iter().any(|target| target.provider.name == *service), "{service}");
            assert!(PATHS.contains(request), "{request}");
            assert!(path.starts_with('/'), "{path}");
        }
    }

    #[test]
    fn every_service_has_its_own_paths_and_placeholders_are_filled() {
        let mut dice = Dice::of(1, crate::dice::Stream::Attempt, 0);
        for target in targets() {
            assert!(!target.provider.paths.is_empty(), "{}", target.provider.name);
            for request in PATHS {
                let path = path(request, target.provider, &mut dice);
                assert!(path.is_none_or(|path| !path.contains(['{', '}'])));
            }
        }
        let ecs = targets().iter().find(|target| target.provider.name == "ecs").expect("ECS is a target");
        let credentials = path("role-credentials", ecs.provider, &mut dice).expect("ECS has credentials");
        assert_eq!(credentials.len(), "/v2/credentials/".len() + 32);
        assert_eq!(path("token", ecs.provider, &mut dice), None);
    }
}
