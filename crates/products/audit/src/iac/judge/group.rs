//! What starts instances from templates: each template has a verdict of its own, and the worst of them is that of the
//! group.

use super::{Judge, flaw_of};
use crate::iac::link::Version;
use crate::iac::site::{Role, Site};
use onehop_code::{Kind, Value};
use onehop_posture::{Effective, Options, resolve};

impl<'a> Judge<'_, 'a> {
    pub(super) fn group(&mut self, at: usize, site: &Site<'a>) {
        let mut all = Vec::new();
        for named in &site.templates {
            let used = self.links.used(site, named);
            self.version(at, site, &used);
            let mut layers = self.links.layers(used.template.unwrap_or(site));
            layers.template = used.options;
            all.push(resolve(&layers));
        }
        all.extend(site.configuration.map(|named| self.configuration(site, named)));
        if all.is_empty() && (site.role == Role::NodeGroup || site.is_bare) {
            all.push(resolve(&self.links.layers(site)));
        }
        let Some(worst) = all.into_iter().max_by_key(|effective| effective.verdict().rank()) else { return };
        // A group whose template is in the code says nothing that the template does not say.
        let is_told = self
            .template_of(site)
            .is_some_and(|template| resolve(&self.links.layers(template)).verdict() == worst.verdict());
        let flaw = flaw_of(site, &worst).filter(|_| !is_told);
        self.verdict(at, site, worst, flaw);
    }

    /// What a launch configuration makes of it.
    fn configuration(&self, site: &Site<'a>, named: &Value) -> Effective {
        let found = match &named.kind {
            Kind::Reference(reference) => self.links.site(site, &reference.address),
            _ => None,
        };
        if let Some(found) = found {
            return resolve(&self.links.layers(found));
        }
        let reason = match &named.kind {
            Kind::Unknown(unknown) => unknown.to_string(),
            _ => "its launch configuration is not in this code".to_owned(),
        };
        let mut layers = self.links.layers(site);
        layers.template = Options::unknown(reason);
        resolve(&layers)
    }

    /// The one template of a group, if the code has it and the group uses what the code says.
    fn template_of(&self, site: &Site<'a>) -> Option<&'a Site<'a>> {
        if let Some(Kind::Reference(reference)) = site.configuration.map(|value| &value.kind) {
            return self.links.site(site, &reference.address);
        }
        let [named] = &site.templates[..] else { return None };
        let used = self.links.used(site, named);
        used.template.filter(|_| matches!(used.version, Version::Latest | Version::Default))
    }
}
