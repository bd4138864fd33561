//! `cargo xtask image`: the player, Debian's packages and `kiosk-image/` become what is flashed.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::cpio::Archive;
use super::mkosi::Mkosi;
use super::{bmap, keys, sbom};
use crate::steps::Steps;
use crate::system::{self, Need};
use crate::{process, web};

/// Boards there is an image for.
const BOARDS: [&str; 1] = ["x86_64"];

/// What to build.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    pub board: String,
    /// The remote and the player as they were last built.
    pub as_built: bool,
    /// Instead of the date of the last commit.
    pub version: Option<String>,
}

impl Order {
    /// By command line: `--board NAME [--as-built] [--version V]`.
    ///
    /// # Errors
    /// If it cannot be understood.
    pub fn parse(args: &[&str]) -> Result<Self> {
        let mut order = Self::default();
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let mut value =
                || args.next().map(|v| (*v).to_owned()).with_context(|| format!("{arg} of what?"));
            match *arg {
                "--board" => order.board = value()?,
                "--version" => order.version = Some(value()?),
                "--as-built" => order.as_built = true,
                _ => bail!("`cargo xtask image` does not know `{arg}`"),
            }
        }
        if !BOARDS.contains(&order.board.as_str()) {
            bail!("--board is one of: {}", BOARDS.join(", "));
        }
        if order.version.as_deref().is_some_and(|version| !is_version(version)) {
            bail!("a version is made of digits and dots");
        }
        Ok(order)
    }
}

fn is_version(text: &str) -> bool {
    !text.is_empty() && text.len() <= 14 && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// An image that was built, and what lies beside it.
pub struct Built {
    /// The disk, not packed.
    pub disk: PathBuf,
    /// Everything to be given away.
    pub folder: PathBuf,
}

/// `cargo xtask image --board NAME …`
///
/// # Errors
/// If a step fails; the message says which.
pub fn command(args: &[&str]) -> Result<bool> {
    let order = Order::parse(args)?;
    let mut steps = Steps::new(6);
    let built = build(&order, &mut steps)?;
    steps.next("Pack");
    let packed = pack(&built)?;
    steps.done(&format!("{} MB, {}", packed / 1_000_000, built.folder.display()));
    Ok(true)
}

/// Builds the disk and the update's parts. Five steps.
///
/// # Errors
/// As [`command`].
pub fn build(order: &Order, steps: &mut Steps) -> Result<Built> {
    steps.next("System packages");
    steps.done(&system::ensure(&[Need::Build, Need::Image])?);
    steps.next("Web remote for phones");
    if order.as_built {
        steps.done("as it was last built");
    } else {
        web::build(web::Mode::Release)?;
        steps.done("built");
    }
    steps.next("Player (release)");
    if !order.as_built {
        let args = ["build", "--profile", "release", "-p", "firmware-app", "--bin", "rusty-audio"];
        process::run(&mut process::cargo(args)?)?;
    }
    let target = process::target_dir()?;
    let stage = target.join("image").join("stage");
    stage_player(&target.join("release/rusty-audio"), &stage)?;
    stage_trust(&stage)?;
    steps.done(&format!("{} MB", std::fs::metadata(stage.join("usr/bin/rusty-audio"))?.len() / 1_000_000));

    steps.next("Image (the first time fetches about 700 MB)");
    let epoch = epoch()?;
    let version = match &order.version {
        Some(version) => version.clone(),
        None => date(epoch),
    };
    let mkosi = Mkosi::fetch()?;
    let initrd = initrd(&target.join("image"))?;
    let made = make(&mkosi, order, &[&stage, &initrd], &version, epoch)?;
    steps.done(&format!("version {version}"));

    steps.next("Results");
    let folder = target.join("image").join(&order.board);
    let built = collect(&made, &folder, &version)?;
    let update = folder.join("update");
    sums(&update)?;
    keys::sign(&keys::home()?, &update.join("SHA256SUMS"))?;
    sbom::write(&folder, &version)?;
    steps.done(&format!("{}", built.disk.display()));
    Ok(built)
}

/// What was built last for this order, if anything was.
///
/// # Errors
/// If xtask is started outside the workspace.
pub fn last(order: &Order) -> Result<Option<Built>> {
    let folder = process::target_dir()?.join("image").join(&order.board);
    let names = std::fs::read_dir(&folder).into_iter().flatten().flatten();
    let version = names
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .find_map(|name| Some(name.strip_prefix("rusty-audio_")?.strip_suffix(".raw")?.to_owned()));
    Ok(version.map(|version| Built { disk: folder.join(format!("rusty-audio_{version}.raw")), folder }))
}

/// The player as it goes into the image: without what only a debugger needs.
fn stage_player(player: &Path, stage: &Path) -> Result<()> {
    let _ = std::fs::remove_dir_all(stage);
    let bin = stage.join("usr/bin");
    std::fs::create_dir_all(&bin)?;
    if !player.is_file() {
        bail!("{} is missing: build without --as-built", player.display());
    }
    process::output(Command::new("strip").arg("-o").arg(bin.join("rusty-audio")).arg(player))?;
    Ok(())
}

/// The first program of the unit as the kernel wants it: without libraries, in an archive. mkosi adds the drivers.
fn initrd(folder: &Path) -> Result<PathBuf> {
    let args = ["rustc", "--profile", "release", "-p", "kiosk-initrd", "--bin", "kiosk-init"];
    let mut cargo = process::cargo(args)?;
    process::run(cargo.args(["--", "-C", "target-feature=+crt-static", "-C", "panic=abort"]))?;
    let bare = folder.join("kiosk-init");
    let built = process::target_dir()?.join("release/kiosk-init");
    process::output(Command::new("strip").arg("-o").arg(&bare).arg(built))?;
    let mut archive = Archive::default();
    for place in ["/proc", "/sys", "/dev", "/run", "/usr/lib"] {
        archive.folder(place);
    }
    archive.copy("/init", &bare)?;
    let path = folder.join("kiosk-init.cpio");
    std::fs::write(&path, archive.finish())?;
    Ok(path)
}

/// What the unit checks updates with.
fn stage_trust(stage: &Path) -> Result<()> {
    let home = keys::home()?;
    keys::ensure(&home)?;
    let folder = stage.join("usr/lib/systemd");
    std::fs::create_dir_all(&folder)?;
    std::fs::copy(home.join("public.gpg"), folder.join("import-pubring.gpg"))?;
    Ok(())
}

/// The moment that all files of the image are dated: the last commit's.
fn epoch() -> Result<u64> {
    let text = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => text,
        Err(_) => {
            let mut git = Command::new("git");
            git.args(["log", "-1", "--format=%ct"]).current_dir(process::root()?);
            String::from_utf8(process::output(&mut git)?)?
        }
    };
    text.trim().parse().with_context(|| format!("{text:?} is no time in seconds since 1970"))
}

/// `20261122.1754` in UTC.
fn date(epoch: u64) -> String {
    let (days, minutes) = (epoch / 86_400, epoch % 86_400 / 60);
    // Howard Hinnant's days_to_civil, for dates after 1970 (chrono-compatible low-level date algorithms).
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}{month:02}{day:02}.{:02}{:02}", minutes / 60, minutes % 60)
}

fn make(mkosi: &Mkosi, order: &Order, parts: &[&Path; 2], version: &str, epoch: u64) -> Result<PathBuf> {
    let [stage, initrd] = parts;
    let config = process::root()?.join("kiosk-image/boards").join(&order.board);
    let out = mkosi.out(&order.board);
    // What is left of another version would be taken for parts of this one.
    for entry in std::fs::read_dir(&out).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with("rusty-audio_") {
            std::fs::remove_file(entry.path())?;
        }
    }
    let mut command = mkosi.command(&config, &order.board)?;
    command.arg("--image-version").arg(version);
    command.arg("--source-date-epoch").arg(epoch.to_string());
    command.arg("--extra-tree").arg(config.join("board"));
    command.arg("--extra-tree").arg(stage);
    command.arg("--initrd").arg(initrd);
    process::run(command.args(["--force", "build"]))?;
    Ok(out)
}

/// Moves what was made to where it is looked for.
fn collect(made: &Path, folder: &Path, version: &str) -> Result<Built> {
    let _ = std::fs::remove_dir_all(folder);
    let update = folder.join("update");
    std::fs::create_dir_all(&update)?;
    let start = format!("rusty-audio_{version}");
    for entry in std::fs::read_dir(made)?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(rest) = name.strip_prefix(&start) else { continue };
        let to = match rest {
            ".raw" | ".manifest" => folder.join(&name),
            ".efi" => update.join(&name),
            part if part.contains("root") && part.ends_with(".raw") => update.join(&name),
            _ => continue,
        };
        // Sparse, and to another file system perhaps.
        process::output(
            Command::new("cp").args(["--sparse=always", "--reflink=auto"]).arg(entry.path()).arg(to),
        )?;
    }
    let disk = folder.join(format!("{start}.raw"));
    if !disk.is_file() {
        bail!("mkosi has not made {}", disk.display());
    }
    Ok(Built { disk, folder: folder.to_owned() })
}

/// Compresses the disk; writes its block map and the check sums. Gives the packed size.
fn pack(built: &Built) -> Result<u64> {
    let packed = built.disk.with_extension("raw.zst");
    bmap::write(&built.disk)?;
    process::output(
        Command::new("zstd").args(["-q", "-f", "-12", "-T2", "-o"]).arg(&packed).arg(&built.disk),
    )?;
    sums(&built.folder)?;
    Ok(std::fs::metadata(packed)?.len())
}

/// Writes SHA256SUMS of all files of a folder but the unpacked disk.
pub fn sums(folder: &Path) -> Result<()> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_disk = name.ends_with(".raw") && !name.contains(".root");
        if entry.path().is_file() && !is_disk && !name.starts_with("SHA256SUMS") {
            names.push(name);
        }
    }
    names.sort();
    let said = process::output(Command::new("sha256sum").args(&names).current_dir(folder))?;
    Ok(std::fs::write(folder.join("SHA256SUMS"), said)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_understood() {
        let order = Order::parse(&["--board", "x86_64", "--as-built", "--version", "7.1"]).unwrap();
        assert_eq!((order.as_built, order.version.as_deref()), (true, Some("7.1")));
        for bad in [
            &["--as-built"] as &[&str],
            &["--board", "toaster"],
            &["--board"],
            &["--board", "x86_64", "--version", "a b"],
            &["--board", "x86_64", "--fast"],
        ] {
            assert!(Order::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn versions_are_dates_in_order() {
        assert_eq!(date(0), "19700101.0000");
        assert_eq!(date(951_782_400), "20000229.0000");
        assert_eq!(date(1_795_370_040), "20261122.1754");
        assert!(is_version(&date(1_795_370_040)), "and short enough for a partition's name");
    }
}
