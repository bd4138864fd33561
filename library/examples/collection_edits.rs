//! Edits a collection without end and says what is durable: for tests that kill it at any moment.
//!
//! `collection_edits FOLDER [EDITS]` opens `FOLDER/collection.db`, checks it and compares it with what the
//! edits so far must have made of it. It prints `state N` (the first N edits are there, and nothing
//! else), then `ack N` for edit N once it is on the disk. Whatever `ack N` was read before the kill, the
//! next `state` must be above N. If the content is anything else, it prints `broken WHY` and fails.
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use library::{Collection, CollectionTrack, EntryId, MediumId, PlayedTrack, PlaylistId, Seek};

/// Rounds whose tracks share a playlist.
const ROUNDS: u64 = 5_000;
/// Rounds after which a track is no favourite any more.
const FAVOURITE_FOR: u64 = 100;
/// Edits of a round: append, favourite, play, move to the front, favourite no longer.
const STEPS: u64 = 5;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let Some(folder) = arguments.next() else { return ExitCode::from(2) };
    let edits = arguments.next().and_then(|text| text.to_str()?.parse().ok()).unwrap_or(u64::MAX);
    run(Path::new(&folder), edits, &mut std::io::stdout())
}

/// Checks, then edits `edits` times.
pub fn run(folder: &Path, edits: u64, out: &mut impl Write) -> ExitCode {
    match work(folder, edits, out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            let _ = writeln!(out, "broken {why}");
            ExitCode::FAILURE
        }
    }
}

fn work(folder: &Path, edits: u64, out: &mut impl Write) -> Result<(), String> {
    let (mut collection, set_aside) = Collection::open(&folder.join("collection.db")).map_err(text)?;
    if let Some(set_aside) = set_aside {
        return Err(format!("set aside: {}", set_aside.why));
    }
    let done = state(&collection)?;
    say(out, "state", done)?;
    for edit in (done..).take(usize::try_from(edits).unwrap_or(usize::MAX)) {
        if edit % STEPS == 4 && edit / STEPS < FAVOURITE_FOR {
            continue;
        }
        apply(&mut collection, edit)?;
        say(out, "ack", edit)?;
    }
    Ok(())
}

fn say(out: &mut impl Write, word: &str, number: u64) -> Result<(), String> {
    writeln!(out, "{word} {number}").and_then(|()| out.flush()).map_err(text)
}

fn apply(collection: &mut Collection, edit: u64) -> Result<(), String> {
    let (round, step) = (edit / STEPS, edit % STEPS);
    let id = playlist(collection, round / ROUNDS)?;
    match step {
        0 => collection.append(id, &[track(round)?]).map(|_| ()),
        1 => collection.set_favourite(&track(round)?, true, 0),
        2 => collection.note_played(&[PlayedTrack { track: track(round)?, unix_s: 0 }]),
        3 => {
            let end = |seek| -> Result<EntryId, String> {
                let page = collection.entries(id, seek, 1).map_err(text)?;
                page.rows.first().map(|row| row.id).ok_or_else(|| "an empty playlist".to_owned())
            };
            let (first, last) = (end(Seek::Start)?, end(Seek::End)?);
            collection.move_entry(id, last, Some(first))
        }
        _ => collection.set_favourite(&track(round - FAVOURITE_FOR)?, false, 0),
    }
    .map_err(text)
}

/// The number of edits that are there; an error if the content is not what exactly these would make.
fn state(collection: &Collection) -> Result<u64, String> {
    collection.check().map_err(text)?;
    let lists = lists(collection)?;
    let rounds: u64 = lists.iter().map(|list| list.len() as u64).sum();
    let Some(round) = rounds.checked_sub(1) else { return Ok(0) };
    let current = track(round)?;
    let favourite = collection.is_favourite(&current).map_err(text)?;
    let played = collection.plays(std::slice::from_ref(&current)).map_err(text)?[0].count == 1;
    let alone = round % ROUNDS == 0;
    let moved = played && !alone && lists.last().and_then(|list| list.first()) == Some(&current.relative);
    let lapsed = match round.checked_sub(FAVOURITE_FOR) {
        Some(old) => moved && !collection.is_favourite(&track(old)?).map_err(text)?,
        None => false,
    };
    let step = 1 + [favourite, played, moved, lapsed].iter().take_while(|&&done| done).count() as u64;
    compare_lists(&lists, round, moved)?;
    compare_favourites(collection, round, favourite, lapsed)?;
    compare_plays(collection, if played { rounds } else { round })?;
    Ok(round * STEPS + step)
}

fn lists(collection: &Collection) -> Result<Vec<Vec<PathBuf>>, String> {
    let mut lists = Vec::new();
    for number in 0.. {
        let Some(id) = find(collection, number)? else { break };
        let tracks = collection.tracks(id).map_err(text)?;
        lists.push(tracks.into_iter().map(|track| track.relative).collect::<Vec<_>>());
    }
    // A playlist is made just before its first entry.
    while lists.last().is_some_and(Vec::is_empty) {
        lists.pop();
    }
    Ok(lists)
}

fn compare_lists(lists: &[Vec<PathBuf>], round: u64, moved: bool) -> Result<(), String> {
    for (number, list) in (0..).zip(lists) {
        let first = number * ROUNDS;
        let last = (first + ROUNDS - 1).min(round);
        let mut expected: Vec<u64> = (first..=last).rev().collect();
        if last == round && !moved {
            expected.rotate_left(1);
        }
        let expected = expected.into_iter().map(|round| Ok(track(round)?.relative));
        if *list != expected.collect::<Result<Vec<_>, String>>()? {
            return Err(format!("playlist {number} is not in the order of its edits"));
        }
    }
    Ok(())
}

fn compare_favourites(collection: &Collection, round: u64, newest: bool, lapsed: bool) -> Result<(), String> {
    let from = (round + u64::from(lapsed)).saturating_sub(FAVOURITE_FOR);
    let expected: Vec<PathBuf> = (from..round + u64::from(newest))
        .rev()
        .map(|round| Ok(track(round)?.relative))
        .collect::<Result<_, String>>()?;
    let page = collection.favourites(Seek::Start, 256).map_err(text)?;
    let found: Vec<PathBuf> = page.rows.into_iter().map(|row| row.track.relative).collect();
    if found == expected { Ok(()) } else { Err("the favourites are not those of the edits".to_owned()) }
}

fn compare_plays(collection: &Collection, rounds: u64) -> Result<(), String> {
    let (mut found, mut seek) = (0, Seek::Start);
    loop {
        let page = collection.all_played(seek, 256).map_err(text)?;
        if page.rows.iter().any(|row| row.plays.count != 1) {
            return Err("a play was counted twice".to_owned());
        }
        found += page.rows.len() as u64;
        match page.rows.last() {
            Some(row) if page.more => seek = Seek::After(row.key),
            _ => break,
        }
    }
    if found == rounds { Ok(()) } else { Err(format!("{found} plays, not {rounds}")) }
}

fn playlist(collection: &mut Collection, number: u64) -> Result<PlaylistId, String> {
    match find(collection, number)? {
        Some(id) => Ok(id),
        None => collection.create_playlist(&name(number)).map_err(text),
    }
}

fn find(collection: &Collection, number: u64) -> Result<Option<PlaylistId>, String> {
    let page = collection.playlists(Seek::Start, 256).map_err(text)?;
    Ok(page.rows.into_iter().find(|row| row.name == name(number)).map(|row| row.id))
}

fn name(number: u64) -> String {
    format!("Edits {number}")
}

fn track(round: u64) -> Result<CollectionTrack, String> {
    Ok(CollectionTrack {
        medium: MediumId::new("edits").ok_or("no identity")?,
        relative: PathBuf::from(format!("edits/{round}.flac")),
        slice: None,
        title: format!("Round {round}"),
        artist: "Edits".to_owned(),
        duration_ms: Some(round),
    })
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
