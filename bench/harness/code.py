"""Generated Terraform, the same for each run: roots with variables, locals, modules of their own, templates and groups.

A root is a directory of files as people write them, and a module below it. What has to come out is known while it is
written: so many resources that are judged.
"""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass
from pathlib import Path

SEED = 4
FILES_A_ROOT = 10
STAMP = "made"
VERSION = "2"


@dataclass(frozen=True)
class Tree:
    """A directory of code: its files, their bytes, and the resources in it that are judged."""

    path: Path
    files: int
    size: int
    judged: int


def find(cache: Path, files: int) -> Tree:
    """A tree of about so many files, made if it is not there."""
    path = cache / f"terraform-{files}"
    stamp = path / STAMP
    if not stamp.is_file() or stamp.read_text().split()[:1] != [VERSION]:
        shutil.rmtree(path, ignore_errors=True)
        judged = sum(root(path / f"root-{at:05}", random.Random(f"{SEED}-{at}")) for at in range(files // FILES_A_ROOT))
        stamp.write_text(f"{VERSION} {judged}")
    code = [file for file in path.rglob("*.tf")]
    judged = int(stamp.read_text().split()[1])
    return Tree(path, len(code), sum(file.stat().st_size for file in code), judged)


def root(path: Path, chance: random.Random) -> int:
    """One root of ten files; how many of its resources are judged."""
    module = path / "modules" / "host"
    module.mkdir(parents=True)
    hosts = chance.randrange(2, 6)
    (path / "versions.tf").write_text(VERSIONS)
    (path / "variables.tf").write_text("\n".join(VARIABLE.format(name=name, default=default) for name, default in variables(chance)))
    (path / "locals.tf").write_text(LOCALS)
    (path / "network.tf").write_text("\n".join(NETWORK.format(at=at) for at in range(chance.randrange(3, 9))))
    (path / "roles.tf").write_text("\n".join(ROLE.format(at=at) for at in range(chance.randrange(2, 6))))
    (path / "hosts.tf").write_text("\n".join(HOST.format(at=at, tokens=tokens(chance)) for at in range(hosts)))
    (path / "groups.tf").write_text(GROUP)
    (path / "modules.tf").write_text(CALL.format(count=3))
    (module / "main.tf").write_text(MODULE)
    (module / "variables.tf").write_text(VARIABLE.format(name="tokens", default='"required"'))
    # The hosts, the template and its group, three instances of the module.
    return hosts + 2 + 3


def variables(chance: random.Random) -> list[tuple[str, str]]:
    """Names with defaults."""
    fixed = [("tokens", '"required"'), ("stage", '"prod"'), ("strict", "true")]
    return [*fixed, *((f"setting_{at}", f'"{chance.randrange(1 << 20)}"') for at in range(chance.randrange(4, 12)))]


def tokens(chance: random.Random) -> str:
    """How a host says whether it needs tokens."""
    ways = ['"required"', '"optional"', "var.tokens", "local.metadata[var.stage].tokens", 'var.strict ? "required" : "optional"', 'lower("REQUIRED")']
    return chance.choice(ways)


VERSIONS = """terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}
"""
VARIABLE = """variable "{name}" {{
  description = "A setting of this root"
  default     = {default}
}}
"""
LOCALS = """locals {
  metadata = {
    dev  = { tokens = "optional", hops = 2 }
    prod = { tokens = "required", hops = 1 }
  }
  tags = merge({ stage = var.stage }, { owner = "platform@example.com" })
}
"""
NETWORK = """resource "aws_security_group" "sg_{at}" {{
  name        = "sg-{at}"
  description = "Traffic of hosts"
  vpc_id      = "vpc-0a1b2c3d"

  ingress {{
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = [for at in range(4) : "10.${{at}}.0.0/16"]
  }}

  tags = local.tags
}}
"""
ROLE = """resource "aws_iam_role" "role_{at}" {{
  name = "role-{at}"
  assume_role_policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = {{ Service = "ec2.amazonaws.com" }}
    }}]
  }})
}}
"""
HOST = """resource "aws_instance" "host_{at}" {{
  ami                    = "ami-0a1b2c3d4e5f60718"
  instance_type          = "t3.micro"
  vpc_security_group_ids = [aws_security_group.sg_0.id]
  user_data              = <<-EOT
    #!/bin/bash
    systemctl enable --now nginx
  EOT

  metadata_options {{
    http_endpoint               = "enabled"
    http_tokens                 = {tokens}
    http_put_response_hop_limit = local.metadata[var.stage].hops
  }}

  tags = merge(local.tags, {{ Name = "host-{at}" }})
}}
"""
GROUP = """resource "aws_launch_template" "web" {
  name_prefix            = "web-"
  image_id               = "ami-0a1b2c3d4e5f60718"
  update_default_version = true

  dynamic "metadata_options" {
    for_each = [local.metadata[var.stage]]
    content {
      http_endpoint = "enabled"
      http_tokens   = metadata_options.value.tokens
    }
  }
}

resource "aws_autoscaling_group" "web" {
  min_size = 1
  max_size = 4
  launch_template {
    id      = aws_launch_template.web.id
    version = aws_launch_template.web.latest_version
  }
}
"""
CALL = """module "hosts" {{
  source   = "./modules/host"
  for_each = toset([for at in range({count}) : tostring(at)])
  tokens   = var.tokens
}}
"""
MODULE = """resource "aws_instance" "this" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.micro"

  metadata_options {
    http_tokens = var.tokens
  }
}
"""
