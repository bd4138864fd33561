//! AAC in MP4 (ISO/IEC 14496-12 and -14) with the item list of iTunes.

use super::collection::{Album, Track};

/// A frame of AAC-LC, 44.1 kHz, stereo, silent.
const SILENCE: [u8; 6] = [0x21, 0x10, 0x04, 0x60, 0x8c, 0x1c];
const FRAMES: u32 = 4;
/// Decoder configuration: MPEG-4 audio, AAC-LC, 44.1 kHz, stereo.
const ESDS: [u8; 31] = [
    0, 0, 0, 0, 3, 25, 0, 1, 0, 4, 17, 0x40, 0x15, 0, 0, 0, 0, 1, 0xf4, 0, 0, 1, 0xf4, 0, 5, 2, 0x12, 0x10,
    6, 1, 2,
];

/// The whole file.
pub fn encode(album: &Album, track: &Track) -> Vec<u8> {
    let kind = atom(b"ftyp", b"M4A \x00\x00\x02\x00M4A mp42isom");
    // The table of offsets is as long whatever is in it, so the movie is built twice.
    let length = kind.len() + movie(album, track, 0).len();
    let data: Vec<u8> = (0..FRAMES).flat_map(|_| SILENCE).collect();
    [kind, movie(album, track, length as u32 + 8), atom(b"mdat", &data)].concat()
}

fn atom(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&(body.len() as u32 + 8).to_be_bytes(), name.as_slice(), body].concat()
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

fn movie(album: &Album, track: &Track, data_at: u32) -> Vec<u8> {
    const UNITY: [u32; 9] = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000];
    let ms = track.seconds * 1000;
    let mvhd = [
        words(&[0, 0, 0, 1000, ms, 0x1_0000, 0x0100_0000, 0, 0]),
        words(&UNITY),
        words(&[0, 0, 0, 0, 0, 0, 2]),
    ];
    let tkhd = [words(&[7, 0, 0, 1, 0, ms, 0, 0, 0, 0x0100_0000]), words(&UNITY), words(&[0, 0])];
    let mdhd = words(&[0, 0, 0, 44_100, track.seconds * 44_100, 0x55c4_0000]);
    let hdlr = [words(&[0, 0]), b"soun".to_vec(), words(&[0, 0, 0]), vec![0]].concat();
    let dinf = atom(b"dinf", &atom(b"dref", &[words(&[0, 1]), atom(b"url ", &words(&[1]))].concat()));
    let minf = [atom(b"smhd", &words(&[0, 0])), dinf, atom(b"stbl", &samples(data_at))].concat();
    let mdia = [atom(b"mdhd", &mdhd), atom(b"hdlr", &hdlr), atom(b"minf", &minf)].concat();
    let trak = [atom(b"tkhd", &tkhd.concat()), atom(b"mdia", &mdia)].concat();
    atom(b"moov", &[atom(b"mvhd", &mvhd.concat()), atom(b"trak", &trak), user_data(album, track)].concat())
}

fn samples(data_at: u32) -> Vec<u8> {
    let entry =
        [words(&[0, 1, 0, 0, 0x0002_0010, 0, 44_100 << 16]), atom(b"esds", ESDS.get(..31).unwrap_or(&ESDS))];
    let stsd = [words(&[0, 1]), atom(b"mp4a", &entry.concat())].concat();
    [
        atom(b"stsd", &stsd),
        atom(b"stts", &words(&[0, 1, FRAMES, 1024])),
        atom(b"stsc", &words(&[0, 1, 1, FRAMES, 1])),
        atom(b"stsz", &words(&[0, SILENCE.len() as u32, FRAMES])),
        atom(b"stco", &words(&[0, 1, data_at])),
    ]
    .concat()
}

fn user_data(album: &Album, track: &Track) -> Vec<u8> {
    let text = |name: &[u8; 4], value: &str| item(name, 1, value.as_bytes());
    let pair =
        |name: &[u8; 4], number: usize, of: usize| item(name, 0, &words(&[number as u32, (of as u32) << 16]));
    let mut list = [
        text(b"\xa9nam", &track.title),
        text(b"\xa9ART", &track.artist),
        text(b"aART", &album.artist),
        text(b"\xa9alb", &album.title),
        text(b"\xa9day", &album.year.to_string()),
        text(b"\xa9gen", album.genre),
        pair(b"trkn", track.number, track.of),
    ]
    .concat();
    if album.discs > 1 {
        list.extend(pair(b"disk", track.disc, album.discs));
    }
    if album.compilation {
        list.extend(item(b"cpil", 21, &[1]));
    }
    if !track.composer.is_empty() {
        list.extend(text(b"\xa9wrt", &track.composer));
    }
    let hdlr = [words(&[0, 0]), b"mdirappl".to_vec(), words(&[0, 0]), vec![0]].concat();
    let meta = [words(&[0]), atom(b"hdlr", &hdlr), atom(b"ilst", &list)].concat();
    atom(b"udta", &atom(b"meta", &meta))
}

fn item(name: &[u8; 4], kind: u32, value: &[u8]) -> Vec<u8> {
    atom(name, &atom(b"data", &[words(&[kind, 0]), value.to_vec()].concat()))
}
