//! Whether a handler can be called, how it answers, and whether it checks `application_token`.

mod answer;
mod place;
mod tls;
mod token;

use std::net::SocketAddr;
use std::sync::Arc;

use url::Url;

use super::endpoint::look_up;
use super::{Check, CheckKind, Verdict, fix};
use crate::bindings::HandlerUrl;
use crate::delivery::sample::{Sample, Sender};
use crate::delivery::send::{DeliveryAttempt, send};
use crate::http::client::HttpOptions;
use crate::http::hosts::is_loopback;
use crate::redact::{Secret, mask_urls};

const ADDRESS: CheckKind = CheckKind::new("handler.address", "Handler's address");
const DNS: CheckKind = CheckKind::new("handler.dns", "Handler's host");
const TLS: CheckKind = CheckKind::new("handler.tls", "Handler's certificate");
const ANSWER: CheckKind = CheckKind::new("handler.answer", "Answer to an event");
const TOKEN: CheckKind = CheckKind::new("handler.token", "Check of application_token");

/// Length of an `application_token`, if none is known.
const TOKEN_LENGTH: usize = 32;

/// What the checks of all handlers share.
#[derive(Debug, Clone)]
pub struct Probe {
    pub options: HttpOptions,
    /// `None` if it is not known.
    pub application_token: Option<Secret>,
    /// Whom the test events claim to come from.
    pub sender: Sender,
    /// Whether the portal is on this machine, and reaches what this machine reaches.
    pub portal_is_local: bool,
    /// How `imconn` has to be called for this portal.
    pub command: String,
}

/// One handler to check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// As it is bound or was typed.
    pub url: String,
    /// Whether the user gave it with `--handler`.
    pub given: bool,
    /// Whether an event is bound to it.
    pub bound: bool,
    /// Whether the settings name it as the handler to bind: it must not be suggested for removal.
    pub configured: bool,
}

impl Probe {
    /// Every check of a handler, in order. The handler gets one or two test events.
    pub async fn examine(self: Arc<Self>, subject: Subject) -> Vec<Check> {
        let mut checks = self.checks(&subject).await;
        for check in &mut checks {
            check.handler = Some(mask_urls(&subject.url));
        }
        checks
    }

    async fn checks(&self, subject: &Subject) -> Vec<Check> {
        let handler = match HandlerUrl::parse(&subject.url) {
            Ok(handler) => handler,
            Err(error) => {
                let address = ADDRESS.ok(error.to_string()).fail("correct the handler's URL");
                return with_rest_skipped(vec![address], "a portal does not accept this URL");
            }
        };
        let Ok(url) = Url::parse(handler.as_str()) else { return Vec::new() };
        let place = self.place(subject, &handler, &look_up(&url).await);
        let mut checks = place.checks;
        match place.addresses {
            Ok(addresses) => checks.extend(self.call(subject, url, addresses).await),
            Err(reason) => return with_rest_skipped(checks, reason),
        }
        checks
    }

    /// Calls the handler at these addresses; through the proxy if there are none.
    async fn call(&self, subject: &Subject, url: Url, addresses: Option<Vec<SocketAddr>>) -> Vec<Check> {
        let target = Target { probe: self, options: self.pinned(&url, addresses), url };
        let right_token = self.application_token.as_ref().filter(|_| target.is_confidential());
        let first = match right_token {
            Some(token) => target.post(token).await,
            None => target.post(&self.wrong_token()).await,
        };
        let tls = tls::check(&target.url, &first, self.portal_is_local);
        let answer = self.answer(subject, &first, right_token.is_some());
        let accepts = answer.verdict != Verdict::Fail && first.outcome.is_ok();
        let with_wrong_token =
            if right_token.is_some() && accepts { target.post(&self.wrong_token()).await } else { first };
        vec![tls, answer, token::check(&with_wrong_token, accepts)]
    }

    /// The name keeps its addresses from the lookup: what was allowed is what is called.
    fn pinned(&self, url: &Url, addresses: Option<Vec<SocketAddr>>) -> HttpOptions {
        let name = url.domain().map(str::to_owned);
        HttpOptions { pinned: name.zip(addresses), ..self.options.clone() }
    }

    /// As long as the right one, so that only its letters are wrong.
    fn wrong_token(&self) -> Secret {
        let length = self.application_token.as_ref().map_or(TOKEN_LENGTH, |token| token.expose().len());
        Secret::new("0".repeat(length))
    }

    /// What to do about a handler that cannot be called: remove it if it may be obsolete, or else `repair`.
    fn removal_or(&self, repair: String, subject: &Subject) -> String {
        let may_be_obsolete = subject.bound && !subject.given && !subject.configured;
        match fix::handler_option(&subject.url).filter(|_| may_be_obsolete) {
            Some(handler) => {
                let command = fix::run(&self.command, &format!("unbind --all {handler}"));
                format!("if this handler is no longer used, remove it: {command}")
            }
            None => repair,
        }
    }
}

/// One handler, ready to be called.
struct Target<'a> {
    probe: &'a Probe,
    options: HttpOptions,
    url: Url,
}

impl Target<'_> {
    /// Whether the right token may be sent: it must not travel in the open.
    fn is_confidential(&self) -> bool {
        self.url.scheme() == "https" || is_loopback(&self.url)
    }

    async fn post(&self, application_token: &Secret) -> DeliveryAttempt {
        let delivery = Sample::AppTest { from: "imconn doctor" }.delivery(&self.probe.sender, application_token);
        send(&delivery, &self.url, self.options.clone()).await
    }
}

/// Adds the checks that were not made.
fn with_rest_skipped(mut done: Vec<Check>, reason: &str) -> Vec<Check> {
    for topic in [DNS, TLS, ANSWER, TOKEN] {
        if !done.iter().any(|check| check.id == topic.id) {
            done.push(topic.skipped(reason));
        }
    }
    done
}
