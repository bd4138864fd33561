//! Media as plain folders: those given at the start, and those plugged and yanked by a program.
//! Yanking reports the medium gone; the folder itself is left alone.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};

use crate::sync::lock;
use crate::{MediaEvent, MediaMounts, PartGone};

/// The part: reports the folders.
#[derive(Debug)]
pub struct SimMedia {
    events: Receiver<MediaEvent>,
}

/// Plugs and yanks. The part is gone when the last clone is dropped.
#[derive(Clone, Debug)]
pub struct MediaHandle {
    events: Sender<MediaEvent>,
    plugged: Arc<Mutex<Vec<(String, PathBuf)>>>,
}

impl SimMedia {
    /// A handle and the part, with `folders` plugged in already.
    #[must_use]
    pub fn new(folders: impl IntoIterator<Item = PathBuf>) -> (MediaHandle, Self) {
        let (sender, receiver) = mpsc::channel();
        let handle = MediaHandle { events: sender, plugged: Arc::default() };
        for folder in folders {
            handle.plug(folder);
        }
        (handle, Self { events: receiver })
    }
}

impl MediaMounts for SimMedia {
    fn next(&mut self) -> Result<MediaEvent, PartGone> {
        self.events.recv().map_err(|_| PartGone("simulated media".into()))
    }
}

impl MediaHandle {
    /// Plugs a folder in and returns its name: the folder's own, numbered when that is taken.
    /// A folder that is plugged already keeps its name and is not reported again.
    pub fn plug(&self, path: impl Into<PathBuf>) -> String {
        let path = path.into();
        let mut plugged = lock(&self.plugged);
        if let Some((name, _)) = plugged.iter().find(|(_, known)| *known == path) {
            return name.clone();
        }
        let name = free_name(&path, &plugged);
        plugged.push((name.clone(), path.clone()));
        // A send that fails means that nobody listens any more: then there is nobody to tell.
        let _ = self.events.send(MediaEvent::Plugged { name: name.clone(), path });
        name
    }

    /// Pulls a medium out by its name; false when there is none of that name.
    pub fn yank(&self, name: &str) -> bool {
        let mut plugged = lock(&self.plugged);
        let Some(at) = plugged.iter().position(|(known, _)| known == name) else {
            return false;
        };
        plugged.remove(at);
        let _ = self.events.send(MediaEvent::Yanked { name: name.to_owned() });
        true
    }

    /// What is plugged in now: name and folder.
    #[must_use]
    pub fn plugged(&self) -> Vec<(String, PathBuf)> {
        lock(&self.plugged).clone()
    }
}

fn free_name(path: &Path, taken: &[(String, PathBuf)]) -> String {
    let stem = path
        .file_name()
        .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    let is_free = |name: &str| taken.iter().all(|(known, _)| known != name);
    if is_free(&stem) {
        return stem;
    }
    (2..).map(|n| format!("{stem} {n}")).find(|name| is_free(name)).unwrap_or(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plugged(name: &str, path: &str) -> Result<MediaEvent, PartGone> {
        Ok(MediaEvent::Plugged { name: name.into(), path: path.into() })
    }

    #[test]
    fn initial_folders_come_first_then_changes() {
        let (hand, mut media) = SimMedia::new([PathBuf::from("/a/Music"), PathBuf::from("/b/Music")]);
        assert_eq!(hand.plug("/media/STICK"), "STICK");
        assert!(hand.yank("Music 2"));
        assert!(!hand.yank("Music 2"));
        assert_eq!(media.next(), plugged("Music", "/a/Music"));
        assert_eq!(media.next(), plugged("Music 2", "/b/Music"));
        assert_eq!(media.next(), plugged("STICK", "/media/STICK"));
        assert_eq!(media.next(), Ok(MediaEvent::Yanked { name: "Music 2".into() }));
        assert_eq!(hand.plugged().len(), 2);
        drop(hand);
        assert!(media.next().is_err());
    }

    #[test]
    fn the_same_folder_is_plugged_once() {
        let (hand, mut media) = SimMedia::new([PathBuf::from("/a/Music")]);
        assert_eq!(hand.plug("/a/Music"), "Music");
        drop(hand);
        assert_eq!(media.next(), plugged("Music", "/a/Music"));
        assert!(media.next().is_err());
    }
}
