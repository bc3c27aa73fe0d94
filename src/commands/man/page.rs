//! One manual page, as roff.

use anyhow::Context as _;
use clap::{Arg, Command};
use clap_mangen::Man;

use crate::error::Error;
use crate::help::{Topic, escape_roff, to_roff};

/// The file that a command's page is kept in.
pub(super) fn file_name(command: &Command) -> String {
    Man::new(command.clone()).get_filename()
}

/// The page of one command.
pub(super) fn page(command: &Command) -> Result<String, Error> {
    // The page shows every option, and what `-h` leaves out would lose its text.
    let command = &command.clone().mut_args(|arg| arg.hide_short_help(false));
    let man = Man::new(command.clone()).source(concat!("imconn ", env!("CARGO_PKG_VERSION"))).manual("imconn manual");
    let mut out = Vec::new();
    man.render_title(&mut out).context("cannot render the page")?;
    // Commands and URLs are copied from manual pages: no word is divided, and no line is stretched.
    out.extend(b".nh\n.ad l\n");
    man.render_name_section(&mut out).context("cannot render the page")?;
    out.extend(synopsis(command).into_bytes());
    out.extend(description(command).into_bytes());
    man.render_options_section(&mut out).context("cannot render the page")?;
    if command.get_subcommands().any(|sub| !sub.is_hide_set()) {
        man.render_subcommands_section(&mut out).context("cannot render the page")?;
    }
    let mut page = String::from_utf8_lossy(&out).into_owned();
    page.push_str(&examples(command));
    for (name, title) in [("exit-codes", "EXIT STATUS"), ("environment", "ENVIRONMENT"), ("files", "FILES")] {
        page.push_str(&topic(name, title));
    }
    Ok(page)
}

/// The options of this command with their values, then its arguments.
fn synopsis(command: &Command) -> String {
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name());
    let own = command.get_arguments().filter(|arg| !arg.is_hide_set() && !arg.is_global_set());
    let (positionals, options): (Vec<&Arg>, Vec<&Arg>) = own.partition(|arg| arg.is_positional());
    let special = options.into_iter().filter(|arg| !matches!(arg.get_id().as_str(), "help" | "version"));
    let mut parts: Vec<String> = special.map(option).collect();
    parts.push("[\\fIglobal options\\fR]".to_owned());
    if command.is_subcommand_required_set() {
        parts.push("\\fICOMMAND\\fR".to_owned());
    }
    parts.extend(positionals.into_iter().map(positional));
    format!(".SH SYNOPSIS\n\\fB{}\\fR {}\n", escape_roff(name), parts.join(" "))
}

/// `[-n|--dry-run]`, `[--handler URL]`.
fn option(arg: &Arg) -> String {
    let short = arg.get_short().map(|short| format!("\\fB\\-{short}\\fR"));
    let long = arg.get_long().map(|long| format!("\\fB\\-\\-{}\\fR", escape_roff(long)));
    let names = short.into_iter().chain(long).collect::<Vec<_>>().join("|");
    let value = if arg.get_action().takes_values() { format!(" \\fI{}\\fR", value_names(arg)) } else { String::new() };
    if arg.is_required_set() { format!("{names}{value}") } else { format!("[{names}{value}]") }
}

/// `[EVENT ...]`, `METHOD`.
fn positional(arg: &Arg) -> String {
    let is_list = arg.get_num_args().is_some_and(|range| range.max_values() > 1);
    let dots = if is_list { " ..." } else { "" };
    let name = format!("\\fI{}\\fR{dots}", value_names(arg));
    if arg.is_required_set() { name } else { format!("[{name}]") }
}

fn value_names(arg: &Arg) -> String {
    let names = arg.get_value_names().map(|names| names.join(" "));
    escape_roff(&names.unwrap_or_else(|| arg.get_id().as_str().to_uppercase()))
}

fn description(command: &Command) -> String {
    let (text, _) = text_and_examples(command);
    format!(".SH DESCRIPTION\n{}", to_roff(&text).replace(".SH ", ".SS "))
}

fn examples(command: &Command) -> String {
    let (_, examples) = text_and_examples(command);
    to_roff(&examples)
}

/// The help of a command, divided: a manual page has its examples at the end.
fn text_and_examples(command: &Command) -> (String, String) {
    let text = command.get_long_about().or_else(|| command.get_about()).map(ToString::to_string).unwrap_or_default();
    let (examples, rest): (Vec<&str>, Vec<&str>) = text.split("\n\n").partition(|block| is_example(block));
    let rest: Vec<&str> = rest.into_iter().filter(|block| !block.contains("{topics}")).collect();
    (rest.join("\n\n"), examples.join("\n\n"))
}

fn is_example(block: &str) -> bool {
    block.starts_with("Examples:") || block.starts_with("First steps:")
}

/// A topic of `imconn help` as a section.
fn topic(name: &str, title: &str) -> String {
    let text = Topic::find(name).map(Topic::text).unwrap_or_default();
    let body = text.split_once('\n').map_or("", |(_, body)| body);
    format!(".SH \"{title}\"\n{}", to_roff(body).replace(".SH ", ".SS "))
}
