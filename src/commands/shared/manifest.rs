//! The manifest that a command works with.

use std::path::Path;

use super::stdin;
use crate::bindings::manifest::{FILE, Manifest};
use crate::context::Context;
use crate::error::Error;
use crate::settings::variable;
use crate::store::file;

/// Reads a manifest from a file, from stdin for `-`, or from `imconn.toml` in the working folder.
pub(crate) async fn read(path: Option<&Path>, context: &Context) -> Result<Manifest, Error> {
    let path = path.unwrap_or(Path::new(FILE));
    let is_stdin = path == Path::new("-");
    let name = if is_stdin { "stdin".to_owned() } else { path.display().to_string() };
    let text = if is_stdin { stdin::read("manifest").await? } else { read_file(path, &name, context).await? };
    let manifest = parse(&name, &text)?;
    if manifest.is_blank {
        let hint = "add a [[subscription]]; for a portal without any, add an empty [manage]";
        return Err(Error::usage(format!("{name} declares no subscriptions"), hint));
    }
    Ok(manifest)
}

/// Reading may block, on a named pipe for one, and Ctrl-C has to work meanwhile.
async fn read_file(path: &Path, name: &str, context: &Context) -> Result<String, Error> {
    let path = path.to_owned();
    let text = tokio::task::spawn_blocking(move || file::read(&path)).await.map_err(anyhow::Error::from)??;
    text.ok_or_else(|| {
        let export = context.typed("export > imconn.toml");
        let hint = format!("select one with -f FILE; to create one from the current bindings, run `{export}`");
        Error::usage(format!("{name} does not exist"), hint)
    })
}

fn parse(name: &str, text: &str) -> Result<Manifest, Error> {
    Manifest::parse(text, &variable).map_err(|error| Error::usage(format!("{name}, {error}"), error.hint))
}
