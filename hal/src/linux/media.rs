//! Media by the kernel's own mount table: whatever is mounted below `/media` and `/run/media`,
//! whoever mounted it (a udev rule on the appliance, the desktop's volume manager elsewhere).
//!
//! A stick that is pulled without a word stays in the table until somebody unmounts it, so the devices
//! themselves are looked at too: four times a second, while there are any, for their entry in `/sys`.
//! The kernel removes that entry at once, whether or not udev runs, in every container and network
//! namespace; its uevents by netlink say the same sooner, but not there, and by then the music's next
//! read has failed anyway. Unmounting what is left is the system's business.

mod table;

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::fd::AsRawFd;
use std::path::PathBuf;
use std::time::Duration;

use self::table::Table;
use super::parse_mountinfo;
use super::volume::Volumes;
use crate::{MediaEvent, MediaMounts, PartGone};

/// How soon a pulled device is noticed.
const LOOK: Duration = Duration::from_millis(250);

/// Watches the mount table.
#[derive(Debug)]
pub struct MountinfoMedia {
    file: File,
    table: Table,
    waiting: VecDeque<MediaEvent>,
    is_first: bool,
}

impl MountinfoMedia {
    /// Watches `/media` and `/run/media`.
    ///
    /// # Errors
    /// There is no mount table to read.
    pub fn open() -> Result<Self, PartGone> {
        Self::below(["/media", "/run/media"])
    }

    /// Watches what is mounted below these folders, the folders themselves excepted.
    ///
    /// # Errors
    /// There is no mount table to read.
    pub fn below<P: Into<PathBuf>>(roots: impl IntoIterator<Item = P>) -> Result<Self, PartGone> {
        let file = File::open("/proc/self/mountinfo").map_err(gone)?;
        let roots = roots.into_iter().map(Into::into).collect();
        let table = Table::new(roots, Volumes::default());
        Ok(Self { file, table, waiting: VecDeque::new(), is_first: true })
    }

    fn read_table(&mut self) -> io::Result<()> {
        let mut text = Vec::new();
        self.file.seek(SeekFrom::Start(0))?;
        self.file.read_to_end(&mut text)?;
        self.waiting.extend(self.table.changes(parse_mountinfo(&text)));
        Ok(())
    }
}

impl MediaMounts for MountinfoMedia {
    fn next(&mut self) -> Result<MediaEvent, PartGone> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Ok(event);
            }
            let is_changed = std::mem::take(&mut self.is_first)
                || wait_for_change(&self.file, self.table.has_devices().then_some(LOOK)).map_err(gone)?;
            if is_changed {
                self.read_table().map_err(gone)?;
            }
            self.waiting.extend(self.table.pulled());
        }
    }
}

fn gone(error: io::Error) -> PartGone {
    PartGone(format!("mount table: {error}"))
}

/// Waits until the kernel says that the table has changed since it was last read; false when `longest`
/// passed first.
#[allow(unsafe_code)]
fn wait_for_change(table: &File, longest: Option<Duration>) -> io::Result<bool> {
    let mut entry = libc::pollfd { fd: table.as_raw_fd(), events: libc::POLLPRI, revents: 0 };
    let millis = longest.map_or(-1, |time| i32::try_from(time.as_millis()).unwrap_or(i32::MAX));
    loop {
        // SAFETY: one valid pollfd, and the file stays open for the call.
        let ready = unsafe { libc::poll(&raw mut entry, 1, millis) };
        if ready >= 0 {
            return Ok(ready > 0);
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
}
