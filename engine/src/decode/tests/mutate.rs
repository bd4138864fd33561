//! Real files with flipped bits, overwritten runs, cuts and repeats: no panic, no hang, ever.
use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use proptest::prelude::*;
use tempfile::{TempDir, tempdir};

use super::hostile::{corpus, exercise};

/// A file and its content.
type Sample = (PathBuf, Vec<u8>);

static FILES: OnceLock<(TempDir, Vec<Sample>)> = OnceLock::new();

fn files() -> &'static [Sample] {
    let (_, files) = FILES.get_or_init(|| {
        let dir = tempdir().unwrap();
        let files =
            corpus(dir.path(), 120_000).into_iter().map(|p| (p.clone(), fs::read(&p).unwrap())).collect();
        (dir, files)
    });
    files
}

#[derive(Clone, Debug)]
enum Change {
    Flip { at: f64, bit: u8 },
    Fill { at: f64, len: usize, byte: u8 },
    Cut { at: f64 },
    Remove { at: f64, len: usize },
    Repeat { at: f64, len: usize },
}

fn change() -> impl Strategy<Value = Change> {
    // Headers are small and near the start: half of the places are there.
    let at = prop_oneof![0.0..0.01f64, 0.0..1.0f64];
    prop_oneof![
        4 => (at.clone(), 0u8..8).prop_map(|(at, bit)| Change::Flip { at, bit }),
        2 => (at.clone(), 1usize..64, any::<u8>()).prop_map(|(at, len, byte)| Change::Fill { at, len, byte }),
        1 => (0.0..1.0f64).prop_map(|at| Change::Cut { at }),
        1 => (at.clone(), 1usize..2000).prop_map(|(at, len)| Change::Remove { at, len }),
        1 => (at, 1usize..5000).prop_map(|(at, len)| Change::Repeat { at, len }),
    ]
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    let place = |at: f64| ((bytes.len() as f64 * at) as usize).min(bytes.len().saturating_sub(1));
    match *change {
        _ if bytes.is_empty() => {}
        Change::Flip { at, bit } => {
            let at = place(at);
            bytes[at] ^= 1 << bit;
        }
        Change::Fill { at, len, byte } => {
            let at = place(at);
            let end = (at + len).min(bytes.len());
            bytes[at..end].fill(byte);
        }
        Change::Cut { at } => bytes.truncate(place(at)),
        Change::Remove { at, len } => {
            let at = place(at);
            let end = (at + len).min(bytes.len());
            bytes.drain(at..end);
        }
        Change::Repeat { at, len } => {
            let at = place(at);
            let end = (at + len).min(bytes.len());
            let part = bytes[at..end].to_vec();
            bytes.splice(at..at, part);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_files_neither_panic_nor_hang(which in any::<prop::sample::Index>(), changes in prop::collection::vec(change(), 1..12)) {
        let (path, bytes) = which.get(files());
        let mut bytes = bytes.clone();
        changes.iter().for_each(|c| apply(&mut bytes, c));
        let dir = tempdir().unwrap();
        let path = dir.path().join(path.file_name().unwrap());
        fs::write(&path, bytes).unwrap();
        // How the track ends is its own affair; `exercise` holds the bounds.
        let _ = exercise(&path);
    }
}

/// 200 by default; more where the person asks by PROPTEST_CASES.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(200)
}
