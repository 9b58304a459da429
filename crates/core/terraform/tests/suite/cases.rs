//! Ways in which real code says whether tokens are required, and what other readers get wrong about them.

use crate::support::{all, at, one};

struct Case {
    name: &'static str,
    code: &'static str,
    /// Address, path, value.
    want: &'static [(&'static str, &'static str, &'static str)],
}

const TOKENS: &str = "metadata_options.0.http_tokens";

#[test]
fn code_says_what_applies() {
    for case in CASES {
        let (loaded, _) = all(&[("main.tf", case.code)]);
        assert_eq!(loaded.troubles, [], "{}", case.name);
        for (address, path, want) in case.want {
            assert_eq!(at(one(&loaded, address), path), *want, "{}: {address} {path}", case.name);
        }
    }
}

/// The label module that is vendored everywhere has this shape: a newline behind the colon inside of `{ for … }`.
#[test]
fn label_modules_are_read() {
    let code = r#"
        variable "label_order" { default = null }
        locals {
          defaults = { label_order = ["namespace", "name"] }
          order    = var.label_order == null ? local.defaults.label_order : var.label_order
          tags_context = {
            namespace = "eg"
            name      = ""
          }
          generated = {
            for key in keys(local.tags_context) :
            title(key) => local.tags_context[key]
            if length(local.tags_context[key]) > 0
          }
          id_context = {
            for k, v in local.tags_context : k => (k == "name") ? lower(v) :
            upper(v)
          }
          labels = [for l in local.order : local.id_context[l] if length(local.id_context[l]) > 0]
        }
        resource "a" "b" {
          tags = local.generated
          id   = join("-", local.labels)
        }"#;
    let (loaded, _) = all(&[("main.tf", code)]);
    assert_eq!(loaded.troubles, []);
    assert_eq!(at(one(&loaded, "a.b"), "tags"), "{Namespace = \"eg\"}");
    assert_eq!(at(one(&loaded, "a.b"), "id"), "\"EG\"");
}

const CASES: &[Case] = &[
    Case {
        name: "instance unset, template required",
        code: r#"
                resource "aws_launch_template" "t" {
                  metadata_options { http_tokens = "required" }
                }
                resource "aws_instance" "i" {
                  launch_template {
                    id      = aws_launch_template.t.id
                    version = "$Latest"
                  }
                }"#,
        want: &[
            ("aws_instance.i", TOKENS, "unset"),
            ("aws_instance.i", "launch_template.0.id", "-> aws_launch_template.t.id"),
            ("aws_instance.i", "launch_template.0.version", "\"$Latest\""),
            ("aws_launch_template.t", TOKENS, "\"required\""),
        ],
    },
    Case {
        name: "template by name",
        code: r#"
                resource "aws_launch_template" "t" { name = "web" }
                resource "aws_launch_template" "u" { name_prefix = "web-" }
                resource "aws_instance" "i" {
                  launch_template { name = aws_launch_template.t.name }
                }
                resource "aws_instance" "j" {
                  launch_template { name = aws_launch_template.u.name }
                }"#,
        want: &[
            ("aws_instance.i", "launch_template.0.name", "\"web\""),
            ("aws_instance.j", "launch_template.0.name", "-> aws_launch_template.u.name"),
        ],
    },
    Case {
        name: "variable required, optional, without default",
        code: r#"
                variable "required" { default = "required" }
                variable "optional" { default = "optional" }
                variable "open" {}
                resource "aws_instance" "r" {
                  metadata_options { http_tokens = var.required }
                }
                resource "aws_instance" "o" {
                  metadata_options { http_tokens = var.optional }
                }
                resource "aws_instance" "n" {
                  metadata_options { http_tokens = var.open }
                }"#,
        want: &[
            ("aws_instance.r", TOKENS, "\"required\""),
            ("aws_instance.o", TOKENS, "\"optional\""),
            ("aws_instance.n", TOKENS, "? no-default var.open"),
        ],
    },
    Case {
        name: "local map, lower, for_each, conditionals",
        code: r#"
                locals {
                  by_env = { prod = "required", dev = "optional" }
                  env    = "prod"
                }
                resource "aws_instance" "map" {
                  metadata_options { http_tokens = local.by_env[local.env] }
                }
                resource "aws_instance" "lower" {
                  metadata_options { http_tokens = lower("REQUIRED") }
                }
                resource "aws_instance" "each" {
                  for_each = local.by_env
                  metadata_options { http_tokens = each.value }
                }
                resource "aws_instance" "ternary" {
                  metadata_options { http_tokens = local.env == "prod" ? "required" : "optional" }
                }"#,
        want: &[
            ("aws_instance.map", TOKENS, "\"required\""),
            ("aws_instance.lower", TOKENS, "\"required\""),
            ("aws_instance.each[\"prod\"]", TOKENS, "\"required\""),
            ("aws_instance.each[\"dev\"]", TOKENS, "\"optional\""),
            ("aws_instance.ternary", TOKENS, "\"required\""),
        ],
    },
    Case {
        name: "dynamic over the arguments of a module's style",
        code: r#"
                variable "metadata_options" {
                  type    = map(string)
                  default = { http_tokens = "required", http_endpoint = "enabled" }
                }
                resource "aws_instance" "i" {
                  dynamic "metadata_options" {
                    for_each = length(var.metadata_options) > 0 ? [var.metadata_options] : []
                    content {
                      http_endpoint = try(metadata_options.value.http_endpoint, "enabled")
                      http_tokens   = try(metadata_options.value.http_tokens, "required")
                      http_put_response_hop_limit = lookup(metadata_options.value, "http_put_response_hop_limit", null)
                    }
                  }
                }
                resource "aws_instance" "none" {
                  dynamic "metadata_options" {
                    for_each = []
                    content { http_tokens = "required" }
                  }
                }"#,
        want: &[
            ("aws_instance.i", TOKENS, "\"required\""),
            ("aws_instance.i", "metadata_options.0.http_put_response_hop_limit", "null"),
            ("aws_instance.none", "metadata_options", "unset"),
        ],
    },
    Case {
        name: "group pinned to a version, or following",
        code: r#"
                resource "aws_launch_template" "t" {}
                resource "aws_autoscaling_group" "pinned" {
                  launch_template {
                    id      = aws_launch_template.t.id
                    version = "1"
                  }
                }
                resource "aws_autoscaling_group" "follows" {
                  mixed_instances_policy {
                    launch_template {
                      launch_template_specification {
                        launch_template_id = aws_launch_template.t.id
                        version            = aws_launch_template.t.latest_version
                      }
                      override { instance_type = "m6i.large" }
                      override {
                        launch_template_specification { launch_template_id = aws_launch_template.t.id }
                      }
                    }
                  }
                }"#,
        want: &[
            ("aws_autoscaling_group.pinned", "launch_template.0.version", "\"1\""),
            (
                "aws_autoscaling_group.follows",
                "mixed_instances_policy.0.launch_template.0.launch_template_specification.0.version",
                "-> aws_launch_template.t.latest_version",
            ),
            (
                "aws_autoscaling_group.follows",
                "mixed_instances_policy.0.launch_template.0.override.1.launch_template_specification.0.launch_template_id",
                "-> aws_launch_template.t.id",
            ),
        ],
    },
    Case {
        name: "template made only under a condition that is known",
        code: r#"
                variable "create" { default = true }
                resource "aws_launch_template" "t" {
                  count = var.create ? 1 : 0
                }
                resource "aws_autoscaling_group" "g" {
                  launch_template {
                    id      = element(concat(aws_launch_template.t.*.id, [""]), 0)
                    version = join("", aws_launch_template.t[*].name)
                  }
                }"#,
        want: &[
            ("aws_autoscaling_group.g", "launch_template.0.id", "-> aws_launch_template.t[0].id"),
            (
                "aws_autoscaling_group.g",
                "launch_template.0.version",
                "? computed aws_launch_template.t[0].name",
            ),
        ],
    },
    Case {
        name: "own image and account default",
        code: r#"
                resource "aws_ami" "a" { imds_support = "v2.0" }
                resource "aws_ec2_instance_metadata_defaults" "d" { http_tokens = "required" }
                data "aws_ami" "f" { most_recent = true }
                resource "aws_instance" "own" { ami = aws_ami.a.id }
                resource "aws_instance" "found" { ami = data.aws_ami.f.id }"#,
        want: &[
            ("aws_instance.own", "ami", "-> aws_ami.a.id"),
            ("aws_instance.found", "ami", "-> data.aws_ami.f.id"),
            ("aws_ami.a", "imds_support", "\"v2.0\""),
            ("aws_ec2_instance_metadata_defaults.d", "http_tokens", "\"required\""),
        ],
    },
    Case {
        name: "settings in lists and JSON",
        code: r#"
                resource "aws_elastic_beanstalk_environment" "e" {
                  setting {
                    namespace = "aws:autoscaling:launchconfiguration"
                    name      = "DisableIMDSv1"
                    value     = "false"
                  }
                }
                resource "aws_emr_security_configuration" "c" {
                  configuration = jsonencode({
                    InstanceMetadataServiceConfiguration = { MinimumInstanceMetadataServiceVersion = 1 }
                  })
                }"#,
        want: &[
            ("aws_elastic_beanstalk_environment.e", "setting.0.value", "\"false\""),
            (
                "aws_emr_security_configuration.c",
                "configuration",
                r#""{\"InstanceMetadataServiceConfiguration\":{\"MinimumInstanceMetadataServiceVersion\":1}}""#,
            ),
        ],
    },
    Case {
        name: "policy made by a data source",
        code: r#"
            data "aws_iam_policy_document" "scp" {
              statement {
                sid       = "RequireImdsV2"
                effect    = "Deny"
                actions   = ["ec2:RunInstances"]
                resources = ["arn:aws:ec2:*:*:instance/*", "*"]
                condition {
                  test     = "StringNotEquals"
                  variable = "ec2:MetadataHttpTokens"
                  values   = ["required"]
                }
              }
            }
            data "aws_iam_policy_document" "unknown" {
              source_policy_documents = [data.aws_iam_policy_document.scp.json]
            }
            resource "aws_organizations_policy" "p" {
              content = data.aws_iam_policy_document.scp.json
              other   = data.aws_iam_policy_document.unknown.json
            }"#,
        want: &[
            (
                "aws_organizations_policy.p",
                "content",
                r#""{\"Statement\":[{\"Action\":\"ec2:RunInstances\",\"Condition\":{\"StringNotEquals\":{\"ec2:MetadataHttpTokens\":\"required\"}},\"Effect\":\"Deny\",\"Resource\":[\"arn:aws:ec2:*:*:instance/*\",\"*\"],\"Sid\":\"RequireImdsV2\"}],\"Version\":\"2012-10-17\"}""#,
            ),
            ("aws_organizations_policy.p", "other", "? lookup a policy made of others"),
        ],
    },
];
