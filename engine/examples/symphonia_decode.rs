//! The bench's floor: decode a file with symphonia and do nothing else. Prints the frames.

#![allow(clippy::print_stdout)]

use std::fs::File;
use std::io::{Error, Result};

use symphonia::core::codecs::audio::AudioDecoderOptions;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;

fn main() -> Result<()> {
    let path = std::env::args_os().nth(1).ok_or_else(|| Error::other("symphonia_decode FILE"))?;
    let stream = MediaSourceStream::new(Box::new(File::open(path)?), Default::default());
    let mut format = symphonia::default::get_probe()
        .probe(&Hint::new(), stream, FormatOptions::default(), MetadataOptions::default())
        .map_err(Error::other)?;
    let track = format.default_track(TrackType::Audio).ok_or_else(|| Error::other("no audio"))?;
    let id = track.id;
    let parameters = track
        .codec_params
        .as_ref()
        .and_then(|parameters| parameters.audio())
        .ok_or_else(|| Error::other("no audio parameters"))?;
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(parameters, &AudioDecoderOptions::default())
        .map_err(Error::other)?;
    let mut frames = 0;
    while let Some(packet) = format.next_packet().map_err(Error::other)? {
        if packet.track_id == id {
            frames += decoder.decode(&packet).map_err(Error::other)?.frames();
        }
    }
    println!("{frames}");
    Ok(())
}
