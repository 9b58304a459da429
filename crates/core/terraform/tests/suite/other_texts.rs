//! Plans, states, and templates of Packer.

use crate::support::{all, at, one};
use onehop_code::{Language, Presence, Sources, Span};
use onehop_terraform::{Code, Given, MemoryFiles, read_packer_json, read_plan, read_state};

#[test]
fn plans_say_what_will_be() {
    let plan = r#"{"format_version":"1.2","terraform_version":"1.9.0","resource_changes":[
      {"address":"module.m[\"k\"].aws_instance.web","mode":"managed","type":"aws_instance","name":"web",
       "change":{"actions":["create"],"before":null,
         "after":{"ami":"ami-1","metadata_options":[{"http_tokens":"required"}],"tags":null},
         "after_unknown":{"id":true,"metadata_options":[{"http_put_response_hop_limit":true}],"root_block_device":true,
            "launch_template":[{"id":true}],"subnet":true,"user_data":true}}},
      {"address":"aws_instance.gone","mode":"managed","type":"aws_instance","name":"gone","change":{"actions":["delete"],"before":{},"after":null}},
      {"address":"aws_s3_bucket.b","mode":"managed","type":"aws_s3_bucket","name":"b","change":{"actions":["create"],"after":{}}}],
     "configuration":{"provider_config":{"aws":{"name":"aws","version_constraint":"~> 5.0","expressions":{"region":{"constant_value":"eu-west-1"}}}},
       "root_module":{"module_calls":{"m":{"module":{"resources":[{"address":"aws_instance.web","type":"aws_instance","provider_config_key":"aws",
         "expressions":{"ami":{"constant_value":"ami-1"},"metadata_options":[{"http_tokens":{"constant_value":"required"}}],
           "launch_template":[{"id":{"references":["aws_launch_template.t.id","aws_launch_template.t"]}}],
           "user_data":{"references":["var.x"]}}}]}}}}}}"#;
    let plan = plan.replace("\"tags\":null}", "\"tags\":null,\"launch_template\":[{}]}");
    let mut sources = Sources::default();
    let file = sources.add("plan.json", plan.as_bytes());
    let loaded = read_plan("plan.json", &plan, Some(file), &|kind| kind == "aws_instance");
    assert_eq!((loaded.resources.len(), loaded.troubles.len()), (1, 0));
    let found = one(&loaded, "module.m[\"k\"].aws_instance.web");
    assert_eq!(found.language, Language::TerraformPlan);
    assert_eq!(at(found, "metadata_options.0.http_tokens"), "\"required\"");
    assert_eq!(at(found, "metadata_options.0.http_put_response_hop_limit"), "null", "it is not written");
    assert_eq!(at(found, "root_block_device"), "null", "it is not written");
    assert_eq!(at(found, "launch_template.0.id"), "-> module.m[\"k\"].aws_launch_template.t.id");
    assert_eq!(at(found, "user_data"), "? computed module.m[\"k\"].aws_instance.web.user_data");
    assert_eq!(found.provider.region.as_deref(), Some("eu-west-1"));
    assert_eq!(found.provider.constraint.as_deref(), Some("~> 5.0"));
    let tokens = found.body.path(&["metadata_options", "0", "http_tokens"]).and_then(|value| value.span);
    assert_eq!(tokens.map(|span: Span| sources.text(span)), Some("\"required\""));
    assert_eq!(found.presence, Presence::Sure);
}

#[test]
fn a_plan_without_its_configuration_is_less_sure() {
    let plan = r#"{"resource_changes":[{"address":"a.b","type":"a","change":{"actions":["delete","create"],"after":{},"after_unknown":{"m":true}}}]}"#;
    let loaded = read_plan("p", plan, None, &|_| true);
    assert_eq!(at(&loaded.resources[0], "m"), "? computed a.b.m");
    let planned = r#"{"planned_values":{"root_module":{"resources":[{"address":"a.b","mode":"managed","type":"a","values":{"x":1}}],
        "child_modules":[{"resources":[{"address":"module.m.a.c","type":"a","values":{}}]}]}}}"#;
    assert_eq!(read_plan("p", planned, None, &|_| true).resources.len(), 2);
}

#[test]
fn states_say_what_is() {
    let state = r#"{"version":4,"resources":[
      {"module":"module.m","mode":"managed","type":"aws_instance","name":"web","provider":"provider[\"registry.terraform.io/hashicorp/aws\"].west",
       "instances":[{"index_key":0,"attributes":{"arn":"arn:aws:ec2:us-west-2:1:instance/i","metadata_options":[{"http_tokens":"optional"}]}},
                    {"index_key":"k","attributes":{}},{"attributes":{}}]},
      {"mode":"data","type":"aws_ami","name":"a","instances":[{"attributes":{}}]}]}"#;
    let loaded = read_state("terraform.tfstate", state, None, &|_| true);
    let addresses: Vec<&str> = loaded.resources.iter().map(|found| found.address.as_str()).collect();
    assert_eq!(
        addresses,
        [
            "module.m.aws_instance.web[0]",
            "module.m.aws_instance.web[\"k\"]",
            "module.m.aws_instance.web",
            "data.aws_ami.a"
        ]
    );
    let first = &loaded.resources[0];
    assert_eq!(at(first, "metadata_options.0.http_tokens"), "\"optional\"");
    assert_eq!(
        (first.provider.alias.as_str(), first.provider.region.as_deref()),
        ("west", Some("us-west-2"))
    );
}

#[test]
fn other_json_is_a_trouble() {
    for text in ["", "[]", "{", "{\"version\":3}", "null", "\u{0}"] {
        assert_eq!(read_state("s", text, None, &|_| true).troubles.len(), 1, "{text:?}");
    }
    for text in ["", "[]", "{", "{}", "null"] {
        assert_eq!(read_plan("p", text, None, &|_| true).troubles.len(), 1, "{text:?}");
    }
}

#[test]
fn packer_templates_are_evaluated() {
    let template = r#"
        packer {
          required_plugins {
            amazon = { version = ">= 1.2.8", source = "github.com/hashicorp/amazon" }
          }
        }
        variable "tokens" {
          type    = string
          default = "optional"
        }
        locals { name = "web-${var.tokens}" }
        local "other" { expression = upper(local.name) }
        data "amazon-ami" "base" { most_recent = true }
        source "amazon-ebs" "web" {
          imds_support = "v2.0"
          ami_name     = local.other
          source_ami   = data.amazon-ami.base.id
          metadata_options { http_tokens = var.tokens }
        }
        build { sources = ["source.amazon-ebs.web"] }"#;
    let template =
        template.replace("{ version = \">= 1.2.8\", source", "{\n version = \">= 1.2.8\"\n source");
    let files =
        MemoryFiles::of(&[("web.pkr.hcl", &template), ("x.auto.pkrvars.hcl", "tokens = \"required\"")]);
    let (mut code, mut sources) = (Code::default(), Sources::default());
    code.read(".", &files, &mut sources);
    let wanted = |kind: &str| kind == "packer.amazon-ebs" || kind == "data.amazon-ami";
    let loaded = code.evaluate_packer(".", &files, &sources, &Given::default(), &wanted);
    assert_eq!(loaded.troubles, []);
    let found = one(&loaded, "source.amazon-ebs.web");
    assert_eq!((found.kind.as_str(), found.language), ("packer.amazon-ebs", Language::Packer));
    assert_eq!(at(found, "metadata_options.0.http_tokens"), "\"required\"");
    assert_eq!(at(found, "ami_name"), "\"WEB-REQUIRED\"");
    assert_eq!(at(found, "source_ami"), "-> data.amazon-ami.base.id");
    let (terraform, _) = all(&[("web.pkr.hcl", &template)]);
    assert!(terraform.resources.is_empty(), "it is no Terraform");
}

#[test]
fn old_packer_templates_are_read() {
    let json = r#"{"variables":{"tokens":"required","none":null},
      "builders":[{"type":"amazon-ebs","region":"us-east-1","ami_name":"x {{timestamp}}","name":"n-{{user `tokens`}}",
        "metadata_options":{"http_tokens":"{{user `tokens`}}","http_endpoint":"{{ user `none` }}"}},{"type":"docker"}]}"#;
    let mut sources = Sources::default();
    let file = sources.add("web.json", json.as_bytes());
    let loaded = read_packer_json("web.json", file, &sources, &|kind| kind.starts_with("packer.amazon"));
    assert_eq!(loaded.resources.len(), 1);
    let found = one(&loaded, "builders.n-required");
    assert_eq!(at(found, "metadata_options.0.http_tokens"), "\"required\"");
    assert_eq!(at(found, "metadata_options.0.http_endpoint"), "? no-default none");
    assert_eq!(at(found, "ami_name"), "? function timestamp");
    let tokens = found.body.path(&["metadata_options", "0", "http_tokens"]).expect("it is written");
    assert_eq!(tokens.origin.map(|span| sources.text(span)), Some("\"required\""));
}

#[test]
fn broken_json_has_its_place() {
    let (loaded, sources) = all(&[
        ("main.tf.json", "{\n  \"resource\": {\n    \"a\" \"b\"\n  }\n}"),
        ("good.tf", "resource \"a\" \"b\" {}"),
    ]);
    assert_eq!(loaded.resources.len(), 1);
    let lines: Vec<u32> =
        loaded.troubles.iter().filter_map(|trouble| Some(sources.positions(trouble.span?).0.line)).collect();
    assert_eq!(lines, [3]);
}

#[test]
fn files_and_code_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Code>();
    shared::<onehop_terraform::File>();
}
