//! Modules and providers.

use crate::support::{all, at, one};
use onehop_code::{Presence, Sources, TroubleKind};
use onehop_terraform::{Code, Files, Given, MemoryFiles};

const WEB: &str = r#"
variable "options" {
  type = object({ http_tokens = optional(string, "optional") })
  default = {}
}
resource "aws_launch_template" "this" {
  metadata_options { http_tokens = var.options.http_tokens }
}
output "id" { value = aws_launch_template.this.id }
output "tokens" { value = var.options.http_tokens }
"#;

#[test]
fn inputs_and_outputs_pass() {
    let main = r#"
        module "plain" { source = "./web" }
        module "set" {
          source  = "./web"
          options = { http_tokens = "required" }
        }
        module "many" {
          source   = "./web"
          for_each = { a = "required", b = "optional" }
          options  = { http_tokens = each.value }
        }
        module "two" {
          source = "./web"
          count  = 2
        }
        resource "aws_instance" "i" {
          one   = module.plain.id
          two   = module.set.tokens
          three = module.many["a"].id
          four  = module.two[*].id
          five  = module.plain.nothing
          six   = [for k, m in module.many : m.tokens]
        }"#;
    let (loaded, sources) = all(&[("main.tf", main), ("web/main.tf", WEB)]);
    assert_eq!(loaded.troubles, []);
    let tokens = |address: &str| at(one(&loaded, address), "metadata_options.0.http_tokens");
    assert_eq!(tokens("module.plain.aws_launch_template.this"), "\"optional\"");
    assert_eq!(tokens("module.set.aws_launch_template.this"), "\"required\"");
    assert_eq!(tokens("module.many[\"a\"].aws_launch_template.this"), "\"required\"");
    assert_eq!(tokens("module.two[1].aws_launch_template.this"), "\"optional\"");
    let instance = one(&loaded, "aws_instance.i");
    assert_eq!(at(instance, "one"), "-> module.plain.aws_launch_template.this.id");
    assert_eq!(at(instance, "two"), "\"required\"");
    assert_eq!(at(instance, "three"), "-> module.many[\"a\"].aws_launch_template.this.id");
    assert_eq!(
        at(instance, "four"),
        "[-> module.two[0].aws_launch_template.this.id, -> module.two[1].aws_launch_template.this.id]"
    );
    assert_eq!(at(instance, "five"), "? name output.nothing");
    assert_eq!(at(instance, "six"), "[\"required\", \"optional\"]");
    let set = one(&loaded, "module.set.aws_launch_template.this");
    let value = set.body.path(&["metadata_options", "0", "http_tokens"]).expect("it is written");
    assert_eq!(value.span.map(|span| sources.text(span)), Some("var.options.http_tokens"));
    assert_eq!(
        value.origin.map(|span| (sources.of(span.file).path.as_str(), sources.text(span))),
        Some(("main.tf", "\"required\""))
    );
    assert_eq!(set.calls.iter().map(|span| sources.text(*span)).collect::<Vec<_>>(), ["module \"set\""]);
}

#[test]
fn a_call_that_may_not_be_makes_what_may_not_be() {
    let main = "variable \"on\" {}\nmodule \"m\" {\n source = \"./web\"\n count = var.on ? 1 : 0\n}";
    let (loaded, _) = all(&[("main.tf", main), ("web/main.tf", WEB)]);
    let found = one(&loaded, "module.m[0].aws_launch_template.this");
    assert!(matches!(&found.presence, Presence::Unknown(unknown) if unknown.about == "var.on"));
}

#[test]
fn what_is_not_on_disk_is_told_once_and_unknown() {
    let main = r#"
        module "far" {
          source   = "terraform-aws-modules/ec2-instance/aws"
          version  = "5.0.0"
          metadata_options = { http_tokens = "required" }
        }
        resource "a" "b" { v = module.far.id }
        resource "a" "c" { v = module.far.arn }"#;
    let (loaded, sources) = all(&[("main.tf", main)]);
    let troubles: Vec<_> =
        loaded.troubles.iter().map(|t| (t.kind, t.span.map(|span| sources.text(span)))).collect();
    assert_eq!(troubles, [(TroubleKind::Missing, Some("module \"far\""))]);
    assert_eq!(at(one(&loaded, "a.b"), "v"), "? module far");
    let call = one(&loaded, "module.far");
    assert_eq!(call.kind, "module");
    assert_eq!(at(call, "metadata_options.http_tokens"), "\"required\"");
    assert_eq!(at(call, "version"), "\"5.0.0\"");
}

#[test]
fn vendored_modules_are_found() {
    let manifest = r#"{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"far","Source":"x/y/z","Dir":".terraform/modules/far"},
        {"Key":"far.inner","Source":"i/j/k","Dir":".terraform/modules/far.inner/sub"}]}"#;
    let files = [
        ("r/main.tf", "module \"far\" {\n source = \"x/y/z\"\n}"),
        ("r/.terraform/modules/modules.json", manifest),
        ("r/.terraform/modules/far/main.tf", "module \"inner\" {\n source = \"i/j/k\"\n}"),
        ("r/.terraform/modules/far.inner/sub/main.tf", "resource \"a\" \"b\" {}"),
    ];
    let mut sources = Sources::default();
    let loaded =
        onehop_terraform::load("r", &MemoryFiles::of(&files), &Given::default(), &|_| true, &mut sources);
    assert_eq!(loaded.troubles, []);
    assert_eq!(one(&loaded, "module.far.module.inner.a.b").scope, "r");
}

#[test]
fn modules_that_call_themselves_end() {
    let files = [
        ("main.tf", "module \"a\" {\n source = \"./a\"\n}"),
        ("a/main.tf", "module \"b\" {\n source = \"../b\"\n}\nresource \"t\" \"a\" {\n v = module.b.o\n}"),
        ("b/main.tf", "module \"a\" {\n source = \"../a\"\n}\noutput \"o\" {\n value = 1\n}"),
    ];
    let (loaded, _) = all(&files);
    assert_eq!(loaded.troubles.iter().map(|trouble| trouble.kind).collect::<Vec<_>>(), [TroubleKind::Cycle]);
    assert_eq!(at(one(&loaded, "module.a.t.a"), "v"), "1");
}

#[test]
fn roots_are_what_nobody_calls() {
    let files = MemoryFiles::of(&[
        ("live/prod/main.tf", "module \"w\" {\n source = \"../../modules/web\"\n}"),
        ("modules/web/main.tf", ""),
        ("modules/alone/main.tf", ""),
        ("ring/a/main.tf", "module \"b\" {\n source = \"../b\"\n}"),
        ("ring/b/main.tf", "module \"a\" {\n source = \"../a\"\n}"),
        ("self/main.tf", "module \"s\" {\n source = \"./\"\n}"),
        ("images/web.pkr.hcl", ""),
    ]);
    let (mut code, mut sources) = (Code::default(), Sources::default());
    for path in files.0.keys() {
        let bytes = files.read(path).unwrap_or_default();
        let id = sources.add(path.as_str(), &bytes);
        code.insert(path, onehop_terraform::parse(path, id, &sources));
    }
    assert_eq!(code.roots(&sources), ["live/prod", "modules/alone", "ring/a", "self"]);
    assert_eq!(code.packer_dirs(), ["images"]);
}

#[test]
fn providers_are_followed() {
    let main = r#"
        terraform {
          required_providers {
            aws = {
              source  = "hashicorp/aws"
              version = "~> 4.22"
            }
          }
        }
        variable "region" { default = "eu-west-1" }
        provider "aws" { region = var.region }
        provider "aws" {
          alias  = "west"
          region = "us-west-2"
        }
        resource "aws_instance" "plain" {}
        resource "aws_instance" "west" { provider = aws.west }
        resource "aws_instance" "own" { region = "ap-south-1" }
        data "aws_region" "here" {}
        resource "aws_instance" "asked" { v = "${data.aws_region.here.name}" }
        module "inherits" { source = "./m" }
        module "passed" {
          source    = "./m"
          providers = { aws = aws.west }
        }"#;
    let module = "resource \"aws_instance\" \"i\" {}\nmodule \"deep\" {\n source = \"../n\"\n providers = { aws.src = aws }\n}";
    let deep = "resource \"aws_instance\" \"i\" { provider = aws.src }";
    let lock = "provider \"registry.terraform.io/hashicorp/aws\" {\n  version = \"4.22.0\"\n  hashes = [\n    \"h1:x\",\n  ]\n}\n";
    let files =
        [("main.tf", main), ("m/main.tf", module), ("n/main.tf", deep), (".terraform.lock.hcl", lock)];
    let (loaded, _) = all(&files);
    assert_eq!(loaded.troubles, []);
    let provider = |address: &str| {
        let provider = &one(&loaded, address).provider;
        (provider.alias.clone(), provider.region.clone().unwrap_or_default())
    };
    let pair = |alias: &str, region: &str| (alias.to_owned(), region.to_owned());
    assert_eq!(provider("aws_instance.plain"), pair("", "eu-west-1"));
    assert_eq!(provider("aws_instance.west"), pair("west", "us-west-2"));
    assert_eq!(provider("aws_instance.own"), pair("", "ap-south-1"));
    assert_eq!(provider("module.inherits.aws_instance.i"), pair("", "eu-west-1"));
    assert_eq!(provider("module.passed.aws_instance.i"), pair("west", "us-west-2"));
    assert_eq!(provider("module.passed.module.deep.aws_instance.i"), pair("west", "us-west-2"));
    let plain = &one(&loaded, "module.inherits.aws_instance.i").provider;
    assert_eq!((plain.locked.as_deref(), plain.constraint.as_deref()), (Some("4.22.0"), Some("~> 4.22")));
}

#[test]
fn a_region_is_looked_up_from_its_provider() {
    let main = "provider \"aws\" { region = \"eu-west-1\" }\ndata \"aws_region\" \"r\" {}\nresource \"aws_x\" \"y\" { v = data.aws_region.r.name }";
    let mut sources = Sources::default();
    let files = MemoryFiles::of(&[("main.tf", main)]);
    let loaded =
        onehop_terraform::load(".", &files, &Given::default(), &|kind| kind == "aws_x", &mut sources);
    assert_eq!(at(&loaded.resources[0], "v"), "\"eu-west-1\"");
}
