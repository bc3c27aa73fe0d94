//! `imconn completions`.

use clap::{Arg, Command};
use clap_complete::Shell;

use super::Run;
use crate::context::Context;
use crate::error::Error;
use crate::output::{Output, Report};

/// Print a completion script for a shell
///
/// Examples:
///   echo 'source <(imconn completions bash)' >> ~/.bashrc
///   echo 'source <(imconn completions zsh)' >> ~/.zshrc
///   mkdir -p ~/.config/fish/completions
///   imconn completions fish > ~/.config/fish/completions/imconn.fish
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

impl Run for Args {
    async fn run(&self, context: &Context) -> Result<Report, Error> {
        let mut tree = (context.command_line)();
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut tree, "imconn", &mut script);
        let script = String::from_utf8_lossy(&script).into_owned();
        let script = if self.shell == Shell::Bash { skip_values(&script, &tree) } else { script };
        Ok(Report::of(Output::Text(script)))
    }

    fn runs_until_stopped(&self) -> bool {
        false
    }

    fn may_have_changed(&self) -> bool {
        false
    }
}

/// The generated bash script looks for the command among all words, and mistakes the value in `-p sandbox` for one. So it
/// must skip the values of global options.
fn skip_values(script: &str, tree: &Command) -> String {
    let globals = tree.get_arguments().filter(|option| option.is_global_set() && option.get_action().takes_values());
    let options: Vec<String> = globals.flat_map(spellings).collect();
    let head = "    for i in \"${COMP_WORDS[@]:0:COMP_CWORD}\"\n    do\n";
    let skip = format!(
        "        if [[ -n \"${{skip}}\" ]]; then\n            skip=\"\"\n            continue\n        fi\n        \
         case \"${{i}}\" in\n            {})\n                skip=1\n                continue\n                \
         ;;\n        esac\n",
        options.join("|")
    );
    script.replacen(head, &format!("    local skip=\"\"\n{head}{skip}"), 1)
}

/// `-p` and `--portal`.
fn spellings(option: &Arg) -> Vec<String> {
    let short = option.get_short().map(|short| format!("-{short}"));
    let long = option.get_long().map(|long| format!("--{long}"));
    short.into_iter().chain(long).collect()
}
