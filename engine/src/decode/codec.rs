//! The codec of a track, and what it calls itself.
use symphonia::core::audio::GenericAudioBufferRef;
use symphonia::core::codecs::audio::well_known as id;
use symphonia::core::codecs::audio::{AudioCodecId, AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Result;
use symphonia::core::packet::{Packet, PacketRef};

use super::opus::{self, MultiStream};

/// A decoder that gives everything it decodes: delay and padding are cut by the timeline, not here.
pub(super) struct Codec {
    decoder: Either,
    params: AudioCodecParameters,
    /// Linear gain the stream asks for (Opus output gain, RFC 7845, 5.1).
    pub gain: f32,
}

enum Either {
    One(Box<dyn AudioDecoder>),
    Several(MultiStream),
}

impl Codec {
    /// The decoder for these parameters.
    pub fn new(params: &AudioCodecParameters) -> Result<Self> {
        let options = AudioDecoderOptions::default();
        if params.codec == id::CODEC_ID_OPUS {
            let decoder = match MultiStream::new(params)? {
                Some(several) => Either::Several(several),
                None => Either::One(opus::single(params)?),
            };
            return Ok(Self { decoder, params: params.clone(), gain: output_gain(params) });
        }
        let decoder = symphonia::default::get_codecs().make_audio_decoder(params, &options)?;
        let params = decoder.codec_params().clone();
        Ok(Self { decoder: Either::One(decoder), params, gain: 1.0 })
    }

    /// What is known of the stream.
    pub fn params(&self) -> &AudioCodecParameters {
        &self.params
    }

    /// Decodes a packet whole.
    pub fn decode(&mut self, packet: &Packet) -> Result<GenericAudioBufferRef<'_>> {
        match &mut self.decoder {
            Either::One(decoder) => decoder.decode_ref(&PacketRef::new(
                packet.track_id,
                packet.pts,
                packet.block_dur(),
                &packet.data,
            )),
            Either::Several(decoder) => decoder.decode(packet),
        }
    }

    /// Forgets the packets before.
    pub fn reset(&mut self) {
        match &mut self.decoder {
            Either::One(decoder) => decoder.reset(),
            Either::Several(decoder) => decoder.reset(),
        }
    }

    /// The codec's usual name.
    pub fn name(&self) -> &'static str {
        match self.params.codec {
            id::CODEC_ID_FLAC => "FLAC",
            id::CODEC_ID_MP3 => "MP3",
            id::CODEC_ID_AAC => "AAC",
            id::CODEC_ID_ALAC => "ALAC",
            id::CODEC_ID_VORBIS => "Vorbis",
            id::CODEC_ID_OPUS => "Opus",
            _ => "PCM",
        }
    }

    /// Bits per sample, for codecs that have them.
    pub fn bits(&self) -> Option<u32> {
        float_bits(self.params.codec).or_else(|| match self.params.codec {
            id::CODEC_ID_MP3 | id::CODEC_ID_AAC | id::CODEC_ID_VORBIS | id::CODEC_ID_OPUS => None,
            _ => self.params.bits_per_coded_sample.or(self.params.bits_per_sample),
        })
    }
}

fn float_bits(codec: AudioCodecId) -> Option<u32> {
    match codec {
        id::CODEC_ID_PCM_F32LE | id::CODEC_ID_PCM_F32BE => Some(32),
        id::CODEC_ID_PCM_F64LE | id::CODEC_ID_PCM_F64BE => Some(64),
        _ => None,
    }
}

/// Bytes 16 and 17 of OpusHead: dB in Q7.8, little endian.
fn output_gain(params: &AudioCodecParameters) -> f32 {
    let head = params.extra_data.as_deref().filter(|d| d.starts_with(b"OpusHead"));
    match head.and_then(|d| d.get(16..18)) {
        Some(&[low, high]) => 10.0f32.powf(f32::from(i16::from_le_bytes([low, high])) / 256.0 / 20.0),
        _ => 1.0,
    }
}
