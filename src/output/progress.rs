//! A spinner while a portal is asked, and messages about what happens meanwhile.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::task::JoinHandle;
use tracing::info;

use super::printer::Printer;
use super::report::Message;
use crate::portal::progress::{AddressUpdate, Observer, Progress};

/// A quick answer needs no spinner.
const PATIENCE: Duration = Duration::from_millis(100);

/// An observer that reports to the user.
pub(crate) fn observer(printer: Printer, portal: String) -> Observer {
    let spinner: Mutex<Option<Spinner>> = Mutex::default();
    Arc::new(move |notice| {
        let mut running = spinner.lock().unwrap_or_else(PoisonError::into_inner);
        *running = None;
        if notice == Progress::Waiting && printer.shows_progress() {
            *running = Some(Spinner::start(&portal));
        }
        if let Some(message) = message(notice, printer.shows_progress()) {
            printer.message(&message);
        }
    })
}

fn message(notice: Progress, shows_progress: bool) -> Option<Message> {
    match notice {
        Progress::Waiting | Progress::Answered => None,
        Progress::Retrying { reason, after } => {
            let text = format!("{reason}; trying again in {:.1} s", after.as_secs_f64());
            info!("{text}");
            shows_progress.then_some(Message::Info(text))
        }
        Progress::Renamed { from, to, remembered } => {
            let rest = match remembered {
                Ok(AddressUpdate::Stored) => "the profile is updated".to_owned(),
                Ok(AddressUpdate::Pending) => "the profile will be saved with the new address".to_owned(),
                Ok(AddressUpdate::Advice(advice)) => advice,
                Err(why) => format!("the profile could not be updated: {why}"),
            };
            Some(Message::warning("portal_moved", format!("the portal {from} has moved to {to}; {rest}")))
        }
        Progress::WaitingForLock { name } => {
            Some(Message::warning("waiting_for_lock", format!("waiting for another process that holds {name}")))
        }
        // A program may be waiting for the user.
        Progress::WaitingForTokens { from } => shows_progress.then(|| Message::Info(format!("waiting for {from}"))),
        Progress::TokensNotStored { why, copy } => {
            Some(Message::warning("tokens_not_stored", not_stored(&why, copy.as_deref())))
        }
        Progress::RefreshTokenReplaced { place, copy } => {
            Some(Message::warning("refresh_token_replaced", replaced(&place, copy.as_deref())))
        }
        Progress::TokensRescued { why, path } => {
            let text = format!(
                "the renewed tokens could not be stored ({why}); they are in {path}, where the next run finds them"
            );
            Some(Message::warning("tokens_rescued", text))
        }
    }
}

/// New tokens that could not be saved where they belong.
fn not_stored(why: &str, copy: Option<&str>) -> String {
    let rest = match copy {
        Some(path) => format!("the new tokens are in {path}: put them where these came from"),
        None => "the old refresh token may no longer work, so the next run may need new ones".to_owned(),
    };
    format!("the renewed tokens could not be stored ({why}); {rest}")
}

/// New tokens that replaced those in a place imconn cannot write to.
fn replaced(place: &str, copy: Option<&str>) -> String {
    let rest = match copy {
        Some(path) => format!("the new tokens are in {path}: put them into {place} before the old ones expire"),
        None => format!("put new tokens into {place} before the old ones expire; --print-tokens-to FILE saves them"),
    };
    format!("the access token had expired and was renewed, and the refresh token was replaced as well; {rest}")
}

/// Spins until dropped, and leaves no trace.
struct Spinner {
    bar: ProgressBar,
    task: JoinHandle<()>,
}

impl Spinner {
    fn start(portal: &str) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        bar.set_style(ProgressStyle::default_spinner());
        let (turning, message) = (bar.clone(), format!("waiting for {portal}"));
        let task = tokio::spawn(async move {
            tokio::time::sleep(PATIENCE).await;
            turning.set_message(message);
            loop {
                turning.tick();
                tokio::time::sleep(PATIENCE).await;
            }
        });
        Self { bar, task }
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        self.task.abort();
        self.bar.finish_and_clear();
    }
}
