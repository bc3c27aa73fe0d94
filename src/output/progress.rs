//! A sign of life while a portal is asked, and word of what happens meanwhile.

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

/// An observer that talks to the user.
#[must_use]
pub fn observer(printer: Printer, portal: String) -> Observer {
    let spinner: Mutex<Option<Spinner>> = Mutex::default();
    Arc::new(move |notice| {
        let mut running = spinner.lock().unwrap_or_else(PoisonError::into_inner);
        *running = None;
        match notice {
            Progress::Waiting if printer.shows_progress() => *running = Some(Spinner::start(&portal)),
            Progress::Waiting | Progress::Answered => {}
            Progress::Retrying { reason, after } => {
                let text = format!("{reason}; trying again in {:.1} s", after.as_secs_f64());
                info!("{text}");
                if printer.shows_progress() {
                    printer.message(&Message::Info(text));
                }
            }
            Progress::Renamed { from, to, remembered } => {
                let rest = match remembered {
                    Ok(AddressUpdate::Stored) => "the profile is updated".to_owned(),
                    Ok(AddressUpdate::Pending) => "the profile will have the new address".to_owned(),
                    Ok(AddressUpdate::Advice(advice)) => advice,
                    Err(why) => format!("the profile could not be updated: {why}"),
                };
                printer.message(&Message::Warning(format!("the portal {from} has moved to {to}; {rest}")));
            }
            Progress::WaitingForLock { name } => {
                printer.message(&Message::Warning(format!("waiting for another process that holds {name}")));
            }
            Progress::TokensNotStored { why, copy } => {
                printer.message(&Message::Warning(not_stored(&why, copy.as_deref())));
            }
            Progress::RefreshTokenReplaced { place, copy } => {
                printer.message(&Message::Warning(replaced(&place, copy.as_deref())));
            }
        }
    })
}

/// What to do about a pair that is not where it belongs.
fn not_stored(why: &str, copy: Option<&str>) -> String {
    let rest = match copy {
        Some(path) => format!(
            "the new pair is in {path}: for a profile, imconn login PORTAL --tokens {path}; for a credential_command, put \
             it where that finds it"
        ),
        None => "the old refresh token may be used up, so that the next run may need new ones".to_owned(),
    };
    format!("the renewed tokens could not be stored ({why}); {rest}")
}

/// What to do about a pair that replaced another where imconn cannot write.
fn replaced(place: &str, copy: Option<&str>) -> String {
    let rest = match copy {
        Some(path) => format!("the new pair is in {path}: put it into {place} before the old one dies"),
        None => format!(
            "put new tokens into {place} before the old ones die; --print-tokens-to FILE writes the new pair into a file"
        ),
    };
    format!("the access token had expired and was renewed, and the refresh token was replaced as well; {rest}")
}

/// Turns until dropped, and leaves no trace.
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
