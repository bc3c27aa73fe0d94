//! What a reader relies on: short files, short functions, plain English, and one place that prints.

use std::path::Path;

use crate::architecture::rust_files;

const MAX_FILE: usize = 400;
const MAX_FUNCTION: usize = 60;
/// A named function is easier to find, to read and to test than a closure that is bound to a name. This number only
/// shrinks; the goal is below 40.
const MAX_CLOSURES: usize = 39;

/// Names that more than one type has. A reader who searches for a type finds one; this number only shrinks.
const MAX_SHARED_NAMES: usize = 20;

/// Turns of phrase that no native engineer writes, with what to write instead.
const PHRASES: [(&str, &str); 37] = [
    ("is no ", "is not a"),
    ("are no ", "are not"),
    ("is none", "is not one; or name the thing"),
    ("is there and", "exists"),
    ("where there is", "if one exists"),
    ("there is such", "exists"),
    ("beside", "in addition to, next to"),
    ("known are", "known:"),
    ("nobody", "no process, no user; or say what cannot be done"),
    ("anybody", "anyone, any user, any program"),
    ("everybody", "every user, all users"),
    ("somebody", "a user, another program; or the passive"),
    ("is told", "is reported"),
    ("told apart", "distinguished"),
    ("was told", "was reported"),
    ("is meant", "is selected, is intended"),
    ("are meant", "are selected, are intended"),
    ("is wanted", "is desired, is required"),
    ("are wanted", "are desired, are required"),
    ("was wanted", "was requested"),
    ("is named", "is given, is selected"),
    ("are named", "are given, are selected"),
    ("look at", "compare, see, examine"),
    ("looks at", "examines"),
    ("looked at", "examined"),
    ("take back", "undo"),
    ("takes back", "undoes"),
    ("taken back", "undone"),
    ("it so", "apply"),
    ("shall", "must, will, is to"),
    ("by itself", "automatically"),
    ("for ever", "permanently"),
    ("whoever", "the caller, the user who"),
    ("himself", "itself"),
    ("mend", "fix"),
    ("mends", "fixes"),
    ("mended", "fixed"),
];

/// Proper uses: a text of the line, and why it is right.
const PROPER: [(&str, &str); 5] = [
    ("is no longer", "an adverb"),
    ("are no longer", "an adverb"),
    ("there is none", "says that something does not exist"),
    ("there is no ", "says that something does not exist"),
    ("there are no ", "says that something does not exist"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn no_file_is_too_long() {
    let long: Vec<String> = rust_files(&root().join("src"))
        .into_iter()
        .map(|(file, text)| (file, text.lines().count()))
        .filter(|(_, lines)| *lines > MAX_FILE)
        .map(|(file, lines)| format!("src/{file}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "over {MAX_FILE} lines:\n{}", long.join("\n"));
}

#[test]
fn no_function_is_too_long() {
    let mut long = Vec::new();
    for (file, text) in rust_files(&root().join("src")) {
        for (line, length) in functions(&text) {
            if length > MAX_FUNCTION {
                long.push(format!("src/{file}:{line}: {length} lines"));
            }
        }
    }
    assert!(long.is_empty(), "over {MAX_FUNCTION} lines:\n{}", long.join("\n"));
}

/// Where each function begins, and its length. rustfmt puts its closing brace under its first letter.
fn functions(text: &str) -> Vec<(usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut functions = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        if is_function(line.trim_start()) && !line.ends_with(['}', ';']) {
            let end = format!("{:indent$}}}", "");
            let length = lines[start..].iter().position(|line| *line == end).map_or(0, |end| end + 1);
            functions.push((start + 1, length));
        }
    }
    functions
}

fn is_function(line: &str) -> bool {
    let words = line.split_whitespace().take_while(|word| *word != "fn");
    let is_modifier = |word: &str| matches!(word, "async" | "const" | "unsafe") || word.starts_with("pub");
    line.split_whitespace().any(|word| word == "fn") && words.into_iter().all(is_modifier)
}

#[test]
fn few_closures_are_bound_to_names() {
    let mut bound = Vec::new();
    for (file, text) in rust_files(&root().join("src")) {
        for (number, line) in text.lines().enumerate() {
            if binds_closure(line) {
                bound.push(format!("src/{file}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert!(bound.len() <= MAX_CLOSURES, "{} closures:\n{}", bound.len(), bound.join("\n"));
}

fn binds_closure(line: &str) -> bool {
    let Some((name, value)) = line.trim_start().strip_prefix("let ").and_then(|rest| rest.split_once(" = ")) else {
        return false;
    };
    let is_name = name.trim_start_matches("mut ").chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_name && (value.starts_with('|') || value.starts_with("move |"))
}

#[test]
fn names_of_types_are_unique() {
    let mut names = Vec::new();
    for (_, text) in rust_files(&root().join("src")) {
        let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
        names.extend(code.lines().filter_map(defined_type).map(str::to_owned));
    }
    assert!(names.len() > 200, "only {} types found", names.len());
    // Every command has its `Args`.
    names.retain(|name| name != "Args");
    names.sort();
    let mut shared: Vec<&String> = names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| &pair[0]).collect();
    shared.dedup();
    assert!(shared.len() <= MAX_SHARED_NAMES, "{} names of several types: {shared:?}", shared.len());
}

/// The name of the struct, enum or trait that a line defines.
fn defined_type(line: &str) -> Option<&str> {
    let code = line.trim_start();
    let code = code.strip_prefix("pub(").map_or(code, |rest| rest.split_once(") ").map_or(rest, |(_, code)| code));
    let code = code.strip_prefix("pub ").unwrap_or(code);
    let name = ["struct ", "enum ", "trait "].iter().find_map(|keyword| code.strip_prefix(keyword))?;
    name.split(|c: char| !c.is_ascii_alphanumeric()).next()
}

#[test]
fn only_output_prints() {
    let macros = ["println!", "eprintln!", "print!(", "eprint!("];
    let mut found = Vec::new();
    for (file, text) in rust_files(&root().join("src")) {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
        for (number, _) in lines.filter(|(_, line)| macros.iter().any(|name| line.contains(name))) {
            if !file.starts_with("output/") {
                found.push(format!("src/{file}:{}", number + 1));
            }
        }
    }
    assert!(found.is_empty(), "printed outside of output:\n{}", found.join("\n"));
}

/// American spellings, with the British ones that this project has in prose. What the interface calls `--color`,
/// `/oauth/authorize` or `dialog-start` stays as it is.
const SPELLINGS: [(&str, &str); 14] = [
    ("authoriz", "authoris"),
    ("recogniz", "recognis"),
    ("organiz", "organis"),
    ("serializ", "serialis"),
    ("normaliz", "normalis"),
    ("initializ", "initialis"),
    ("summariz", "summaris"),
    ("analyz", "analys"),
    ("behavior", "behaviour"),
    ("color", "colour"),
    ("canceled", "cancelled"),
    ("license", "licence"),
    ("dialog", "dialogue"),
    ("catalog", "catalogue"),
];

/// Words of interfaces that contain an American spelling.
const INTERFACE: [&str; 18] = [
    "clicolor",
    "no_color",
    "authorization_code",
    "authorization_error",
    "/oauth/authorize",
    "dialog-start",
    "dialog-finish",
    "imconnectordialog",
    "catalog.product",
    "[license](license)",
    "wrong_license",
    "\"license\"",
    "dialogue",
    "catalogue",
    "--color",
    "no_color",
    "clicolor_force",
    "force_color",
];

#[test]
fn english_is_plain() {
    let mut found = Vec::new();
    for (file, text) in prose() {
        for (number, line) in text.lines().enumerate() {
            let plain = PROPER.iter().fold(line.to_lowercase(), |line, (proper, _)| line.replace(proper, ""));
            for (phrase, instead) in PHRASES.iter().filter(|(phrase, _)| contains_phrase(&plain, phrase)) {
                found.push(format!("{file}:{}: `{}`, write: {instead}", number + 1, phrase.trim()));
            }
        }
    }
    assert!(found.is_empty(), "{} turns of phrase:\n{}", found.len(), found.join("\n"));
}

#[test]
fn english_is_british() {
    let mut found = Vec::new();
    // What the sandbox answers, and what tests send to it, is in the portal's English.
    let is_portals = |file: &str, line: &str| {
        let is_comment = ["//", "#"].iter().any(|mark| line.trim_start().starts_with(mark));
        !is_comment && ["src/sandbox/", "tests/", "benches/"].iter().any(|folder| file.starts_with(folder))
    };
    for (file, text) in prose() {
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !is_portals(&file, line)) {
            let words = INTERFACE.iter().fold(without_code(line).to_lowercase(), |line, word| line.replace(word, ""));
            // A single word in quotes is a name, and so is that of a function.
            if is_function(line) || !words.trim().contains(' ') {
                continue;
            }
            for (american, british) in SPELLINGS.iter().filter(|(american, _)| words.contains(american)) {
                found.push(format!("{file}:{}: `{american}`, write: {british}", number + 1));
            }
        }
    }
    assert!(found.is_empty(), "{} American spellings:\n{}", found.len(), found.join("\n"));
}

#[test]
fn the_checks_of_english_find_what_they_look_for() {
    assert!(contains_phrase("that is no `x`", "is no ") && contains_phrase("for everybody.", "everybody"));
    assert!(!contains_phrase("a recommendation", "mend"));
    assert_eq!(words_of("    fn nobody_is_asked() {"), "fn nobody is asked() {");
    assert_eq!(words_of("    let color = \"a \\\"red\\\" color\";"), "a \\\"red\\\" color");
    assert_eq!(without_code("the `color` of --color"), "the  of --color");
    let files: Vec<String> = prose().into_iter().map(|(file, _)| file).collect();
    for file in ["src/lib.rs", "tests/integration/bind.rs", "README.md", "CHANGELOG.md", ".github/CONTRIBUTING.md"] {
        assert!(files.iter().any(|found| found == file), "{file} is not checked");
    }
}

/// Whether a phrase stands in a line as whole words.
fn contains_phrase(line: &str, phrase: &str) -> bool {
    line.match_indices(phrase).any(|(at, _)| {
        let is_letter = |c: char| c.is_alphanumeric() || c == '_';
        !line[..at].ends_with(is_letter) && (phrase.ends_with(' ') || !line[at + phrase.len()..].starts_with(is_letter))
    })
}

/// A line without what stands in backticks.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect()
}

/// Everything written for people: comments, string literals and names of functions in the source, help topics, workflows
/// and documents.
fn prose() -> Vec<(String, String)> {
    let mut prose = Vec::new();
    for folder in ["src", "tests/integration", "benches"] {
        for (file, text) in rust_files(&root().join(folder)) {
            // This file quotes what it forbids.
            if file != "style.rs" {
                prose.push((format!("{folder}/{file}"), text.lines().map(words_of).collect::<Vec<_>>().join("\n")));
            }
        }
    }
    let documents = ["README.md", "CHANGELOG.md", "src/ARCHITECTURE.md", "src/wire/protocol.md"];
    prose.extend(documents.map(|name| (name.to_owned(), std::fs::read_to_string(root().join(name)).unwrap())));
    for folder in ["src/help/topics", ".github", ".github/workflows", "tests/clients", "benches"] {
        for entry in std::fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let is_text = path.extension().is_some_and(|kind| kind != "rs" && kind != "json" && kind != "txt");
            if path.is_file() && is_text {
                let name = path.strip_prefix(root()).unwrap().display().to_string();
                prose.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    prose
}

/// The words of a line of Rust: its comment, what stands in quotes, or the name of a function.
fn words_of(line: &str) -> String {
    let text = line.trim_start();
    // A line without a quote may be the middle of a long literal.
    if text.starts_with("//") || text.ends_with('\\') {
        return text.to_owned();
    }
    if is_function(text) && !text.contains('"') {
        return text.replace('_', " ");
    }
    let quoted = text.replace("\\\"", "\u{1}");
    let literals: Vec<&str> = quoted.split('"').skip(1).step_by(2).collect();
    literals.join(" ").replace('\u{1}', "\\\"")
}
