//! Pictures of the screen as PNG, and how far two of them are apart.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, dead_code)]

use std::cmp::Reverse;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;

/// A channel may be off by this much anywhere: rounding of another processor.
const CHANNEL_TOLERANCE: u8 = 16;
/// A stored picture may be off by this much to need only 256 colours.
const PALETTE_TOLERANCE: u8 = 10;
/// This many pixels in a million may be off by more.
const PIXELS_PER_MILLION: usize = 400;

/// Rows of RGB.
#[derive(Clone)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub rgb: Vec<u8>,
}

impl Picture {
    /// `None` if there is no such file.
    pub fn read(path: &Path) -> Option<Self> {
        let file = BufReader::new(File::open(path).ok()?);
        let mut decoder = png::Decoder::new(file);
        decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::STRIP_16);
        let mut reader = decoder.read_info().unwrap();
        let mut rgb = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut rgb).unwrap();
        assert_eq!(info.color_type, png::ColorType::Rgb, "{}", path.display());
        rgb.truncate(info.buffer_size());
        Some(Self { width: info.width, height: info.height, rgb })
    }

    /// With a palette of the 256 commonest colours where every other colour is close to one of them,
    /// which makes a picture of flat colours several times smaller.
    pub fn write(&self, path: &Path) {
        let file = BufWriter::new(File::create(path).unwrap());
        let mut encoder = png::Encoder::new(file, self.width, self.height);
        encoder.set_compression(png::Compression::High);
        if let Some((palette, data)) = self.indexed() {
            encoder.set_color(png::ColorType::Indexed);
            encoder.set_palette(palette);
            encoder.set_filter(png::Filter::NoFilter);
            encoder.write_header().unwrap().write_image_data(&data).unwrap();
        } else {
            encoder.set_color(png::ColorType::Rgb);
            encoder.set_filter(png::Filter::NoFilter);
            encoder.write_header().unwrap().write_image_data(&self.rgb).unwrap();
        }
    }

    /// Palette and indices, if no pixel is off by more than [`PALETTE_TOLERANCE`].
    fn indexed(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        let mut counts = HashMap::<[u8; 3], usize>::new();
        for pixel in self.pixels() {
            *counts.entry(pixel).or_default() += 1;
        }
        let mut colours: Vec<_> = counts.into_iter().collect();
        colours.sort_unstable_by_key(|(colour, count)| (Reverse(*count), *colour));
        let palette: Vec<[u8; 3]> = colours.iter().take(256).map(|(colour, _)| *colour).collect();
        let mut index = HashMap::new();
        for (colour, _) in colours {
            let nearest = (0..palette.len()).min_by_key(|i| distance(palette[*i], colour))?;
            if distance(palette[nearest], colour) > PALETTE_TOLERANCE {
                return None;
            }
            index.insert(colour, nearest as u8);
        }
        let data = self.pixels().map(|pixel| index[&pixel]).collect();
        Some((palette.concat(), data))
    }

    /// Says how, if it differs by more than the tolerance.
    pub fn differs_from(&self, other: &Self) -> Option<String> {
        if (self.width, self.height) != (other.width, other.height) {
            return Some(format!(
                "{}x{} instead of {}x{}",
                self.width, self.height, other.width, other.height
            ));
        }
        let off =
            self.pixels().zip(other.pixels()).filter(|(a, b)| distance(*a, *b) > CHANNEL_TOLERANCE).count();
        let allowed = self.rgb.len() / 3 * PIXELS_PER_MILLION / 1_000_000;
        (off > allowed).then(|| format!("{off} pixels differ, {allowed} may"))
    }

    /// Where they differ, in white.
    pub fn difference(&self, other: &Self) -> Self {
        let rgb = self.pixels().zip(other.pixels()).flat_map(|(a, b)| {
            let off = distance(a, b);
            [if off > CHANNEL_TOLERANCE { 255 } else { off * 8 }; 3]
        });
        Self { width: self.width, height: self.height, rgb: rgb.collect() }
    }

    fn pixels(&self) -> impl Iterator<Item = [u8; 3]> {
        self.rgb.chunks_exact(3).map(|pixel| [pixel[0], pixel[1], pixel[2]])
    }
}

fn distance(a: [u8; 3], b: [u8; 3]) -> u8 {
    a.into_iter().zip(b).map(|(a, b)| a.abs_diff(b)).max().unwrap_or(0)
}
