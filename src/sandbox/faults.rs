//! Faults on demand: what goes wrong in the field, one request at a time.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(super) enum FaultKind {
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
    /// The answer is late.
    Delay { seconds: f64 },
    /// 302 to another portal, `https://HOST[:PORT]`.
    Rename { to: String },
    /// The token of the request expires before it is checked.
    ExpiredToken,
}

/// A fault, and which requests it hits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Fault {
    #[serde(flatten)]
    pub(super) kind: FaultKind,
    /// How many requests it hits.
    #[serde(default = "once")]
    times: u32,
    /// How many requests it spares before the first hit.
    #[serde(default)]
    skip: u32,
    /// The method it hits, also as a command of a batch; any request if absent.
    #[serde(default)]
    method: Option<String>,
    /// Whether the request is carried out before its answer is replaced.
    #[serde(default)]
    pub(super) after: bool,
}

/// Serde cannot deny unknown members of a flattened struct.
const MEMBERS: [&str; 7] = ["kind", "times", "skip", "method", "after", "seconds", "to"];

impl Fault {
    /// Reads a fault. Unknown members and faults that would never hit are errors: a test would go on and show nothing.
    pub(super) fn from_json(document: Value) -> Result<Self, String> {
        let mut members = document.as_object().into_iter().flat_map(|members| members.keys());
        if let Some(unknown) = members.find(|member| !MEMBERS.contains(&member.as_str())) {
            return Err(format!("unknown member `{unknown}`; expected one of: {}", MEMBERS.join(", ")));
        }
        let fault: Self = serde_json::from_value(document).map_err(|error| error.to_string())?;
        if fault.times == 0 { Err("a fault with \"times\": 0 never hits".to_owned()) } else { Ok(fault) }
    }

    fn is_for(&self, method: &str) -> bool {
        self.method.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(method))
    }

    /// Whether a single command of a batch can fail in this way.
    fn is_refusal(&self) -> bool {
        matches!(self.kind, FaultKind::Limit | FaultKind::OperationLimit | FaultKind::ServerError)
    }
}

fn once() -> u32 {
    1
}

/// The faults that wait for their request.
#[derive(Debug, Default)]
pub(super) struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    pub(super) fn add(&self, fault: Fault) {
        self.lock().push(fault);
    }

    pub(super) fn clear(&self) {
        self.lock().clear();
    }

    pub(super) fn waiting(&self) -> Vec<Fault> {
        self.lock().clone()
    }

    /// The fault that hits a whole request.
    pub(super) fn take_for_request(&self, method: &str) -> Option<Fault> {
        self.take(|fault| fault.method.is_none() || fault.is_for(method))
    }

    /// The fault that hits one command of a batch.
    pub(super) fn take_for_command(&self, method: &str) -> Option<FaultKind> {
        self.take(|fault| fault.is_refusal() && fault.is_for(method)).map(|fault| fault.kind)
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

    fn lock(&self) -> MutexGuard<'_, Vec<Fault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
