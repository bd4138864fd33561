//! FLAC (RFC 9639), 16-bit stereo: fixed predictors, Rice codes, the best of four stereo modes, tags and
//! a picture. Small rather than the smallest: about a tenth larger than the reference encoder's best.

use super::{Pcm, Tags, md5};

const BLOCK: usize = 4096;
const MAX_ORDER: usize = 4;
const MAX_RICE: u32 = 14;

/// The whole file.
pub fn encode(pcm: &Pcm, tags: &Tags, cover_png: &[u8], cover_edge: u32) -> Vec<u8> {
    let mut file = b"fLaC".to_vec();
    metadata(&mut file, 0, false, &stream_info(pcm));
    metadata(&mut file, 4, false, &vorbis_comment(tags));
    metadata(&mut file, 6, true, &picture(cover_png, cover_edge));
    for (number, start) in (0..pcm.len()).step_by(BLOCK).enumerate() {
        let end = (start + BLOCK).min(pcm.len());
        let channel = |index: usize| -> Vec<i32> {
            pcm.channels[index][start..end].iter().map(|s| i32::from(*s)).collect()
        };
        file.extend(frame(number as u32, pcm.rate, &channel(0), &channel(1)));
    }
    file
}

fn metadata(file: &mut Vec<u8>, kind: u8, last: bool, body: &[u8]) {
    file.push(kind | if last { 0x80 } else { 0 });
    file.extend(&(body.len() as u32).to_be_bytes()[1..]);
    file.extend_from_slice(body);
}

fn stream_info(pcm: &Pcm) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.put(BLOCK as u64, 16);
    bits.put(BLOCK as u64, 16);
    // Smallest and largest frame are not stated.
    bits.put(0, 48);
    bits.put(u64::from(pcm.rate), 20);
    bits.put(1, 3);
    bits.put(15, 5);
    bits.put(pcm.len() as u64, 36);
    let mut body = bits.bytes();
    body.extend(md5::digest(&pcm.interleaved(i16::to_le_bytes)));
    body
}

/// A Vorbis comment's body, also what Ogg files carry.
fn vorbis_comment(tags: &Tags) -> Vec<u8> {
    let text = |text: &str| [&(text.len() as u32).to_le_bytes(), text.as_bytes()].concat();
    let entries = [
        format!("TITLE={}", tags.title),
        format!("ARTIST={}", tags.artist),
        format!("ALBUMARTIST={}", tags.artist),
        format!("ALBUM={}", tags.album),
        format!("TRACKNUMBER={}", tags.track),
        format!("TRACKTOTAL={}", tags.tracks),
        format!("GENRE={}", tags.genre),
        format!("DATE={}", tags.year),
    ];
    let mut body = text("rusty-audio demo album");
    body.extend((entries.len() as u32).to_le_bytes());
    entries.iter().for_each(|entry| body.extend(text(entry)));
    body
}

/// A picture block's body: the front cover.
fn picture(png: &[u8], edge: u32) -> Vec<u8> {
    let number = |value: u32| value.to_be_bytes();
    let mut body = number(3).to_vec();
    body.extend(number(9));
    body.extend(b"image/png");
    body.extend(number(0));
    for value in [edge, edge, 24, 0, png.len() as u32] {
        body.extend(number(value));
    }
    body.extend_from_slice(png);
    body
}

fn frame(number: u32, rate: u32, left: &[i32], right: &[i32]) -> Vec<u8> {
    let size = left.len();
    let mut bits = Bits::default();
    bits.put(0b1111_1111_1111_1000, 16);
    bits.put(0b0111, 4);
    bits.put(if rate == 44_100 { 0b1001 } else { 0 }, 4);

    let mid: Vec<i32> = left.iter().zip(right).map(|(l, r)| (l + r) >> 1).collect();
    let side: Vec<i32> = left.iter().zip(right).map(|(l, r)| l - r).collect();
    let coded = [subframe(left, 16), subframe(right, 16), subframe(&mid, 16), subframe(&side, 17)];
    // Code, first and second subframe: left+right, left+side, side+right, mid+side.
    let modes = [(1, 0, 1), (8, 0, 3), (9, 3, 1), (10, 2, 3)];
    let cost = |mode: &(u64, usize, usize)| coded[mode.1].len + coded[mode.2].len;
    let (code, first, second) = modes.into_iter().min_by_key(cost).unwrap_or(modes[0]);
    bits.put(code, 4);
    bits.put(0b100 << 1, 4);
    utf8_number(&mut bits, number);
    bits.put(size as u64 - 1, 16);
    let header = bits.clone().bytes();
    bits.put(u64::from(crc8(&header)), 8);
    bits.append(&coded[first]);
    bits.append(&coded[second]);
    let mut frame = bits.bytes();
    let check = crc16(&frame);
    frame.extend(check.to_be_bytes());
    frame
}

/// One channel of a block by the fixed predictor that leaves the least.
fn subframe(samples: &[i32], width: u32) -> Bits {
    let mut bits = Bits::default();
    if samples.iter().all(|sample| *sample == samples[0]) {
        bits.put(0, 8);
        bits.signed(samples[0], width);
        return bits;
    }
    let highest = MAX_ORDER.min(samples.len() - 1);
    let mut residual = samples.to_vec();
    let mut best = (u64::MAX, 0, residual.clone());
    for order in 0..=highest {
        if order > 0 {
            // Each order is the difference of the one before.
            residual = residual.windows(2).map(|pair| pair[1] - pair[0]).collect();
        }
        let size: u64 = residual.iter().map(|r| u64::from(r.unsigned_abs())).sum();
        if size < best.0 {
            best = (size, order, residual.clone());
        }
    }
    let (_, order, residual) = best;
    bits.put((0b001_000 | order as u64) << 1, 8);
    samples[..order].iter().for_each(|sample| bits.signed(*sample, width));
    rice(&mut bits, &residual, samples.len(), order);
    bits
}

/// The residual in partitions, each with its own Rice parameter.
fn rice(bits: &mut Bits, residual: &[i32], block: usize, order: usize) {
    let mut depth = 4;
    while depth > 0 && (!block.is_multiple_of(1 << depth) || block >> depth <= order) {
        depth -= 1;
    }
    bits.put(0, 2);
    bits.put(depth, 4);
    let size = block >> depth;
    let mut rest = residual;
    for partition in 0..1 << depth {
        let (now, later) = rest.split_at(if partition == 0 { size - order } else { size });
        rest = later;
        let folded: Vec<u32> = now.iter().map(|r| ((r << 1) ^ (r >> 31)) as u32).collect();
        let cost = |k: u32| folded.iter().map(|v| u64::from(v >> k) + 1 + u64::from(k)).sum::<u64>();
        let k = (0..=MAX_RICE).min_by_key(|k| cost(*k)).unwrap_or(0);
        bits.put(u64::from(k), 4);
        for value in folded {
            bits.zeros(value >> k);
            bits.put((1 << k) | u64::from(value & ((1 << k) - 1)), k + 1);
        }
    }
}

/// The frame's number in the extended UTF-8 of the format.
fn utf8_number(bits: &mut Bits, number: u32) {
    match number {
        0..0x80 => bits.put(u64::from(number), 8),
        0x80..0x800 => {
            bits.put(u64::from(0xc0 | number >> 6), 8);
            bits.put(u64::from(0x80 | number & 0x3f), 8);
        }
        _ => {
            bits.put(u64::from(0xe0 | number >> 12), 8);
            bits.put(u64::from(0x80 | number >> 6 & 0x3f), 8);
            bits.put(u64::from(0x80 | number & 0x3f), 8);
        }
    }
}

/// Of frame headers (RFC 9639, section 9.1.8).
pub fn crc8(data: &[u8]) -> u8 {
    data.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ byte, |crc, _| if crc & 0x80 != 0 { crc << 1 ^ 0x07 } else { crc << 1 })
    })
}

/// Of frames (RFC 9639, section 9.3).
pub fn crc16(data: &[u8]) -> u16 {
    data.iter().fold(0, |crc, byte| {
        let crc = crc ^ u16::from(*byte) << 8;
        (0..8).fold(crc, |crc, _| if crc & 0x8000 != 0 { crc << 1 ^ 0x8005 } else { crc << 1 })
    })
}

/// Bits, most significant first.
#[derive(Clone, Debug, Default)]
struct Bits {
    whole: Vec<u8>,
    pending: u64,
    held: u32,
    len: usize,
}

impl Bits {
    /// The lowest `count` bits of `value`, at most 48.
    fn put(&mut self, value: u64, count: u32) {
        self.pending = self.pending << count | value;
        self.held += count;
        self.len += count as usize;
        while self.held >= 8 {
            self.held -= 8;
            self.whole.push((self.pending >> self.held) as u8);
        }
        self.pending &= (1 << self.held) - 1;
    }

    fn signed(&mut self, value: i32, count: u32) {
        self.put(u64::from(value as u32) & ((1 << count) - 1), count);
    }

    fn zeros(&mut self, mut count: u32) {
        while count > 0 {
            let now = count.min(32);
            self.put(0, now);
            count -= now;
        }
    }

    fn append(&mut self, other: &Self) {
        other.whole.iter().for_each(|byte| self.put(u64::from(*byte), 8));
        self.put(other.pending, other.held);
    }

    /// Everything, filled up with zeros to a whole byte.
    fn bytes(mut self) -> Vec<u8> {
        if self.held > 0 {
            self.put(0, 8 - self.held);
        }
        self.whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_match_the_published_ones() {
        assert_eq!(crc8(b"123456789"), 0xf4);
        assert_eq!(crc16(b"123456789"), 0xfee8);
    }

    #[test]
    fn bits_are_most_significant_first() {
        let mut bits = Bits::default();
        bits.put(0b101, 3);
        bits.signed(-1, 4);
        bits.zeros(2);
        assert_eq!(bits.len, 9);
        assert_eq!(bits.bytes(), [0b1011_1110, 0]);
    }

    #[test]
    fn silence_and_a_last_short_block_are_coded() {
        let tags = Tags {
            title: "t".into(),
            artist: "a".into(),
            album: "b".into(),
            track: 1,
            tracks: 1,
            genre: "g".into(),
            year: "2026".into(),
        };
        let pcm = Pcm { rate: 44_100, channels: [vec![0; BLOCK + 1], vec![0; BLOCK + 1]] };
        let file = encode(&pcm, &tags, b"png", 600);
        assert!(file.len() < 400, "{} bytes", file.len());
        assert_eq!(&file[..4], b"fLaC");
    }
}
