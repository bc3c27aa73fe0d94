//! The requests that the sandbox has answered, for `GET /requests` of the control address.

use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use serde::Serialize;
use serde_json::Value;

use super::request::{RestRequest, TokenPlace};
use crate::wire::batch::Entries;

/// The log stops growing here.
const MAX_ENTRIES: usize = 10_000;

#[derive(Debug, Default)]
pub(super) struct RequestLog(Mutex<Vec<LogEntry>>);

/// One request, as tests of a client see it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct LogEntry {
    /// The REST method, or the path of any other request.
    pub(super) method: String,
    pub(super) http_method: String,
    /// Methods of a batch's commands.
    pub(super) commands: Vec<String>,
    pub(super) token_in: Option<TokenPlace>,
    /// Whether the request had a query string.
    pub(super) query: bool,
    /// The token's user.
    pub(super) user: Option<u64>,
    pub(super) user_agent: String,
    /// HTTP status; 0 if the connection was reset.
    pub(super) status: u16,
}

impl RequestLog {
    pub(super) fn push(&self, entry: LogEntry) {
        let mut log = self.lock();
        if log.len() < MAX_ENTRIES {
            log.push(entry);
        }
    }

    pub(super) fn entries(&self) -> Vec<LogEntry> {
        self.lock().clone()
    }

    pub(super) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, Vec<LogEntry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LogEntry {
    /// What is known before the request is understood.
    pub(super) fn new(head: &Parts) -> Self {
        Self {
            method: head.uri.path().to_owned(),
            http_method: head.method.to_string(),
            commands: Vec::new(),
            token_in: None,
            query: head.uri.query().is_some_and(|query| !query.is_empty()),
            user: None,
            user_agent: header(head, &USER_AGENT).to_owned(),
            status: 0,
        }
    }

    pub(super) fn describe(&mut self, request: &RestRequest) {
        self.method.clone_from(&request.method);
        self.commands = command_methods(request);
        self.token_in = request.token.as_ref().map(|(_, place)| *place);
    }
}

/// A header as text; empty if it is missing.
pub(super) fn header<'a>(head: &'a Parts, name: &axum::http::HeaderName) -> &'a str {
    head.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn command_methods(request: &RestRequest) -> Vec<String> {
    let commands = Entries::of(request.params.get("cmd")).map(|commands| commands.pairs()).unwrap_or_default();
    commands.iter().map(|(_, command)| command_method(command)).collect()
}

fn command_method(command: &Value) -> String {
    command.as_str().unwrap_or_default().split('?').next().unwrap_or_default().to_owned()
}
