//! Songs, folders and playlists as lines.

use super::out::Out;
use super::tag::{Tag, TagSet};
use super::uri::Media;
use crate::songs::{QueueSong, Song};

/// A song with the tags the client wants to see.
pub(super) fn song(out: &mut Out, media: &Media, tags: TagSet, song: &Song) {
    out.pair("file", media.uri_of(&song.item));
    if let Some(slice) = song.item.slice {
        let end = slice.end.map(|end| format!("{:.3}", end.as_secs_f64())).unwrap_or_default();
        out.pair("Range", format_args!("{:.3}-{end}", slice.start.as_secs_f64()));
    }
    for tag in Tag::ALL.into_iter().filter(|tag| tags.has(*tag)) {
        if let Some(text) = tag.of(song).filter(|text| !text.is_empty()) {
            out.pair(tag.name(), text);
        }
    }
    if let Some(seconds) = seconds(song) {
        out.pair("Time", seconds.round());
        out.pair("duration", format_args!("{seconds:.3}"));
    }
}

/// The song's length, where it is known.
pub(super) fn seconds(song: &Song) -> Option<f64> {
    song.duration_ms.map(|ms| ms as f64 / 1000.0)
}

/// An entry of the queue.
pub(super) fn entry(out: &mut Out, media: &Media, tags: TagSet, entry: &QueueSong) {
    song(out, media, tags, &entry.song);
    out.pair("Pos", entry.place);
    out.pair("Id", entry.key);
}
