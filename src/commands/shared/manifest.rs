//! The manifest that a command works with.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::bindings::manifest::{FILE, Manifest, ManifestError};
use crate::error::Error;
use crate::settings::variable;
use crate::store::file;

/// Longest manifest that is read, in bytes.
const MAX_MANIFEST: u64 = 8 << 20;

/// Reads a manifest: of a file, of stdin for `-`, or of `imconn.toml` in the working folder.
///
/// # Errors
/// [`Error::Usage`] for one that is not there, or has a mistake; [`Error::Local`] when it cannot be read.
pub async fn read(named: Option<&Path>) -> Result<Manifest, Error> {
    let path = named.map_or_else(|| PathBuf::from(FILE), Path::to_owned);
    let shown = if is_stdin(&path) { "stdin".to_owned() } else { path.display().to_string() };
    // Reading blocks, and Ctrl-C has to work meanwhile.
    let text = tokio::task::spawn_blocking(move || text_of(&path)).await.map_err(anyhow::Error::from)??;
    let Some(text) = text else {
        let hint = "name it with -f FILE; imconn export > imconn.toml writes one of what is bound";
        return Err(Error::usage(format!("there is no {shown}"), hint));
    };
    let manifest = parse(&shown, &text)?;
    if manifest.is_blank {
        let hint = "add a [[subscription]]; for a portal without any, an empty [manage] says that this is meant";
        return Err(Error::usage(format!("{shown} wants nothing"), hint));
    }
    Ok(manifest)
}

fn parse(shown: &str, text: &str) -> Result<Manifest, Error> {
    let wrong = |error: ManifestError| Error::usage(format!("{shown}, {error}"), error.hint);
    Manifest::parse(text, &variable).map_err(wrong)
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

fn text_of(path: &Path) -> Result<Option<String>, Error> {
    if !is_stdin(path) {
        return Ok(file::read(path)?);
    }
    let mut text = String::new();
    let read = std::io::stdin().lock().take(MAX_MANIFEST + 1).read_to_string(&mut text).context("cannot read stdin")?;
    if read as u64 > MAX_MANIFEST {
        return Err(Error::usage("the manifest on stdin is longer than 8 MiB", "it would be taken for a part of it"));
    }
    Ok(Some(text))
}
