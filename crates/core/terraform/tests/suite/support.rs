//! Short ways to evaluate code and to write values down.

use onehop_code::{Kind, Resource, Sources, Value};
use onehop_terraform::{Given, Loaded, MemoryFiles, load};

/// Everything that files would make, with the texts.
pub(crate) fn all(files: &[(&str, &str)]) -> (Loaded, Sources) {
    given(files, &Given::default())
}

/// The same with something given from outside.
pub(crate) fn given(files: &[(&str, &str)], given: &Given) -> (Loaded, Sources) {
    let mut sources = Sources::default();
    let loaded = load(".", &MemoryFiles::of(files), given, &|_| true, &mut sources);
    (loaded, sources)
}

/// One resource by its address.
pub(crate) fn one<'a>(loaded: &'a Loaded, address: &str) -> &'a Resource {
    let known: Vec<&str> = loaded.resources.iter().map(|resource| resource.address.as_str()).collect();
    let found = loaded.resources.iter().find(|resource| resource.address == address);
    found.unwrap_or_else(|| panic!("{address} is not among {known:?}"))
}

/// What an attribute of a resource says, written down; `unset` if it is not there.
pub(crate) fn at(resource: &Resource, path: &str) -> String {
    let path: Vec<&str> = path.split('.').collect();
    resource.body.path(&path).map_or_else(|| "unset".to_owned(), written)
}

/// A value, written down.
pub(crate) fn written(value: &Value) -> String {
    match &value.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(value) => value.to_string(),
        Kind::String(text) => format!("{text:?}"),
        Kind::List(items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(", ")),
        Kind::Map(entries) => {
            let pairs: Vec<String> =
                entries.iter().map(|e| format!("{} = {}", e.key, written(&e.value))).collect();
            format!("{{{}}}", pairs.join(", "))
        }
        Kind::Reference(reference) => format!("-> {}.{}", reference.address, reference.attribute),
        Kind::Unknown(unknown) => format!("? {} {}", unknown.why.name(), unknown.about),
    }
}

/// The value of an expression in a root with a few things declared.
pub(crate) fn eval(expression: &str) -> String {
    let code = format!("{DECLARED}\nresource \"t\" \"x\" {{\n  v = {expression}\n}}\n");
    let (loaded, _) = all(&[
        ("main.tf", &code),
        ("f.txt", "file\n"),
        ("v.yaml", "tokens: required\n"),
        ("d/e/w.yaml", ""),
        ("t.tpl", "a=${a}%{ for x in l }\n- ${x}%{ endfor }"),
    ]);
    let troubles: Vec<String> = loaded.troubles.iter().map(ToString::to_string).collect();
    match loaded.resources.iter().find(|resource| resource.address == "t.x") {
        Some(resource) if troubles.is_empty() => at(resource, "v"),
        _ => troubles.join("; "),
    }
}

const DECLARED: &str = r#"
variable "given" { default = "given" }
variable "unknown" {}
variable "truth" { default = true }
variable "numbers" { default = [3, 1, 2] }
variable "map" { default = { b = 2, a = 1 } }
variable "object" {
  type = object({ tokens = optional(string, "required"), hop = optional(number), more = optional(list(string), []) })
  default = { hop = "2" }
}
locals {
  text = "local"
  chain = local.text
  one = local.two
  two = local.one
}
resource "o" "one" {
  set = "set"
  nothing = null
  block { inner = 1 }
}
resource "o" "some" {
  count = 2
  at = count.index
}
resource "o" "each" {
  for_each = { x = "X", y = "Y" }
  v = each.value
}
resource "o" "maybe" {
  count = var.unknown ? 1 : 0
}
data "d" "seen" { name = "data" }
"#;
