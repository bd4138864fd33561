//! Fuzzer of `command`: see `fuzz_bodies::command`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_bodies::command(data));
