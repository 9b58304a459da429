//! Archives that are read from their end need a file.

use std::{
    fs::File,
    io::{self, Read, Seek, Write},
};

use crate::{
    feed::Feed,
    meter::{Damage, Meter},
    sink::{Format, Reason},
};

/// The file that a feed is, or a temporary one without a name that holds its bytes.
pub(crate) fn file(feed: &mut Feed<'_>, format: Format, meter: &Meter<'_>) -> Result<File, Damage> {
    let explain = |error| Damage::explain(error, Format::Plain, None);
    if let Some(file) = feed.file() {
        meter.take_all();
        return file.try_clone().map_err(explain);
    }
    let mut file = tempfile::tempfile().map_err(explain)?;
    copy(feed, &mut file, format, meter)?;
    file.rewind().map_err(explain)?;
    Ok(file)
}

fn copy(feed: &mut Feed<'_>, file: &mut File, format: Format, meter: &Meter<'_>) -> Result<(), Damage> {
    let most = meter.options.spool_bytes;
    let mut buffer = meter.buffer();
    let mut left = most;
    let result = loop {
        match feed.read(&mut buffer) {
            Ok(0) => break Ok(()),
            Ok(count) if count as u64 > left => {
                break Err(Damage { reason: Reason::Spool(format, most), unread: None });
            }
            Ok(count) => {
                left -= count as u64;
                if let Err(error) = file.write_all(&buffer[..count]) {
                    break Err(Damage::explain(error, Format::Plain, None));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => break Err(Damage::explain(error, format, None)),
        }
    };
    meter.keep(buffer);
    result
}
