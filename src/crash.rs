//! A bug in imconn: what a panic leaves behind is a report file, and one line that says where.

use std::any::Any;
use std::backtrace::Backtrace;
use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook};
use std::path::PathBuf;
use std::process::id;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;

use crate::cli;
use crate::error::{ExitCode, Problem};
use crate::redact::{SECRET_VARIABLES, mask_urls, remember, scrub};
use crate::settings::variable;
use crate::store::file;
use crate::store::folders::Folders;

/// Runs the program. A panic ends it with [`ExitCode::Failed`], after it has been reported.
pub(crate) fn guard(args: &[OsString], work: impl FnOnce() -> ExitCode) -> ExitCode {
    let shown = args.to_vec();
    set_hook(Box::new(move |panic| report(panic, &shown)));
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(ExitCode::Failed)
}

/// Panics where a test asks for it; a release never does.
pub(crate) fn panic_for_test() {
    #[cfg(debug_assertions)]
    assert!(std::env::var_os("IMCONN_TEST_PANIC").is_none(), "a test asked for this at https://a.b/?auth=s3cr3t");
}

fn report(panic: &PanicHookInfo<'_>, args: &[OsString]) {
    let written = write(&text(panic, args));
    let hint = match written {
        Ok(path) => format!("please report it with {}", path.display()),
        Err(error) => format!("please report it; no report could be written: {error:#}"),
    };
    let message = format!("imconn failed unexpectedly; this is a bug ({})", place(panic));
    let error = Problem { code: "bug", message, portal: None, hint: Some(hint), exit: ExitCode::Failed };
    cli::printer_for(args).problem(&error, ExitCode::Failed);
}

/// Everything that a maintainer needs. Of the arguments only the command: the others may be secret.
fn text(panic: &PanicHookInfo<'_>, args: &[OsString]) -> String {
    for secret in SECRET_VARIABLES.into_iter().filter_map(variable) {
        remember(&secret.into());
    }
    format!(
        "imconn {} on {} {}\ncommand: imconn {}\nplace: {}\nmessage: {}\n\n{}",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        cli::command_name(args),
        place(panic),
        scrub(&mask_urls(message(panic.payload()))),
        Backtrace::force_capture(),
    )
}

fn place(panic: &PanicHookInfo<'_>) -> String {
    panic.location().map(|location| format!("{}:{}", location.file(), location.line())).unwrap_or_default()
}

fn message(payload: &dyn Any) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("(not a text)")
}

/// Writes the report to the data folder, readable by its owner only.
fn write(text: &str) -> Result<PathBuf> {
    let data = Folders { config: None, data: variable("IMCONN_DATA_DIR").map(PathBuf::from) }.data()?;
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let path = data.join("crash").join(format!("{seconds}-{}.txt", id()));
    file::write(&path, text)?;
    Ok(path)
}
