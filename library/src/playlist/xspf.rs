//! XSPF (xspf.org, versions 0 and 1). Entities a document declares itself are never expanded.
use encoding_rs::Encoding;
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event};

use super::builder::{Builder, shown};
use super::location::local_uri;
use super::model::{MAX_LOCATION, PlaylistEntry, PlaylistError, PlaylistFile};
use super::text::decode;

/// Deepest nesting followed. The format needs four levels, its extensions a few more.
const MAX_DEPTH: usize = 32;

/// Most text of one element, in bytes: a location with every byte escaped.
const MAX_TEXT: usize = 3 * MAX_LOCATION;

/// The elements that are open, and what the open track said so far.
#[derive(Default)]
struct State {
    open: Vec<String>,
    text: String,
    /// The first location of the track that is a path, and whether there was any location at all.
    location: Option<String>,
    located: bool,
    track: PlaylistEntry,
    seen: bool,
}

pub(super) fn parse(bytes: &[u8]) -> Result<PlaylistFile, PlaylistError> {
    let text = decode(bytes, declared(bytes));
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = false;
    let mut builder = Builder::default();
    let mut state = State::default();
    // Damage ends the list: what was read until there counts.
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(start) => {
                if state.open.len() >= MAX_DEPTH {
                    break;
                }
                let name = String::from_utf8_lossy(start.local_name().as_ref()).into_owned();
                state.start(name);
            }
            Event::End(_) => state.end(&mut builder),
            _ if builder.head().truncated => break,
            Event::Text(piece) => state.append(&piece.decode().unwrap_or_default()),
            Event::CData(piece) => state.append(&piece.decode().unwrap_or_default()),
            Event::GeneralRef(entity) => state.append(&resolved(&entity)),
            Event::Eof => break,
            _ => {}
        }
    }
    if state.seen { Ok(builder.finish()) } else { Err(PlaylistError::NotAPlaylist) }
}

impl State {
    fn start(&mut self, name: String) {
        self.text.clear();
        self.seen |= self.open.is_empty() && name == "playlist";
        self.open.push(name);
    }

    fn append(&mut self, piece: &str) {
        let room = MAX_TEXT.saturating_sub(self.text.len());
        let mut end = piece.len().min(room);
        while !piece.is_char_boundary(end) {
            end -= 1;
        }
        self.text.push_str(&piece[..end]);
    }

    fn end(&mut self, builder: &mut Builder) {
        let text = std::mem::take(&mut self.text);
        let mut open = std::mem::take(&mut self.open);
        let path: Vec<&str> = open.iter().map(String::as_str).collect();
        match path[..] {
            ["playlist", "title"] => builder.head().title = shown(&text),
            ["playlist", "creator"] => builder.head().artist = shown(&text),
            ["playlist", "trackList", "track"] => self.end_track(builder),
            ["playlist", "trackList", "track", field] => self.field(field, &text),
            _ => {}
        }
        open.pop();
        self.open = open;
    }

    fn field(&mut self, field: &str, text: &str) {
        match field {
            "location" => {
                self.located = true;
                self.location =
                    self.location.take().or_else(|| local_uri(text).filter(|path| !path.is_empty()));
            }
            "title" => self.track.title = shown(text),
            "creator" => self.track.artist = shown(text),
            "duration" => self.track.duration_ms = text.trim().parse().ok().filter(|&ms| ms > 0),
            "trackNum" => self.track.number = text.trim().parse().ok(),
            _ => {}
        }
    }

    fn end_track(&mut self, builder: &mut Builder) {
        let track = std::mem::take(&mut self.track);
        let located = std::mem::take(&mut self.located);
        match self.location.take() {
            Some(location) => builder.push(PlaylistEntry { location, ..track }),
            None if located => builder.skip(),
            None => {}
        }
    }
}

/// A character reference or one of the five entities of XML itself; anything else is nothing.
fn resolved(entity: &BytesRef<'_>) -> String {
    if let Ok(Some(character)) = entity.resolve_char_ref() {
        return character.to_string();
    }
    let name = entity.decode().unwrap_or_default();
    resolve_predefined_entity(&name).unwrap_or_default().to_owned()
}

/// The encoding the XML declaration names, for documents that are no UTF-8.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = decode(&bytes[..bytes.len().min(256)], None).into_owned();
    let declaration = head.trim_start().strip_prefix("<?xml")?.split_once("?>")?.0;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let label = value.get(1..)?.split(value.chars().next()?).next()?;
    Encoding::for_label(label.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::{MAX_DEPTH, MAX_TEXT, declared, parse};
    use crate::playlist::model::PlaylistError;

    fn list(tracks: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?><playlist xmlns=\"http://xspf.org/ns/0/\" xml:base=\"http://x/\">\
                 <title>T &amp; &#x55;</title><creator>C</creator><trackList>{tracks}</trackList></playlist>"
        )
    }

    #[test]
    fn tracks_are_read_with_their_escapes_undone() {
        let file = parse(list(
            "<track><location>a%20b&amp;c.mp3</location><title><![CDATA[<i>]]></title><creator>A</creator>\
             <duration>1500</duration><trackNum>3</trackNum><extension><title>no</title></extension></track>\
             <track><location>http://x/</location><location>b.mp3</location></track>\
             <track><location>http://x/</location></track><track><title>nothing</title></track>",
        ).as_bytes()).unwrap();
        assert_eq!((file.title.as_deref(), file.artist.as_deref()), (Some("T & U"), Some("C")));
        assert_eq!(file.skipped, 1);
        let [a, b] = &file.entries[..] else { panic!("{file:?}") };
        assert_eq!(
            (a.location.as_str(), a.title.as_deref(), a.artist.as_deref()),
            ("a b&c.mp3", Some("<i>"), Some("A"))
        );
        assert_eq!((a.duration_ms, a.number, b.location.as_str()), (Some(1500), Some(3), "b.mp3"));
    }

    #[test]
    fn declared_entities_are_not_expanded() {
        let text = format!(
            "<!DOCTYPE p [<!ENTITY a \"aaaa\"><!ENTITY b SYSTEM \"file:///etc/passwd\">]>{}",
            &list("<track><location>x&a;&b;y.mp3</location></track>")[21..]
        );
        assert_eq!(parse(text.as_bytes()).unwrap().entries[0].location, "xy.mp3");
    }

    #[test]
    fn depth_text_and_damage_are_bounded() {
        let deep = format!("<playlist>{}", "<a>".repeat(MAX_DEPTH));
        assert_eq!(parse(deep.as_bytes()).unwrap().entries.len(), 0);
        let after = format!(
            "<playlist><trackList>{}{}<track><location>a.mp3</location></track>",
            "<a>".repeat(MAX_DEPTH),
            "</a>".repeat(MAX_DEPTH)
        );
        assert_eq!(
            parse(after.as_bytes()).unwrap().entries.len(),
            0,
            "reading ends where the nesting is too deep"
        );
        let long = list(&format!("<track><location>{}</location></track>", "%41".repeat(MAX_TEXT)));
        assert_eq!(parse(long.as_bytes()).unwrap().entries[0].location.len(), MAX_TEXT / 3);
        let damaged = "<playlist><trackList><track><location>a.mp3</location></track><track><loc";
        assert_eq!(parse(damaged.as_bytes()).unwrap().entries.len(), 1);
        assert_eq!(parse(b"<html><playlist/></html>"), Err(PlaylistError::NotAPlaylist));
        assert_eq!(parse(b""), Err(PlaylistError::NotAPlaylist));
    }

    #[test]
    fn a_declared_encoding_is_used_where_it_is_no_utf_8() {
        let bytes =
            b"<?xml version='1.0' encoding='windows-1251'?><playlist><title>\xCF\xEE</title></playlist>";
        assert_eq!(parse(bytes).unwrap().title.as_deref(), Some("По"));
        assert_eq!(declared(b"<?xml encoding?>"), None);
        assert_eq!(declared(b"<?xml encoding="), None);
    }
}
