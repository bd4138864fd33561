//! The texts behind `--help`: examples, keyboard, script reference.

/// Under the options of `-h`.
pub const SHORT: &str = "\
Examples:
  rusty-audio-sim --music ~/Music
  rusty-audio-sim --headless --sink virtual --music ~/Music --script drive.txt
  rusty-audio-sim render song.flac song.wav

--help shows the keyboard and what scripts can say.";

/// Under the options of `--help`.
pub const LONG: &str = "\
Examples:
  rusty-audio-sim
      A window with your music folder, sound to the computer's device.
  rusty-audio-sim --music ~/Music --music /media/stick --size 1280x720
      Two media, a bigger screen.
  rusty-audio-sim --headless --music ~/Music
      No window; says what plays, and the code while the page that adds a phone is open (PIN 123456).
      Ctrl-C ends it and saves.
  rusty-audio-sim --remote [::]:8080
      Phones on your network can control it, once a code on its screen lets them in.
  rusty-audio-sim --cloud https://cloud.example
      Can be linked to an account there (menu, Account); says on standard output how it stands (CLOUD …).
  rusty-audio-sim --headless --sink virtual --music ~/Music --script drive.txt
      A script, as fast as the computer can: an hour of music takes seconds.
  rusty-audio-sim render part1.flac part2.flac whole.wav
      Files through the sound chain into a WAV file; see `render --help`.

Sinks:
  device           the computer's sound device; without one, null with a note
  null             nowhere, in real time
  virtual          nowhere, on a clock that stands still unless the script waits
  wav:PATH         a WAV file (32-bit float), in real time
  virtual-wav:PATH a WAV file, on the virtual clock

In the window:
  a knob turns by the mouse wheel, by dragging it up and down or around its rim; a click presses it
  keys press when clicked; hold a knob or a key for a long press
  Up / Down        volume              Left / Right     select knob
  Enter            press select        Esc              back
  Space            play or pause       n / b            next / previous track
  1 to 6           preset keys         s                source
  m                mute (press volume) h, Home          menu
  p                power               i                ignition

Scripts, one command a line:
  play PATH                 a file with its folder, or a folder; relative to the script's folder, then to
                            the music folders. Without a path: go on from a pause
  pause | next | previous
  seek SECONDS              in the current track
  volume DB                 0 is full, -100 is silence; the unit's limits hold
  turn volume|select N      detents, such as +3 or -2
  press KEY [TIME]          a short press (50ms), or held for TIME: press select 800ms
                            KEY: volume select preset1 preset2 preset3 preset4 preset5 preset6
                                 source back menu power play next previous mute
  wait TIME                 500ms, 25s or 2min of the unit's clock
  expect FIELD OP VALUE     FIELD is a dotted path into the snapshot; a number in it counts list entries
                            from 0: now.title now.artist now.path transport.state transport.position_s
                            volume_db queue.len page message sound.preset.bands.0.gain
                            OP: == !=  text, number, true, false or null (numbers to 0.0001)
                                >= <=  numbers
                                ~      text contains; number within 0.5
                            What is read in the background (tags, covers, folders) gets up to 2 s to arrive
  screenshot PATH.png       the unit's screen; relative to the script's folder
  media plug NAME DIR       a folder as a stick of this name; DIR is relative to the script's folder, a NAME
                            with blanks stands in quotes. The same DIR is the same stick, whatever its NAME
  media yank NAME           pulls it, or a --music folder by its own name: nothing below it can be opened any
                            more (a file that is open already can be read on, which a real stick denies)
  ignition off|on
  kill                      end at once without saving, as a power cut does
  theme day|night
  preset NAME               a sound by its name
  eq BAND DB                gain of an equaliser band; 1 is the lowest
  cloud pair                opens the page of the account, asks for a code and waits until it is shown
  cloud confirm|refuse [TIME]   waits until somebody asks for the unit, and answers by the knob
  cloud online|offline|paired|unpaired [TIME]   waits until it is so
                            TIME is of the computer's clock, 60s where none is given
  cloud unlink | cloud usage on|off
  # comment                 a line of its own, or after a command with blanks around the #
  A text with blanks at its ends, or an empty one, stands in quotes: expect message == \"\"
  The next line starts when the stereo has handled the one before.

Exit code: 0 all is well; 1 an expectation failed or something went wrong; 2 bad arguments or script.
RUST_LOG=info (or debug) tells more on standard error.";

/// Under the options of `search --help`.
pub const SEARCH: &str = "\
Examples:
  rusty-audio-sim search /tmp/music.db 'beatles abbey'
  rusty-audio-sim search /tmp/music.db love --stats

Three letters and more are found inside words, one or two at their start; case and accents do not matter.";

/// Under the options of `scan --help`.
pub const SCAN: &str = "\
Examples:
  rusty-audio-sim scan ~/Music
  rusty-audio-sim scan ~/Music --db /tmp/music.db --stats

A second scan opens only what changed. It can be broken off at any time: the next one goes on.";

/// Under the options of `render --help`.
pub const RENDER: &str = "\
Examples:
  rusty-audio-sim render song.flac song.wav
      Flat, at full level and the file's own rate this is bit-exact.
  rusty-audio-sim render part1.mp3 part2.mp3 whole.wav --rate 48000 --stats
  rusty-audio-sim render song.flac out.wav --preset bass.json --volume -6 --seek 60 --seconds 30

Files that cannot be played are skipped with a note; if none can, the exit code is 1.
--stats prints {\"audio_seconds\", \"cpu_seconds\", \"peak\", \"underruns\", \"rate\", \"failed\": [{\"path\", \"error\"}]}.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::KEYS;

    #[test]
    fn every_key_is_in_the_help() {
        for (name, _) in KEYS {
            assert!(LONG.split_whitespace().any(|word| word == name), "{name}");
        }
    }
}
