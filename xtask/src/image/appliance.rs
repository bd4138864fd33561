//! The machine that the image is booted on: UEFI, a disk that keeps the image as it is, USB, a network card.
//!
//! What happens inside is seen through a door of the test's own. The image has no login and nothing for tests; the
//! door comes from outside, as two units that systemd takes from the machine's maker through SMBIOS
//! (systemd.system-credentials(7)). Whoever can write there owns the machine anyway.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;

/// Debian's firmware for virtual machines.
const FIRMWARE: &str = "/usr/share/OVMF/OVMF_CODE_4M.fd";
const VARIABLES: &str = "/usr/share/OVMF/OVMF_VARS_4M.fd";

/// An emulated processor on a busy one cannot measure how fast it is; the kernel would take a wrong speed for its
/// clock. This clock is the machine's own.
const CLOCK: &str = "io.systemd.stub.kernel-cmdline-extra=clocksource=acpi_pm tsc=unstable";
/// Runs lines that come on the second serial line, and says what they say on the first.
const DOOR: &str = "[Unit]
DefaultDependencies=no
ConditionPathExists=!/etc/initrd-release
[Service]
ExecStart=/bin/bash -c 'exec >/dev/ttyS0 2>&1; stty -F /dev/ttyS1 -echo; \
echo GUEST up $$(cut -d\" \" -f1 /proc/uptime); while read -r line; do eval \"$$line\"; done </dev/ttyS1'
Restart=always
";
/// Says what is logged, but for the kernel's part.
const LOG: &str = "[Unit]
DefaultDependencies=no
ConditionPathExists=!/etc/initrd-release
Wants=systemd-journald.service
After=systemd-journald.service
[Service]
ExecStart=/bin/bash -c 'exec journalctl -q -f -n all -o short-monotonic --no-hostname \
_TRANSPORT=journal + _TRANSPORT=stdout + _TRANSPORT=syslog >/dev/ttyS0 2>&1'
";
const WANTS: &str = "[Unit]\nWants=test-door.service test-log.service\n";
/// An emulated processor that shares a busy one is away for long: two thirds of a second of sound.
const PERIOD: &str = "[Service]\nEnvironment=ALSA_PERIOD=4096 ALSA_PERIODS=8\n";

/// A disk with the image on it, written to by nobody but the machine it belongs to.
pub struct Appliance {
    folder: PathBuf,
}

impl Appliance {
    /// A fresh one, as from the factory, on a disk of `gigabytes`.
    ///
    /// # Errors
    /// If there is no firmware or no image.
    pub fn unpack(image: &Path, folder: &Path, gigabytes: u32) -> Result<Self> {
        if !Path::new(FIRMWARE).is_file() {
            bail!("{FIRMWARE} is missing (Debian: ovmf)");
        }
        let _ = std::fs::remove_dir_all(folder);
        std::fs::create_dir_all(folder)?;
        let image = image.canonicalize().with_context(|| format!("{} is missing", image.display()))?;
        let mut create = Command::new("qemu-img");
        create.args(["create", "-q", "-f", "qcow2", "-F", "raw", "-b"]).arg(image);
        process::output(create.arg(folder.join("disk.qcow2")).arg(format!("{gigabytes}G")))?;
        std::fs::copy(VARIABLES, folder.join("variables.fd"))?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// The board to start, with a door if `is_watched`.
    ///
    /// # Errors
    /// If its files cannot be written.
    pub fn board(&self, is_watched: bool) -> Result<Vec<String>> {
        let file = |name: &str| self.folder.join(name).display().to_string();
        // No keyboard and mouse of the old kind: the machine would not say which of two mice turns the wheel.
        let mut board: Vec<String> = ["-machine", "q35,i8042=off"].map(str::to_owned).into();
        let mut add = |option: &str, value: String| board.extend([option.to_owned(), value]);
        add("-drive", format!("if=pflash,format=raw,unit=0,readonly=on,file={FIRMWARE}"));
        add("-drive", format!("if=pflash,format=raw,unit=1,file={}", file("variables.fd")));
        add("-drive", format!("if=none,id=disk,format=qcow2,discard=unmap,file={}", file("disk.qcow2")));
        add("-device", "virtio-blk-pci,drive=disk,bootindex=1".into());
        add("-device", "qemu-xhci,id=usb".into());
        // Nothing on the other side but an address; nothing to boot from.
        add("-netdev", "user,id=net,restrict=on".into());
        add("-device", "virtio-net-pci,netdev=net,romfile=".into());
        add("-smbios", format!("type=11,value={CLOCK}"));
        if is_watched {
            for (number, text) in credentials().into_iter().enumerate() {
                let path = self.folder.join(format!("credential-{number}"));
                std::fs::write(&path, text)?;
                add("-smbios", format!("type=11,path={}", path.display()));
            }
        }
        Ok(board)
    }
}

fn credentials() -> Vec<String> {
    [
        ("systemd.extra-unit.test-door.service", DOOR),
        ("systemd.extra-unit.test-log.service", LOG),
        ("systemd.unit-dropin.sysinit.target~test", WANTS),
        ("systemd.unit-dropin.rusty-audio.service~test", PERIOD),
    ]
    .map(|(name, text)| format!("io.systemd.credential:{name}={text}"))
    .into()
}
