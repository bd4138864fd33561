//! End-to-end checks: the built stereo on real music, real damage and real power cuts.

use anyhow::Result;

use crate::test::Tally;

/// One numbered step of `cargo xtask test`.
pub struct Part {
    /// Shown while it runs.
    pub name: &'static str,
    /// Adds its checks to the tally.
    pub run: fn(&mut Tally) -> Result<()>,
}

/// All of them, in order.
pub const PARTS: [Part; 0] = [];
