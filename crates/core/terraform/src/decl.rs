//! What a directory declares: an index over its blocks, with override files merged in.

use crate::file::{File, Piece};
use crate::syntax::{Attr, Block, Body};
use onehop_code::{Sources, Span, Trouble};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

/// The declarations of one directory.
#[derive(Debug, Default)]
pub(crate) struct Module {
    pub(crate) dir: String,
    files: Vec<Arc<File>>,
    pub(crate) resources: Vec<Resource>,
    by_address: HashMap<String, usize>,
    pub(crate) variables: BTreeMap<Box<str>, Vec<At>>,
    pub(crate) outputs: BTreeMap<Box<str>, Vec<At>>,
    pub(crate) calls: BTreeMap<Box<str>, Vec<At>>,
    pub(crate) providers: Vec<(Box<str>, At)>,
    pub(crate) settings: Vec<At>,
    locals: Vec<At>,
    local_index: OnceLock<HashMap<Arc<str>, (At, usize)>>,
}

/// A block: which file, which block of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct At {
    file: usize,
    piece: usize,
}

/// A resource, a data source, or a source of Packer.
#[derive(Debug)]
pub(crate) struct Resource {
    /// `aws_instance`, `data.aws_ami`, `packer.amazon-ebs`.
    pub(crate) kind: Box<str>,
    /// `aws_instance.web`, `data.aws_ami.this`, `source.amazon-ebs.x`.
    pub(crate) address: Box<str>,
    pub(crate) is_data: bool,
    pub(crate) at: Vec<At>,
}

impl Module {
    /// The declarations of files, which are given with their names.
    pub(crate) fn of(dir: &str, files: Vec<(String, Arc<File>)>) -> Module {
        let mut module = Module { dir: dir.to_owned(), ..Module::default() };
        let (overrides, plain): (Vec<_>, Vec<_>) = files.into_iter().partition(|(name, _)| is_override(name));
        for (name, file) in plain.into_iter().chain(overrides) {
            let packer = crate::file::is_packer(&name);
            module.files.push(file.clone());
            for (at, piece) in file.pieces.iter().enumerate() {
                module.declare(piece, At { file: module.files.len() - 1, piece: at }, packer);
            }
        }
        module
    }

    fn declare(&mut self, piece: &Piece, at: At, packer: bool) {
        let (first, second) = (piece.label(0), piece.label(1));
        match &*piece.kind {
            "resource" => self.resource(first.into(), format!("{first}.{second}"), false, at),
            "data" | "ephemeral" => {
                let (kind, address) = (format!("data.{first}"), format!("data.{first}.{second}"));
                self.resource(kind, address, true, at);
            }
            "source" if packer => {
                self.resource(format!("packer.{first}"), format!("source.{first}.{second}"), false, at);
            }
            "variable" => self.variables.entry(first.into()).or_default().push(at),
            "output" => self.outputs.entry(first.into()).or_default().push(at),
            "module" => self.calls.entry(first.into()).or_default().push(at),
            "provider" => self.providers.push((first.into(), at)),
            "terraform" => self.settings.push(at),
            "locals" | "local" => self.locals.push(at),
            _ => {}
        }
    }

    fn resource(&mut self, kind: String, address: String, is_data: bool, at: At) {
        if let Some(known) = self.by_address.get(&address) {
            self.resources[*known].at.push(at);
            return;
        }
        self.by_address.insert(address.clone(), self.resources.len());
        self.resources.push(Resource { kind: kind.into(), address: address.into(), is_data, at: vec![at] });
    }

    pub(crate) fn find(&self, address: &str) -> Option<usize> {
        self.by_address.get(address).copied()
    }

    pub(crate) fn piece(&self, at: At) -> &Piece {
        &self.files[at.file].pieces[at.piece]
    }

    pub(crate) fn body(&self, at: At, sources: &Sources) -> Result<&Body, &Trouble> {
        self.files[at.file].body(self.piece(at), sources)
    }

    /// Blocks that are one declaration, the overriding ones last.
    pub(crate) fn merged<'a>(&'a self, all: &[At], sources: &Sources) -> Result<Merged<'a>, &'a Trouble> {
        let bodies: Result<Vec<&Body>, &Trouble> = all.iter().map(|at| self.body(*at, sources)).collect();
        Ok(Merged { bodies: bodies? })
    }

    /// Where a local is declared, and what could not be read of the declarations of locals.
    pub(crate) fn local(&self, name: &str, sources: &Sources) -> Option<&Attr> {
        let index = self.local_index.get_or_init(|| {
            let mut index = HashMap::new();
            for at in &self.locals {
                let Ok(body) = self.body(*at, sources) else { continue };
                let piece = self.piece(*at);
                for (place, attr) in body.attrs.iter().enumerate() {
                    let named = &*piece.kind == "local" && &*attr.name == "expression";
                    let name = if named { Arc::from(piece.label(0)) } else { attr.name.clone() };
                    index.insert(name, (*at, place));
                }
            }
            index
        });
        let (at, place) = index.get(name)?;
        self.body(*at, sources).ok()?.attrs.get(*place)
    }

    /// What kept declarations of locals from being read.
    pub(crate) fn local_troubles<'a>(&'a self, sources: &'a Sources) -> impl Iterator<Item = &'a Trouble> {
        self.locals.iter().filter_map(|at| self.body(*at, sources).err())
    }

    /// What kept files from being cut into blocks.
    pub(crate) fn file_troubles(&self) -> impl Iterator<Item = &Trouble> {
        self.files.iter().flat_map(|file| &file.troubles)
    }

    /// The first words of a declaration, and all of it.
    pub(crate) fn spans(&self, all: &[At]) -> Option<(Span, Span)> {
        all.first().map(|at| (self.piece(*at).head, self.piece(*at).span))
    }
}

/// Bodies of one declaration: what a later one says replaces what an earlier one says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Merged<'a> {
    pub(crate) bodies: Vec<&'a Body>,
}

impl<'a> Merged<'a> {
    pub(crate) fn attr(&self, name: &str) -> Option<&'a Attr> {
        self.bodies.iter().rev().find_map(|body| body.attr(name))
    }

    /// All attributes, each once.
    pub(crate) fn attrs(&self) -> Vec<&'a Attr> {
        let mut all: Vec<&Attr> = Vec::new();
        for attr in self.bodies.iter().flat_map(|body| &body.attrs) {
            match all.iter_mut().find(|known| self.bodies.len() > 1 && known.name == attr.name) {
                Some(known) => *known = attr,
                None => all.push(attr),
            }
        }
        all
    }

    /// All nested blocks, those of a kind from the last body that has any.
    pub(crate) fn blocks(&self) -> Vec<&'a Block> {
        let mut all = Vec::new();
        for (at, body) in self.bodies.iter().enumerate() {
            let later = &self.bodies[at + 1..];
            let replaced =
                |name: &str| later.iter().any(|body| body.blocks.iter().any(|block| made(block) == name));
            all.extend(body.blocks.iter().filter(|block| !replaced(made(block))));
        }
        all
    }
}

/// The kind of block that a block makes: what a dynamic one is for.
pub(crate) fn made(block: &Block) -> &str {
    match (&*block.kind, block.labels.first()) {
        ("dynamic", Some(label)) => label,
        (kind, _) => kind,
    }
}

fn is_override(name: &str) -> bool {
    let stem = name.trim_end_matches(".json");
    let stem = stem.strip_suffix(".tf").or_else(|| stem.strip_suffix(".tofu")).unwrap_or(stem);
    stem == "override" || stem.ends_with("_override")
}
