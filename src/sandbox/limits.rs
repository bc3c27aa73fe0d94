//! What a portal counts: requests in a leaky bucket for each source address, and working time for each method
//! (`portal-protocol` section 1).

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::state::now;
use crate::wire::envelope::Time;

/// Requests that a bucket holds.
const CAPACITY: f64 = 50.0;
/// Requests that drain out of it each second.
const DRAIN: f64 = 2.0;

/// How full each source's bucket is.
#[derive(Debug, Default)]
pub struct Buckets(Mutex<HashMap<IpAddr, (f64, Instant)>>);

impl Buckets {
    /// Counts a request; false when it would take the bucket over the brim.
    #[must_use]
    pub fn admit(&self, source: IpAddr, now: Instant) -> bool {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (level, last) = buckets.entry(source).or_insert((0.0, now));
        *level = (*level - now.duration_since(*last).as_secs_f64() * DRAIN).max(0.0);
        *last = now;
        if *level + 1.0 > CAPACITY {
            return false;
        }
        *level += 1.0;
        true
    }
}

/// Seconds of a method's working-time window.
const WINDOW: i64 = 600;

/// Working time by method: when its window ends, and the seconds used in it.
#[derive(Debug, Default)]
pub struct Operating(Mutex<HashMap<String, (i64, f64)>>);

impl Operating {
    /// Counts a call, and writes what is used up into its `time`.
    pub fn count(&self, method: &str, time: &mut Time) {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.entry(method.to_owned()).or_insert((0, 0.0));
        if window.0 <= now() {
            *window = (now() + WINDOW, 0.0);
        }
        window.1 += time.duration;
        (time.operating_reset_at, time.operating) = (Some(window.0), Some(window.1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;
    use std::time::Duration;

    #[test]
    fn the_fifty_first_request_is_refused_and_half_a_second_makes_room_for_one() {
        let (buckets, start, source) = (Buckets::default(), Instant::now(), IpAddr::from(Ipv4Addr::LOCALHOST));
        assert!((0..50).all(|_| buckets.admit(source, start)));
        assert!(!buckets.admit(source, start));
        assert!(buckets.admit(IpAddr::from([127, 0, 0, 2]), start), "another source has its own bucket");
        let later = start + Duration::from_millis(501);
        assert!(buckets.admit(source, later));
        assert!(!buckets.admit(source, later));
    }
}
