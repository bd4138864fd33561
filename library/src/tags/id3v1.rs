//! ID3v1 and 1.1: the last 128 bytes of the file.
use super::fields::Fields;
use super::genre;
use super::id3_text::latin_1;
use super::key::Key;
use super::reader::Span;
use super::source::Source;
use crate::error::LibraryError;

/// Length of the tag.
const LENGTH: u64 = 128;

/// Length of what an APE tag ends with.
const APE_FOOTER: u64 = 32;

/// The tag at the end of `span`, and where what comes before it ends.
///
/// # Errors
/// Unreadable.
pub(super) fn read(file: &mut Source, span: Span) -> Result<(Fields, u64), LibraryError> {
    if span.len() < LENGTH {
        return Ok((Fields::default(), span.end));
    }
    let start = span.end - LENGTH;
    // The footer of an APE tag, which comes before it, is fetched along.
    file.peek(start.saturating_sub(APE_FOOTER).max(span.start), 160)?;
    let tag = file.peek(start, 128)?;
    Ok(parse(tag).map_or((Fields::default(), span.end), |fields| (fields, start)))
}

fn parse(tag: &[u8]) -> Option<Fields> {
    let tag = tag.strip_prefix(b"TAG")?;
    let mut fields = Fields::default();
    for (key, from, length) in
        [(Key::Title, 0, 30), (Key::Artist, 30, 30), (Key::Album, 60, 30), (Key::Date, 90, 4)]
    {
        let text = tag.get(from..from + length)?.split(|&byte| byte == 0).next()?;
        fields.add(key, &latin_1(text));
    }
    // ID3v1.1 takes the comment's last two bytes for a zero and the track's number.
    if let [.., 0, track, _] = *tag {
        fields.add_pair(Key::Track, track.into(), 0);
    }
    if let Some(name) = tag.last().and_then(|&number| genre::by_number(number.into())) {
        fields.add(Key::Genre, name);
    }
    Some(fields)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn all_fields_of_both_versions() {
        let mut tag = b"TAG".to_vec();
        tag.extend(b"A title that fills thirty bytes");
        tag.truncate(33);
        tag.extend([b"Ann".as_slice(), &[0; 27], b"LP \xe4", &[b' '; 26], b"1997", &[0; 28]].concat());
        tag.extend([0, 7, 17]);
        let info = parse(&tag).unwrap().into_info();
        assert_eq!(info.title, "A title that fills thirty byte");
        assert_eq!((info.artist.as_str(), info.album.as_str()), ("Ann", "LP ä"));
        assert_eq!((info.year, info.track, info.genre.as_str()), (Some(1997), Some(7), "Rock"));
        tag[125] = b'x';
        tag[127] = 255;
        let info = parse(&tag).unwrap().into_info();
        assert_eq!((info.track, info.genre.as_str()), (None, ""));
        assert!(parse(b"GAT").is_none() && parse(b"TAGshort").is_none());
    }
}
