//! Parameters of a template and their values.

use onehop_code::{Kind, Unknown, Value, Why};
use std::collections::HashMap;

/// The value of each parameter: what was given, else its default, else unknown.
pub(crate) fn resolve(template: &Value, given: &HashMap<String, Value>) -> HashMap<String, Value> {
    let declared = template.get("Parameters").map(Value::entries).unwrap_or_default();
    declared.iter().map(|it| (it.key.clone(), value(&it.key, &it.value, given.get(&it.key)))).collect()
}

fn value(name: &str, declared: &Value, given: Option<&Value>) -> Value {
    let kind = declared.get("Type").and_then(Value::as_str).unwrap_or("String");
    let unknown = |why| Value::unknown(why, name.to_owned()).or_at(declared.span);
    if kind.starts_with("AWS::SSM::Parameter::Value") || is_secret(declared) {
        return unknown(Why::Parameter);
    }
    let value = given.or_else(|| declared.get("Default")).or_else(|| only_allowed(declared));
    let Some(value) = value else { return unknown(Why::NoDefault) };
    if kind == "CommaDelimitedList" || kind.starts_with("List<") { list(value) } else { value.clone() }
}

/// Values of secrets go nowhere.
fn is_secret(declared: &Value) -> bool {
    match declared.get("NoEcho").map(|it| &it.kind) {
        Some(Kind::Bool(secret)) => *secret,
        Some(Kind::String(secret)) => secret.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

fn only_allowed(declared: &Value) -> Option<&Value> {
    match declared.get("AllowedValues")?.items() {
        [only] => Some(only),
        _ => None,
    }
}

/// A text with commas as a list.
fn list(value: &Value) -> Value {
    let items = match &value.kind {
        Kind::String(text) if text.is_empty() => Vec::new(),
        Kind::String(text) => {
            let item = |it: &str| Value { kind: Kind::String(it.trim().to_owned()), ..value.clone_place() };
            text.split(',').map(item).collect()
        }
        Kind::Bool(_) | Kind::Number(_) => vec![value.clone()],
        _ => return value.clone(),
    };
    Value { kind: Kind::List(items), ..value.clone_place() }
}

/// A value without what it says.
trait Place {
    fn clone_place(&self) -> Value;
}

impl Place for Value {
    fn clone_place(&self) -> Value {
        Value { kind: Kind::Null, span: self.span, origin: self.origin }
    }
}

/// A pseudo parameter; none if there is no such one. `AWS::NoValue` is not among them.
pub(crate) fn pseudo(name: &str, region: Option<&str>, account: Option<&str>) -> Option<Value> {
    let text = |it: &str| Value::bare(Kind::String(it.to_owned()));
    let open = |why| Value::bare(Kind::Unknown(Unknown { why, about: name.to_owned().into() }));
    let value = match name {
        "AWS::Region" => region.map_or_else(|| open(Why::NoDefault), text),
        "AWS::AccountId" => account.map_or_else(|| open(Why::NoDefault), text),
        "AWS::Partition" => region.map_or_else(|| open(Why::NoDefault), |it| text(partition(it))),
        "AWS::URLSuffix" => region.map_or_else(|| open(Why::NoDefault), |it| text(suffix(it))),
        "AWS::StackName" | "AWS::StackId" | "AWS::NotificationARNs" => open(Why::Computed),
        _ => return None,
    };
    Some(value)
}

fn partition(region: &str) -> &'static str {
    match region {
        it if it.starts_with("cn-") => "aws-cn",
        it if it.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}

fn suffix(region: &str) -> &'static str {
    if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" }
}
