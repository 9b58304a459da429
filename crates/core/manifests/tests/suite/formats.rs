use super::run;
use onehop_manifests::Format;

#[test]
fn documents_are_known_by_what_they_say() {
    for (text, want) in [
        ("apiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\n", Some(Format::Karpenter)),
        (
            "apiVersion: v1\nkind: List\nitems: [{apiVersion: karpenter.k8s.aws/v1alpha1, kind: AWSNodeTemplate}]\n",
            Some(Format::Karpenter),
        ),
        (
            "apiVersion: karpenter.sh/v1alpha5\nkind: Provisioner\nspec: {provider: {}}\n",
            Some(Format::Karpenter),
        ),
        ("apiVersion: karpenter.sh/v1\nkind: NodePool\n", None),
        ("apiVersion: v1\nkind: Service\n", None),
        ("apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\n", Some(Format::Eksctl)),
        ("Region: eu-west-1\nHeadNode: {}\nScheduling: {}\n", Some(Format::ParallelCluster)),
        ("- hosts: all\n  tasks: []\n", Some(Format::Ansible)),
        ("- amazon.aws.ec2_instance: {}\n", Some(Format::Ansible)),
        ("- block:\n  - ec2: {}\n", Some(Format::Ansible)),
        ("- ansible.builtin.copy: {}\n", None),
        ("- hosts: x\n", None),
        ("name: x\nruntime: yaml\nresources: {a: {type: 'aws:ec2:Instance'}}\n", Some(Format::Pulumi)),
        ("resources: {a: {type: 'gcp:x:Y'}}\n", None),
        (r#"{"steps":[{"op":"create","urn":"urn:pulumi:a::b::c::d"}]}"#, Some(Format::PulumiState)),
        (
            r#"{"version":3,"deployment":{"resources":[{"urn":"urn:pulumi:a::b::c::d"}]}}"#,
            Some(Format::PulumiState),
        ),
        (r#"{"steps":[{"op":"create"}]}"#, None),
        (r#"{"builders":[{"type":"amazon-ebs"}]}"#, Some(Format::Packer)),
        (r#"{"builders":["x"]}"#, None),
        (r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny"}]}"#, Some(Format::ServiceControlPolicy)),
        (r#"{"Statement":{"Effect":"Allow"}}"#, Some(Format::ServiceControlPolicy)),
        (r#"{"Statement":[{"x":1}]}"#, None),
        (r#"{"ec2_attributes":{}}"#, Some(Format::DeclarativePolicy)),
        ("[]", None),
        ("x", None),
    ] {
        assert_eq!(run(text).1, [want], "{text}");
    }
}
