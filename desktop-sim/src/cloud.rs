//! The stereo's link to a cloud, and what is said of it on standard output, so that scripts and tests can
//! follow it.

use std::io::Write;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use firmware_app::AppHandle;
use firmware_app::cloud::{Cloud, CloudConfig, CloudError, CloudOptions};
use firmware_app::cloud_desk::{CloudReport, CloudRequest, LinkState, Pairing, Person};

use crate::note;

/// The link, and how it stands.
#[derive(Clone)]
pub struct CloudDesk {
    cloud: Arc<Cloud>,
    seen: Arc<Seen>,
}

/// How far things are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stand {
    /// The code is shown.
    pub has_code: bool,
    /// Somebody asks for the unit.
    pub is_asked: bool,
    /// The unit has an owner.
    pub is_paired: bool,
    /// Remotes can reach the unit.
    pub is_online: bool,
}

#[derive(Default)]
struct Seen {
    stand: Mutex<Stand>,
    changed: Condvar,
}

impl CloudDesk {
    /// Starts the link.
    ///
    /// # Errors
    /// What is given for it cannot be used.
    pub fn start(
        app: &AppHandle,
        options: CloudOptions,
        name: &str,
        has_window: bool,
    ) -> Result<Self, CloudError> {
        let seen = Arc::new(Seen::default());
        let heard = Arc::clone(&seen);
        let say = if has_window { note } else { print };
        let last = Mutex::new(String::new());
        let config = CloudConfig {
            reports: Some(Arc::new(move |report| {
                heard.hear(report);
                if let Some(line) = line(report) {
                    let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                    if *last != line {
                        say(&line);
                        *last = line;
                    }
                }
            })),
            ..CloudConfig::new(options, name, "Simulator")
        };
        Ok(Self { cloud: Arc::new(Cloud::start(app, config)?), seen })
    }

    /// Asks the link for something.
    pub fn ask(&self, request: CloudRequest) {
        self.cloud.ask(request);
    }

    /// Waits in real time until it stands as wanted; false if it does not.
    pub fn until(&self, time: Duration, is_so: impl Fn(Stand) -> bool) -> bool {
        let end = Instant::now() + time;
        let mut stand = self.seen.stand();
        while !is_so(*stand) {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            let waited = self.seen.changed.wait_timeout(stand, left);
            stand = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }
}

impl Seen {
    fn hear(&self, report: &CloudReport) {
        let mut stand = self.stand();
        match report {
            CloudReport::Pairing(pairing) => {
                stand.has_code = matches!(pairing, Pairing::Code(_));
                stand.is_asked = matches!(pairing, Pairing::Asks { .. });
            }
            CloudReport::Owner(owner) => stand.is_paired = owner.is_some(),
            CloudReport::Link(link) => stand.is_online = *link == LinkState::Online,
            _ => return,
        }
        self.changed.notify_all();
    }

    fn stand(&self) -> MutexGuard<'_, Stand> {
        self.stand.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is worth a line.
fn line(report: &CloudReport) -> Option<String> {
    Some(match report {
        CloudReport::Pairing(Pairing::Code(code)) => format!("CLOUD CODE {} {}", code.code, code.url),
        CloudReport::Pairing(Pairing::Asks { person, .. }) => format!("CLOUD ASKS {}", who(person)),
        CloudReport::Owner(Some(owner)) => format!("CLOUD PAIRED {}", who(owner)),
        CloudReport::Owner(None) => "CLOUD UNPAIRED".into(),
        CloudReport::Link(LinkState::Online) => "CLOUD ONLINE".into(),
        CloudReport::Link(LinkState::Offline { why }) => format!("CLOUD OFFLINE {why}"),
        _ => return None,
    })
}

fn who(person: &Person) -> String {
    let clean = |text: &str| text.chars().filter(|c| !c.is_control()).collect::<String>();
    match &person.email {
        Some(email) => format!("{} ({})", clean(&person.name), clean(email)),
        None => clean(&person.name),
    }
}

fn print(text: &str) {
    // Without a standard output there is nobody to tell.
    let _ = writeln!(std::io::stdout(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_of_one_line_and_steps_are_followed() {
        let person = Person { name: "A\nB".into(), email: Some("a@b.example".into()) };
        let asks = CloudReport::Pairing(Pairing::Asks { person, ends_at: Duration::ZERO });
        assert_eq!(line(&asks).unwrap(), "CLOUD ASKS AB (a@b.example)");
        let seen = Seen::default();
        seen.hear(&asks);
        assert!(seen.stand().is_asked);
        seen.hear(&CloudReport::Pairing(Pairing::None));
        seen.hear(&CloudReport::Link(LinkState::Online));
        let wanted = Stand { is_online: true, ..Stand::default() };
        assert_eq!(*seen.stand(), wanted);
        assert_eq!(line(&CloudReport::NewAccount), None);
    }
}
