//! Counts of requests for Analytics Engine, where it is bound: route, method, status and milliseconds. Nothing
//! of who asked.

use std::cell::Cell;

use worker::{AnalyticsEngineDataPointBuilder, Env};

use super::{Level, log};

thread_local! {
    /// Whether it is bound; an instance sees one environment only.
    static BOUND: Cell<Option<bool>> = const { Cell::new(None) };
}

/// Counts a request.
pub fn count(env: &Env, method: &str, status: u16, ms: i64, route: impl FnOnce() -> &'static str) {
    if BOUND.get() == Some(false) {
        return;
    }
    let dataset = env.analytics_engine("ANALYTICS");
    BOUND.set(Some(dataset.is_ok()));
    let Ok(dataset) = dataset else { return };
    let route = route();
    // blob1 method, blob2 route, blob3 class of status; double1 status, double2 milliseconds.
    let point = AnalyticsEngineDataPointBuilder::new()
        .indexes([route])
        .add_blob(method)
        .add_blob(route)
        .add_blob(class(status))
        .add_double(f64::from(status))
        .add_double(ms as f64);
    if let Err(error) = point.write_to(&dataset) {
        log(Level::Warn, "metrics", serde_json::json!({ "cause": error.to_string() }));
    }
}

const fn class(status: u16) -> &'static str {
    match status {
        0..=299 => "ok",
        300..=399 => "elsewhere",
        400..=499 => "refused",
        _ => "failed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_fall_into_classes() {
        assert_eq!(
            [101, 204, 303, 404, 429, 500, 503].map(class),
            ["ok", "ok", "elsewhere", "refused", "refused", "failed", "failed"]
        );
    }
}
