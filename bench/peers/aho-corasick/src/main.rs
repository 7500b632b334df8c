//! aho-corasick-peer TEXTS PHRASES DOCUMENTS: the phrases without regard to the case of ASCII letters, by the automaton that the
//! library chooses itself. Prints what `bench_match` prints.
use aho_corasick::{AhoCorasick, MatchKind};
use std::fs::read_to_string;
use std::{env, process};

fn cpu_seconds() -> f64 {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut t) };
    t.tv_sec as f64 + t.tv_nsec as f64 / 1e9
}

fn main() {
    let args: Vec<String> = env::args().collect();
    if args.len() != 4 {
        process::exit(2);
    }
    let documents: usize = args[3].parse().unwrap();
    let (texts, phrases) = (read_to_string(&args[1]).unwrap(), read_to_string(&args[2]).unwrap());
    let texts: Vec<&str> = texts.lines().take(documents).collect();
    let start = cpu_seconds();
    let automaton =
        AhoCorasick::builder().ascii_case_insensitive(true).match_kind(MatchKind::Standard).build(phrases.lines()).unwrap();
    let compile = cpu_seconds() - start;
    let mut seen = vec![usize::MAX; automaton.patterns_len()];
    let mut pairs = 0;
    let start = cpu_seconds();
    for (number, text) in texts.iter().enumerate() {
        for found in automaton.find_overlapping_iter(text) {
            let last = &mut seen[found.pattern().as_usize()];
            if *last != number {
                *last = number;
                pairs += 1;
            }
        }
    }
    let seconds = cpu_seconds() - start;
    let bytes: usize = texts.iter().map(|t| t.len()).sum();
    println!(
        "{{\"compile_seconds\": {compile:.6}, \"cpu_seconds\": {seconds:.6}, \"bytes\": {bytes}, \"documents\": {}, \"pairs\": {pairs}, \"memory_bytes\": {}}}",
        texts.len(),
        automaton.memory_usage()
    );
}
