//! Runs a command to its end, or until the user stops it.

use crate::commands::{Command, Run as _};
use crate::context::Context;
use crate::error::Error;
use crate::output::{Message, Printer, Report};
use crate::signals::interruption;

/// One thread is enough for one request at a time, and starts sooner than several.
pub(crate) fn block_on(command: &Command, context: &Context) -> Result<Report, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| anyhow::Error::from(error).context("cannot start"))?;
    let result = runtime.block_on(async {
        if command.runs_until_stopped() { command.run(context).await } else { run_or_stop(command, context).await }
    });
    // A name lookup that hangs must not keep the process from ending.
    runtime.shutdown_background();
    result
}

async fn run_or_stop(command: &Command, context: &Context) -> Result<Report, Error> {
    let work = command.run(context);
    tokio::pin!(work);
    tokio::select! {
        // Polled first: the signals are listened for before anything is begun.
        biased;
        () = interruption() => {}
        result = &mut work => return result,
    }
    let is_asking = Printer::abandon_question();
    if context.critical.is_entered() {
        let text = "the new tokens have to be stored first; press Ctrl-C again to leave at once";
        context.printer.message(&Message::warning("finishing", text));
    }
    // A refresh token that is used up must still be replaced in the store, and a login that has its tokens stores
    // them. A second Ctrl-C does not wait for that.
    tokio::select! {
        biased;
        () = interruption() => {}
        () = context.critical.close() => {}
        result = &mut work => return result,
    }
    // Nothing is changed while a question waits for its answer.
    let portal_may_have_changed = command.may_have_changed() && !is_asking;
    Err(Error::Interrupted { portal_may_have_changed })
}
