//! Images: the account's own, and every one that something names, also through a parameter.

use super::convert;
use super::steps::Steps;
use crate::action::Action;
use crate::ops::images::DescribeImages;
use crate::ops::ssm::GetParameters;
use crate::request::Filter;
use onehop_inventory::{Image, Region};
use std::collections::{BTreeMap, BTreeSet};

const PARAMETERS_MAX: usize = 10;
/// Values that a filter may have.
const VALUES_MAX: usize = 200;

/// The account's own.
pub(super) async fn own(steps: &mut Steps<'_>, region: &mut Region) {
    let ask = DescribeImages {
        owners: vec!["self".to_owned()],
        page_size: Some(1000),
        ..DescribeImages::default()
    };
    steps
        .pages(ask, |page| {
            let count = page.images.len();
            region
                .images
                .extend(page.images.into_iter().map(|image| Image { own: true, ..convert::image(image) }));
            count
        })
        .await;
}

/// Those that something in the region names.
pub(super) async fn others(steps: &mut Steps<'_>, region: &mut Region) {
    let wanted = named(region);
    let (parameters, mut ids): (BTreeSet<String>, BTreeSet<String>) =
        wanted.into_iter().partition(|name| name.starts_with("resolve:ssm:"));
    let led = parameters_of(steps, parameters).await;
    ids.extend(led.keys().cloned());
    ids.retain(|id| !region.images.iter().any(|own| own.id == *id));
    let ids: Vec<String> = ids.into_iter().collect();
    let (before, mut failed) = (region.images.len(), None);
    for part in ids.chunks(VALUES_MAX) {
        let filters = vec![Filter { name: "image-id".to_owned(), values: part.to_vec() }];
        let ask = DescribeImages { filters, ..DescribeImages::default() };
        let keep = |page: crate::ops::images::Images| {
            region.images.extend(page.images.into_iter().map(convert::image));
        };
        if let Err(error) = steps.client.pages(ask, keep).await {
            failed = Some(error);
            break;
        }
    }
    for image in &mut region.images {
        image.parameters = led.get(&image.id).cloned().unwrap_or_default();
    }
    if !ids.is_empty() {
        steps.note(Action::DescribeImages, (region.images.len() - before) as u64, failed);
    }
}

fn named(region: &Region) -> BTreeSet<String> {
    let instances = region.instances.iter().filter_map(|it| it.image_id.as_deref());
    let versions =
        region.templates.iter().flat_map(|it| &it.versions).filter_map(|it| it.image_id.as_deref());
    let configurations = region.configurations.iter().filter_map(|it| it.image_id.as_deref());
    let mut named = BTreeSet::new();
    for id in instances.chain(versions).chain(configurations) {
        if !named.contains(id) {
            named.insert(id.to_owned());
        }
    }
    named
}

/// The images that parameters lead to, with the names of these.
async fn parameters_of(steps: &mut Steps<'_>, wanted: BTreeSet<String>) -> BTreeMap<String, Vec<String>> {
    let mut led: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let names: Vec<String> =
        wanted.iter().map(|name| name.trim_start_matches("resolve:ssm:").to_owned()).collect();
    let asks = names.chunks(PARAMETERS_MAX).map(|part| GetParameters { names: part.to_vec() }).collect();
    steps
        .each(asks, |_, answer| {
            let count = answer.parameters.len();
            for parameter in answer.parameters {
                led.entry(parameter.value).or_default().push(format!("resolve:ssm:{}", parameter.name));
            }
            count
        })
        .await;
    led
}
