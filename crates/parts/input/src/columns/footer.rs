//! The footer of a Parquet file, looked over before the library builds anything from it.
//!
//! The library takes the schema apart by recursion, as deep as the file says, and gives each described thing some
//! hundred bytes of memory. So the footer, in the compact protocol of Thrift, is first read here without keeping
//! anything: all lists must be as long as they say, structures may be nested and counted to a bound, and so may the
//! schema.

use std::{fs::File, os::unix::fs::FileExt};

/// The footer of a file with 1000 row groups of 100 columns has about 10 MB.
const FOOTER_MAX_BYTES: u64 = 32 << 20;
/// Structures in a footer: a column in a row group has four to ten.
const STRUCTURES_MAX: u32 = 1 << 20;
/// Groups inside groups in a schema. OCSF has about ten.
const SCHEMA_DEPTH_MAX: usize = 64;
const NESTING_MAX: u32 = 16;
/// Length of the footer, and the magic number.
const TAIL_BYTES: u64 = 8;

/// Reads the footer and checks it.
pub(super) fn read(file: &File) -> Result<Vec<u8>, String> {
    let length = file.metadata().map_err(|error| error.to_string())?.len();
    let tail_at = length.checked_sub(TAIL_BYTES).filter(|&at| at >= 4).ok_or("it is too short")?;
    let mut tail = [0; 8];
    file.read_exact_at(&mut tail, tail_at).map_err(|error| error.to_string())?;
    match &tail[4..] {
        b"PAR1" => {}
        b"PARE" => return Err("its footer is encrypted".to_owned()),
        _ => return Err("it does not end with a footer".to_owned()),
    }
    let size = u64::from(u32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]]));
    if size > FOOTER_MAX_BYTES || size > tail_at - 4 {
        return Err(format!("its footer cannot have {size} bytes"));
    }
    // At most FOOTER_MAX_BYTES.
    let mut footer = vec![0; usize::try_from(size).unwrap_or(0)];
    file.read_exact_at(&mut footer, tail_at - size).map_err(|error| error.to_string())?;
    check(&footer).ok_or("its footer is not what a footer may be")?;
    Ok(footer)
}

const SCHEMA_FIELD: i64 = 2;
const CHILDREN_FIELD: i64 = 5;

/// Looks the whole of it over.
fn check(footer: &[u8]) -> Option<()> {
    let mut reader = Compact { bytes: footer, structures: 0 };
    let mut last = 0;
    while let Some((field, kind)) = reader.field(&mut last)? {
        if field == SCHEMA_FIELD && kind == LIST {
            reader.schema()?;
        } else {
            reader.skip(kind, NESTING_MAX)?;
        }
    }
    Some(())
}

const BYTE: u8 = 3;
const DOUBLE: u8 = 7;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const STRUCT: u8 = 12;

/// Reads the compact protocol. `None` is anything that it does not allow, or that is out of bounds.
pub(super) struct Compact<'b> {
    pub(super) bytes: &'b [u8],
    pub(super) structures: u32,
}

impl Compact<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    /// A signed number.
    pub(super) fn number(&mut self) -> Option<i64> {
        let value = self.varint()?;
        Some((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
    }

    fn pass(&mut self, count: u64) -> Option<()> {
        self.bytes = self.bytes.get(usize::try_from(count).ok()?..)?;
        Some(())
    }

    /// The next field of a structure and its type; inner `None` is the end of the structure.
    #[expect(clippy::option_option, reason = "the end of a structure is not the end of the bytes")]
    pub(super) fn field(&mut self, last: &mut i64) -> Option<Option<(i64, u8)>> {
        let head = self.byte()?;
        if head == 0 {
            return Some(None);
        }
        let step = i64::from(head >> 4);
        *last = if step == 0 { self.number()? } else { last.checked_add(step)? };
        Some(Some((*last, head & 0xf)))
    }

    /// The number of elements of a list, each of which takes at least a byte, and their type.
    fn list(&mut self) -> Option<(u64, u8)> {
        let head = self.byte()?;
        let short = u64::from(head >> 4);
        let count = if short == 15 { self.varint()? } else { short };
        (count <= self.bytes.len() as u64).then_some((count, head & 0xf))
    }

    pub(super) fn skip(&mut self, kind: u8, depth: u32) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match kind {
            // A boolean field is its type; in a list it is a byte.
            1 | 2 => Some(()),
            BYTE => self.pass(1),
            4..=6 => self.varint().map(drop),
            DOUBLE => self.pass(8),
            BINARY => {
                let length = self.varint()?;
                self.pass(length)
            }
            LIST | 10 => {
                let (count, element) = self.list()?;
                if element <= BYTE {
                    return self.pass(count);
                }
                (0..count).try_for_each(|_| self.skip(element, depth))
            }
            STRUCT => {
                self.structures += 1;
                if self.structures > STRUCTURES_MAX {
                    return None;
                }
                let mut last = 0;
                while let Some((_, kind)) = self.field(&mut last)? {
                    self.skip(kind, depth)?;
                }
                Some(())
            }
            // Parquet has no maps in its footer.
            _ => None,
        }
    }

    /// The schema: its groups in the order in which they are written, each with the number of its children.
    fn schema(&mut self) -> Option<()> {
        let (count, kind) = self.list()?;
        let mut open: Vec<i64> = Vec::new();
        for _ in 0..count {
            if kind != STRUCT {
                return None;
            }
            let (mut last, mut children) = (0, 0);
            while let Some((field, kind)) = self.field(&mut last)? {
                if field == CHILDREN_FIELD && kind == 5 {
                    children = self.number()?;
                } else {
                    self.skip(kind, NESTING_MAX)?;
                }
            }
            self.structures += 1;
            if let Some(left) = open.last_mut() {
                *left -= 1;
            }
            if children > 0 {
                open.push(children);
            }
            while open.last() == Some(&0) {
                open.pop();
            }
            if open.len() > SCHEMA_DEPTH_MAX || self.structures > STRUCTURES_MAX {
                return None;
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests;
