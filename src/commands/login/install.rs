//! The portal's POST to the application's installation address (`portal-protocol` section 6).

use std::net::SocketAddr;

use super::browser::{PATIENCE, nobody_came};
use super::proof::{Origin, Proved};
use super::target::Login;
use crate::error::{Error, is_not_authorised};
use crate::output::Message;
use crate::receiver::inbox::{Inbox, Page, Visit};
use crate::wire::tokens::{TokenSet, TokenSetError};

/// Posts that proved to be nothing, after which the waiting ends: everybody can post here.
const MAX_FORGERIES: usize = 20;

/// What an installation page does to say that it is done.
const INSTALL_FINISH: &str = "<script src=\"https://api.bitrix24.com/api/v1/\"></script>\
     <script>BX24.init(function () { BX24.installFinish(); });</script>";

/// Waits for tokens that the portal confirms, stores them, and answers.
///
/// # Errors
/// As the login, but for posts that are somebody else's: those are refused, and the waiting goes on.
pub(super) async fn wait(login: &Login<'_>, address: SocketAddr) -> Result<Proved, Error> {
    let printer = login.context.printer;
    let mut inbox = Inbox::listen(address).await?;
    let here = inbox.address();
    if !here.ip().is_loopback() {
        let text = format!("{here} can be reached by others over plain http; let it be reached by your proxy only");
        printer.message(&Message::Warning(text));
    }
    printer.plain(&format!(
        "Waiting for {} to post to http://{here}/: let the application's installation address lead here, and install it",
        login.address.host()
    ));
    let mut last = None;
    let waited = tokio::time::timeout(PATIENCE, take(login, &mut inbox, &mut last)).await;
    inbox.close().await;
    match (waited, last) {
        (Ok(Some(finished)), _) => finished,
        (Ok(None) | Err(_), Some(refused)) => Err(refused),
        (Ok(None) | Err(_), None) => Err(nobody_came("the portal did not post its tokens")),
    }
}

/// Takes posts until one is the portal's; `None` after too many others, the last refusal of which is left in `last`.
async fn take(login: &Login<'_>, inbox: &mut Inbox, last: &mut Option<Error>) -> Option<Result<Proved, Error>> {
    for _ in 0..MAX_FORGERIES {
        let (visit, set) = next_tokens(login, inbox).await;
        let from_frame = set.from_frame;
        match login.finish(set, Origin::Posted).await {
            Ok(proved) => {
                let more = if from_frame { INSTALL_FINISH } else { "" };
                visit.answer(Page::with(200, "The application is installed.", more));
                return Some(Ok(proved));
            }
            Err(error) if is_forgery(&error) => {
                visit.answer(Page::saying(403, "The portal does not confirm these tokens."));
                let text = format!("tokens were posted that {} does not confirm: {error}", login.address.host());
                login.context.printer.message(&Message::Warning(text));
                *last = Some(error);
            }
            Err(error) => {
                visit.answer(Page::saying(500, "The tokens could not be proved or stored."));
                return Some(Err(error));
            }
        }
    }
    None
}

/// Whether the tokens are nothing to this portal. What is refused for another reason came from the portal, and the waiting
/// has an end: it posts once.
fn is_forgery(error: &Error) -> bool {
    match error {
        Error::ForeignTokens { .. } => true,
        Error::Portal(failure) => is_not_authorised(failure),
        _ => false,
    }
}

/// The next post with tokens in its body or, for a frame, partly in its query.
async fn next_tokens(login: &Login<'_>, inbox: &mut Inbox) -> (Visit, TokenSet) {
    loop {
        let visit = inbox.next().await;
        if visit.method != "POST" {
            visit.answer(Page::saying(405, "imconn waits here for a POST of the portal."));
            continue;
        }
        match read(&visit) {
            Ok(set) => return (visit, set),
            Err(error) => {
                let text = format!("something was posted, but no tokens: {error}");
                login.context.printer.message(&Message::Warning(text));
                visit.answer(Page::saying(400, "There are no tokens in that."));
            }
        }
    }
}

fn read(visit: &Visit) -> Result<TokenSet, TokenSetError> {
    if visit.body.trim_start().starts_with('{') {
        return TokenSet::read(&visit.body);
    }
    TokenSet::read(&[visit.query.as_str(), visit.body.as_str()].join("&"))
}
