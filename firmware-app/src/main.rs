//! The stereo on its board. On other systems the simulator is what to run.

#[cfg(target_os = "linux")]
mod appliance;

use std::process::ExitCode;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    use clap::Parser;

    if firmware_app::catalog_tools::is_worker() {
        return firmware_app::catalog_tools::worker_main();
    }
    let options = appliance::Options::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,symphonia=warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match appliance::run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    use std::io::Write;

    // Without a standard error there is nobody to tell.
    let _ = writeln!(
        std::io::stderr(),
        "This is the program for the board, which runs Linux. The simulator (rusty-audio-sim) is the same \
         stereo for this system."
    );
    ExitCode::FAILURE
}
