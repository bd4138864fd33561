//! Folders that come and go.

use super::*;

fn plugged(name: &str, path: &str) -> Result<MediaEvent, PartGone> {
    Ok(MediaEvent::Plugged { name: name.into(), path: path.into(), id: folder_id(Path::new(path)) })
}

#[test]
fn initial_folders_come_first_then_changes() {
    let (hand, mut media) = SimMedia::new([PathBuf::from("/a/Music"), PathBuf::from("/b/Music")]);
    assert_eq!(hand.plug("/media/STICK"), "STICK");
    assert!(hand.yank("Music 2"));
    assert!(!hand.yank("Music 2"));
    assert_eq!(media.next(), plugged("Music", "/a/Music"));
    assert_eq!(media.next(), plugged("Music 2", "/b/Music"));
    assert_eq!(media.next(), plugged("STICK", "/media/STICK"));
    assert_eq!(media.next(), Ok(MediaEvent::Yanked { name: "Music 2".into() }));
    assert_eq!(hand.plugged().len(), 2);
    drop(hand);
    assert!(media.next().is_err());
}

#[test]
fn the_same_folder_is_plugged_once() {
    let (hand, mut media) = SimMedia::new([PathBuf::from("/a/Music")]);
    assert_eq!(hand.plug("/a/Music"), "Music");
    assert_eq!(hand.insert("Other", "/a/Music"), Err(PlugError::PluggedAs("Music".into())));
    assert_eq!(hand.insert("Music", "/b"), Err(PlugError::NameTaken("Music".into())));
    drop(hand);
    assert_eq!(media.next(), plugged("Music", "/a/Music"));
    assert!(media.next().is_err());
}

#[test]
fn a_medium_keeps_its_identity_under_another_name() {
    let (hand, _media) = SimMedia::new([PathBuf::from("/a/Music")]);
    let id = hand.slots()[0].id.clone();
    assert!(hand.remove("Music").is_some());
    assert_eq!(hand.slots().len(), 1, "a yanked medium can be plugged in again");
    let Ok(MediaEvent::Plugged { id: again, name, .. }) = hand.insert("Car", "/a/Music") else {
        panic!("not plugged in");
    };
    assert_eq!((again, name.as_str()), (id, "Car"));
    assert_eq!(hand.slots().len(), 1);
    assert!(hand.yank("Car"));
    assert_eq!(hand.plug("/a/Music"), "Car", "and comes back under the name it had last");
}

#[test]
fn names_are_one_part_of_a_path() {
    let (hand, _media) = SimMedia::new([]);
    for name in ["", " ", "a/b", "..", ".a", "a\\b"] {
        assert_eq!(hand.insert(name, "/a"), Err(PlugError::BadName(name.into())));
    }
    assert_eq!(hand.plug("/a/.hidden"), "_hidden");
    assert_eq!(hand.plug("/"), "Medium");
}

#[cfg(unix)]
#[test]
fn below_a_yanked_medium_nothing_can_be_opened() {
    let dir = tempfile::tempdir().unwrap();
    let (links, folder) = (dir.path().join("links"), dir.path().join("stick"));
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("a.flac"), "music").unwrap();
    let (hand, _media) = SimMedia::with_links(links.clone(), [folder.clone()]).unwrap();
    let path = hand.served(&folder.join("a.flac"));
    assert_eq!((path.clone(), hand.served(&folder)), (links.join("stick/a.flac"), links.join("stick")));
    assert_eq!(hand.served(Path::new("/elsewhere/a")), Path::new("/elsewhere/a"));
    assert_eq!(fs::read_to_string(&path).unwrap(), "music");
    assert!(hand.yank("stick"));
    assert_eq!(fs::read(&path).unwrap_err().kind(), io::ErrorKind::NotFound);
    assert_eq!(hand.served(&folder.join("a.flac")), path, "it is known where it was");
    assert!(folder.join("a.flac").exists(), "the folder itself is left alone");
    hand.plug(&folder);
    assert!(path.exists());

    // The next run starts with empty slots, and takes nothing but links away.
    fs::create_dir(links.join("folder")).unwrap();
    let (hand, _media) = SimMedia::with_links(links.clone(), []).unwrap();
    assert!(!path.exists() && links.join("folder").exists() && hand.plugged().is_empty());
}
