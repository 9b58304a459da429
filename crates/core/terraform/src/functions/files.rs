//! Functions that read files, through what the caller gives. Paths are seen from the root.

use super::Args;
use crate::convert::Place;
use crate::file;
use crate::files as paths;
use crate::value::{Outcome, Val};
use crate::world::{Bound, Env, Key, LONGEST_TEXT, World};
use base64::Engine as _;
use onehop_code::Why;

/// Calls a function of this group, if it is one.
pub(super) fn call(world: &mut World<'_>, name: &str, args: &Args<'_>) -> Option<Outcome> {
    Some(match name {
        "file" => read(world, args)
            .and_then(|bytes| String::from_utf8(bytes).map(Val::text).map_err(|_| args.wrong())),
        "filebase64" => {
            read(world, args).map(|bytes| Val::text(base64::engine::general_purpose::STANDARD.encode(bytes)))
        }
        "fileexists" => {
            args.text(0).map(|path| Val::bool(world.files.read(&paths::join(world.root, &path)).is_some()))
        }
        "templatefile" => read(world, args).and_then(|bytes| {
            let text = String::from_utf8(bytes).map_err(|_| args.wrong())?;
            render(world, args, &text)
        }),
        "templatestring" => args.text(0).and_then(|text| render(world, args, &text)),
        "basename" => args.text(0).map(|path| Val::text(paths::name(&path))),
        "dirname" => args.text(0).map(|path| Val::text(paths::parent(&path))),
        "abspath" | "pathexpand" => args.at(0).cloned(),
        _ => return None,
    })
}

fn read(world: &mut World<'_>, args: &Args<'_>) -> Outcome<Vec<u8>> {
    let path = paths::join(world.root, &args.text(0)?);
    let bytes = world
        .files
        .read(&path)
        .ok_or_else(|| Val::error(Why::Function, format!("{}(\"{path}\")", args.name)))?;
    if bytes.len() > LONGEST_TEXT || !world.spend(bytes.len() / 32) {
        return Err(Val::bound("a long file"));
    }
    Ok(bytes)
}

/// A text as a template with the given names.
fn render(world: &mut World<'_>, args: &Args<'_>, text: &str) -> Outcome {
    let Some((first, _)) = world.sources.iter().next() else { return Err(args.unknown()) };
    let names = args.at(1)?.to_map()?;
    let parts = file::template(text, Place { file: first, from: 0 }).map_err(|_| args.unknown())?;
    let bound = Bound::All(&names);
    let env = Env { module: 0, key: &Key::None, names: Some(&bound) };
    let value = world.deeper(|world| world.eval_template(env, &parts));
    Ok(Val { from: None, ..value })
}
