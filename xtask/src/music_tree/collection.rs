//! Who made what when: an endless, deterministic collection of albums.

use std::path::PathBuf;

const FIRST: [&str; 40] = [
    "Amber",
    "Broken",
    "Café",
    "Distant",
    "Electric",
    "Fallen",
    "Golden",
    "Hollow",
    "Ivory",
    "Jade",
    "Kinetic",
    "Lunar",
    "Midnight",
    "Neon",
    "Ocean",
    "Paper",
    "Quiet",
    "Röntgen",
    "Silver",
    "Tidal",
    "Umbra",
    "Velvet",
    "Wild",
    "Xenon",
    "Yellow",
    "Zéro",
    "Northern",
    "Southern",
    "Little",
    "Grand",
    "Crimson",
    "Winter",
    "Summer",
    "Motörhaus",
    "Sigur",
    "Žižkov",
    "Black",
    "White",
    "Second",
    "Last",
];
const SECOND: [&str; 36] = [
    "Arcade",
    "Birds",
    "Circuit",
    "Dreams",
    "Engine",
    "Foxes",
    "Garden",
    "Harbour",
    "Island",
    "Junction",
    "Kites",
    "Lanterns",
    "Mountain",
    "Nomads",
    "Orchestra",
    "Parade",
    "Quartet",
    "Rivers",
    "Satellites",
    "Theory",
    "Union",
    "Valley",
    "Wolves",
    "Years",
    "Avenue",
    "Brothers",
    "Company",
    "District",
    "Émigrés",
    "Frequency",
    "Ghosts",
    "Horizon",
    "Kollektiv",
    "Letters",
    "Machine",
    "Ensemble",
];
const GENRES: [&str; 16] = [
    "Rock",
    "Pop",
    "Jazz",
    "Classical",
    "Electronic",
    "Hip-Hop",
    "Folk",
    "Metal",
    "Soul",
    "Blues",
    "Reggae",
    "Ambient",
    "Soundtrack",
    "Country",
    "Indie Rock",
    "World",
];
const CYRILLIC: [&str; 6] = ["Ночной эфир", "Дорога домой", "Снег", "Последний поезд", "Город", "Радио"];

/// How an album's files are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Mp3,
    Flac,
    Mp4,
    Opus,
}

impl Format {
    fn ending(self) -> &'static str {
        match self {
            Self::Mp3 => "mp3",
            Self::Flac => "flac",
            Self::Mp4 => "m4a",
            Self::Opus => "opus",
        }
    }
}

/// One album.
#[derive(Clone, Debug)]
pub struct Album {
    pub title: String,
    pub artist: String,
    pub year: u16,
    pub genre: &'static str,
    pub format: Format,
    pub compilation: bool,
    pub discs: usize,
    /// Whether a cover and a playlist lie beside the tracks.
    pub extras: bool,
    /// Relative to the collection.
    pub folder: PathBuf,
    pub tracks: Vec<Track>,
}

/// One track.
#[derive(Clone, Debug)]
pub struct Track {
    pub title: String,
    pub artist: String,
    /// Empty for most.
    pub composer: String,
    pub number: usize,
    /// Tracks on its disc.
    pub of: usize,
    pub disc: usize,
    pub seconds: u32,
    pub gain_db: f32,
    /// Relative to the album's folder.
    pub file: String,
}

/// Albums without end, artist after artist.
pub struct Collection {
    random: Random,
    artist: String,
    artists: usize,
    albums_left: u64,
    albums: usize,
}

impl Collection {
    pub fn new() -> Self {
        Self { random: Random(20_260), artist: String::new(), artists: 0, albums_left: 0, albums: 0 }
    }
}

impl Iterator for Collection {
    type Item = Album;

    fn next(&mut self) -> Option<Album> {
        if self.albums_left == 0 {
            self.artists += 1;
            self.artist = self.random.artist(self.artists);
            self.albums_left = 1 + self.random.below(6);
        }
        self.albums_left -= 1;
        self.albums += 1;
        Some(album(&mut self.random, &self.artist, self.albums))
    }
}

fn album(random: &mut Random, artist: &str, number: usize) -> Album {
    let compilation = random.below(25) == 0;
    let artist = if compilation { "Various Artists" } else { artist };
    let title = format!("{} {number}", random.title());
    let year = 1955 + random.below(71) as u16;
    let format = match random.below(100) {
        0..65 => Format::Mp3,
        65..85 => Format::Flac,
        85..93 => Format::Mp4,
        _ => Format::Opus,
    };
    let discs = if random.below(12) == 0 { 2 } else { 1 };
    let mut tracks = Vec::new();
    for disc in 1..=discs {
        let of = 7 + random.below(10) as usize;
        tracks.extend((1..=of).map(|number| {
            let title = random.title();
            let place = if discs > 1 { format!("CD{disc}/") } else { String::new() };
            Track {
                file: format!("{place}{number:02} {}.{}", title.replace('/', "-"), format.ending()),
                artist: if compilation { random.artist(number) } else { artist.to_owned() },
                composer: if random.below(4) == 0 { random.artist(number + 7) } else { String::new() },
                title,
                number,
                of,
                disc,
                seconds: 120 + random.below(260) as u32,
                gain_db: -(random.below(120) as f32) / 10.0,
            }
        }));
    }
    Album {
        folder: PathBuf::from(artist.replace('/', "-")).join(format!("{year} - {title}")),
        title,
        artist: artist.to_owned(),
        year,
        genre: random.pick(&GENRES),
        format,
        compilation,
        discs,
        extras: random.below(3) == 0,
        tracks,
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): small, seedable, the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }

    fn title(&mut self) -> String {
        match self.below(12) {
            0 => self.pick(&CYRILLIC).to_owned(),
            1 => format!("{} of the {} {}", self.pick(&SECOND), self.pick(&FIRST), self.pick(&SECOND)),
            2 => self.pick(&SECOND).to_owned(),
            3 => format!("{} (Live)", self.pick(&FIRST)),
            _ => format!("{} {}", self.pick(&FIRST), self.pick(&SECOND)),
        }
    }

    fn artist(&mut self, number: usize) -> String {
        let the = if self.below(5) == 0 { "The " } else { "" };
        format!("{the}{} {} {}", self.pick(&FIRST), self.pick(&SECOND), number)
    }
}
