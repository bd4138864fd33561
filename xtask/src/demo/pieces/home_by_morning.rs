//! "Home by Morning": bright and on the move, F major, 112 beats a minute.

use super::super::score::{Note, broken, held, line, rhythm};
use super::super::synth::{Instrument, Part, Piece};

/// One bar each.
const ROUND: [&str; 4] = ["F2 A3 C4 E4 G4", "C3 G3 C4 D4 E4", "D3 A3 C4 F4", "Bb2 Bb3 C4 D4 F4"];
const BRIDGE: [&str; 4] = ["Bb2 Bb3 D4 F4 A4", "C3 Bb3 D4 E4 G4", "A2 G3 C4 E4", "D3 A3 C4 F4 A4"];

const TUNE: &str = "C5 1, A4 0.5, C5 1, F5 1.5, E5 1, D5 0.5, C5 1, G4 1.5, \
                    A4 1, C5 0.5, D5 1, F5 1.5, D5 1.5, C5 0.5, D5 2";
const REPLY: &str = "A5 1, G5 0.5, F5 1, E5 1.5, G5 1, E5 0.5, D5 1, C5 1.5, \
                     F5 1, E5 0.5, D5 1, C5 1.5, D5 1, F5 1, G5 2";

/// Bars at which a four-bar round begins, with its chords.
const FORM: [(f32, &[&str; 4]); 7] = [
    (0.0, &ROUND),
    (4.0, &ROUND),
    (8.0, &ROUND),
    (12.0, &ROUND),
    (16.0, &BRIDGE),
    (20.0, &ROUND),
    (24.0, &ROUND),
];

/// The piece.
pub fn piece() -> Piece {
    Piece {
        tempo: 112.0,
        swing: 0.0,
        beats: 28.0 * 4.0,
        tail_s: 5.0,
        room_s: 2.0,
        echo_beats: 0.75,
        parts: vec![
            Part { instrument: Instrument::Pluck, notes: sequence(), level_db: -5.0, room: 0.15, echo: 0.3 },
            Part { instrument: Instrument::Pad, notes: pads(), level_db: -7.0, room: 0.3, echo: 0.0 },
            Part { instrument: Instrument::Keys, notes: stabs(), level_db: -7.0, room: 0.2, echo: 0.1 },
            Part { instrument: Instrument::Lead, notes: tune(), level_db: -4.0, room: 0.25, echo: 0.22 },
            Part { instrument: Instrument::Bass, notes: bass(), level_db: -5.0, room: 0.02, echo: 0.0 },
            Part { instrument: Instrument::Kick, notes: kicks(), level_db: -3.5, room: 0.02, echo: 0.0 },
            Part { instrument: Instrument::Snare, notes: snares(), level_db: -8.0, room: 0.2, echo: 0.0 },
            Part { instrument: Instrument::Hat, notes: hats(), level_db: -12.0, room: 0.05, echo: 0.0 },
        ],
    }
}

fn sequence() -> Vec<Note> {
    let mut notes = Vec::new();
    for (bar, chords) in FORM {
        let velocity = if bar < 4.0 { 0.5 } else { 0.62 };
        notes.extend(broken(bar * 4.0, 4.0, 0.25, velocity, chords, &[1, 3, 2, 4, 6, 3, 2, 3]));
    }
    notes.extend(line(112.0, 0.7, "F3 0.25, C4 0.25, F4 0.25, A4 0.25, C5 4"));
    notes
}

fn pads() -> Vec<Note> {
    let mut notes = Vec::new();
    for (bar, chords) in &FORM[1..] {
        notes.extend(held(bar * 4.0, 4.0, 0.75, *chords));
    }
    notes.extend(held(112.0, 5.0, 0.7, &["F3 C4 F4 A4"]));
    notes
}

fn stabs() -> Vec<Note> {
    let mut notes = Vec::new();
    for (bar, chords) in &FORM[2..] {
        for (n, chord) in chords.iter().enumerate() {
            let start = (bar + n as f32) * 4.0;
            notes.extend(held(start + 1.5, 0.4, 0.55, &[&chord[3..]]));
            notes.extend(held(start + 3.0, 0.6, 0.45, &[&chord[3..]]));
        }
    }
    notes
}

fn tune() -> Vec<Note> {
    let mut notes = line(8.0 * 4.0, 0.62, TUNE);
    notes.extend(line(12.0 * 4.0, 0.68, REPLY));
    notes.extend(line(16.0 * 4.0, 0.6, "F5 3, D5 1, E5 3, D5 1, C5 3, E5 1, F5 2, A5 2"));
    notes.extend(line(20.0 * 4.0, 0.68, TUNE));
    notes.extend(line(24.0 * 4.0, 0.72, REPLY));
    notes.extend(line(112.0, 0.6, "F5 4"));
    notes
}

fn bass() -> Vec<Note> {
    const RUN: &str = "F1 0.5, F1 0.5, F2 0.5, F1 0.5, F1 0.5, F1 0.5, F2 0.5, G2 0.5, \
                       C2 0.5, C2 0.5, C3 0.5, C2 0.5, C2 0.5, C2 0.5, C3 0.5, C2 0.5, \
                       D2 0.5, D2 0.5, D3 0.5, D2 0.5, D2 0.5, D2 0.5, D3 0.5, C2 0.5, \
                       Bb1 0.5, Bb1 0.5, Bb2 0.5, Bb1 0.5, Bb1 0.5, Bb1 0.5, C2 0.5, E2 0.5";
    let mut notes = Vec::new();
    for bar in [4.0, 8.0, 12.0, 20.0, 24.0] {
        notes.extend(line(bar * 4.0, 0.72, RUN));
    }
    notes.extend(line(16.0 * 4.0, 0.7, "Bb1 4, C2 4, A1 4, D2 3, C2 1"));
    notes.extend(line(112.0, 0.7, "F1 4"));
    notes
}

fn kicks() -> Vec<Note> {
    let mut notes = rhythm(4.0 * 4.0, 12, 1.0, "xxxx");
    notes.extend(rhythm(16.0 * 4.0, 4, 1.0, "x.x."));
    notes.extend(rhythm(20.0 * 4.0, 8, 1.0, "xxxx"));
    notes
}

fn snares() -> Vec<Note> {
    let mut notes = rhythm(8.0 * 4.0, 8, 1.0, ".x.x");
    notes.extend(rhythm(19.0 * 4.0, 1, 0.25, ".... .... ,,oo ooxx"));
    notes.extend(rhythm(20.0 * 4.0, 8, 1.0, ".x.x"));
    notes
}

fn hats() -> Vec<Note> {
    let mut notes = rhythm(4.0 * 4.0, 12, 0.25, ",.x. ,.x. ,.x. ,.xo");
    notes.extend(rhythm(20.0 * 4.0, 8, 0.25, ",ox, ,ox, ,ox, ,oxo"));
    notes
}
