//! `AppStream`: three listings of one shape.

use super::json::{TOKEN, page};
use super::unknown;
use crate::answer::Done;
use crate::world::Scene;
use serde_json::{Value, json};

pub(super) fn answer(scene: &Scene<'_>, operation: &str) -> Done<Value> {
    let (kind, list) = match operation {
        "DescribeFleets" => ("fleet", "Fleets"),
        "DescribeImageBuilders" => ("image-builder", "ImageBuilders"),
        "DescribeAppBlockBuilders" => ("app-block-builder", "AppBlockBuilders"),
        _ => return Err(unknown(scene)),
    };
    let place = scene.place()?;
    let found: Vec<_> = place.about.streams.iter().filter(|it| it.kind == kind).collect();
    page(scene, &found, list, TOKEN, |it| {
        let mut body = json!({"Name": it.name, "State": "RUNNING"});
        if let Some(is_disabled) = it.disable_imdsv1 {
            body["DisableIMDSV1"] = is_disabled.into();
        }
        body
    })
}
