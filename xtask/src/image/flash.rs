//! `cargo xtask flash DEVICE`: writes the image to a card or stick, after asking, and only if it can be nothing else.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process;

/// What lsblk is asked for.
const COLUMNS: &str = "PATH,TYPE,SIZE,RM,HOTPLUG,RO,MOUNTPOINTS,MODEL,TRAN";

/// A disk that may be written.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Target {
    bytes: u64,
    shown: String,
}

/// Writes the newest image that was built for `board`.
///
/// # Errors
/// If the device is none to write to, or writing fails.
pub fn command(args: &[&str]) -> Result<bool> {
    let (board, device) = match args {
        [device] => ("x86_64", *device),
        ["--board", board, device] | [device, "--board", board] => (*board, *device),
        _ => bail!("cargo xtask flash [--board NAME] DEVICE"),
    };
    let image = newest(&process::target_dir()?.join("image").join(board))?;
    let device = Path::new(device).canonicalize().with_context(|| format!("{device} is not there"))?;
    let mut lsblk = Command::new("lsblk");
    lsblk.args(["--json", "--bytes", "--output", COLUMNS]).arg(&device);
    let said: Value = serde_json::from_slice(&process::output(&mut lsblk)?)?;
    let target = target(&said, &device)?;
    let needed = std::fs::metadata(&image)?.len();
    if target.bytes < needed {
        bail!("{} holds {} MB, and the image needs {}", device.display(), target.bytes >> 20, needed >> 20);
    }
    println!("{}\n  will be written to\n{}: {}", image.display(), device.display(), target.shown);
    println!("Everything on it will be lost. To go on, type its name ({}):", device.display());
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    if Path::new(answer.trim()) != device {
        println!("Nothing was written.");
        return Ok(false);
    }
    let mut dd = Command::new("dd");
    dd.arg(format!("if={}", image.display())).arg(format!("of={}", device.display()));
    process::run(dd.args(["bs=4M", "oflag=direct", "conv=fsync", "status=progress"]))?;
    println!("Written. It can be taken out.");
    Ok(true)
}

fn newest(folder: &Path) -> Result<PathBuf> {
    let mut disks: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "raw"))
        .collect();
    disks.sort();
    disks.pop().context("there is no image yet: cargo xtask image --board x86_64")
}

/// The disk, if it is one that can be taken away and that nothing uses.
fn target(lsblk: &Value, device: &Path) -> Result<Target> {
    let name = device.display();
    let disk = &lsblk["blockdevices"][0];
    if disk["type"] != "disk" {
        bail!("{name} is no whole disk");
    }
    if disk["ro"] == true {
        bail!("{name} cannot be written (its lock may be on)");
    }
    if disk["rm"] != true && disk["hotplug"] != true && disk["tran"] != "usb" {
        bail!("{name} is built into this computer; only what can be taken out is written to");
    }
    if let Some(place) = mounted(disk) {
        bail!("{name} is in use at {place}: unmount it first, if it is the right one");
    }
    let text = |key: &str| disk[key].as_str().unwrap_or("unknown").trim().to_owned();
    let bytes = disk["size"].as_u64().with_context(|| format!("{name} does not say its size"))?;
    let shown = format!("{} ({}), {:.1} GB", text("model"), text("tran"), bytes as f64 / 1e9);
    Ok(Target { bytes, shown })
}

/// The first place where it, or anything on it, is mounted or is swapped to.
fn mounted(device: &Value) -> Option<String> {
    let here = device["mountpoints"].as_array().into_iter().flatten().find_map(Value::as_str);
    let below = || device["children"].as_array().into_iter().flatten().find_map(mounted);
    here.map(str::to_owned).or_else(below)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn stick() -> Value {
        json!({ "blockdevices": [{
            "path": "/dev/sdx", "type": "disk", "size": 8_000_000_000_u64, "rm": true, "hotplug": true, "ro": false,
            "mountpoints": [null], "model": "Stick ", "tran": "usb",
            "children": [{ "path": "/dev/sdx1", "mountpoints": [null] }] }] })
    }

    fn refused(change: impl FnOnce(&mut Value)) -> String {
        let mut said = stick();
        change(&mut said["blockdevices"][0]);
        target(&said, Path::new("/dev/sdx")).unwrap_err().to_string()
    }

    #[test]
    fn only_what_can_be_taken_out_and_is_free_is_written() {
        let stick = target(&stick(), Path::new("/dev/sdx")).unwrap();
        assert_eq!(stick, Target { bytes: 8_000_000_000, shown: "Stick (usb), 8.0 GB".into() });
        assert!(refused(|disk| disk["type"] = json!("part")).contains("whole disk"));
        assert!(refused(|disk| disk["ro"] = json!(true)).contains("lock"));
        assert!(refused(|disk| disk["children"][0]["mountpoints"] = json!(["/home"])).contains("/home"));
        assert!(refused(|disk| disk["mountpoints"] = json!(["[SWAP]"])).contains("[SWAP]"));
        let built_in = refused(|disk| {
            (disk["rm"], disk["hotplug"], disk["tran"]) = (json!(false), json!(false), json!("nvme"));
        });
        assert!(built_in.contains("built into"), "{built_in}");
    }
}
