//! The worker as a program of its own, for tests and tools; the product starts itself with a hidden word.
use std::process::ExitCode;

fn main() -> ExitCode {
    library::worker_main()
}
