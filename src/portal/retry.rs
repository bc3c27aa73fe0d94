//! What is tried again, and when. The decision is taken after the answer is understood.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};

use super::failure::Failure;
use crate::http::client::TimeLimit;
use crate::http::transport::TransportError;
use crate::wire::code::ErrorCode;
use crate::wire::envelope::{InvalidResponse, PortalError, ResponseKind};

/// Longest time for all attempts of one request together. The first may take its whole time-out all the same.
const TOTAL: Duration = Duration::from_mins(1);
/// An attempt with less time than this is not made.
const SHORTEST: Duration = Duration::from_secs(5);
/// The bucket drains one request in half a second: an earlier attempt cannot succeed.
const LIMIT_FLOOR: Duration = Duration::from_millis(500);

/// Whether a request may be repeated when it is unknown if the first one was carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Replay {
    /// A second time changes nothing more: all event methods.
    Safe,
    /// A second time may do it twice: unknown methods.
    Unsafe,
}

/// What a failure says about the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// Another attempt would fail, too.
    Final,
    /// It was not carried out.
    NotDone,
    /// It may have been carried out.
    Unknown,
    /// Not carried out: too many requests.
    Limited,
    /// Not carried out: the method is blocked until its working-time window ends.
    Blocked,
}

/// Whether the failed request may have been carried out.
pub(super) fn may_have_happened(failure: &Failure) -> bool {
    verdict(failure) == Verdict::Unknown
}

/// Whether a refused command of a batch may have been carried out.
pub(super) fn command_may_have_happened(error: &PortalError) -> bool {
    refusal(error) == Verdict::Unknown
}

/// Whether a refused command of a batch is worth another attempt.
pub(super) fn is_temporary(error: &PortalError) -> bool {
    refusal(error) != Verdict::Final
}

fn verdict(failure: &Failure) -> Verdict {
    match failure {
        Failure::Refused(error) => refusal(error),
        Failure::InvalidResponse { response, .. } => invalid(response),
        Failure::Transport { cause, .. } => transport(cause),
        Failure::UnexpectedResult { .. } | Failure::Redirected { .. } | Failure::TokenDead(_) | Failure::Local(_) => {
            Verdict::Final
        }
    }
}

fn refusal(error: &PortalError) -> Verdict {
    match (&error.code, error.status) {
        (ErrorCode::QueryLimitExceeded, _) => Verdict::Limited,
        (ErrorCode::OperationTimeLimit, _) => Verdict::Blocked,
        // Blocked by hand, or deleted: more requests make it worse.
        (ErrorCode::OverloadLimit | ErrorCode::PortalDeleted, _) => Verdict::Final,
        // The portal could not check the token, and so did nothing.
        (ErrorCode::ConnectionError, _) => Verdict::NotDone,
        (ErrorCode::InternalServerError | ErrorCode::UnexpectedAnswer, _) | (_, 500 | 502 | 504) => Verdict::Unknown,
        _ if error.is_being_bound() => Verdict::NotDone,
        _ => Verdict::Final,
    }
}

fn invalid(response: &InvalidResponse) -> Verdict {
    match (response.status, response.kind) {
        (500 | 502 | 503 | 504, _) | (200, ResponseKind::Truncated | ResponseKind::Empty) => Verdict::Unknown,
        _ => Verdict::Final,
    }
}

fn transport(cause: &TransportError) -> Verdict {
    match cause {
        TransportError::Connect(_) | TransportError::ConnectTimeout => Verdict::NotDone,
        TransportError::Closed => Verdict::Unknown,
        // The user's own limit is reached, or the next answer would be the same.
        TransportError::Timeout(_)
        | TransportError::RetryTimeout
        | TransportError::Tls { .. }
        | TransportError::NotHttp
        | TransportError::TooLarge(_) => Verdict::Final,
    }
}

/// A request that can be made several times.
pub(super) trait Request {
    type Answer;

    /// Makes one attempt.
    async fn attempt(&mut self, attempts: &Attempts) -> Attempt<Self::Answer>;

    /// When the method's working-time window ends, in Unix seconds, if the portal ever said so.
    fn window_end(&self) -> Option<i64>;

    /// Called before the pause that precedes another attempt.
    fn will_retry(&mut self, failure: &Failure, after: Duration);
}

/// The outcome of one attempt.
pub(super) enum Attempt<T> {
    Answered(T),
    Failed(Failure),
    /// Failed in a way that another attempt cannot change, whatever the failure says by its kind.
    GaveUp(Failure),
}

/// Makes attempts until one is answered, another one cannot help, or the retries or their time are used up.
pub(super) async fn run<R: Request>(request: &mut R, attempts: &mut Attempts) -> Result<R::Answer, Failure> {
    loop {
        let failure = match request.attempt(attempts).await {
            Attempt::Answered(answer) => return Ok(answer),
            Attempt::GaveUp(failure) => return Err(failure),
            Attempt::Failed(failure) => failure,
        };
        let Some(delay) = attempts.next(&failure, request.window_end()) else { return Err(failure) };
        request.will_retry(&failure, delay);
        tokio::time::sleep(delay).await;
    }
}

/// Counts the attempts of one call.
#[derive(Debug)]
pub(super) struct Attempts {
    delays: ExponentialBackoff,
    began: Instant,
    made: usize,
    replay: Replay,
}

impl Attempts {
    /// At most `retries` further attempts, each after a longer pause than the one before.
    pub(super) fn new(retries: usize, replay: Replay) -> Self {
        let delays = ExponentialBuilder::new()
            .with_min_delay(Duration::from_millis(200))
            .with_max_delay(Duration::from_secs(10))
            .with_max_times(retries)
            .with_jitter()
            .build();
        Self { delays, began: Instant::now(), made: 0, replay }
    }

    /// How long the next attempt may take, if one attempt alone may take `timeout`.
    pub(super) fn limit(&self, timeout: Duration) -> TimeLimit {
        let rest = TOTAL.saturating_sub(self.began.elapsed()).max(SHORTEST);
        if self.made == 0 || timeout <= rest {
            return timeout.into();
        }
        TimeLimit { length: rest, is_rest: true }
    }

    /// The pause before the next attempt; `None` if there must not be one. `window_end` is when the method's working-time
    /// window ends, in Unix seconds, if the portal ever said so.
    pub(super) fn next(&mut self, failure: &Failure, window_end: Option<i64>) -> Option<Duration> {
        let verdict = verdict(failure);
        let is_allowed = match verdict {
            Verdict::Final => false,
            Verdict::Unknown => self.replay == Replay::Safe,
            Verdict::NotDone | Verdict::Limited | Verdict::Blocked => true,
        };
        if !is_allowed {
            return None;
        }
        self.made += 1;
        let delay = self.delays.next()?.max(shortest_pause(verdict, window_end));
        self.has_time(delay).then_some(delay)
    }

    /// Whether the pause that a failure requires fits into the remaining time.
    pub(super) fn has_time_for(&self, failure: &Failure, window_end: Option<i64>) -> bool {
        self.has_time(shortest_pause(verdict(failure), window_end))
    }

    fn has_time(&self, delay: Duration) -> bool {
        self.began.elapsed() + delay + SHORTEST <= TOTAL
    }
}

/// The pause before which an attempt cannot succeed.
fn shortest_pause(verdict: Verdict, window_end: Option<i64>) -> Duration {
    match verdict {
        Verdict::Limited => LIMIT_FLOOR,
        Verdict::Blocked => window_end.map_or(LIMIT_FLOOR, until),
        Verdict::Final | Verdict::NotDone | Verdict::Unknown => Duration::ZERO,
    }
}

fn until(unix_seconds: i64) -> Duration {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(unix_seconds).map_or(Duration::ZERO, |end| Duration::from_secs(end).saturating_sub(now))
}

#[cfg(test)]
mod tests {
    use super::super::failure::ServerName;
    use super::*;

    fn refused(code: ErrorCode, status: u16) -> Failure {
        Failure::Refused(PortalError { status, code, description: String::new() })
    }

    fn cut() -> Failure {
        Failure::Transport { server: ServerName::Portal("a.b".into()), cause: TransportError::Closed }
    }

    #[test]
    fn the_number_of_attempts_is_bounded() {
        let mut attempts = Attempts::new(2, Replay::Safe);
        assert!(attempts.next(&cut(), None).is_some());
        assert!(attempts.next(&cut(), None).is_some());
        assert_eq!(attempts.next(&cut(), None), None);
    }

    #[test]
    fn a_lost_answer_is_repeated_only_where_that_is_safe() {
        assert_eq!(Attempts::new(5, Replay::Unsafe).next(&cut(), None), None);
        let never_left = Failure::Transport {
            server: ServerName::Portal("a.b".into()),
            cause: TransportError::Connect("refused".into()),
        };
        assert!(Attempts::new(5, Replay::Unsafe).next(&never_left, None).is_some());
    }

    #[test]
    fn a_limit_is_waited_for_at_least_as_long_as_the_bucket_needs() {
        let delay = Attempts::new(1, Replay::Unsafe).next(&refused(ErrorCode::QueryLimitExceeded, 503), None);
        assert!(delay.is_some_and(|delay| delay >= LIMIT_FLOOR));
    }

    #[test]
    fn a_window_that_ends_too_late_is_not_waited_for() {
        let in_ten_minutes =
            i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs() + 600);
        let blocked = refused(ErrorCode::OperationTimeLimit, 429);
        assert_eq!(Attempts::new(5, Replay::Safe).next(&blocked, in_ten_minutes.ok()), None);
        assert!(Attempts::new(5, Replay::Safe).next(&blocked, None).is_some());
    }

    #[test]
    fn refusals_that_stay_are_final() {
        for (code, status) in [
            (ErrorCode::OverloadLimit, 503),
            (ErrorCode::PortalDeleted, 500),
            (ErrorCode::AccessDenied, 403),
            (ErrorCode::EventNotFound, 400),
        ] {
            assert_eq!(Attempts::new(5, Replay::Safe).next(&refused(code, status), None), None);
        }
    }
}
