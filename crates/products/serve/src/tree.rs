//! The metadata tree: which path answers what, in which dated version.
//!
//! A [`Tree`] is built once from an [`Instance`] and an [`Overlay`] and never changes. Every listing is rendered when
//! the tree is built, so a lookup is one hash of the path and copies nothing.
//!
//! ```text
//! tree file ──parse_tree──▶ Overlay ──instance()──▶ Instance
//!                              │                       │  (flags may change it)
//!                              └──────▶ Tree::new ◀────┘
//!                                          │
//!            (version, path) ──lookup──▶ Found::{Leaf, Directory, Absent}
//! ```
//!
//! A path is canonical text below the version, without a slash at either end: `meta-data/iam/info`, `user-data`, and
//! the empty text for the version itself. Slash rules are thereby the caller's: it trims one, and a directory answers
//! with or without it, as does a leaf.
//!
//! | path | answer |
//! |---|---|
//! | a value whose category is older than or as old as the version | [`Found::Leaf`] |
//! | a directory with at least one visible entry | [`Found::Directory`], the listing |
//! | `meta-data/tags/instance` without exposed tags | [`Found::Directory`], empty, although `meta-data/tags` is absent |
//! | anything else, also a category newer than the version | [`Found::Absent`] |
//!
//! Nothing here fails but [`parse_tree`], which names file, line and column.

mod build;
mod catalogue;
mod defaults;
mod error;
mod file;
mod instance;
mod nearest;
mod place;
mod public_keys;
mod shorthand;
mod values;
mod yaml;

use std::collections::HashMap;
use std::sync::LazyLock;

use bytes::Bytes;
use onehop_imds::answer::ContentType;
use onehop_imds::version::Version;

pub use error::{Problem, TreeError};
pub use file::{Base, Overlay, TREE_DEPTH_MAX, TREE_FILE_BYTES_MAX, USER_DATA_BYTES_MAX, parse_tree};
pub use instance::{Instance, Interface, Placement, PublicKey};

/// What the version root lists, in every version.
static ROOT_LISTING: LazyLock<Bytes> = LazyLock::new(|| {
    let names: Vec<&str> = Version::all().map(Version::as_str).collect();
    Bytes::from(names.join("\n"))
});

/// The whole tree of one instance, in all versions. Immutable; share it behind an `Arc`.
#[derive(Debug)]
pub struct Tree {
    nodes: HashMap<Box<str>, Node>,
}

/// The answer of [`Tree::lookup`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found<'tree> {
    /// A value, or something the service computes for each request.
    Leaf(&'tree Leaf),
    /// A directory and its listing: one entry a line, byte-sorted, no line feed at the end. `text/plain`.
    Directory(Bytes),
    /// Nothing there in this version: 404.
    Absent,
}

/// What stands at the end of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Leaf {
    /// The same bytes at every request.
    Fixed {
        /// The body. Cloning shares it.
        body: Bytes,
        /// How the body is labelled.
        content_type: ContentType,
    },
    /// Computed by the service at every request.
    Live(LiveKind),
}

impl Leaf {
    /// A `text/plain` value.
    pub fn text(text: impl Into<String>) -> Leaf {
        Leaf::Fixed { body: Bytes::from(text.into()), content_type: ContentType::Text }
    }

    /// An `application/octet-stream` value, returned untouched.
    pub fn octets(body: Bytes) -> Leaf {
        Leaf::Fixed { body, content_type: ContentType::Octets }
    }
}

/// A leaf that depends on the request: on the time, on the credentials in force, on the signing key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LiveKind {
    /// `meta-data/iam/security-credentials`: the name of the role, no line feed.
    RoleList,
    /// `meta-data/iam/security-credentials/<role>`: the credentials of the role, JSON.
    RoleCredentials,
    /// `meta-data/iam/info`: the instance profile, JSON.
    IamInfo,
    /// `meta-data/identity-credentials/ec2/info`: the account, JSON.
    IdentityCredentialsInfo,
    /// `meta-data/identity-credentials/ec2/security-credentials/ec2-instance`: the instance's own credentials, JSON.
    IdentityCredentialsRole,
    /// `dynamic/instance-identity/signature`: base64 of the RSA signature over [`Tree::identity_document`].
    IdentitySignature,
    /// `dynamic/instance-identity/rsa2048`: base64 PKCS#7 around [`Tree::identity_document`].
    IdentityRsa2048,
    /// `dynamic/instance-identity/pkcs7`: as `rsa2048`.
    IdentityPkcs7,
}

/// One path: a leaf, a directory, or a directory whose own answer is computed ([`LiveKind::RoleList`]).
#[derive(Debug)]
struct Node {
    leaf: Option<(Version, Leaf)>,
    /// Each listing with the first version that sees it, oldest first.
    listings: Vec<(Version, Bytes)>,
}

impl Tree {
    /// The tree of `instance` with the entries of `overlay` laid over it.
    ///
    /// `overlay.instance()` gives the instance the file describes; it is passed apart so that flags can change it.
    pub fn new(instance: &Instance, overlay: &Overlay) -> Tree {
        let mut entries = match overlay.base() {
            Base::Default => defaults::entries(instance),
            Base::Empty => defaults::live_entries(instance),
        };
        overlay.apply(&mut entries);
        Tree { nodes: entries.into_nodes() }
    }

    /// What `path` answers in `version`. Allocates nothing.
    pub fn lookup(&self, version: Version, path: &str) -> Found<'_> {
        let Some(node) = self.nodes.get(path) else {
            return Found::Absent;
        };
        if let Some((since, leaf)) = &node.leaf {
            return if *since <= version { Found::Leaf(leaf) } else { Found::Absent };
        }
        let visible = node.listings.iter().rev().find(|(since, _)| *since <= version);
        visible.map_or(Found::Absent, |(_, listing)| Found::Directory(listing.clone()))
    }

    /// The listing of `/`: every version, oldest first, `latest` last.
    pub fn root_listing() -> Bytes {
        ROOT_LISTING.clone()
    }

    /// The exact bytes of `dynamic/instance-identity/document`, which the signatures cover; `None` if the tree file
    /// removed it.
    pub fn identity_document(&self) -> Option<Bytes> {
        match self.lookup(Version::LATEST, "dynamic/instance-identity/document") {
            Found::Leaf(Leaf::Fixed { body, .. }) => Some(body.clone()),
            _ => None,
        }
    }
}

impl Default for Tree {
    /// The tree of the made-up default instance.
    fn default() -> Tree {
        Tree::new(&Instance::default(), &Overlay::default())
    }
}

#[cfg(test)]
mod tests;
