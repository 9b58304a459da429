//! What a reader is told beforehand.

/// How a text is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Which words without quotes are true and false.
    pub booleans: Booleans,
    /// How much is looked at.
    pub limits: Limits,
}

/// Which words without quotes are true and false.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Booleans {
    /// YAML 1.1: `true`, `yes`, `on` and their opposites. What CloudFormation, Ansible, Kubernetes tools and eksctl read;
    /// the default. `y` and `n` are text, as in the libraries that they use.
    #[default]
    Wide,
    /// YAML 1.2: `true` and `false`. What Pulumi reads.
    Narrow,
}

/// How much is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a text; of a longer one nothing is read. 512 MiB by default: plans of 100 MB are read.
    pub bytes: usize,
    /// Maps and lists in one another; what is deeper is unknown. 100 by default: what people write stays below 30, and
    /// walks over values may recurse.
    pub depth: usize,
    /// Values of a text; behind them reading ends. 16 million by default.
    pub nodes: usize,
    /// Values that anchors, aliases and merge keys may copy; what is more is unknown. A value of long text counts once
    /// more for every 64 bytes. One million by default.
    pub copies: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { bytes: 512 << 20, depth: 100, nodes: 16_000_000, copies: 1_000_000 }
    }
}
