//! The edge: what happens to every request before and after its handler.

mod access;
mod body;
pub mod call;
pub mod cookies;
mod cors;
mod dispatch;
mod headers;
mod later;
mod log;
mod method;
mod metrics;
mod origin;
pub mod panic;
pub mod problem;
mod reply;
pub mod report;
mod respond;

pub use access::{Who, forget_session};
pub use body::Checks;
pub use call::Call;
pub use dispatch::{dispatch, report_panic};
pub use later::later;
pub use log::{Level, log};
pub use method::Method;
pub use origin::is_local_path;
pub use problem::{FieldError, Problem};
pub use reply::{Caching, Reply};
pub use respond::js_error;
