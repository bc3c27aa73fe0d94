//! Private files that are whole at every moment.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result, anyhow};
use tempfile::NamedTempFile;

/// Reads a text file; `None` when there is none.
///
/// # Errors
/// When it is there and cannot be read.
pub fn read(path: &Path) -> Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// Replaces a file as a whole: written beside it at mode 0600, synced, renamed over it. A reader sees the old text or
/// the new one, whatever happens in between. The caller holds the file's lock.
///
/// # Errors
/// When the folder cannot be made or written.
pub fn write(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    create_private_folder(folder)?;
    let shown = path.display();
    remove_leftovers(path, folder);
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
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
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
            let path = path.display();
            return Some(format!("others can {verb} {path} (mode {mode:03o}); mend it with: chmod {right} {path}"));
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
