//! What a program costs: CPU time and peak memory, from the kernel's own books.
//!
//! The program is started by a fresh small copy of xtask (`xtask __measure`), because the kernel's peak
//! memory of a child also counts what its parent had at the moment of the fork.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::process;

/// What a finished program cost and said.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// Its exit code; none if a signal ended it or it was stopped for taking too long.
    pub code: Option<i32>,
    /// User plus system CPU seconds.
    pub cpu_s: f64,
    /// Peak resident memory in bytes.
    pub peak_rss: u64,
    /// Wall clock seconds.
    pub wall_s: f64,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// It ran past its time and was stopped.
    pub timed_out: bool,
}

const MARK: &str = "__measured ";

/// Runs `command` (its program, arguments and environment) and measures it; Unix only.
///
/// # Errors
/// If it cannot be started.
pub fn measure(command: &Command, limit: Duration) -> Result<Measured> {
    let mut helper = Command::new(std::env::current_exe()?);
    helper.arg("__measure").arg(format!("{}", limit.as_secs_f64()));
    helper.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => helper.env(name, value),
            None => helper.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        helper.current_dir(folder);
    }
    let output = helper.stdin(Stdio::null()).output()?;
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    let (said, books) = stderr
        .rsplit_once(MARK)
        .with_context(|| format!("cannot run `{}`: {stderr}", process::shown(command)))?;
    let books: serde_json::Value = serde_json::from_str(books.trim())?;
    Ok(Measured {
        code: books["code"].as_i64().and_then(|code| i32::try_from(code).ok()),
        cpu_s: books["cpu_s"].as_f64().unwrap_or(0.0),
        peak_rss: books["peak_rss"].as_u64().unwrap_or(0),
        timed_out: books["timed_out"].as_bool().unwrap_or(false),
        wall_s: books["wall_s"].as_f64().unwrap_or(0.0),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: said.to_owned(),
    })
}

/// The helper's side: `LIMIT PROGRAM ARGS…`; writes its finding as the last line of standard error.
///
/// # Errors
/// If the program cannot be started.
pub fn inner(args: &[&str]) -> Result<bool> {
    let [limit, program, rest @ ..] = args else { bail!("__measure needs LIMIT PROGRAM") };
    let limit = Duration::from_secs_f64(limit.parse()?);
    let began = Instant::now();
    let mut child = Command::new(program).args(rest).stdin(Stdio::null()).spawn()?;
    let mut timed_out = false;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if began.elapsed() > limit {
            timed_out = true;
            child.kill()?;
            break child.wait()?;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let wall_s = began.elapsed().as_secs_f64();
    let (cpu_s, peak_rss) = children();
    let books = serde_json::json!({
        "code": if timed_out { None } else { status.code() },
        "cpu_s": cpu_s,
        "peak_rss": peak_rss,
        "wall_s": wall_s,
        "timed_out": timed_out,
    });
    eprintln!("\n{MARK}{books}");
    Ok(true)
}

/// CPU seconds and peak resident bytes of all children waited for.
#[cfg(unix)]
fn children() -> (f64, u64) {
    let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: the pointer is to a whole `rusage`, which the call fills; all zero is a valid value of it.
    #[allow(unsafe_code)]
    let usage = unsafe {
        libc::getrusage(libc::RUSAGE_CHILDREN, usage.as_mut_ptr());
        usage.assume_init()
    };
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    (seconds(usage.ru_utime) + seconds(usage.ru_stime), u64::try_from(usage.ru_maxrss).unwrap_or(0) * unit)
}

/// Not measured here.
#[cfg(not(unix))]
fn children() -> (f64, u64) {
    (0.0, 0)
}
