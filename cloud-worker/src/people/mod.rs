//! The person's own account: what we know of them, everything of it as a file, and its end.

mod account;
mod export;
mod user;

pub use account::{Farewell, delete};
pub use export::{Export, export};
pub use user::{User, user};
