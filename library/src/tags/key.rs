//! What tags call the fields of interest.

/// A field of interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Title,
    Artist,
    Album,
    AlbumArtist,
    /// The same by a less usual name, which often stands beside the usual one.
    OtherAlbumArtist,
    /// `3` or `3/12`.
    Track,
    TrackTotal,
    /// `1` or `1/2`.
    Disc,
    DiscTotal,
    /// When it was recorded, which is what players show.
    Date,
    /// When this edition came out.
    ReleaseDate,
    /// When the first edition came out.
    OriginalDate,
    Genre,
    Composer,
    Compilation,
    ArtistSort,
    AlbumArtistSort,
    AlbumSort,
    TitleSort,
    /// ReplayGain in dB.
    TrackGain,
    AlbumGain,
    /// RFC 7845: 1/256 dB relative to -23 LUFS.
    R128TrackGain,
    R128AlbumGain,
}

/// Longest name spelled out below.
const LONGEST: usize = 21;

/// By the names in words that Vorbis comments, APE items, and the free fields of ID3v2 and MP4 share.
pub(super) fn by_name(name: &[u8]) -> Option<Key> {
    let mut upper = [0; LONGEST];
    let upper = upper.get_mut(..name.len())?;
    upper.copy_from_slice(name);
    upper.make_ascii_uppercase();
    Some(match &*upper {
        b"TITLE" => Key::Title,
        b"ARTIST" => Key::Artist,
        b"ALBUM" => Key::Album,
        b"ALBUMARTIST" => Key::AlbumArtist,
        b"ALBUM ARTIST" | b"ALBUM_ARTIST" => Key::OtherAlbumArtist,
        b"TRACKNUMBER" | b"TRACK" | b"TRACKNUM" => Key::Track,
        b"TRACKTOTAL" | b"TOTALTRACKS" => Key::TrackTotal,
        b"DISCNUMBER" | b"DISC" | b"DISKNUMBER" | b"DISCNUM" => Key::Disc,
        b"DISCTOTAL" | b"TOTALDISCS" => Key::DiscTotal,
        b"DATE" | b"YEAR" => Key::Date,
        b"RELEASEDATE" | b"RELEASEYEAR" => Key::ReleaseDate,
        b"ORIGINALDATE" | b"ORIGINALYEAR" => Key::OriginalDate,
        b"GENRE" => Key::Genre,
        b"COMPOSER" => Key::Composer,
        b"COMPILATION" | b"ITUNESCOMPILATION" => Key::Compilation,
        b"ARTISTSORT" => Key::ArtistSort,
        b"ALBUMARTISTSORT" => Key::AlbumArtistSort,
        b"ALBUMSORT" => Key::AlbumSort,
        b"TITLESORT" => Key::TitleSort,
        b"REPLAYGAIN_TRACK_GAIN" => Key::TrackGain,
        b"REPLAYGAIN_ALBUM_GAIN" => Key::AlbumGain,
        b"R128_TRACK_GAIN" => Key::R128TrackGain,
        b"R128_ALBUM_GAIN" => Key::R128AlbumGain,
        _ => return None,
    })
}

/// By the frame's id in ID3v2.3 and 2.4, and by the three letters of 2.2.
///
/// `TS2`, `TSP`, `TSA`, `TST`, `TCP` and their long forms `TSO2`, `TCMP` are Apple's; the `X` forms are what
/// 2.3 calls what 2.4 then took up.
pub(super) fn by_id3_frame(id: &[u8]) -> Option<Key> {
    Some(match id {
        b"TIT2" | b"TT2" => Key::Title,
        b"TPE1" | b"TP1" => Key::Artist,
        b"TALB" | b"TAL" => Key::Album,
        b"TPE2" | b"TP2" => Key::AlbumArtist,
        b"TRCK" | b"TRK" => Key::Track,
        b"TPOS" | b"TPA" => Key::Disc,
        b"TDRC" | b"TYER" | b"TYE" => Key::Date,
        b"TDRL" => Key::ReleaseDate,
        b"TDOR" | b"TORY" | b"TOR" => Key::OriginalDate,
        b"TCON" | b"TCO" => Key::Genre,
        b"TCOM" | b"TCM" => Key::Composer,
        b"TCMP" | b"TCP" => Key::Compilation,
        b"TSOP" | b"XSOP" | b"TSP" => Key::ArtistSort,
        b"TSO2" | b"TS2" => Key::AlbumArtistSort,
        b"TSOA" | b"XSOA" | b"TSA" => Key::AlbumSort,
        b"TSOT" | b"XSOT" | b"TST" => Key::TitleSort,
        _ => return None,
    })
}

/// By the type of an item in an MP4 file's `ilst`, whose values are text.
pub(super) fn by_mp4_item(kind: &[u8; 4]) -> Option<Key> {
    Some(match kind {
        b"\xa9nam" => Key::Title,
        b"\xa9ART" => Key::Artist,
        b"\xa9alb" => Key::Album,
        b"aART" => Key::AlbumArtist,
        b"\xa9day" => Key::Date,
        b"\xa9gen" => Key::Genre,
        b"\xa9wrt" => Key::Composer,
        b"soar" => Key::ArtistSort,
        b"soaa" => Key::AlbumArtistSort,
        b"soal" => Key::AlbumSort,
        b"sonm" => Key::TitleSort,
        _ => return None,
    })
}

/// By the type of a chunk in a RIFF `INFO` list.
pub(super) fn by_riff_chunk(id: [u8; 4]) -> Option<Key> {
    Some(match &id {
        b"INAM" => Key::Title,
        b"IART" => Key::Artist,
        b"IPRD" => Key::Album,
        b"ITRK" | b"IPRT" => Key::Track,
        b"ICRD" => Key::Date,
        b"IGNR" => Key::Genre,
        b"IMUS" => Key::Composer,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Key, by_name};

    #[test]
    fn names_in_any_case_up_to_the_longest() {
        assert_eq!(by_name(b"Album Artist"), Some(Key::OtherAlbumArtist));
        assert_eq!(by_name(b"replaygain_track_gain"), Some(Key::TrackGain));
        for unknown in [b"".as_slice(), b"COMMENT", b"replaygain_track_gain2", &[b'A'; 4000], b"\xff\xff"] {
            assert_eq!(by_name(unknown), None);
        }
    }
}
