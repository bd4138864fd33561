//! One run of the stereo: from the command line to a board, a running stereo, its screen and its end.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc;

use anyhow::{Context, Result};
use firmware_app::cloud::CloudOptions;
use firmware_app::mpd::{MpdOptions, MpdServer};
use firmware_app::protocol::Snapshot;
use firmware_app::{App, AppConfig};

use crate::board::{Hands, SimBoard};
use crate::cli::RunArgs;
use crate::cloud::CloudDesk;
use crate::driver::{self, Plan};
use crate::screen::{Door, Request};
use crate::screenshot::Camera;
use crate::script::{Script, parse, run::Outcome};
use crate::unit::Unit;
use crate::window::Window;
use crate::{announce, board, folders, headless, note, remote};

/// Bad arguments or a bad script: nothing was started.
const EXIT_REFUSED: u8 = 2;

/// Why a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The script is through or the time is over.
    Plan(Outcome),
    /// The window was closed.
    Closed,
    /// Ctrl-C, or the system asked for it.
    Interrupted,
}

/// Runs the stereo until its end.
///
/// # Errors
/// It cannot be started; the text says what to do.
pub fn run(args: RunArgs) -> Result<ExitCode> {
    let script = match args.script.as_deref().map(read_script).transpose() {
        Ok(script) => script,
        Err(mistakes) => {
            note(&mistakes);
            return Ok(EXIT_REFUSED.into());
        }
    };
    let music = match folders::music(&args.music) {
        Ok(music) => music,
        Err(error) => {
            note(&format!("{error:#}"));
            return Ok(EXIT_REFUSED.into());
        }
    };
    let mpd = match args.mpd.resolve() {
        Ok(mpd) => mpd,
        Err(error) => {
            note(&error.to_string());
            return Ok(EXIT_REFUSED.into());
        }
    };
    let cloud = match args.cloud.resolve() {
        Ok(cloud) => cloud,
        Err(error) => {
            note(&error.to_string());
            return Ok(EXIT_REFUSED.into());
        }
    };
    let plan = Plan { script, seconds: args.seconds, music, cloud: None };
    if args.sink.is_virtual() && !plan.has_end() {
        note("The virtual clock stands still unless somebody waits: give --seconds N or --script FILE.");
        return Ok(EXIT_REFUSED.into());
    }
    if plan.music.is_empty() {
        note("There is no music folder; give one with --music DIR.");
    }
    let has_script = plan.script.is_some();
    let ending = start(&args, plan, mpd, cloud)?;
    Ok(exit_code(ending, has_script))
}

fn exit_code(ending: Ending, has_script: bool) -> ExitCode {
    match ending {
        Ending::Plan(Outcome::Failed(why)) => {
            note(&why);
            ExitCode::FAILURE
        }
        Ending::Closed | Ending::Interrupted if has_script => {
            note("The run ended before its script did.");
            ExitCode::FAILURE
        }
        Ending::Plan(Outcome::Done) | Ending::Closed | Ending::Interrupted => ExitCode::SUCCESS,
    }
}

fn read_script(path: &Path) -> Result<Script, String> {
    let text = std::fs::read(path)
        .map_err(|error| format!("the script {} cannot be read: {error}", path.display()))?;
    let text =
        String::from_utf8(text).map_err(|_| format!("the script {} is no UTF-8 text", path.display()))?;
    let absolute = std::path::absolute(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let folder = absolute.parent().unwrap_or(Path::new("/"));
    let sample = serde_json::to_value(Snapshot::default()).unwrap_or_default();
    parse::script(&text, folder, &sample).map_err(|mistakes| {
        let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        format!("{} was not run:\n{}", path.display(), lines.join("\n"))
    })
}

fn start(
    args: &RunArgs,
    mut plan: Plan,
    mpd: Option<MpdOptions>,
    cloud: Option<CloudOptions>,
) -> Result<Ending> {
    let data_dir = folders::data(args.data.as_deref())?;
    #[cfg(target_os = "linux")]
    let art_folder = data_dir.join("mpris");
    let sim = board::build(&args.sink, plan.music.clone(), folders::links(&data_dir))?;
    let SimBoard { board, hands, slots, plugged, clock, virtual_clock } = sim;
    let config = AppConfig { media: plugged, ..AppConfig::new(data_dir) };
    let app = App::start(config, board).context("the stereo cannot be started")?;
    let unit = Unit::new(app, slots, clock, virtual_clock.as_ref());
    let has_window = !args.headless && has_display();
    let remote = match remote::start(args, unit.app(), has_window) {
        Ok(remote) => remote,
        Err(error) => {
            unit.quit();
            return Err(error);
        }
    };
    let mpd = match mpd.map(|options| MpdServer::start(unit.app().clone(), &options)).transpose() {
        Ok(mpd) => mpd,
        Err(error) => {
            drop(remote);
            unit.quit();
            return Err(error.into());
        }
    };
    let start = |options| CloudDesk::start(unit.app(), options, &args.remote.name, has_window);
    let cloud = match cloud.map(start).transpose() {
        Ok(cloud) => cloud,
        Err(error) => {
            drop((remote, mpd));
            unit.quit();
            return Err(error.into());
        }
    };
    plan.cloud.clone_from(&cloud);
    if let Some(mpd) = &mpd {
        note(&format!("MPD server: {}", mpd.address()));
    }
    // In virtual time nobody is there to see it.
    #[cfg(target_os = "linux")]
    if !args.sink.is_virtual()
        && let Err(error) = crate::mpris::start(unit.app(), art_folder)
    {
        tracing::warn!(%error, "not on the desktop's bus");
    }
    let ending = match window_if_possible(args, &unit, &hands) {
        Some(window) => {
            begin(plan, &unit, &Window::door())?;
            window.run()
        }
        None => {
            announce::start(unit.app()).context("the system gives no thread")?;
            let (sender, requests) = mpsc::channel();
            let door: Door = Arc::new(move |request| drop(sender.send(request)));
            begin(plan, &unit, &door)?;
            Ok(headless::run(&unit, args.size, &requests))
        }
    };
    drop(remote);
    drop(mpd);
    drop(cloud);
    // Saved and quiet first, whatever became of the window.
    unit.quit();
    ending.context("the window has failed; --headless goes without")
}

/// The plan's thread and the interrupts, both of which come to the screen's thread through its door.
fn begin(plan: Plan, unit: &Unit, door: &Door) -> Result<()> {
    let interrupted = Arc::clone(door);
    ctrlc::set_handler(move || interrupted(Request::End(Ending::Interrupted)))
        .context("interrupts cannot be caught")?;
    let (pictures, end) = (Arc::clone(door), Arc::clone(door));
    let camera = Camera::new(move |reply| pictures(Request::Picture(reply)));
    driver::spawn(plan, unit.clone(), camera, move |outcome| end(Request::End(Ending::Plan(outcome))))
        .context("the system gives no thread for the script")
}

/// The window, unless it was not wanted or there is no display to show it on.
fn window_if_possible(args: &RunArgs, unit: &Unit, hands: &Hands) -> Option<Window> {
    if args.headless {
        return None;
    }
    let opened = if has_display() {
        Window::open(unit, args.size, hands)
    } else {
        Err("there is no display".to_owned())
    };
    let tell = |why: &String| note(&format!("No window: {}. Running headless.", why.replace('\n', " ")));
    opened.inspect_err(tell).ok()
}

/// Whether a window can be shown: X11 and Wayland say so in the environment, other systems always can.
fn has_display() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(any(windows, target_vendor = "apple"))
        || ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"].into_iter().any(is_set)
}
