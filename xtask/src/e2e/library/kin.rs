//! The processes that a process started, from the kernel's own list: who they are, what they take, who stays.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// A process, told from a later one of the same number by its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Process {
    /// Its number.
    pub pid: u32,
    /// Ticks after the machine's start (proc(5), field 22).
    started: u64,
}

struct Stat {
    process: Process,
    parent: u32,
    zombie: bool,
}

/// `/proc/PID/stat`; none if it is gone.
fn stat(pid: u32) -> Option<Stat> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold anything, parentheses too.
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let process = Process { pid, started: fields.get(19)?.parse().ok()? };
    Some(Stat {
        process,
        parent: fields.get(1)?.parse().ok()?,
        zombie: matches!(*fields.first()?, "Z" | "X"),
    })
}

impl Process {
    /// Whether it still runs (one that only waits to be counted by its parent does not).
    pub fn lives(self) -> bool {
        stat(self.pid).is_some_and(|stat| stat.process == self && !stat.zombie)
    }

    /// Highest resident memory so far in bytes; none if it is gone.
    pub fn peak_rss(self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid)).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
    }
}

/// All processes below `pid`, without itself.
pub fn below(pid: u32) -> Vec<Process> {
    let all: Vec<Stat> = std::fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .filter_map(|entry| stat(entry.ok()?.file_name().to_str()?.parse().ok()?))
        .collect();
    let mut found: Vec<Process> = Vec::new();
    let mut open = vec![pid];
    while let Some(parent) = open.pop() {
        for child in all.iter().filter(|stat| stat.parent == parent) {
            if !found.contains(&child.process) {
                found.push(child.process);
                open.push(child.process.pid);
            }
        }
    }
    found
}

/// Waits until none of these runs any more. Those that still do after `patience`.
pub fn wait_for_end(processes: &[Process], patience: Duration) -> Vec<Process> {
    let began = Instant::now();
    loop {
        let alive: Vec<Process> = processes.iter().copied().filter(|process| process.lives()).collect();
        if alive.is_empty() || began.elapsed() > patience {
            return alive;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Watches what the processes below one take, until it ends.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    /// Highest resident memory of each process seen.
    pub peaks: HashMap<Process, u64>,
}

impl Watch {
    /// One look.
    pub fn look(&mut self, pid: u32) {
        for process in below(pid) {
            if let Some(rss) = process.peak_rss() {
                let peak = self.peaks.entry(process).or_default();
                *peak = rss.max(*peak);
            }
        }
    }

    /// The highest of all.
    pub fn peak(&self) -> u64 {
        self.peaks.values().copied().max().unwrap_or(0)
    }
}

/// Where the kernel tells of processes at all.
pub fn is_told() -> bool {
    PathBuf::from("/proc/self/stat").exists()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn a_grandchild_is_seen_and_its_end_too() {
        if !is_told() {
            return;
        }
        let mut child = Command::new("sh").args(["-c", "sleep 60 & wait"]).spawn().unwrap();
        let began = Instant::now();
        while below(std::process::id()).len() < 2 && began.elapsed() < Duration::from_secs(5) {
            std::thread::sleep(Duration::from_millis(5));
        }
        let kin = below(child.id());
        assert_eq!(kin.len(), 1, "{kin:?}");
        assert!(kin[0].lives() && kin[0].peak_rss().unwrap() > 100_000);
        assert_eq!(wait_for_end(&kin, Duration::from_millis(20)), kin);
        Command::new("kill").arg(kin[0].pid.to_string()).status().unwrap();
        child.wait().unwrap();
        assert_eq!(wait_for_end(&kin, Duration::from_secs(5)), []);
    }
}
