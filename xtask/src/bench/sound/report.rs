//! Targets of the sound, and the section that states what was measured.

use std::fmt::Write;

use super::Cost;
use super::work::Work;
use crate::bench::Verdict;
use crate::bench::page::machine;

/// CPU seconds vary from machine to machine and run to run; instructions do not.
const SLACK: f64 = 1.15;

/// Million instructions per second of audio that MPD 0.23 takes to play a FLAC at 48 kHz.
const MPD_PLAY: f64 = 23.3;
/// The same for ten peaking bands in CamillaDSP 4.1.3.
const CAMILLA_BANDS: f64 = 21.0;

/// A target as a ratio.
struct Target {
    what: &'static str,
    of: fn(&dyn Fn(Work) -> f64) -> f64,
    must: f64,
    /// Against a figure quoted in instructions, so not to be judged by CPU time.
    quoted: bool,
}

/// What must hold, of instructions where they are counted, else of CPU time.
const TARGETS: [Target; 4] = [
    Target {
        what: "to 48 kHz, flat / MPD 0.23 playing the same (quoted)",
        of: |cost| cost(Work::Resample) / MPD_PLAY,
        must: 1.0,
        quoted: true,
    },
    Target {
        what: "resampling alone / ffmpeg's resampling alone",
        of: |cost| {
            (cost(Work::Resample) - cost(Work::Plain))
                / (cost(Work::FfmpegResample) - cost(Work::FfmpegDecode))
        },
        must: 0.75,
        quoted: false,
    },
    Target {
        what: "ten bands alone / CamillaDSP 4.1.3's (quoted)",
        of: |cost| (cost(Work::Chain) - cost(Work::Resample)) / CAMILLA_BANDS,
        must: 0.60,
        quoted: true,
    },
    Target {
        what: "the whole / ffmpeg doing the same",
        of: |cost| cost(Work::Chain) / cost(Work::FfmpegChain),
        must: 0.65,
        quoted: false,
    },
];

/// All targets against what was measured.
pub fn verdicts(costs: &[Cost]) -> Vec<Verdict> {
    let counted = costs.iter().all(|cost| cost.instructions.is_some());
    let value = |work: Work| {
        let cost = costs.iter().find(|cost| cost.work == work);
        cost.map_or(f64::NAN, |cost| cost.instructions.filter(|_| counted).unwrap_or(cost.cpu_s))
    };
    let slack = if counted { 1.0 } else { SLACK };
    TARGETS
        .iter()
        .filter(|target| counted || !target.quoted)
        .map(|target| {
            let ratio = (target.of)(&value);
            Verdict {
                what: target.what.to_owned(),
                value: ratio,
                must: target.must,
                held: ratio <= target.must * slack,
            }
        })
        .collect()
}

/// The section.
pub fn text(costs: &[Cost], verdicts: &[Verdict], audio_s: u32, rounds: usize) -> String {
    let mut text = String::from(
        "From FLAC, 44.1 kHz, 16 bit, stereo. The \
         stereo and ffmpeg write 32-bit float WAV, which is part of their cost; symphonia alone writes nothing.\n\n",
    );
    let _ = writeln!(text, "Machine: {}.\n", machine());
    let _ = writeln!(
        text,
        "CPU: user + system seconds of the whole process for {audio_s} s of audio, median of {rounds} interleaved \
         rounds (lowest to highest). Instructions: million per second of audio, callgrind, slope between 10 s and \
         20 s.\n"
    );
    text.push_str("| work | CPU s | x real time | M instructions/s |\n|---|---|---|---|\n");
    for cost in costs {
        let instructions = cost.instructions.map_or("–".to_owned(), |count| format!("{count:.1}"));
        let _ = writeln!(
            text,
            "| {} | {:.2} ({:.2}–{:.2}) | {:.0} | {instructions} |",
            cost.work.name(),
            cost.cpu_s,
            cost.spread.0,
            cost.spread.1,
            f64::from(audio_s) / cost.cpu_s.max(1e-3),
        );
    }
    let of = if costs.iter().all(|cost| cost.instructions.is_some()) { "instructions" } else { "CPU time" };
    let _ = writeln!(text, "\n| ratio of {of} | measured | must be at most | |\n|---|---|---|---|");
    for verdict in verdicts {
        text.push_str(&verdict.row());
    }
    let floor = |work: Work| costs.iter().find(|cost| cost.work == work).map_or(f64::NAN, |cost| cost.cpu_s);
    let _ = writeln!(
        text,
        "\nThe whole takes {:.1} times the CPU time of symphonia's decode alone and {:.2} times that of ffmpeg doing \
         the same work. Quoted figures were measured on another machine of the same kind with the same method.",
        floor(Work::Chain) / floor(Work::Decode),
        floor(Work::Chain) / floor(Work::FfmpegChain),
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn costs(chain: f64) -> Vec<Cost> {
        let cost = |work| {
            let value = match work {
                Work::Decode => 9.0,
                Work::Plain | Work::FfmpegDecode => 12.0,
                Work::Resample => 22.0,
                Work::Chain => chain,
                Work::FfmpegResample => 31.0,
                Work::FfmpegChain => 60.0,
            };
            Cost { work, cpu_s: value, spread: (value, value), instructions: Some(value) }
        };
        Work::ALL.into_iter().map(cost).collect()
    }

    #[test]
    fn a_missed_target_is_said() {
        let held = verdicts(&costs(32.0));
        assert_eq!(held.iter().filter(|verdict| verdict.held).count(), TARGETS.len());
        let missed = verdicts(&costs(70.0));
        assert_eq!(missed.iter().filter(|verdict| !verdict.held).count(), 2);
        assert!(text(&costs(70.0), &missed, 300, 5).contains("**missed**"));
    }
}
