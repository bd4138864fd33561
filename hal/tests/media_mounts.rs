//! The mount table, live: a file system comes and goes in a mount namespace of the test's own.
#![cfg(all(target_os = "linux", feature = "linux"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use hal::linux::MountinfoMedia;
use hal::{MediaEvent, MediaMounts};

const CHILD: &str = "HAL_TEST_MOUNT_DIR";

fn sh(command: &str, args: &[&str]) -> bool {
    Command::new(command).args(args).status().is_ok_and(|status| status.success())
}

fn mount(at: &Path) {
    fs::create_dir_all(at).unwrap();
    assert!(sh("mount", &["-t", "tmpfs", "none", at.to_str().unwrap()]));
}

fn umount(at: &Path) {
    assert!(sh("umount", &[at.to_str().unwrap()]));
}

#[test]
fn sticks_are_seen_as_they_come_and_go() {
    if let Some(dir) = std::env::var_os(CHILD) {
        return plug_and_yank(&PathBuf::from(dir));
    }
    if !sh("unshare", &["--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/tmp"]) {
        eprintln!("not run: this system gives an ordinary user no mount namespace");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let child = Command::new("unshare")
        .args(["--map-root-user", "--mount"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "sticks_are_seen_as_they_come_and_go", "--nocapture"])
        .env(CHILD, dir.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&child.stdout).into_owned() + &String::from_utf8_lossy(&child.stderr);
    assert!(child.status.success() && text.contains("1 passed"), "{text}");
}

fn plug_and_yank(dir: &Path) {
    let (first, second) = (dir.join("ONE STICK"), dir.join("deeper/TWO"));
    mount(&first);
    let mut media = MountinfoMedia::below([dir]).unwrap();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        while let Ok(event) = media.next() {
            if tell.send(event).is_err() {
                return;
            }
        }
    });
    let next = || told.recv_timeout(Duration::from_secs(5)).unwrap();
    let MediaEvent::Plugged { id: first_id, .. } = next() else { panic!("nothing was plugged in") };
    assert!(first_id.starts_with("mount:"), "a tmpfs has no UUID: {first_id}");
    let plugged = |name: &str, path: &Path, id: String| MediaEvent::Plugged {
        name: name.into(),
        path: path.into(),
        id,
    };
    assert!(told.recv_timeout(Duration::from_millis(100)).is_err());
    mount(&second);
    assert_eq!(next(), plugged("TWO", &second, format!("{first_id}#2")));
    umount(&first);
    assert_eq!(next(), MediaEvent::Yanked { name: "ONE STICK".into() });
    mount(&first);
    assert_eq!(next(), plugged("ONE STICK", &first, first_id));
}
