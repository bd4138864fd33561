//! A track's row: what lists and details show of a file.
use rusqlite::{Connection, Row, params};

use super::error::IndexError;
use crate::tags::TrackInfo;

/// Stored for a file that is a track.
pub(super) const TRACK: i64 = 0;
/// The place of a track without a number: after those that have one.
const NO_TRACK: i64 = 0xFFFF;
/// Highest disc number kept.
const MAX_DISC: i64 = 0x7FFF;

/// The order in the album.
pub(super) fn place(disc: Option<u32>, track: Option<u32>) -> i64 {
    let disc = disc.map_or(0, |disc| i64::from(disc).min(MAX_DISC));
    (disc << 16) | track.map_or(NO_TRACK, |track| i64::from(track).min(NO_TRACK - 1))
}

/// What the details of a track show and no list does: one letter and its value a line.
///
/// Only what the other columns do not say; `None` for most tracks but their track total.
pub(super) fn pack(
    info: &TrackInfo,
    (title, disc, track): (&str, Option<u32>, Option<u32>),
) -> Option<String> {
    let mut out = String::new();
    let mut line = |letter: char, value: &str| {
        out.push(letter);
        out.push_str(value);
        out.push('\n');
    };
    if info.title != title {
        line('t', &info.title);
    }
    if info.album.is_empty() {
        line('l', "");
    }
    for (letter, tag, stored) in [('d', info.disc, disc), ('n', info.track, track)] {
        if tag != stored || tag.is_some_and(|number| i64::from(number) > MAX_DISC) {
            line(letter, &tag.map(|number| number.to_string()).unwrap_or_default());
        }
    }
    for (letter, total) in [('T', info.track_total), ('D', info.disc_total)] {
        if let Some(total) = total {
            line(letter, &total.to_string());
        }
    }
    for (letter, text) in [
        ('A', &info.album_artist),
        ('s', &info.artist_sort),
        ('S', &info.album_artist_sort),
        ('L', &info.album_sort),
        ('Y', &info.title_sort),
    ] {
        if !text.is_empty() {
            line(letter, text);
        }
    }
    if info.compilation {
        line('C', "");
    }
    if let Some(gain) = info.album_gain_db {
        line('G', &gain.to_string());
    }
    (!out.is_empty()).then_some(out)
}

/// Puts back what [`pack`] wrote.
fn unpack(info: &mut TrackInfo, packed: &str) {
    for line in packed.lines() {
        let mut letters = line.chars();
        let (letter, value) = (letters.next(), letters.as_str());
        match letter {
            Some('t') => value.clone_into(&mut info.title),
            Some('l') => info.album.clear(),
            Some('d') => info.disc = value.parse().ok(),
            Some('n') => info.track = value.parse().ok(),
            Some('T') => info.track_total = value.parse().ok(),
            Some('D') => info.disc_total = value.parse().ok(),
            Some('A') => value.clone_into(&mut info.album_artist),
            Some('s') => value.clone_into(&mut info.artist_sort),
            Some('S') => value.clone_into(&mut info.album_artist_sort),
            Some('L') => value.clone_into(&mut info.album_sort),
            Some('Y') => value.clone_into(&mut info.title_sort),
            Some('C') => info.compilation = true,
            Some('G') => info.album_gain_db = value.parse().ok(),
            _ => {}
        }
    }
}

/// What the tags of a track said, as far as the index keeps it.
pub(super) fn info(
    db: &Connection,
    folder: i64,
    name: &[u8],
    name_sort: &[u8],
) -> Result<Option<TrackInfo>, IndexError> {
    let mut statement = db.prepare_cached(
        "SELECT title, place, year, duration_ms, gain_db, tags,
                (SELECT text FROM name WHERE id = track.artist),
                (SELECT title FROM album WHERE id = track.album),
                (SELECT text FROM name WHERE id = track.genre),
                (SELECT text FROM name WHERE id = track.composer),
                (SELECT text FROM format WHERE id = track.format)
         FROM track WHERE folder = ?1 AND name_sort = ?2 AND name = ?3 AND state = 0",
    )?;
    let mut rows = statement.query(params![folder, name_sort, name])?;
    Ok(rows.next()?.map(read).transpose()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<TrackInfo> {
    let text = |column| row.get::<_, Option<String>>(column).map(Option::unwrap_or_default);
    let place: i64 = row.get::<_, Option<i64>>(1)?.unwrap_or(NO_TRACK);
    let number = |value: i64| u32::try_from(value).ok();
    let mut info = TrackInfo {
        title: text(0)?,
        artist: text(6)?,
        album: text(7)?,
        genre: text(8)?,
        composer: text(9)?,
        format: text(10)?,
        disc: number(place >> 16).filter(|&disc| disc > 0),
        track: number(place & NO_TRACK).filter(|&track| i64::from(track) != NO_TRACK),
        year: row.get(2)?,
        duration_s: row.get::<_, Option<f64>>(3)?.map(|ms| ms / 1000.0),
        replaygain_db: row.get(4)?,
        ..TrackInfo::default()
    };
    unpack(&mut info, &text(5)?);
    Ok(info)
}
