//! Locking that survives a panic elsewhere: a poisoned mutex still holds usable data here.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Locks; a panic of another holder is not a reason to take the sound down.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits on a condition; poison is treated as in [`lock`].
pub(crate) fn wait<'a, T>(condvar: &Condvar, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
    condvar.wait(guard).unwrap_or_else(PoisonError::into_inner)
}
