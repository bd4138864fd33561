//! From one look at the mount table to the next: which media came, which went.

use std::path::{Path, PathBuf};

use super::super::Mount;
use super::super::volume::{Volume, Volumes};
use crate::MediaEvent;

/// A medium that was reported.
#[derive(Debug)]
struct Known {
    mount: Mount,
    name: String,
    id: String,
    /// The block device it lies on.
    device: Option<(u32, u32)>,
}

/// What was reported so far.
#[derive(Debug)]
pub(super) struct Table {
    roots: Vec<PathBuf>,
    volumes: Volumes,
    known: Vec<Known>,
    /// Mounts whose device was pulled: listed still, and never media again.
    dead: Vec<u32>,
}

impl Table {
    /// Nothing known yet.
    pub fn new(roots: Vec<PathBuf>, volumes: Volumes) -> Self {
        Self { roots, volumes, known: Vec::new(), dead: Vec::new() }
    }

    /// Whether anything can be pulled without the table changing.
    pub fn has_devices(&self) -> bool {
        self.known.iter().any(|known| known.device.is_some())
    }

    /// Takes the mount table as it is now and tells how it changed: what is gone first, so that its name
    /// and identity are free again.
    pub fn changes(&mut self, table: Vec<Mount>) -> Vec<MediaEvent> {
        self.dead.retain(|dead| table.iter().any(|mount| mount.id == *dead));
        let mut mounts = media_below(&self.roots, table);
        mounts.retain(|mount| !self.dead.contains(&mount.id));
        let mut events = Vec::new();
        self.known.retain(|known| {
            let stays = mounts.contains(&known.mount);
            if !stays {
                events.push(MediaEvent::Yanked { name: known.name.clone() });
            }
            stays
        });
        // Of several places of one file system the one that was reported stays, else the one that shows
        // all of it comes first.
        mounts.sort_by_key(|mount| mount.root != Path::new("/"));
        for mount in mounts {
            if self.known.iter().all(|known| !is_same(&known.mount, &mount)) {
                events.push(self.plugged(mount));
            }
        }
        events
    }

    /// Media whose device is gone though the mount table goes on listing them.
    pub fn pulled(&mut self) -> Vec<MediaEvent> {
        let (volumes, dead) = (&self.volumes, &mut self.dead);
        let mut events = Vec::new();
        self.known.retain(|known| {
            let is_there = known.device.is_none_or(|device| volumes.is_there(device));
            if !is_there {
                dead.push(known.mount.id);
                events.push(MediaEvent::Yanked { name: known.name.clone() });
            }
            is_there
        });
        events
    }

    fn plugged(&mut self, mount: Mount) -> MediaEvent {
        let volume = self.volumes.of(&mount);
        let name = free(&shown_name(&mount, &volume), " ", |name| self.known.iter().all(|k| k.name != name));
        let id = free(&volume.id, "#", |id| self.known.iter().all(|known| known.id != id));
        let event = MediaEvent::Plugged { name: name.clone(), path: mount.path.clone(), id: id.clone() };
        // A device the kernel does not list (a container's view of it) cannot be seen to go.
        let device = volume.device.filter(|device| self.volumes.is_there(*device));
        self.known.push(Known { mount, name, id, device });
        event
    }
}

/// The same file system, whatever part of it is mounted wherever.
fn is_same(one: &Mount, other: &Mount) -> bool {
    one.device == other.device && one.source == other.source
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

/// The mount point's own name, which is the label on most systems; where it was made from the device or
/// the UUID, the label.
fn shown_name(mount: &Mount, volume: &Volume) -> String {
    let last = mount.path.file_name().unwrap_or(mount.path.as_os_str()).to_string_lossy().into_owned();
    match &volume.label {
        Some(label) if is_generated(&last, mount, volume) => label.clone(),
        _ => last,
    }
}

fn is_generated(name: &str, mount: &Mount, volume: &Volume) -> bool {
    let is_device = mount.source.file_name().is_some_and(|device| device == name);
    let is_uuid = volume.has_uuid && name.eq_ignore_ascii_case(&volume.id);
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches(['-', '_']);
    is_device || is_uuid || ["usb", "disk", "stick", "card", "sd", "mmc"].contains(&stem)
}

/// The first of `wanted`, `wanted` 2, `wanted` 3… that is free.
fn free(wanted: &str, separator: &str, is_free: impl Fn(&str) -> bool) -> String {
    let numbered = (2..).map(|n| format!("{wanted}{separator}{n}"));
    let mut names = std::iter::once(wanted.to_owned()).chain(numbered);
    names.find(|name| is_free(name)).unwrap_or_else(|| wanted.to_owned())
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
