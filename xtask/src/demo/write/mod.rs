//! File formats the album comes in, written from nothing but the standard library.

pub mod aiff;
pub mod flac;
mod md5;
pub mod wav;

/// What goes into the tags of a track.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tags {
    /// Title.
    pub title: String,
    /// Artist.
    pub artist: String,
    /// Album.
    pub album: String,
    /// Number, from 1.
    pub track: usize,
    /// Tracks of the album.
    pub tracks: usize,
    /// Genre.
    pub genre: String,
    /// Year.
    pub year: String,
}

/// 16-bit stereo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pcm {
    /// Frames per second.
    pub rate: u32,
    /// Left and right.
    pub channels: [Vec<i16>; 2],
}

impl Pcm {
    /// Frames.
    pub fn len(&self) -> usize {
        self.channels[0].len()
    }

    /// Interleaved bytes, as `bytes` makes them of one sample.
    fn interleaved(&self, bytes: impl Fn(i16) -> [u8; 2]) -> Vec<u8> {
        let pairs = self.channels[0].iter().zip(&self.channels[1]);
        pairs.flat_map(|(left, right)| [bytes(*left), bytes(*right)].concat()).collect()
    }
}
