//! From what a playlist says to tracks of the medium it lies on.
//!
//! Names are looked up in listings of folders that were opened beneath the medium's root; the result
//! names nothing outside it. Whoever plays a track opens it beneath the root again: a link swapped since
//! leads nowhere.
mod folders;
mod spelling;

use std::path::{Path, PathBuf};

use self::folders::Folders;
use self::spelling::{Spelt, join, readings};
use super::model::{MAX_ENTRIES, PlaylistEntry, PlaylistFile};
use super::{PlaylistKind, TrackRef};
use crate::beneath::MediumRoot;
use crate::error::LibraryError;
use crate::extensions::is_track;
use crate::worker::Worker;

/// A list may name a list that names a list; further ones are not read.
const MAX_DEPTH: usize = 3;

/// Most playlists read for one: each costs a trip to the worker.
const MAX_LISTS: usize = 256;

/// Names of missing entries kept for a message.
const MAX_NAMED: usize = 5;

/// Most ends of an absolute path tried.
const MAX_SUFFIXES: usize = 32;

/// A playlist ready to play.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResolvedPlaylist {
    /// The playlist's own name; of a cue sheet, the album's.
    pub title: Option<String>,
    /// Who made it; of a cue sheet, the album's artist.
    pub artist: Option<String>,
    /// In playing order; at most 10,000.
    pub entries: Vec<ResolvedEntry>,
    /// Entries that name something on the network or elsewhere.
    pub skipped: u32,
    /// Entries that are not on the medium, or are no music this unit plays.
    pub missing: u32,
    /// The names of the first five of them, as written.
    pub first_missing: Vec<String>,
    /// Whether entries were left out because there are too many.
    pub truncated: bool,
}

/// A track of a playlist, with what the playlist says of it.
#[derive(Clone, Debug, PartialEq)]
pub struct ResolvedEntry {
    /// What plays.
    pub track: TrackRef,
    /// Title, where the playlist names one.
    pub title: Option<String>,
    /// Artist, likewise.
    pub artist: Option<String>,
    /// Album (cue sheets).
    pub album: Option<String>,
    /// Composer (cue sheets).
    pub composer: Option<String>,
    /// Genre (cue sheets).
    pub genre: Option<String>,
    /// Year (cue sheets).
    pub year: Option<u16>,
    /// Disc number (cue sheets).
    pub disc: Option<u32>,
    /// Track number (cue sheets, XSPF).
    pub number: Option<u32>,
    /// Milliseconds, where stated.
    pub duration_ms: Option<u64>,
    /// ReplayGain of the track in dB (cue sheets).
    pub gain_db: Option<f32>,
    /// ReplayGain of the album in dB (cue sheets).
    pub album_gain_db: Option<f32>,
}

/// Reads the playlist at `path`, below the medium's root, in the worker, and finds its tracks: see
/// [`resolve_playlist_with`].
///
/// # Errors
/// The playlist itself cannot be read.
pub fn resolve_playlist(
    worker: &mut Worker,
    medium: &MediumRoot,
    path: &Path,
) -> Result<ResolvedPlaylist, LibraryError> {
    resolve_playlist_with(&mut |path| worker.read_playlist(medium, path), medium, path)
}

/// Finds the tracks of the playlist at `path`, below the medium's root; `read` reads a playlist given its
/// path relative to the root, in the worker.
///
/// Relative paths count from the playlist's folder. Absolute ones were written on another machine: the
/// longest end of theirs that exists counts, from the root or from the playlist's folder. `\` separates
/// too, wrong case and other spellings of accents are put right, and a file that is there in another
/// format only (`a.wav` as `a.flac`) is taken. Lists in lists are followed three deep; one that leads back
/// to itself is left out. What cannot be found is counted, not an error.
///
/// # Errors
/// The playlist itself cannot be read.
pub fn resolve_playlist_with(
    read: &mut dyn FnMut(&Path) -> Result<PlaylistFile, LibraryError>,
    medium: &MediumRoot,
    path: &Path,
) -> Result<ResolvedPlaylist, LibraryError> {
    let relative = medium.relative(path)?.to_owned();
    let file = read(&relative)?;
    let (title, artist) = (file.title.clone(), file.artist.clone());
    let mut resolver = Resolver {
        read,
        root: medium.root(),
        folders: Folders::new(medium),
        open: vec![relative.clone()],
        lists: 1,
        found: ResolvedPlaylist { title, artist, ..ResolvedPlaylist::default() },
    };
    resolver.list(&relative, file);
    Ok(resolver.found)
}

struct Resolver<'a> {
    read: &'a mut dyn FnMut(&Path) -> Result<PlaylistFile, LibraryError>,
    root: &'a Path,
    folders: Folders<'a>,
    /// The lists being read, the outermost first.
    open: Vec<PathBuf>,
    lists: usize,
    found: ResolvedPlaylist,
}

impl<'a> Resolver<'a> {
    fn list(&mut self, path: &Path, mut file: PlaylistFile) {
        let base = names_of(path.parent().unwrap_or(Path::new("")));
        self.found.skipped = self.found.skipped.saturating_add(file.skipped);
        self.found.truncated |= file.truncated;
        let entries = std::mem::take(&mut file.entries);
        let is_album = PlaylistKind::of(path) == Some(PlaylistKind::Cue);
        let own = (is_album && of_one_file(&entries)).then_some(path);
        let mut last: Option<(String, Option<PathBuf>)> = None;
        for entry in entries {
            if self.found.entries.len() >= MAX_ENTRIES || self.folders.exhausted() {
                self.found.truncated = true;
                return;
            }
            // A cue sheet names one file for all of its tracks.
            let target = match &last {
                Some((location, target)) if *location == entry.location => target.clone(),
                _ => self.find(&base, &entry.location).or_else(|| self.beside(own?)),
            };
            last = Some((entry.location.clone(), target.clone()));
            self.entry(&file, is_album, entry, target);
        }
    }

    fn entry(&mut self, file: &PlaylistFile, is_album: bool, entry: PlaylistEntry, target: Option<PathBuf>) {
        match target {
            Some(path) if is_track(&path) => {
                let entry = resolved(file, is_album, entry, self.root.join(path));
                self.found.entries.push(entry);
            }
            Some(path) if PlaylistKind::of(&path).is_some() => {
                if !self.open.contains(&path) && !self.nested(&path) {
                    self.missing(&entry.location);
                }
            }
            _ => self.missing(&entry.location),
        }
    }

    /// Reads a list that a list names; whether it could be.
    fn nested(&mut self, path: &Path) -> bool {
        if self.open.len() >= MAX_DEPTH || self.lists >= MAX_LISTS {
            return false;
        }
        self.lists += 1;
        let Ok(file) = (self.read)(path) else { return false };
        self.open.push(path.to_owned());
        self.list(path, file);
        self.open.pop();
        true
    }

    fn missing(&mut self, location: &str) {
        self.found.missing = self.found.missing.saturating_add(1);
        if self.found.first_missing.len() < MAX_NAMED {
            let name = location.rsplit(['/', '\\']).find(|name| !name.is_empty()).unwrap_or(location);
            self.found.first_missing.extend(super::builder::shown(name));
        }
    }

    fn find(&mut self, base: &[String], location: &str) -> Option<PathBuf> {
        let readings = readings(location);
        let exact = readings.iter().find_map(|spelt| self.follow(base, spelt, Folders::file));
        if exact.is_some() || PlaylistKind::of(Path::new(location)).is_some() {
            return exact;
        }
        readings.iter().find_map(|spelt| self.follow(base, spelt, Folders::other_format))
    }

    fn follow(
        &mut self,
        base: &[String],
        spelt: &Spelt,
        look: impl Fn(&mut Folders<'a>, &[String]) -> Option<PathBuf>,
    ) -> Option<PathBuf> {
        if !spelt.absolute {
            return look(&mut self.folders, &join(base, &spelt.names)?);
        }
        // What the writer's root was is unknown: the longest end that exists is the likeliest.
        let names = join(&[], &spelt.names)?;
        let first = names.len().saturating_sub(MAX_SUFFIXES).max(1);
        std::iter::once(0).chain(first..names.len()).find_map(|from| {
            let end = &names[from..];
            look(&mut self.folders, end).or_else(|| look(&mut self.folders, &join(base, end)?))
        })
    }

    /// The track a cue sheet stands beside: `album.cue` or `album.flac.cue` beside `album.flac`.
    fn beside(&mut self, cue: &Path) -> Option<PathBuf> {
        let names = names_of(&cue.with_extension(""));
        self.folders.file(&names).filter(|path| is_track(path)).or_else(|| {
            let names = names_of(cue);
            self.folders.other_format(&names)
        })
    }
}

/// Names from the root. Those that are no UTF-8 are looked up by what they look like.
fn names_of(path: &Path) -> Vec<String> {
    let name = |name: &std::ffi::OsStr| super::text::decode(name.as_encoded_bytes(), None).into_owned();
    path.iter().map(name).collect()
}

fn of_one_file(entries: &[PlaylistEntry]) -> bool {
    entries.windows(2).all(|pair| pair[0].location == pair[1].location)
}

fn resolved(file: &PlaylistFile, is_album: bool, entry: PlaylistEntry, path: PathBuf) -> ResolvedEntry {
    // Only a cue sheet's title is the album's; an M3U's is just the name of the list.
    let album = if is_album { file.title.clone() } else { None };
    ResolvedEntry {
        track: TrackRef { path, slice: entry.slice },
        title: entry.title,
        artist: entry.artist,
        album,
        composer: entry.composer,
        genre: file.genre.clone(),
        year: file.year,
        disc: file.disc,
        number: entry.number,
        duration_ms: entry.duration_ms,
        gain_db: entry.gain_db,
        album_gain_db: file.album_gain_db,
    }
}

#[cfg(test)]
mod tests;
