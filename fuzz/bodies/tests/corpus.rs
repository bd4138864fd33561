//! The seed corpus through every target: nothing panics, each answer keeps its promises, each file is quick.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Most bytes of the whole corpus in the repository.
const MAX_CORPUS: u64 = 300_000;
/// Longest one file may take, on a machine that has other work to do.
const PATIENCE: Duration = Duration::from_secs(5);

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus")
}

fn files(target: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(corpus().join(target))
        .unwrap_or_else(|error| panic!("no corpus for {target}: {error}"))
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

/// One test for all, because the hook that counts panics belongs to the whole process. Readers catch their
/// own panics, so that a damaged file costs one track: here they count as failures all the same.
#[test]
fn every_file_of_the_corpus_is_read_without_a_panic() {
    static PANICS: AtomicUsize = AtomicUsize::new(0);
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, Ordering::SeqCst);
        usual(info);
    }));
    let mut failed = Vec::new();
    for (name, body) in fuzz_bodies::TARGETS {
        for path in files(name) {
            let bytes = std::fs::read(&path).unwrap();
            let (began, before) = (Instant::now(), PANICS.load(Ordering::SeqCst));
            let ended = std::panic::catch_unwind(|| body(&bytes)).is_ok();
            let quiet = PANICS.load(Ordering::SeqCst) == before;
            if !(ended && quiet) || began.elapsed() > PATIENCE {
                failed.push(format!("{} ({:.1?})", path.display(), began.elapsed()));
            }
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn every_target_has_a_small_corpus_and_a_fuzzer() {
    let mut bytes = 0;
    for (name, _) in fuzz_bodies::TARGETS {
        let files = files(name);
        assert!(files.len() >= 5, "{name} has only {} seeds", files.len());
        bytes += files.iter().map(|path| path.metadata().unwrap().len()).sum::<u64>();
        let fuzzer = corpus().join(format!("../fuzz_targets/{name}.rs"));
        let text = std::fs::read_to_string(&fuzzer).unwrap();
        assert!(text.contains(&format!("fuzz_bodies::{name}(data)")), "{name} calls another body");
    }
    assert!(bytes < MAX_CORPUS, "{bytes} bytes of seeds");
    let folders = std::fs::read_dir(corpus()).unwrap().count();
    assert_eq!(folders, fuzz_bodies::TARGETS.len(), "a folder without a target");
}
