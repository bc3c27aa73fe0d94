//! `--verbose`: what this program does, on stderr.

use std::io::{self, Write};

use serde_json::json;
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer as _, filter, fmt};

/// Libraries stay silent: what they log is not checked for secrets.
pub(crate) fn start(verbose: u8, as_json: bool) {
    let level = match verbose {
        0 => return,
        1 => filter::LevelFilter::INFO,
        _ => filter::LevelFilter::DEBUG,
    };
    let ours = filter::Targets::new().with_target("imconn", level);
    let writer = if as_json { BoxMakeWriter::new(|| JsonLines) } else { BoxMakeWriter::new(io::stderr) };
    let lines = fmt::layer().with_writer(writer).without_time().with_target(false).with_ansi(false);
    // A second call in one process is a test's, and the first subscriber stays.
    let _ = tracing_subscriber::registry().with(lines.with_filter(ours)).try_init();
}

/// Makes an object of every line of the log. The layer writes a whole line at once: ` INFO POST profile: HTTP 200`.
struct JsonLines;

impl Write for JsonLines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        let (level, message) = text.trim().split_once(' ').unwrap_or_default();
        let object = json!({"log": {"level": level.to_lowercase(), "message": message.trim()}});
        io::stderr().lock().write_all(format!("{object}\n").as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
