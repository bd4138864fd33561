//! Every chore of the project: `cargo xtask run`, `test`, `web`, `cloud`, `tidy`, `bench`, `vm`, `demo`.
//!
//! Depends on no member of the workspace and on nothing that needs C, so that it builds on a machine
//! that lacks everything else and can say what is missing.

// A chore talks to the person at the terminal; the lint is meant for the product.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod bench;
mod cloud;
mod demo;
mod e2e;
mod fuzz;
#[cfg(unix)]
mod image;
mod measure;
mod music;
mod music_tree;
mod process;
mod run;
mod steps;
mod system;
mod test;
mod tidy;
mod web;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask run [-- ARGS]   install what is missing, build, and play (ARGS go to rusty-audio-sim)
cargo xtask test [--quick]  every check of the project; --quick leaves out the end-to-end part
cargo xtask test --image [--as-built]
                            build the image for PCs, boot it on an emulated one and drive it
cargo xtask e2e [WORD]      only the end-to-end checks, or those whose name holds WORD
cargo xtask web [--dev]     build the web remote; --dev: quick, neither optimised nor packed
cargo xtask cloud [-- ARGS] the whole cloud companion on this machine: worker, web remote, a provider to sign in at,
                            and a stereo to pair (ARGS go to rusty-audio-sim)
cargo xtask cloud build [--dev]
                            build the worker
cargo xtask cloud test [FILE…]
                            its tests in workerd, or those files of them
cargo xtask tidy            only the rules of the house: arrows, first lines, stray marks
cargo xtask bench           CPU cost against peers; writes docs/benchmarks.md
cargo xtask fuzz [SECONDS] [TARGET…]
                            a short run of every fuzzer (60 s each), or of those named
cargo xtask vm --quick [-- ARGS]
                            boot a kernel straight into the player in QEMU and drive it by script
                            (ARGS go to rusty-audio)
cargo xtask image --board x86_64 [--as-built] [--version V]
                            build the image that is flashed; --as-built: with the player and
                            remote as they were last built
cargo xtask keys            make the key that signs updates, or show it
cargo xtask flash [--board NAME] DEVICE
                            write the image to a card or stick, after asking
cargo xtask demo [DIR]      synthesise the demo album";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["run", rest @ ..] => run::run(rest),
        ["test"] => test::test(false),
        ["test", "--quick"] => test::test(true),
        #[cfg(unix)]
        ["test", "--image", rest @ ..] => image::test(rest),
        ["e2e", words @ ..] => test::end_to_end(&words.join(" ")),
        ["web"] => web::command(web::Mode::Release),
        ["web", "--dev"] => web::command(web::Mode::Dev),
        ["cloud", rest @ ..] => cloud::command(rest),
        ["tidy"] => tidy::command(),
        ["bench", rest @ ..] => bench::bench(rest),
        ["fuzz", rest @ ..] => fuzz::command(rest),
        #[cfg(unix)]
        ["vm", "--quick", rest @ ..] => image::quick(rest),
        #[cfg(unix)]
        ["image", rest @ ..] => image::build(rest),
        #[cfg(unix)]
        ["flash", rest @ ..] => image::flash(rest),
        #[cfg(unix)]
        ["keys", rest @ ..] => image::keys(rest),
        ["demo"] => demo::command(None),
        ["demo", folder] => demo::command(Some(folder)),
        ["__tree", folder, count] => music_tree::command(folder, count),
        // Runs a command and prints what it cost: see `measure`.
        ["__measure", rest @ ..] => measure::inner(rest),
        ["help" | "--help" | "-h"] | [] => {
            println!("{USAGE}");
            Ok(true)
        }
        other => {
            eprintln!("xtask does not know `{}`.\n\n{USAGE}", other.join(" "));
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
