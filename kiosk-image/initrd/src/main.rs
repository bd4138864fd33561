//! The appliance's first program: between the kernel and systemd it loads what the system disk hangs on, finds the
//! slot that the command line names by its root hash, checks it with dm-verity and goes on inside it.
//!
//! A general initrd does the same with a second systemd and a hundred files; it is most of a start's time. When this
//! one cannot go on it starts the machine again: nobody can type here, and the boot loader knows another slot.

#[cfg(target_os = "linux")]
mod dm;
#[cfg(target_os = "linux")]
mod gpt;
#[cfg(target_os = "linux")]
mod modules;
#[cfg(target_os = "linux")]
mod slot;
#[cfg(target_os = "linux")]
mod start;
#[cfg(target_os = "linux")]
mod sys;
#[cfg(target_os = "linux")]
mod verity;

#[cfg(target_os = "linux")]
fn main() {
    start::run();
}

#[cfg(not(target_os = "linux"))]
fn main() {}
