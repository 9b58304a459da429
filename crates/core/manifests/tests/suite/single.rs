use super::{Case, check, lines, run};
use onehop_code::Language;

#[test]
fn manifests_of_kubernetes_are_resources() {
    check(&[
        Case {
            name: "several documents",
            input: "apiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\nmetadata: {name: a}\nspec: {metadataOptions: {httpTokens: optional}}\n---\nkind: Pod\napiVersion: v1\n---\napiVersion: karpenter.k8s.aws/v1alpha1\nkind: AWSNodeTemplate\n",
            want: &[
                r#"EC2NodeClass EC2NodeClass/a {apiVersion="karpenter.k8s.aws/v1" kind="EC2NodeClass" metadata={name="a"} spec={metadataOptions={httpTokens="optional"}}}"#,
                r#"AWSNodeTemplate AWSNodeTemplate/? {apiVersion="karpenter.k8s.aws/v1alpha1" kind="AWSNodeTemplate"}"#,
            ],
            why: "each with its version, which decides defaults",
        },
        Case {
            name: "template that fills in",
            input: "{{- if .on }}\napiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\nmetadata:\n  name: {{ .name }}\nspec:\n  amiFamily: AL2\n  {{- with .m }}\n  {{- toYaml . | nindent 2 }}\n  {{- end }}\n{{- end }}\n",
            want: &[
                r#"EC2NodeClass EC2NodeClass/? {apiVersion="karpenter.k8s.aws/v1" kind="EC2NodeClass" metadata={name=?unparsed({{ .name }})} spec={amiFamily="AL2" {{}}=?unparsed({{- toYaml . | nindent 2 }}) metadataOptions=?unparsed(what a template fills in) userData=?unparsed(what a template fills in)} {{}}=?unparsed({{- toYaml . | nindent 2 }})}"#,
            ],
            why: "what is left out may be filled in",
        },
    ]);
}

#[test]
fn groups_of_eksctl_are_resources() {
    let text = "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: c, region: eu-west-1}\nnodeGroups:\n- {name: a, disableIMDSv1: no}\nmanagedNodeGroups:\n- name: b\n- {}\n";
    assert_eq!(
        lines(text),
        [
            r#"NodeGroup c/a {name="a" disableIMDSv1=false cluster={name="c" region="eu-west-1"}}"#,
            r#"ManagedNodeGroup c/b {name="b" cluster={name="c" region="eu-west-1"}}"#,
            r#"ManagedNodeGroup c/? {cluster={name="c" region="eu-west-1"}}"#,
        ]
    );
    let (sources, _, resources) = run(text);
    assert_eq!(resources[0].provider.region.as_deref(), Some("eu-west-1"));
    assert_eq!(sources.text(resources[0].span.unwrap()), "a");
    assert_eq!(sources.text(resources[0].block.unwrap()), "{name: a, disableIMDSv1: no}");
}

#[test]
fn whole_documents_are_resources() {
    check(&[
        Case {
            name: "cluster",
            input: "Region: eu-west-1\nImds: {ImdsSupport: v1.0}\nHeadNode: {Imds: {Secured: true}}\nScheduling: {}\n",
            want: &[
                r#"ParallelCluster cluster {Region="eu-west-1" Imds={ImdsSupport="v1.0"} HeadNode={Imds={Secured=true}} Scheduling={}}"#,
            ],
            why: "one resource",
        },
        Case {
            name: "policy",
            input: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"ec2:RunInstances"}]}"#,
            want: &[
                r#"ServiceControlPolicy policy {Version="2012-10-17" Statement=[{Effect="Deny" Action="ec2:RunInstances"}]}"#,
            ],
            why: "as it is",
        },
        Case {
            name: "declarative policy",
            input: r#"{"ec2_attributes":{"instance_metadata_defaults":{"http_tokens":{"@@assign":"required"}}}}"#,
            want: &[
                r#"DeclarativePolicy policy {ec2_attributes={instance_metadata_defaults={http_tokens={@@assign="required"}}}}"#,
            ],
            why: "as it is",
        },
    ]);
    let (sources, _, resources) = run("HeadNode: {}\nRegion: eu-west-1\nImage: {}\n");
    assert_eq!(resources[0].language, Language::ParallelCluster);
    assert_eq!(sources.text(resources[0].span.unwrap()), "HeadNode");
    assert_eq!(resources[0].provider.region.as_deref(), Some("eu-west-1"));
}
