//! An allocator that notes every call made while the audio thread's code runs.
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Guard;

thread_local! {
    static ARMED: Cell<bool> = const { Cell::new(false) };
    static CALLS: Cell<usize> = const { Cell::new(0) };
}

fn note() {
    if ARMED.get() {
        CALLS.set(CALLS.get() + 1);
    }
}

// SAFETY: every call is handed on unchanged to the system's allocator; noting it touches only
// thread-local cells without destructors, which do not allocate.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Guard {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note();
        // SAFETY: the caller's promises are the system allocator's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        note();
        // SAFETY: as above.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note();
        // SAFETY: as above.
        unsafe { System.realloc(memory, layout, size) }
    }
}

#[global_allocator]
static GUARD: Guard = Guard;

/// Runs `work` and fails if it allocates or frees.
pub fn without_allocation<T>(work: impl FnOnce() -> T) -> T {
    ARMED.set(true);
    CALLS.set(0);
    let result = work();
    ARMED.set(false);
    assert_eq!(CALLS.get(), 0, "the audio thread's code called the allocator");
    result
}
