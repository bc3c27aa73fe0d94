//! Private files that are whole at every moment.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use tempfile::NamedTempFile;

use crate::redact::shell_quoted;

/// Reads a text file; `None` when there is none.
///
/// # Errors
/// When it is there and cannot be read.
pub fn read(path: &Path) -> Result<Option<String>> {
    let shown = path.display();
    match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        // To open a pipe would wait for a writer that never comes.
        Ok(facts) if !facts.is_file() => bail!("{shown} is there and is no file"),
        _ => {}
    }
    let bytes = fs::read(path).with_context(|| format!("cannot read {shown}"))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let line =
            String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]).matches('\n').count() + 1;
        anyhow!("{shown}, line {line}: that is no UTF-8")
    })?;
    Ok(Some(text))
}

/// Replaces a file as a whole, and makes its folder where there is none. The caller holds the file's lock: what a killed
/// writer has left is removed.
///
/// # Errors
/// When the folder cannot be made or written.
pub fn write(path: &Path, text: &str) -> Result<()> {
    create_private_folder(folder_of(path))?;
    let real = real(path);
    remove_leftovers(&real, folder_of(&real));
    replace(&real, text)
}

/// Replaces a file as a whole: written beside it at mode 0600, synced, renamed over it. A reader sees the old text or
/// the new one, whatever happens in between. A link stays one: what it leads to is replaced.
///
/// # Errors
/// When the folder cannot be written.
pub fn replace(path: &Path, text: &str) -> Result<()> {
    let real = real(path);
    let (path, folder) = (real.as_path(), folder_of(&real));
    let shown = path.display();
    let mut file = temporary(path, folder).with_context(|| format!("cannot write beside {shown}"))?;
    file.write_all(text.as_bytes()).with_context(|| format!("cannot write {shown}"))?;
    file.as_file().sync_all().with_context(|| format!("cannot write {shown}"))?;
    file.persist(path).with_context(|| format!("cannot replace {shown}"))?;
    sync_folder(folder);
    Ok(())
}

/// Whether a file could be replaced now by one of the same size, as far as that can be told: a full disk lets a file be
/// made, and nothing be written into it.
///
/// # Errors
/// When that cannot be written beside it.
pub fn check_writable(path: &Path) -> Result<()> {
    let real = real(path);
    let (path, folder) = (real.as_path(), folder_of(&real));
    let size = fs::metadata(path).map_or(0, |facts| facts.len());
    // New tokens may be longer than the old ones.
    let sample = vec![b'#'; usize::try_from(size).unwrap_or(0) + 4096];
    let write = || {
        let mut file = temporary(path, folder)?;
        file.write_all(&sample)?;
        file.as_file().sync_all()
    };
    write().with_context(|| format!("cannot write beside {}", path.display()))
}

/// What is wrong with a TOML file, and in which line. The parser's own message quotes that line, and a token may stand
/// in it.
#[must_use]
pub fn toml_error(path: &Path, text: &str, error: &toml::de::Error) -> anyhow::Error {
    let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
    anyhow!("{}, line {line}: {}", path.display(), error.message())
}

/// What a link leads to; the path itself where there is no link, or nothing yet.
fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// Where a file is; of a bare name, the working folder.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

/// In which line a member of a document stands: the last of its keys that is there.
#[must_use]
pub fn line_of(text: &str, keys: &[&str]) -> Option<usize> {
    let document = toml_edit::Document::parse(text).ok()?;
    let (mut item, mut line) = (document.as_item(), None);
    for key in keys {
        let (table, inner) = (item.as_table_like()?, item.get(key));
        let span = table.get_key_value(key).and_then(|(key, item)| key.span().or_else(|| item.span()));
        line = span.map(|span| text[..span.start].matches('\n').count() + 1).or(line);
        let Some(inner) = inner else { break };
        item = inner;
    }
    line
}

/// A new file beside `path`, at mode 0600, which `tempfile` sees to.
fn temporary(path: &Path, folder: &Path) -> std::io::Result<NamedTempFile> {
    tempfile::Builder::new().prefix(&prefix(path)).tempfile_in(folder)
}

fn prefix(path: &Path) -> String {
    format!(".{}.imconn-", path.file_name().unwrap_or_default().to_string_lossy())
}

/// What a process that was killed while writing has left. Nobody else is writing now: the lock is ours.
fn remove_leftovers(path: &Path, folder: &Path) {
    let prefix = prefix(path);
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(&prefix) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Says when others can read a file or enter a folder with secrets, with the command that mends it; `None` when nobody
/// can, and where there are no modes.
#[must_use]
pub fn exposure(path: &Path) -> Option<String> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let facts = fs::metadata(path).ok()?;
        let mode = facts.permissions().mode() & 0o777;
        let (verb, right) = if facts.is_dir() { ("enter", "700") } else { ("read", "600") };
        if mode & 0o077 != 0 {
            let (shown, word) = (path.display(), shell_quoted(&path.to_string_lossy()));
            return Some(format!("others can {verb} {shown} (mode {mode:03o}); mend it with: chmod {right} {word}"));
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    None
}

/// Makes a folder that only its owner can enter.
///
/// # Errors
/// When it cannot be made.
pub fn create_private_folder(folder: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder).with_context(|| format!("cannot make the folder {}", folder.display()))
}

/// A rename is safe against a power failure only when its folder is synced too. Not every file system can do it, and
/// the file itself is whole either way.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = fs::File::open(folder) {
        let _ = folder.sync_all();
    }
}
