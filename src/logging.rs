//! `--verbose`: what this program does, on stderr.

use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer as _, filter, fmt};

/// Libraries stay silent: what they log is not checked for secrets.
pub(crate) fn start(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => filter::LevelFilter::INFO,
        _ => filter::LevelFilter::DEBUG,
    };
    let ours = filter::Targets::new().with_target("imconn", level);
    let lines = fmt::layer().with_writer(std::io::stderr).without_time().with_target(false).with_ansi(false);
    // A second call in one process is a test's, and the first subscriber stays.
    let _ = tracing_subscriber::registry().with(lines.with_filter(ours)).try_init();
}
