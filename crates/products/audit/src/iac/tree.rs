//! Directories of Terraform and Packer: read once, since modules are shared, and evaluated root by root.

use super::discover::Unit;
use super::disk::Disk;
use super::kinds;
use super::run::{Plan, name_of, parallel};
use onehop_code::{Sources, Trouble};
use onehop_terraform::{Code, Given, Loaded};

/// All code of a run, with its texts.
pub(super) struct Tree {
    code: Code,
    given: Given,
    /// The texts.
    pub sources: Sources,
    /// What is evaluated for itself.
    pub roots: Vec<Root>,
}

/// A directory that nobody calls as a module.
#[derive(Debug)]
pub(super) struct Root {
    /// Its path.
    pub path: String,
    /// Whether its Packer templates are meant.
    pub is_packer: bool,
}

impl Tree {
    /// Reads the directories, and the modules that they call.
    pub(super) fn read(units: &[&Unit], plan: &Plan, threads: usize) -> Tree {
        let given = Given { var_files: plan.var_files.clone(), vars: plan.vars.clone(), ..Given::default() };
        let (mut code, mut sources) = (Code::default(), Sources::default());
        let directories: Vec<String> = units.iter().map(|unit| name_of(unit.path())).collect();
        parse_ahead(&directories, threads, &mut code, &mut sources);
        code.read_values(&given, &Disk, &mut sources);
        for directory in &directories {
            code.read(directory, &Disk, &mut sources);
        }
        let terraform = code.roots(&sources).into_iter().filter(|root| !is_fetched(root));
        let mut roots: Vec<Root> = terraform.map(|path| Root { path, is_packer: false }).collect();
        roots.extend(code.packer_dirs().into_iter().map(|path| Root { path, is_packer: true }));
        Tree { code, given, sources, roots }
    }

    /// What a root would make.
    pub(super) fn evaluate(&self, root: &Root) -> Loaded {
        let (Tree { code, given, sources, .. }, wanted) = (self, kinds::is_wanted);
        if root.is_packer {
            code.evaluate_packer(&root.path, &Disk, sources, given, &wanted)
        } else {
            code.evaluate(&root.path, &Disk, sources, given, &wanted)
        }
    }

    /// What cannot be parsed.
    pub(super) fn troubles(&self) -> Vec<Trouble> {
        self.code.check(&self.sources)
    }

    /// Bytes of all texts.
    pub(super) fn bytes(&self) -> u64 {
        self.sources.iter().map(|(_, source)| source.text.len() as u64).sum()
    }
}

/// Whether a directory is one of those into which `terraform init` fetches modules: they are read through their calls.
fn is_fetched(root: &str) -> bool {
    root.split('/').any(|part| part == ".terraform")
}

/// Reads and parses the files of directories on all threads; what else they need is read with them.
fn parse_ahead(directories: &[String], threads: usize, code: &mut Code, sources: &mut Sources) {
    use onehop_terraform::Files as _;
    let names: Vec<String> = directories
        .iter()
        .flat_map(|directory| {
            let entries = Disk.list(directory).into_iter().filter(|entry| !entry.is_dir);
            let named = entries.filter(|entry| {
                onehop_terraform::is_terraform(&entry.name) || onehop_terraform::is_packer(&entry.name)
            });
            named.map(|entry| join(directory, &entry.name)).collect::<Vec<_>>()
        })
        .collect();
    let texts = parallel(&names, threads, |name| Disk.read(name));
    let files: Vec<_> = names
        .iter()
        .zip(texts)
        .filter_map(|(name, text)| text.map(|text| (name, sources.add(name.as_str(), &text))))
        .collect();
    let shared = &*sources;
    let parsed = parallel(&files, threads, |(name, file)| onehop_terraform::parse(name, *file, shared));
    for ((name, _), file) in files.iter().zip(parsed) {
        code.insert(name, file);
    }
}

fn join(directory: &str, name: &str) -> String {
    if directory.is_empty() || directory == "." { name.to_owned() } else { format!("{directory}/{name}") }
}
