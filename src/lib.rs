//! imconn manages which handlers a Bitrix24 application's events are delivered to.
//!
//! Dependencies point one way: `cli → commands → context → doctor → bindings → portal → wire`, with `output`, `store`,
//! `receiver` and `sandbox` at the side. The binary calls [`run`] and nothing else.

pub mod bindings;
pub mod catalog;
pub mod cli;
pub mod commands;
pub mod context;
mod crash;
pub mod doctor;
pub mod error;
pub mod help;
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
use std::sync::Arc;

use crate::cli::Cli;
use crate::commands::Command;
use crate::commands::sandbox::SandboxCommand;
use crate::context::Context;
use crate::error::{Error, ExitCode};
use crate::http::client::Http;
use crate::output::{Printer, Report, Terminal, to_stdout};
use crate::signals::{CriticalSection, interruption};

/// Parses the arguments, runs the command, writes its result, and says what the process ends with.
#[must_use]
pub fn run() -> std::process::ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    let code = crash::guard(&args, || match cli::parse(&args) {
        Ok(cli) => execute(&cli),
        Err(code) => code,
    });
    std::process::ExitCode::from(code as u8)
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
    crash::panic_for_test();
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
        let work = commands::run(command, context, cli::tree);
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
