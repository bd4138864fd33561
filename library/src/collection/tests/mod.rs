//! The collection against its promises.
mod export;
mod file;
mod lists;
mod marks;

use std::path::PathBuf;

use super::*;
use crate::MediumId;
use crate::playlist::{CueFrames, Slice};

fn stick() -> MediumId {
    MediumId::new("1C7E-09AF").unwrap()
}

fn track(name: &str) -> CollectionTrack {
    CollectionTrack {
        medium: stick(),
        relative: PathBuf::from(format!("Music/{name}.mp3")),
        slice: None,
        title: name.to_owned(),
        artist: "A".to_owned(),
        duration_ms: Some(1500),
    }
}

fn tracks(names: impl IntoIterator<Item = usize>) -> Vec<CollectionTrack> {
    names.into_iter().map(|n| track(&n.to_string())).collect()
}

fn empty() -> Collection {
    Collection::in_memory().unwrap()
}

fn titles(collection: &Collection, id: PlaylistId) -> Vec<String> {
    collection.tracks(id).unwrap().into_iter().map(|track| track.title).collect()
}

fn count(collection: &Collection, table: &str) -> u32 {
    collection.connection.query_row(&format!("SELECT count(*) FROM {table}"), (), |row| row.get(0)).unwrap()
}

/// Runs SQL that no call of ours would, to reach bounds in time.
fn forge(collection: &Collection, sql: &str) {
    collection.connection.execute_batch(sql).unwrap();
}
