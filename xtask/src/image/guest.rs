//! What the quick machine boots: a kernel's modules, a shell, the player with its libraries, and music. No
//! distribution, no services, nothing to install; it is in memory and gone afterwards.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::cpio::Archive;
use super::kernel::Kernel;
use crate::process;

/// Drivers of what the machine has. What they need is found; what is built into the kernel is left out.
const MODULES: [&str; 6] = [
    "evdev",
    "virtio_pci",
    "virtio_input",
    "virtio_snd",
    "bochs",
    // Last: the display comes late, as it does on real boards.
    "virtio_gpu",
];

/// The first program. The door is a serial line whose lines are run as commands.
const INIT: &str = r#"#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys /dev /tmp /data /run
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/shm
mount -t tmpfs shm /dev/shm
exec > /dev/ttyS0 2>&1
echo "GUEST up $(cut -d' ' -f1 /proc/uptime)"
stty -F /dev/ttyS1 -echo
(while read -r line; do eval "$line"; done < /dev/ttyS1) &
/bin/player &
player=$!
echo $player > /run/player
while read -r module; do insmod "/modules/$module.ko" || echo "GUEST lacks $module"; done < /modules/order
echo "GUEST drivers $(cut -d' ' -f1 /proc/uptime)"
grep Name /proc/bus/input/devices
wait $player
echo "GUEST player ended with $?"
poweroff -f
"#;

/// Prints what the player costs: resident memory, and the wake-ups of each of its threads in ten seconds.
const FIGURES: &str = r#"#!/bin/sh
p=$(cat /run/player)
switches() { for t in /proc/$p/task/*; do echo "$(cat $t/comm | tr ' ' '_') $(grep ^voluntary $t/status | cut -f2) $(cut -d' ' -f14,15 $t/stat)"; done; }
switches > /tmp/before
sleep 10
switches > /tmp/after
echo "FIGURES $1 rss $(grep VmRSS /proc/$p/status | tr -s '\t ' ' ' | cut -d' ' -f2) kB"
paste /tmp/before /tmp/after 2>/dev/null | while read -r name a u1 s1 other b u2 s2; do
  [ "$name" = "$other" ] && echo "FIGURES $1 thread $name wakes $((b - a)) ticks $((u2 + s2 - u1 - s1)) in 10 s"
done
echo "FIGURES $1 end"
"#;

/// The text layout below the interface wants one font from fontconfig, of any kind (docs/decisions/0007).
const FONTS: &str = "<?xml version=\"1.0\"?>\n<fontconfig><dir>/usr/share/fonts</dir>\
<cachedir>/tmp/fonts</cachedir></fontconfig>\n";
const FONT: &str = "firmware-app/ui/fonts/BarlowSemiCondensed_500Medium.ttf";

/// Makes the archive.
///
/// # Errors
/// If something that goes into it is missing.
pub fn initramfs(kernel: &Kernel, player: &Path, music: &[PathBuf], args: &[&str]) -> Result<Vec<u8>> {
    let mut archive = Archive::default();
    archive.file("/init", INIT.as_bytes());
    archive.file("/bin/figures", FIGURES.as_bytes());
    archive.copy("/bin/busybox", &busybox()?)?;
    let modules = kernel.modules(&MODULES)?;
    let names: Vec<&str> = modules.iter().map(|(name, _)| name.as_str()).collect();
    archive.file("/modules/order", format!("{}\n", names.join("\n")).as_bytes());
    for (name, bytes) in &modules {
        archive.file(&format!("/modules/{name}.ko"), bytes);
    }
    archive.folder("/data");
    archive.file("/bin/player", player_script(args).as_bytes());
    archive.copy("/bin/rusty-audio", player)?;
    for library in libraries(player)? {
        archive.copy(&library.display().to_string(), &library)?;
    }
    archive.file("/etc/fonts/fonts.conf", FONTS.as_bytes());
    archive.copy("/usr/share/fonts/one.ttf", &process::root()?.join(FONT))?;
    // libasound names its devices by files.
    tree(&mut archive, Path::new("/usr/share/alsa"))?;
    for file in music {
        let name = file.file_name().context("a piece of music without a name")?.to_string_lossy();
        archive.copy(&format!("/music/{name}"), file)?;
    }
    Ok(archive.finish())
}

fn player_script(args: &[&str]) -> String {
    let quoted: Vec<String> = args.iter().map(|arg| format!("'{}'", arg.replace('\'', r"'\''"))).collect();
    // Two thirds of a second of sound: an emulated processor on a busy one is away that long.
    let fixed = "--data /data --alsa hw:0,0 --alsa-period 4096 --alsa-periods 8 --music /music";
    format!("#!/bin/sh\nexport HOME=/tmp\nexec /bin/rusty-audio {fixed} {}\n", quoted.join(" "))
}

fn busybox() -> Result<PathBuf> {
    let found =
        ["/bin/busybox", "/usr/bin/busybox"].into_iter().map(PathBuf::from).find(|path| path.is_file());
    found.context("busybox is missing (Debian: busybox-static)")
}

/// What the dynamic linker would load, and the linker itself.
fn libraries(program: &Path) -> Result<Vec<PathBuf>> {
    let said = String::from_utf8(process::output(Command::new("ldd").arg(program))?)?;
    if said.contains("not found") {
        bail!("libraries of {} are missing:\n{said}", program.display());
    }
    Ok(said.lines().filter_map(library).collect())
}

/// `libm.so.6 => /lib/libm.so.6 (0x…)`, or the linker's own line, which has no arrow.
fn library(line: &str) -> Option<PathBuf> {
    let line = line.split(" (0x").next()?.trim();
    let path = line.rsplit(" => ").next()?;
    path.starts_with('/').then(|| PathBuf::from(path))
}

fn tree(archive: &mut Archive, folder: &Path) -> Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            tree(archive, &path)?;
        } else if path.is_file() {
            archive.copy(&path.display().to_string(), &path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_linkers_lines_are_understood() {
        assert_eq!(library("\tlibm.so.6 => /lib/libm.so.6 (0x00007f)"), Some("/lib/libm.so.6".into()));
        assert_eq!(
            library("\t/lib64/ld-linux-x86-64.so.2 (0x00007f)"),
            Some("/lib64/ld-linux-x86-64.so.2".into())
        );
        assert_eq!(library("\tlinux-vdso.so.1 (0x00007ffd)"), None);
    }

    #[test]
    fn arguments_reach_the_player_whole() {
        let script = player_script(&["--rotate", "it's"]);
        assert!(
            script.ends_with("--rotate' 'it'\\''s'\n") || script.contains("'--rotate' 'it'\\''s'"),
            "{script}"
        );
    }
}
