//! The portal's POST to the application's installation address (`protocol` section 6).

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::browser::{PATIENCE, timed_out};
use super::target::Login;
use super::verification::{Origin, VerifiedLogin};
use crate::error::{Error, is_not_authorised};
use crate::output::Message;
use crate::portal::failure::Failure;
use crate::receiver::callback::{CallbackServer, Request};
use crate::wire::tokens::{TokenSet, TokenSetError};

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
        printer.message(&Message::warning("reachable_listener", text));
    }
    printer.plain(&format!(
        "Waiting for {} to post to http://{here}/: make it the application's installation address, and install the \
         application",
        login.address.host()
    ));
    let mut posts = Posts { login, server: &mut server, quiet_until: None, unsaid: None, last: None };
    let waited = tokio::time::timeout(PATIENCE, posts.receive()).await;
    posts.say_rest();
    let last = posts.last.take();
    server.close().await;
    match (waited, last) {
        (Ok(finished), _) => finished,
        (Err(_), Some(refused)) => Err(refused),
        (Err(_), None) => Err(timed_out("the portal did not post its tokens")),
    }
}

/// The posts that arrive: any program can post here, and as much as it likes.
struct Posts<'a> {
    login: &'a Login<'a>,
    server: &'a mut CallbackServer,
    /// Until when further warnings are only counted.
    quiet_until: Option<Instant>,
    /// The last warning that was not shown, and how many there were.
    unsaid: Option<(String, usize)>,
    /// Why the last post was refused.
    last: Option<Error>,
}

impl Posts<'_> {
    /// Takes posts until the tokens of one are verified. Only a local fault ends the wait before that: whatever else is wrong
    /// with a post may be a forger's doing.
    async fn receive(&mut self) -> Result<VerifiedLogin, Error> {
        loop {
            let (request, set) = self.next_tokens().await;
            let from_frame = set.from_frame;
            match self.login.finish(set, Origin::Posted).await {
                Ok(verified) => {
                    let html = if from_frame { INSTALL_FINISH } else { "" };
                    request.reply_with(200, "The application is installed.", html);
                    return Ok(verified);
                }
                Err(error @ (Error::Local(_) | Error::Portal(Failure::Local(_)))) => {
                    request.reply(500, "The tokens could not be verified or stored.");
                    return Err(error);
                }
                Err(error) => {
                    if is_forgery(&error) {
                        request.reply(403, "The portal does not confirm these tokens.");
                    } else {
                        request.reply(503, "The tokens could not be verified.");
                    }
                    let host = self.login.address.host();
                    self.warn(format!("received tokens that {host} does not confirm: {error}"));
                    self.last = Some(error);
                }
            }
        }
    }

    /// Says something about a post, once a second at most.
    fn warn(&mut self, text: String) {
        let now = Instant::now();
        let count = self.unsaid.take().map_or(0, |(_, count)| count) + 1;
        self.unsaid = Some((text, count));
        if self.quiet_until.is_none_or(|until| now >= until) {
            self.quiet_until = Some(now + Duration::from_secs(1));
            self.say_rest();
        }
    }

    fn say_rest(&mut self) {
        let text = match self.unsaid.take() {
            None => return,
            Some((text, 1)) => text,
            Some((text, count)) => format!("{text} (the last of {count} posts)"),
        };
        self.login.context.printer.message(&Message::warning("refused_post", text));
    }

    /// The next post with tokens in its body or, from a frame, partly in its query.
    async fn next_tokens(&mut self) -> (Request, TokenSet) {
        loop {
            let request = self.server.next().await;
            if request.method != "POST" {
                request.reply(405, "imconn waits here for a POST from the portal.");
                continue;
            }
            match read(&request) {
                Ok(set) => return (request, set),
                Err(error) => {
                    self.warn(format!("received a POST without tokens: {error}"));
                    request.reply(400, "There are no tokens in the request.");
                }
            }
        }
    }
}

/// Whether the portal does not know the tokens.
fn is_forgery(error: &Error) -> bool {
    match error {
        Error::ForeignTokens { .. } | Error::NotAuthorised { .. } | Error::Usage { .. } => true,
        Error::Portal(failure) => is_not_authorised(failure),
        _ => false,
    }
}

fn read(request: &Request) -> Result<TokenSet, TokenSetError> {
    if request.body.trim_start().starts_with('{') {
        return TokenSet::read(&request.body);
    }
    TokenSet::read(&[request.query.as_str(), request.body.as_str()].join("&"))
}
