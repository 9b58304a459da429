//! Functions that read files, through what the caller gives. Paths are seen from the root.

use super::Args;
use crate::convert::Place;
use crate::file;
use crate::files as paths;
use crate::value::{Outcome, Val};
use crate::world::{Bound, Env, Key, LONGEST_TEXT, World};
use base64::Engine as _;
use glob::{MatchOptions, Pattern};
use onehop_code::Why;

/// Directories in one another that are looked at for files.
const DEEPEST_DIRECTORY: usize = 32;
/// Directories that are looked at for files of one pattern.
const MOST_DIRECTORIES: usize = 1_000;
/// What one entry of a directory costs.
const DIRECTORY_STEPS: usize = 16;
/// Patterns that one pattern with braces stands for.
const MOST_PATTERNS: usize = 64;

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
        "fileset" => file_set(world, args),
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

pub(super) fn read(world: &mut World<'_>, args: &Args<'_>) -> Outcome<Vec<u8>> {
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

/// Files below a directory whose paths, as seen from there, have a pattern.
fn file_set(world: &mut World<'_>, args: &Args<'_>) -> Outcome {
    let (root, pattern) = (paths::join(world.root, &args.text(0)?), args.text(1)?);
    let options = MatchOptions { require_literal_separator: true, ..MatchOptions::default() };
    let patterns: Vec<Pattern> = alternatives(&pattern)
        .iter()
        .map(|pattern| Pattern::new(pattern).map_err(|_| args.unknown()))
        .collect::<Outcome<_>>()?;
    let mut found = Vec::new();
    let mut waiting = vec![(String::new(), 0)];
    let mut seen = 0;
    while let Some((below, depth)) = waiting.pop() {
        let entries = world.files.list(&paths::join(&root, &below));
        seen += 1;
        let is_far = depth > DEEPEST_DIRECTORY || seen > MOST_DIRECTORIES;
        if is_far || !world.spend((entries.len() + 1) * DIRECTORY_STEPS) {
            return Err(Val::bound("a large directory"));
        }
        for entry in entries {
            let path = if below.is_empty() { entry.name } else { format!("{below}/{}", entry.name) };
            if entry.is_dir {
                waiting.push((path, depth + 1));
            } else if patterns.iter().any(|pattern| pattern.matches_with(&path, options)) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(world.bounded_list(found.into_iter().map(Val::text).collect()))
}

/// `*.{json,yaml}` as two patterns; braces in one another stay as they are.
fn alternatives(pattern: &str) -> Vec<String> {
    let mut made = vec![String::new()];
    let mut rest = pattern;
    while let Some((before, inner, behind)) = rest
        .split_once('{')
        .and_then(|(before, behind)| behind.split_once('}').map(|(inner, behind)| (before, inner, behind)))
    {
        let longer =
            |front: &String| inner.split(',').map(|one| format!("{front}{before}{one}")).collect::<Vec<_>>();
        made = made.iter().flat_map(longer).take(MOST_PATTERNS).collect();
        rest = behind;
    }
    made.iter().map(|front| format!("{front}{rest}")).collect()
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
