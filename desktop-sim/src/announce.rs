//! What a headless stereo says on standard output: one line when the track, the transport, the power or
//! the message changes, and the code for a phone while its page is open.

use std::io::{self, Write};
use std::sync::mpsc;
use std::thread;

use firmware_app::AppHandle;
use firmware_app::protocol::{Power, Snapshot, TransportState};

/// Starts to say it, on a thread of its own: whoever reads the lines slowly does not hold up the stereo.
///
/// # Errors
/// The system gives no thread.
pub fn start(app: &AppHandle) -> io::Result<()> {
    let (wake, wakes) = mpsc::channel();
    app.on_frame(Box::new(move || {
        // A send that fails means that standard output is gone.
        let _ = wake.send(());
    }));
    let app = app.clone();
    let say = move || {
        let mut last = line(&Snapshot::default());
        let mut last_code = None;
        // The first look is for what was published before anybody listened.
        for () in std::iter::once(()).chain(wakes) {
            let frame = app.frame();
            let code = frame.screen.enrol.as_ref().map(|open| open.pin.clone());
            if let Some(pin) = code.as_ref().filter(|_| code != last_code)
                && writeln!(io::stdout(), "PIN {pin} (phones page)").is_err()
            {
                return;
            }
            last_code = code;
            let new = line(&frame.snapshot);
            if new == last || !is_known(&frame.snapshot) {
                continue;
            }
            if writeln!(io::stdout(), "{new}").is_err() {
                return;
            }
            last = new;
        }
    };
    thread::Builder::new().name("announce".into()).spawn(say).map(drop)
}

/// Whether the track's tags are read, or there is something to say that does not wait for them.
fn is_known(snapshot: &Snapshot) -> bool {
    !snapshot.now.format.is_empty() || !snapshot.message.is_empty() || snapshot.now.path.is_empty()
}

/// The state in one line.
fn line(snapshot: &Snapshot) -> String {
    let mut line = match (snapshot.power, snapshot.transport.state) {
        (Power::Off, _) => "ignition off".to_owned(),
        (_, TransportState::Stopped) => "stopped".to_owned(),
        (_, TransportState::Paused) => format!("paused   {}", track(snapshot)),
        (_, TransportState::Playing) => format!("playing  {}", track(snapshot)),
    };
    if !snapshot.message.is_empty() {
        line.push_str(&format!("  ({})", snapshot.message));
    }
    line
}

fn track(snapshot: &Snapshot) -> String {
    let now = &snapshot.now;
    let parts = [now.artist.as_str(), now.title.as_str()];
    let name = parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" – ");
    let length = now.duration_s.map_or(String::new(), |seconds| {
        let seconds = seconds.round() as u64;
        format!("  {}:{:02}", seconds / 60, seconds % 60)
    });
    format!("{name}{length}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_plays() {
        let mut snapshot = Snapshot::default();
        assert_eq!(line(&snapshot), "stopped");
        snapshot.transport.state = TransportState::Playing;
        snapshot.now.title = "Song".into();
        assert_eq!(line(&snapshot), "playing  Song");
        snapshot.now.artist = "Band".into();
        snapshot.now.duration_s = Some(61.6);
        snapshot.message = "skipped x".into();
        assert_eq!(line(&snapshot), "playing  Band – Song  1:02  (skipped x)");
        snapshot.power = Power::Off;
        snapshot.message.clear();
        assert_eq!(line(&snapshot), "ignition off");
    }
}
