//! Rows of Parquet files as lines of JSON, so that a scan of text finds what is in them.
//!
//! A line is an object with the columns of the row that hold text: `{"http_request":{"url":{"path":"/a"}}}`. Structs,
//! lists and maps keep their shape, nulls are left out. Text is a byte array that is a string, an enum, JSON, or of no
//! declared kind; what is not UTF-8 in it is replaced. Other columns are not read: rows of OCSF and of access logs have
//! their strangers' text in strings. A map is read if its keys and its values are text.
//!
//! # Failure
//! A stranger's file is not trusted with memory: the footer is checked before the library builds anything from it
//! (`footer`), each page header before its page is decoded (`pages`), and few rows are decoded at a time. Damage costs
//! the rest of a row group, is said with its number and row, and the next row group is read. A panic of the library is
//! taken for damage; its message goes where panics go.

mod footer;
mod json;
mod pages;

use std::{
    fmt::Display,
    fs::File,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use arrow_schema::{DataType, Field, FieldRef, Fields, Schema};
use parquet::{
    arrow::{
        ProjectionMask,
        arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder},
    },
    basic::{ConvertedType, Encoding, LogicalType, Type},
    file::metadata::ParquetMetaDataReader,
    schema::types::{ColumnDescriptor, SchemaDescriptor, Type as Node},
};

use self::pages::{Bounds, Pages};
use crate::{
    archive,
    feed::Feed,
    meter::Damage,
    options::Options,
    read::Walk,
    sink::{Format, Reason},
    source::SourceName,
    text::Text,
};

/// More columns with text than any log has.
const COLUMNS_MAX: usize = 2048;
/// After this many damaged row groups the rest is not tried.
const DAMAGED_GROUPS_MAX: usize = 16;

/// What is needed to read one row group.
struct Plan {
    metadata: ArrowReaderMetadata,
    mask: ProjectionMask,
    columns: Vec<usize>,
}

impl Plan {
    fn bounds(&self, group: usize, options: &Options) -> Bounds {
        let group = self.metadata.metadata().row_group(group);
        let is_delta =
            |leaf: &&usize| group.column(**leaf).encodings().any(|kind| kind == Encoding::DELTA_BYTE_ARRAY);
        Bounds::new(self.columns.len(), self.columns.iter().filter(is_delta).count(), options)
    }
}

impl Walk<'_> {
    /// Hands over the rows of a file.
    pub(crate) fn parquet(&mut self, feed: &mut Feed<'_>, name: &SourceName) {
        let unread = feed.unread();
        let opened = archive::spool::file(feed, Format::Parquet, self.meter).and_then(|file| {
            let file = Arc::new(file);
            guarded(|| plan(&file)).map(|plan| (file, plan)).map_err(damaged)
        });
        match opened {
            Ok((file, plan)) => self.row_groups(&file, &plan, name),
            Err(mut damage) => {
                damage.unread = damage.unread.or(unread);
                self.lose(name, damage);
            }
        }
    }

    fn row_groups(&mut self, file: &Arc<File>, plan: &Plan, name: &SourceName) {
        self.sink.begin(name);
        let mut text = Text::new(self.meter.options, self.meter.buffer());
        let mut damages = Vec::new();
        for group in 0..plan.metadata.metadata().num_row_groups() {
            let mut rows = 0;
            let result = guarded(|| self.row_group(file, plan, group, &mut text, &mut rows));
            if let Err(detail) = result {
                damages.push(damaged(format!("row group {group}, after {rows} rows: {detail}")));
            }
            if let Some(bomb) = self.meter.decode(0).err() {
                damages.clear();
                damages.push(Damage::explain(bomb, Format::Parquet, None));
            }
            if self.over() || self.sink.stopped() || damages.len() >= DAMAGED_GROUPS_MAX {
                break;
            }
        }
        text.flush(self.sink);
        let stopped = self.sink.stopped();
        let bytes_out = text.bytes_out();
        self.meter.keep(text.into_buffer());
        self.ended(name, bytes_out, stopped, damages);
    }

    /// Hands over the rows of one row group. Ends early, without an error, when the walk is to stop.
    fn row_group(
        &mut self,
        file: &Arc<File>,
        plan: &Plan,
        group: usize,
        text: &mut Text,
        rows: &mut usize,
    ) -> Result<(), String> {
        let bounds = plan.bounds(group, self.meter.options);
        let pages = Pages::new(Arc::clone(file), bounds);
        let batches = ParquetRecordBatchReaderBuilder::new_with_metadata(pages, plan.metadata.clone())
            .with_projection(plan.mask.clone())
            .with_row_groups(vec![group])
            .with_batch_size(bounds.batch_rows)
            .build()
            .map_err(said)?;
        for batch in batches {
            let batch = batch.map_err(said)?;
            for row in 0..batch.num_rows() {
                let mut out = |bytes: &[u8]| {
                    text.push(bytes, self.sink);
                    self.meter.decode(bytes.len()).is_ok() && !self.sink.stopped()
                };
                if !json::write_row(&batch, row, &mut out) {
                    return Ok(());
                }
                *rows += 1;
            }
        }
        Ok(())
    }
}

/// Reads the footer, and chooses the columns.
fn plan(file: &Arc<File>) -> Result<Plan, String> {
    let footer = footer::read(file)?;
    let metadata = Arc::new(ParquetMetaDataReader::decode_metadata(&footer).map_err(said)?);
    let schema = metadata.file_metadata().schema_descr();
    let mut leaves = Vec::new();
    choose(schema.root_schema(), schema, &mut 0, &mut leaves);
    if leaves.len() > COLUMNS_MAX {
        return Err(format!("{} columns hold text, more than {COLUMNS_MAX}", leaves.len()));
    }
    let mask = ProjectionMask::leaves(schema, leaves.iter().copied());
    // The Arrow schema that writers embed is of no use here, and one more thing to parse.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let plain = ArrowReaderMetadata::try_new(Arc::clone(&metadata), options.clone()).map_err(said)?;
    // Views share the bytes of a page, so that a short page that repeats a long value stays short in memory.
    let views = options.with_schema(Arc::new(with_views(plain.schema())));
    let metadata = ArrowReaderMetadata::try_new(metadata, views).map_err(said)?;
    Ok(Plan { metadata, mask, columns: leaves })
}

/// Chooses the leaves that hold text below a node, whose first leaf is `next`. The library reads a map as a whole or
/// not at all. The footer was checked, so that the schema is not deep.
fn choose(node: &Node, schema: &SchemaDescriptor, next: &mut usize, chosen: &mut Vec<usize>) {
    let (first, before) = (*next, chosen.len());
    if node.is_primitive() {
        if is_text(&schema.column(first)) {
            chosen.push(first);
        }
        *next += 1;
        return;
    }
    for child in node.get_fields() {
        choose(child, schema, next, chosen);
    }
    if is_map(node) && chosen.len() > before {
        chosen.truncate(before);
        chosen.extend(first..*next);
    }
}

fn is_map(node: &Node) -> bool {
    let info = node.get_basic_info();
    info.logical_type_ref() == Some(&LogicalType::Map)
        || matches!(info.converted_type(), ConvertedType::MAP | ConvertedType::MAP_KEY_VALUE)
}

fn is_text(column: &ColumnDescriptor) -> bool {
    if column.physical_type() != Type::BYTE_ARRAY {
        return false;
    }
    match column.logical_type_ref() {
        Some(logical) => matches!(logical, LogicalType::String | LogicalType::Enum | LogicalType::Json),
        None => matches!(
            column.converted_type(),
            ConvertedType::NONE | ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON
        ),
    }
}

fn with_views(schema: &Schema) -> Schema {
    Schema::new(schema.fields().iter().map(view).collect::<Fields>())
}

fn view(field: &FieldRef) -> FieldRef {
    let kind = match field.data_type() {
        DataType::Utf8 => DataType::Utf8View,
        DataType::Binary => DataType::BinaryView,
        DataType::List(item) => DataType::List(view(item)),
        DataType::Map(entry, sorted) => DataType::Map(view(entry), *sorted),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(view).collect()),
        other => other.clone(),
    };
    Arc::new(Field::new(field.name(), kind, field.is_nullable()))
}

/// Runs the library on a stranger's bytes.
fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    // What a panic leaves half done is a text that goes on with whole rows, and a batch that is dropped.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err("the decoder gave up".to_owned()))
}

fn said(error: impl Display) -> String {
    error.to_string()
}

fn damaged(detail: String) -> Damage {
    Damage { reason: Reason::Damaged(Format::Parquet, detail), unread: None }
}
