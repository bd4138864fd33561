//! From the root hash to a device that can be mounted: drivers, partitions, the check.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::gpt::Key;
use super::modules::Modules;
use super::verity::{RootHash, SUPERBLOCK, Superblock};
use super::{dm, gpt, sys};

/// How long a slow disk may take to appear.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(20);
/// What the image calls the partition for everything that is written.
const DATA: &str = "rusty-audio-data";

/// What the system is made of.
#[derive(Debug)]
pub struct Devices {
    /// The slot, checked at every read.
    pub slot: PathBuf,
    /// The partition for everything that is written, on the same disk, if it can be found and used.
    pub data: Option<PathBuf>,
}

/// Opens the slot of this hash.
///
/// # Errors
/// It does not appear, or it cannot be checked.
pub fn open(root: &RootHash) -> io::Result<Devices> {
    let folder = Path::new("/usr/lib/modules").join(sys::release()?);
    let text = |name: &str| fs::read_to_string(folder.join(name)).map_err(sys::at(name));
    let modules = Modules::new(&text("modules.dep")?, &text("modules.alias")?);
    let mut drivers = Drivers { folder, modules, seen: HashSet::new() };
    let (data, hashes) = root.partitions();
    let (data, hashes) = (Key::Identity(gpt::on_disk(data)), Key::Identity(gpt::on_disk(hashes)));
    let since = Instant::now();
    let (disk, data, hashes) = loop {
        drivers.load_what_is_asked_for();
        if let (Some((disk, data)), Some((_, hashes))) = (find(data), find(hashes)) {
            break (disk, data, hashes);
        }
        if since.elapsed() > PATIENCE {
            return Err(io::Error::new(io::ErrorKind::NotFound, "no disk has the slot that was started"));
        }
        std::thread::sleep(PAUSE);
    };
    // erofs asks for the algorithm by name only, which finds nothing that is not loaded.
    for module in ["dm-verity", "crc32c_generic", "erofs"] {
        drivers.load(module)?;
    }
    let mut bytes = [0; SUPERBLOCK];
    let opened = File::open(Path::new("/dev").join(&hashes)).map_err(sys::at(&hashes))?;
    opened.read_exact_at(&mut bytes, 0).map_err(sys::at(&hashes))?;
    let strange = || io::Error::new(io::ErrorKind::InvalidData, "the slot's hashes are of no known format");
    let superblock = Superblock::parse(&bytes).ok_or_else(strange)?;
    let sectors = superblock.sectors().ok_or_else(strange)?;
    let parameters = superblock.parameters(&number(&data)?, &number(&hashes)?, root);
    let device = dm::make("root", &superblock.device_uuid("root"), "verity", sectors, &parameters)?;
    let writable = partition(&disk, Key::Label(DATA)).map(|name| Path::new("/dev").join(name));
    let data = writable.filter(|_| drivers.load("ext4").is_ok());
    Ok(Devices { slot: Path::new("/dev").join(device), data })
}

struct Drivers {
    folder: PathBuf,
    modules: Modules,
    /// What devices have said of themselves so far.
    seen: HashSet<String>,
}

impl Drivers {
    /// Looks at all devices and loads drivers for those that are new.
    fn load_what_is_asked_for(&mut self) {
        for bus in entries(Path::new("/sys/bus")) {
            for device in entries(&bus.join("devices")) {
                let Ok(text) = fs::read_to_string(device.join("modalias")) else { continue };
                if !self.seen.insert(text.trim().to_owned()) {
                    continue;
                }
                let asked: Vec<String> = self.modules.asked_by(text.trim()).map(str::to_owned).collect();
                for module in asked {
                    // One that does not want to be here is not the one the disk hangs on.
                    let _ = self.load(&module);
                }
            }
        }
        // Nothing asks for these by name: they come with a disk, whatever it hangs on.
        if self.seen.insert("disks".to_owned()) {
            let _ = self.load("sd_mod");
            let _ = self.load("mmc_block");
        }
    }

    fn load(&self, module: &str) -> io::Result<()> {
        self.modules.files(module).into_iter().try_for_each(|file| sys::load(&self.folder.join(file)))
    }
}

/// The disk with this partition, and the partition's name below /dev.
fn find(key: Key<'_>) -> Option<(PathBuf, String)> {
    let disks =
        entries(Path::new("/sys/class/block")).into_iter().filter(|disk| !disk.join("partition").exists());
    disks.into_iter().find_map(|disk| partition(&disk, key).map(|name| (disk, name)))
}

/// The partition's name below /dev. A reader without a card, a disk that is broken and not ours: the next may be it.
fn partition(disk: &Path, key: Key<'_>) -> Option<String> {
    let file = File::open(Path::new("/dev").join(disk.file_name()?)).ok()?;
    let number = gpt::find(&file, key).ok()??.to_string();
    let has_number =
        |path: &PathBuf| fs::read_to_string(path.join("partition")).is_ok_and(|text| text.trim() == number);
    // The kernel may not have read the table yet.
    let partition = entries(disk).into_iter().find(has_number)?;
    Some(partition.file_name()?.to_string_lossy().into_owned())
}

/// `254:2`
fn number(name: &str) -> io::Result<String> {
    Ok(fs::read_to_string(Path::new("/sys/class/block").join(name).join("dev"))?.trim().to_owned())
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}
