//! The modules that matter, under all their names.

/// Their names: in the collection that holds them today, and without one, also as they were called before.
pub const MODULES: [(&str, &[&str]); 8] = [
    ("amazon.aws.ec2_instance", &["ec2_instance"]),
    ("amazon.aws.ec2", &["ec2"]),
    ("amazon.aws.ec2_launch_template", &["ec2_launch_template"]),
    ("amazon.aws.autoscaling_group", &["autoscaling_group", "ec2_asg"]),
    ("amazon.aws.ec2_ami", &["ec2_ami"]),
    ("amazon.aws.ec2_spot_instance", &["ec2_spot_instance"]),
    ("community.aws.autoscaling_launch_config", &["autoscaling_launch_config", "ec2_lc"]),
    ("community.aws.eks_nodegroup", &["eks_nodegroup"]),
];

/// Today's name of a module, if it is one of them.
pub(super) fn canonical(name: &str) -> Option<&'static str> {
    let collections =
        ["amazon.aws.", "community.aws.", "ansible.builtin.", "ansible.legacy.", "community.amazon."];
    let short = collections.iter().find_map(|it| name.strip_prefix(it)).unwrap_or(name);
    MODULES.iter().find(|(_, names)| names.contains(&short)).map(|(name, _)| *name)
}
