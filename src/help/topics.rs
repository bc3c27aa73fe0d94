//! The reference topics of `imconn help TOPIC`.

use super::variables::VARIABLES;
use crate::error::ExitCode;

/// One topic; its text is a file of this folder.
#[derive(Debug, Clone, Copy)]
pub struct Topic {
    /// What is typed behind `imconn help`.
    pub name: &'static str,
    /// One line for lists of topics.
    pub summary: &'static str,
    source: &'static str,
}

/// All topics, in the order in which they are listed.
pub const TOPICS: [Topic; 5] = [
    Topic {
        name: "environment",
        summary: "variables that imconn reads",
        source: include_str!("topics/environment.md"),
    },
    Topic { name: "exit-codes", summary: "what the exit code says", source: include_str!("topics/exit-codes.md") },
    Topic { name: "output", summary: "formats, streams and JSON shapes", source: include_str!("topics/output.md") },
    Topic { name: "files", summary: "configuration, credentials and data", source: include_str!("topics/files.md") },
    Topic { name: "manifest", summary: "imconn.toml, line by line", source: include_str!("topics/manifest.md") },
];

impl Topic {
    /// The topic of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        TOPICS.into_iter().find(|topic| topic.name == name)
    }

    /// The text, with its generated tables.
    #[must_use]
    pub fn text(self) -> String {
        self.source.replace("{variables}\n", &variables()).replace("{exit-codes}\n", &exit_codes())
    }
}

/// The topics as the rows of a table, in Markdown.
pub(crate) fn topic_rows() -> String {
    TOPICS.iter().map(|topic| format!("| {} | {} |\n", topic.name, topic.summary)).collect()
}

/// The rows of the table of variables, in Markdown.
fn variables() -> String {
    VARIABLES.iter().map(|(name, meaning)| format!("| {name} | {meaning} |\n")).collect()
}

/// The rows of the table of exit codes, in Markdown.
fn exit_codes() -> String {
    ExitCode::ALL.iter().map(|code| format!("| {} | {} |\n", *code as i32, code.meaning())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_placeholder_is_left() {
        for topic in TOPICS {
            let text = topic.text();
            assert!(!text.contains("{variables}") && !text.contains("{exit-codes}"), "{}", topic.name);
        }
    }
}
