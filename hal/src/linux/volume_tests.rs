//! A system made of files: udev's database and links, and the kernel's block devices.

use std::os::unix::fs::symlink;

use super::*;

struct System {
    dir: tempfile::TempDir,
    volumes: Volumes,
}

impl System {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        let volumes = Volumes { udev: at("udev"), disk: at("disk"), block: at("block") };
        for folder in ["udev", "disk/by-uuid", "disk/by-label", "block", "devices/sdb/sdb1"] {
            fs::create_dir_all(at(folder)).unwrap();
        }
        symlink(at("devices/sdb/sdb1"), at("block/8:17")).unwrap();
        symlink(at("devices/sdb"), at("block/8:16")).unwrap();
        let system = Self { dir, volumes };
        system.write("devices/sdb/size", "62533296\n");
        system.write("devices/sdb/sdb1/size", "62531248\n");
        system
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.dir.path().join(name), text).unwrap();
    }

    fn remove(&self, name: &str) {
        fs::remove_file(self.dir.path().join(name)).unwrap();
    }
}

fn stick() -> Mount {
    Mount {
        id: 91,
        device: (8, 17),
        root: "/".into(),
        path: "/media/sdb1".into(),
        kind: "vfat".into(),
        source: "/dev/sdb1".into(),
    }
}

const DATABASE: &str = "\
S:disk/by-uuid/1A2B-3C4D
I:4711
E:ID_FS_LABEL=CAR_MUSIC_
E:ID_FS_LABEL_ENC=CAR\\x20MUSIC\\xc3\\xa9
E:ID_FS_UUID=1A2B-3C4D
E:ID_FS_UUID_ENC=1A2B-3C4D
E:ID_FS_TYPE=vfat
G:systemd
";

#[test]
fn udevs_database_names_uuid_and_label() {
    let system = System::new();
    system.write("udev/b8:17", DATABASE);
    let expected = Volume {
        id: "1A2B-3C4D".into(),
        label: Some("CAR MUSICé".into()),
        device: Some((8, 17)),
        has_uuid: true,
    };
    assert_eq!(system.volumes.of(&stick()), expected);
}

#[test]
fn a_database_that_comes_late_is_waited_for() {
    let system = System::new();
    let file = system.dir.path().join("udev/b8:17");
    let late = std::thread::spawn(move || {
        std::thread::sleep(UDEV_PAUSE);
        fs::write(file, DATABASE).unwrap();
    });
    assert_eq!(system.volumes.of(&stick()).id, "1A2B-3C4D");
    late.join().unwrap();
}

#[test]
fn without_a_uuid_the_mount_itself_is_the_identity() {
    let system = System::new();
    system.write("udev/b8:17", "E:ID_FS_LABEL_ENC=\nE:ID_BUS=usb\n");
    let volume = system.volumes.of(&stick());
    assert!(volume.id.starts_with("mount:") && !volume.has_uuid && volume.label.is_none(), "{volume:?}");
    assert_eq!(system.volumes.of(&Mount { id: 5, path: "/media/other".into(), ..stick() }).id, volume.id);
    assert_ne!(system.volumes.of(&Mount { kind: "ext4".into(), ..stick() }).id, volume.id);
    system.write("devices/sdb/sdb1/size", "1000");
    assert_ne!(system.volumes.of(&stick()).id, volume.id, "another size is another stick");
}

#[test]
fn without_a_database_the_links_are_read() {
    let system = System::new();
    fs::remove_dir(system.dir.path().join("udev")).unwrap();
    // The number of a device any system has stands for the stick's.
    let device = device_number(Path::new("/dev/null")).unwrap();
    symlink("/dev/null", system.dir.path().join("disk/by-uuid/aaaa-bbbb")).unwrap();
    symlink("/dev/null", system.dir.path().join("disk/by-label/MY\\x20STICK")).unwrap();
    let volume = system.volumes.of(&Mount { device, ..stick() });
    assert_eq!((volume.id.as_str(), volume.label.as_deref()), ("aaaa-bbbb", Some("MY STICK")));
}

#[test]
fn a_file_system_without_a_number_of_its_own_has_its_sources() {
    let system = System::new();
    let null = device_number(Path::new("/dev/null")).unwrap();
    let mount = Mount { device: (0, 51), source: "/dev/null".into(), kind: "fuseblk".into(), ..stick() };
    assert_eq!(system.volumes.of(&mount).device, Some(null));
    let mount = Mount { source: "server:/music".into(), ..mount };
    assert_eq!(system.volumes.of(&mount).device, None);
}

#[test]
fn a_pulled_stick_and_a_pulled_card_are_gone() {
    let system = System::new();
    assert!(system.volumes.is_there((8, 17)) && system.volumes.is_there((8, 16)));
    assert!(!system.volumes.is_there((8, 33)));
    system.write("devices/sdb/size", "0\n");
    assert!(!system.volumes.is_there((8, 17)), "the reader is there, the card is not");
    system.write("devices/sdb/size", "62533296\n");
    system.remove("block/8:17");
    assert!(!system.volumes.is_there((8, 17)));
}

#[test]
fn identities_are_short_and_labels_hold_no_control_characters() {
    let system = System::new();
    let long = "f".repeat(5000);
    system.write("udev/b8:17", &format!("E:ID_FS_UUID={long}\nE:ID_FS_LABEL_ENC=a\\x0a\\x1bb\\x\\xZZ\n"));
    let volume = system.volumes.of(&stick());
    assert!(volume.id.len() <= MAX_ID && volume.has_uuid, "{}", volume.id);
    assert_eq!(volume.label.as_deref(), Some("ab\\x\\xZZ"));
}
