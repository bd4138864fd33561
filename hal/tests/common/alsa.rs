//! ALSA without hardware: runs a test again as a child process whose ALSA configuration is our own,
//! because the library reads it once, from the environment.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const CHILD: &str = "HAL_TEST_ALSA_DIR";

/// Runs `body` with a configuration in which `capture` is a PCM that appends its bytes to the file
/// `out.raw` of the folder given to `body`, and so is the default device; `void` takes everything, `narrow` one channel only.
pub fn with_alsa(test: &str, body: impl FnOnce(&Path)) {
    if let Some(dir) = std::env::var_os(CHILD) {
        body(&PathBuf::from(dir));
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let conf = dir.path().join("asound.conf");
    let out = dir.path().join("out.raw");
    fs::write(&conf, configuration(&out)).unwrap();
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(CHILD, dir.path())
        .env("ALSA_CONFIG_PATH", &conf)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&child.stdout).into_owned() + &String::from_utf8_lossy(&child.stderr);
    assert!(child.status.success() && text.contains("1 passed"), "{text}");
}

fn configuration(out: &Path) -> String {
    let out = out.display();
    format!(
        "</usr/share/alsa/alsa.conf>\n\
         pcm.void {{ type null }}\n\
         pcm.capture {{ type file file \"{out}\" format raw slave.pcm void }}\n\
         pcm.narrow {{ type multi slaves.a {{ pcm void channels 1 }} bindings.0 {{ slave a channel 0 }} }}\n\
         pcm.!default {{ type plug slave.pcm capture }}\n"
    )
}
