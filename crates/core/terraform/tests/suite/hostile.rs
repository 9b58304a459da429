//! What strangers may write: nothing panics, overflows or takes for ever.

use crate::support::{all, at, one};
use onehop_code::{Sources, TroubleKind};
use onehop_terraform::{Code, MemoryFiles, read_packer_json, read_plan, read_state};
use proptest::prelude::*;

/// Runs something with no more stack than a thread usually has.
fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(run).expect("a thread starts");
    assert!(thread.join().is_ok());
}

fn lines(count: usize, of: impl Fn(usize) -> String) -> String {
    (0..count).map(of).collect::<Vec<_>>().concat()
}

fn value(expression: &str) -> String {
    let (loaded, _) = all(&[("main.tf", &format!("resource \"a\" \"b\" {{\n v = {expression}\n}}\n"))]);
    loaded.resources.first().map_or_else(String::new, |found| at(found, "v"))
}

#[test]
fn deep_nesting_ends() {
    on_a_small_stack(|| {
        for (open, close) in [
            ("(", ")"),
            ("[", "]"),
            ("{ a = ", "}"),
            ("f(", ")"),
            ("!", ""),
            ("-", ""),
            ("\"${", "}\""),
            ("true ? 1 : ", ""),
            ("1 + ", ""),
            ("a[", "]"),
            ("[for a in b : ", "]"),
        ] {
            for depth in [30, 62, 100, 10_000] {
                let code = format!("{}1{}", open.repeat(depth), close.repeat(depth));
                value(&code);
            }
        }
        let blocks = format!("resource \"a\" \"b\" {{\n{}{}}}", "m {\n".repeat(10_000), "}\n".repeat(10_000));
        let (loaded, _) = all(&[("main.tf", &blocks), ("b.tf", "resource \"a\" \"c\" {}")]);
        assert_eq!(
            loaded.troubles.iter().map(|trouble| trouble.kind).collect::<Vec<_>>(),
            [TroubleKind::Bound]
        );
        one(&loaded, "a.c");
        let steps = format!("a.b{}", ".c".repeat(100_000));
        value(&steps);
        let json = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
        all(&[("main.tf.json", &json), ("terraform.tfvars.json", &json)]);
        let change = |after: &str| {
            format!(
                "{{\"resource_changes\":[{{\"address\":\"a\",\"type\":\"a\",\"change\":{{\"actions\":[\"create\"],\"after\":{after}}}}}]}}"
            )
        };
        read_plan("p", &change(&json), None, &|_| true);
        read_state("s", &json, None, &|_| true);
    });
}

#[test]
fn long_chains_end() {
    on_a_small_stack(|| {
        let chain = lines(5_000, |at| format!("  l{at} = [local.l{}]\n", at + 1));
        let code = format!(
            "locals {{\n{chain}  l5000 = 1\n}}\nresource \"a\" \"b\" {{\n v = local.l0\n w = local.l4990\n}}"
        );
        let (loaded, _) = all(&[("main.tf", &code)]);
        let found = one(&loaded, "a.b");
        assert!(at(found, "v").contains("? bound"), "{}", at(found, "v"));
        let modules: Vec<(String, String)> = (0..100)
            .map(|at| {
                (
                    format!("m{at}/main.tf"),
                    format!(
                        "module \"n\" {{\n source = \"../m{}\"\n}}\noutput \"o\" {{ value = module.n.o }}",
                        at + 1
                    ),
                )
            })
            .collect();
        let files: Vec<(&str, &str)> =
            modules.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let mut sources = Sources::default();
        let loaded = onehop_terraform::load(
            "m0",
            &MemoryFiles::of(&files),
            &onehop_terraform::Given::default(),
            &|_| true,
            &mut sources,
        );
        assert!(loaded.troubles.iter().any(|trouble| trouble.kind == TroubleKind::Bound));
    });
}

#[test]
fn long_chains_of_resources_end() {
    on_a_small_stack(|| {
        let kinds: [fn(usize) -> String; 4] = [
            |at| format!("resource \"a\" \"r{at}\" {{\n b {{\n v = a.r{}.b[0].v\n }}\n}}\n", at + 1),
            |at| format!("resource \"a\" \"r{at}\" {{\n count = length(a.r{})\n}}\n", at + 1),
            |at| {
                let next = format!("a.r{}.d[0].v", at + 1);
                format!(
                    "resource \"a\" \"r{at}\" {{\n dynamic \"d\" {{\n for_each = [{next}]\n content {{\n v = {next}\n }}\n }}\n}}\n"
                )
            },
            |at| {
                format!(
                    "resource \"a\" \"r{at}\" {{\n v = [for x in [1] : {{ for k in [x] : \"k\" => a.r{}.v }}]\n}}\n",
                    at + 1
                )
            },
        ];
        for kind in kinds {
            let (loaded, _) = all(&[("main.tf", &lines(1_000, kind))]);
            assert!(!loaded.resources.is_empty());
        }
    });
}

#[test]
fn bombs_are_bounded() {
    let doubling = lines(40, |at| format!("  l{at} = [local.l{}, local.l{}]\n", at + 1, at + 1));
    let texts = lines(40, |at| format!("  t{at} = \"${{local.t{}}}${{local.t{}}}\"\n", at + 1, at + 1));
    let uses = [
        "local.l0",
        "jsonencode(local.l0)",
        "flatten(local.l0)",
        "local.l0 == local.l0",
        "local.t0",
        "join(\",\", range(0, 100000))",
        "[for a in range(0, 50000) : [for b in range(0, 50000) : b]]",
        "setproduct(range(0, 5000), range(0, 5000))",
        "replace(local.t30, \"\", \"aaaaaaaaaaaaaaaa\")",
        "indent(1000, local.t30)",
        "format(\"%99999s\", \"\")",
        "can(local.l0)",
        "distinct([for a in range(0, 20000) : a])",
        "regexall(\"(a*)*b\", local.t20)",
        "yamlencode(local.l0)",
        "yamlencode({ a = { b = { c = replace(local.t20, \"a\", \"b\\n\") } } })",
        "yamldecode(join(\"\", [for a in range(0, 9) : \"l${a}: &l${a} [*l${a + 1}, *l${a + 1}]\\n\"]))",
        "yamldecode(local.t20)",
        "csvdecode(replace(local.t20, \"a\", \"b,\"))",
        "[for a in range(0, 100000) : sha512(local.t20)]",
        "[for a in range(0, 100000) : textencodebase64(local.t20, \"UTF-16LE\")]",
        "formatdate(local.t20, \"2020-01-01T00:00:00Z\")",
        "fileset(\"/\", \"{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}\")",
    ];
    for expression in uses {
        let code = format!(
            "locals {{\n{doubling} l40 = 1\n{texts} t40 = \"aaaaaaaa\"\n}}\nresource \"a\" \"b\" {{\n v = {expression}\n}}"
        );
        let (loaded, _) = all(&[("main.tf", &code)]);
        let written = at(one(&loaded, "a.b"), "v");
        assert!(written.contains("? bound") || written.len() < 2_000_000, "{expression}");
    }
}

#[test]
fn instances_are_bounded() {
    let code = "resource \"a\" \"b\" {\n count = 1e9\n v = count.index\n}\nmodule \"m\" {\n source = \"./m\"\n count = 1000000\n}";
    let (loaded, _) = all(&[("main.tf", code), ("m/main.tf", "")]);
    assert_eq!(loaded.resources.iter().filter(|found| found.kind == "a").count(), 10_000);
    assert!(loaded.troubles.iter().any(|trouble| trouble.kind == TroubleKind::Bound));
}

const SEED: &str = r#"
variable "v" {
  type    = object({ a = optional(string, "x"), b = list(number) })
  default = { b = [1] }
}
locals {
  m = { for k, v in { a = 1 } : upper(k) => v == 1 ? "y" :
    "z" if true }
  h = <<-EOT
    text ${var.v.a} %{ if true ~} x %{ else } y %{ endif }
  EOT
}
resource "aws_instance" "i" {
  for_each = toset(["a", "b"])
  dynamic "metadata_options" {
    for_each = [local.m]
    content { http_tokens = try(metadata_options.value.A, "required") }
  }
  x = { for a in range(3) : "k" => a... }
  y = aws_instance.j[*].id
  z = module.m["k"].o[0]
}
resource "aws_instance" "j" { count = length(local.h) }
module "m" {
  source   = "./m"
  for_each = { k = -1 }
}
"#;

fn everything(text: &str) {
    let names = [
        "main.tf",
        "main.tf.json",
        "terraform.tfvars",
        "x.pkr.hcl",
        "m/main.tf",
        ".terraform.lock.hcl",
        ".terraform/modules/modules.json",
    ];
    let files: Vec<(&str, &str)> = names.iter().map(|name| (*name, text)).collect();
    let files = MemoryFiles::of(&files);
    let (mut code, mut sources) = (Code::default(), Sources::default());
    code.read(".", &files, &mut sources);
    code.roots(&sources);
    code.check(&sources);
    let given = onehop_terraform::Given::default();
    for root in [".", "m"] {
        for found in code.evaluate(root, &files, &sources, &given, &|_| true).resources {
            for span in [found.span, found.block, found.body.span].into_iter().flatten() {
                sources.positions(span);
            }
        }
        code.evaluate_packer(root, &files, &sources, &given, &|_| true);
    }
    if let Some((first, _)) = sources.iter().next() {
        read_packer_json("x", first, &sources, &|_| true);
    }
    read_plan("x", text, None, &|_| true);
    read_state("x", text, None, &|_| true);
}

#[test]
fn the_seed_is_read_without_trouble() {
    let (loaded, _) = all(&[("main.tf", SEED), ("m/main.tf", "output \"o\" {\n value = [7]\n}")]);
    assert_eq!(loaded.troubles, []);
    let found = one(&loaded, "aws_instance.i[\"a\"]");
    assert_eq!(at(found, "metadata_options"), "[{http_tokens = \"y\"}]");
    assert_eq!(at(found, "z"), "7");
}

/// Functions that take texts and numbers apart, and what they are given.
const FUNCTIONS: [&str; 22] = [
    "cidrhost",
    "cidrsubnet",
    "cidrsubnets",
    "cidrnetmask",
    "cidrcontains",
    "timeadd",
    "timecmp",
    "formatdate",
    "uuidv5",
    "yamldecode",
    "yamlencode",
    "csvdecode",
    "textencodebase64",
    "textdecodebase64",
    "urlencode",
    "urldecode",
    "transpose",
    "fileset",
    "sha256",
    "filemd5",
    "substr",
    "parseint",
];
const WORDS: [&str; 24] = [
    "\"10.0.0.0/8\"",
    "\"255.255.255.255/32\"",
    "\"::/0\"",
    "\"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/127\"",
    "\"/\"",
    "0",
    "-1",
    "1.5",
    "4294967295",
    "-9e15",
    "9e15",
    "128",
    "\"2020-02-29T23:59:60Z\"",
    "\"9999-12-31T23:59:59Z\"",
    "\"1e999h\"",
    "\"-9223372036854775808ns\"",
    "\"YYYY'ü\"",
    "\"a: &a [*a]\"",
    "\"a,b\\n\\\"\"",
    "\"%F0%9F+\"",
    "\"UTF-16BE\"",
    "{ a = [\"b\", 1] }",
    "null",
    "var.unknown",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn functions_never_panic(
        name in prop::sample::select(&FUNCTIONS[..]),
        args in prop::collection::vec(prop::sample::select(&WORDS[..]), 0..4),
    ) {
        value(&format!("{name}({})", args.join(", ")));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_code_never_panics(cuts in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..6, "[\\PC\n]{0,3}"), 1..6)) {
        let mut text: Vec<char> = SEED.chars().collect();
        for (at, len, new) in cuts {
            let at = at.index(text.len() + 1);
            let end = (at + len).min(text.len());
            text.splice(at..end, new.chars());
        }
        everything(&text.into_iter().collect::<String>());
    }

    #[test]
    fn any_text_never_panics(text in "[ -~\n\r\t]{0,200}") {
        everything(&text);
    }

    #[test]
    fn tokens_in_any_order_never_panic(tokens in prop::collection::vec(prop::sample::select(vec![
        "resource", "\"a\"", "{", "}", "[", "]", "(", ")", "=", "\n", "for", "in", ":", "=>", "...", "?", "\"${", "}\"", "<<E\n", "\nE\n", "%{ if", "%{", "$${",
        "x", ".", "*", "[*]", "1", "-", "!", "&&", "||", "==", ",", "#", "/*", "*/", "null", "true", "var.v", "each.key", "locals", "dynamic", "\\", "\"",
    ]), 0..60)) {
        everything(&tokens.concat());
        everything(&tokens.join(" "));
    }
}

#[test]
fn large_files_are_not_read() {
    let (loaded, _) =
        all(&[("main.tf", &" ".repeat(8 * 1024 * 1024 + 1)), ("b.tf", "resource \"a\" \"b\" {}")]);
    assert_eq!(loaded.troubles.iter().map(|trouble| trouble.kind).collect::<Vec<_>>(), [TroubleKind::Bound]);
    assert_eq!(loaded.resources.len(), 1);
}
