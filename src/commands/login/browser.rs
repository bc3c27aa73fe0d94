//! The user lets the application in, in a browser; the code comes back by a loopback callback or a paste.

use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;

use super::proof::Proved;
use super::returned;
use super::target::Login;
use crate::error::Error;
use crate::output::Message;
use crate::random::hex;
use crate::receiver::inbox::{Inbox, Page};
use crate::redact::Secret;
use crate::settings::SECRET_VARIABLES;

/// How long a person may take.
pub(super) const PATIENCE: Duration = Duration::from_mins(10);

/// Sends the user to the portal, and finishes with the code that comes back.
///
/// # Errors
/// [`Error::Usage`] where nobody can be asked; otherwise as the login.
pub(super) async fn ask(login: &Login<'_>, callback: Option<SocketAddr>, open: bool) -> Result<Proved, Error> {
    let printer = login.context.printer;
    if let Some(address) = callback.filter(|address| !address.ip().is_loopback()) {
        return Err(Error::usage(
            format!("{address} can be reached by others, and a code must not"),
            "use an address of this machine, like 127.0.0.1:8025",
        ));
    }
    if callback.is_none() && !printer.terminal().interactive {
        return Err(Error::usage(
            "nobody can be asked for the code",
            "take it with --callback 127.0.0.1:PORT, or hand it over with --code CODE; --tokens FILE needs none",
        ));
    }
    let client_id = login.keys.as_ref().map(|keys| keys.id.as_str()).unwrap_or_default();
    let state = Secret::new(hex(16));
    let address = login.address.authorize(client_id, state.expose());
    let inbox = match callback {
        Some(callback) => Some(Inbox::listen(callback).await?),
        None => None,
    };
    printer.plain(&format!("Let the application in at this address:\n\n  {address}\n"));
    if open && has_display() && !is_opened(address.as_str()) {
        printer.message(&Message::Hint("no browser could be opened; open the address yourself".to_owned()));
    }
    match inbox {
        Some(inbox) => by_callback(login, inbox, &state).await,
        None => by_paste(login, &state).await,
    }
}

async fn by_paste(login: &Login<'_>, state: &Secret) -> Result<Proved, Error> {
    let question = "Paste the code, or the whole address that the browser ends at (within 30 seconds): ";
    let pasted = login.context.printer.ask(question).await?;
    login.redeem(&returned::code(&pasted, Some(state))?).await
}

async fn by_callback(login: &Login<'_>, mut inbox: Inbox, state: &Secret) -> Result<Proved, Error> {
    let here = inbox.address();
    login
        .context
        .printer
        .plain(&format!("Waiting for the code at http://{here}/ (the application's return address has to be that)"));
    let answered = tokio::time::timeout(PATIENCE, answer(login, &mut inbox, state)).await;
    inbox.close().await;
    answered.map_err(|_| nobody_came("the browser did not come back"))?
}

/// Answers the browser once it is known what became of its code. What else a browser asks for, an icon for one, is not
/// there.
async fn answer(login: &Login<'_>, inbox: &mut Inbox, state: &Secret) -> Result<Proved, Error> {
    loop {
        let visit = inbox.next().await;
        let is_return = ["code=", "error="].iter().any(|name| visit.query.contains(name));
        if visit.method != "GET" || !is_return {
            visit.answer(Page::saying(404, "There is nothing here."));
            continue;
        }
        let finished = async {
            let code = returned::from_query(&visit.query, Some(state))?;
            login.redeem(&code).await
        };
        let finished = finished.await;
        visit.answer(match &finished {
            Ok(_) => Page::saying(200, "imconn is logged in. You can close this page."),
            Err(_) => Page::saying(400, "The login failed; the terminal says why."),
        });
        return finished;
    }
}

/// Waiting has an end.
pub(super) fn nobody_came(what: &str) -> Error {
    Error::NotAuthorised {
        message: format!("{what} within {} minutes", PATIENCE.as_secs() / 60),
        hint: Some("nothing was stored; run the command again".into()),
    }
}

/// Opens the user's browser, which goes on when this program ends, and gets no secret of its environment.
fn is_opened(address: &str) -> bool {
    open::commands(address).into_iter().any(|mut opener| {
        for name in SECRET_VARIABLES {
            opener.env_remove(name);
        }
        opener.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut opener, 0);
        opener.spawn().is_ok()
    })
}

/// Whether a browser would have a screen to open on.
fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(any(windows, target_os = "macos")) || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
