//! imconn manages which handlers a Bitrix24 application's events are delivered to.
//!
//! Dependencies point one way: `cli → commands → context → doctor → bindings → portal → wire`, with `output`, `store`,
//! `receiver` and `sandbox` at the side. The binary calls [`run`] and nothing else.

pub mod bindings;
pub mod catalog;
pub mod cli;
pub mod commands;
pub mod context;
pub mod doctor;
pub mod error;
pub mod http;
pub mod output;
pub mod portal;
pub mod profiles;
pub mod random;
pub mod receiver;
pub mod reconcile;
pub mod redact;
pub mod sandbox;
pub mod settings;
pub mod signals;
pub mod store;
pub mod tokens;
pub mod wire;

use std::ffi::OsString;
use std::io::ErrorKind::BrokenPipe;
use std::sync::Arc;

use clap::{CommandFactory as _, FromArgMatches as _};

use crate::cli::{Cli, format_for_usage};
use crate::commands::Command;
use crate::commands::sandbox::SandboxCommand;
use crate::context::Context;
use crate::error::{Error, ExitCode};
use crate::http::client::Http;
use crate::output::{ColorMode, Printer, Report, Terminal, to_stdout};
use crate::redact::mask_urls;
use crate::signals::{CriticalSection, interruption};

/// Parses the arguments, runs the command, writes its result, and says what the process ends with.
#[must_use]
pub fn run() -> std::process::ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    if asks_version(&args) {
        let printed = to_stdout(concat!("imconn ", env!("CARGO_PKG_VERSION"), "\n"));
        return std::process::ExitCode::from(printed.map_or(ExitCode::Failed, |()| ExitCode::Done) as u8);
    }
    let code = match parse(&args) {
        Ok(cli) => execute(&cli),
        Err(error) => usage(&error, &args),
    };
    std::process::ExitCode::from(code as u8)
}

/// Building the whole command tree takes longer than everything else that `--version` does, and scripts ask for it often.
fn asks_version(args: &[OsString]) -> bool {
    matches!(args, [_, only] if only == "--version" || only == "-V")
}

fn parse(args: &[OsString]) -> Result<Cli, clap::Error> {
    let color = match option(args, "--color", None).as_deref() {
        Some("always") => clap::ColorChoice::Always,
        Some("never") => clap::ColorChoice::Never,
        _ => clap::ColorChoice::Auto,
    };
    let matches = Cli::command().color(color).try_get_matches_from(args)?;
    Cli::from_arg_matches(&matches)
}

/// Help and version go to stdout; a mistake goes to stderr, as JSON where JSON was asked for.
fn usage(error: &clap::Error, args: &[OsString]) -> ExitCode {
    if !error.use_stderr() {
        // A reader that has gone is no error.
        let printed = error.print().or_else(|error| if error.kind() == BrokenPipe { Ok(()) } else { Err(error) });
        return if printed.is_ok() { ExitCode::Done } else { ExitCode::Failed };
    }
    let terminal = Terminal::detect(ColorMode::Auto, true);
    let format = format_for_usage(option(args, "--output", Some('o')).as_deref());
    let printer = Printer::new(terminal, format, true);
    // It quotes what was typed, and that may be an address with a secret in it.
    if format.is_json() {
        let text = mask_urls(&error.render().to_string());
        let lines = text.lines().map(str::trim).take_while(|line| !line.starts_with("Usage:"));
        let message = lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
        printer.error(&Error::usage(message.trim_start_matches("error: "), "imconn --help"));
    } else {
        let text = error.render();
        let text = if terminal.stderr.color { text.ansi().to_string() } else { text.to_string() };
        printer.usage(&mask_urls(&text));
    }
    ExitCode::Usage
}

/// The value of an option in arguments that may be wrong in other places.
fn option(args: &[OsString], long: &str, short: Option<char>) -> Option<String> {
    let texts: Vec<&str> = args.iter().filter_map(|arg| arg.to_str()).collect();
    texts.iter().enumerate().find_map(|(i, text)| {
        let value = match (text.strip_prefix(long), short) {
            (Some(""), _) => "",
            (Some(rest), _) => rest.strip_prefix('=')?,
            (None, Some(short)) => short_value(text, short)?,
            (None, None) => return None,
        };
        if value.is_empty() { texts.get(i + 1).map(|next| (*next).to_owned()) } else { Some(value.to_owned()) }
    })
}

/// What follows a short option, alone or behind others that take no value: `-ojson`, `-o=json`, `-qo json`.
fn short_value(text: &str, short: char) -> Option<&str> {
    let cluster = text.strip_prefix('-')?;
    let at = cluster.find(|c: char| !"qvhVany".contains(c))?;
    cluster[at..].strip_prefix(short).map(|rest| rest.strip_prefix('=').unwrap_or(rest))
}

fn execute(cli: &Cli) -> ExitCode {
    let settings = match cli.global.settings() {
        Ok(settings) => settings,
        Err(error) => {
            let format = cli.global.format().unwrap_or_default();
            Printer::new(Terminal::detect(cli.global.color, true), format, true).error(&error);
            return error.exit_code();
        }
    };
    log_requests(settings.verbose);
    let terminal = Terminal::detect(cli.global.color, settings.no_input);
    let printer = Printer::new(terminal, settings.format, cli.global.quiet);
    let http = Arc::new(Http::new(settings.http_options()));
    let context = Context { settings, printer, critical: CriticalSection::default(), http };
    let failed = |error: &Error| {
        printer.error(error);
        error.exit_code()
    };
    let report = match block_on(&cli.command, &context) {
        Ok(report) => report,
        Err(error) => return failed(&error),
    };
    let written = context.settings.format.render(&report.output, &terminal).and_then(|text| to_stdout(&text));
    // What was done is said even when the result itself could not be written.
    let code = conclude(&report, printer);
    match written {
        Ok(()) => code,
        // A finding that nobody can read is none.
        Err(error) if code <= ExitCode::Differs => failed(&error),
        Err(error) => failed(&error).max(code),
    }
}

fn conclude(report: &Report, printer: Printer) -> ExitCode {
    report.messages.iter().for_each(|note| printer.message(note));
    if let Some(error) = &report.error {
        printer.final_error(error, report.exit);
    }
    report.exit
}

/// One thread is enough for one request at a time, and starts sooner than several.
fn block_on(command: &Command, context: &Context) -> Result<Report, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| anyhow::Error::from(error).context("cannot start"))?;
    let result = runtime.block_on(async {
        let work = commands::run(command, context, Cli::command);
        if serves(command) {
            return work.await;
        }
        tokio::pin!(work);
        tokio::select! {
            // Polled first: the signals are listened for before anything is begun.
            biased;
            () = interruption() => {}
            result = &mut work => return result,
        }
        // A refresh token that is used up must still be replaced in the store, and a login that has its tokens stores
        // them. A second Ctrl-C does not wait for that.
        tokio::select! {
            biased;
            () = interruption() => {}
            () = context.critical.close() => {}
            result = &mut work => return result,
        }
        Err(Error::Interrupted {
            portal_may_have_changed: matches!(
                command,
                Command::Bind(_) | Command::Unbind(_) | Command::Apply(_) | Command::Undo(_) | Command::Call(_)
            ),
        })
    });
    // A name lookup that hangs must not keep the process from ending.
    runtime.shutdown_background();
    result
}

/// Whether a command runs until Ctrl-C, and ends with it as planned.
fn serves(command: &Command) -> bool {
    matches!(command, Command::Sandbox(args) if matches!(args.command, SandboxCommand::Serve(_)))
}

/// `--verbose` writes what this program does to stderr. Libraries stay silent: what they log is not checked for secrets.
fn log_requests(verbose: u8) {
    use tracing_subscriber::layer::SubscriberExt as _;
    use tracing_subscriber::util::SubscriberInitExt as _;
    use tracing_subscriber::{Layer as _, filter, fmt};
    let level = match verbose {
        0 => return,
        1 => filter::LevelFilter::INFO,
        _ => filter::LevelFilter::DEBUG,
    };
    let ours = filter::Targets::new().with_target("imconn", level);
    let lines = fmt::layer().with_writer(std::io::stderr).without_time().with_target(false).with_ansi(false);
    // A second call in one process is a test's, and the first subscriber stays.
    let _ = tracing_subscriber::registry().with(lines.with_filter(ours)).try_init();
}
