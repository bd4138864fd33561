//! What only the operating system can do: CPU time of this process, and ending it as a power cut would.

use std::time::Duration;

/// CPU time of all threads so far, where the system tells.
#[cfg(unix)]
pub fn cpu_time() -> Option<Duration> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Some(Duration::new(u64::try_from(time.tv_sec).ok()?, u32::try_from(time.tv_nsec).ok()?))
}

/// CPU time of all threads so far, where the system tells.
#[cfg(not(unix))]
pub fn cpu_time() -> Option<Duration> {
    None
}

/// CPU time of this process and of those it started that have ended, where the system tells.
#[cfg(unix)]
pub fn cpu_time_with_children() -> Option<Duration> {
    let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
    #[allow(unsafe_code)]
    // SAFETY: `getrusage` writes one `rusage`, for which there is room, and all zeros is a valid one.
    let usage = unsafe {
        if libc::getrusage(libc::RUSAGE_CHILDREN, usage.as_mut_ptr()) != 0 {
            return None;
        }
        usage.assume_init()
    };
    let time = |time: libc::timeval| {
        // The widths differ between systems.
        #[allow(clippy::unnecessary_cast, trivial_numeric_casts)]
        let (seconds, micros) = (time.tv_sec as i64, time.tv_usec as i64);
        Some(Duration::from_secs(seconds.try_into().ok()?) + Duration::from_micros(micros.try_into().ok()?))
    };
    Some(cpu_time()? + time(usage.ru_utime)? + time(usage.ru_stime)?)
}

/// CPU time of this process and of those it started that have ended, where the system tells.
#[cfg(not(unix))]
pub fn cpu_time_with_children() -> Option<Duration> {
    None
}

/// Ends the process at once: no destructor runs, no thread finishes, nothing is saved. Exit code 0,
/// because a script that asks for it got what it wanted.
pub fn cut_power() -> ! {
    #[cfg(unix)]
    #[allow(unsafe_code)]
    // SAFETY: `_exit` takes any code, touches no memory of ours and does not return.
    unsafe {
        libc::_exit(0)
    }
    #[cfg(not(unix))]
    #[allow(clippy::exit)] // ExitProcess stops the other threads first; no Rust destructor runs
    std::process::exit(0)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::hint::black_box;

    #[test]
    fn work_takes_cpu_time() {
        let before = cpu_time().unwrap();
        let mut sum = 0.0_f64;
        while cpu_time().unwrap() - before < Duration::from_millis(5) {
            sum += black_box(sum + 1.0).sqrt();
        }
        assert!(black_box(sum) > 0.0);
        let before = cpu_time_with_children().unwrap();
        std::process::Command::new("sh")
            .args(["-c", "n=0; while [ $n -lt 2000 ]; do n=$((n+1)); done"])
            .status()
            .unwrap();
        assert!(cpu_time_with_children().unwrap() > before);
    }
}
