//! Limits of the process: memory, descriptors, and a last resort for time.
use rustix::process::{Resource, Rlimit, setrlimit};
use rustix::time::{ClockId, clock_gettime};

/// Most private writable memory, in bytes. The readers' own budgets stay below 64 MB; with stack and program
/// the worker's resident size stays below 128 MB.
const MEMORY: u64 = 96 << 20;

/// Deepest stack, in bytes.
const STACK: u64 = 8 << 20;

/// Most descriptors: the window's files and the standard ones.
const DESCRIPTORS: u64 = 64;

/// Processor time a worker may still take when nobody watches it any more, in seconds. The parent is far
/// stricter, but it may have died.
const UNWATCHED_S: u64 = 30;

/// Lowers every limit that reading does not need.
pub(super) fn lower() {
    #[cfg(not(target_os = "macos"))]
    set(Resource::Data, MEMORY);
    #[cfg(target_os = "macos")]
    set(Resource::As, MEMORY);
    set(Resource::Stack, STACK);
    set(Resource::Nofile, DESCRIPTORS);
    set(Resource::Core, 0);
    set(Resource::Fsize, 0);
    set(Resource::Nproc, 0);
    renew();
}

/// Moves the limit of processor time to [`UNWATCHED_S`] from now.
pub(super) fn renew() {
    let used = u64::try_from(clock_gettime(ClockId::ProcessCPUTime).tv_sec).unwrap_or(0);
    let limit = Rlimit { current: Some(used + UNWATCHED_S), maximum: None };
    let _ = setrlimit(Resource::Cpu, limit);
}

/// Both limits, so that it cannot be raised again. A system that refuses (a lower hard limit) is stricter.
fn set(resource: Resource, limit: u64) {
    let _ = setrlimit(resource, Rlimit { current: Some(limit), maximum: Some(limit) });
}
