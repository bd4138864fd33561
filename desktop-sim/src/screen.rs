//! How other threads reach the thread that owns the screen.

use std::sync::Arc;

use crate::screenshot::Reply;
use crate::session::Ending;

/// What they ask for.
#[derive(Debug)]
pub enum Request {
    /// The unit's screen as it is now.
    Picture(Reply),
    /// Come to an end.
    End(Ending),
}

/// Leaves a request; never waits.
pub type Door = Arc<dyn Fn(Request) + Send + Sync>;
