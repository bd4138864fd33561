//! The screen's light through `/sys/class/backlight` (Documentation/ABI/stable/sysfs-class-backlight).

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Backlight, PartGone};

/// One backlight device.
#[derive(Debug)]
pub struct SysfsBacklight {
    brightness: PathBuf,
    max: u32,
}

impl SysfsBacklight {
    /// The first backlight of the system, by name.
    ///
    /// # Errors
    /// There is none.
    pub fn find() -> Result<Self, PartGone> {
        Self::find_in(Path::new("/sys/class/backlight"))
    }

    fn find_in(class: &Path) -> Result<Self, PartGone> {
        let mut devices: Vec<PathBuf> =
            fs::read_dir(class).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        devices.sort();
        devices
            .iter()
            .find_map(|device| Self::open(device).ok())
            .ok_or_else(|| PartGone("there is no backlight".into()))
    }

    /// The backlight of this folder.
    ///
    /// # Errors
    /// Its `max_brightness` cannot be read or is no number above 0.
    pub fn open(device: &Path) -> Result<Self, PartGone> {
        let path = device.join("max_brightness");
        let text =
            fs::read_to_string(&path).map_err(|error| PartGone(format!("{}: {error}", path.display())))?;
        let max = text.trim().parse().ok().filter(|&max| max > 0);
        let max =
            max.ok_or_else(|| PartGone(format!("{}: {:?} is no brightness", path.display(), text.trim())))?;
        Ok(Self { brightness: device.join("brightness"), max })
    }
}

impl Backlight for SysfsBacklight {
    fn set(&mut self, percent: u8) -> Result<(), PartGone> {
        let value = scale(percent, self.max).to_string();
        fs::write(&self.brightness, value)
            .map_err(|error| PartGone(format!("{}: {error}", self.brightness.display())))
    }
}

/// Rounded, but never dark unless 0 is asked for: coarse lights have only a handful of steps.
fn scale(percent: u8, max: u32) -> u64 {
    let percent = u64::from(percent.min(100));
    let value = (percent * u64::from(max) + 50) / 100;
    if percent > 0 { value.max(1) } else { 0 }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn percent_are_scaled_to_the_device() {
        assert_eq!([0, 1, 50, 99, 100, 200].map(|p| scale(p, 255)), [0, 3, 128, 252, 255, 255]);
        assert_eq!([0, 1, 49, 100].map(|p| scale(p, 7)), [0, 1, 3, 7]);
        assert_eq!(scale(100, u32::MAX), u64::from(u32::MAX));
    }

    #[test]
    fn the_first_usable_device_is_found_and_set() {
        let class = tempfile::tempdir().unwrap();
        for (name, max) in [("a-broken", "none\n"), ("b-panel", "200\n"), ("c-other", "10\n")] {
            fs::create_dir(class.path().join(name)).unwrap();
            fs::write(class.path().join(name).join("max_brightness"), max).unwrap();
            fs::write(class.path().join(name).join("brightness"), "200\n").unwrap();
        }
        let mut light = SysfsBacklight::find_in(class.path()).unwrap();
        light.set(30).unwrap();
        assert_eq!(fs::read_to_string(class.path().join("b-panel/brightness")).unwrap(), "60");
        assert_eq!(fs::read_to_string(class.path().join("c-other/brightness")).unwrap(), "200\n");
    }

    #[test]
    fn what_is_missing_is_named() {
        let class = tempfile::tempdir().unwrap();
        assert!(SysfsBacklight::find_in(class.path()).is_err());
        fs::write(class.path().join("max_brightness"), "5").unwrap();
        let mut light = SysfsBacklight::open(class.path()).unwrap();
        fs::create_dir(class.path().join("brightness")).unwrap();
        assert!(light.set(50).unwrap_err().0.contains("brightness"));
    }
}
