//! The order of things.

use std::fs;
use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::Duration;

use super::verity::RootHash;
use super::{slot, sys};

/// Where the slot is mounted until it is the root.
const SLOT: &str = "/slot";
/// What it is handed over to.
const SYSTEM: &str = "/usr/lib/systemd/systemd";
/// Before the machine starts again, so that nothing runs hot.
const REST: Duration = Duration::from_secs(3);

/// Starts the system; comes back never.
pub fn run() {
    let Err(error) = hand_over();
    if let Ok(mut log) = fs::OpenOptions::new().write(true).open("/dev/kmsg") {
        // Nobody else is there to be told.
        let _ = log.write_all(format!("<3>kiosk-init: {error}: starting again\n").as_bytes());
    }
    std::thread::sleep(REST);
    sys::restart();
}

fn hand_over() -> io::Result<std::convert::Infallible> {
    let private = libc::MS_NOSUID | libc::MS_NODEV | libc::MS_NOEXEC;
    for (kind, place, flags, options) in [
        ("proc", "/proc", private, ""),
        ("sysfs", "/sys", private, ""),
        ("devtmpfs", "/dev", libc::MS_NOSUID, "mode=0755"),
        ("tmpfs", "/run", libc::MS_NOSUID | libc::MS_NODEV, "mode=0755"),
    ] {
        fs::create_dir_all(place)?;
        sys::mount(kind, place, kind, flags, options)?;
    }
    let line = fs::read_to_string("/proc/cmdline")?;
    let none = || io::Error::new(io::ErrorKind::InvalidInput, "the command line names no slot");
    let devices = slot::open(&RootHash::from_command_line(&line).ok_or_else(none)?)?;
    fs::create_dir_all(SLOT)?;
    sys::mount(&devices.slot.display().to_string(), SLOT, "erofs", libc::MS_RDONLY, "")?;
    if let Some(data) = devices.data {
        // So early the stereo need not wait for anybody to find it. What cannot be mounted so is the system's to mend.
        let _ = sys::mount(
            &data.display().to_string(),
            &format!("{SLOT}/var"),
            "ext4",
            private | libc::MS_NOATIME,
            "",
        );
    }
    for place in ["/proc", "/sys", "/dev", "/run"] {
        sys::mount(place, &format!("{SLOT}{place}"), "", libc::MS_MOVE, "")?;
    }
    // What came along is in memory, and is not needed any more.
    for part in ["/usr", "/init"] {
        let _ = fs::remove_dir_all(part).or_else(|_| fs::remove_file(part));
    }
    std::env::set_current_dir(SLOT).map_err(sys::at(SLOT))?;
    sys::mount(".", "/", "", libc::MS_MOVE, "")?;
    sys::chroot_here()?;
    std::env::set_current_dir("/")?;
    Err(sys::at(SYSTEM)(Command::new(SYSTEM).exec()))
}
