//! Real-time scheduling and locked memory: asked for, never insisted on.

use std::io;

/// Gives the calling thread SCHED_FIFO at this priority (1 to 99).
#[allow(unsafe_code)]
pub(super) fn promote(priority: i32) -> io::Result<()> {
    // SAFETY: sched_param is a plain C struct of integers, for which all zeros is a valid value.
    let mut param: libc::sched_param = unsafe { std::mem::zeroed() };
    param.sched_priority = priority;
    // SAFETY: the thread is our own and alive; `param` outlives the call.
    let code =
        unsafe { libc::pthread_setschedparam(libc::pthread_self(), libc::SCHED_FIFO, &raw const param) };
    if code == 0 { Ok(()) } else { Err(io::Error::from_raw_os_error(code)) }
}

/// Keeps pages of the process in memory once they have been touched. Only where locked memory is
/// not limited: under a limit, a later allocation would fail for it.
#[allow(unsafe_code)]
pub(super) fn lock_memory() -> io::Result<()> {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: `limit` is a valid rlimit to write to.
    if unsafe { libc::getrlimit(libc::RLIMIT_MEMLOCK, &raw mut limit) } != 0 {
        return Err(io::Error::last_os_error());
    }
    if limit.rlim_cur != libc::RLIM_INFINITY {
        return Err(io::Error::other("locked memory is limited (LimitMEMLOCK=infinity lifts it)"));
    }
    // SAFETY: mlockall takes flags only and touches no memory of ours.
    if unsafe { libc::mlockall(libc::MCL_CURRENT | libc::MCL_FUTURE | libc::MCL_ONFAULT) } != 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_impossible_priority_is_refused_with_its_reason() {
        let error = promote(1000).err().and_then(|error| error.raw_os_error());
        assert!(matches!(error, Some(libc::EINVAL | libc::EPERM)), "{error:?}");
    }
}
