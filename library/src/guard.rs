//! The wall between decoders of foreign bytes and the unit: a panic in one of them costs one file.
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `work`; a panic in it becomes `None`.
///
/// All state `work` touches is its own and dropped with it, which is why unwinding past it is safe.
pub(crate) fn contain<T>(what: &'static str, work: impl FnOnce() -> T) -> Option<T> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(value) => Some(value),
        Err(_) => {
            tracing::warn!(what, "a decoder gave up on a damaged file");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::contain;

    #[test]
    fn a_panic_ends_here() {
        assert_eq!(contain("test", || 7), Some(7));
        assert_eq!(contain("test", || -> u8 { panic!("as a decoder might") }), None);
    }
}
