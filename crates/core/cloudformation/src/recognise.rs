//! Templates and files of parameters by what they say.

use onehop_code::{Entry, Kind, Value, Why};

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Flavour {
    /// A CloudFormation template.
    Template,
    /// A template with the `AWS::Serverless` transform.
    Serverless,
    /// A template that the CDK made.
    Cdk,
}

/// Whether a document is a template: `AWSTemplateFormatVersion`, resources with types such as `AWS::EC2::Instance`, or
/// resources and a transform of AWS.
/// A look at the top level and the types, nothing deeper.
pub fn recognise(document: &Value) -> Option<Flavour> {
    let resources = document.get("Resources");
    let types = || {
        resources
            .map(Value::entries)
            .unwrap_or_default()
            .iter()
            .filter_map(|it| declared(&it.value).get("Type"))
    };
    let known = |it: &Value| {
        it.as_str()
            .is_some_and(|it| ["AWS::", "Custom::", "Alexa::"].iter().any(|start| it.starts_with(start)))
    };
    let transform = document.get("Transform");
    let is_transformed = || transform.is_some_and(|it| known(it) || it.items().iter().any(known));
    let is_template = document.get("AWSTemplateFormatVersion").is_some() || types().any(known);
    let is_recognised = is_template || (resources.is_some() && is_transformed());
    if !is_recognised {
        return None;
    }
    let is_cdk = |it: &Value| it.path(&["Metadata", "aws:cdk:path"]).is_some();
    if resources.map(Value::entries).unwrap_or_default().iter().any(|it| is_cdk(&it.value)) {
        return Some(Flavour::Cdk);
    }
    let serverless = |it: &Value| it.as_str().is_some_and(|it| it.starts_with("AWS::Serverless"));
    if transform.is_some_and(|it| serverless(it) || it.items().iter().any(serverless)) {
        return Some(Flavour::Serverless);
    }
    Some(Flavour::Template)
}

/// A resource, or the first one that a loop makes: the last item of its list holds them.
fn declared(value: &Value) -> &Value {
    let looped = value.items().last().and_then(|body| body.entries().first());
    looped.map_or(value, |entry| &entry.value)
}

/// The values of a file of parameters: the list of the AWS CLI (`[{"ParameterKey", "ParameterValue"}]`), the map of
/// `CodePipeline` (`{"Parameters": {…}}`), the list of strings `Key=Value`, or a map of simple values.
pub fn given_parameters(document: &Value) -> Option<Vec<(String, Value)>> {
    match &document.kind {
        Kind::List(items) => items.iter().map(pair).collect(),
        Kind::Map(_) => match document.get("Parameters") {
            Some(inner) => given_in_map(inner),
            None => given_in_map(document),
        },
        _ => None,
    }
}

fn pair(item: &Value) -> Option<(String, Value)> {
    if let Some(text) = item.as_str() {
        let (name, value) = text.split_once('=')?;
        let value = Value { kind: Kind::String(value.to_owned()), span: item.span, origin: None };
        return Some((name.to_owned(), value));
    }
    let name = item.get("ParameterKey").and_then(Value::as_str)?.to_owned();
    let before = || Value::unknown(Why::NoDefault, name.clone());
    let value = item.get("ParameterValue").cloned().unwrap_or_else(before);
    Some((name, value))
}

fn given_in_map(map: &Value) -> Option<Vec<(String, Value)>> {
    let simple = |it: &Entry| match &it.value.kind {
        Kind::Map(_) | Kind::Null => None,
        _ => Some((it.key.clone(), it.value.clone())),
    };
    if map.entries().is_empty() { None } else { map.entries().iter().map(simple).collect() }
}
