//! A text on stdin.

use std::io::Read as _;

use anyhow::Context as _;

use crate::error::Error;

/// Longest text that is read, in bytes.
const MAX_LENGTH: u64 = 8 << 20;

/// Reads stdin to its end. `what` names the text in errors. Reading blocks, so a thread does it: Ctrl-C works meanwhile.
pub(in crate::commands) async fn read(what: &'static str) -> Result<String, Error> {
    tokio::task::spawn_blocking(move || read_bounded(what)).await.map_err(anyhow::Error::from)?
}

fn read_bounded(what: &str) -> Result<String, Error> {
    let mut text = String::new();
    let mut input = std::io::stdin().lock().take(MAX_LENGTH + 1);
    let length = input.read_to_string(&mut text).context("cannot read stdin")?;
    if length as u64 > MAX_LENGTH {
        return Err(Error::usage(format!("the {what} on stdin exceeds 8 MiB"), "it was not read"));
    }
    Ok(text)
}
