//! Texts on stdin and in files that the user gives: the one bounded reader.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use anyhow::Context as _;

use crate::error::Error;
use crate::store::file;

/// Longest text that is read, in bytes.
const MAX_LENGTH: u64 = 8 << 20;

/// Whether a path stands for stdin.
pub(in crate::commands) fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// What messages call a path.
pub(in crate::commands) fn name_of(path: &Path) -> String {
    if is_stdin(path) { "stdin".to_owned() } else { path.display().to_string() }
}

/// Reads stdin to its end.
pub(in crate::commands) async fn read_stdin() -> Result<String, Error> {
    blocking(|| read_bounded(std::io::stdin().lock(), "stdin")).await
}

/// Reads a file or, for `-`, stdin; `None` if the file does not exist. A named pipe is read like a file: process
/// substitution gives one.
pub(in crate::commands) async fn read(path: &Path) -> Result<Option<String>, Error> {
    if is_stdin(path) {
        return read_stdin().await.map(Some);
    }
    let path = path.to_owned();
    blocking(move || match File::open(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        opened => {
            let name = path.display().to_string();
            let file = opened.with_context(|| format!("cannot read {name}"))?;
            read_bounded(file, &name).map(Some)
        }
    })
    .await
}

/// Reading blocks, so a thread does it: Ctrl-C works meanwhile.
pub(in crate::commands) async fn blocking<T: Send + 'static>(
    read: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(read).await.map_err(anyhow::Error::from)?
}

fn read_bounded(input: impl Read, name: &str) -> Result<String, Error> {
    let mut bytes = Vec::new();
    input.take(MAX_LENGTH + 1).read_to_end(&mut bytes).with_context(|| format!("cannot read {name}"))?;
    if bytes.len() as u64 > MAX_LENGTH {
        return Err(Error::usage(format!("{name} is longer than 8 MiB"), "check that it is the right file"));
    }
    Ok(file::decoded(bytes, name)?)
}
