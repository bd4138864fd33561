//! The ALSA thread's promise: while it runs, it neither allocates nor frees.
#![cfg(all(target_os = "linux", feature = "linux"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;
#[path = "common/alsa.rs"]
mod conf;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use common::ignore_events;
use hal::AudioOut;
use hal::convert::SampleLayout;
use hal::linux::{AlsaConfig, AlsaSink};

thread_local! {
    static IS_WATCHED: Cell<bool> = const { Cell::new(false) };
}

static OFFENCES: AtomicUsize = AtomicUsize::new(0);

struct Guard;

fn note() {
    if IS_WATCHED.try_with(Cell::get).unwrap_or(false) {
        OFFENCES.fetch_add(1, Ordering::SeqCst);
    }
}

// SAFETY: every call goes to the system's allocator unchanged; `note` does not allocate.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Guard {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note();
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        note();
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static GUARD: Guard = Guard;

/// Runs 500 blocks with the guard on from the first `render` to the last; returns the offences.
fn offences(layout: SampleLayout, offend: bool) -> usize {
    OFFENCES.store(0, Ordering::SeqCst);
    let config = AlsaConfig {
        device: "void".into(),
        layouts: vec![layout],
        realtime_priority: None,
        lock_memory: false,
        ..AlsaConfig::default()
    };
    let mut sink = AlsaSink::open(config).unwrap();
    let blocks = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&blocks);
    let render = move |block: &mut [f32]| {
        let n = counted.fetch_add(1, Ordering::SeqCst);
        IS_WATCHED.set(n < 500);
        for sample in block {
            *sample = (n as f32 * 0.37).sin() * 0.9;
        }
        if offend && n == 100 {
            drop(std::hint::black_box(vec![n]));
        }
        if n >= 500 {
            thread::sleep(Duration::from_millis(1));
        }
    };
    sink.start(Box::new(render), ignore_events()).unwrap();
    let since = Instant::now();
    while blocks.load(Ordering::SeqCst) <= 500 {
        assert!(since.elapsed() < Duration::from_secs(20));
        thread::sleep(Duration::from_millis(1));
    }
    sink.stop();
    OFFENCES.load(Ordering::SeqCst)
}

#[test]
fn the_running_loop_neither_allocates_nor_frees() {
    conf::with_alsa("the_running_loop_neither_allocates_nor_frees", |_| {
        assert_eq!(offences(SampleLayout::I32, true), 2, "the guard itself does not see");
        for layout in AlsaConfig::LAYOUTS {
            assert_eq!(offences(layout, false), 0, "{layout:?}");
        }
    });
}
