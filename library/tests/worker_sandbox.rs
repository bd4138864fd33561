//! The walls around the worker, seen from outside.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, clippy::print_stdout)]

mod common;

use common::Scene;
use library::{MediumRoot, Worker, WorkerCommand};
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn command() -> WorkerCommand {
    WorkerCommand { program: env!("CARGO_BIN_EXE_library-worker").into(), args: Vec::new() }
}

/// A worker that is up and has read a file, and its process.
fn running(scene: &Scene) -> (Worker, u32) {
    scene.wav("a.wav", 44_100, 1000);
    let medium = MediumRoot::open(scene.path()).unwrap();
    let mut worker = Worker::new(command());
    worker.read_track(&medium, Path::new("a.wav")).unwrap();
    let process = worker.process_id().unwrap();
    (worker, process)
}

fn proc(process: u32, name: &str) -> String {
    fs::read_to_string(format!("/proc/{process}/{name}")).unwrap()
}

/// The value of a line of `status`.
fn status(process: u32, name: &str) -> String {
    let status = proc(process, "status");
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.unwrap_or_else(|| panic!("no {name}")).trim().to_owned()
}

#[test]
fn the_kernel_holds_it() {
    let scene = Scene::new();
    let (_worker, process) = running(&scene);
    assert_eq!(status(process, "Seccomp"), "2", "filter mode");
    assert_eq!(status(process, "NoNewPrivs"), "1");
    assert_eq!(status(process, "Threads"), "1");
    let limits = proc(process, "limits");
    let limit = |name: &str| -> Vec<String> {
        let line = limits.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.split_ascii_whitespace().take(2).map(str::to_owned).collect()
    };
    for (name, value) in [
        ("Max data size", (96 << 20).to_string()),
        ("Max stack size", (8 << 20).to_string()),
        ("Max open files", "64".into()),
        ("Max core file size", "0".into()),
        ("Max file size", "0".into()),
        ("Max processes", "0".into()),
    ] {
        assert_eq!(limit(name), [value.clone(), value], "{name}");
    }
    let seconds: u64 = limit("Max cpu time")[0].parse().unwrap();
    assert!((30..40).contains(&seconds), "{seconds}");
}

#[test]
fn it_knows_nothing_of_its_parents_surroundings() {
    let scene = Scene::new();
    let (_worker, process) = running(&scene);
    let folder = format!("/proc/{process}");
    let Ok(open) = fs::read_dir(format!("{folder}/fd")) else {
        eprintln!("only the superuser may look into a process that hides itself");
        return;
    };
    let open: Vec<String> = open
        .map(|entry| fs::read_link(entry.unwrap().path()).unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(open.len(), 3, "{open:?}");
    assert_eq!(open.iter().filter(|link| *link == "/dev/null").count(), 2, "{open:?}");
    assert!(open.iter().any(|link| link.starts_with("socket:")), "{open:?}");
    assert_eq!(fs::read_link(format!("{folder}/cwd")).unwrap(), Path::new("/"));
    assert_eq!(fs::read(format!("{folder}/environ")).unwrap(), b"");
}

#[test]
fn descriptors_that_leak_into_it_are_closed() {
    let scene = Scene::new();
    // Not close-on-exec, as sound libraries make them.
    let (read, write) = rustix::pipe::pipe().unwrap();
    let (worker, _) = running(&scene);
    drop(write);
    // Ends only when nobody holds the other side: the worker runs on.
    let mut rest = Vec::new();
    fs::File::from(read).read_to_end(&mut rest).unwrap();
    assert!(rest.is_empty() && worker.process_id().is_some());
}

#[test]
fn dropping_it_leaves_no_process() {
    let scene = Scene::new();
    let (worker, process) = running(&scene);
    drop(worker);
    assert!(!Path::new(&format!("/proc/{process}")).exists(), "it lives, or is a zombie");
}

/// Not a test of its own: the parent that [`it_does_not_outlive_its_parent`] kills.
#[test]
fn parent_to_be_killed() {
    if std::env::var_os("LIBRARY_TEST_PARENT").is_none() {
        return;
    }
    let scene = Scene::new();
    let (_worker, process) = running(&scene);
    println!("\nworker={process}");
    std::thread::sleep(Duration::from_secs(60));
}

#[test]
fn it_does_not_outlive_its_parent() {
    let mut parent = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "parent_to_be_killed", "--nocapture"])
        .env("LIBRARY_TEST_PARENT", "1")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let process: u32 = BufReader::new(parent.stdout.take().unwrap())
        .lines()
        .find_map(|line| line.unwrap().strip_prefix("worker=").map(|number| number.parse().unwrap()))
        .unwrap();
    assert_eq!(status(process, "Seccomp"), "2");
    parent.kill().unwrap();
    parent.wait().unwrap();
    let start = Instant::now();
    // Whoever adopted it may leave it unburied; it must not run.
    while fs::read_to_string(format!("/proc/{process}/stat")).is_ok_and(|stat| !stat.contains(") Z")) {
        assert!(start.elapsed() < Duration::from_secs(5), "it still runs");
        std::thread::sleep(Duration::from_millis(5));
    }
}
