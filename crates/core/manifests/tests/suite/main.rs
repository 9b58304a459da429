//! Documents of tools against their resources.

mod ansible;
mod any_document;
mod formats;
mod packer;
mod pulumi;
mod single;

use onehop_code::{Kind, Presence, Resource, Sources, Value};
use onehop_document::Options;
use onehop_manifests::{Format, read, recognise};

/// What every document of a text is, and the resources of all.
fn run(text: &str) -> (Sources, Vec<Option<Format>>, Vec<Resource>) {
    let mut sources = Sources::default();
    let file = sources.add("a.yaml", text.as_bytes());
    let documents = onehop_document::read(file, sources.of(file), &Options::default()).documents;
    let (mut formats, mut resources) = (Vec::new(), Vec::new());
    for document in &documents {
        let format = recognise("a.yaml", document);
        formats.push(format);
        resources.extend(format.map(|it| read("a.yaml", it, document)).unwrap_or_default());
    }
    (sources, formats, resources)
}

/// One line for each resource.
fn lines(text: &str) -> Vec<String> {
    run(text).2.iter().map(line).collect()
}

fn line(resource: &Resource) -> String {
    let presence = match &resource.presence {
        Presence::Sure => String::new(),
        Presence::Unknown(unknown) => format!("maybe({}) ", unknown.about),
    };
    format!("{presence}{} {} {}", resource.kind, resource.address, show(&resource.body))
}

fn show(value: &Value) -> String {
    match &value.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(value) => value.to_string(),
        Kind::String(text) => format!("{text:?}"),
        Kind::List(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(" ")),
        Kind::Map(entries) => {
            let one = |it: &onehop_code::Entry| format!("{}={}", it.key, show(&it.value));
            format!("{{{}}}", entries.iter().map(one).collect::<Vec<_>>().join(" "))
        }
        Kind::Reference(it) => format!("->{}.{}", it.address, it.attribute),
        Kind::Unknown(unknown) => format!("?{}({})", unknown.why.name(), unknown.about),
    }
}

struct Case {
    name: &'static str,
    input: &'static str,
    want: &'static [&'static str],
    why: &'static str,
}

fn check(cases: &[Case]) {
    for Case { name, input, want, why } in cases {
        assert_eq!(lines(input), *want, "{name}: {why}");
    }
}
