//! [`TrackInfo`] as bytes. A new field is a new line in each of the two functions.
use super::codec::{Reader, Writer};
use crate::tags::TrackInfo;

/// Most characters of one text.
const MAX_TEXT: usize = 512;

/// Longest piece of music believed, in seconds: a year.
const MAX_SECONDS: f64 = 366.0 * 86_400.0;

pub(super) fn write(to: &mut Writer, info: &TrackInfo) {
    // Taken apart by name, so that a forgotten field does not compile.
    let TrackInfo {
        title,
        artist,
        album,
        album_artist,
        genre,
        composer,
        artist_sort,
        album_artist_sort,
        album_sort,
        title_sort,
        track,
        track_total,
        disc,
        disc_total,
        year,
        compilation,
        duration_s,
        format,
        replaygain_db,
        album_gain_db,
    } = info;
    let texts = [title, artist, album, album_artist, genre, composer, format];
    for text in texts.into_iter().chain([artist_sort, album_artist_sort, album_sort, title_sort]) {
        to.text(text);
    }
    for number in [*track, *track_total, *disc, *disc_total, year.map(u32::from)] {
        to.number(number);
    }
    to.byte(u8::from(*compilation));
    to.byte(u8::from(duration_s.is_some()));
    to.bytes(&duration_s.map(f64::to_le_bytes).unwrap_or_default());
    for gain in [replaygain_db, album_gain_db] {
        to.number(gain.map(f32::to_bits));
    }
}

/// `None` when it is not what [`write`] writes, or nothing a file can say.
pub(super) fn read(from: &mut Reader<'_>) -> Option<TrackInfo> {
    Some(TrackInfo {
        title: from.line(MAX_TEXT)?,
        artist: from.line(MAX_TEXT)?,
        album: from.line(MAX_TEXT)?,
        album_artist: from.line(MAX_TEXT)?,
        genre: from.line(MAX_TEXT)?,
        composer: from.line(MAX_TEXT)?,
        format: from.line(MAX_TEXT)?,
        artist_sort: from.line(MAX_TEXT)?,
        album_artist_sort: from.line(MAX_TEXT)?,
        album_sort: from.line(MAX_TEXT)?,
        title_sort: from.line(MAX_TEXT)?,
        track: from.number()?,
        track_total: from.number()?,
        disc: from.number()?,
        disc_total: from.number()?,
        year: from.number()?.and_then(|year| u16::try_from(year).ok()),
        compilation: from.flag()?,
        duration_s: {
            let known = from.flag()?;
            let seconds = from.f64()?;
            known.then_some(seconds).filter(|seconds| (0.0..MAX_SECONDS).contains(seconds))
        },
        replaygain_db: from.gain()?,
        album_gain_db: from.gain()?,
    })
}

#[cfg(test)]
mod tests {
    use super::{Reader, TrackInfo, Writer, read, write};

    fn sample() -> TrackInfo {
        TrackInfo {
            title: "Title".into(),
            artist: "Künstler".into(),
            album: "x".repeat(512),
            genre: "Jazz".into(),
            composer: "C".into(),
            album_artist: "AA".into(),
            artist_sort: "AS".into(),
            album_artist_sort: "AAS".into(),
            album_sort: "AlS".into(),
            title_sort: "TS".into(),
            track: Some(u32::MAX),
            track_total: Some(12),
            disc: Some(1),
            disc_total: Some(2),
            year: Some(1999),
            compilation: true,
            duration_s: Some(271.5),
            format: "FLAC · 44.1 kHz".into(),
            replaygain_db: Some(-7.25),
            album_gain_db: Some(-6.5),
        }
    }

    fn bytes(info: &TrackInfo) -> Vec<u8> {
        let mut writer = Writer::default();
        write(&mut writer, info);
        writer.0
    }

    #[test]
    fn every_field_survives() {
        for info in [TrackInfo::default(), sample()] {
            let message = bytes(&info);
            let mut reader = Reader::new(&message);
            assert_eq!(read(&mut reader).as_ref(), Some(&info));
            assert_eq!(reader.end(()), Some(()));
        }
    }

    #[test]
    fn every_cut_is_refused() {
        let message = bytes(&sample());
        for end in 0..message.len() {
            assert_eq!(read(&mut Reader::new(&message[..end])), None, "{end}");
        }
    }

    #[test]
    fn impossible_numbers_are_left_out() {
        let silly = TrackInfo { duration_s: Some(-1.0), replaygain_db: Some(f32::NAN), ..sample() };
        let message = bytes(&silly);
        let info = read(&mut Reader::new(&message)).unwrap();
        assert_eq!((info.duration_s, info.replaygain_db), (None, None));
        assert_eq!(info.title, "Title");
    }
}
