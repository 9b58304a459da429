//! Templates against the resources that they make.

mod any_template;
mod conditions;
mod functions;
mod nested;
mod parameters;
mod recognise;
mod resources;

use onehop_cloudformation::{NoFiles, Outcome, Settings, Templates, read};
use onehop_code::{Kind, Sources, Value};
use onehop_document::Options;
use std::collections::HashMap;
use std::rc::Rc;

/// Templates in memory.
#[derive(Default)]
struct Memory {
    sources: Sources,
    files: HashMap<String, Rc<Value>>,
}

impl Memory {
    fn add(&mut self, path: &str, text: &str) -> Rc<Value> {
        let file = self.sources.add(path, text.as_bytes());
        let mut read = onehop_document::read(file, self.sources.of(file), &Options::default());
        let value = Rc::new(if read.documents.is_empty() {
            Value::bare(Kind::Null)
        } else {
            read.documents.remove(0)
        });
        self.files.insert(path.to_owned(), Rc::clone(&value));
        value
    }
}

impl Templates for Memory {
    fn template(&mut self, path: &str) -> Option<Rc<Value>> {
        self.files.get(path).cloned()
    }
}

fn run(text: &str, settings: &Settings) -> (Sources, Outcome) {
    let mut memory = Memory::default();
    let template = memory.add("t.yaml", text);
    let outcome = read("t.yaml", &template, settings, &mut NoFiles);
    (memory.sources, outcome)
}

/// The body of the resource `X`, or `-` if it is not made; its presence if that is not sure.
fn body(text: &str, settings: &Settings) -> String {
    let (_, outcome) = run(text, settings);
    let Some(resource) = outcome.resources.iter().find(|it| it.address == "X") else { return "-".to_owned() };
    let presence = match &resource.presence {
        onehop_code::Presence::Sure => String::new(),
        onehop_code::Presence::Unknown(unknown) => format!("maybe({}) ", unknown.why.name()),
    };
    presence + &show(&resource.body)
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
    want: &'static str,
    why: &'static str,
}

/// What stands before the resource `X` in cases: something of everything that functions name.
const AROUND: &str = r#"
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Given: {Type: String, Default: required}
  Open: {Type: String}
  Stored: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /x}
  Secret: {Type: String, NoEcho: true, Default: made-up}
  Names: {Type: CommaDelimitedList, Default: "a, b,c"}
  Hops: {Type: Number, Default: 2}
  Env: {Type: String, Default: prod}
Mappings:
  Tokens:
    prod: {http: required, hops: 2}
    dev: {http: optional, hops: 2}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsOpen: !Equals [!Ref Open, x]
Resources:
  Template: {Type: "AWS::EC2::LaunchTemplate"}
  X:
    Type: AWS::EC2::Instance
"#;

/// Runs cases whose input is what `X` says beside its type, indented by four.
fn check(cases: &[Case]) {
    for Case { name, input, want, why } in cases {
        assert_eq!(body(&format!("{AROUND}{input}"), &Settings::default()), *want, "{name}: {why}");
    }
}
