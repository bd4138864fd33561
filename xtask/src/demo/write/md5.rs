//! MD5 (RFC 1321), which FLAC uses to let a decoder check itself.

const SHIFTS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];

/// Digest of `data`.
pub fn digest(data: &[u8]) -> [u8; 16] {
    let constants: Vec<u32> = (1..=64).map(|n| (f64::from(n).sin().abs() * 4_294_967_296.0) as u32).collect();
    let mut state = [0x6745_2301_u32, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    let whole = data.len() / 64 * 64;
    let mut tail = data[whole..].to_vec();
    tail.push(0x80);
    while tail.len() % 64 != 56 {
        tail.push(0);
    }
    tail.extend((data.len() as u64 * 8).to_le_bytes());
    for block in data[..whole].chunks_exact(64).chain(tail.chunks_exact(64)) {
        mix(&mut state, block, &constants);
    }
    let mut digest = [0; 16];
    for (out, word) in digest.chunks_exact_mut(4).zip(state) {
        out.copy_from_slice(&word.to_le_bytes());
    }
    digest
}

fn mix(state: &mut [u32; 4], block: &[u8], constants: &[u32]) {
    let mut words = [0_u32; 16];
    for (word, bytes) in words.iter_mut().zip(block.chunks_exact(4)) {
        *word = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    }
    let [mut a, mut b, mut c, mut d] = *state;
    for n in 0..64 {
        let (f, word) = match n / 16 {
            0 => ((b & c) | (!b & d), n),
            1 => ((d & b) | (!d & c), (5 * n + 1) % 16),
            2 => (b ^ c ^ d, (3 * n + 5) % 16),
            _ => (c ^ (b | !d), (7 * n) % 16),
        };
        let sum = a.wrapping_add(f).wrapping_add(constants[n]).wrapping_add(words[word]);
        (a, d, c) = (d, c, b);
        b = b.wrapping_add(sum.rotate_left(SHIFTS[n / 16][n % 4]));
    }
    for (total, part) in state.iter_mut().zip([a, b, c, d]) {
        *total = total.wrapping_add(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_digests() {
        let hex = |data: &[u8]| digest(data).map(|byte| format!("{byte:02x}")).concat();
        assert_eq!(hex(b""), "d41d8cd98f00b204e9800998ecf8427e");
        assert_eq!(hex(b"message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
        assert_eq!(hex(&[b'1'; 64]), hex(&[b'1'; 64]));
        assert_eq!(hex(&b"1234567890".repeat(8)), "57edf4a22be3c955ac49da2e2107b67a");
    }
}
