//! The web remote of the stereo on a desk. Its terminal belongs to its owner, who is invited there.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::{Result, bail};
use firmware_app::AppHandle;
use firmware_app::remote::{Remote, RemoteConfig, RemoteError, WebFiles};
use firmware_app::remote_desk::RemoteReport;

use crate::cli::RunArgs;
use crate::note;

/// Where it listens when nothing is said, or at one of the ports after it.
const DEFAULT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
const MORE_PORTS: u16 = 20;

/// Starts the web remote, unless it is not wanted. What is said goes to standard output where there is no
/// window, so that scripts can read it.
///
/// # Errors
/// An address that was asked for cannot be had.
pub fn start(args: &RunArgs, app: &AppHandle, has_window: bool) -> Result<Option<Remote>> {
    let wanted = &args.remote;
    let is_asked_for = wanted.address.is_some() || wanted.https.is_some();
    // On a virtual clock an hour is over before a browser has loaded the page.
    if wanted.no_remote || args.sink.is_virtual() && !is_asked_for {
        return Ok(None);
    }
    if let Some(folder) = wanted.files.as_ref().filter(|folder| !folder.is_dir()) {
        bail!("{}: there is no such folder", folder.display());
    }
    let say: Arc<dyn Fn(&str) + Send + Sync> = if has_window { Arc::new(note) } else { Arc::new(print) };
    let (invite, tell) = (Arc::clone(&say), say);
    let config = RemoteConfig {
        more_ports: if wanted.address.is_some() { 0 } else { MORE_PORTS },
        https: wanted.https,
        name: wanted.name.clone(),
        files: wanted.files.clone().map_or(WebFiles::Embedded, WebFiles::Folder),
        standing_invite: true,
        invites: Some(Arc::new(move |link| invite(&format!("Web remote: {link}")))),
        reports: Some(Arc::new(move |report| {
            if let Some(line) = line(report) {
                tell(&line);
            }
        })),
        ..RemoteConfig::new(wanted.address.unwrap_or(DEFAULT))
    };
    match Remote::start(app, config) {
        Ok(remote) => Ok(Some(remote)),
        Err(error @ RemoteError::Listen { .. }) if !is_asked_for => {
            note(&format!("No web remote: {error}"));
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// What is worth a line: a code that lets a phone in, and who came in.
fn line(report: &RemoteReport) -> Option<String> {
    match report {
        RemoteReport::Enrolment(Some(open)) if open.note.is_empty() => {
            Some(format!("Add a phone: {} or {}", open.pin, open.url))
        }
        RemoteReport::Joined { name, role } => {
            Some(format!("“{name}” may now control this unit ({})", format!("{role:?}").to_lowercase()))
        }
        _ => None,
    }
}

fn print(text: &str) {
    // Without a standard output there is nobody to tell.
    let _ = writeln!(std::io::stdout(), "{text}");
}
