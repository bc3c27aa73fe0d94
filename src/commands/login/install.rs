//! The portal's POST to the application's installation address (`protocol` section 6).

use std::net::SocketAddr;

use super::browser::{PATIENCE, timed_out};
use super::target::Login;
use super::verification::{Origin, VerifiedLogin};
use crate::error::{Error, is_not_authorised};
use crate::output::Message;
use crate::receiver::callback::{CallbackServer, Request};
use crate::wire::tokens::{TokenSet, TokenSetError};

/// Forged posts after which the wait ends: any client can post here.
const MAX_FORGERIES: usize = 20;

/// What an installation page runs to report that it is done.
const INSTALL_FINISH: &str = "<script src=\"https://api.bitrix24.com/api/v1/\"></script>\
     <script>BX24.init(function () { BX24.installFinish(); });</script>";

/// Waits for tokens that the portal confirms, stores them, and replies. Forged tokens are refused, and the wait goes on.
pub(super) async fn wait(login: &Login<'_>, address: SocketAddr) -> Result<VerifiedLogin, Error> {
    let printer = login.context.printer;
    let mut server = CallbackServer::listen(address).await?;
    let here = server.address();
    if !here.ip().is_loopback() {
        let text =
            format!("{here} is reachable from other machines over plain http; make sure that only your proxy can");
        printer.message(&Message::Warning(text));
    }
    printer.plain(&format!(
        "Waiting for {} to post to http://{here}/: make it the application's installation address, and install the \
         application",
        login.address.host()
    ));
    let mut last = None;
    let waited = tokio::time::timeout(PATIENCE, receive(login, &mut server, &mut last)).await;
    server.close().await;
    match (waited, last) {
        (Ok(Some(finished)), _) => finished,
        (Ok(None) | Err(_), Some(refused)) => Err(refused),
        (Ok(None) | Err(_), None) => Err(timed_out("the portal did not post its tokens")),
    }
}

/// Takes posts until one is the portal's; `None` after too many others. The last refusal is left in `last`.
async fn receive(
    login: &Login<'_>,
    server: &mut CallbackServer,
    last: &mut Option<Error>,
) -> Option<Result<VerifiedLogin, Error>> {
    for _ in 0..MAX_FORGERIES {
        let (request, set) = next_tokens(login, server).await;
        let from_frame = set.from_frame;
        match login.finish(set, Origin::Posted).await {
            Ok(verified) => {
                let html = if from_frame { INSTALL_FINISH } else { "" };
                request.reply_with(200, "The application is installed.", html);
                return Some(Ok(verified));
            }
            Err(error) if is_forgery(&error) => {
                request.reply(403, "The portal does not confirm these tokens.");
                let text = format!("received tokens that {} does not confirm: {error}", login.address.host());
                login.context.printer.message(&Message::Warning(text));
                *last = Some(error);
            }
            Err(error) => {
                request.reply(500, "The tokens could not be verified or stored.");
                return Some(Err(error));
            }
        }
    }
    None
}

/// Whether the portal does not know the tokens. Tokens refused for another reason came from the portal, which posts once:
/// then the wait ends.
fn is_forgery(error: &Error) -> bool {
    match error {
        Error::ForeignTokens { .. } => true,
        Error::Portal(failure) => is_not_authorised(failure),
        _ => false,
    }
}

/// The next post with tokens in its body or, from a frame, partly in its query.
async fn next_tokens(login: &Login<'_>, server: &mut CallbackServer) -> (Request, TokenSet) {
    loop {
        let request = server.next().await;
        if request.method != "POST" {
            request.reply(405, "imconn waits here for a POST from the portal.");
            continue;
        }
        match read(&request) {
            Ok(set) => return (request, set),
            Err(error) => {
                let text = format!("received a POST without tokens: {error}");
                login.context.printer.message(&Message::Warning(text));
                request.reply(400, "There are no tokens in the request.");
            }
        }
    }
}

fn read(request: &Request) -> Result<TokenSet, TokenSetError> {
    if request.body.trim_start().starts_with('{') {
        return TokenSet::read(&request.body);
    }
    TokenSet::read(&[request.query.as_str(), request.body.as_str()].join("&"))
}
