//! What the system tells of a running worker: is it reckoning, waiting for the medium, or stopped?
use std::fs;
use std::time::Duration;

/// Length of a tick in `/proc/PID/stat`: `USER_HZ` is 100 on every Linux this runs on.
const TICK: Duration = Duration::from_millis(10);

/// What a process does and has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    /// `R` running, `S` sleeping, `D` waiting for a device, `T` or `t` stopped.
    pub(super) state: char,
    /// Time on the processor.
    pub(super) cpu: Duration,
}

/// `None` where the system does not tell (only Linux does).
pub(super) fn look_at(process: u32) -> Option<Seen> {
    parse(&fs::read_to_string(format!("/proc/{process}/stat")).ok()?)
}

/// The fields of proc_pid_stat(5) behind the program's name, which may hold anything.
fn parse(stat: &str) -> Option<Seen> {
    let mut fields = stat.get(stat.rfind(')')? + 1..)?.split_ascii_whitespace();
    let state = fields.next()?.chars().next()?;
    // Number 14 and 15 of the page, of which `state` is number 3.
    let user: u32 = fields.nth(10)?.parse().ok()?;
    let system: u32 = fields.next()?.parse().ok()?;
    Some(Seen { state, cpu: TICK * user.saturating_add(system) })
}

#[cfg(test)]
mod tests {
    use super::{Seen, parse};
    use std::time::Duration;

    #[test]
    fn fields_are_counted_from_the_end_of_the_name() {
        let stat = "42 (a) R (b) T 1 42 42 0 -1 4194304 9 0 0 0 120 5 0 0 20 0 1 0 99 1 2 3";
        assert_eq!(parse(stat), Some(Seen { state: 'T', cpu: Duration::from_millis(1250) }));
        assert_eq!(parse("42 (a) R 1 2"), None);
        assert_eq!(parse(""), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_is_seen_running() {
        let before = super::look_at(std::process::id()).unwrap();
        let start = std::time::Instant::now();
        while start.elapsed() < Duration::from_millis(200) {
            std::hint::black_box(start);
        }
        assert!(super::look_at(std::process::id()).unwrap().cpu > before.cpu);
    }
}
