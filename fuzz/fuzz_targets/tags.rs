//! Fuzzer of `tags`: see `fuzz_bodies::tags`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_bodies::tags(data));
