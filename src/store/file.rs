//! Private files, replaced atomically.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};

use crate::redact::shell_quoted;

/// Reads a text file; `None` when it does not exist.
pub(crate) fn read(path: &Path) -> Result<Option<String>> {
    let shown = path.display();
    match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        // Opening a pipe would wait for a writer that never comes.
        Ok(facts) if !facts.is_file() => bail!("{shown} exists but is not a regular file"),
        _ => {}
    }
    let bytes = fs::read(path).with_context(|| format!("cannot read {shown}"))?;
    decoded(bytes, &shown.to_string()).map(Some)
}

/// The text of a file; the error for invalid UTF-8 names its line.
pub(crate) fn decoded(bytes: Vec<u8>, shown: &str) -> Result<String> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]).into_owned();
        anyhow!("{shown}, line {}: not valid UTF-8", valid.matches('\n').count() + 1)
    })
}

/// Replaces a file atomically, and creates its folder if needed. The caller holds the file's lock: the temporary file has
/// a fixed name, so what a killed writer left is overwritten by the next one, and no folder has to be searched for it.
pub(crate) fn write(path: &Path, text: &str) -> Result<()> {
    let path = put(path, text, File::sync_all)?;
    sync_folder(folder_of(&path));
    Ok(())
}

/// The same without waiting for the disk: a killed process loses nothing, but after a power cut the file may hold the old
/// text, or be empty.
pub(crate) fn write_soon(path: &Path, text: &str) -> Result<()> {
    put(path, text, |_| Ok(())).map(drop)
}

fn put(path: &Path, text: &str, sync: fn(&File) -> std::io::Result<()>) -> Result<PathBuf> {
    create_private_folder(folder_of(path))?;
    let path = real(path);
    let temporary = fixed_temporary(&path);
    let written = create_anew(&temporary).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        sync(&file)
    });
    written.with_context(|| format!("cannot write {}", temporary.display()))?;
    fs::rename(&temporary, &path).with_context(|| format!("cannot replace {}", path.display()))?;
    Ok(path)
}

/// Replaces a file atomically, without a lock: written next to it at mode 0600, synced, renamed over it. A reader sees the
/// old text or the new one. A symbolic link stays: its target is replaced.
pub(crate) fn replace(path: &Path, text: &str) -> Result<()> {
    let path = real(path);
    let (folder, shown) = (folder_of(&path), path.display());
    let mut file = tempfile::Builder::new()
        .prefix(&temporary_prefix(&path))
        .tempfile_in(folder)
        .with_context(|| format!("cannot write next to {shown}"))?;
    file.write_all(text.as_bytes()).with_context(|| format!("cannot write {shown}"))?;
    file.as_file().sync_all().with_context(|| format!("cannot write {shown}"))?;
    file.persist(&path).with_context(|| format!("cannot replace {shown}"))?;
    sync_folder(folder);
    Ok(())
}

/// Whether a file could be replaced now by one of about the same size: a full disk lets a file be created, and then
/// nothing be written into it. The caller holds the file's lock, as for [`write`].
pub(crate) fn check_writable(path: &Path) -> Result<()> {
    let path = real(path);
    let temporary = fixed_temporary(&path);
    let written = create_anew(&temporary).and_then(|mut file| {
        file.write_all(&sample(&path))?;
        file.sync_all()
    });
    let removed = fs::remove_file(&temporary);
    written.and(removed).with_context(|| format!("cannot write next to {}", path.display()))
}

/// The same for a file without a lock.
pub(crate) fn check_replaceable(path: &Path) -> Result<()> {
    let path = real(path);
    write_sample(&path).with_context(|| format!("cannot write next to {}", path.display()))
}

fn write_sample(path: &Path) -> std::io::Result<()> {
    let mut file = tempfile::Builder::new().prefix(&temporary_prefix(path)).tempfile_in(folder_of(path))?;
    file.write_all(&sample(path))?;
    file.as_file().sync_all()
}

/// A little longer than the file: new tokens may be longer than the old ones.
fn sample(path: &Path) -> Vec<u8> {
    let size = fs::metadata(path).map_or(0, |facts| facts.len());
    vec![b'#'; usize::try_from(size).unwrap_or(0) + 4096]
}

/// A new file at mode 0600. What stands in its place is removed, not opened: it may be a link.
fn create_anew(path: &Path) -> std::io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

/// The target of a symbolic link, else the path itself.
fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// The folder of a file; the working folder for a bare name.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

/// Where a killed writer of this file leaves its text.
pub(crate) fn leftover_path(path: &Path) -> PathBuf {
    fixed_temporary(&real(path))
}

fn fixed_temporary(path: &Path) -> PathBuf {
    path.with_file_name(format!("{}new", temporary_prefix(path)))
}

fn temporary_prefix(path: &Path) -> String {
    format!(".{}.imconn-", path.file_name().unwrap_or_default().to_string_lossy())
}

/// A warning when others can read a file or enter a folder with secrets, with the command that fixes it. `None` on
/// platforms without modes.
pub(crate) fn exposure(path: &Path) -> Option<String> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let facts = fs::metadata(path).ok()?;
        let mode = facts.permissions().mode() & 0o777;
        let (verb, right) = if facts.is_dir() { ("enter", "700") } else { ("read", "600") };
        if mode & 0o077 != 0 {
            let (shown, word) = (path.display(), shell_quoted(&path.to_string_lossy()));
            return Some(format!("others can {verb} {shown} (mode {mode:03o}); to fix it, run `chmod {right} {word}`"));
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    None
}

/// Whether strangers can write a file: everyone, or a group other than this user's own. Where a user has a group of
/// their own, every file of a checkout is writable for it.
pub(crate) fn is_writable_by_strangers(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        fs::metadata(path).is_ok_and(|facts| {
            let is_own_group = facts.gid() == rustix::process::getegid().as_raw();
            facts.mode() & 0o002 != 0 || facts.mode() & 0o020 != 0 && !is_own_group
        })
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

/// Whether users other than the owner can change a file.
pub(crate) fn is_writable_by_others(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::metadata(path).is_ok_and(|facts| facts.permissions().mode() & 0o022 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

/// Creates a folder that only its owner can enter, with its parents.
pub(crate) fn create_private_folder(folder: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder).with_context(|| format!("cannot create the folder {}", folder.display()))
}

/// A rename survives a power failure only when its folder is synced too. Not every file system can do that, and the file
/// is complete either way.
pub(crate) fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}
