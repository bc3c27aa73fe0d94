//! The leaky bucket that a portal counts requests in (`protocol` section 1).

use std::time::{Duration, Instant};

/// Requests fill it, time drains it.
#[derive(Debug, Clone)]
pub(crate) struct Bucket {
    capacity: f64,
    drain_per_second: f64,
    level: f64,
    updated: Option<Instant>,
}

impl Bucket {
    pub(crate) fn new(capacity: f64, drain_per_second: f64) -> Self {
        Self { capacity, drain_per_second, level: 0.0, updated: None }
    }

    /// Counts a request; false, without counting it, if the bucket has no room.
    pub(crate) fn admit(&mut self, now: Instant) -> bool {
        self.level = self.level_at(now);
        self.updated = Some(now);
        let has_room = self.level + 1.0 <= self.capacity;
        if has_room {
            self.level += 1.0;
        }
        has_room
    }

    /// The portal has refused a request, so its bucket is full: other clients fill it, too.
    pub(crate) fn fill(&mut self, now: Instant) {
        self.level = self.capacity;
        self.updated = Some(now);
    }

    /// How long until a request is admitted.
    pub(crate) fn ready_in(&self, now: Instant) -> Duration {
        let surplus = self.level_at(now) + 1.0 - self.capacity;
        Duration::from_secs_f64((surplus / self.drain_per_second).max(0.0))
    }

    fn level_at(&self, now: Instant) -> f64 {
        let elapsed = self.updated.map_or(Duration::ZERO, |updated| now.saturating_duration_since(updated));
        (self.level - elapsed.as_secs_f64() * self.drain_per_second).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_refusal_the_pace_is_that_of_the_drain() {
        let now = Instant::now();
        let mut bucket = Bucket::new(50.0, 2.0);
        bucket.fill(now);
        for half_seconds in 1..5 {
            let next = now + Duration::from_millis(500 * half_seconds);
            assert!(bucket.admit(next) && !bucket.admit(next));
            assert_eq!(bucket.ready_in(next), Duration::from_millis(500));
        }
    }

    #[test]
    fn a_full_bucket_admits_a_request_once_it_has_drained() {
        let now = Instant::now();
        let mut bucket = Bucket::new(50.0, 2.0);
        assert_eq!(bucket.ready_in(now), Duration::ZERO);
        assert!((0..50).all(|_| bucket.admit(now)));
        assert!(!bucket.admit(now));
        assert_eq!(bucket.ready_in(now), Duration::from_millis(500));
        let later = now + Duration::from_millis(500);
        assert!(bucket.admit(later));
        assert!(!bucket.admit(later));
    }
}
