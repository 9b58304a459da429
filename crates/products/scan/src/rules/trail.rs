//! The rules on records of CloudTrail: their ids and words are those of [`onehop_trail`]; why, examples and Sigma are
//! added here.

mod delivery;
mod options;
mod templates;

use onehop_report::{Rule, Severity};

pub(super) use delivery::{ABROAD_LOG, ELSEWHERE_ENTRY, LAUNCH, V1_DELIVERY_ENTRY};
pub use delivery::{ELSEWHERE, V1_DELIVERY};
pub use options::{ENDPOINT_ENABLED, ENFORCEMENT_OFF, HOP_LIMIT, TOKENS_OPTIONAL};
pub(super) use options::{
    ENDPOINT_ENABLED_ENTRY, ENFORCEMENT_OFF_ENTRY, HOP_LIMIT_ENTRY, TOKENS_OPTIONAL_ENTRY,
};
pub use templates::{LAUNCH_OPTIONAL, TEMPLATE_DEFAULT, TEMPLATE_OPTIONAL};
pub(super) use templates::{LAUNCH_OPTIONAL_ENTRY, TEMPLATE_DEFAULT_ENTRY, TEMPLATE_OPTIONAL_ENTRY};

const OPTIONS_GUIDE: &str =
    "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html";
const RECORD_GUIDE: &str = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html";

/// A rule of the trail with the words that it lacks.
const fn rule(
    of: onehop_trail::Rule,
    why: &'static str,
    example: &'static str,
    references: &'static [&'static str],
) -> Rule {
    let about = of.about();
    Rule {
        id: about.id,
        title: about.title,
        severity: severity(about.severity),
        what: about.what,
        why,
        example,
        instead: about.instead,
        false_positives: about.false_positives,
        references,
        tags: about.tags,
        docs_url: page(of),
    }
}

const fn severity(of: onehop_trail::Severity) -> Severity {
    match of {
        onehop_trail::Severity::Info => Severity::Info,
        onehop_trail::Severity::Low => Severity::Low,
        onehop_trail::Severity::Medium => Severity::Medium,
        onehop_trail::Severity::High => Severity::High,
        onehop_trail::Severity::Critical => Severity::Critical,
    }
}

/// The page of a rule of the trail. A rule without one fails a test.
const fn page(of: onehop_trail::Rule) -> Option<&'static str> {
    use onehop_trail::Rule as Trail;
    Some(match of {
        Trail::V1Delivery => "docs/rules/TRAIL-V1-DELIVERY.md",
        Trail::Elsewhere => "docs/rules/TRAIL-ELSEWHERE.md",
        Trail::TokensOptional => "docs/rules/TRAIL-TOKENS-OPTIONAL.md",
        Trail::EnforcementOff => "docs/rules/TRAIL-ENFORCEMENT-OFF.md",
        Trail::HopLimit => "docs/rules/TRAIL-HOP-LIMIT.md",
        Trail::EndpointEnabled => "docs/rules/TRAIL-ENDPOINT-ENABLED.md",
        Trail::LaunchOptional => "docs/rules/TRAIL-LAUNCH-OPTIONAL.md",
        Trail::TemplateOptional => "docs/rules/TRAIL-TEMPLATE-OPTIONAL.md",
        Trail::TemplateDefault => "docs/rules/TRAIL-TEMPLATE-DEFAULT.md",
        _ => return None,
    })
}
