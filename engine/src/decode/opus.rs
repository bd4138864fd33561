//! Opus of more than one stream in a packet (RFC 7845, 5.1.1: surround, or two independent channels).
//!
//! A packet of N streams holds N − 1 Opus packets in self-delimiting framing and one plain one. They are
//! taken apart, decoded by N decoders, and the channel map puts the results in their places.
use symphonia::core::audio::{
    AsGenericAudioBufferRef, Audio, AudioBuffer, AudioMut, AudioSpec, Channels, GenericAudioBufferRef,
    Position,
};
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::codecs::registry::RegisterableAudioDecoder as _;
use symphonia::core::errors::{Error, Result};
use symphonia::core::packet::{Packet, PacketRef};
use symphonia_adapter_libopus::OpusDecoder;

/// The longest packet: 120 ms at 48 kHz.
const MAX_FRAMES: usize = 5760;
/// A channel that is silent by the map.
const SILENT: u8 = 255;

/// A decoder without the pre-skip, which the timeline cuts.
pub(super) fn single(params: &AudioCodecParameters) -> Result<Box<dyn AudioDecoder>> {
    let bare = AudioCodecParameters { extra_data: None, ..params.clone() };
    OpusDecoder::try_registry_new(&bare, &AudioDecoderOptions::default())
}

/// Decoder of several streams.
pub(super) struct MultiStream {
    streams: Vec<Box<dyn AudioDecoder>>,
    /// For each plane: the stream it comes from and the channel in it; none is silence.
    sources: Vec<Option<(usize, usize)>>,
    buffer: AudioBuffer<f32>,
    plain: Vec<u8>,
}

impl MultiStream {
    /// The decoder for these parameters; `None` if one stream is all there is.
    pub fn new(params: &AudioCodecParameters) -> Result<Option<Self>> {
        let head = params.extra_data.as_deref().filter(|d| d.starts_with(b"OpusHead"));
        let (Some(head), Some(channels)) = (head, &params.channels) else { return Ok(None) };
        let (Some(1), Some(map)) = (head.get(18), head.get(21..21 + channels.count())) else {
            return Ok(None);
        };
        let (count, coupled) = (usize::from(head[19]), usize::from(head[20]));
        if count == 1 && channels.count() <= 2 {
            return Ok(None);
        }
        if count == 0 || coupled > count || count > channels.count() {
            return Err(Error::DecodeError("opus: impossible channel map"));
        }
        let stream = |i: usize| {
            let set = if i < coupled {
                Position::FRONT_LEFT | Position::FRONT_RIGHT
            } else {
                Position::FRONT_CENTER
            };
            single(&AudioCodecParameters { channels: Some(Channels::Positioned(set)), ..params.clone() })
        };
        let streams = (0..count).map(stream).collect::<Result<Vec<_>>>()?;
        let sources = sources(channels, map, count, coupled)?;
        let buffer = AudioBuffer::new(AudioSpec::new(48_000, channels.clone()), MAX_FRAMES);
        Ok(Some(Self { streams, sources, buffer, plain: Vec::new() }))
    }

    /// Forgets the packets before.
    pub fn reset(&mut self) {
        self.streams.iter_mut().for_each(|s| s.reset());
    }

    /// Decodes a packet whole.
    pub fn decode(&mut self, packet: &Packet) -> Result<GenericAudioBufferRef<'_>> {
        self.buffer.clear();
        let mut rest: &[u8] = &packet.data;
        let last = self.streams.len() - 1;
        for i in 0..self.streams.len() {
            let data = if i == last {
                rest
            } else {
                let used =
                    undelimit(rest, &mut self.plain).ok_or(Error::DecodeError("opus: broken framing"))?;
                rest = &rest[used..];
                &self.plain
            };
            let one = PacketRef::new(packet.track_id, packet.pts, packet.dur, data);
            let GenericAudioBufferRef::F32(sound) = self.streams[i].decode_ref(&one)? else {
                return Err(Error::DecodeError("opus: not float"));
            };
            if i == 0 {
                self.buffer.render_silence(Some(sound.frames().min(MAX_FRAMES)));
            }
            for (plane, source) in self.sources.iter().enumerate() {
                let from =
                    source.filter(|(stream, _)| *stream == i).and_then(|(_, channel)| sound.plane(channel));
                if let (Some(from), Some(to)) = (from, self.buffer.plane_mut(plane)) {
                    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
                }
            }
        }
        Ok(self.buffer.as_generic_audio_buffer_ref())
    }
}

/// Where each plane comes from. The map is in the order of Vorbis I, 4.3.9; planes are in that of the mask.
fn sources(
    channels: &Channels,
    map: &[u8],
    count: usize,
    coupled: usize,
) -> Result<Vec<Option<(usize, usize)>>> {
    use Position as P;
    const FRONT: [Position; 3] = [P::FRONT_LEFT, P::FRONT_CENTER, P::FRONT_RIGHT];
    let tail: &[Position] = match map.len() {
        5 => &[P::REAR_LEFT, P::REAR_RIGHT],
        6 => &[P::REAR_LEFT, P::REAR_RIGHT, P::LFE1],
        7 => &[P::SIDE_LEFT, P::SIDE_RIGHT, P::REAR_CENTER, P::LFE1],
        8 => &[P::SIDE_LEFT, P::SIDE_RIGHT, P::REAR_LEFT, P::REAR_RIGHT, P::LFE1],
        _ => &[],
    };
    let order: Vec<Position> = match map.len() {
        1 => vec![P::FRONT_LEFT],
        2 => vec![P::FRONT_LEFT, P::FRONT_RIGHT],
        4 => vec![P::FRONT_LEFT, P::FRONT_RIGHT, P::REAR_LEFT, P::REAR_RIGHT],
        _ => FRONT.iter().chain(tail).copied().collect(),
    };
    let mut sources = vec![None; map.len()];
    for (position, index) in order.into_iter().zip(map) {
        let plane = channels.get_canonical_index_for_positioned_channel(position);
        let i = usize::from(*index);
        let source = if i < 2 * coupled { (i / 2, i % 2) } else { (i - coupled, 0) };
        match plane.and_then(|p| sources.get_mut(p)) {
            Some(_) if *index == SILENT => {}
            Some(place) if source.0 < count => *place = Some(source),
            _ => return Err(Error::DecodeError("opus: impossible channel map")),
        }
    }
    Ok(sources)
}

/// Reads one self-delimited packet (RFC 6716, appendix B) from the start of `data`, writes it to `plain` in
/// the usual framing, and says how long it was.
fn undelimit(data: &[u8], plain: &mut Vec<u8>) -> Option<usize> {
    let toc = *data.first()?;
    plain.clear();
    plain.push(toc);
    let mut at = 1;
    let (frames, padding, lengths) = match toc & 3 {
        0 => (1, 0, 0),
        1 => (2, 0, 0),
        2 => (2, 0, 1),
        _ => {
            let count = *data.get(at)?;
            at += 1;
            let mut padding = 0;
            let mut more = if count & 0x40 != 0 { 255 } else { 0 };
            while more == 255 {
                more = usize::from(*data.get(at)?);
                at += 1;
                padding += more.min(254);
            }
            let frames = usize::from(count & 0x3f);
            let lengths = if count & 0x80 != 0 { frames.checked_sub(1)? } else { 0 };
            (frames, padding, lengths)
        }
    };
    // The lengths that the usual framing has too, then the one that only this framing has.
    let mut total = 0;
    for _ in 0..lengths {
        let (len, used) = length(data.get(at..)?)?;
        at += used;
        total += len;
    }
    plain.extend_from_slice(data.get(1..at)?);
    let (last, used) = length(data.get(at..)?)?;
    at += used;
    total += if lengths == 0 { last * frames } else { last };
    let end = at.checked_add(total)?.checked_add(padding)?;
    plain.extend_from_slice(data.get(at..end)?);
    Some(end)
}

/// A frame length of one or two bytes (RFC 6716, 3.2.1).
fn length(data: &[u8]) -> Option<(usize, usize)> {
    let first = usize::from(*data.first()?);
    if first < 252 { Some((first, 1)) } else { Some((first + 4 * usize::from(*data.get(1)?), 2)) }
}
