//! The walls the worker builds around itself before it reads the first foreign byte.
#[cfg(unix)]
mod descriptors;
#[cfg(target_os = "linux")]
mod landlock;
#[cfg(unix)]
mod limits;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod seccomp;

/// Which of the kernel's walls stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Locks {
    /// No file system and no network.
    pub(super) landlock: bool,
    /// Only the system calls that reading an open file needs.
    pub(super) seccomp: bool,
}

impl Locks {
    pub(super) fn to_byte(self) -> u8 {
        u8::from(self.landlock) | u8::from(self.seccomp) << 1
    }

    pub(super) fn from_byte(byte: u8) -> Self {
        Self { landlock: byte & 1 != 0, seccomp: byte & 2 != 0 }
    }
}

/// Locks this process in, as far as the system can. What it cannot do is no reason not to read music:
/// the limits of memory and time hold without the kernel's help, and the parent reports what is missing.
pub(super) fn enter() -> Locks {
    #[allow(unused_mut)]
    let mut locks = Locks::default();
    #[cfg(unix)]
    {
        descriptors::close_inherited();
        limits::lower();
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        // No core dump, not even to a collecting service, and no debugger of the same user.
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
        let _ = rustix::thread::set_no_new_privs(true);
        locks.landlock = landlock::deny_all();
    }
    #[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
    {
        locks.seccomp = seccomp::allow_reading_only();
    }
    locks
}

/// To be called now and then: see [`limits::renew`].
#[cfg(unix)]
pub(super) fn renew() {
    limits::renew();
}
