//! imconn manages which handlers a Bitrix24 portal calls for an application's events.
//!
//! The map is in [`architecture`]. The binary calls [`run`] and nothing else; what is public besides is for this package's
//! tests and benchmarks.

#[doc = include_str!("ARCHITECTURE.md")]
pub mod architecture {}

mod bindings;
mod catalog;
pub mod cli;
mod commands;
mod context;
mod crash;
pub mod delivery;
pub mod doctor;
pub mod error;
pub mod help;
pub mod http;
mod logging;
mod output;
mod portal;
mod profiles;
mod random;
mod receiver;
mod reconcile;
mod redact;
mod runtime;
mod sandbox;
mod settings;
mod signals;
mod store;
mod tokens;
pub mod wire;

use std::ffi::OsString;

use crate::cli::Cli;
use crate::context::Context;
use crate::error::{ExitCode, Problem};
use crate::output::{Format, Output, Printer, Report, Terminal, to_stdout};
use crate::settings::Settings;

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
    match cli.global.settings() {
        Ok(settings) => run_command(cli, settings),
        Err(error) => {
            let format = cli.global.format().unwrap_or_default();
            let printer = Printer::new(Terminal::detect(cli.global.color, true), format, true);
            fail(printer, &Problem::from(&error))
        }
    }
}

fn run_command(cli: &Cli, settings: Settings) -> ExitCode {
    crash::panic_for_test();
    logging::start(settings.verbose, settings.format.is_json());
    let terminal = Terminal::detect(cli.global.color, settings.no_input);
    let printer = Printer::new(terminal, settings.format, cli.global.quiet);
    let context = Context::new(settings, printer, cli::tree);
    match runtime::block_on(&cli.command, &context) {
        Ok(report) => finish(&report, &context, cli.global.output.is_some()),
        Err(error) => fail(printer, &context.problem(&error)),
    }
}

/// A text for another program, such as a completion script, is JSON only if that was typed: a variable may be set for
/// other commands.
fn finish(report: &Report, context: &Context, is_typed: bool) -> ExitCode {
    let printer = context.printer;
    let is_text = matches!(report.output, Output::Text(_));
    let format = if is_text && !is_typed { Format::default() } else { context.settings.format };
    let text = format.render(report, printer.terminal());
    let written = text.and_then(|text| to_stdout(&text));
    // Shown even if the result could not be written: the command has done its work.
    printer.report(report);
    match written {
        // The next run may depend on tokens that are not where they belong.
        Ok(()) if report.exit == ExitCode::Done && context.has_misplaced_tokens() => ExitCode::Failed,
        Ok(()) => report.exit,
        // If the result could not be written, report that instead of exit 3.
        Err(error) if report.exit <= ExitCode::Differs => fail(printer, &context.problem(&error)),
        Err(error) => fail(printer, &context.problem(&error)).max(report.exit),
    }
}

fn fail(printer: Printer, problem: &Problem) -> ExitCode {
    printer.problem(problem, problem.exit);
    problem.exit
}
