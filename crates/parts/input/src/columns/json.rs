//! A row as a line of JSON, written piece by piece: a row may be far longer than the page that it is stored in.

use arrow_array::{
    Array, RecordBatch,
    cast::AsArray,
    types::{BinaryViewType, StringViewType},
};
use arrow_schema::DataType;

/// Takes a piece; `false` ends the writing.
type Out<'o> = dyn FnMut(&[u8]) -> bool + 'o;

/// Pieces are gathered up to this length.
const PIECE_BYTES: usize = 16 << 10;

/// Writes one row and a line end. `false`: `out` wants no more.
pub(super) fn write_row(batch: &RecordBatch, row: usize, out: &mut Out<'_>) -> bool {
    let mut line = Line { piece: Vec::new(), out };
    let schema = batch.schema_ref();
    let columns = schema.fields().iter().map(|field| field.name().as_str()).zip(batch.columns());
    let whole = line.object(columns.map(|(name, column)| (name, &**column)), row) && line.push(b"\n");
    whole && line.flush()
}

struct Line<'a, 'o> {
    piece: Vec<u8>,
    out: &'a mut Out<'o>,
}

impl Line<'_, '_> {
    fn flush(&mut self) -> bool {
        let goes_on = (self.out)(&self.piece);
        self.piece.clear();
        goes_on
    }

    fn push(&mut self, bytes: &[u8]) -> bool {
        self.piece.extend_from_slice(bytes);
        self.piece.len() < PIECE_BYTES || self.flush()
    }

    fn string(&mut self, bytes: &[u8]) -> bool {
        // Writing text to a vector cannot fail.
        let _ = serde_json::to_writer(&mut self.piece, &String::from_utf8_lossy(bytes));
        self.push(b"")
    }

    fn object<'c>(&mut self, columns: impl Iterator<Item = (&'c str, &'c dyn Array)>, row: usize) -> bool {
        let mut separator: &[u8] = b"{";
        for (name, column) in columns {
            if column.is_null(row) {
                continue;
            }
            let goes_on = self.push(separator)
                && self.string(name.as_bytes())
                && self.push(b":")
                && self.value(column, row);
            if !goes_on {
                return false;
            }
            separator = b",";
        }
        self.push(if separator == b"{" { b"{}" } else { b"}" })
    }

    fn value(&mut self, column: &dyn Array, row: usize) -> bool {
        if column.is_null(row) {
            return self.push(b"null");
        }
        match column.data_type() {
            DataType::Utf8View => self.string(column.as_byte_view::<StringViewType>().value(row).as_bytes()),
            DataType::BinaryView => self.string(column.as_byte_view::<BinaryViewType>().value(row)),
            DataType::Struct(fields) => {
                let children = fields.iter().map(|field| field.name().as_str());
                let columns = column.as_struct().columns().iter().map(|column| &**column);
                self.object(children.zip(columns), row)
            }
            DataType::List(_) => self.list(&*column.as_list::<i32>().value(row)),
            DataType::Map(..) => {
                let entries = column.as_map().value(row);
                self.map(entries.column(0), entries.column(1))
            }
            // Only text was asked for.
            _ => self.push(b"null"),
        }
    }

    fn list(&mut self, items: &dyn Array) -> bool {
        let mut goes_on = self.push(b"[");
        for item in 0..items.len() {
            goes_on = goes_on && (item == 0 || self.push(b",")) && self.value(items, item);
            if !goes_on {
                return false;
            }
        }
        goes_on && self.push(b"]")
    }

    fn map(&mut self, keys: &dyn Array, values: &dyn Array) -> bool {
        let mut goes_on = self.push(b"{");
        for entry in 0..keys.len() {
            let is_text = matches!(keys.data_type(), DataType::Utf8View | DataType::BinaryView);
            goes_on = goes_on
                && (entry == 0 || self.push(b","))
                && if is_text { self.value(keys, entry) } else { self.push(b"\"\"") }
                && self.push(b":")
                && self.value(values, entry);
            if !goes_on {
                return false;
            }
        }
        goes_on && self.push(b"}")
    }
}
