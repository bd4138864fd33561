//! A made-up collection of any size, written straight into an index: no files.
#![allow(dead_code)]

use std::path::PathBuf;

use library::{Change, FileStamp, Index, MediumId, MediumKey, TrackInfo, Unread};

/// Words of titles and names, the frequent ones first: the n-th is drawn about 1/n of the time.
const WORDS: [&str; 96] = [
    "the",
    "love",
    "of",
    "you",
    "a",
    "in",
    "me",
    "night",
    "and",
    "to",
    "my",
    "blue",
    "on",
    "heart",
    "day",
    "time",
    "girl",
    "baby",
    "world",
    "dance",
    "light",
    "road",
    "fire",
    "rain",
    "dream",
    "home",
    "soul",
    "river",
    "sun",
    "moon",
    "summer",
    "street",
    "train",
    "angel",
    "black",
    "gold",
    "king",
    "queen",
    "house",
    "wild",
    "cold",
    "broken",
    "mother",
    "ghost",
    "ocean",
    "silver",
    "paper",
    "mirror",
    "winter",
    "garden",
    "Éclair",
    "Über",
    "niño",
    "Straße",
    "noche",
    "corazón",
    "amour",
    "étoile",
    "Mädchen",
    "Sehnsucht",
    "canción",
    "bambino",
    "domani",
    "Björk",
    "Motör",
    "Sigur",
    "日本語",
    "東京",
    "さくら",
    "мир",
    "ночь",
    "любовь",
    "thunder",
    "velvet",
    "neon",
    "machine",
    "electric",
    "horizon",
    "satellite",
    "gravity",
    "paradise",
    "wonder",
    "stranger",
    "forever",
    "yesterday",
    "tomorrow",
    "november",
    "midnight",
    "lullaby",
    "requiem",
    "sonata",
    "opus",
    "live",
    "remix",
    "acoustic",
    "zephyr",
];

/// Repeatable numbers.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_add(0x9E37_79B9_7F4A_7C15))
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end.max(1)
    }

    /// A word, the first ones of the list far more often.
    pub fn word(&mut self) -> String {
        let rank = (WORDS.len() as f64).powf(self.below(1_000_000) as f64 / 1e6);
        let word = WORDS[(rank as usize).saturating_sub(1).min(WORDS.len() - 1)];
        // Real collections hold far more words than a list: every other one is somebody's name.
        match self.below(3) {
            0 => {
                const PARTS: [&str; 12] =
                    ["ba", "ko", "ri", "lan", "ster", "ver", "mo", "ti", "shan", "del", "gro", "ux"];
                (0..2 + self.below(2)).map(|_| PARTS[self.below(12) as usize]).collect()
            }
            _ => word.to_owned(),
        }
    }

    pub fn words(&mut self, least: u64, most: u64) -> String {
        let count = least + self.below(most - least + 1);
        let words: Vec<String> = (0..count).map(|_| self.word()).collect();
        let mut text = words.join(" ");
        if let Some(first) = text.chars().next().filter(char::is_ascii) {
            text.replace_range(..1, &first.to_uppercase().to_string());
        }
        text
    }
}

/// The changes that a scan of `tracks` files would write, an album a step.
pub struct Collection {
    random: Random,
    artists: Vec<String>,
    composers: Vec<String>,
    left: u64,
    album: u64,
}

const GENRES: [&str; 24] = [
    "Rock",
    "Pop",
    "Jazz",
    "Classical",
    "Electronic",
    "Hip-Hop",
    "Folk",
    "Metal",
    "Blues",
    "Country",
    "Reggae",
    "Soul",
    "Punk",
    "Ambient",
    "House",
    "Techno",
    "Latin",
    "World",
    "Soundtrack",
    "Funk",
    "Disco",
    "Indie",
    "Chanson",
    "Schlager",
];

pub fn collection(seed: u64, tracks: u64) -> Collection {
    let mut random = Random::new(seed);
    let artists = (0..tracks / 40 + 1)
        .map(|n| match n % 5 {
            0 => format!("The {}", random.words(1, 2)),
            1 => format!("{} {n}", random.words(1, 2)),
            _ => random.words(2, 3),
        })
        .collect();
    let composers = (0..tracks / 200 + 1).map(|_| random.words(2, 2)).collect();
    Collection { random, artists, composers, left: tracks, album: 0 }
}

impl Iterator for Collection {
    type Item = Vec<Change>;

    fn next(&mut self) -> Option<Vec<Change>> {
        if self.left == 0 {
            return None;
        }
        let random = &mut self.random;
        self.album += 1;
        let count = (6 + random.below(12)).min(self.left);
        self.left -= count;
        let artist = self.artists[random.below(self.artists.len() as u64) as usize].clone();
        let title = random.words(1, 4);
        let untagged = random.below(30) == 0;
        let compilation = random.below(15) == 0;
        let genre = GENRES[random.below(24) as usize];
        let year = 1960 + random.below(66) as u16;
        let composer = self.composers[random.below(self.composers.len() as u64) as usize].clone();
        let mut changes = Vec::with_capacity(count as usize);
        for n in 1..=count {
            let disc = if count > 15 { 1 + (n > 9) as u32 } else { 1 };
            let name = random.words(1, 4);
            let singer = if compilation || random.below(12) == 0 {
                self.artists[random.below(self.artists.len() as u64) as usize].clone()
            } else {
                artist.clone()
            };
            let mut folder = PathBuf::from(format!("{artist}/{} {title}", self.album));
            if count > 15 {
                folder.push(format!("CD{disc}"));
            }
            let info = if untagged {
                TrackInfo {
                    duration_s: Some(180.0),
                    format: "MP3 · 44.1 kHz · 320 kb/s".into(),
                    ..TrackInfo::default()
                }
            } else {
                TrackInfo {
                    title: name.clone(),
                    artist: singer,
                    album: title.clone(),
                    album_artist: if compilation || n.is_multiple_of(2) && self.album.is_multiple_of(3) {
                        String::new()
                    } else {
                        artist.clone()
                    },
                    genre: genre.into(),
                    composer: if self.album.is_multiple_of(4) { composer.clone() } else { String::new() },
                    year: (!self.album.is_multiple_of(10)).then_some(year),
                    track: Some(n as u32),
                    track_total: Some(count as u32),
                    disc: Some(disc),
                    compilation,
                    duration_s: Some(120.0 + random.below(300_000) as f64 / 1000.0),
                    format: "FLAC · 44.1 kHz · 16 bit".into(),
                    replaygain_db: Some(-(random.below(1200) as f32) / 100.0),
                    ..TrackInfo::default()
                }
            };
            let broken = random.below(500) == 0;
            changes.push(Change::Track {
                folder,
                stamp: FileStamp {
                    name: format!("{n:02} - {name}.flac").into(),
                    size: 10_000_000 + random.below(50_000_000),
                    mtime_ns: (1_500_000_000 + random.below(200_000_000) as i64) * 1_000_000_000,
                    inode: self.album * 100 + n,
                },
                result: if broken { Err(Unread::NotMusic) } else { Ok(info) },
            });
        }
        Some(changes)
    }
}

/// Fills a medium with a made-up collection, about a thousand tracks a transaction.
pub fn fill(index: &mut Index, id: &str, seed: u64, tracks: u64) -> MediumKey {
    let medium = index.medium(&MediumId::new(id).unwrap(), id).unwrap();
    let mut changes = Vec::new();
    for album in collection(seed, tracks) {
        changes.extend(album);
        if changes.len() >= 1000 {
            index.write(medium, std::mem::take(&mut changes)).unwrap();
        }
    }
    index.write(medium, changes).unwrap();
    index.scan_finished(medium, 1_700_000_000).unwrap();
    medium
}
