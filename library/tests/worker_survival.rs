//! Workers that hang, die or lie: each costs one file, and the next ones are read.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod common;

use common::Scene;
use library::{LibraryError, MediumRoot, TrackInfo, Worker, WorkerCommand};
use rustix::process::{Pid, Resource, Rlimit, Signal, kill_process, prlimit};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

fn command() -> WorkerCommand {
    WorkerCommand { program: env!("CARGO_BIN_EXE_library-worker").into(), args: Vec::new() }
}

/// A shell in the worker's place. Its standard input is the socket; `library\003` is the greeting.
fn impostor(script: &str) -> WorkerCommand {
    WorkerCommand { program: "/bin/sh".into(), args: vec!["-c".into(), script.into()] }
}

fn medium(files: usize) -> (Scene, MediumRoot) {
    let scene = Scene::new();
    for index in 0..files {
        scene.wav(&format!("{index}.wav"), 44_100, 44 + index as u32);
    }
    let medium = MediumRoot::open(scene.path()).unwrap();
    (scene, medium)
}

fn pid(worker: &Worker) -> Pid {
    Pid::from_raw(worker.process_id().unwrap() as i32).unwrap()
}

fn read(worker: &mut Worker, medium: &MediumRoot, index: usize) -> Result<TrackInfo, LibraryError> {
    worker.read_track(medium, Path::new(&format!("{index}.wav")))
}

fn is_gone(pid: Pid) -> bool {
    !Path::new(&format!("/proc/{}", pid.as_raw_nonzero())).exists()
}

/// Asks for `count` files, calling `at` before each; the answers by index.
fn pipeline(
    worker: &mut Worker,
    medium: &MediumRoot,
    count: usize,
    mut at: impl FnMut(usize, &Worker),
) -> Vec<Result<TrackInfo, LibraryError>> {
    let mut answers = Vec::new();
    let mut take = |(token, answer): (u64, Result<TrackInfo, LibraryError>)| {
        assert_eq!(token, answers.len() as u64, "in order");
        answers.push(answer);
    };
    for index in 0..count {
        at(index, worker);
        let file = medium.open_file(Path::new(&format!("{index}.wav"))).unwrap();
        worker.submit(index as u64, file).unwrap();
        while let Some(answer) = worker.try_answer() {
            take(answer);
        }
        assert!(worker.in_flight() <= 32);
    }
    while let Some(answer) = worker.answer() {
        take(answer);
    }
    assert_eq!(worker.in_flight(), 0);
    answers
}

fn duration(index: usize) -> Option<f64> {
    Some((44 + index) as f64 / 44_100.0)
}

#[test]
fn a_pipeline_answers_everything_in_order() {
    let (_scene, medium) = medium(200);
    let mut worker = Worker::new(command());
    assert!(worker.answer().is_none() && worker.try_answer().is_none());
    for (index, answer) in pipeline(&mut worker, &medium, 200, |_, _| {}).into_iter().enumerate() {
        assert_eq!(answer.unwrap().duration_s, duration(index));
    }
}

#[test]
fn a_question_in_between_waits_for_the_pipeline_and_loses_nothing() {
    let (_scene, medium) = medium(20);
    let mut worker = Worker::new(command());
    for index in 0..10 {
        worker.submit(index, medium.open_file(Path::new("3.wav")).unwrap()).unwrap();
    }
    assert_eq!(read(&mut worker, &medium, 7).unwrap().duration_s, duration(7));
    assert_eq!(worker.in_flight(), 10);
    let tokens: Vec<u64> = std::iter::from_fn(|| worker.answer()).map(|(token, _)| token).collect();
    assert_eq!(tokens, (0..10).collect::<Vec<_>>());
}

#[test]
fn killed_from_outside_again_and_again_no_file_is_blamed_twice_over() {
    let (_scene, medium) = medium(200);
    let mut worker = Worker::new(command());
    let mut killed = 0;
    let answers = pipeline(&mut worker, &medium, 200, |index, worker| {
        if index % 50 == 25 && worker.process_id().is_some() {
            kill_process(pid(worker), Signal::KILL).unwrap();
            killed += 1;
        }
    });
    assert!(killed >= 3);
    let lost = answers.iter().filter(|answer| answer.is_err()).count();
    assert!(lost <= 1, "{lost} lost");
    for (index, answer) in answers.into_iter().enumerate() {
        assert!(answer.is_err() || answer.unwrap().duration_s == duration(index));
    }
}

#[test]
fn a_death_of_its_own_costs_one_file() {
    let (_scene, medium) = medium(40);
    let mut worker = Worker::new(command());
    read(&mut worker, &medium, 0).unwrap();
    let first = pid(&worker);
    // Stopped, so that it is at the first file for certain when it dies as a crash would kill it.
    kill_process(first, Signal::STOP).unwrap();
    let answers = pipeline(&mut worker, &medium, 30, |index, _| {
        if index == 20 {
            kill_process(first, Signal::ABORT).unwrap();
            kill_process(first, Signal::CONT).unwrap();
        }
    });
    assert_eq!(answers[0], Err(LibraryError::Hostile));
    assert!(answers[1..].iter().all(Result::is_ok));
    assert!(is_gone(first), "a zombie");
}

#[test]
fn a_reader_that_stands_still_is_ended() {
    let (_scene, medium) = medium(4);
    let mut worker = Worker::new(command());
    read(&mut worker, &medium, 0).unwrap();
    let first = pid(&worker);
    kill_process(first, Signal::STOP).unwrap();
    let start = Instant::now();
    assert_eq!(read(&mut worker, &medium, 1), Err(LibraryError::Hostile));
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
    assert!(is_gone(first), "a zombie");
    for index in 0..4 {
        assert_eq!(read(&mut worker, &medium, index).unwrap().duration_s, duration(index));
    }
}

#[test]
fn a_reader_that_runs_in_circles_is_ended_within_a_second_of_work() {
    let (_scene, medium) = medium(1);
    let mut worker = Worker::new(impostor(r"printf 'library\003' >&0; while :; do :; done"));
    let start = Instant::now();
    assert_eq!(read(&mut worker, &medium, 0), Err(LibraryError::Hostile));
    let elapsed = start.elapsed();
    eprintln!("ended after {elapsed:?}");
    assert!(elapsed > Duration::from_millis(600), "{elapsed:?}");
    // The clock's time, not the processor's: other tests are running beside.
    assert!(elapsed < Duration::from_secs(6), "{elapsed:?}");
}

#[test]
fn an_idle_worker_that_vanished_is_replaced_without_blame() {
    let (_scene, medium) = medium(2);
    let mut worker = Worker::new(command());
    for signal in [Signal::ABORT, Signal::KILL] {
        read(&mut worker, &medium, 0).unwrap();
        let first = pid(&worker);
        kill_process(first, signal).unwrap();
        while fs::read_to_string(format!("/proc/{}/stat", first.as_raw_nonzero()))
            .is_ok_and(|stat| !stat.contains(") Z"))
        {
            std::thread::sleep(Duration::from_millis(1));
        }
        assert!(read(&mut worker, &medium, 1).is_ok());
        assert!(is_gone(first));
    }
}

#[test]
fn a_picture_beyond_the_memory_limit_costs_itself() {
    let scene = Scene::new();
    scene.wav("a.wav", 44_100, 1000);
    scene.picture("cover.png", 3000, 3000, [200, 40, 40]);
    let medium = MediumRoot::open(scene.path()).unwrap();
    let mut worker = Worker::new(command());
    worker.read_track(&medium, Path::new("a.wav")).unwrap();
    let first = pid(&worker);
    let tight = Rlimit { current: Some(16 << 20), maximum: Some(16 << 20) };
    prlimit(Some(first), Resource::Data, tight).unwrap();
    // A picture that cannot be read is none; the worker was lost over it.
    assert_eq!(worker.read_art(&medium, Path::new("a.wav"), 64), Ok(None));
    assert!(is_gone(first));
    assert!(worker.read_art(&medium, Path::new("a.wav"), 64).unwrap().is_some());
}

#[test]
fn large_pictures_stay_within_the_resident_limit() {
    let scene = Scene::new();
    scene.wav("a.wav", 44_100, 1000);
    let medium = MediumRoot::open(scene.path()).unwrap();
    let mut worker = Worker::new(command());
    // Just below what the reader's own budget allows.
    for name in ["cover.png", "cover.jpg", "cover.webp"] {
        let edge = if name.ends_with("webp") { 2500 } else { 4400 };
        let path = scene.picture(name, edge, edge, [200, 40, 40]);
        let art = worker.read_art(&medium, Path::new("a.wav"), 512).unwrap();
        assert_eq!(art.map(|art| art.width), Some(512), "{name}");
        fs::remove_file(path).unwrap();
    }
    let peak = peak_kib(pid(&worker));
    eprintln!("peak resident size after three large pictures: {peak} KiB");
    assert!(peak > 40 << 10, "the pictures were not large: {peak} KiB");
    assert!(peak < 128 << 10, "{peak} KiB");
}

fn peak_kib(pid: Pid) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", pid.as_raw_nonzero())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_ascii_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_worker_that_cannot_be_started_says_so() {
    let (_scene, medium) = medium(1);
    for (command, words) in [
        (WorkerCommand { program: "/nowhere/at/all".into(), args: Vec::new() }, "No such file"),
        (impostor("exit 3"), "exit status: 3"),
        (impostor("printf 'not a worker' >&0; sleep 60"), "no worker"),
        (impostor("sleep 60"), "does not answer"),
    ] {
        let start = Instant::now();
        let mut worker = Worker::new(command);
        let error = read(&mut worker, &medium, 0).unwrap_err();
        assert!(matches!(&error, LibraryError::Unreadable(why) if why.contains(words)), "{error:?}");
        assert!(start.elapsed() < Duration::from_secs(9));
        // The next one is told at once, and no process stays.
        let file = medium.open_file(Path::new("0.wav")).unwrap();
        assert_eq!(worker.submit(1, file), Err(error));
        assert_eq!((worker.process_id(), worker.in_flight()), (None, 0));
    }
}

#[test]
fn a_worker_that_lies_costs_one_file() {
    let (_scene, medium) = medium(1);
    for lie in [
        // An answer of impossible length.
        "garbage and more of it",
        // An answer to another question: length 1, sequence 99, not music.
        r"\001\000\000\000\143\000\000\000\022",
        // Tags of which the text is missing: length 1, sequence 1.
        r"\001\000\000\000\001\000\000\000\000",
        // Something after the answer: length 2, sequence 1, not music.
        r"\002\000\000\000\001\000\000\000\022\022",
    ] {
        let script = format!(r"printf 'library\003{lie}' >&0; sleep 60");
        let mut worker = Worker::new(impostor(&script));
        assert_eq!(read(&mut worker, &medium, 0), Err(LibraryError::Hostile), "{lie}");
        assert_eq!(worker.process_id(), None, "{lie}");
    }
    let honest = r"printf 'library\003\001\000\000\000\001\000\000\000\022' >&0; sleep 60";
    assert_eq!(read(&mut Worker::new(impostor(honest)), &medium, 0), Err(LibraryError::NotMusic));
}
