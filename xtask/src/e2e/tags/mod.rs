//! Tags of real files: ours against ffprobe's and mutagen's, field by field.

mod accepted;
mod compare;
mod fetch;
mod readers;

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::real_music;
use crate::test::{Tally, without_tools};
use compare::Difference;

/// Fetches the files and compares.
///
/// # Errors
/// If a reader cannot be run at all.
pub fn check(tally: &mut Tally) -> Result<()> {
    if without_tools() {
        tally.skip("tags of real files", "the peers' tools are not wanted here");
        return Ok(());
    }
    let program = readers::build_ours()?;
    let mut used = vec![false; accepted::ACCEPTED.len()];
    for name in fetch::PACKAGES {
        match fetch::package(name) {
            Ok(files) => check_package(
                tally,
                &program,
                name,
                &fetch::folder()?.join("unpacked").join(name),
                files,
                &mut used,
            )?,
            Err(why) => tally.skip(&format!("tags of {name}'s files"), &format!("{why:#}")),
        }
    }
    let folder = real_music::folder()?;
    if folder.is_dir() {
        let mut music =
            real_music::files_below(&folder, &["ogg", "mp3", "flac", "m4a", "opus", "aiff", "wav"])?;
        // Files damaged on purpose are nobody's music: the hostile parts look at them.
        music.retain(|path| path.iter().all(|part| part != "mixed" && part != "only bad"));
        check_package(tally, &program, "real-music", &folder, music, &mut used)?;
    }
    for (accepted, _) in accepted::ACCEPTED.iter().zip(used).filter(|&(_, used)| !used) {
        println!("      not met this time: {} {} ({})", accepted.file, accepted.fields, accepted.reason);
    }
    Ok(())
}

fn check_package(
    tally: &mut Tally,
    program: &Path,
    name: &str,
    folder: &Path,
    files: Vec<PathBuf>,
    used: &mut [bool],
) -> Result<()> {
    let ours = readers::ours(program, &files)?;
    let (ffprobe, mutagen) = (readers::ffprobe(&files)?, readers::mutagen(&files)?);
    let (mut fields, mut expected, mut unexpected) = (0, 0, Vec::new());
    for (index, path) in files.iter().enumerate() {
        let shown = shown(name, folder, path);
        let (count, found) =
            compare::file(&shown, ours[index].as_ref(), ffprobe[index].as_ref(), mutagen[index].as_ref());
        fields += count;
        for difference in found {
            match accepted::place(&difference.file, difference.field) {
                Some(place) => {
                    expected += 1;
                    used[place] = true;
                }
                None => unexpected.push(difference),
            }
        }
    }
    let outcome = if unexpected.is_empty() {
        Ok(format!("{} files, {fields} fields, {expected} accepted differences", files.len()))
    } else {
        Err(unexpected.iter().map(told).collect::<Vec<_>>().join("\n        "))
    };
    tally.check(&format!("tags of {name}'s files"), outcome);
    Ok(())
}

/// The package and the path in it, without the folder named after the version.
fn shown(package: &str, folder: &Path, file: &Path) -> String {
    let path = file.strip_prefix(folder).unwrap_or(file);
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    format!("{package}/{}", parts.get(1..).unwrap_or_default().join("/"))
}

fn told(difference: &Difference) -> String {
    let [ours, ffprobe, mutagen] = &difference.said;
    format!("{} {}: {ours:?}, ffprobe {ffprobe:?}, mutagen {mutagen:?}", difference.file, difference.field)
}
