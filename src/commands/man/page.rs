//! One manual page, as roff.

use anyhow::Context as _;
use clap::builder::StyledStr;
use clap::{Arg, Command};
use clap_mangen::Man;

use crate::error::Error;
use crate::help::{Layout, TOPICS, Topic, escape_roff, to_roff, topic_rows};

/// What a page is about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Page<'a> {
    Command(&'a Command),
    Topic(Topic),
}

impl<'a> Page<'a> {
    /// The page of a command with its subcommand, else of a topic. A topic of the same name is in the command's page.
    pub(super) fn find(words: &[String], root: &'a Command) -> Option<Self> {
        let command = words.iter().try_fold(root, |command, name| command.find_subcommand(name)).map(Page::Command);
        command.or_else(|| match words {
            [name] => Topic::find(name).map(Page::Topic),
            _ => None,
        })
    }

    /// Every page.
    pub(super) fn all(root: &'a Command) -> Vec<Self> {
        let mut pages = Vec::new();
        collect(root, &mut pages);
        pages.extend(TOPICS.into_iter().filter(|topic| root.find_subcommand(topic.name).is_none()).map(Page::Topic));
        pages
    }

    /// The file that the page is kept in.
    pub(super) fn file_name(self) -> String {
        match self {
            Page::Command(command) => Man::new(command.clone()).get_filename(),
            Page::Topic(topic) => format!("imconn-{}.1", topic.name),
        }
    }

    /// The page as roff.
    pub(super) fn source(self) -> Result<String, Error> {
        match self {
            Page::Command(command) => command_page(command),
            Page::Topic(topic) => Ok(topic_page(topic)),
        }
    }

    /// What stands in the page, for a terminal without `man`.
    pub(super) fn help(self, width: Option<u16>) -> String {
        let layout = Layout::new(width);
        match self {
            Page::Command(command) => {
                let text = layout.render(&text(command));
                command.clone().long_about(text).term_width(layout.width()).render_long_help().to_string()
            }
            Page::Topic(topic) => format!("{}\n", StyledStr::from(layout.render(&topic.text()))),
        }
    }
}

fn collect<'a>(command: &'a Command, pages: &mut Vec<Page<'a>>) {
    pages.push(Page::Command(command));
    command.get_subcommands().filter(|sub| !sub.is_hide_set()).for_each(|sub| collect(sub, pages));
}

/// Commands and URLs are copied from manual pages: no word is divided, and no line is stretched.
const UNFILLED: &str = ".nh\n.ad l\n";
const SOURCE: &str = concat!("imconn ", env!("CARGO_PKG_VERSION"));
const MANUAL: &str = "imconn manual";

fn topic_page(topic: Topic) -> String {
    let Topic { name, summary, .. } = topic;
    let title = format!(".TH \"imconn-{name}\" 1 \"\" \"{SOURCE}\" \"{MANUAL}\"\n{UNFILLED}");
    let name = format!(".SH NAME\nimconn\\-{} \\- {}\n", escape_roff(name), escape_roff(summary));
    format!("{title}{name}.SH DESCRIPTION\n{}", to_roff(&body(topic)))
}

/// The page of one command.
fn command_page(command: &Command) -> Result<String, Error> {
    // The page shows every option, and what `-h` leaves out would lose its text.
    let command = &command.clone().mut_args(|arg| arg.hide_short_help(false));
    let man = Man::new(command.clone()).source(SOURCE).manual(MANUAL);
    let mut out = Vec::new();
    man.render_title(&mut out).context("cannot render the page")?;
    out.extend(UNFILLED.as_bytes());
    man.render_name_section(&mut out).context("cannot render the page")?;
    out.extend(synopsis(command).into_bytes());
    out.extend(description(command).into_bytes());
    man.render_options_section(&mut out).context("cannot render the page")?;
    if command.get_subcommands().any(|sub| !sub.is_hide_set()) {
        man.render_subcommands_section(&mut out).context("cannot render the page")?;
    }
    let mut page = String::from_utf8_lossy(&out).into_owned();
    page.push_str(&examples(command));
    if let Some(own) = Topic::find(command.get_name()) {
        page.push_str(&section(own, &own.name.to_uppercase()));
    }
    for (name, title) in [("exit-codes", "EXIT STATUS"), ("environment", "ENVIRONMENT"), ("files", "FILES")] {
        page.extend(Topic::find(name).map(|topic| section(topic, title)));
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
    let text = text(command);
    let (examples, rest): (Vec<&str>, Vec<&str>) = text.split("\n\n").partition(|block| is_example(block));
    (rest.join("\n\n"), examples.join("\n\n"))
}

/// The whole help of a command, without its options.
fn text(command: &Command) -> String {
    let text = command.get_long_about().or_else(|| command.get_about()).map(ToString::to_string);
    text.unwrap_or_default().replace("{topics}", &topic_rows())
}

fn is_example(block: &str) -> bool {
    block.starts_with("Examples:") || block.starts_with("First steps:")
}

/// A topic of `imconn help` as a section.
fn section(topic: Topic, title: &str) -> String {
    format!(".SH \"{title}\"\n{}", to_roff(&body(topic)).replace(".SH ", ".SS "))
}

/// A topic without its title.
fn body(topic: Topic) -> String {
    topic.text().split_once('\n').map_or_else(String::new, |(_, body)| body.to_owned())
}
