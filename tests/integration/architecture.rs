//! Dependencies point one way, and `src/ARCHITECTURE.md` shows it.

use std::path::{Path, PathBuf};

/// The rooms of the library, low to high. A room imports only rooms above its own line; those on one line do not know each
/// other. `lib` is everything in `lib.rs` and `main.rs`.
const ORDER: [&[&str]; 18] = [
    &["redact", "random"],
    &["wire", "catalog", "signals"],
    &["http", "store"],
    &["bindings", "portal"],
    &["delivery"],
    &["sandbox"],
    &["reconcile"],
    &["doctor"],
    &["error"],
    &["help"],
    &["output"],
    &["settings"],
    &["profiles"],
    &["tokens"],
    &["context", "receiver"],
    &["commands"],
    &["cli"],
    &["crash", "lib"],
];

/// Imports that still point the wrong way. This list only shrinks.
const EXCEPTIONS: [(&str, &str); 5] = [
    ("bindings", "portal"),
    ("bindings", "reconcile"),
    ("profiles", "commands"),
    ("profiles", "context"),
    ("reconcile", "error"),
];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every Rust file below a folder, with its path from there.
pub(crate) fn rust_files(folder: &Path) -> Vec<(String, String)> {
    fn collect(folder: &Path, root: &Path, files: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, root, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                files.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut files = Vec::new();
    collect(folder, folder, &mut files);
    files.sort();
    files
}

fn level(room: &str) -> Option<usize> {
    ORDER.iter().position(|rooms| rooms.contains(&room))
}

/// The room of a file: `portal/mod.rs` and `context.rs` are in `portal` and `context`.
fn room_of(file: &str) -> &str {
    let first = file.split('/').next().unwrap().trim_end_matches(".rs");
    if first == "main" { "lib" } else { first }
}

/// A name of Rust at the beginning of a text.
fn name_at(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

/// The rooms that follow `crate::` in a line, in braces as well.
fn rooms_in(line: &str) -> Vec<&str> {
    let after_crate = line.match_indices("crate::").map(|(at, path)| &line[at + path.len()..]);
    let rooms = after_crate.flat_map(|rest| match rest.strip_prefix('{') {
        Some(group) => group.split('}').next().unwrap_or(group).split(',').map(|name| name_at(name.trim())).collect(),
        None => vec![name_at(rest)],
    });
    rooms.filter(|room| level(room).is_some()).collect()
}

/// The room that a chain of `super::` leads to, where it is long enough to leave the file's own.
fn room_by_super<'a>(file: &str, line: &'a str) -> Option<&'a str> {
    let start = line.find("super::")?;
    let rest = line[start..].trim_start_matches("super::");
    let steps = (line[start..].len() - rest.len()) / "super::".len();
    let depth = file.split('/').filter(|part| *part != "mod.rs").count();
    Some(name_at(rest)).filter(|room| steps >= depth && level(room).is_some())
}

/// What each line of code imports: file, line, room.
fn imports() -> Vec<(String, usize, String)> {
    let mut imports = Vec::new();
    for (file, text) in rust_files(&source()) {
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap();
            let rooms = rooms_in(code).into_iter().chain(room_by_super(&file, code));
            imports.extend(rooms.map(|room| (file.clone(), number + 1, room.to_owned())));
        }
    }
    assert!(imports.len() > 200, "only {} imports found", imports.len());
    imports
}

#[test]
fn every_import_points_down() {
    let mut wrong = Vec::new();
    for (file, line, room) in imports() {
        let own = room_of(&file);
        let from = level(own).unwrap_or_else(|| panic!("{file}: `{own}` is not in ORDER"));
        if room == own || level(&room).unwrap() < from {
            continue;
        }
        if !EXCEPTIONS.contains(&(own, room.as_str())) {
            wrong.push(format!("src/{file}:{line}: `{own}` imports `{room}`"));
        }
    }
    assert!(wrong.is_empty(), "imports against the order of rooms:\n{}", wrong.join("\n"));
}
