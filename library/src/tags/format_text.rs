//! The stream's parameters as one line for people.
use super::stream::Stream;

/// `FLAC · 44.1 kHz · 16 bit`, `MP3 · 44.1 kHz · 192 kbit/s`; parts that are not known are left out.
pub(super) fn format_text(stream: &Stream) -> String {
    let mut parts = vec![stream.codec.to_owned()];
    if let Some(rate) = stream.rate.filter(|&rate| rate > 0) {
        parts.push(format!("{} kHz", f64::from(rate) / 1000.0));
    }
    if let Some(bits) = stream.bits.filter(|&bits| bits > 0) {
        parts.push(format!("{bits} bit"));
    } else if let Some(bitrate) = stream.bitrate.filter(|&bitrate| bitrate >= 1000) {
        parts.push(format!("{} kbit/s", (bitrate + 500) / 1000));
    }
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::{Stream, format_text};

    #[test]
    fn parts_that_are_known() {
        let flac = Stream { rate: Some(44_100), bits: Some(16), ..Stream::new("FLAC") };
        assert_eq!(format_text(&flac), "FLAC · 44.1 kHz · 16 bit");
        let mp3 = Stream { rate: Some(22_050), bitrate: Some(191_800), ..Stream::new("MP3") };
        assert_eq!(format_text(&mp3), "MP3 · 22.05 kHz · 192 kbit/s");
        assert_eq!(format_text(&Stream { rate: Some(48_000), ..Stream::new("Opus") }), "Opus · 48 kHz");
        assert_eq!(format_text(&Stream::new("AAC")), "AAC");
    }
}
