//! Dependencies point one way, as shown in `src/ARCHITECTURE.md`.

use std::path::{Path, PathBuf};

/// The rooms of the library, low to high. A room imports only rooms above its own line; those on one line do not know each
/// other. `lib` is everything in `lib.rs` and `main.rs`.
const ORDER: [&[&str]; 20] = [
    &["redact", "random"],
    &["wire", "catalog", "signals"],
    &["http", "store"],
    &["bindings"],
    &["portal"],
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
    &["crash", "logging", "runtime"],
    &["lib"],
];

/// Imports that still point the wrong way. This list only shrinks.
const EXCEPTIONS: [(&str, &str); 0] = [];

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

/// The identifier at the beginning of a text.
fn name_at(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

/// The rooms after `crate::` in a line, including those in braces.
fn rooms_in(line: &str) -> Vec<&str> {
    let after_crate = line.match_indices("crate::").map(|(at, path)| &line[at + path.len()..]);
    let rooms = after_crate.flat_map(|rest| match rest.strip_prefix('{') {
        Some(group) => group.split('}').next().unwrap_or(group).split(',').map(|name| name_at(name.trim())).collect(),
        None => vec![name_at(rest)],
    });
    rooms.filter(|room| level(room).is_some()).collect()
}

/// The room that a chain of `super::` leads to, if it leaves the file's own.
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

fn document() -> String {
    std::fs::read_to_string(source().join("ARCHITECTURE.md")).unwrap()
}

/// The cells of every row of the tables with this number of columns, without headers.
fn rows(document: &str, columns: usize) -> Vec<Vec<String>> {
    let rows = document.lines().filter(|line| line.starts_with('|') && !line.starts_with("|--"));
    let cells = rows.map(|row| row.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect());
    cells.filter(|cells: &Vec<String>| cells.len() == columns && cells.iter().any(|cell| cell.contains('`'))).collect()
}

/// `` `a`, `b` `` as names.
fn names(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_map_shows_the_order() {
    let shown: Vec<(String, String)> =
        rows(&document(), 4).into_iter().map(|cells| (cells[0].clone(), names(&cells[1])[0].clone())).collect();
    let expected: Vec<(String, String)> = ORDER
        .iter()
        .enumerate()
        .flat_map(|(level, rooms)| rooms.iter().map(move |room| (level.to_string(), (*room).to_owned())))
        .collect();
    assert_eq!(shown, expected);
}

/// The names under the headings of `Cargo.toml` that end with `dependencies]`.
fn dependencies() -> Vec<String> {
    let manifest = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let sections = manifest.split("\n[").filter(|section| section.lines().next().unwrap().ends_with("dependencies]"));
    let lines = sections.flat_map(|section| section.lines().skip(1));
    let mut names: Vec<String> = lines.filter_map(|line| Some(line.split_once(" = ")?.0.to_owned())).collect();
    names.sort();
    names
}

#[test]
fn every_dependency_is_explained() {
    let rows = rows(&document(), 3);
    let mut explained: Vec<String> = rows.iter().map(|cells| names(&cells[0])[0].clone()).collect();
    explained.sort();
    assert_eq!(explained, dependencies());
    let files = rust_files(&source());
    let mut wrong = Vec::new();
    for cells in rows.iter().filter(|cells| !["benches", "tests"].contains(&cells[1].as_str())) {
        let dependency = &names(&cells[0])[0];
        let (used, shown) = (rooms_that_use(dependency, &files), names(&cells[1]));
        if used != shown {
            wrong.push(format!("{dependency}: used by {}", used.join(", ")));
        }
    }
    assert!(wrong.is_empty(), "the column \"used by\" differs from the source:\n{}", wrong.join("\n"));
}

/// The rooms whose code, without their unit tests, names a dependency: low to high.
fn rooms_that_use(dependency: &str, files: &[(String, String)]) -> Vec<String> {
    let path = format!("{}::", dependency.replace('-', "_"));
    let users = files.iter().filter(|(file, text)| !file.ends_with("_tests.rs") && mentions(text, &path));
    let rooms: Vec<&str> = users.map(|(file, _)| room_of(file)).collect();
    let in_order = ORDER.iter().copied().flatten();
    in_order.filter(|room| rooms.contains(room)).map(|room| (*room).to_owned()).collect()
}

/// Whether code has this path, and not a longer name that ends like it.
fn mentions(text: &str, path: &str) -> bool {
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap().lines();
    code.map(|line| line.split("//").next().unwrap()).any(|line| {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
        line.match_indices(path).any(|(at, _)| !line[..at].ends_with(is_name))
    })
}
