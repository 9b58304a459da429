//! What a reader is given beside the template.

use onehop_code::Value;
use std::rc::Rc;

/// What is known of the stack that the template would make.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// Values of parameters; the last one of a name holds.
    pub parameters: Vec<(String, Value)>,
    /// `AWS::Region`, if it is known.
    pub region: Option<String>,
    /// `AWS::AccountId`, if it is known.
    pub account: Option<String>,
}

/// Gives nested templates.
pub trait Templates {
    /// The template in a file, read before or now. `path` is relative to what the root template's path is relative to,
    /// without `.` and `..` where possible. None if there is no such file or it is no template.
    fn template(&mut self, path: &str) -> Option<Rc<Value>>;
}

/// No files: every nested template is missing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFiles;

impl Templates for NoFiles {
    fn template(&mut self, _path: &str) -> Option<Rc<Value>> {
        None
    }
}
