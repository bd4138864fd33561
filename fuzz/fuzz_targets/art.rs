//! Fuzzer of `art`: see `fuzz_bodies::art`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_bodies::art(data));
