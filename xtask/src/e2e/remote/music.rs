//! The music of the browser's journeys: real pieces as a tagged album, the demo album with its cover, and
//! enough small files that lists are long.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::e2e::{encode, encode::Codec, real_music};
use crate::{demo, music_tree, process};

/// Tagged files beside the real music: more than a page of any list.
const FILES: usize = 400;

/// The folders to be plugged in, made once.
///
/// # Errors
/// If a tool fails.
pub fn prepare(target: &Path) -> Result<Vec<PathBuf>> {
    let (album, stick) = (target.join("demo-music"), target.join("remote-stick"));
    demo::ensure(&album)?;
    let ready = stick.join(".ready");
    if !ready.exists() {
        music_tree::ensure(&stick, FILES)?;
        album_of_pieces(&stick)?;
        std::fs::write(ready, "")?;
    }
    Ok(vec![album, stick])
}

/// Four tracks of a hundred seconds each, with accents in their tags.
fn album_of_pieces(stick: &Path) -> Result<()> {
    let album = stick.join("The Travellers/Long Roads");
    std::fs::create_dir_all(&album)?;
    for number in 0..4 {
        let wav = stick.with_file_name("remote-piece.wav");
        encode::convert(&real_music::piece(number % 2)?, &wav, 2, 44_100, 16)?;
        let file = album.join(format!("{:02} Road {}.flac", number + 1, number + 1));
        Codec::Flac(16).encode(&wav, &file)?;
        let tags = [
            format!("TITLE=Röad Number {}", number + 1),
            "ARTIST=The Travellers".to_owned(),
            "ALBUM=Long Roads".to_owned(),
            "DATE=2019".to_owned(),
            format!("TRACKNUMBER={}", number + 1),
        ];
        let tags = tags.map(|tag| format!("--set-tag={tag}"));
        process::output(Command::new("metaflac").args(tags).arg(&file))?;
    }
    Ok(())
}
