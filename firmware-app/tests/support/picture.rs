//! Pictures of the screen as PNG, and how far two of them are apart.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;

/// A channel may be off by this much anywhere: rounding of another processor.
const CHANNEL_TOLERANCE: u8 = 12;
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

    /// With a palette where the colours allow it without loss, which makes it several times smaller.
    pub fn write(&self, path: &Path) {
        let mut palette: Vec<[u8; 3]> = self.pixels().collect();
        palette.sort_unstable();
        palette.dedup();
        let file = BufWriter::new(File::create(path).unwrap());
        let mut encoder = png::Encoder::new(file, self.width, self.height);
        encoder.set_compression(png::Compression::High);
        if palette.len() <= 256 {
            encoder.set_color(png::ColorType::Indexed);
            encoder.set_palette(palette.concat());
            encoder.set_filter(png::Filter::NoFilter);
            let index = |pixel: [u8; 3]| palette.binary_search(&pixel).unwrap() as u8;
            let data: Vec<u8> = self.pixels().map(index).collect();
            encoder.write_header().unwrap().write_image_data(&data).unwrap();
        } else {
            encoder.set_color(png::ColorType::Rgb);
            encoder.set_filter(png::Filter::Adaptive);
            encoder.write_header().unwrap().write_image_data(&self.rgb).unwrap();
        }
    }

    /// Says how, if it differs by more than the tolerance.
    pub fn differs_from(&self, other: &Self) -> Option<String> {
        if (self.width, self.height) != (other.width, other.height) {
            return Some(format!("{}x{} instead of {}x{}", self.width, self.height, other.width, other.height));
        }
        let off = self.pixels().zip(other.pixels()).filter(|(a, b)| distance(*a, *b) > CHANNEL_TOLERANCE).count();
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
