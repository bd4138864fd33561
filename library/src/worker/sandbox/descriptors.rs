//! Whatever a library in the parent forgot to close on exec is closed here.
use std::fs;

/// Descriptors 0, 1 and 2 stay.
const FIRST: i32 = 3;

/// Closed one by one where the system does not list what is open.
const USUAL: i32 = 1024;

/// Closes every inherited descriptor but the standard ones. Nothing in this process may own one yet.
pub(super) fn close_inherited() {
    let listed = fs::read_dir("/dev/fd").map(|entries| {
        entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
    });
    let open: Vec<i32> = listed.unwrap_or_else(|_| (FIRST..USUAL).collect());
    for descriptor in open.into_iter().filter(|&descriptor| descriptor >= FIRST) {
        // Among them the listing's own, which is closed by now.
        let _ = nix::unistd::close(descriptor);
    }
}
