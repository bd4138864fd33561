//! Writes 32-bit float WAV. The header is brought up to date once a second of sound, so that a file
//! cut off by a kill can still be read; beyond 4 GiB the file becomes RF64 (EBU Tech 3306), for
//! which room is kept in a `JUNK` chunk from the start.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::{AudioError, AudioFormat};

const SAMPLE_BYTES: u64 = 4;
/// Bytes gathered before they go to the file.
const BUFFER_BYTES: usize = 64 * 1024;
/// `WAVE_FORMAT_IEEE_FLOAT` and `WAVE_FORMAT_EXTENSIBLE` of mmreg.h.
const FORMAT_FLOAT: u16 = 3;
const FORMAT_EXTENSIBLE: u16 = 0xFFFE;
/// `KSDATAFORMAT_SUBTYPE_IEEE_FLOAT`, as it lies in the file.
const SUBTYPE_FLOAT: [u8; 16] = [0x03, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

/// A WAV file being written: any rate and channel count, 32-bit float samples as given.
///
/// Dropping it finishes the file too, but hides errors: call [`WavWriter::finish`].
#[derive(Debug)]
pub struct WavWriter {
    path: PathBuf,
    file: File,
    format: AudioFormat,
    buffer: Vec<u8>,
    /// Bytes of samples handed over so far, buffered ones included.
    data_bytes: u64,
    /// `data_bytes` at the last header update.
    header_bytes: u64,
    finished: bool,
}

impl WavWriter {
    /// Creates (or overwrites) the file and writes the header of an empty one.
    ///
    /// # Errors
    /// [`AudioError::File`] when it cannot be created; [`AudioError::NoFormat`] for a rate or a
    /// channel count of zero.
    pub fn create(path: impl AsRef<Path>, format: AudioFormat) -> Result<Self, AudioError> {
        if format.rate == 0 || format.channels == 0 {
            return Err(AudioError::NoFormat("a WAV file needs a rate and a channel".into()));
        }
        let path = path.as_ref().to_owned();
        let mut file = File::create(&path).map_err(|error| file_error(&path, &error))?;
        file.write_all(&header(format, 0)).map_err(|error| file_error(&path, &error))?;
        let buffer = Vec::with_capacity(BUFFER_BYTES);
        Ok(Self { path, file, format, buffer, data_bytes: 0, header_bytes: 0, finished: false })
    }

    /// The file's format.
    #[must_use]
    pub fn format(&self) -> AudioFormat {
        self.format
    }

    /// Whole frames written so far.
    #[must_use]
    pub fn frames(&self) -> u64 {
        self.data_bytes / (SAMPLE_BYTES * u64::from(self.format.channels))
    }

    /// Appends interleaved samples.
    ///
    /// # Errors
    /// [`AudioError::File`] when the medium is full or gone.
    pub fn write(&mut self, samples: &[f32]) -> Result<(), AudioError> {
        self.append(samples).map_err(|error| file_error(&self.path, &error))
    }

    /// Writes what is buffered and makes the header tell the present length.
    ///
    /// # Errors
    /// [`AudioError::File`] when the medium is full or gone.
    pub fn flush(&mut self) -> Result<(), AudioError> {
        self.update_header().map_err(|error| file_error(&self.path, &error))
    }

    /// Completes the file and returns its length in frames.
    ///
    /// # Errors
    /// [`AudioError::File`] when the medium is full or gone.
    pub fn finish(mut self) -> Result<u64, AudioError> {
        self.finished = true;
        self.flush()?;
        Ok(self.frames())
    }

    fn append(&mut self, samples: &[f32]) -> io::Result<()> {
        for chunk in samples.chunks(BUFFER_BYTES / 4) {
            if self.buffer.len() + chunk.len() * 4 > BUFFER_BYTES {
                self.write_buffer()?;
            }
            self.buffer.extend(chunk.iter().flat_map(|sample| sample.to_le_bytes()));
            self.data_bytes += chunk.len() as u64 * SAMPLE_BYTES;
        }
        let second = u64::from(self.format.rate) * u64::from(self.format.channels) * SAMPLE_BYTES;
        if self.data_bytes - self.header_bytes >= second {
            self.update_header()?;
        }
        Ok(())
    }

    fn write_buffer(&mut self) -> io::Result<()> {
        self.file.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }

    fn update_header(&mut self) -> io::Result<()> {
        self.write_buffer()?;
        if self.header_bytes != self.data_bytes {
            self.file.seek(SeekFrom::Start(0))?;
            self.file.write_all(&header(self.format, self.data_bytes))?;
            self.file.seek(SeekFrom::End(0))?;
            self.header_bytes = self.data_bytes;
        }
        Ok(())
    }
}

impl Drop for WavWriter {
    fn drop(&mut self) {
        if !self.finished {
            // Nobody is left to tell of an error.
            let _ = self.update_header();
        }
    }
}

fn file_error(path: &Path, error: &io::Error) -> AudioError {
    AudioError::File(format!("{}: {error}", path.display()))
}

/// The whole header for `data_bytes` of samples; its length depends on the format alone.
fn header(format: AudioFormat, data_bytes: u64) -> Vec<u8> {
    let channels = u64::from(format.channels);
    let frames = data_bytes / (SAMPLE_BYTES * channels);
    let fmt = fmt_chunk(format);
    // WAVE, JUNK or ds64 (8 + 28), fmt, fact (8 + 4), the head of data (8).
    let before_data = 4 + 36 + fmt.len() as u64 + 12 + 8;
    let riff_bytes = before_data + data_bytes;
    let narrow = |value: u64| u32::try_from(value).unwrap_or(u32::MAX).to_le_bytes();
    let is_rf64 = riff_bytes > u64::from(u32::MAX);

    let mut out = Vec::with_capacity(8 + before_data as usize);
    out.extend(if is_rf64 { b"RF64" } else { b"RIFF" });
    out.extend(narrow(riff_bytes));
    out.extend(b"WAVE");
    out.extend(if is_rf64 { b"ds64" } else { b"JUNK" });
    out.extend(28_u32.to_le_bytes());
    for value in [riff_bytes, data_bytes, frames] {
        out.extend(if is_rf64 { value } else { 0 }.to_le_bytes());
    }
    out.extend(0_u32.to_le_bytes());
    out.extend(fmt);
    out.extend(b"fact");
    out.extend(4_u32.to_le_bytes());
    out.extend(narrow(frames));
    out.extend(b"data");
    out.extend(if is_rf64 { u32::MAX.to_le_bytes() } else { narrow(data_bytes) });
    out
}

fn fmt_chunk(format: AudioFormat) -> Vec<u8> {
    let is_extensible = format.channels > 2;
    let frame_bytes = format.channels.saturating_mul(4);
    let mut out = Vec::with_capacity(48);
    out.extend(b"fmt ");
    out.extend(if is_extensible { 40_u32 } else { 18 }.to_le_bytes());
    out.extend(if is_extensible { FORMAT_EXTENSIBLE } else { FORMAT_FLOAT }.to_le_bytes());
    out.extend(format.channels.to_le_bytes());
    out.extend(format.rate.to_le_bytes());
    out.extend(format.rate.saturating_mul(u32::from(frame_bytes)).to_le_bytes());
    out.extend(frame_bytes.to_le_bytes());
    out.extend(32_u16.to_le_bytes());
    if is_extensible {
        out.extend(22_u16.to_le_bytes());
        out.extend(32_u16.to_le_bytes());
        out.extend(speaker_mask(format.channels).to_le_bytes());
        out.extend(SUBTYPE_FLOAT);
    } else {
        out.extend(0_u16.to_le_bytes());
    }
    out
}

/// Speaker positions of mmreg.h for the usual layouts; 0 (no positions) for the others.
fn speaker_mask(channels: u16) -> u32 {
    match channels {
        3 => 0x0B,  // 2.1: FL FR LFE
        4 => 0x33,  // FL FR BL BR
        5 => 0x37,  // FL FR FC BL BR
        6 => 0x3F,  // 5.1
        8 => 0x63F, // 7.1
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::fs;

    const STEREO: AudioFormat = AudioFormat { rate: 48_000, channels: 2 };

    fn u32_at(bytes: &[u8], at: usize) -> u32 {
        u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
    }

    fn find(bytes: &[u8], id: &[u8; 4]) -> usize {
        bytes.windows(4).position(|window| window == id).unwrap()
    }

    /// Length that the `data` chunk states, and the samples it holds.
    fn data(bytes: &[u8]) -> Vec<f32> {
        let at = find(bytes, b"data");
        let stated = u32_at(bytes, at + 4) as usize;
        bytes[at + 8..at + 8 + stated]
            .chunks_exact(4)
            .map(|b| f32::from_le_bytes(b.try_into().unwrap()))
            .collect()
    }

    #[test]
    fn a_finished_file_holds_the_samples_bit_for_bit() {
        let dir = tempfile::tempdir().unwrap();
        for channels in [1, 2, 6] {
            let path = dir.path().join(format!("{channels}.wav"));
            let mut writer = WavWriter::create(&path, AudioFormat { rate: 44_100, channels }).unwrap();
            let samples: Vec<f32> = (0..100_002).map(|n| (n as f32 * 0.37).sin() * 1.5).collect();
            for chunk in samples.chunks(777) {
                writer.write(chunk).unwrap();
            }
            assert_eq!(writer.finish().unwrap(), 100_002 / u64::from(channels));
            let bytes = fs::read(&path).unwrap();
            assert_eq!(u32_at(&bytes, 4) as usize, bytes.len() - 8);
            assert_eq!(u32_at(&bytes, find(&bytes, b"fact") + 8), 100_002 / u32::from(channels));
            assert_eq!(data(&bytes), samples);
        }
    }

    #[test]
    fn a_file_cut_off_by_a_kill_can_be_read_to_the_last_second() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("killed.wav");
        let mut writer = WavWriter::create(&path, STEREO).unwrap();
        for _ in 0..250 {
            writer.write(&[0.25; 960]).unwrap();
        }
        let samples = data(&fs::read(&path).unwrap());
        assert_eq!(samples.len(), 2 * 2 * 48_000);
        assert!(samples.iter().all(|&sample| sample == 0.25));
    }

    #[test]
    fn beyond_four_gib_the_header_is_rf64() {
        let five_gib = 5 << 30;
        let small = header(STEREO, 1024);
        let big = header(STEREO, five_gib);
        assert_eq!((&small[..4], &big[..4]), (&b"RIFF"[..], &b"RF64"[..]));
        assert_eq!(small.len(), big.len());
        assert_eq!(u32_at(&big, 4), u32::MAX);
        let ds64 = find(&big, b"ds64");
        let wide = |at: usize| u64::from_le_bytes(big[at..at + 8].try_into().unwrap());
        assert_eq!(wide(ds64 + 8), five_gib + big.len() as u64 - 8);
        assert_eq!(wide(ds64 + 16), five_gib);
        assert_eq!(wide(ds64 + 24), five_gib / 8);
        assert_eq!(u32_at(&big, find(&big, b"data") + 4), u32::MAX);
    }

    #[test]
    fn refusals_are_typed() {
        let missing = Path::new("/nonexistent-folder/x.wav");
        assert!(matches!(WavWriter::create(missing, STEREO), Err(AudioError::File(_))));
        let mute = AudioFormat { rate: 48_000, channels: 0 };
        assert!(matches!(WavWriter::create("x.wav", mute), Err(AudioError::NoFormat(_))));
    }
}
