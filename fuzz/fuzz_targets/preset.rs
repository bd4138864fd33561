//! Fuzzer of `preset`: see `fuzz_bodies::preset`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_bodies::preset(data));
