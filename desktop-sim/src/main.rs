//! The stereo on a desk: a window with a bezel, scripts, offline rendering.

mod cli;
mod folders;
mod help;
mod keys;
mod process;
mod screenshot;
mod script;

fn main() {}
