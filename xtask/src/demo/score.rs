//! Notes and a small notation for them: `"D4 1, F#4 0.5, - 0.5"` is pitch and length in beats.

/// One note.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Note {
    /// Beats from the start of the piece.
    pub start: f32,
    /// Beats.
    pub length: f32,
    /// MIDI number; 69 is A4, 440 Hz.
    pub pitch: f32,
    /// 0 to 1.
    pub velocity: f32,
}

impl Note {
    /// Equal temperament on A4 = 440 Hz.
    pub fn frequency(&self) -> f32 {
        440.0 * ((self.pitch - 69.0) / 12.0).exp2()
    }
}

/// MIDI number of `F#4`, `Bb3`, `C5`; `None` for a rest (`-`) or a slip of the pen.
pub fn pitch(name: &str) -> Option<f32> {
    let mut letters = name.chars();
    let step = match letters.next()? {
        'C' => 0,
        'D' => 2,
        'E' => 4,
        'F' => 5,
        'G' => 7,
        'A' => 9,
        'B' => 11,
        _ => return None,
    };
    let rest = letters.as_str();
    let (sharp, octave) = match rest.as_bytes().first()? {
        b'#' => (1, &rest[1..]),
        b'b' => (-1, &rest[1..]),
        _ => (0, rest),
    };
    let octave: i32 = octave.parse().ok()?;
    Some((12 * (octave + 1) + step + sharp) as f32)
}

/// A melody from `start`, one note after the other.
pub fn line(start: f32, velocity: f32, text: &str) -> Vec<Note> {
    let mut at = start;
    let mut notes = Vec::new();
    for word in text.split(',') {
        let mut parts = word.split_whitespace();
        let name = parts.next().unwrap_or("-");
        let length: f32 = parts.next().and_then(|length| length.parse().ok()).unwrap_or(1.0);
        if let Some(pitch) = pitch(name) {
            // The first beat of a bar of four leans a little on the others.
            let accent = if (at % 4.0).abs() < 0.01 { 1.0 } else { 0.9 };
            notes.push(Note { start: at, length, pitch, velocity: velocity * accent });
        }
        at += length;
    }
    notes
}

/// All pitches of a chord: `"D3 A3 F#4"`.
pub fn chord(text: &str) -> Vec<f32> {
    text.split_whitespace().filter_map(pitch).collect()
}

/// Chords held one after the other, `length` beats each.
pub fn held(start: f32, length: f32, velocity: f32, chords: &[&str]) -> Vec<Note> {
    let mut notes = Vec::new();
    for (index, text) in chords.iter().enumerate() {
        let start = start + index as f32 * length;
        notes.extend(chord(text).into_iter().map(|pitch| Note { start, length, pitch, velocity }));
    }
    notes
}

/// Chords broken up: `order` picks the chord's notes (from 0, wrapping an octave up), one each `step` beats.
pub fn broken(
    start: f32,
    length: f32,
    step: f32,
    velocity: f32,
    chords: &[&str],
    order: &[usize],
) -> Vec<Note> {
    let mut notes = Vec::new();
    for (index, text) in chords.iter().enumerate() {
        let pitches = chord(text);
        let count = (length / step).round() as usize;
        for n in 0..count {
            let pick = order[n % order.len()];
            let pitch = pitches[pick % pitches.len()] + 12.0 * (pick / pitches.len()) as f32;
            let start = start + index as f32 * length + n as f32 * step;
            let sway = [1.0, 0.72, 0.86, 0.66][n % 4];
            notes.push(Note { start, length: step * 2.5, pitch, velocity: velocity * sway });
        }
    }
    notes
}

/// A rhythm of one bar, repeated: a letter or digit is a stroke (`x` full, `o` soft, `.` none), `step` beats each.
pub fn rhythm(start: f32, bars: usize, step: f32, pattern: &str) -> Vec<Note> {
    let strokes: Vec<char> = pattern.chars().filter(|c| !c.is_whitespace()).collect();
    let bar = strokes.len() as f32 * step;
    let mut notes = Vec::new();
    for index in 0..bars {
        for (n, stroke) in strokes.iter().enumerate() {
            let velocity = match stroke {
                'x' => 1.0,
                'o' => 0.55,
                ',' => 0.3,
                _ => continue,
            };
            let start = start + index as f32 * bar + n as f32 * step;
            notes.push(Note { start, length: step, pitch: 60.0, velocity });
        }
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pitches_are_midi_numbers() {
        assert_eq!(pitch("A4"), Some(69.0));
        assert_eq!(pitch("C4"), Some(60.0));
        assert_eq!(pitch("F#3"), Some(54.0));
        assert_eq!(pitch("Bb2"), Some(46.0));
        assert_eq!(pitch("-"), None);
        let a = Note { start: 0.0, length: 1.0, pitch: 69.0, velocity: 1.0 };
        assert_eq!(a.frequency(), 440.0);
    }

    #[test]
    fn a_line_counts_its_rests() {
        let notes = line(4.0, 0.8, "D4 1, - 0.5, F#4 2");
        assert_eq!(notes.len(), 2);
        assert_eq!((notes[1].start, notes[1].length), (5.5, 2.0));
    }

    #[test]
    fn a_rhythm_repeats() {
        let notes = rhythm(0.0, 2, 0.5, "x...o...");
        assert_eq!(notes.iter().map(|note| note.start).collect::<Vec<_>>(), [0.0, 2.0, 4.0, 6.0]);
    }
}
