//! Lines of raw bytes, bounded: a line is kept up to a limit and read past beyond it.
//!
//! Fails as its reader does; any bytes are lines.

use std::io::{self, BufRead, Read as _};

/// Reads up to and without the next line feed, and keeps at most `keep` bytes. `false` at the end.
pub(super) fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>, keep: u64) -> io::Result<bool> {
    line.clear();
    let read = input.by_ref().take(keep).read_until(b'\n', line)?;
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if read > 0 {
        input.skip_until(b'\n')?;
    }
    Ok(read > 0)
}

#[cfg(test)]
mod tests {
    use super::read_line;

    fn lines(text: &[u8], keep: u64) -> Vec<Vec<u8>> {
        let mut input = std::io::BufReader::with_capacity(3, text);
        let (mut lines, mut line) = (Vec::new(), Vec::new());
        while read_line(&mut input, &mut line, keep).expect("memory can be read") {
            lines.push(line.clone());
        }
        lines
    }

    #[test]
    fn lines_are_raw_bytes_and_bounded() {
        assert_eq!(lines(b"", 9), Vec::<Vec<u8>>::new());
        assert_eq!(lines(b"ab\xff\r\n\nc", 9), [b"ab\xff\r".to_vec(), vec![], b"c".to_vec()]);
        assert_eq!(lines(b"abcdefghij\nk\n", 4), [b"abcd".to_vec(), b"k".to_vec()]);
    }
}
