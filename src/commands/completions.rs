//! `imconn completions`.

use clap::{Args, Command};
use clap_complete::Shell;

use crate::output::{Body, Report};

/// Print a completion script for a shell
///
/// Examples:
///   imconn completions bash > ~/.local/share/bash-completion/completions/imconn
///   imconn completions zsh > "${fpath[1]}/_imconn"
///   imconn completions fish > ~/.config/fish/completions/imconn.fish
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

/// Generates the script that completes `tree`.
#[must_use]
pub fn run(args: &CompletionsArgs, mut tree: Command) -> Report {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut tree, "imconn", &mut script);
    Report::of(Body::Text(String::from_utf8_lossy(&script).into_owned()))
}
