//! What a thread can sleep on besides a device: an alarm of another thread, a folder of device nodes, and the
//! kernel's own word that something was plugged. No file here is ever read when nothing is there to read.

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec};
use rustix::fs::inotify;
use rustix::net::netlink::{KOBJECT_UEVENT, SocketAddrNetlink};
use rustix::net::{AddressFamily, RecvFlags, SocketFlags, SocketType};

/// Sleeps until one of the files can be read (or has failed), or until `longest` has passed; says which.
///
/// # Errors
/// The system refuses, which it does only when memory has run out. A signal is no error: nothing can be read then.
pub(super) fn wait(files: &[BorrowedFd<'_>], longest: Duration) -> io::Result<Vec<bool>> {
    let mut entries: Vec<PollFd<'_>> =
        files.iter().map(|file| PollFd::from_borrowed_fd(*file, PollFlags::IN)).collect();
    let time = Timespec::try_from(longest).unwrap_or(Timespec { tv_sec: i64::from(i32::MAX), tv_nsec: 0 });
    match rustix::event::poll(&mut entries, Some(&time)) {
        Ok(_) => Ok(entries.iter().map(|entry| !entry.revents().is_empty()).collect()),
        Err(rustix::io::Errno::INTR) => Ok(vec![false; files.len()]),
        Err(error) => Err(error.into()),
    }
}

/// An eventfd: rung by any thread, heard by the one that sleeps on it.
#[derive(Clone, Debug)]
pub(super) struct Alarm(Arc<OwnedFd>);

impl Alarm {
    /// A silent one.
    ///
    /// # Errors
    /// The process has no file descriptor left.
    pub fn new() -> io::Result<Self> {
        let file = rustix::event::eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        Ok(Self(Arc::new(file)))
    }

    /// Wakes the sleeper, or its next sleep.
    pub fn ring(&self) {
        // It can only refuse when it has been rung 2^64 - 2 times unheard; it rings then.
        let _ = rustix::io::write(&*self.0, &1u64.to_ne_bytes());
    }

    /// Heard: silent until it is rung again.
    pub fn hush(&self) {
        // Fails only if it has not been rung.
        let _ = rustix::io::read(&*self.0, &mut [0; 8]);
    }
}

impl AsFd for Alarm {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// Watches a folder of device nodes that come, go and change their owner; it may itself not be there yet.
#[derive(Debug)]
pub(super) struct FolderWatch {
    inotify: OwnedFd,
    folder: PathBuf,
    /// The watch lies on the folder itself, not on the one above.
    is_on_folder: bool,
}

impl FolderWatch {
    /// Watches this folder, or until it is made, the one it will be made in.
    ///
    /// # Errors
    /// The user has no inotify instance left.
    pub fn new(folder: &Path) -> io::Result<Self> {
        let inotify = inotify::init(inotify::CreateFlags::CLOEXEC | inotify::CreateFlags::NONBLOCK)?;
        let mut watch = Self { inotify, folder: folder.to_owned(), is_on_folder: false };
        watch.place();
        Ok(watch)
    }

    fn place(&mut self) {
        use inotify::WatchFlags as On;
        let what = On::CREATE | On::ATTRIB | On::DELETE | On::MOVED_TO | On::MOVED_FROM | On::ONLYDIR;
        self.is_on_folder = inotify::add_watch(&self.inotify, &self.folder, what).is_ok();
        if !self.is_on_folder
            && let Some(above) = self.folder.parent()
            && let Err(error) = inotify::add_watch(&self.inotify, above, On::CREATE | On::ONLYDIR)
        {
            tracing::debug!(%error, folder = %above.display(), "cannot be watched");
        }
    }

    /// Forgets what has been told: the folder is to be looked through now.
    pub fn heard(&mut self) {
        let mut buffer = [MaybeUninit::uninit(); 4096];
        let mut is_lost = false;
        let mut reader = inotify::Reader::new(&self.inotify, &mut buffer);
        while let Ok(event) = reader.next() {
            // The folder itself has been removed.
            is_lost |= event.events().contains(inotify::ReadFlags::IGNORED);
        }
        if is_lost || !self.is_on_folder {
            self.place();
        }
    }
}

impl AsFd for FolderWatch {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.inotify.as_fd()
    }
}

/// The kernel's uevents (Documentation/ABI/stable/sysfs-... `uevent`), as it sends them by netlink. They do not
/// reach other network namespaces.
#[derive(Debug)]
pub(super) struct Uevents(OwnedFd);

impl Uevents {
    /// Listens.
    ///
    /// # Errors
    /// The process may not use netlink.
    pub fn new() -> io::Result<Self> {
        let socket = rustix::net::socket_with(
            AddressFamily::NETLINK,
            SocketType::DGRAM,
            SocketFlags::CLOEXEC | SocketFlags::NONBLOCK,
            Some(KOBJECT_UEVENT),
        )?;
        // Group 1 is the kernel's own; udev sends its own in group 2.
        rustix::net::bind(&socket, &SocketAddrNetlink::new(0, 1))?;
        Ok(Self(socket))
    }

    /// Whether anything of this subsystem has changed since it was last asked.
    pub fn has_changed(&self, subsystem: &str) -> bool {
        let mut buffer = [0; 8192];
        let mut has_changed = false;
        loop {
            match rustix::net::recv(&self.0, &mut buffer, RecvFlags::empty()) {
                Ok((_, length)) => {
                    has_changed |= is_about(&buffer[..length.min(buffer.len())], subsystem);
                }
                Err(rustix::io::Errno::INTR) => {}
                // Some were lost: they may have been about it.
                Err(rustix::io::Errno::NOBUFS) => has_changed = true,
                Err(_) => return has_changed,
            }
        }
    }
}

impl AsFd for Uevents {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// `change@/devices/…`, then `KEY=value` each ended by a zero byte.
fn is_about(message: &[u8], subsystem: &str) -> bool {
    message
        .split(|byte| *byte == 0)
        .any(|entry| entry.strip_prefix(b"SUBSYSTEM=") == Some(subsystem.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    const SOON: Duration = Duration::from_secs(5);
    const NOW: Duration = Duration::ZERO;

    fn is_told(file: &impl AsFd, longest: Duration) -> bool {
        wait(&[file.as_fd()], longest).unwrap() == [true]
    }

    #[test]
    fn an_alarm_ends_the_sleep_and_is_silent_once_heard() {
        let alarm = Alarm::new().unwrap();
        assert!(!is_told(&alarm, NOW));
        let other = alarm.clone();
        let began = Instant::now();
        let ringing = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(30));
            other.ring();
            other.ring();
        });
        assert!(is_told(&alarm, SOON) && began.elapsed() >= Duration::from_millis(30));
        ringing.join().unwrap();
        alarm.hush();
        assert!(!is_told(&alarm, NOW));
        alarm.hush();
    }

    #[test]
    fn a_sleep_takes_as_long_as_it_may() {
        let alarm = Alarm::new().unwrap();
        let began = Instant::now();
        assert!(!is_told(&alarm, Duration::from_millis(40)));
        assert!(began.elapsed() >= Duration::from_millis(40));
        assert!(wait(&[], NOW).unwrap().is_empty());
    }

    #[test]
    fn a_folder_that_comes_late_goes_and_comes_again_is_watched() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("dri");
        let mut watch = FolderWatch::new(&folder).unwrap();
        assert!(!is_told(&watch, NOW));
        for round in 0..2 {
            std::fs::create_dir(&folder).unwrap();
            assert!(is_told(&watch, SOON), "made, round {round}");
            watch.heard();
            std::fs::write(folder.join("card0"), "").unwrap();
            assert!(is_told(&watch, SOON), "a node, round {round}");
            watch.heard();
            assert!(!is_told(&watch, NOW), "quiet, round {round}");
            let node = std::fs::File::open(folder.join("card0")).unwrap();
            let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
            node.set_permissions(mode).unwrap();
            assert!(is_told(&watch, SOON), "its owner, round {round}");
            watch.heard();
            std::fs::remove_dir_all(&folder).unwrap();
            assert!(is_told(&watch, SOON), "gone, round {round}");
            watch.heard();
        }
    }

    #[test]
    fn uevents_are_told_apart() {
        let change = b"change@/devices/pci0/drm/card0\0ACTION=change\0SUBSYSTEM=drm\0HOTPLUG=1\0";
        assert!(is_about(change, "drm"));
        assert!(!is_about(change, "input"));
        assert!(!is_about(b"add@/x\0SUBSYSTEM=drm_dp_aux_dev\0", "drm"));
        assert!(!is_about(b"", "drm"));
    }

    #[test]
    fn nothing_was_plugged_while_nobody_plugged_anything() {
        // Where netlink may not be used there is nothing to test: the screen looks by itself then.
        if let Ok(uevents) = Uevents::new() {
            assert!(!uevents.has_changed("no such subsystem"));
        }
    }
}
