//! Debian's kernel, unpacked beside the build: nothing of it is installed on this machine.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{process, system};

/// A kernel and its modules.
pub struct Kernel {
    /// The bootable file.
    pub image: PathBuf,
    /// Module files by name, with `_` for every `-`.
    modules: HashMap<String, PathBuf>,
}

impl Kernel {
    /// The kernel of this machine's Debian, fetched once into `folder`.
    ///
    /// # Errors
    /// If this is no Debian, or the package cannot be had.
    pub fn fetch(folder: &Path) -> Result<Self> {
        let tree = folder.join("kernel");
        if !tree.join("boot").is_dir() {
            unpack(folder, &tree)?;
        }
        let image = files(&tree.join("boot")).into_iter().find(|path| has_start(path, "vmlinuz-"));
        let module = |path: PathBuf| Some((module_name(&path)?, path));
        // Below /usr/lib or /lib, as the release of Debian has it.
        let modules: HashMap<String, PathBuf> = files(&tree).into_iter().filter_map(module).collect();
        Ok(Self { image: image.context("the kernel's package holds no kernel")?, modules })
    }

    /// These modules with all they need, as plain ELF files, each after what it needs. Names that are built into the
    /// kernel are left out.
    ///
    /// # Errors
    /// If a module cannot be unpacked.
    pub fn modules(&self, names: &[&str]) -> Result<Vec<(String, Vec<u8>)>> {
        let mut loaded = Vec::new();
        for name in names {
            self.add(name, &mut loaded)?;
        }
        Ok(loaded)
    }

    fn add(&self, name: &str, loaded: &mut Vec<(String, Vec<u8>)>) -> Result<()> {
        let name = name.replace('-', "_");
        let Some(path) = self.modules.get(&name) else { return Ok(()) };
        if loaded.iter().any(|(known, _)| *known == name) {
            return Ok(());
        }
        let bytes = plain(path)?;
        for needed in depends(&bytes) {
            self.add(&needed, loaded)?;
        }
        loaded.push((name, bytes));
        Ok(())
    }
}

fn unpack(folder: &Path, tree: &Path) -> Result<()> {
    if !system::has_apt() {
        bail!("the kernel comes from Debian's packages, and this is no Debian");
    }
    system::ensure_apt_lists()?;
    std::fs::create_dir_all(folder)?;
    // The package of this name only points to the present version.
    let said =
        process::output(Command::new("apt-cache").args(["depends", "--important", "linux-image-amd64"]))?;
    let said = String::from_utf8_lossy(&said).into_owned();
    let name =
        said.lines().find_map(|line| line.trim().strip_prefix("Depends: ")).context("no kernel is known")?;
    println!("      fetching {name} (about 70 MB, once)");
    process::output(Command::new("apt-get").args(["download", "-q", name]).current_dir(folder))?;
    let package =
        files(folder).into_iter().find(|path| has_start(path, name)).context("nothing was fetched")?;
    let part = folder.join("kernel.part");
    process::output(Command::new("dpkg-deb").arg("-x").arg(&package).arg(&part))?;
    std::fs::remove_file(package)?;
    std::fs::rename(part, tree)?;
    Ok(())
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => open.push(entry.path()),
                Ok(kind) if kind.is_file() => found.push(entry.path()),
                _ => {}
            }
        }
    }
    found
}

fn has_start(path: &Path, start: &str) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(start))
}

/// `virtio_gpu` of `virtio-gpu.ko.xz`.
fn module_name(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    let (name, packing) = name.split_once(".ko")?;
    matches!(packing, "" | ".xz").then(|| name.replace('-', "_"))
}

fn plain(path: &Path) -> Result<Vec<u8>> {
    if path.extension().is_some_and(|ending| ending == "xz") {
        return process::output(Command::new("xz").arg("-dc").arg(path));
    }
    std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// What the module's own `.modinfo` says it needs: `depends=a,b`.
fn depends(module: &[u8]) -> Vec<String> {
    const KEY: &[u8] = b"\0depends=";
    let Some(at) = module.windows(KEY.len()).position(|window| window == KEY) else { return Vec::new() };
    let value = module[at + KEY.len()..].split(|byte| *byte == 0).next().unwrap_or_default();
    let names = String::from_utf8_lossy(value).into_owned();
    names.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_say_what_they_need() {
        assert_eq!(
            depends(b"\x7fELF\0license=GPL\0depends=drm,drm_kms_helper\0x"),
            ["drm", "drm_kms_helper"]
        );
        assert!(depends(b"\0depends=\0intree=Y").is_empty());
        assert!(depends(b"no module at all").is_empty());
    }

    #[test]
    fn modules_are_named_without_their_packing() {
        assert_eq!(module_name(Path::new("/x/virtio-gpu.ko.xz")).as_deref(), Some("virtio_gpu"));
        assert_eq!(module_name(Path::new("/x/evdev.ko")).as_deref(), Some("evdev"));
        assert_eq!(module_name(Path::new("/x/modules.order")), None);
    }
}
