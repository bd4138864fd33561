//! What a screen shows, and how two of its pictures differ.

use std::collections::HashSet;
use std::io::BufWriter;
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// RGB rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub width: usize,
    pub height: usize,
    pub rgb: Vec<u8>,
}

impl Picture {
    /// Reads a binary PPM of 8 bits, as QEMU writes it.
    ///
    /// # Errors
    /// If it is none.
    pub fn read_ppm(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::parse(&bytes).with_context(|| format!("{} is no picture", path.display()))
    }

    fn parse(bytes: &[u8]) -> Result<Self> {
        let mut rest = bytes;
        let mut word = || {
            let start = rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
            let end = start + rest[start..].iter().position(u8::is_ascii_whitespace)?;
            let word = std::str::from_utf8(&rest[start..end]).ok()?;
            rest = &rest[end..];
            Some(word)
        };
        let header =
            (word(), word().and_then(|w| w.parse().ok()), word().and_then(|h| h.parse().ok()), word());
        let (Some("P6"), Some(width), Some(height), Some("255")) = header else { bail!("no P6 of 8 bits") };
        let rgb = rest.get(1..).unwrap_or_default().to_vec();
        if rgb.len() != width * height * 3 {
            bail!("{} bytes for {width}x{height}", rgb.len());
        }
        Ok(Self { width, height, rgb })
    }

    /// Writes it as PNG.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_png(&self, path: &Path) -> Result<()> {
        let file = BufWriter::new(std::fs::File::create(path)?);
        let mut encoder = png::Encoder::new(file, self.width as u32, self.height as u32);
        encoder.set_color(png::ColorType::Rgb);
        encoder.write_header()?.write_image_data(&self.rgb)?;
        Ok(())
    }

    /// Different colours, counted up to 1000.
    pub fn colours(&self) -> usize {
        let mut seen = HashSet::new();
        for pixel in self.rgb.chunks_exact(3) {
            seen.insert([pixel[0], pixel[1], pixel[2]]);
            if seen.len() == 1000 {
                break;
            }
        }
        seen.len()
    }

    /// The share of the pixels that differ visibly from those of `other`, in these rows (shares of the height); all
    /// of them if the sizes differ.
    pub fn differs(&self, other: &Self, rows: Range<f64>) -> f64 {
        if (self.width, self.height) != (other.width, other.height) {
            return 1.0;
        }
        let at = |share: f64| (share * self.height as f64) as usize * self.width * 3;
        let (from, to) = (at(rows.start), at(rows.end).min(self.rgb.len()));
        let (a, b) = (&self.rgb[from..to], &other.rgb[from..to]);
        let is_other = |(a, b): &(&[u8], &[u8])| a.iter().zip(*b).any(|(a, b)| a.abs_diff(*b) > 24);
        let count = a.chunks_exact(3).zip(b.chunks_exact(3)).filter(is_other).count();
        count as f64 / (a.len() / 3).max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_read_and_compared() {
        let one = Picture::parse(b"P6\n2 2\n255\n\0\0\0\x10\x10\x10\x40\0\0\xff\xff\xff").unwrap();
        assert_eq!((one.width, one.height, one.colours()), (2, 2, 4));
        let other = Picture::parse(b"P6 2 2 255\n\0\0\0\x10\x10\x10\0\0\0\xff\xff\xff").unwrap();
        assert_eq!(one.differs(&other, 0.0..1.0), 0.25);
        assert_eq!(one.differs(&other, 0.0..0.5), 0.0);
        assert_eq!(one.differs(&other, 0.5..1.0), 0.5);
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        for bytes in [&b"P5 2 2 255\n"[..], b"P6 2 2 255\n\0", b"P6 2", b"", b"P6 x 2 255\n"] {
            assert!(Picture::parse(bytes).is_err(), "{bytes:?}");
        }
    }
}
