//! Paths of files beside each other, without touching them.

/// The path of a file that is named relative to another one; `/` separates, `.` and `..` are resolved where possible.
pub(crate) fn beside(path: &str, relative: &str) -> String {
    let (root, base) = match path.rsplit_once(['/', '\\']) {
        Some((folder, _)) if !relative.starts_with('/') => (folder.starts_with('/'), folder),
        _ => (relative.starts_with('/'), ""),
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split(['/', '\\']).chain(relative.split(['/', '\\'])) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|it| *it != "..") => {
                parts.pop();
            }
            ".." if root => {}
            part => parts.push(part),
        }
    }
    format!(
        "{}{}",
        if root || path.starts_with('/') && base.is_empty() && !relative.starts_with('/') { "/" } else { "" },
        parts.join("/")
    )
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn files_are_beside_each_other() {
        for (path, relative, want) in [
            ("a.yaml", "b.yaml", "b.yaml"),
            ("x/a.yaml", "./b.yaml", "x/b.yaml"),
            ("x/y/a.yaml", "../z/b.yaml", "x/z/b.yaml"),
            ("a.yaml", "../b.yaml", "../b.yaml"),
            ("/a.yaml", "b.yaml", "/b.yaml"),
            ("/x/a.yaml", "../../b.yaml", "/b.yaml"),
            ("x/a.yaml", "/b.yaml", "/b.yaml"),
            ("x\\a.yaml", "b\\c.yaml", "x/b/c.yaml"),
        ] {
            assert_eq!(beside(path, relative), want, "{path} {relative}");
        }
    }
}
