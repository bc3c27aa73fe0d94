//! What a portal counts: requests in a leaky bucket per source address, and working time per method
//! (`protocol` section 1).

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::state::now;
use crate::portal::bucket::Bucket;
use crate::wire::envelope::Time;

/// Requests that a bucket holds.
const CAPACITY: f64 = 50.0;
/// Requests that drain out of it each second.
const DRAIN_PER_SECOND: f64 = 2.0;

/// A bucket for each source.
#[derive(Debug, Default)]
pub(super) struct Buckets(Mutex<HashMap<IpAddr, Bucket>>);

impl Buckets {
    /// Counts a request; false if the bucket is full.
    pub(super) fn admit(&self, source: IpAddr, now: Instant) -> bool {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.entry(source).or_insert_with(|| Bucket::new(CAPACITY, DRAIN_PER_SECOND)).admit(now)
    }
}

/// Length of a method's working-time window, in seconds.
const WINDOW: i64 = 600;

/// Working time by method.
#[derive(Debug, Default)]
pub(super) struct Operating(Mutex<HashMap<String, Window>>);

#[derive(Debug, Default)]
struct Window {
    /// Unix seconds.
    ends: i64,
    /// Seconds.
    used: f64,
}

impl Operating {
    /// Counts a call, and writes the time used so far into its `time` block.
    pub(super) fn count(&self, method: &str, time: &mut Time) {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.entry(method.to_owned()).or_default();
        if window.ends <= now() {
            *window = Window { ends: now() + WINDOW, used: 0.0 };
        }
        window.used += time.duration;
        time.operating_reset_at = Some(window.ends);
        time.operating = Some(window.used);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;
    use std::time::Duration;

    #[test]
    fn the_fifty_first_request_is_refused_and_half_a_second_later_one_is_admitted() {
        let buckets = Buckets::default();
        let start = Instant::now();
        let source = IpAddr::from(Ipv4Addr::LOCALHOST);
        assert!((0..50).all(|_| buckets.admit(source, start)));
        assert!(!buckets.admit(source, start));
        assert!(buckets.admit(IpAddr::from([127, 0, 0, 2]), start), "another source has its own bucket");
        let later = start + Duration::from_millis(501);
        assert!(buckets.admit(source, later));
        assert!(!buckets.admit(source, later));
    }
}
