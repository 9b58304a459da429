//! Open files: every connection is one, and the usual soft limit of 1024 is far below what a server may hold.

use std::io;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Raises the soft limit on open files to the hard limit and gives the limit in force (`u64::MAX`: none).
///
/// # Errors
/// What the kernel answers; the old limit stays.
pub fn raise_file_limit() -> io::Result<u64> {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current != maximum {
        setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum })?;
    }
    Ok(maximum.unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn soft_becomes_hard() {
        let hard = getrlimit(Resource::Nofile).maximum;
        let lowered = Rlimit { current: Some(256), maximum: hard };
        setrlimit(Resource::Nofile, lowered).expect("a soft limit can be lowered");
        assert_eq!(raise_file_limit().expect("soft to hard is allowed"), hard.unwrap_or(u64::MAX));
        assert_eq!(getrlimit(Resource::Nofile).current, hard);
    }
}
