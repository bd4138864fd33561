//! Tables and devices made up: what is told of them.

use std::fs;

use super::*;

struct System {
    dir: tempfile::TempDir,
    table: Table,
}

impl System {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        let volumes = Volumes { udev: at("udev"), disk: at("disk"), block: at("block") };
        fs::create_dir_all(at("udev")).unwrap();
        let table = Table::new(vec!["/media".into(), "/run/media".into()], volumes);
        Self { dir, table }
    }

    /// A device with what udev says of it.
    fn device(self, minor: u32, uuid: &str, label: &str) -> Self {
        let folder = self.dir.path().join(format!("block/8:{minor}"));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("size"), "1000\n").unwrap();
        let text = format!("E:ID_FS_UUID={uuid}\nE:ID_FS_LABEL_ENC={label}\n");
        fs::write(self.dir.path().join(format!("udev/b8:{minor}")), text).unwrap();
        self
    }

    fn pull(&self, minor: u32) {
        fs::remove_dir_all(self.dir.path().join(format!("block/8:{minor}"))).unwrap();
    }
}

/// Device `8:minor`.
fn mount(id: u32, minor: u32, path: &str) -> Mount {
    let source = format!("/dev/sd{minor}").into();
    Mount { id, device: (8, minor), root: "/".into(), path: path.into(), kind: "vfat".into(), source }
}

fn plugged(name: &str, path: &str, id: &str) -> MediaEvent {
    MediaEvent::Plugged { name: name.into(), path: path.into(), id: id.into() }
}

fn yanked(name: &str) -> MediaEvent {
    MediaEvent::Yanked { name: name.into() }
}

#[test]
fn only_what_lies_below_the_roots_counts() {
    let table = [
        mount(1, 1, "/"),
        mount(2, 2, "/media"),
        mount(3, 3, "/media/A"),
        mount(4, 4, "/mediatheque/B"),
        mount(5, 5, "/run/media/me/C"),
        mount(6, 6, "/media/A/within"),
        mount(7, 7, "/media/A"),
    ];
    let roots = ["/media".into(), "/run/media".into()];
    assert_eq!(
        media_below(&roots, table.to_vec()),
        [mount(5, 5, "/run/media/me/C"), mount(7, 7, "/media/A")]
    );
}

#[test]
fn changes_are_told_once_and_names_are_unique() {
    let mut system = System::new().device(1, "u1", "").device(2, "u2", "");
    let (a, b) = (mount(1, 1, "/media/A"), mount(2, 2, "/run/media/me/A"));
    let told = system.table.changes(vec![a.clone(), b.clone()]);
    assert_eq!(told, [plugged("A", "/media/A", "u1"), plugged("A 2", "/run/media/me/A", "u2")]);
    assert_eq!(system.table.changes(vec![a, b.clone()]), []);
    assert_eq!(system.table.changes(vec![b]), [yanked("A")]);
    assert_eq!(system.table.changes(vec![]), [yanked("A 2")]);
}

#[test]
fn another_stick_at_the_same_place_is_another_medium() {
    let mut system = System::new().device(1, "u1", "").device(2, "u2", "");
    system.table.changes(vec![mount(1, 1, "/media/A")]);
    let told = system.table.changes(vec![mount(9, 2, "/media/A")]);
    assert_eq!(told, [yanked("A"), plugged("A", "/media/A", "u2")]);
}

#[test]
fn copies_of_one_stick_are_told_apart() {
    let mut system = System::new().device(1, "same", "").device(2, "same", "");
    let (a, b) = (mount(1, 1, "/media/A"), mount(2, 2, "/media/B"));
    let told = system.table.changes(vec![a.clone(), b.clone()]);
    assert_eq!(told, [plugged("A", "/media/A", "same"), plugged("B", "/media/B", "same#2")]);
    // The one that is there alone is the first again.
    system.table.changes(vec![]);
    assert_eq!(system.table.changes(vec![b]), [plugged("B", "/media/B", "same")]);
}

#[test]
fn a_second_mount_of_a_medium_is_the_same_medium() {
    let mut system = System::new().device(1, "u1", "");
    let part = Mount { root: "/Music".into(), ..mount(2, 1, "/media/B") };
    let told = system.table.changes(vec![part.clone(), mount(1, 1, "/media/A")]);
    assert_eq!(told, [plugged("A", "/media/A", "u1")]);
    // It goes on at the other place when the first is unmounted.
    assert_eq!(system.table.changes(vec![part]), [yanked("A"), plugged("B", "/media/B", "u1")]);
}

#[test]
fn a_pulled_stick_is_told_once_though_it_stays_mounted() {
    let mut system = System::new().device(1, "u1", "");
    let stick = mount(1, 1, "/media/A");
    assert!(!system.table.has_devices());
    system.table.changes(vec![stick.clone()]);
    assert!(system.table.has_devices());
    assert_eq!(system.table.pulled(), []);
    system.pull(1);
    assert_eq!(system.table.pulled(), [yanked("A")]);
    assert_eq!(system.table.pulled(), []);
    assert_eq!(system.table.changes(vec![stick.clone()]), [], "the old mount is no medium");
    // Back again, mounted elsewhere or over the old mount: the same medium.
    let mut system = system.device(1, "other", "").device(2, "u1", "");
    let again = mount(2, 2, "/media/A1");
    let told = system.table.changes(vec![stick.clone(), again]);
    assert_eq!(told, [plugged("A1", "/media/A1", "u1")], "the number of the dead device is in use again");
    let told = system.table.changes(vec![stick, mount(3, 2, "/media/A")]);
    assert_eq!(told, [yanked("A1"), plugged("A", "/media/A", "u1")]);
}

#[test]
fn generated_names_give_way_to_the_label() {
    for (place, name) in [
        ("/media/sd1", "CAR"),
        ("/media/usb0", "CAR"),
        ("/media/usb-1", "CAR"),
        ("/run/media/me/1a2b-3c4d", "CAR"),
        ("/media/Holiday", "Holiday"),
        ("/media/usbekistan", "usbekistan"),
    ] {
        let mut system = System::new().device(1, "1A2B-3C4D", "CAR");
        assert_eq!(system.table.changes(vec![mount(1, 1, place)]), [plugged(name, place, "1A2B-3C4D")]);
    }
    let mut system = System::new().device(1, "1A2B-3C4D", "");
    let told = system.table.changes(vec![mount(1, 1, "/media/usb0")]);
    assert_eq!(told, [plugged("usb0", "/media/usb0", "1A2B-3C4D")]);
}
