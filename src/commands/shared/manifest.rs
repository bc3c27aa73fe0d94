//! The manifest that a command works with.

use std::path::Path;

use super::input;
use crate::bindings::manifest::{FILE, Manifest};
use crate::context::{Context, require_trusted_manifest};
use crate::error::Error;
use crate::settings::variable;

/// Reads a manifest from a file, from stdin for `-`, or from `imconn.toml` in the working folder.
pub(crate) async fn read(path: Option<&Path>, context: &Context) -> Result<Manifest, Error> {
    if path.is_none() {
        require_trusted_manifest()?;
    }
    let path = path.unwrap_or(Path::new(FILE));
    let name = input::name_of(path);
    let text = input::read(path).await?.ok_or_else(|| does_not_exist(&name, context))?;
    let manifest = parse(&name, &text)?;
    if manifest.is_blank {
        let hint = "add a [[subscription]]; for a portal without any, add an empty [manage]";
        return Err(Error::usage(format!("{name} declares no subscriptions"), hint));
    }
    Ok(manifest)
}

fn does_not_exist(name: &str, context: &Context) -> Error {
    let export = context.typed("export > imconn.toml");
    let hint = format!("select one with -f FILE; to create one from the current bindings, run `{export}`");
    Error::usage(format!("{name} does not exist"), hint)
}

fn parse(name: &str, text: &str) -> Result<Manifest, Error> {
    Manifest::parse(text, &variable).map_err(|error| Error::usage(format!("{name}, {error}"), error.hint))
}
