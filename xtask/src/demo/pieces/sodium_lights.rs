//! "Sodium Lights": a slow night groove in A minor, 84 beats a minute, swung.

use super::super::score::{Note, held, line, rhythm};
use super::super::synth::{Instrument, Part, Piece};

const BARS: usize = 22;

/// Left hand and right hand, one bar each.
const CHORDS: [&str; 4] = ["A2 G3 B3 C4 E4", "D3 F#3 C4 E4 B4", "F2 E3 A3 C4 G4", "E2 D3 G#3 C4 F4"];

const TUNE: &str = "- 1, E5 1, D5 0.5, C5 1.5, B4 1, A4 1, F#4 2, \
                    - 0.5, G4 0.5, A4 1, C5 1, E5 1, D5 2.5, B4 1, G#4 0.5";
const SECOND: &str = "A5 1.5, G5 0.5, E5 2, F#5 1.5, E5 0.5, C5 1, B4 1, \
                      A4 0.5, C5 0.5, E5 1, G5 1.5, F5 0.5, E5 2, D5 1, B4 1";

/// The piece.
pub fn piece() -> Piece {
    Piece {
        tempo: 84.0,
        swing: 0.09,
        beats: BARS as f32 * 4.0,
        tail_s: 4.0,
        room_s: 1.9,
        echo_beats: 0.75,
        parts: vec![
            Part { instrument: Instrument::Keys, notes: keys(), level_db: -2.0, room: 0.2, echo: 0.06 },
            Part { instrument: Instrument::Pad, notes: pads(), level_db: -12.0, room: 0.4, echo: 0.0 },
            Part { instrument: Instrument::Lead, notes: tune(), level_db: -6.0, room: 0.3, echo: 0.35 },
            Part { instrument: Instrument::Bass, notes: bass(), level_db: -4.0, room: 0.02, echo: 0.0 },
            Part { instrument: Instrument::Kick, notes: kicks(), level_db: -3.5, room: 0.03, echo: 0.0 },
            Part { instrument: Instrument::Snare, notes: snares(), level_db: -7.5, room: 0.18, echo: 0.0 },
            Part { instrument: Instrument::Hat, notes: hats(), level_db: -12.0, room: 0.05, echo: 0.0 },
            Part { instrument: Instrument::Shaker, notes: shakers(), level_db: -10.0, room: 0.1, echo: 0.0 },
        ],
    }
}

/// Start of each round of the four chords.
fn rounds() -> impl Iterator<Item = f32> {
    (0..5).map(|round| round as f32 * 16.0)
}

fn keys() -> Vec<Note> {
    let mut notes = Vec::new();
    for start in rounds() {
        for (bar, chord) in CHORDS.iter().enumerate() {
            let start = start + bar as f32 * 4.0;
            // Struck, answered late, and a touch before the bar is over.
            for (at, length, velocity) in [(0.0, 1.4, 0.8), (1.5, 1.3, 0.55), (3.5, 0.45, 0.4)] {
                let mut struck = held(start + at, length, velocity, &[chord]);
                // Rolled, not stamped.
                struck.iter_mut().enumerate().for_each(|(n, note)| note.start += 0.012 * n as f32);
                notes.extend(struck);
            }
        }
    }
    notes.extend(held(80.0, 3.5, 0.6, &["F2 E3 A3 C4 G4"]));
    notes.extend(held(84.0, 6.0, 0.65, &["A2 G3 B3 C4 E4"]));
    notes
}

fn pads() -> Vec<Note> {
    let mut notes = Vec::new();
    for start in rounds().skip(1) {
        notes.extend(held(start, 4.0, 0.6, &["E4 G4 B4", "F#4 A4 C5", "E4 G4 A4", "D4 G#4 B4"]));
    }
    notes
}

fn tune() -> Vec<Note> {
    let mut notes = line(16.0, 0.55, TUNE);
    notes.extend(line(32.0, 0.6, TUNE));
    notes.extend(line(48.0, 0.66, SECOND));
    notes.extend(line(64.0, 0.58, TUNE));
    notes
}

fn bass() -> Vec<Note> {
    const ROUND: &str = "A1 1.5, A1 0.5, - 1, E2 0.5, G2 0.5, D2 1.5, D2 0.5, - 1, A1 0.5, C2 0.5, \
                         F1 1.5, F1 0.5, - 1, C2 0.5, F2 0.5, E1 1.5, E2 0.5, - 0.5, E1 0.5, G#1 1";
    let mut notes = Vec::new();
    for start in rounds() {
        notes.extend(line(start, 0.8, ROUND));
    }
    notes.extend(line(80.0, 0.7, "F1 4, A1 5"));
    notes
}

fn kicks() -> Vec<Note> {
    rhythm(0.0, 20, 0.5, "x..o .x..")
}

fn snares() -> Vec<Note> {
    let mut notes = rhythm(0.0, 20, 0.5, "..x. ..x,");
    notes.retain(|note| note.start >= 8.0);
    notes
}

fn hats() -> Vec<Note> {
    rhythm(16.0, 16, 0.5, "o,xo o,x,")
}

fn shakers() -> Vec<Note> {
    rhythm(48.0, 8, 0.25, ",.o. ,.o. ,.o. ,.oo")
}
