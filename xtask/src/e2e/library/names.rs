//! A tree of names that programs trip over, links that lead away, and files that are no files.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::bytes::tagged_mp3;
use crate::process;

/// What a title, a name or a message must never become on the screen.
pub const MARKUP: &str = "<b>x</b> **y** [z](u)";

/// Folders in a row below each other.
const DEPTH: usize = 200;

/// Writes the tree; the number of its honest tracks, each of which a scan must find.
///
/// # Errors
/// If the file system refuses what Linux' own can hold.
pub fn write(root: &Path) -> Result<usize> {
    let mut honest = 0;
    for (number, name) in names().into_iter().enumerate() {
        let folder = root.join("names");
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join(name), tagged_mp3(&format!("Named {number}"), "Nobody", "Names"))?;
        honest += 1;
    }
    let folder = root.join("tags");
    std::fs::create_dir_all(&folder)?;
    for (number, title) in titles().into_iter().enumerate() {
        std::fs::write(folder.join(format!("{number:02}.mp3")), tagged_mp3(&title, &title, &title))?;
        honest += 1;
    }
    let mut deep = root.join("deep");
    deep.extend((0..DEPTH).map(|_| "d"));
    std::fs::create_dir_all(&deep)?;
    std::fs::write(deep.join("bottom.mp3"), tagged_mp3("At the bottom", "Nobody", "Depth"))?;
    beyond_path_max(root)?;
    links(root)?;
    no_files(root)?;
    Ok(honest)
}

/// Names of files, all legal on Linux' file systems.
fn names() -> Vec<OsString> {
    let mut names: Vec<OsString> = [
        "new\nline.mp3",
        "carriage\rreturn.mp3",
        "bell\u{7} escape\u{1b}[31m.mp3",
        "right to left \u{202e}gpj.mp3",
        "isolate \u{2066}\u{2067}.mp3",
        "arabic \u{0645}\u{0648}\u{0633}\u{064a}\u{0642}\u{0649}.mp3",
        "zero\u{200b}width\u{feff}.mp3",
        "-rf.mp3",
        "dots...mp3",
        " space .mp3",
        "back\\slash.mp3",
        "per%2ecent%00.mp3",
        "quote'\"`$(x);.mp3",
        "{{ braces }} %s %n.mp3",
        "&amp; &lt;.mp3",
        "emoji \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} \u{1f3b5}.mp3",
        "combining Z\u{0351}\u{036b}\u{0343}\u{036a}\u{0302}\u{036b}.mp3",
        "<b>x<∕b> **y** [z](u).mp3",
    ]
    .map(OsString::from)
    .to_vec();
    names.push(format!("{}.mp3", "n".repeat(251)).into());
    names.push(format!("{}.mp3", "\u{1d11e}".repeat(62)).into());
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt;
        names.push(OsString::from_vec(b"not \xff\xfe utf-8 \x80.mp3".to_vec()));
        names.push(OsString::from_vec([vec![0xff; 251], b".mp3".to_vec()].concat()));
    }
    names
}

/// Tags that would be more than text if anybody let them.
fn titles() -> Vec<String> {
    vec![
        MARKUP.to_owned(),
        "<script>alert(1)</script>".to_owned(),
        "line\nline\r\nline\u{2028}line".to_owned(),
        "\u{202e}txet \u{2066}".to_owned(),
        "\u{1b}[2J\u{7}\0after".to_owned(),
        "x".repeat(100_000),
        "e\u{0301}".repeat(30_000),
        "'; DROP TABLE track; --".to_owned(),
        "\" OR * NEAR( ^ AND".to_owned(),
        "%s%n%x {} {0} ${x}".to_owned(),
    ]
}

/// Folders whose path no call can name at once: one long chain moved to the end of another.
fn beyond_path_max(root: &Path) -> Result<()> {
    let name = "l".repeat(250);
    let chain = |top: &Path| top.join([name.as_str(); 12].join("/"));
    let (upper, lower) = (root.join("long"), root.join("longer"));
    std::fs::create_dir_all(chain(&upper))?;
    std::fs::create_dir_all(chain(&lower))?;
    std::fs::write(chain(&lower).join("track.mp3"), b"x")?;
    std::fs::rename(&lower, chain(&upper).join("longer")).context("a path beyond PATH_MAX")
}

#[cfg(unix)]
fn links(root: &Path) -> Result<()> {
    use std::os::unix::fs::symlink;
    let folder = root.join("links");
    std::fs::create_dir_all(folder.join("inner"))?;
    let outside = root.parent().context("a root without a parent")?.join("outside");
    std::fs::create_dir_all(&outside)?;
    std::fs::write(outside.join("secret.mp3"), tagged_mp3("Outside the medium", "Secret", "Secret"))?;
    for (target, name) in [
        (".", "self"),
        ("..", "up"),
        ("inner/../../links", "round"),
        ("ping", "pong"),
        ("pong", "ping"),
        ("/etc", "etc"),
        ("/", "everything"),
        ("/proc/self/root", "magic"),
        ("/etc/passwd", "passwd.mp3"),
        ("/dev/zero", "zero.mp3"),
        ("../../outside", "outside"),
        ("../../outside/secret.mp3", "secret.mp3"),
        ("missing", "dangling.mp3"),
    ] {
        symlink(target, folder.join(name))?;
    }
    symlink(outside.join("secret.mp3"), folder.join("absolute secret.mp3"))?;
    symlink("..", folder.join("inner/back"))?;
    Ok(())
}

#[cfg(unix)]
fn no_files(root: &Path) -> Result<()> {
    let folder = root.join("no files");
    std::fs::create_dir_all(&folder)?;
    for name in ["pipe.mp3", "cover.jpg", "list.m3u"] {
        process::output(Command::new("mkfifo").arg(folder.join(name)))?;
    }
    drop(std::os::unix::net::UnixListener::bind(folder.join("socket.flac"))?);
    // Only root may make devices; elsewhere the links above lead to one.
    for (name, minor) in [("null.mp3", "3"), ("zero.ogg", "5"), ("random.wav", "8")] {
        let _ = process::output(Command::new("mknod").arg(folder.join(name)).args(["c", "1", minor]));
    }
    std::fs::create_dir_all(folder.join("folder.mp3"))?;
    Ok(())
}

#[cfg(not(unix))]
fn links(_root: &Path) -> Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn no_files(_root: &Path) -> Result<()> {
    Ok(())
}

/// Empty files in one folder.
const EMPTY_A_FOLDER: usize = 100_000;

/// `count` empty files that call themselves music, as many in one folder as nobody would put there.
///
/// # Errors
/// If they cannot be made.
pub fn write_empty(folder: &Path, count: usize) -> Result<()> {
    for number in 0..count {
        let folder = folder.join((number / EMPTY_A_FOLDER).to_string());
        if number % EMPTY_A_FOLDER == 0 {
            std::fs::create_dir_all(&folder)?;
        }
        std::fs::File::create(folder.join(format!("{number:07}.mp3")))?;
    }
    Ok(())
}
