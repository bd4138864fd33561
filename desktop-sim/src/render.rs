//! `render`: files through the stereo's sound chain into a WAV file, as fast as it goes.

use std::cell::{Cell, RefCell};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use firmware_app::offline::{Rendered, Rendering, render};
use firmware_app::protocol::{Decibels, Seconds, SoundPreset};
use hal::AudioFormat;
use hal::sim::WavWriter;
use serde_json::json;

use crate::cli::RenderArgs;
use crate::process;

/// Renders what the command line asks for.
///
/// # Errors
/// Nothing can be played, the preset is refused, or the output cannot be written.
pub fn run(args: RenderArgs) -> Result<()> {
    check_output(&args)?;
    let sound = match &args.preset {
        Some(path) => firmware_app::load_preset_file(path)?,
        None => SoundPreset::flat(),
    };
    let rendering = Rendering {
        files: args.inputs,
        rate: args.rate,
        sound,
        volume: Decibels(args.volume),
        seek: Seconds(args.seek),
        limit: args.seconds.map(Seconds),
    };
    let cpu_before = process::cpu_time();
    let rendered = into_file(&rendering, &args.output)?;
    let cpu = process::cpu_time().zip(cpu_before).map(|(after, before)| (after - before).as_secs_f64());
    for (path, why) in &rendered.failed {
        crate::note(&format!("{} was skipped: {why}", path.display()));
    }
    report(&rendered, &args.output, cpu, args.stats).context("standard output is gone")
}

/// The output must never cost anybody a song.
fn check_output(args: &RenderArgs) -> Result<()> {
    let output = &args.output;
    let is_wav = output.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("wav"));
    if !is_wav && output.exists() {
        bail!(
            "{} exists and is no .wav file, so it is not overwritten; the last file named is the output, \
             give one that ends in .wav",
            output.display()
        );
    }
    let same = |input: &Path| match (input.canonicalize(), output.canonicalize()) {
        (Ok(input), Ok(output)) => input == output,
        _ => false,
    };
    if args.inputs.iter().any(|input| same(input)) {
        bail!(
            "{} is to be read, so it is not overwritten; name another .wav file for the output",
            output.display()
        );
    }
    Ok(())
}

fn into_file(rendering: &Rendering, output: &Path) -> Result<Rendered> {
    let writer: RefCell<Option<WavWriter>> = RefCell::new(None);
    let is_music = Cell::new(false);
    let mut start = |rate| {
        is_music.set(true);
        let created =
            WavWriter::create(output, AudioFormat { rate, channels: 2 }).map_err(io::Error::other)?;
        *writer.borrow_mut() = Some(created);
        Ok(())
    };
    let mut write = |block: &[f32]| match writer.borrow_mut().as_mut() {
        Some(writer) => writer.write(block).map_err(io::Error::other),
        None => Ok(()),
    };
    let rendered = match render(rendering, &mut start, &mut write) {
        Ok(rendered) => rendered,
        Err(error) if is_music.get() => return Err(error).context("the output cannot be written"),
        Err(_) => bail!("None of the files could be played.\n{}", reasons(rendering).join("\n")),
    };
    if let Some(writer) = writer.into_inner() {
        writer.finish()?;
    }
    Ok(rendered)
}

/// What is wrong with each file, tried one by one: the chain tells only of the last.
fn reasons(rendering: &Rendering) -> Vec<String> {
    let alone = |file: &PathBuf| {
        let alone = Rendering { files: vec![file.clone()], limit: Some(Seconds(0.01)), ..rendering.clone() };
        render(&alone, &mut |_| Ok(()), &mut |_| Ok(())).err().map(|error| error.to_string())
    };
    rendering.files.iter().filter_map(alone).collect()
}

fn report(rendered: &Rendered, output: &Path, cpu_seconds: Option<f64>, stats: bool) -> io::Result<()> {
    let seconds = rendered.frames as f64 / f64::from(rendered.rate.max(1));
    let mut out = io::stdout();
    if !stats {
        let peak_db = 20.0 * rendered.peak.log10();
        return writeln!(
            out,
            "{}: {seconds:.3} s at {} Hz, peak {peak_db:.1} dBFS",
            output.display(),
            rendered.rate
        );
    }
    let failed: Vec<_> =
        rendered.failed.iter().map(|(path, error)| json!({ "path": path, "error": error })).collect();
    let stats = json!({
        "audio_seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "peak": rendered.peak,
        "underruns": rendered.underruns,
        "rate": rendered.rate,
        "failed": failed,
    });
    writeln!(out, "{stats:#}")
}
