//! Resources: addresses, blocks, modules, providers, places.

use crate::support::{all, at, one, written};
use onehop_code::Presence;

#[test]
fn placeholder() {
    let (loaded, _) = all(&[("a.tf", "resource \"a\" \"b\" {\n x = 1\n}")]);
    let found = one(&loaded, "a.b");
    assert_eq!((at(found, "x").as_str(), written(&found.body).as_str()), ("1", "{x = 1}"));
    assert_eq!(found.presence, Presence::Sure);
}
