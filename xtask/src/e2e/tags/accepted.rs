//! Differences that were looked at and accepted, each with its reason; `docs/tags.md` tells them at length.

/// A difference that may be; a `*` at the end of `file` stands for anything.
pub struct Accepted {
    /// Package and path in it.
    pub file: &'static str,
    /// The fields, separated by spaces.
    pub fields: &'static str,
    /// Why ours is right, or may stay.
    pub reason: &'static str,
}

const fn accept(file: &'static str, fields: &'static str, reason: &'static str) -> Accepted {
    Accepted { file, fields, reason }
}

const DAMAGED: &str = "made to break decoders: the tags are read, and playing says what it cannot";
const CUT: &str = "cut short by its package: too little sound is left for ffprobe; the tags are whole";
const CUT_SOUND: &str = "cut short by its package: ours counts the sound that is there, theirs what was";
const OGG_CUT: &str =
    "cut out of the middle: ffprobe takes the first page's time off, the comments' file has all";
const AAC_TRIMMED: &str =
    "ours takes off the encoder's delay and padding, which the edit list or iTunSMPB states";
const TAG_BYTES: &str = "no length is stated: ours leaves the tags' bytes out of the estimate";
const LATIN_1: &str =
    "ID3v1 has no encoding: ours and mutagen's take it for Latin-1, ffprobe passes bytes on";
const GROUPED: &str = "theirs do not take the group byte off; ours does";
const XSOP: &str = "XSOP, the unofficial name of TSOP; only ours reads it";
const SHORT_IDS: &str = "iTunes wrote three-letter frames into a later tag; only ours reads them";
const BAD_CHUNK: &str = "the tag's chunk states a size of 2.6 GB: ours reads what the tag itself states";
const BAD_EXTENDED: &str = "the extended header is announced and missing: only ours finds the frames";
const COMPRESSED: &str = "a compressed text frame, which no program writes; see docs/tags.md";

/// All of them.
pub const ACCEPTED: &[Accepted] = &[
    accept("mutagen/tests/data/106-invalid-streaminfo.flac", "readable", DAMAGED),
    accept("mutagen/tests/data/106-short-picture-block-size.flac", "readable", DAMAGED),
    accept("mutagen/tests/data/ooming-header.flac", "readable", DAMAGED),
    accept("mutagen/tests/data/too-short.mp3", "readable", CUT),
    accept("mutagen/tests/data/bad-POPM-frame.mp3", "readable", CUT),
    accept(
        "mutagen/tests/data/audacious-trailing-id32-apev2.mp3",
        "duration",
        "ffprobe counts the bytes of the trailing tags as sound",
    ),
    accept(
        "mutagen/tests/data/empty.aac",
        "duration",
        "a bare stream without a length: ours counts its 160 frames, theirs estimate by bitrate",
    ),
    accept(
        "mutagen/tests/data/example.opus",
        "duration",
        "the first page does not start at zero; ours and mutagen's go by the last one",
    ),
    accept(
        "mutagen/tests/data/id3v1v2-combined.mp3",
        "year",
        "mutagen puts ID3v1's year first, which is 1337",
    ),
    accept(
        "mutagen/tests/data/lame397v9short.mp3",
        "duration",
        "delay and padding are all there is: no sound is left, as mutagen says",
    ),
    accept(
        "mutagen/tests/data/silence-2s-PCM-*",
        "artist",
        "the file's own list and its ID3 chunk differ; ours and mutagen's take the chunk",
    ),
    accept("taglib/tests/data/alaw.aifc", "artist", "the AUTH chunk, which only ours reads"),
    accept("taglib/tests/data/ape-id3v1.mp3", "duration", TAG_BYTES),
    accept("libaudio-scan-perl/t/mp3/v2.4-ape.mp3", "duration", TAG_BYTES),
    accept(
        "taglib/tests/data/duplicate_tags.wav",
        "album artist title",
        "two ID3 chunks: ours and mutagen's take the first, ffprobe the last",
    ),
    accept(
        "taglib/tests/data/garbage.mp3",
        "duration",
        "ours and mutagen's believe the stated number of frames, ffprobe the bytes that are there",
    ),
    accept("taglib/tests/data/infloop.m4a", "readable", DAMAGED),
    accept("taglib/tests/data/lowercase-fields.ogg", "readable", CUT),
    accept(
        "taglib/tests/data/multiple-vc.flac",
        "artist",
        "two comment blocks, of which RFC 9639 allows one: ours and mutagen's take the first",
    ),
    accept(
        "libaudio-scan-perl/t/aac/leading-junk.aac",
        "readable",
        "the junk in front is longer than theirs look",
    ),
    accept(
        "libaudio-scan-perl/t/aac/stereo.aac",
        "duration",
        "a bare stream without a length: ours counts, as mutagen does; ffprobe's is an estimate",
    ),
    accept(
        "libaudio-scan-perl/t/aiff/aiff-id3-bad-chunksize.aif",
        "album artist disc disc_total genre title track track_total year",
        BAD_CHUNK,
    ),
    accept("libaudio-scan-perl/t/flac/CVE-2007-4619-1.flac", "readable", DAMAGED),
    accept(
        "libaudio-scan-perl/t/flac/id3tagged.flac",
        "track_total",
        "the number of tracks is in the ID3 tag only, the track in the comments: ours puts both together",
    ),
    accept(
        "libaudio-scan-perl/t/mp3/no-tags-no-xing-vbr.mp3",
        "duration",
        "variable bitrate without a length: ours counts the frames, ffprobe estimates, mutagen believes the first",
    ),
    accept("libaudio-scan-perl/t/mp3/v1-iso-8859-1.mp3", "album artist title", LATIN_1),
    accept("libaudio-scan-perl/t/mp3/v1-utf8.mp3", "album artist title", LATIN_1),
    accept(
        "libaudio-scan-perl/t/mp3/v2.3-apev2-lyricsv2.mp3",
        "genre",
        "ffprobe spells genre 40 as the first list did; ours and mutagen's as people do",
    ),
    accept("libaudio-scan-perl/t/mp3/v2.3-compressed-frame.mp3", "title", COMPRESSED),
    accept("libaudio-scan-perl/t/mp3/v2.4-compressed-frame.mp3", "title", COMPRESSED),
    accept(
        "libaudio-scan-perl/t/mp3/v2.3-empty-tcon2.mp3",
        "duration",
        "cut short by its package in the first frame: nothing states a length any more, ours and ffprobe's agree",
    ),
    accept("libaudio-scan-perl/t/mp3/v2.3-ext-header-invalid.mp3", "artist title", BAD_EXTENDED),
    accept("libaudio-scan-perl/t/mp3/v2.3-group-id.mp3", "title", GROUPED),
    accept("libaudio-scan-perl/t/mp3/v2.4-group-id.mp3", "title", GROUPED),
    accept("libaudio-scan-perl/t/mp3/v2.3-invalid-rvad.mp3", "album_sort artist_sort title_sort", SHORT_IDS),
    accept("libaudio-scan-perl/t/mp3/v2.3-itunes81.mp3", "album_sort artist_sort title_sort", SHORT_IDS),
    accept("libaudio-scan-perl/t/mp3/v2.4-itunes81.mp3", "album_sort artist_sort title_sort", SHORT_IDS),
    accept("libaudio-scan-perl/t/mp3/v2.4-utf8-null-comment.mp3", "artist_sort", XSOP),
    accept("libaudio-scan-perl/t/mp3/v2.3-xsop.mp3", "artist_sort", XSOP),
    accept(
        "libaudio-scan-perl/t/mp3/v2.3-multiple-tcon-rx-cr.mp3",
        "genre",
        "ffprobe does not translate RX and CR, which stand for Remix and Cover",
    ),
    accept(
        "libaudio-scan-perl/t/mp3/v2.3-null-bytes.mp3",
        "duration",
        "cut short by its package: ffprobe counts what is left, ours and mutagen's the stated frames",
    ),
    accept(
        "libaudio-scan-perl/t/mp3/v2.3-null-bytes.mp3",
        "year",
        "a whole date in TYER, which holds a year only: ours takes the year out of it",
    ),
    accept(
        "libaudio-scan-perl/t/mp3/v2.3-unsync.mp3",
        "album_artist",
        "ffprobe loses the last letter where the tag was unsynchronised",
    ),
    accept(
        "libaudio-scan-perl/t/mp3/v2.4-ape-invalid-key.mp3",
        "album_gain track_gain",
        "mutagen gives the whole tag up for one bad key, ffprobe does not look; ours reads the rest",
    ),
    accept("libaudio-scan-perl/t/mp3/v2.4-tipl.mp3", "readable", CUT),
    accept("libaudio-scan-perl/t/mp4/hd-aac.m4a", "readable", CUT),
    accept("libaudio-scan-perl/t/mp4/itunes811.m4a", "duration", AAC_TRIMMED),
    accept("libaudio-scan-perl/t/mp4/multiple-covers.m4a", "duration", AAC_TRIMMED),
    accept("python-mediafile/test/rsrc/full.m4a", "duration", AAC_TRIMMED),
    accept("python-mediafile/test/rsrc/partial.m4a", "duration", AAC_TRIMMED),
    accept("python-mediafile/test/rsrc/soundcheck-nonascii.m4a", "duration", AAC_TRIMMED),
    accept("python-mediafile/test/rsrc/t_time.m4a", "duration", AAC_TRIMMED),
    accept("audiotools/test/m4a-itunes.m4a", "duration", AAC_TRIMMED),
    accept("libaudio-scan-perl/t/ogg/bug1155-1.ogg", "duration", OGG_CUT),
    accept("libaudio-scan-perl/t/ogg/bug803.ogg", "duration", OGG_CUT),
    accept("libaudio-scan-perl/t/ogg/bug905.ogg", "duration", OGG_CUT),
    accept("libaudio-scan-perl/t/ogg/large-pagesize.ogg", "readable", CUT),
    accept("libaudio-scan-perl/t/ogg/metadata-block-picture.ogg", "readable", CUT),
    accept(
        "libaudio-scan-perl/t/ogg/multiple-bitstreams.ogg",
        "duration",
        "several streams one after the other: ours and mutagen's go by the last position",
    ),
    accept(
        "libaudio-scan-perl/t/wav/8kmp38.wav",
        "readable",
        "MP3 inside WAV, which this unit does not play",
    ),
    accept("libaudio-scan-perl/t/wav/bug14462-wav-fmt.wav", "duration", CUT_SOUND),
    accept("libaudio-scan-perl/t/wav/gh2-wav32-bad-duration.wav", "duration", CUT_SOUND),
    accept("quodlibet/tests/data/empty.aac", "duration", "the same file as mutagen's"),
    accept("audiotools/test/aiff-nossnd.aiff", "readable", "no sound in it: not music to us"),
    accept("audiotools/test/flac-disordered.flac", "readable", DAMAGED),
    accept(
        "audiotools/test/flac-id3-2.flac",
        "readable",
        "two ID3 tags in front of FLAC: only ours skips both",
    ),
];

/// Which of [`ACCEPTED`] covers this difference.
pub fn place(file: &str, field: &str) -> Option<usize> {
    ACCEPTED.iter().position(|accepted| {
        let is_file = match accepted.file.strip_suffix('*') {
            Some(start) => file.starts_with(start),
            None => file == accepted.file,
        };
        is_file && accepted.fields.split(' ').any(|accepted| accepted == field)
    })
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn only_the_named_file_and_field() {
        assert!(place("taglib/tests/data/ape-id3v1.mp3", "duration").is_some());
        assert!(place("mutagen/tests/data/silence-2s-PCM-44100-16-ID3v23.wav", "artist").is_some());
        assert!(place("taglib/tests/data/ape-id3v1.mp3", "title").is_none());
        assert!(place("taglib/tests/data/ape-id3v1.mp3.bak", "duration").is_none());
    }
}
