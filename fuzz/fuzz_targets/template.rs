//! Fuzzes [`onehop_fuzz::template::run`].

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    onehop_fuzz::template::run(data);
});

/// Without a fuzzer there is nothing to run: `fuzz/run` builds this file with one, the tests replay the corpus.
#[cfg(not(fuzzing))]
fn main() {}
