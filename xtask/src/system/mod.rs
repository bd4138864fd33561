//! What the machine must have before the product can be built, run or tested.

mod debian;
mod elsewhere;
mod packages;

use anyhow::Result;

pub use packages::Need;

/// Makes sure that everything for `needs` is there: on Debian and its children missing packages are named
/// and installed; elsewhere the exact command is printed.
///
/// # Errors
/// If something is missing and cannot be installed from here.
pub fn ensure(needs: &[Need]) -> Result<String> {
    if cfg!(target_os = "linux") && debian::is_debian() {
        debian::ensure(needs)
    } else {
        elsewhere::ensure(needs)
    }
}

/// Whether Debian packages can be had on this machine (for the tests with real music).
pub fn has_apt() -> bool {
    cfg!(target_os = "linux") && debian::is_debian()
}

/// Whether this system's packages include all of `need`, installed or not. Children of Debian lack some.
pub fn offers(need: Need) -> bool {
    has_apt() && debian::offers(need)
}

/// Fetches Debian's package lists where there are none yet.
///
/// # Errors
/// If apt-get cannot.
pub fn ensure_apt_lists() -> Result<()> {
    debian::ensure_lists()
}
