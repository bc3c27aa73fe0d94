//! Everything that the sandbox portal stores. Types that hold a secret have no `Debug`.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::random::{bytes, hex};
use crate::redact::Secret;

/// Lifetime of an access token (`protocol` section 6).
pub(super) const ACCESS_TOKEN_SECONDS: i64 = 3600;
/// Lifetime of a refresh token: 180 days.
pub(super) const REFRESH_TOKEN_SECONDS: i64 = 180 * 24 * 3600;
/// Lifetime of a lease: about 34 days (`protocol` section 5).
pub(super) const LEASE_SECONDS: i64 = 34 * 24 * 3600;
/// Lifetime of an authorisation code.
pub(super) const CODE_SECONDS: i64 = 30;

/// The portal.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct State {
    /// Permanent portal id.
    pub(super) member_id: String,
    pub(super) users: Vec<User>,
    pub(super) app: App,
    /// The incoming webhook's code.
    pub(super) webhook_code: String,
    /// Every pair whose refresh token is still valid.
    pub(super) tokens: Vec<Token>,
    pub(super) codes: Vec<Code>,
    /// In order of creation.
    pub(super) handlers: Vec<Handler>,
    pub(super) queue: Vec<QueueRecord>,
    /// `app.option.*`.
    #[serde(default)]
    pub(super) app_options: Map<String, Value>,
    /// `user.option.*`, by user id.
    #[serde(default)]
    pub(super) user_options: BTreeMap<u64, Map<String, Value>>,
    /// The next id of a handler or a queue record.
    pub(super) next_id: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct User {
    pub(super) id: u64,
    pub(super) name: String,
    pub(super) last_name: String,
    pub(super) admin: bool,
}

impl User {
    fn new(id: u64, name: &str, last_name: &str, admin: bool) -> Self {
        Self { id, name: name.into(), last_name: last_name.into(), admin }
    }
}

/// The application.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct App {
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    /// Proves a delivery to a handler.
    pub(crate) application_token: String,
    pub(super) scopes: Vec<String>,
    /// Events are not delivered until the installation is finished.
    pub(super) installed: bool,
    /// L local, F free, D demo, T trial, P paid.
    pub(super) status: String,
    pub(super) payment_expired: bool,
    /// Where the browser returns after the authorisation; without one the code is shown.
    pub(super) return_address: Option<String>,
    /// Whether a refresh token is invalid after its first use. The real server keeps it valid.
    pub(super) single_use_refresh: bool,
    /// Features of the portal's plan: `rest_offline_extended`, `rest_auth_connector`.
    pub(super) features: Vec<String>,
}

/// A pair of tokens.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Token {
    pub(crate) access: String,
    pub(crate) refresh: String,
    /// User id.
    pub(crate) user: u64,
    /// Of the access token, in Unix seconds.
    pub(crate) expires: i64,
    /// Unix seconds.
    pub(crate) refresh_expires: i64,
    pub(crate) refreshed: bool,
}

impl Token {
    /// Access and refresh token, as secrets.
    pub(crate) fn secrets(&self) -> (Secret, Secret) {
        (Secret::new(self.access.as_str()), Secret::new(self.refresh.as_str()))
    }
}

/// An authorisation code.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Code {
    #[serde(rename = "code")]
    pub(super) text: String,
    /// User id.
    pub(super) user: u64,
    /// Unix seconds.
    pub(super) expires: i64,
}

/// A binding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Handler {
    /// `event_handler_id`.
    pub(super) id: u64,
    /// Upper case.
    pub(super) event: String,
    /// Empty for an offline binding.
    #[serde(rename = "handler")]
    pub(super) url: String,
    /// 0 stands for the user whose action fires the event.
    pub(super) auth_user: u64,
    /// Whether events are queued instead of delivered.
    pub(super) offline: bool,
    /// `auth_connector`; empty if there was none.
    pub(super) connector: String,
    /// `minTimeout` of `ONOFFLINEEVENT`, in seconds.
    pub(super) min_timeout: Option<u64>,
}

/// A queued event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct QueueRecord {
    pub(super) id: u64,
    /// Unix seconds.
    pub(super) timestamp: i64,
    /// Upper case.
    pub(super) event: String,
    pub(super) data: Value,
    /// The user whose action fired the event.
    pub(super) user: u64,
    /// Hash of event name and data.
    pub(super) message_id: String,
    /// The lease; empty if there is none.
    pub(super) process_id: String,
    /// Unix seconds of the lease.
    pub(super) leased_at: i64,
    /// Whether `event.offline.error` reported it.
    pub(super) error: bool,
    /// `auth_connector`; empty if there was none.
    pub(super) connector: String,
}

impl App {
    pub(super) fn has_feature(&self, code: &str) -> bool {
        self.features.iter().any(|feature| feature == code)
    }
}

impl QueueRecord {
    /// Whether the record belongs to this lease of this queue; the empty lease has the records that are not leased.
    pub(super) fn is_in(&self, connector: &str, process_id: &str) -> bool {
        self.connector == connector && self.process_id == process_id
    }

    fn merges_with(&self, message_id: &str, connector: &str) -> bool {
        self.message_id == message_id && self.is_in(connector, "")
    }
}

impl State {
    /// Initial state: one administrator, one ordinary user, one installed application.
    pub(super) fn fresh() -> Self {
        let scopes = ["imconnector", "imopenlines", "im", "user"].map(str::to_owned).to_vec();
        Self {
            member_id: hex(16),
            users: vec![User::new(1, "Ada", "Admin", true), User::new(2, "Uwe", "User", false)],
            app: App {
                client_id: format!("local.{}.{}", hex(7), 10_000_000 + u32::from_be_bytes(bytes()) % 90_000_000),
                client_secret: hex(25),
                application_token: hex(16),
                scopes,
                installed: true,
                status: "L".into(),
                payment_expired: false,
                return_address: None,
                single_use_refresh: false,
                features: vec!["rest_offline_extended".into(), "rest_auth_connector".into()],
            },
            webhook_code: hex(8),
            tokens: Vec::new(),
            codes: Vec::new(),
            handlers: Vec::new(),
            queue: Vec::new(),
            app_options: Map::new(),
            user_options: BTreeMap::new(),
            next_id: 1,
        }
    }

    /// Removes bindings, queue and changes to the application. Users, keys and tokens stay, so that clients keep working.
    pub(super) fn reset(&mut self) {
        let fresh = Self::fresh();
        let App { client_id, client_secret, application_token, .. } = self.app.clone();
        self.app = App { client_id, client_secret, application_token, ..fresh.app };
        self.handlers.clear();
        self.queue.clear();
        self.app_options.clear();
        self.user_options.clear();
        self.next_id = 1;
    }

    /// Issues a pair of tokens.
    pub(super) fn issue(&mut self, user: u64) -> Token {
        let now = now();
        self.tokens.retain(|token| token.refresh_expires > now);
        let token = Token {
            access: hex(35),
            refresh: hex(35),
            user,
            expires: now + ACCESS_TOKEN_SECONDS,
            refresh_expires: now + REFRESH_TOKEN_SECONDS,
            refreshed: false,
        };
        self.tokens.push(token.clone());
        token
    }

    /// The user's newest pair that is valid for some minutes.
    pub(super) fn current_token(&self, user: u64) -> Option<Token> {
        let soon = now() + 300;
        self.tokens.iter().rev().find(|token| token.user == user && token.expires > soon).cloned()
    }

    pub(super) fn user(&self, id: u64) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    /// Deletes records whose lease has expired.
    pub(super) fn drop_old_leases(&mut self) {
        let too_old = now() - LEASE_SECONDS;
        self.queue.retain(|record| record.process_id.is_empty() || record.leased_at > too_old);
    }

    /// Expires an access token.
    pub(super) fn expire(&mut self, access: &str) {
        for token in self.tokens.iter_mut().filter(|token| token.access == access) {
            token.expires = now() - 1;
        }
    }

    /// Takes the next id.
    pub(super) fn take_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id - 1
    }

    /// Queues an event once per offline binding. It is merged into an identical record that is not leased.
    pub(super) fn enqueue(&mut self, event: &str, data: &Value, user: u64) {
        let event = event.to_ascii_uppercase();
        let message_id = message_id(&event, data);
        let offline = self.handlers.iter().filter(|handler| handler.offline && handler.event == event);
        let connectors: Vec<String> = offline.map(|handler| handler.connector.clone()).collect();
        for connector in connectors {
            if let Some(record) = self.queue.iter_mut().find(|record| record.merges_with(&message_id, &connector)) {
                record.timestamp = now();
                record.error = false;
                continue;
            }
            let id = self.take_id();
            self.queue.push(QueueRecord {
                id,
                timestamp: now(),
                event: event.clone(),
                data: data.clone(),
                user,
                message_id: message_id.clone(),
                process_id: String::new(),
                leased_at: 0,
                error: false,
                connector,
            });
        }
    }
}

/// 128-bit FNV-1a of name and data. The portal uses MD5, but only equality matters.
fn message_id(event: &str, data: &Value) -> String {
    let text = format!("{event}\n{data}");
    let hash = text.bytes().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128, |hash, byte| {
        (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    });
    format!("{hash:032x}")
}

/// Unix seconds.
pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
