//! The one error every part but sound shares: it is gone, stop asking it.

/// The part is gone for good (unplugged, or its sender dropped).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the part is gone: {0}")]
pub struct PartGone(pub String);
