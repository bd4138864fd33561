//! Names of songs and folders: the medium's name, then the place on it, `Stick/Band/Song.flac`.

use std::path::{Component, Path, PathBuf};

use protocol::Snapshot;

use crate::state::Item;

/// The media that are plugged in under the names clients see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Media(Vec<(String, String)>);

/// A place on a medium.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The medium's identity.
    pub medium: String,
    /// Empty for the medium itself.
    pub relative: PathBuf,
}

impl Media {
    /// Of the media of a snapshot. Two of one name are told apart by their identity.
    pub fn of(snapshot: &Snapshot) -> Self {
        let media = &snapshot.library.media;
        let clean = |name: &str| -> String {
            let text: String =
                name.chars().map(|c| if c.is_control() || c == '/' { '_' } else { c }).collect();
            text.trim().to_owned()
        };
        let named = media.iter().map(|medium| {
            let name = clean(&medium.name);
            let same = media.iter().filter(|other| clean(&other.name) == name).count();
            let tail: String = clean(&medium.id).chars().take(12).collect();
            let name = match (name.is_empty(), same) {
                (true, _) => tail,
                (false, 1) => name,
                (false, _) => format!("{name} ({tail})"),
            };
            (medium.id.clone(), name)
        });
        Self(named.collect())
    }

    /// Identities and names, in the unit's order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(id, name)| (id.as_str(), name.as_str()))
    }

    /// A file's name. One on a medium that is away is named by its identity.
    pub fn uri(&self, medium: &str, relative: &Path) -> String {
        let name = self.iter().find(|(id, _)| *id == medium).map_or(medium, |(_, name)| name);
        let path = relative.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
        let path: String = path.chars().map(|c| if c == '\n' { ' ' } else { c }).collect();
        if path.is_empty() { name.to_owned() } else { format!("{name}/{path}") }
    }

    pub fn uri_of(&self, item: &Item) -> String {
        self.uri(&item.medium, &item.relative)
    }

    /// What a name means; `None` if it names no medium that is plugged in, or leads out of one.
    pub fn place(&self, uri: &str) -> Option<Place> {
        let uri = uri.trim_matches('/');
        let (name, rest) = uri.split_once('/').unwrap_or((uri, ""));
        let medium = self.iter().find(|(_, known)| *known == name).map(|(id, _)| id.to_owned())?;
        let relative = PathBuf::from(rest);
        let is_inside = relative.components().all(|part| matches!(part, Component::Normal(_)));
        (is_inside && !rest.contains('\0')).then_some(Place { medium, relative })
    }
}

#[cfg(test)]
mod tests {
    use protocol::{LibraryInfo, MediumInfo};

    use super::*;

    fn media(names: &[(&str, &str)]) -> Media {
        let medium = |(id, name): &(&str, &str)| MediumInfo {
            id: (*id).into(),
            name: (*name).into(),
            ..MediumInfo::default()
        };
        let media = names.iter().map(medium).collect();
        Media::of(&Snapshot {
            library: LibraryInfo { media, ..LibraryInfo::default() },
            ..Snapshot::default()
        })
    }

    #[test]
    fn names_come_back() {
        let media = media(&[("A1", "Stick"), ("B2", "a/b\n"), ("C3", "Twin"), ("D4", "Twin"), ("E5", "")]);
        let names: Vec<&str> = media.iter().map(|(_, name)| name).collect();
        assert_eq!(names, ["Stick", "a_b_", "Twin (C3)", "Twin (D4)", "E5"]);
        for (id, relative) in [("A1", "Band/Song.mp3"), ("D4", "x.flac"), ("B2", "")] {
            let place = media.place(&media.uri(id, Path::new(relative))).unwrap();
            assert_eq!((place.medium.as_str(), place.relative.as_path()), (id, Path::new(relative)));
        }
        assert_eq!(media.uri("gone", Path::new("x.mp3")), "gone/x.mp3");
        assert_eq!(media.place("/Stick/").unwrap().relative, PathBuf::new());
    }

    #[test]
    fn nothing_leads_out_of_a_medium() {
        let media = media(&[("A1", "Stick")]);
        for uri in [
            "",
            "Stic",
            "Stick/../x",
            "Stick/a/../../x",
            "Stick//etc/passwd",
            "/etc/passwd",
            "..",
            "Stick/\0",
        ] {
            assert_eq!(media.place(uri), None, "{uri}");
        }
    }
}
