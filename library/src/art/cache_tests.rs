//! Tests of the art cache: what it keeps, what it forgets, and what damage does to it.
use super::{ArtCache, MAX_KEYS};
use crate::art::{Art, content_hash};
use crate::index::MediumId;
use std::fs;
use std::path::{Path, PathBuf};

fn art(colour: u8, edge: u32) -> Art {
    let rgba = vec![colour; (edge * edge * 4) as usize];
    Art { hash: content_hash(edge, edge, &rgba), width: edge, height: edge, rgba, accent: [1, 2, colour] }
}

fn stick() -> MediumId {
    MediumId::new("1234-ABCD").unwrap()
}

fn pictures(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder.join("pictures")).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn what_was_put_is_found_again_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (Path::new("a/1.mp3"), Path::new("a/2.mp3"));
    for restart in [false, true] {
        let mut cache = ArtCache::open(folder.path(), 1 << 20).unwrap();
        if !restart {
            assert_eq!(cache.get(&stick(), one, 10, 20), None);
            cache.put(&stick(), one, 10, 20, Some(&art(7, 8)));
            cache.put(&stick(), two, 10, 20, None);
        }
        assert_eq!(cache.get(&stick(), one, 10, 20), Some(Some(art(7, 8))));
        assert_eq!(cache.get(&stick(), two, 10, 20), Some(None));
        // Every part of the key counts.
        assert_eq!(cache.get(&stick(), one, 11, 20), None);
        assert_eq!(cache.get(&stick(), one, 10, 21), None);
        assert_eq!(cache.get(&stick(), Path::new("a/3.mp3"), 10, 20), None);
        assert_eq!(cache.get(&MediumId::new("other").unwrap(), one, 10, 20), None);
    }
}

#[test]
fn an_album_has_one_picture() {
    let folder = tempfile::tempdir().unwrap();
    let mut cache = ArtCache::open(folder.path(), 1 << 20).unwrap();
    for track in 0..12 {
        cache.put(&stick(), Path::new(&format!("{track}.mp3")), 10, 20, Some(&art(7, 8)));
    }
    assert_eq!(pictures(folder.path()).len(), 1);
    assert_eq!(cache.bytes(), 16 + 8 * 8 * 4);
    for track in 0..12 {
        assert!(cache.get(&stick(), Path::new(&format!("{track}.mp3")), 10, 20).flatten().is_some());
    }
}

#[test]
fn the_least_recently_used_leave_first() {
    let folder = tempfile::tempdir().unwrap();
    let each = 16 + 8 * 8 * 4;
    let mut cache = ArtCache::open(folder.path(), 3 * each).unwrap();
    let name = |index: u8| PathBuf::from(format!("{index}.mp3"));
    for index in 0..3 {
        cache.put(&stick(), &name(index), 1, 1, Some(&art(index, 8)));
    }
    assert!(cache.get(&stick(), &name(0), 1, 1).is_some());
    cache.put(&stick(), &name(3), 1, 1, Some(&art(3, 8)));
    let found: Vec<bool> = (0..4).map(|index| cache.get(&stick(), &name(index), 1, 1).is_some()).collect();
    assert_eq!(found, [true, false, true, true]);
    assert_eq!((cache.bytes(), pictures(folder.path()).len()), (3 * each, 3));
    drop(cache);
    // A smaller bound holds from the start.
    let cache = ArtCache::open(folder.path(), each).unwrap();
    assert_eq!((cache.bytes(), pictures(folder.path()).len()), (each, 1));
}

#[test]
fn the_order_of_use_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let each = 16 + 8 * 8 * 4;
    let mut cache = ArtCache::open(folder.path(), 2 * each).unwrap();
    cache.put(&stick(), Path::new("0"), 1, 1, Some(&art(0, 8)));
    std::thread::sleep(std::time::Duration::from_millis(20));
    cache.put(&stick(), Path::new("1"), 1, 1, Some(&art(1, 8)));
    let mut cache = ArtCache::open(folder.path(), 2 * each).unwrap();
    assert!(cache.get(&stick(), Path::new("0"), 1, 1).is_some());
    let mut cache = ArtCache::open(folder.path(), each).unwrap();
    assert!(cache.get(&stick(), Path::new("0"), 1, 1).is_some());
    assert_eq!(cache.get(&stick(), Path::new("1"), 1, 1), None);
}

#[test]
fn a_damaged_picture_is_a_miss_and_leaves() {
    let folder = tempfile::tempdir().unwrap();
    let (name, good) = (Path::new("a.mp3"), art(9, 8));
    let mut cache = ArtCache::open(folder.path(), 1 << 20).unwrap();
    for damage in 0..4 {
        cache.put(&stick(), name, 1, 1, Some(&good));
        assert!(cache.get(&stick(), name, 1, 1).is_some());
        let path = pictures(folder.path()).remove(0);
        let mut bytes = fs::read(&path).unwrap();
        match damage {
            0 => bytes[200] ^= 1,
            1 => bytes.truncate(100),
            2 => bytes[4] = 0xff,
            _ => bytes.clear(),
        }
        fs::write(&path, &bytes).unwrap();
        assert_eq!(cache.get(&stick(), name, 1, 1), None, "damage {damage}");
        assert!(pictures(folder.path()).is_empty());
        assert_eq!(cache.bytes(), 0);
    }
}

#[test]
fn a_torn_or_foreign_list_of_keys_costs_the_damaged_lines_only() {
    let folder = tempfile::tempdir().unwrap();
    let mut cache = ArtCache::open(folder.path(), 1 << 20).unwrap();
    for index in 0..3 {
        cache.put(&stick(), Path::new(&format!("{index}.mp3")), 1, 1, None);
    }
    let keys = folder.path().join("keys");
    let mut bytes = fs::read(&keys).unwrap();
    // The second line's picture zeroed as a power cut would, and a half line at the end.
    bytes[40 + 35] ^= 1;
    bytes.extend([0; 17]);
    fs::write(&keys, &bytes).unwrap();
    let mut cache = ArtCache::open(folder.path(), 1 << 20).unwrap();
    let found = |cache: &mut ArtCache| -> Vec<bool> {
        (0..4).map(|index| cache.get(&stick(), Path::new(&format!("{index}.mp3")), 1, 1).is_some()).collect()
    };
    assert_eq!(found(&mut cache), [true, false, true, false]);
    cache.put(&stick(), Path::new("3.mp3"), 1, 1, None);
    let mut cache = ArtCache::open(folder.path(), 1 << 20).unwrap();
    assert_eq!(found(&mut cache), [true, false, true, true], "appended behind the repaired end");
}

#[test]
fn a_picture_that_is_not_what_it_says_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut cache = ArtCache::open(folder.path(), 1 << 20).unwrap();
    let name = Path::new("a.mp3");
    cache.put(&stick(), name, 1, 1, Some(&Art { width: 9, ..art(1, 8) }));
    assert_eq!(cache.get(&stick(), name, 1, 1), None);
    assert!(pictures(folder.path()).is_empty());
}

#[test]
fn the_number_of_keys_is_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let mut cache = ArtCache::open(folder.path(), 1 << 20).unwrap();
    let put = |cache: &mut ArtCache, index: usize| {
        cache.put(&stick(), Path::new(&index.to_string()), 1, 1, None);
    };
    for index in 0..2 * MAX_KEYS + 2 {
        put(&mut cache, index);
        assert!(cache.keys.len() <= MAX_KEYS);
    }
    let last = (2 * MAX_KEYS + 1).to_string();
    assert_eq!(cache.get(&stick(), Path::new(&last), 1, 1), Some(None));
    assert_eq!(cache.get(&stick(), Path::new("0"), 1, 1), None);
    let length = fs::metadata(folder.path().join("keys")).unwrap().len();
    assert!(length <= 40 * (MAX_KEYS as u64 + 1), "{length}");
}
