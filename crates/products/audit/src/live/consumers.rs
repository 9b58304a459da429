//! Who uses which version of which launch template.

use super::scope::Scope;
use onehop_inventory::{LaunchTemplate, TemplateSpec};
use std::collections::BTreeMap;

/// Who uses which version of which template.
pub(super) struct Consumers<'a> {
    by_template: BTreeMap<&'a str, BTreeMap<u64, Vec<String>>>,
}

impl<'a> Consumers<'a> {
    pub(super) fn of_region(scope: &Scope<'a>) -> Consumers<'a> {
        let mut all = Consumers { by_template: BTreeMap::new() };
        for group in &scope.region.groups {
            let name = format!("the Auto Scaling group `{}`", group.name);
            for spec in group.source.templates() {
                all.add(scope, spec, &name);
            }
        }
        for node_group in &scope.region.node_groups {
            if let Some(spec) = &node_group.template {
                all.add(scope, spec, &format!("the node group `{}/{}`", node_group.cluster, node_group.name));
            }
        }
        for consumer in &scope.region.consumers {
            for spec in &consumer.templates {
                all.add(scope, spec, &format!("{} `{}`", consumer.kind, consumer.name));
            }
        }
        all
    }

    fn add(&mut self, scope: &Scope<'a>, spec: &TemplateSpec, name: &str) {
        let Some(template) = scope.template(spec) else { return };
        let Some(number) = template.number(spec.version.as_deref()) else { return };
        let by = self.by_template.entry(template.id.as_str()).or_default().entry(number).or_default();
        if !by.iter().any(|known| known == name) {
            by.push(name.to_owned());
        }
    }

    pub(super) fn of(&self, template: &LaunchTemplate) -> BTreeMap<u64, Vec<String>> {
        self.by_template.get(template.id.as_str()).cloned().unwrap_or_default()
    }
}
