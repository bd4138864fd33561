//! Who asks, and what a route asks of them.

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// `users.id`.
    pub user: String,
    /// `sessions.id`.
    pub session: String,
}
