//! "Coast Road", in two parts that run into each other: D major, 96 beats a minute.

use super::super::score::{Note, broken, held, line, rhythm};
use super::super::synth::{Instrument, Part, Piece};

/// The bar at which the second part begins.
const SECOND_PART_BAR: f32 = 20.0;

const BARS: f32 = 44.0;

/// Chords of the verse, two bars each.
const VERSE: [&str; 4] = ["D3 A3 C#4 E4 F#4", "B2 A3 D4 E4 F#4", "G2 B3 D4 F#4 A4", "A2 G3 B3 D4 E4"];
/// The lift before the last return, one bar each.
const LIFT: [&str; 4] = ["E3 G3 B3 D4 F#4", "F#3 A3 C#4 E4", "G3 B3 D4 F#4", "A3 B3 D4 E4 G4"];

const THEME: &str = "F#4 1.5, A4 1.5, B4 1, A4 3, - 1, \
                     D5 1.5, C#5 1.5, A4 1, F#4 3, E4 1, \
                     D4 1.5, F#4 1.5, A4 1, B4 2.5, A4 0.5, F#4 1, \
                     E4 3, F#4 0.5, G4 0.5, A4 2, - 2";
const ANSWER: &str = "A4 1.5, D5 1.5, E5 1, F#5 3, E5 1, \
                      D5 1.5, B4 1.5, A4 1, B4 3, - 1, \
                      B4 1.5, D5 1.5, F#5 1, E5 2.5, D5 0.5, B4 1, \
                      A4 3, B4 0.5, C#5 0.5, D5 3, - 1";
const LAST: &str = "F#4 1.5, A4 1.5, B4 1, D5 4, - 4, E5 1, F#5 3, E5 4";

/// The whole, undivided.
pub fn piece() -> Piece {
    Piece {
        tempo: 96.0,
        swing: 0.0,
        beats: BARS * 4.0,
        tail_s: 5.0,
        room_s: 2.6,
        echo_beats: 0.75,
        parts: vec![
            Part { instrument: Instrument::Pad, notes: pads(), level_db: -5.0, room: 0.35, echo: 0.0 },
            Part { instrument: Instrument::Pluck, notes: strings(), level_db: -4.0, room: 0.22, echo: 0.22 },
            Part { instrument: Instrument::Lead, notes: melody(), level_db: -3.5, room: 0.32, echo: 0.2 },
            Part { instrument: Instrument::Bass, notes: bass(), level_db: -5.5, room: 0.03, echo: 0.0 },
            Part { instrument: Instrument::Kick, notes: kicks(), level_db: -4.0, room: 0.04, echo: 0.0 },
            Part { instrument: Instrument::Snare, notes: snares(), level_db: -9.0, room: 0.25, echo: 0.05 },
            Part { instrument: Instrument::Hat, notes: hats(), level_db: -13.0, room: 0.08, echo: 0.0 },
        ],
    }
}

/// Where the album cuts the piece, in beats.
pub fn cut() -> f32 {
    SECOND_PART_BAR * 4.0
}

/// Bars at which an eight-bar verse begins.
const VERSES: [f32; 5] = [0.0, 8.0, 20.0, 28.0, 36.0];

fn pads() -> Vec<Note> {
    let mut notes = Vec::new();
    for bar in VERSES {
        notes.extend(held(bar * 4.0, 8.0, if bar < 8.0 { 0.65 } else { 0.8 }, &VERSE));
    }
    notes.extend(held(16.0 * 4.0, 4.0, 0.85, &LIFT));
    // Home at the very end.
    notes.extend(held(BARS * 4.0 - 0.01, 5.0, 0.7, &["D3 A3 D4 F#4"]));
    notes
}

fn strings() -> Vec<Note> {
    const ORDER: [usize; 8] = [0, 2, 4, 3, 6, 4, 3, 2];
    let mut notes = broken(8.0, 8.0, 0.5, 0.5, &VERSE[1..], &ORDER);
    for bar in &VERSES[1..] {
        notes.extend(broken(bar * 4.0, 8.0, 0.5, 0.62, &VERSE, &ORDER));
    }
    notes.extend(broken(16.0 * 4.0, 4.0, 0.5, 0.7, &LIFT, &[0, 1, 2, 3, 4, 3, 2, 1]));
    notes.extend(line(BARS * 4.0, 0.6, "D3 0.25, A3 0.25, D4 0.25, F#4 0.25, A4 3"));
    notes
}

fn melody() -> Vec<Note> {
    let mut notes = line(8.0 * 4.0, 0.6, THEME);
    notes.extend(line(20.0 * 4.0, 0.66, THEME));
    notes.extend(line(28.0 * 4.0, 0.74, ANSWER));
    notes.extend(line(36.0 * 4.0, 0.66, LAST));
    notes
}

fn bass() -> Vec<Note> {
    const STILL: &str = "D2 7, A2 1, B1 7, B1 1, G1 7, G2 1, A1 6, A1 1, C#2 1";
    const WALK: &str = "D2 1.5, D2 1, D2 0.5, A2 1, D2 1.5, D2 1, F#2 0.5, A2 1, \
                        B1 1.5, B1 1, B1 0.5, F#2 1, B1 1.5, B1 1, A1 0.5, B1 1, \
                        G1 1.5, G1 1, G1 0.5, D2 1, G1 1.5, G1 1, B1 0.5, D2 1, \
                        A1 1.5, A1 1, A1 0.5, E2 1, A1 1.5, A1 1, B1 0.5, C#2 1";
    let mut notes = line(8.0 * 4.0, 0.6, STILL);
    notes.extend(line(16.0 * 4.0, 0.7, "E2 4, F#2 4, G2 4, A2 2, A1 2"));
    for bar in [20.0, 28.0] {
        notes.extend(line(bar * 4.0, 0.75, WALK));
    }
    notes.extend(line(36.0 * 4.0, 0.6, STILL));
    notes.extend(line(BARS * 4.0, 0.6, "D2 4"));
    notes
}

fn kicks() -> Vec<Note> {
    let mut notes = rhythm(20.0 * 4.0, 16, 0.5, "x..o x...");
    notes.extend(rhythm(36.0 * 4.0, 7, 0.5, "x... ...."));
    notes
}

fn snares() -> Vec<Note> {
    let mut notes = rhythm(20.0 * 4.0, 16, 0.25, ".... x... .... x.,.");
    notes.extend(rhythm(19.0 * 4.0, 1, 0.25, ".... .... .... ,,oo"));
    notes
}

fn hats() -> Vec<Note> {
    let mut notes = rhythm(12.0 * 4.0, 4, 0.5, ".,.o.,.o");
    notes.extend(rhythm(20.0 * 4.0, 20, 0.25, "x,o, x,o, x,o, x,oo"));
    notes
}
