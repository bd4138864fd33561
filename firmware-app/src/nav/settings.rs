//! The settings page: each row shows a value; a press begins to change it, a turn changes it.

use protocol::{
    Command, Decibels, Repeat, ReplayGain, Theme, VOLUME_STEPS, VolumeLimits, db_to_step, step_to_db,
};

use crate::state::State;

/// A row of the settings page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SettingRow {
    Theme,
    Balance,
    Shuffle,
    Repeat,
    ReplayGain,
    Sleep,
    StartVolume,
    MaxVolume,
}

/// Balance per detent; ten detents to each side.
const BALANCE_STEP: f32 = 0.1;
/// What the sleep timer can be turned to; a remote may say any other time.
const SLEEP_MINUTES: [Option<u16>; 6] = [None, Some(15), Some(30), Some(45), Some(60), Some(90)];
/// No unit can be set up to be silent for good.
const LOWEST_LIMIT_STEP: u8 = 10;

impl SettingRow {
    /// From top to bottom.
    pub const ORDER: [Self; 8] = [
        Self::Theme,
        Self::Balance,
        Self::Shuffle,
        Self::Repeat,
        Self::ReplayGain,
        Self::Sleep,
        Self::StartVolume,
        Self::MaxVolume,
    ];

    pub fn label(self) -> &'static str {
        match self {
            Self::Theme => "Display",
            Self::Balance => "Balance",
            Self::Shuffle => "Shuffle",
            Self::Repeat => "Repeat",
            Self::ReplayGain => "Equal loudness",
            Self::Sleep => "Sleep timer",
            Self::StartVolume => "Start volume, at most",
            Self::MaxVolume => "Maximum volume",
        }
    }

    /// The value as the driver reads it.
    pub fn value(self, state: &State) -> String {
        match self {
            Self::Theme if state.theme == Theme::Night => "Night".into(),
            Self::Theme => "Day".into(),
            Self::Balance => balance_text(state.sound.balance),
            Self::Shuffle if state.queue.shuffle() => "On".into(),
            Self::Shuffle => "Off".into(),
            Self::Repeat => match state.queue.repeat() {
                Repeat::Off => "Off".into(),
                Repeat::All => "All".into(),
                Repeat::One => "One track".into(),
            },
            Self::ReplayGain => match state.sound.replay_gain {
                ReplayGain::Off => "Off".into(),
                ReplayGain::Track => "By track".into(),
                ReplayGain::Album => "By album".into(),
            },
            Self::Sleep => sleep_text(state.sleep.left_s()),
            Self::StartVolume => volume_text(state.volume.limits.start_max),
            Self::MaxVolume => volume_text(state.volume.limits.max),
        }
    }

    /// Whether a finger's tap alone changes it, without a knob.
    pub fn is_choice(self) -> bool {
        matches!(self, Self::Theme | Self::Shuffle | Self::Repeat | Self::ReplayGain | Self::Sleep)
    }

    /// What a turn does; `None` at the end of the range.
    pub fn turned(self, state: &State, detents: i32) -> Option<Command> {
        let limits = state.volume.limits;
        match self {
            Self::Theme => {
                let theme = if state.theme == Theme::Night { Theme::Day } else { Theme::Night };
                (detents % 2 != 0).then_some(Command::SetTheme { theme })
            }
            Self::Shuffle => (detents % 2 != 0).then_some(Command::SetShuffle { on: !state.queue.shuffle() }),
            Self::Repeat => {
                let modes = [Repeat::Off, Repeat::All, Repeat::One];
                let at = modes.iter().position(|mode| *mode == state.queue.repeat()).unwrap_or(0);
                let to = i64::try_from(at).unwrap_or(0) + i64::from(detents);
                let mode = modes[usize::try_from(to.rem_euclid(3)).unwrap_or(0)];
                Some(Command::SetRepeat { mode })
            }
            Self::Balance => {
                #[expect(clippy::cast_precision_loss, reason = "clamped to twenty detents")]
                let by = detents.clamp(-20, 20) as f32 * BALANCE_STEP;
                let value = ((state.sound.balance + by) / BALANCE_STEP).round() * BALANCE_STEP;
                Some(Command::SetBalance { value: value.clamp(-1.0, 1.0) })
            }
            Self::ReplayGain => {
                let modes = [ReplayGain::Off, ReplayGain::Track, ReplayGain::Album];
                let at = modes.iter().position(|mode| *mode == state.sound.replay_gain).unwrap_or(0);
                let to = i64::try_from(at).unwrap_or(0) + i64::from(detents);
                let mode = modes[usize::try_from(to.rem_euclid(3)).unwrap_or(0)];
                Some(Command::SetReplayGain { mode })
            }
            Self::Sleep => Some(Command::SetSleep { minutes: sleep_turned(state, detents) }),
            Self::StartVolume => {
                let start_max = moved(limits.start_max, detents);
                Some(Command::SetVolumeLimits { limits: VolumeLimits { start_max, ..limits } })
            }
            Self::MaxVolume => {
                let max = moved(limits.max, detents);
                Some(Command::SetVolumeLimits { limits: VolumeLimits { max, ..limits } })
            }
        }
    }
}

/// Off, then longer and longer, then off again: a finger only goes forward.
fn sleep_turned(state: &State, detents: i32) -> Option<u16> {
    let set = state.sleep.minutes();
    let at = SLEEP_MINUTES.iter().rposition(|minutes| *minutes <= set).unwrap_or(0);
    let count = i64::try_from(SLEEP_MINUTES.len()).unwrap_or(1);
    let to = (i64::try_from(at).unwrap_or(0) + i64::from(detents)).rem_euclid(count);
    SLEEP_MINUTES.get(usize::try_from(to).unwrap_or(0)).copied().flatten()
}

/// What is left; seconds at the very end.
fn sleep_text(left_s: Option<u32>) -> String {
    match left_s {
        None => "Off".into(),
        Some(left) if left <= 60 => format!("{left} s"),
        Some(left) => format!("{} min", left.div_ceil(60)),
    }
}

fn moved(level: Decibels, detents: i32) -> Decibels {
    let step = i32::from(db_to_step(level)).saturating_add(detents);
    let step = step.clamp(i32::from(LOWEST_LIMIT_STEP), i32::from(VOLUME_STEPS));
    step_to_db(u8::try_from(step).unwrap_or(VOLUME_STEPS))
}

fn volume_text(level: Decibels) -> String {
    format!("{} · {:.0} dB", db_to_step(level), level.0)
}

fn balance_text(balance: f32) -> String {
    let percent = (balance.abs() * 100.0).round();
    match balance {
        _ if percent < 1.0 => "Centre".into(),
        b if b < 0.0 => format!("Left {percent:.0} %"),
        _ => format!("Right {percent:.0} %"),
    }
}
