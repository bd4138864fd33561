//! The music on a medium: folder listings, tags and cover art. Knows no interface.
#![forbid(unsafe_code)]

mod api;
pub use api::*;
