//! Which songs are meant: the conditions of `find`, `search`, `list` and `count`, and how a song meets them.

use super::tag::Tag;
use super::uri::Media;
use crate::songs::Song;

/// What a condition looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Tag(Tag),
    /// Any tag.
    Any,
    /// The song's name.
    File,
}

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Is,
    Contains,
    StartsWith,
}

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Filter {
    /// All of these; without any, every song.
    And(Vec<Filter>),
    Not(Box<Filter>),
    Match(Match),
    /// Below this folder.
    Base(String),
}

/// A comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Match {
    pub field: Field,
    pub op: Op,
    /// In lower case where case does not matter.
    pub value: String,
    pub ignores_case: bool,
}

impl Match {
    pub fn new(field: Field, op: Op, value: &str, ignores_case: bool) -> Self {
        let value = if ignores_case { value.to_lowercase() } else { value.to_owned() };
        Self { field, op, value, ignores_case }
    }

    fn holds(&self, text: &str) -> bool {
        let folded;
        let text = if self.ignores_case {
            folded = text.to_lowercase();
            folded.as_str()
        } else {
            text
        };
        match self.op {
            Op::Is => text == self.value,
            Op::Contains => text.contains(&self.value),
            Op::StartsWith => text.starts_with(&self.value),
        }
    }

    fn eval(&self, song: &Song, media: &Media) -> Option<bool> {
        match self.field {
            Field::File => Some(self.holds(&media.uri_of(&song.item))),
            Field::Tag(tag) => tag.of_or_fallback(song).map(|text| self.holds(&text)),
            Field::Any => {
                let all = Tag::ALL.into_iter().map(|tag| tag.of(song).map(|text| self.holds(&text)));
                any_of(all)
            }
        }
    }
}

/// True if any is, else unknown if any is.
fn any_of(all: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(false);
    for one in all {
        match one {
            Some(true) => return Some(true),
            None => result = None,
            Some(false) => {}
        }
    }
    result
}

impl Filter {
    /// Whether a song meets it; `None` where only tags that are not there would tell.
    pub fn eval(&self, song: &Song, media: &Media) -> Option<bool> {
        match self {
            Self::And(all) => {
                any_of(all.iter().map(|one| one.eval(song, media).map(|is| !is))).map(|fails| !fails)
            }
            Self::Not(inner) => inner.eval(song, media).map(|is| !is),
            Self::Match(one) => one.eval(song, media),
            Self::Base(base) => {
                let uri = media.uri_of(&song.item);
                let rest = uri.strip_prefix(base.as_str());
                Some(base.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
            }
        }
    }

    /// The conditions that must all hold.
    pub fn conditions(self) -> Vec<Filter> {
        match self {
            Self::And(all) => all.into_iter().flat_map(Self::conditions).collect(),
            one => vec![one],
        }
    }

    /// Whether more than a list's own columns (title, artist, album, name) is looked at.
    pub fn needs_tags(&self) -> bool {
        match self {
            Self::And(all) => all.iter().any(Self::needs_tags),
            Self::Not(inner) => inner.needs_tags(),
            Self::Base(_) => false,
            Self::Match(one) => !matches!(
                one.field,
                Field::File | Field::Tag(Tag::Title | Tag::Artist | Tag::Album | Tag::Unkept)
            ),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::path::Path;

    use library::TrackInfo;

    use super::*;
    use crate::state::{Item, MediumRef};

    pub fn song(title: &str, artist: &str, album: &str) -> Song {
        let medium: MediumRef = "m".into();
        Song {
            item: Item::new(&medium, Path::new(&format!("{artist}/{title}.flac"))),
            title: title.into(),
            artist: artist.into(),
            album: album.into(),
            duration_ms: None,
            info: None,
            entry: None,
        }
    }

    fn is(field: Field, value: &str) -> Filter {
        Filter::Match(Match::new(field, Op::Is, value, false))
    }

    #[test]
    fn conditions_hold_or_fail_or_are_unknown() {
        let media = Media::default();
        let mut song = song("One", "Band", "First");
        let genre = is(Field::Tag(Tag::Genre), "Jazz");
        assert_eq!(genre.eval(&song, &media), None);
        let both = Filter::And(vec![genre.clone(), is(Field::Tag(Tag::Artist), "Other")]);
        assert_eq!(both.eval(&song, &media), Some(false), "what is known decides");
        assert!(both.needs_tags());
        song.info =
            Some(Box::new(TrackInfo { genre: "Jazz".into(), year: Some(1999), ..TrackInfo::default() }));
        assert_eq!(genre.eval(&song, &media), Some(true));
        assert_eq!(Filter::Not(Box::new(genre)).eval(&song, &media), Some(false));
        assert_eq!(is(Field::Tag(Tag::AlbumArtist), "Band").eval(&song, &media), Some(true), "falls back");
        assert_eq!(is(Field::Any, "1999").eval(&song, &media), Some(true));
        assert_eq!(is(Field::Any, "2000").eval(&song, &media), Some(false));
        assert_eq!(is(Field::Tag(Tag::Disc), "").eval(&song, &media), Some(true), "absent");
        let part = Match::new(Field::Tag(Tag::Title), Op::Contains, "NE", true);
        assert_eq!(Filter::Match(part).eval(&song, &media), Some(true));
        for (base, holds) in [("m", true), ("m/Band", true), ("m/Ban", false), ("", true), ("x", false)] {
            assert_eq!(Filter::Base(base.into()).eval(&song, &media), Some(holds), "{base}");
        }
        assert_eq!(Filter::And(Vec::new()).eval(&song, &media), Some(true));
    }
}
