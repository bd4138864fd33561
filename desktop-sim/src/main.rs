//! The stereo on a desk: a window with a bezel, scripts, offline rendering.

mod announce;
mod board;
mod cli;
mod cloud;
mod driver;
mod faults;
mod folders;
mod headless;
mod help;
mod keys;
#[cfg(target_os = "linux")]
mod mpris;
mod plate;
mod process;
mod remote;
mod render;
mod scan;
mod screen;
mod screenshot;
mod script;
mod search;
mod session;
mod unit;
mod window;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

use crate::cli::{Cli, Task};

fn main() -> ExitCode {
    if firmware_app::catalog_tools::is_worker() {
        return firmware_app::catalog_tools::worker_main();
    }
    let cli = Cli::parse();
    log_to_stderr();
    let result = match cli.task {
        Some(Task::Render(args)) => render::run(args).map(|()| ExitCode::SUCCESS),
        Some(Task::Scan(args)) => scan::run(&args).map(|()| ExitCode::SUCCESS),
        Some(Task::Search(args)) => search::run(&args).map(|()| ExitCode::SUCCESS),
        None => session::run(cli.run),
    };
    result.unwrap_or_else(|error| {
        note(&format!("{error:#}"));
        ExitCode::FAILURE
    })
}

/// Tells the person something, on standard error.
fn note(text: &str) {
    // Without a standard error there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{text}");
}

fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
