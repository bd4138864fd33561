//! Media by the kernel's own mount table: whatever is mounted below `/media` and `/run/media`,
//! whoever mounted it (a udev rule on the appliance, the desktop's volume manager elsewhere).

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

use super::{Mount, parse_mountinfo};
use crate::{MediaEvent, MediaMounts, PartGone};

/// Watches the mount table.
#[derive(Debug)]
pub struct MountinfoMedia {
    table: File,
    roots: Vec<PathBuf>,
    known: Vec<(Mount, String)>,
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
        let table = File::open("/proc/self/mountinfo").map_err(gone)?;
        let roots = roots.into_iter().map(Into::into).collect();
        Ok(Self { table, roots, known: Vec::new(), waiting: VecDeque::new(), is_first: true })
    }

    fn read_table(&mut self) -> io::Result<Vec<Mount>> {
        let mut text = Vec::new();
        self.table.seek(SeekFrom::Start(0))?;
        self.table.read_to_end(&mut text)?;
        Ok(parse_mountinfo(&text))
    }
}

impl MediaMounts for MountinfoMedia {
    fn next(&mut self) -> Result<MediaEvent, PartGone> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Ok(event);
            }
            if !std::mem::take(&mut self.is_first) {
                wait_for_change(&self.table).map_err(gone)?;
            }
            let table = self.read_table().map_err(gone)?;
            let mounts = media_below(&self.roots, table);
            self.waiting.extend(changes(&mut self.known, mounts));
        }
    }
}

fn gone(error: io::Error) -> PartGone {
    PartGone(format!("mount table: {error}"))
}

/// Mounts below the roots: of several at one place the last, which covers the others, and none that
/// lies within another medium.
fn media_below(roots: &[PathBuf], table: Vec<Mount>) -> Vec<Mount> {
    let mut media: Vec<Mount> = Vec::new();
    for mount in table {
        if roots.iter().any(|root| mount.path.starts_with(root) && mount.path != *root) {
            media.retain(|earlier| earlier.path != mount.path);
            media.push(mount);
        }
    }
    let paths: Vec<PathBuf> = media.iter().map(|mount| mount.path.clone()).collect();
    let is_within = |path: &Path| paths.iter().any(|other| path.starts_with(other) && path != other);
    media.retain(|mount| !is_within(&mount.path));
    media
}

/// Brings `known` up to date and tells how: what is gone first, so that a name is free again.
fn changes(known: &mut Vec<(Mount, String)>, mounts: Vec<Mount>) -> Vec<MediaEvent> {
    let mut events = Vec::new();
    known.retain(|(mount, name)| {
        let stays = mounts.contains(mount);
        if !stays {
            events.push(MediaEvent::Yanked { name: name.clone() });
        }
        stays
    });
    for mount in mounts {
        if known.iter().all(|(seen, _)| *seen != mount) {
            let name = free_name(&mount.path, known);
            events.push(MediaEvent::Plugged { name: name.clone(), path: mount.path.clone() });
            known.push((mount, name));
        }
    }
    events
}

/// The mount point's own name (the label, on most systems), numbered if it is taken.
fn free_name(path: &Path, known: &[(Mount, String)]) -> String {
    let label = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let is_free = |name: &String| known.iter().all(|(_, taken)| taken != name);
    let numbered = (2..).map(|n| format!("{label} {n}"));
    std::iter::once(label.clone()).chain(numbered).find(is_free).unwrap_or(label)
}

/// Waits until the kernel says that the table has changed since it was last read.
#[allow(unsafe_code)]
fn wait_for_change(table: &File) -> io::Result<()> {
    let mut entry = libc::pollfd { fd: table.as_raw_fd(), events: libc::POLLPRI, revents: 0 };
    loop {
        // SAFETY: one valid pollfd, and the file stays open for the call.
        let ready = unsafe { libc::poll(&raw mut entry, 1, -1) };
        if ready > 0 {
            return Ok(());
        }
        let error = io::Error::last_os_error();
        if ready < 0 && error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mount(id: u32, path: &str) -> Mount {
        Mount { id, path: path.into(), kind: "vfat".into() }
    }

    fn roots() -> Vec<PathBuf> {
        vec!["/media".into(), "/run/media".into()]
    }

    fn plugged(name: &str, path: &str) -> MediaEvent {
        MediaEvent::Plugged { name: name.into(), path: path.into() }
    }

    fn yanked(name: &str) -> MediaEvent {
        MediaEvent::Yanked { name: name.into() }
    }

    #[test]
    fn only_what_lies_below_the_roots_counts() {
        let table = [
            mount(1, "/"),
            mount(2, "/media"),
            mount(3, "/media/A"),
            mount(4, "/mediatheque/B"),
            mount(5, "/run/media/me/C"),
            mount(6, "/media/A/within"),
            mount(7, "/media/A"),
        ];
        assert_eq!(
            media_below(&roots(), table.to_vec()),
            [mount(5, "/run/media/me/C"), mount(7, "/media/A")]
        );
    }

    #[test]
    fn changes_are_told_once_and_names_are_unique() {
        let mut known = Vec::new();
        let first = vec![mount(1, "/media/A"), mount(2, "/run/media/me/A")];
        let told = changes(&mut known, first.clone());
        assert_eq!(told, [plugged("A", "/media/A"), plugged("A 2", "/run/media/me/A")]);
        assert_eq!(changes(&mut known, first), []);
        assert_eq!(changes(&mut known, vec![mount(2, "/run/media/me/A")]), [yanked("A")]);
        assert_eq!(changes(&mut known, vec![]), [yanked("A 2")]);
    }

    #[test]
    fn another_stick_at_the_same_place_is_another_medium() {
        let mut known = Vec::new();
        changes(&mut known, vec![mount(1, "/media/A")]);
        assert_eq!(changes(&mut known, vec![mount(9, "/media/A")]), [yanked("A"), plugged("A", "/media/A")]);
    }
}
