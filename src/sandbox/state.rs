//! Everything the sandbox portal remembers. What holds a secret has no `Debug`.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::random::{bytes, hex};
use crate::redact::Secret;

/// Seconds that an access token lives (`portal-protocol` section 6).
pub const ACCESS_TOKEN_SECONDS: i64 = 3600;
/// Seconds that a refresh token lives: 180 days.
pub const REFRESH_TOKEN_SECONDS: i64 = 180 * 24 * 3600;
/// Seconds after which a leased record is deleted: about 34 days (`portal-protocol` section 5).
pub const LEASE_SECONDS: i64 = 34 * 24 * 3600;
/// Seconds that an authorisation code lives.
pub const CODE_SECONDS: i64 = 30;

/// The portal.
#[derive(Clone, Serialize, Deserialize)]
pub struct State {
    /// The portal's name for ever.
    pub member_id: String,
    /// Its users.
    pub users: Vec<User>,
    /// The one application.
    pub app: App,
    /// Code of the incoming webhook, which may call what webhooks may call.
    pub webhook_code: String,
    /// Tokens given out and not yet forgotten.
    pub tokens: Vec<Token>,
    /// Authorisation codes given out.
    pub codes: Vec<Code>,
    /// Bindings, in order of creation.
    pub handlers: Vec<Handler>,
    /// The offline queue.
    pub queue: Vec<QueueRecord>,
    /// The next id of a handler or a queue record.
    pub next_id: u64,
}

/// A user.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct User {
    /// User id.
    pub id: u64,
    /// First name.
    pub name: String,
    /// Last name.
    pub last_name: String,
    /// Whether the user administers the portal.
    pub admin: bool,
}

/// The application.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct App {
    /// `client_id`.
    pub client_id: String,
    /// `client_secret`.
    pub client_secret: String,
    /// How a handler knows the portal.
    pub application_token: String,
    /// Its rights.
    pub scopes: Vec<String>,
    /// Whether its installation is finished.
    pub installed: bool,
    /// L local, F free, D demo, T trial, P paid.
    pub status: String,
    /// Whether its paid time is over.
    pub payment_expired: bool,
    /// Where the browser returns to; none shows the code instead.
    pub return_address: Option<String>,
    /// Whether a refresh token dies at its first use. The real server leaves it alive.
    pub single_use_refresh: bool,
    /// What the portal's plan includes: `rest_offline_extended`, `rest_auth_connector`.
    pub features: Vec<String>,
}

/// A pair of tokens.
#[derive(Clone, Serialize, Deserialize)]
pub struct Token {
    /// The access token.
    pub access: String,
    /// The refresh token that came with it.
    pub refresh: String,
    /// Whose.
    pub user: u64,
    /// Unix seconds at which the access token ends.
    pub expires: i64,
    /// Unix seconds at which the refresh token ends.
    pub refresh_expires: i64,
    /// Whether the refresh token was used.
    pub refreshed: bool,
}

impl Token {
    /// Access and refresh token, as secrets.
    #[must_use]
    pub fn secrets(&self) -> (Secret, Secret) {
        (Secret::new(self.access.as_str()), Secret::new(self.refresh.as_str()))
    }
}

/// An authorisation code.
#[derive(Clone, Serialize, Deserialize)]
pub struct Code {
    /// The code.
    pub code: String,
    /// Who authorised.
    pub user: u64,
    /// Unix seconds at which it ends.
    pub expires: i64,
}

/// A binding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handler {
    /// `event_handler_id`.
    pub id: u64,
    /// Upper case.
    pub event: String,
    /// Empty for an offline binding.
    pub handler: String,
    /// 0 is whoever fired the event.
    pub auth_user: u64,
    /// Whether events are queued instead of sent.
    pub offline: bool,
    /// Source key; empty for none.
    pub connector: String,
    /// `minTimeout` of `ONOFFLINEEVENT`, in seconds.
    pub min_timeout: Option<u64>,
}

/// A queued event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct QueueRecord {
    /// Record id.
    pub id: u64,
    /// Unix seconds.
    pub timestamp: i64,
    /// Upper case.
    pub event: String,
    /// The event's data.
    pub data: Value,
    /// Who fired it.
    pub user: u64,
    /// Hash of name and data.
    pub message_id: String,
    /// Empty while nobody has leased it.
    pub process_id: String,
    /// Unix seconds of the lease.
    pub leased_at: i64,
    /// Whether a lease reported a failure.
    pub error: bool,
    /// Source key.
    pub connector: String,
}

impl State {
    /// A portal on its first day: an administrator, a user who is none, and the application just installed.
    #[must_use]
    pub fn fresh() -> Self {
        let user =
            |id, name: &str, last_name: &str, admin| User { id, name: name.into(), last_name: last_name.into(), admin };
        let scopes = ["imconnector", "imopenlines", "im", "user"].map(str::to_owned).to_vec();
        Self {
            member_id: hex(16),
            users: vec![user(1, "Ada", "Admin", true), user(2, "Uwe", "User", false)],
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
            next_id: 1,
        }
    }

    /// Forgets bindings, queue and changes to the application, and keeps users, keys and tokens, so that a client that
    /// is set up stays set up.
    pub fn reset(&mut self) {
        let fresh = Self::fresh();
        let App { client_id, client_secret, application_token, .. } = self.app.clone();
        self.app = App { client_id, client_secret, application_token, ..fresh.app };
        self.handlers.clear();
        self.queue.clear();
        self.next_id = 1;
    }

    /// Gives out a pair of tokens.
    pub fn issue(&mut self, user: u64) -> Token {
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

    /// The newest pair of a user that is good for some minutes yet.
    #[must_use]
    pub fn current_token(&self, user: u64) -> Option<Token> {
        let soon = now() + 300;
        self.tokens.iter().rev().find(|token| token.user == user && token.expires > soon).cloned()
    }

    /// A user by id.
    #[must_use]
    pub fn user(&self, id: u64) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    /// Deletes what was leased too long ago.
    pub fn drop_old_leases(&mut self) {
        let too_old = now() - LEASE_SECONDS;
        self.queue.retain(|record| record.process_id.is_empty() || record.leased_at > too_old);
    }

    /// Takes the next id.
    pub fn take_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id - 1
    }

    /// Stores an event in the queue of every offline binding that wants it. An identical record that nobody has
    /// leased takes the new one in.
    pub fn enqueue(&mut self, event: &str, data: &Value, user: u64) {
        let event = event.to_ascii_uppercase();
        let connectors: Vec<String> =
            self.handlers.iter().filter(|h| h.offline && h.event == event).map(|h| h.connector.clone()).collect();
        for connector in connectors {
            let message_id = message_id(&event, data);
            let twin = |r: &&mut QueueRecord| {
                r.message_id == message_id && r.process_id.is_empty() && r.connector == connector
            };
            if let Some(record) = self.queue.iter_mut().find(twin) {
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
                message_id,
                process_id: String::new(),
                leased_at: 0,
                error: false,
                connector,
            });
        }
    }
}

/// 128-bit FNV-1a of name and data: the real portal takes MD5, and only equality matters.
fn message_id(event: &str, data: &Value) -> String {
    let text = format!("{event}\n{data}");
    let hash = text.bytes().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128, |hash, byte| {
        (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    });
    format!("{hash:032x}")
}

/// Unix seconds.
#[must_use]
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
