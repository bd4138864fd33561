//! Files that a stick may hold and no player should fall over.

use std::path::Path;

use anyhow::Result;

/// Bad files made from good ones; the numbers put them between `01` and `90`.
///
/// # Errors
/// If they cannot be written.
pub fn write(folder: &Path, flac: &[u8], mp3: &[u8]) -> Result<usize> {
    let files = files(flac, mp3);
    for (number, (name, bytes)) in files.iter().enumerate() {
        std::fs::write(folder.join(format!("{:02} {name}", number + 10)), bytes)?;
    }
    Ok(files.len())
}

fn files(flac: &[u8], mp3: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    // Past the tags and pictures, well inside the sound.
    let truncated = &flac[..flac.len() / 3];
    let huge_block = [b"fLaC\x04\xff\xff\xff".as_slice(), &noise(64, 1)].concat();
    let huge_tag = [b"ID3\x04\0\0\x7f\x7f\x7f\x7f".as_slice(), &noise(4096, 2)].concat();
    let huge_wav = [b"RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\x7f".as_slice(), &noise(256, 3)].concat();
    let huge_atom = [
        b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42".as_slice(),
        b"\0\0\0\x01moov\x7f\xff\xff\xff\xff\xff\xff\xff",
        &noise(512, 4),
    ]
    .concat();
    let huge_comment = [
        b"fLaC\0\0\0\x22\x10\0\x10\0\0\0\0\0\0\0\x0a\xc4\x42\xf0\0\0\0\0".as_slice(),
        &[0; 16],
        b"\x84\0\0\x08\xff\xff\xff\x7f\xff\xff\xff\x7f",
    ]
    .concat();
    let encrypted = [b"\0\0\0\x20ftypM4P \0\0\0\0M4P M4A mp42isom".as_slice(), &noise(60_000, 5)].concat();
    let mut rotten = flac[..flac.len() / 2].to_vec();
    let from = rotten.len() / 4;
    rotten[from..].iter_mut().zip(noise(flac.len(), 6)).step_by(17).for_each(|(byte, other)| *byte = other);
    vec![
        ("zero length.mp3", Vec::new()),
        ("one byte.ogg", vec![b'O']),
        ("truncated.flac", truncated.to_vec()),
        ("text renamed.mp3", b"This is a shopping list.\nMilk, eggs.\n".repeat(40)),
        ("picture renamed.flac", [b"\x89PNG\r\n\x1a\n".as_slice(), &noise(20_000, 7)].concat()),
        ("wrong ending.wav", mp3.to_vec()),
        ("encrypted.m4a", encrypted),
        ("huge block.flac", huge_block),
        ("huge tag.mp3", huge_tag),
        ("huge chunk.wav", huge_wav),
        ("huge atom.m4a", huge_atom),
        ("huge comment.flac", huge_comment),
        ("random.opus", noise(100_000, 8)),
        ("random.aac", noise(100_000, 9)),
        ("random.mp3", noise(300_000, 10)),
        ("rotten.flac", rotten),
    ]
}

/// Bytes without a pattern, the same in every run (xorshift64, Marsaglia 2003).
fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        })
        .collect()
}
