//! Changes of the owner's collection, and what the driver is told of them.

use library::{
    Collection, CollectionError, CollectionTrack, EntryId, ExportError, IndexReader, MediumId, MediumRoot,
    PlaylistId, Seek, write_playlist,
};

use super::answer::CatalogError;
use super::media::Present;
use crate::state::{Edit, Item};

/// Rows read at a time to find the entry at a place.
const STEP: usize = 256;

/// The collection, and where titles come from.
pub(super) struct Editor<'a> {
    pub collection: &'a mut Collection,
    pub reader: Option<&'a IndexReader>,
    pub media: &'a [Present],
    /// Unix time.
    pub now_s: i64,
}

impl Editor<'_> {
    /// Makes the change; what the driver is told, empty if the screen says it all.
    pub fn edit(&mut self, edit: Edit) -> Result<String, CatalogError> {
        match edit {
            Edit::Favour { items } => self.favour(&items),
            Edit::Create { name, items } => {
                let tracks = self.tracks(&items);
                let playlist = self.collection.create_playlist(&name)?;
                if let Err(error) = self.collection.append(playlist, &tracks) {
                    // A list without what it was made for helps nobody.
                    self.collection.delete_playlist(playlist)?;
                    return Err(error.into());
                }
                Ok(format!("Playlist “{name}” made"))
            }
            Edit::Rename { playlist, name } => {
                self.collection.rename_playlist(PlaylistId(playlist), &name)?;
                Ok(String::new())
            }
            Edit::Delete { playlist } => {
                self.collection.delete_playlist(PlaylistId(playlist))?;
                Ok("Playlist deleted".into())
            }
            Edit::Add { playlist, items } => {
                let tracks = self.tracks(&items);
                self.collection.append(PlaylistId(playlist), &tracks)?;
                let name = self.collection.playlist(PlaylistId(playlist))?.map(|info| info.name);
                Ok(format!("Added to “{}”: {}", name.unwrap_or_default(), counted(tracks.len())))
            }
            Edit::Remove { playlist, entry } => {
                self.collection.remove(PlaylistId(playlist), &[EntryId(entry)])?;
                Ok(String::new())
            }
            Edit::Move { playlist, entry, to } => self.shift(PlaylistId(playlist), EntryId(entry), to),
            Edit::Export { playlist, medium } => self.export(PlaylistId(playlist), &medium),
        }
    }

    fn favour(&mut self, items: &[Item]) -> Result<String, CatalogError> {
        let tracks = self.tracks(items);
        let are = self.collection.are_favourites(&tracks)?;
        let become_favourites = are.contains(&false);
        for (track, is) in tracks.iter().zip(are) {
            if is != become_favourites {
                self.collection.set_favourite(track, become_favourites, self.now_s)?;
            }
        }
        Ok(match (tracks.len(), become_favourites) {
            (1, true) => "Added to the favourites".into(),
            (1, false) => "Taken out of the favourites".into(),
            (count, true) => format!("{} added to the favourites", counted(count)),
            (count, false) => format!("{} taken out of the favourites", counted(count)),
        })
    }

    /// The entry goes before the one that has the place now, seen without the entry itself.
    fn shift(&mut self, playlist: PlaylistId, entry: EntryId, to: usize) -> Result<String, CatalogError> {
        let mut seek = Seek::Start;
        let mut place = 0;
        let before = 'found: loop {
            let page = self.collection.entries(playlist, seek, STEP)?;
            for row in &page.rows {
                if row.id != entry {
                    if place == to {
                        break 'found Some(row.id);
                    }
                    place += 1;
                }
            }
            match page.rows.last() {
                Some(last) if page.more => seek = Seek::After(last.key),
                _ => break None,
            }
        };
        self.collection.move_entry(playlist, entry, before)?;
        Ok(String::new())
    }

    fn export(
        &mut self,
        playlist: PlaylistId,
        medium: &crate::state::Medium,
    ) -> Result<String, CatalogError> {
        let id = MediumId::new(&medium.id).ok_or(CollectionError::BadPlace)?;
        let root = MediumRoot::open(&medium.path).map_err(ExportError::from)?;
        let written = write_playlist(self.collection, playlist, &root, &id, false)?;
        let name = written.path.file_name().map(|name| name.to_string_lossy().into_owned());
        let left_out = match written.left_out {
            0 => String::new(),
            count => format!("; {} on other media left out", counted(count.try_into().unwrap_or(usize::MAX))),
        };
        Ok(format!("“{}” written to “{}”{left_out}", name.unwrap_or_default(), medium.name))
    }

    /// As the collection keeps them, with what the index knows of them.
    fn tracks(&self, items: &[Item]) -> Vec<CollectionTrack> {
        items.iter().filter_map(|item| self.track(item)).collect()
    }

    fn track(&self, item: &Item) -> Option<CollectionTrack> {
        let mut track = collection_track(item)?;
        if track.title.is_empty()
            && let Some(reader) = self.reader
            && let Some(key) = self.media.iter().find(|medium| medium.id == item.medium).and_then(|m| m.key)
            && let Ok(Some(info)) = reader.info(key, &item.relative)
        {
            track.title = info.title;
            track.artist = info.artist;
        }
        Some(track)
    }
}

/// A track as the collection names it; `None` for one that is on no medium.
pub(super) fn collection_track(item: &Item) -> Option<CollectionTrack> {
    let label = item.label.as_deref().cloned().unwrap_or_default();
    Some(CollectionTrack {
        medium: MediumId::new(&item.medium)?,
        relative: item.relative.to_path_buf(),
        slice: item.slice,
        title: label.title,
        artist: label.artist,
        duration_ms: item.slice.and_then(|slice| slice.duration_ms()),
    })
}

fn counted(tracks: usize) -> String {
    if tracks == 1 { "1 track".into() } else { format!("{tracks} tracks") }
}
