//! A decoder that is too slow: the ring runs dry, the sound fades out and comes back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod common;

use common::rig::{Rig, short, track};
use common::{signal, wav};
use engine::Params;
use std::time::{Duration, Instant};

const RATE: u32 = 48_000;

/// Renders as a device would until `done` says so; what was heard.
fn until(rig: &mut Rig, mut done: impl FnMut(&Rig, &[f32]) -> bool) -> Vec<f32> {
    let (mut out, start) = (Vec::new(), Instant::now());
    loop {
        let block = rig.rush(480);
        let enough = done(rig, &block);
        out.extend(block);
        if enough {
            return out;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "nothing happens");
        std::thread::sleep(Duration::from_micros(300));
    }
}

#[test]
fn outrunning_the_decoder_fades_counts_and_recovers() {
    let folder = tempfile::tempdir().unwrap();
    let path =
        wav::write(folder.path(), "tone.wav", RATE, &signal::tone(RATE, 100.0, 0.5, 120 * RATE as usize));
    let mut rig = Rig::new(RATE, &Params::default());
    rig.control.play(track(1, &path));
    rig.run(480);
    // Far faster than any decoder: the ring of 2.5 s is emptied in one go, and again should the decoder
    // have put something into it meanwhile.
    let mut out = rig.rush(20 * RATE as usize);
    let underruns = rig.control.playhead().underruns;
    assert!(underruns >= 1);
    assert!(out.chunks_exact(960).any(|block| signal::peak(block) == 0.0), "silence where there was nothing");
    out.extend(until(&mut rig, |_, block| signal::peak(block) > 0.45));
    out.extend(rig.run(RATE as usize));
    assert_eq!(rig.control.playhead().underruns, underruns, "none in step with the decoder");
    let step = out.chunks_exact(2).zip(out[2..].chunks_exact(2)).map(|(a, b)| (a[0] - b[0]).abs());
    let steepest = step.fold(0.0f32, f32::max);
    assert!(steepest < 0.0105, "a step of {steepest}");
}

#[test]
fn a_start_is_no_underrun_however_long_it_takes() {
    let mut rig = Rig::new(RATE, &Params::default());
    for _ in 0..100 {
        assert_eq!(signal::peak(&rig.rush(480)), 0.0);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = wav::write(folder.path(), "a.wav", RATE, &signal::noise(1, 0.5, 9600));
    rig.control.play(track(1, &path));
    until(&mut rig, |_, block| signal::peak(block) > 0.0);
    until(&mut rig, |rig, _| rig.control.playhead().track.is_none());
    assert_eq!(rig.control.playhead().underruns, 0);
    let events = [(); 2].map(|()| rig.events.recv_timeout(Duration::from_secs(5)).unwrap());
    assert_eq!(short(&events), ["started 1", "finished 1"]);
}
