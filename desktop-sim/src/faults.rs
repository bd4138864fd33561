//! The fault panel: what its keys do to the board.

use std::path::Path;
use std::rc::Rc;

use firmware_app::ui::{Fault, PanelSlot, SimWindow, attach_faults, show_slots};
use hal::sim::Slot;
use slint::{ComponentHandle, LogicalSize};

use crate::board::Hands;
use crate::folders::straight;
use crate::plate;
use crate::unit::Unit;

/// The panel's keys are the board's faults.
pub fn connect(window: &SimWindow, unit: &Unit, hands: &Hands) {
    let (weak, unit, sound) = (window.as_weak(), unit.clone(), hands.sound.clone());
    let act = move |fault| {
        let done = match fault {
            Fault::Panel(is_open) => {
                weak.upgrade().iter().for_each(|window| resize(window, is_open));
                Ok(())
            }
            Fault::Slot(at) => switch_slot(&unit, at),
            Fault::Folder(path) => plug(&unit, &path),
            Fault::Sound(true) => {
                sound.put_back();
                Ok(())
            }
            Fault::Sound(false) => {
                sound.pull();
                Ok(())
            }
        };
        weak.upgrade().iter().for_each(|window| show(window, &unit.slots().slots()));
        done.err().unwrap_or_default()
    };
    attach_faults(window, Rc::new(act));
}

/// Shows the media on the panel.
pub fn show(window: &SimWindow, slots: &[Slot]) {
    let slots: Vec<PanelSlot> = slots.iter().map(panel_slot).collect();
    show_slots(window, &slots);
}

fn panel_slot(slot: &Slot) -> PanelSlot {
    let (name, folder) = (slot.name.clone(), slot.folder.display().to_string());
    PanelSlot { name, folder, is_plugged: slot.is_plugged }
}

/// Makes room for the panel, so that the glass stays as large as it is. A window manager may refuse; then the
/// plate gives way.
fn resize(window: &SimWindow, is_open: bool) {
    let window = window.window();
    let size = window.size().to_logical(window.scale_factor());
    let height = plate::height_with_panel(size.width, size.height, is_open);
    window.set_size(LogicalSize::new(size.width, height));
}

fn switch_slot(unit: &Unit, at: usize) -> Result<(), String> {
    match unit.slots().slots().get(at) {
        Some(slot) if slot.is_plugged => unit.yank(&slot.name),
        Some(slot) => unit.plug(None, &slot.folder),
        None => Ok(()),
    }
}

fn plug(unit: &Unit, path: &str) -> Result<(), String> {
    let path = path.trim();
    let in_home = path.strip_prefix("~/").or(path.strip_prefix("~\\")).or((path == "~").then_some(""));
    let folder = match (in_home, dirs::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => Path::new(path).to_owned(),
    };
    let folder = std::path::absolute(folder).map_err(|error| format!("{path}: {error}"))?;
    unit.plug(None, &straight(folder))
}
