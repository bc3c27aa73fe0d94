//! The user authorises the application in a browser; the code comes back by a loopback callback or a paste.

use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;

use super::returned;
use super::target::Login;
use super::verification::VerifiedLogin;
use crate::error::Error;
use crate::output::Message;
use crate::random::hex;
use crate::receiver::callback::CallbackServer;
use crate::redact::SECRET_VARIABLES;
use crate::redact::Secret;
use crate::settings::variable;

/// How long a person may take.
pub(super) const PATIENCE: Duration = Duration::from_mins(10);

/// Sends the user to the portal, and finishes with the code that comes back.
pub(super) async fn ask(login: &Login<'_>, callback: Option<SocketAddr>, open: bool) -> Result<VerifiedLogin, Error> {
    let printer = login.context.printer;
    if let Some(address) = callback.filter(|address| !address.ip().is_loopback()) {
        return Err(Error::usage(
            format!("refusing to receive a code on {address}, which other machines can reach"),
            "use a loopback address, such as 127.0.0.1:8025",
        ));
    }
    if callback.is_none() && !printer.terminal().interactive {
        return Err(Error::usage(
            "cannot prompt for the code (stdin is not a terminal)",
            "pass it with --code, or receive it with --callback at the return address of the application",
        ));
    }
    let client_id = login.keys.as_ref().map(|keys| keys.id.as_str()).unwrap_or_default();
    let state = Secret::new(hex(16));
    let address = login.address.authorisation(client_id, state.expose());
    let server = match callback {
        Some(callback) => Some(CallbackServer::listen(callback).await?),
        None => None,
    };
    printer.plain(&format!("Open this URL to authorise the application:\n\n  {address}\n"));
    if open && has_display() && !is_opened(address.as_str()) {
        printer.message(&Message::Hint("no browser could be opened; open the URL yourself".to_owned()));
    }
    match server {
        Some(server) => by_callback(login, server, &state).await,
        None => by_paste(login, &state).await,
    }
}

async fn by_paste(login: &Login<'_>, state: &Secret) -> Result<VerifiedLogin, Error> {
    let question = "Paste the code, or the whole URL from the address bar (within 30 seconds): ";
    let pasted = login.context.printer.ask(question).await?;
    login.redeem(&returned::read(&pasted, Some(state))?).await
}

async fn by_callback(login: &Login<'_>, mut server: CallbackServer, state: &Secret) -> Result<VerifiedLogin, Error> {
    let here = server.address();
    login
        .context
        .printer
        .plain(&format!("Waiting for the code at http://{here}/ (the application's return address must be the same)"));
    let replied = tokio::time::timeout(PATIENCE, reply(login, &mut server, state)).await;
    server.close().await;
    replied.map_err(|_| timed_out("the browser did not come back"))?
}

/// Replies to the browser once the code was accepted or refused. Whatever else a browser requests, such as an icon, is not
/// found; what another login or a forger sends is refused, and the wait goes on.
async fn reply(login: &Login<'_>, server: &mut CallbackServer, state: &Secret) -> Result<VerifiedLogin, Error> {
    let mut warned = false;
    loop {
        let request = server.next().await;
        let is_return = ["code=", "error="].iter().any(|name| request.query.contains(name));
        if request.method != "GET" || !is_return {
            request.reply(404, "Not found.");
            continue;
        }
        if !returned::has_state(&request.query, state) {
            request.reply(400, "This response belongs to another login.");
            warn_once(login, &mut warned);
            continue;
        }
        let finished = finish(login, &request.query, state).await;
        match &finished {
            Ok(_) => request.reply(200, "imconn is logged in. You can close this page."),
            Err(_) => request.reply(400, "The login failed; the terminal says why."),
        }
        return finished;
    }
}

/// Any web page can send such a request, and as many as it likes.
fn warn_once(login: &Login<'_>, warned: &mut bool) {
    if !std::mem::replace(warned, true) {
        let text = "ignored a response with a foreign state: it belongs to another login, or was forged";
        login.context.printer.message(&Message::warning("foreign_state", text));
    }
}

async fn finish(login: &Login<'_>, query: &str, state: &Secret) -> Result<VerifiedLogin, Error> {
    login.redeem(&returned::from_query(query, Some(state))?).await
}

/// The error for a browser or a portal that did not come.
pub(super) fn timed_out(what: &str) -> Error {
    Error::NotAuthorised {
        message: format!("{what} within {} minutes", PATIENCE.as_secs() / 60),
        hint: Some("nothing was stored; run the command again".into()),
    }
}

/// Opens the user's browser, which outlives this program and gets no secrets from the environment.
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

/// Whether there is a screen for a browser.
fn has_display() -> bool {
    cfg!(any(windows, target_os = "macos")) || variable("DISPLAY").or_else(|| variable("WAYLAND_DISPLAY")).is_some()
}
