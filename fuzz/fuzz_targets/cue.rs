//! Fuzzer of `cue`: see `fuzz_bodies::cue`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_bodies::cue(data));
