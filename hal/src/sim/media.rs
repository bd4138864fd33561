//! Media as plain folders: those given at the start, and those plugged and yanked by a program.
//!
//! With a folder for links a medium is served through a link of its own, which is there only while the
//! medium is plugged in: below a yanked medium nothing can be opened or listed any more, as below a pulled
//! stick's mount point. What the link cannot show: a file that is open already goes on reading (a pulled
//! stick answers with an I/O error), and so does a handle on the folder itself. Where the system makes no
//! links (Windows without the right to) and without a folder for them, yanking only reports the medium gone.
//! The folder itself is never touched.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};

use crate::sync::lock;
use crate::{MediaEvent, MediaMounts, PartGone, folder_id};

/// The part: reports the folders.
#[derive(Debug)]
pub struct SimMedia {
    events: Receiver<MediaEvent>,
}

/// Plugs and yanks. The part is gone when the last clone is dropped.
#[derive(Clone, Debug)]
pub struct MediaHandle {
    events: Sender<MediaEvent>,
    links: Option<PathBuf>,
    slots: Arc<Mutex<Vec<Slot>>>,
}

/// A medium that is plugged in, or was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Its name while it is plugged in.
    pub name: String,
    /// The folder that plays the medium.
    pub folder: PathBuf,
    /// Where it is served: the folder itself, or a link to it.
    pub path: PathBuf,
    /// Its identity: that of the folder.
    pub id: String,
    /// Whether it is plugged in.
    pub is_plugged: bool,
}

/// Why a folder cannot be plugged in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlugError {
    /// Choose another name.
    #[error("a medium called {0} is plugged in already")]
    NameTaken(String),
    /// It is one medium, and it is there.
    #[error("this folder is plugged in already, as {0}")]
    PluggedAs(String),
    /// Choose a name that is one part of a path.
    #[error("{0:?} is no name for a medium")]
    BadName(String),
}

impl SimMedia {
    /// A handle and the part, with `folders` plugged in already.
    #[must_use]
    pub fn new(folders: impl IntoIterator<Item = PathBuf>) -> (MediaHandle, Self) {
        Self::start(None, folders)
    }

    /// The same, served through links in the folder `links`, which is made, and emptied of the links an
    /// earlier run has left.
    ///
    /// # Errors
    /// The folder cannot be made or read.
    pub fn with_links(
        links: PathBuf,
        folders: impl IntoIterator<Item = PathBuf>,
    ) -> io::Result<(MediaHandle, Self)> {
        fs::create_dir_all(&links)?;
        for entry in fs::read_dir(&links)?.flatten() {
            if entry.file_type().is_ok_and(|kind| kind.is_symlink()) {
                unlink(&entry.path());
            }
        }
        Ok(Self::start(Some(links), folders))
    }

    fn start(links: Option<PathBuf>, folders: impl IntoIterator<Item = PathBuf>) -> (MediaHandle, Self) {
        let (events, receiver) = mpsc::channel();
        let handle = MediaHandle { events, links, slots: Arc::default() };
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
    /// Plugs a folder in and returns its name: the one it had before, else the folder's own, numbered when
    /// that is taken. A folder that is plugged in already keeps its name and is not reported again.
    pub fn plug(&self, folder: impl Into<PathBuf>) -> String {
        let folder = folder.into();
        let (known, name) = self.name_for(&folder);
        if !known && let Ok(event) = self.insert(&name, folder) {
            self.report(event);
        }
        name
    }

    /// Pulls a medium out by its name; false when there is none of that name.
    pub fn yank(&self, name: &str) -> bool {
        let event = self.remove(name);
        let is_gone = event.is_some();
        event.into_iter().for_each(|event| self.report(event));
        is_gone
    }

    /// The name [`Self::plug`] gives a folder, and whether it is plugged in already.
    #[must_use]
    pub fn name_for(&self, folder: &Path) -> (bool, String) {
        let (slots, id) = (lock(&self.slots), folder_id(folder));
        match slots.iter().find(|slot| slot.id == id) {
            Some(slot) if slot.is_plugged => (true, slot.name.clone()),
            Some(slot) if is_free(&slot.name, &slots) => (false, slot.name.clone()),
            _ => (false, free_name(folder, &slots)),
        }
    }

    /// Plugs a folder in under a name, without reporting it: that is left to the caller, who sends the
    /// event by a way of his own and so knows when it has been handled.
    ///
    /// # Errors
    /// The name is taken or is none, or the folder is plugged in under another one.
    pub fn insert(&self, name: &str, folder: impl Into<PathBuf>) -> Result<MediaEvent, PlugError> {
        let folder = folder.into();
        if name.trim().is_empty() || name.contains(['/', '\\', '\0']) || name.starts_with('.') {
            return Err(PlugError::BadName(name.to_owned()));
        }
        let id = folder_id(&folder);
        let mut slots = lock(&self.slots);
        if let Some(slot) = slots.iter().find(|slot| slot.is_plugged && slot.id == id) {
            return Err(PlugError::PluggedAs(slot.name.clone()));
        }
        if !is_free(name, &slots) {
            return Err(PlugError::NameTaken(name.to_owned()));
        }
        let path = self.serve(name, &folder);
        let slot = Slot { name: name.to_owned(), folder, path, id, is_plugged: true };
        let event = slot.plugged();
        match slots.iter_mut().find(|known| known.id == slot.id) {
            Some(known) => *known = slot,
            None => slots.push(slot),
        }
        Ok(event)
    }

    /// Pulls a medium out, without reporting it (see [`Self::insert`]); none when there is none of that
    /// name.
    #[must_use]
    pub fn remove(&self, name: &str) -> Option<MediaEvent> {
        let mut slots = lock(&self.slots);
        let slot = slots.iter_mut().find(|slot| slot.is_plugged && slot.name == name)?;
        slot.is_plugged = false;
        if slot.path != slot.folder {
            unlink(&slot.path);
        }
        Some(MediaEvent::Yanked { name: name.to_owned() })
    }

    /// What is plugged in now, as it was reported.
    #[must_use]
    pub fn plugged(&self) -> Vec<MediaEvent> {
        lock(&self.slots).iter().filter(|slot| slot.is_plugged).map(Slot::plugged).collect()
    }

    /// All media since the start, those that were yanked too, in the order of their first plugging.
    #[must_use]
    pub fn slots(&self) -> Vec<Slot> {
        lock(&self.slots).clone()
    }

    /// Where a path below one of the folders is served, or was before it was yanked; other paths stay as they
    /// are.
    #[must_use]
    pub fn served(&self, path: &Path) -> PathBuf {
        let slots = lock(&self.slots);
        let around = slots.iter().filter(|slot| path.starts_with(&slot.folder));
        let nearest = around.max_by_key(|slot| slot.folder.components().count());
        match nearest.and_then(|slot| Some((slot, path.strip_prefix(&slot.folder).ok()?))) {
            // A join with nothing would leave a separator at the end.
            Some((slot, rest)) if rest.as_os_str().is_empty() => slot.path.clone(),
            Some((slot, rest)) => slot.path.join(rest),
            None => path.to_owned(),
        }
    }

    fn serve(&self, name: &str, folder: &Path) -> PathBuf {
        let Some(link) = self.links.as_ref().map(|links| links.join(name)) else { return folder.to_owned() };
        unlink(&link);
        match make_link(folder, &link) {
            Ok(()) => link,
            Err(error) => {
                tracing::warn!(%error, "no link for {name}: yanking it will only be reported");
                folder.to_owned()
            }
        }
    }

    fn report(&self, event: MediaEvent) {
        // A send that fails means that nobody listens any more: then there is nobody to tell.
        let _ = self.events.send(event);
    }
}

impl Slot {
    fn plugged(&self) -> MediaEvent {
        MediaEvent::Plugged { name: self.name.clone(), path: self.path.clone(), id: self.id.clone() }
    }
}

#[cfg(unix)]
fn make_link(folder: &Path, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(folder, link)
}

#[cfg(windows)]
fn make_link(folder: &Path, link: &Path) -> io::Result<()> {
    std::os::windows::fs::symlink_dir(folder, link)
}

#[cfg(not(any(unix, windows)))]
fn make_link(_folder: &Path, _link: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Removes a link, and nothing but a link.
fn unlink(link: &Path) {
    if fs::symlink_metadata(link).is_ok_and(|meta| meta.is_symlink()) {
        // On Windows a link to a folder goes as a folder does.
        let _ = fs::remove_file(link).or_else(|_| fs::remove_dir(link));
    }
}

fn is_free(name: &str, slots: &[Slot]) -> bool {
    slots.iter().all(|slot| !slot.is_plugged || slot.name != name)
}

fn free_name(path: &Path, slots: &[Slot]) -> String {
    let stem = path
        .file_name()
        .map_or_else(|| "Medium".to_owned(), |name| name.to_string_lossy().replace(['/', '\\'], "_"));
    let stem = if stem.starts_with('.') { stem.replacen('.', "_", 1) } else { stem };
    if is_free(&stem, slots) {
        return stem;
    }
    (2..).map(|n| format!("{stem} {n}")).find(|name| is_free(name, slots)).unwrap_or(stem)
}

#[cfg(test)]
#[path = "media_tests.rs"]
mod tests;
