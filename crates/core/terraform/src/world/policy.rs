//! `data "aws_iam_policy_document"`: the one data source that only calculates, so that what it says is known.

use super::World;
use crate::value::{Data, InstanceId, Outcome, Val};
use onehop_code::Why;
use serde_json::{Map, Value as Json, json};
use std::sync::Arc;

/// Arguments of a statement, and what they are called in the document.
const LISTS: [(&str, &str); 4] = [
    ("actions", "Action"),
    ("not_actions", "NotAction"),
    ("resources", "Resource"),
    ("not_resources", "NotResource"),
];

impl World<'_> {
    /// The document as JSON text.
    pub(super) fn policy_document(&mut self, id: InstanceId) -> Outcome {
        for other in ["source_policy_documents", "override_policy_documents", "source_json", "override_json"]
        {
            let found = self.attribute(id, &Arc::from(other));
            if !matches!(found.data, Data::Unknown(_) | Data::Reference(_)) {
                return Err(Val::unknown(Why::Lookup, "a policy made of others"));
            }
        }
        let statements = self.attribute(id, &Arc::from("statement")).to_list()?;
        let made: Vec<Json> = statements.iter().map(statement).collect::<Outcome<_>>()?;
        let document = json!({ "Statement": made, "Version": "2012-10-17" });
        Ok(self.bounded_text(document.to_string()))
    }
}

fn statement(block: &Val) -> Outcome<Json> {
    let fields = block.to_map()?;
    let mut made = Map::new();
    let effect = fields.get("effect").filter(|effect| !effect.is_null());
    made.insert("Effect".into(), effect.map_or(Ok("Allow".into()), Val::to_text)?.to_string().into());
    if let Some(sid) = fields.get("sid").filter(|sid| !sid.is_null()) {
        made.insert("Sid".into(), sid.to_text()?.to_string().into());
    }
    for (argument, name) in LISTS {
        if let Some(list) = fields.get(argument).filter(|list| !list.is_null()) {
            made.insert(name.into(), texts(list)?);
        }
    }
    if let Some(conditions) = fields.get("condition") {
        let mut all = Map::new();
        for condition in conditions.to_list()?.iter() {
            let condition = condition.to_map()?;
            let part = |name: &str| {
                condition.get(name).ok_or_else(|| Val::error(Why::Name, "a part of a condition"))
            };
            let (test, variable) = (part("test")?.to_text()?, part("variable")?.to_text()?);
            let of_test = all.entry(test.to_string()).or_insert_with(|| Json::Object(Map::new()));
            if let Json::Object(of_test) = of_test {
                of_test.insert(variable.to_string(), texts(part("values")?)?);
            }
        }
        made.insert("Condition".into(), Json::Object(all));
    }
    Ok(Json::Object(made))
}

/// A list of texts; one alone stands for itself.
fn texts(list: &Val) -> Outcome<Json> {
    let texts: Vec<Arc<str>> = list.to_list()?.iter().map(Val::to_text).collect::<Outcome<_>>()?;
    Ok(match texts.as_slice() {
        [one] => Json::from(&**one),
        all => Json::from(all.iter().map(ToString::to_string).collect::<Vec<String>>()),
    })
}
