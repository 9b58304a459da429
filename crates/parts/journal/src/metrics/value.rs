//! Single values: a counter and a gauge.
//!
//! Both are relaxed atomics on a cache line of their own, so that threads that count different things do not slow
//! each other down. They wrap around at the end of their range and never fail.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// A number that only grows. 128 bytes: two cache lines, because processors fetch them in pairs.
#[derive(Debug, Default)]
#[repr(align(128))]
pub struct Counter(AtomicU64);

impl Counter {
    /// Zero.
    pub const fn new() -> Counter {
        Counter(AtomicU64::new(0))
    }

    /// Adds one.
    pub fn increment(&self) {
        self.add(1);
    }

    /// Adds a number.
    pub fn add(&self, count: u64) {
        self.0.fetch_add(count, Ordering::Relaxed);
    }

    /// The number.
    pub fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A whole number that goes up and down.
#[derive(Debug, Default)]
#[repr(align(128))]
pub struct Gauge(AtomicI64);

impl Gauge {
    /// Zero.
    pub const fn new() -> Gauge {
        Gauge(AtomicI64::new(0))
    }

    /// Replaces the number.
    pub fn set(&self, value: i64) {
        self.0.store(value, Ordering::Relaxed);
    }

    /// Adds a number, which may be negative.
    pub fn add(&self, difference: i64) {
        self.0.fetch_add(difference, Ordering::Relaxed);
    }

    /// The number.
    pub fn value(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}
