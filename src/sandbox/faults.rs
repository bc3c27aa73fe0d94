//! Faults on demand: what goes wrong in the field, one request at a time.

use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FaultKind {
    /// 503 `QUERY_LIMIT_EXCEEDED`.
    Limit,
    /// 429 `OPERATION_TIME_LIMIT`.
    OperationLimit,
    /// 500 `INTERNAL_SERVER_ERROR`.
    ServerError,
    /// A web page with status 200.
    Html,
    /// Half of the answer, then the connection ends.
    Truncate,
    /// The connection is reset without an answer.
    Reset,
    /// The answer comes late.
    Delay {
        /// By how many seconds.
        seconds: f64,
    },
    /// 302 to another portal.
    Rename {
        /// Its address, `https://HOST[:PORT]`.
        to: String,
    },
    /// The token of the request expires before it is looked at.
    ExpiredToken,
}

/// A fault, and which requests it hits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// What goes wrong.
    #[serde(flatten)]
    pub kind: FaultKind,
    /// How many requests it hits.
    #[serde(default = "once")]
    pub times: u32,
    /// How many it spares before.
    #[serde(default)]
    pub skip: u32,
    /// The method it hits, also as a command of a batch; any request when absent.
    #[serde(default)]
    pub method: Option<String>,
    /// Whether the request is carried out before its answer is spoilt.
    #[serde(default)]
    pub after: bool,
}

/// Members of a fault.
const MEMBERS: [&str; 7] = ["kind", "times", "skip", "method", "after", "seconds", "to"];

impl Fault {
    /// Reads a fault out of JSON. A member that is none, or a fault that never comes, is a mistake of the one who asked
    /// for it: the test would go on and show nothing.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(body: &[u8]) -> Result<Self, String> {
        let document: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        let unknown =
            |members: &Map<String, Value>| members.keys().find(|key| !MEMBERS.contains(&key.as_str())).cloned();
        if let Some(unknown) = document.as_object().and_then(unknown) {
            return Err(format!("`{unknown}` is no member of a fault; members are {}", MEMBERS.join(", ")));
        }
        let fault: Self = serde_json::from_value(document).map_err(|error| error.to_string())?;
        if fault.times == 0 { Err("a fault with \"times\": 0 never comes".to_owned()) } else { Ok(fault) }
    }
}

fn once() -> u32 {
    1
}

/// The faults that are waiting for their request.
#[derive(Debug, Default)]
pub struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    /// Adds one.
    pub fn add(&self, fault: Fault) {
        self.lock().push(fault);
    }

    /// Forgets all.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// Those still waiting.
    #[must_use]
    pub fn waiting(&self) -> Vec<Fault> {
        self.lock().clone()
    }

    /// The fault that hits a whole request.
    #[must_use]
    pub fn take_for_request(&self, method: &str) -> Option<Fault> {
        self.take(|fault| fault.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method)))
    }

    /// The fault that hits one command of a batch: it has to name the method, and be a refusal.
    #[must_use]
    pub fn take_for_command(&self, method: &str) -> Option<FaultKind> {
        let is_refusal =
            |kind: &FaultKind| matches!(kind, FaultKind::Limit | FaultKind::OperationLimit | FaultKind::ServerError);
        let hits = |fault: &Fault| {
            is_refusal(&fault.kind) && fault.method.as_deref().is_some_and(|wanted| wanted.eq_ignore_ascii_case(method))
        };
        self.take(hits).map(|fault| fault.kind)
    }

    fn take(&self, hits: impl Fn(&Fault) -> bool) -> Option<Fault> {
        let mut faults = self.lock();
        let position = faults.iter().position(hits)?;
        let fault = &mut faults[position];
        if fault.skip > 0 {
            fault.skip -= 1;
            return None;
        }
        let taken = fault.clone();
        fault.times = fault.times.saturating_sub(1);
        if fault.times == 0 {
            faults.remove(position);
        }
        Some(taken)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Fault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
