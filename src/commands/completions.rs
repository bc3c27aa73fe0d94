//! `imconn completions`.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use crate::cli::Cli;
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

/// Generates the script.
#[must_use]
pub fn run(args: &CompletionsArgs) -> Report {
    Report::of(Body::Text(script(args.shell)))
}

/// The script of a shell, as the files in `completions/` hold it.
#[must_use]
pub fn script(shell: Shell) -> String {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "imconn", &mut out);
    String::from_utf8_lossy(&out).into_owned()
}
