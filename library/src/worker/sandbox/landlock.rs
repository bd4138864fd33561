//! Landlock: no path can be opened, no port connected, no process outside signalled.
use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetError, RulesetStatus, Scope};

/// Denies everything this kernel's Landlock knows; whether any of it is in force.
pub(super) fn deny_all() -> bool {
    restrict().is_ok_and(|status| status != RulesetStatus::NotEnforced)
}

fn restrict() -> Result<RulesetStatus, RulesetError> {
    // The newest version known; older kernels take the part they understand.
    let abi = ABI::V6;
    let status = Ruleset::default()
        .handle_access(AccessFs::from_all(abi))?
        .handle_access(AccessNet::from_all(abi))?
        .scope(Scope::from_all(abi))?
        .create()?
        .restrict_self()?;
    Ok(status.ruleset)
}

#[cfg(test)]
mod tests {
    use super::deny_all;
    use std::fs::File;
    use std::io::Read;
    use std::thread;

    /// A ruleset holds for its thread only, so that it can be tried here.
    #[test]
    fn no_file_can_be_opened_and_open_ones_can_be_read() {
        let restricted = thread::spawn(|| {
            let mut file = File::open("/proc/self/exe").unwrap();
            if !deny_all() {
                return;
            }
            assert_eq!(file.read(&mut [0; 4]).unwrap(), 4);
            for path in ["/proc/self/exe", "/", "/dev/null"] {
                assert_eq!(
                    File::open(path).map_err(|error| error.kind()).err(),
                    Some(std::io::ErrorKind::PermissionDenied),
                    "{path}"
                );
            }
            assert!(std::fs::write(std::env::temp_dir().join("never"), b"").is_err());
        });
        restricted.join().unwrap();
    }
}
