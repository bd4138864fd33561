//! "Rain on the Windscreen": a waltz for plucked strings in E minor, 104 beats a minute.

use super::super::score::{Note, held, line};
use super::super::synth::{Instrument, Part, Piece};

/// Eight bars of three.
const FIRST: [&str; 8] = [
    "E2 B3 E4 G4",
    "C3 G3 E4 G4",
    "G2 B3 D4 G4",
    "D3 A3 D4 F#4",
    "E2 B3 E4 G4",
    "C3 G3 E4 A4",
    "A2 A3 C4 E4",
    "B2 A3 D#4 F#4",
];
const MIDDLE: [&str; 8] = [
    "G2 B3 D4 G4",
    "D3 A3 D4 F#4",
    "C3 G3 C4 E4",
    "G2 B3 D4 G4",
    "A2 A3 C4 E4",
    "E2 B3 E4 G4",
    "F#2 A3 C4 E4",
    "B2 F#3 A3 D#4",
];

const TUNE: &str = "B4 2, E5 1, G5 2, F#5 1, D5 2, B4 1, A4 3, \
                    B4 2, E5 1, A5 2, G5 1, E5 1, C5 1, A4 1, B4 3";
const ABOVE: &str = "D5 2, B4 1, A4 2, F#4 1, G4 1, C5 1, E5 1, D5 3, \
                     E5 2, C5 1, B4 2, G4 1, A4 1, C5 1, E5 1, D#5 3";

/// The piece.
pub fn piece() -> Piece {
    Piece {
        tempo: 104.0,
        swing: 0.0,
        beats: 34.0 * 3.0,
        tail_s: 5.0,
        room_s: 3.0,
        echo_beats: 1.0,
        parts: vec![
            Part {
                instrument: Instrument::Pluck,
                notes: accompaniment(),
                level_db: -4.0,
                room: 0.3,
                echo: 0.06,
            },
            Part { instrument: Instrument::Pluck, notes: tune(), level_db: -0.5, room: 0.32, echo: 0.2 },
            Part { instrument: Instrument::Pad, notes: pads(), level_db: -9.0, room: 0.45, echo: 0.0 },
            Part { instrument: Instrument::Lead, notes: descant(), level_db: -9.0, room: 0.4, echo: 0.15 },
            Part { instrument: Instrument::Bass, notes: bass(), level_db: -9.0, room: 0.05, echo: 0.0 },
            Part { instrument: Instrument::Shaker, notes: drops(), level_db: -11.0, room: 0.5, echo: 0.3 },
        ],
    }
}

/// The form: A A B A, eight bars of three each, then two to end.
fn sections() -> [(f32, &'static [&'static str; 8]); 4] {
    [(0.0, &FIRST), (24.0, &FIRST), (48.0, &MIDDLE), (72.0, &FIRST)]
}

fn accompaniment() -> Vec<Note> {
    let mut notes = Vec::new();
    for (start, chords) in sections() {
        for (bar, text) in chords.iter().enumerate() {
            let pitches = super::super::score::chord(text);
            let bar = start + bar as f32 * 3.0;
            for (n, pick) in [0, 1, 2, 3, 2, 1].into_iter().enumerate() {
                let velocity = [0.75, 0.4, 0.5, 0.55, 0.45, 0.4][n];
                let length = if n == 0 { 3.0 } else { 1.5 };
                notes.push(Note { start: bar + n as f32 * 0.5, length, pitch: pitches[pick], velocity });
            }
        }
    }
    notes.extend(line(96.0, 0.6, "E2 0.5, B2 0.5, E3 0.5, G3 0.5, B3 0.5, E4 0.5, G4 0.5, B4 0.5, E5 4"));
    notes
}

fn tune() -> Vec<Note> {
    let mut notes = line(24.0, 0.85, TUNE);
    notes.extend(line(48.0, 0.9, ABOVE));
    notes.extend(line(72.0, 0.85, TUNE));
    notes
}

fn pads() -> Vec<Note> {
    let mut notes = held(48.0, 3.0, 0.7, &MIDDLE.map(|chord| &chord[3..]));
    notes.extend(held(72.0, 3.0, 0.6, &FIRST.map(|chord| &chord[3..])));
    notes.extend(held(96.0, 6.0, 0.6, &["E3 B3 E4 G4"]));
    notes
}

fn descant() -> Vec<Note> {
    line(72.0, 0.5, "G5 3, B5 3, B5 3, F#5 3, G5 3, E5 3, E5 3, D#5 2, F#5 1, E5 6")
}

fn bass() -> Vec<Note> {
    line(
        48.0,
        0.6,
        "G1 3, D2 3, C2 3, G1 3, A1 3, E2 3, F#1 3, B1 3, \
         E2 3, C2 3, G1 3, D2 3, E2 3, C2 3, A1 3, B1 3, E1 6",
    )
}

/// Drops on the roof, scattered by a fixed rule.
fn drops() -> Vec<Note> {
    (0..170)
        .map(|n| {
            let scatter = (n as f32 * 0.618_034).fract();
            let start = n as f32 * 0.58 + scatter * 0.4;
            Note { start, length: 0.2, pitch: 60.0, velocity: 0.15 + 0.5 * (n as f32 * 0.754_877).fract() }
        })
        .collect()
}
