//! The calls that are watched whoever makes them.

/// A watched call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Call {
    /// Metadata options of an instance are changed.
    ModifyOptions,
    /// Metadata defaults of an account in a Region are changed.
    ModifyDefaults,
    /// Instances are launched.
    Launch,
    /// A launch template, or a version of one, is made.
    Template,
    /// The default version of a launch template is moved.
    TemplateDefault,
    /// A launch configuration is made.
    LaunchConfiguration,
    /// A fleet or spot instances are requested.
    Fleet,
    /// Addresses or interfaces are given to an instance, or it starts and gets others.
    Network,
    /// Commands are sent to instances.
    Command,
}

const NETWORK: [&str; 7] = [
    "AllocateAddress",
    "AssociateAddress",
    "DisassociateAddress",
    "AttachNetworkInterface",
    "AssignPrivateIpAddresses",
    "AssignIpv6Addresses",
    "StartInstances",
];

impl Call {
    /// The watched call that a service and an event name stand for.
    pub fn read(service: &str, event: &str) -> Option<Call> {
        let (name, _) = service.split_once('.').unwrap_or((service, ""));
        let call = match (name, event) {
            ("ec2", "ModifyInstanceMetadataOptions") | ("lightsail", "UpdateInstanceMetadataOptions") => {
                Call::ModifyOptions
            }
            ("ec2", "ModifyInstanceMetadataDefaults") => Call::ModifyDefaults,
            ("ec2", "RunInstances") => Call::Launch,
            ("ec2", "CreateLaunchTemplate" | "CreateLaunchTemplateVersion") => Call::Template,
            ("ec2", "ModifyLaunchTemplate") => Call::TemplateDefault,
            ("autoscaling", "CreateLaunchConfiguration") => Call::LaunchConfiguration,
            ("ec2", "CreateFleet" | "RequestSpotInstances" | "RequestSpotFleet") => Call::Fleet,
            ("ec2", event) if NETWORK.contains(&event) => Call::Network,
            ("ssm", "SendCommand") => Call::Command,
            _ => return None,
        };
        Some(call)
    }
}
