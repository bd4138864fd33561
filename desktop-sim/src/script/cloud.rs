//! `cloud …`: the unit's side of an account, for scripts that play a driver.

use std::time::Duration;

use firmware_app::cloud_desk::CloudRequest;
use firmware_app::event::Event;
use firmware_app::screen::{Page, Touch};
use hal::{InputEvent, Key};

use super::parse;
use super::words::Words;
use crate::cloud::{CloudDesk, Stand};
use crate::unit::Unit;

/// How long is waited, in real time, when nothing is said.
const PATIENCE: Duration = Duration::from_secs(60);
/// The row of the account's page that begins a pairing.
const PAIR_ROW: usize = 1;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CloudStep {
    /// Opens the page, asks for a code and waits for it.
    Pair,
    /// Waits until somebody asks, and says yes or no by the knob.
    Answer(bool, Duration),
    /// Waits until it stands so.
    Until(Wanted, Duration),
    /// Makes the unit nobody's.
    Unlink,
    /// Tells how the unit is used, or no longer.
    Usage(bool),
}

/// How it may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Remotes can reach the unit.
    Online,
    /// They cannot.
    Offline,
    /// The unit has an owner.
    Paired,
    /// It has none.
    Unpaired,
}

impl CloudStep {
    /// Reads what follows the word `cloud`.
    ///
    /// # Errors
    /// What is missing or unknown.
    pub fn parse(words: &mut Words<'_>) -> Result<Self, String> {
        const FORM: &str = "pair, confirm, refuse, online, offline, paired, unpaired, unlink or usage on|off";
        let word = words.need(FORM)?;
        let mut time = || words.word().map_or(Ok(PATIENCE), parse::duration);
        Ok(match word {
            "pair" => Self::Pair,
            "confirm" => Self::Answer(true, time()?),
            "refuse" => Self::Answer(false, time()?),
            "online" => Self::Until(Wanted::Online, time()?),
            "offline" => Self::Until(Wanted::Offline, time()?),
            "paired" => Self::Until(Wanted::Paired, time()?),
            "unpaired" => Self::Until(Wanted::Unpaired, time()?),
            "unlink" => Self::Unlink,
            "usage" => Self::Usage(parse::one_of(words.need("on or off")?, "on", "off")?),
            other => return Err(format!("`{other}` is not one of {FORM}")),
        })
    }

    /// Does it.
    ///
    /// # Errors
    /// It did not come to stand so in time.
    pub fn run(&self, unit: &Unit, cloud: Option<&CloudDesk>) -> Result<(), String> {
        let cloud = cloud.ok_or("there is no cloud: give --cloud URL")?;
        let wait = |time: Duration, what: &str, is_so: &dyn Fn(Stand) -> bool| {
            if cloud.until(time, is_so) {
                unit.sync();
                return Ok(());
            }
            let page = unit.frame().snapshot.message.clone();
            Err(format!("waited {} s in vain: {what} {page}", time.as_secs_f64()))
        };
        match self {
            Self::Pair => {
                unit.send(Event::Touch(Touch::Open(Page::Account)));
                unit.send(Event::Touch(Touch::Row(PAIR_ROW)));
                wait(PATIENCE, "no code is shown", &|now| now.has_code)?;
            }
            Self::Answer(accept, time) => {
                wait(*time, "nobody asks for the unit", &|now| now.is_asked)?;
                let key = if *accept { Key::Select } else { Key::Back };
                unit.send(Event::Input(InputEvent::Down(key)));
                unit.send(Event::Input(InputEvent::Up(key)));
                if *accept {
                    wait(PATIENCE, "the unit has no owner", &|now| now.is_paired)?;
                }
            }
            Self::Until(wanted, time) => match wanted {
                Wanted::Online => wait(*time, "the link is not there", &|now| now.is_online)?,
                Wanted::Offline => wait(*time, "the link is there", &|now| !now.is_online)?,
                Wanted::Paired => wait(*time, "the unit has no owner", &|now| now.is_paired)?,
                Wanted::Unpaired => wait(*time, "the unit has an owner", &|now| !now.is_paired)?,
            },
            Self::Unlink => {
                cloud.ask(CloudRequest::Unlink);
                wait(PATIENCE, "the unit has an owner", &|now| !now.is_paired)?;
            }
            Self::Usage(on) => cloud.ask(CloudRequest::SetUsage { on: *on }),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_with_and_without_a_time() {
        let read = |line| CloudStep::parse(&mut Words::new(line));
        assert_eq!(read("pair"), Ok(CloudStep::Pair));
        assert_eq!(read("confirm"), Ok(CloudStep::Answer(true, PATIENCE)));
        assert_eq!(read("refuse 5s"), Ok(CloudStep::Answer(false, Duration::from_secs(5))));
        assert_eq!(read("online 2min"), Ok(CloudStep::Until(Wanted::Online, Duration::from_secs(120))));
        assert_eq!(read("usage off"), Ok(CloudStep::Usage(false)));
        for line in ["", "dance", "confirm soon", "usage", "usage maybe"] {
            assert!(read(line).is_err(), "{line}");
        }
    }
}
