//! The mixing desk: parts to buses, buses through room and echo, the master to −16 LUFS.

use super::super::score::Note;
use super::super::{RATE, loudness};
use super::filter::OnePole;
use super::{Instrument, Stereo, frames, reverb};

/// Highest peak of the finished piece, linear (−1.3 dBFS).
const CEILING: f32 = 0.861;
/// Below this the master leaves samples alone (−7 dBFS).
const KNEE: f32 = 0.447;
/// What the album is levelled to.
const TARGET_LUFS: f64 = -16.0;

/// One part of a piece.
pub struct Part {
    /// What plays it.
    pub instrument: Instrument,
    /// What it plays.
    pub notes: Vec<Note>,
    /// dB.
    pub level_db: f32,
    /// Share sent to the room, 0 to 1.
    pub room: f32,
    /// Share sent to the echo, 0 to 1.
    pub echo: f32,
}

/// A piece of music, ready to be played.
pub struct Piece {
    /// Beats per minute.
    pub tempo: f32,
    /// How late the second of two eighths comes, in beats (0 is straight).
    pub swing: f32,
    /// Length in beats, without the tail.
    pub beats: f32,
    /// Seconds that the last notes and the room may ring.
    pub tail_s: f32,
    /// Decay of the room, seconds.
    pub room_s: f32,
    /// Time between echoes, beats.
    pub echo_beats: f32,
    /// Who plays.
    pub parts: Vec<Part>,
}

impl Piece {
    /// Frame of a beat, with swing.
    pub fn frame(&self, beat: f32) -> usize {
        let offbeat = ((beat * 2.0).round() as i64 % 2 == 1) && ((beat * 2.0).fract().abs() < 0.01);
        let beat = if offbeat { beat + self.swing } else { beat };
        frames(beat * 60.0 / self.tempo)
    }
}

/// Plays the piece.
pub fn render(piece: &Piece) -> Stereo {
    let length = piece.frame(piece.beats) + frames(piece.tail_s);
    let mut mix = Stereo::new(length);
    let mut to_room = Stereo::new(length);
    let mut to_echo = Stereo::new(length);
    for part in &piece.parts {
        let mut bus = Stereo::new(length);
        for note in &part.notes {
            let at = piece.frame(note.start);
            let end = frames((note.start + note.length) * 60.0 / piece.tempo);
            part.instrument.play(note, at, end.saturating_sub(at), &mut bus);
        }
        let gain = 10_f32.powf(part.level_db / 20.0);
        mix_in(&mut mix, &bus, gain);
        mix_in(&mut to_room, &bus, gain * part.room);
        mix_in(&mut to_echo, &bus, gain * part.echo);
    }
    let echoes = reverb::echo(&to_echo, piece.echo_beats * 60.0 / piece.tempo);
    mix_in(&mut to_room, &echoes, 0.25);
    mix_in(&mut mix, &echoes, 1.0);
    mix_in(&mut mix, &reverb::room(&to_room, piece.room_s), 1.0);
    fade_out(&mut mix, frames(piece.tail_s * 0.6));
    master(&mut mix);
    mix
}

fn mix_in(into: &mut Stereo, from: &Stereo, gain: f32) {
    if gain == 0.0 {
        return;
    }
    for (sum, sample) in into.left.iter_mut().zip(&from.left) {
        *sum += gain * sample;
    }
    for (sum, sample) in into.right.iter_mut().zip(&from.right) {
        *sum += gain * sample;
    }
}

fn fade_out(mix: &mut Stereo, length: usize) {
    let from = mix.len() - length;
    for n in 0..length {
        let left = 1.0 - n as f32 / length as f32;
        let gain = left * left;
        mix.left[from + n] *= gain;
        mix.right[from + n] *= gain;
    }
}

/// Takes out what is below hearing, brings the loudness to the target and bends the highest peaks.
fn master(mix: &mut Stereo) {
    for channel in [&mut mix.left, &mut mix.right] {
        let mut rumble = [OnePole::new(18.0), OnePole::new(18.0)];
        for sample in channel.iter_mut() {
            let once = rumble[0].high(*sample);
            *sample = rumble[1].high(once);
        }
    }
    let plain = mix.clone();
    let mut gain = 1.0_f32;
    // The bend takes a little loudness away, so the gain is found in a few rounds.
    for _ in 0..3 {
        let heard = loudness::integrated(mix, RATE);
        gain *= 10_f32.powf((TARGET_LUFS - heard) as f32 / 20.0);
        for (sample, from) in mix.left.iter_mut().zip(&plain.left) {
            *sample = bend(from * gain);
        }
        for (sample, from) in mix.right.iter_mut().zip(&plain.right) {
            *sample = bend(from * gain);
        }
    }
}

/// Straight up to the knee, then smoothly towards the ceiling.
fn bend(sample: f32) -> f32 {
    let size = sample.abs();
    if size <= KNEE {
        return sample;
    }
    let room = CEILING - KNEE;
    (KNEE + room * ((size - KNEE) / room).tanh()).copysign(sample)
}
