//! What the pages know and decide, without a browser.

pub mod backoff;
pub mod curve;
pub mod format;
pub mod knob;
pub mod list;
pub mod overlay;
pub mod position;
pub mod route;
pub mod throttle;
