//! Fuzzer of `playlist`: see `fuzz_bodies::playlist`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_bodies::playlist(data));
