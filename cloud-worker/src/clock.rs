//! The time of day.

/// Whole seconds since 1970, UTC.
pub type Seconds = i64;

/// Milliseconds since 1970, UTC. In the cloud's runtime it stands still between I/O.
pub fn now_ms() -> i64 {
    #[cfg(not(test))]
    // A date is far below 2^53.
    return js_sys::Date::now() as i64;
    #[cfg(test)]
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Seconds since 1970, UTC.
pub fn now() -> Seconds {
    now_ms() / 1000
}
