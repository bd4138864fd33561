//! The display part of a graphics card, and which of its displays to use.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::{Path, PathBuf};

use drm::control::{Device as ControlDevice, Mode, ModeFlags, ModeTypeFlags, connector, crtc};

use super::mode::{self, ModeFacts};
use crate::ScreenError;

/// An open `/dev/dri/card*`. The first program that opens one is its master and may set modes; closing it takes
/// down what it has shown.
#[derive(Debug)]
pub(super) struct Card(File);

impl AsFd for Card {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl drm::Device for Card {}
impl ControlDevice for Card {}

/// Which display of a card to use, by what wires, and how.
#[derive(Clone, Debug)]
pub(super) struct Route {
    pub connector: connector::Handle,
    pub crtc: crtc::Handle,
    pub mode: Mode,
    /// `HDMI-A-1`, for the log.
    pub name: String,
}

/// Opens the first card that has a display.
///
/// # Errors
/// [`ScreenError::Absent`] while there is none, [`ScreenError::Taken`] when the only ones are somebody else's.
pub(super) fn find(folder: &Path, wish: Option<(u32, u32)>) -> Result<(Card, Route), ScreenError> {
    let nodes = nodes(folder);
    let mut problem = ScreenError::Absent(if nodes.is_empty() {
        format!("no card in {}", folder.display())
    } else {
        "no card has a display".into()
    });
    for node in nodes {
        match open(&node, wish) {
            Ok(found) => return Ok(found),
            Err(taken @ ScreenError::Taken(_)) => problem = taken,
            Err(error) => tracing::trace!(%error, node = %node.display(), "not this card"),
        }
    }
    Err(problem)
}

fn nodes(folder: &Path) -> Vec<PathBuf> {
    let is_card = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.strip_prefix("card").is_some_and(|number| number.parse::<u8>().is_ok())
    };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut nodes: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_card).collect();
    nodes.sort();
    nodes
}

fn open(node: &Path, wish: Option<(u32, u32)>) -> Result<(Card, Route), ScreenError> {
    let absent = |error: io::Error| ScreenError::Absent(format!("{}: {error}", node.display()));
    let card = Card(OpenOptions::new().read(true).write(true).open(node).map_err(absent)?);
    let route = card.route(wish)?;
    // Who opened a card first is its master already, and this changes nothing.
    drm::Device::acquire_master_lock(&card).map_err(ScreenError::Taken)?;
    Ok((card, route))
}

impl Card {
    /// The display to use now.
    fn route(&self, wish: Option<(u32, u32)>) -> Result<Route, ScreenError> {
        let absent = |error: io::Error| ScreenError::Absent(error.to_string());
        let resources = self.resource_handles().map_err(absent)?;
        let probed =
            resources.connectors().iter().filter_map(|handle| self.get_connector(*handle, true).ok());
        let mut displays: Vec<connector::Info> =
            probed.filter(|info| info.state() == connector::State::Connected).collect();
        displays.sort_by_key(|info| !is_built_in(info.interface()));
        let mut routes = displays.iter().filter_map(|display| {
            let modes: Vec<ModeFacts> = display.modes().iter().map(facts).collect();
            let mode = *display.modes().get(mode::choose(&modes, wish)?)?;
            let crtc = self.crtc_for(&resources, display)?;
            Some(Route { connector: display.handle(), crtc, mode, name: display.to_string() })
        });
        routes.next().ok_or_else(|| ScreenError::Absent("no display is plugged in".into()))
    }

    /// The CRTC that drives it already, else any that can.
    fn crtc_for(
        &self,
        resources: &drm::control::ResourceHandles,
        display: &connector::Info,
    ) -> Option<crtc::Handle> {
        let current = display.current_encoder().and_then(|encoder| self.get_encoder(encoder).ok()?.crtc());
        current.or_else(|| {
            let encoders = display.encoders().iter().filter_map(|encoder| self.get_encoder(*encoder).ok());
            let mut possible = encoders.flat_map(|encoder| resources.filter_crtcs(encoder.possible_crtcs()));
            possible.next()
        })
    }

    /// Whether the display is still there and knows this mode.
    pub fn still_has(&self, route: &Route) -> bool {
        self.get_connector(route.connector, true).is_ok_and(|info| {
            info.state() == connector::State::Connected
                && info.modes().iter().any(|mode| facts(mode).size == facts(&route.mode).size)
        })
    }
}

/// Displays that are part of the unit come before those that are plugged into it.
fn is_built_in(interface: connector::Interface) -> bool {
    use connector::Interface as I;
    matches!(interface, I::DSI | I::DPI | I::LVDS | I::EmbeddedDisplayPort | I::SPI)
}

fn facts(mode: &Mode) -> ModeFacts {
    let (width, height) = mode.size();
    ModeFacts {
        size: (u32::from(width), u32::from(height)),
        refresh: mode.vrefresh(),
        preferred: mode.mode_type().contains(ModeTypeFlags::PREFERRED),
        interlaced: mode.flags().contains(ModeFlags::INTERLACE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_card_the_folder_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let error = find(&dir.path().join("dri"), None).unwrap_err().to_string();
        assert!(error.contains("no card in"), "{error}");
    }

    #[test]
    fn what_is_no_card_is_no_display() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["card1", "card0", "card0-HDMI-A-1", "renderD128", "card"] {
            std::fs::write(dir.path().join(name), "").unwrap();
        }
        let names: Vec<String> = nodes(dir.path())
            .iter()
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        assert_eq!(names, ["card0", "card1"]);
        assert!(matches!(find(dir.path(), None), Err(ScreenError::Absent(_))));
    }
}
