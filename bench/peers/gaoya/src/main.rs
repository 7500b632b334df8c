//! gaoya's MinHash index over the documents that `bench_dedup write` made: gaoya-peer FILE MARK...
//! Prints what `bench_dedup hold` prints. Shingles of three words are slices of the text, which makes no string of them, and
//! hashed by ahash: the library's default, FNV, goes byte by byte.
use ahash::RandomState;
use gaoya::minhash::{MinHashIndex, MinHasher, MinHasher32, VecContainer};
use std::fs::{read_to_string, File};
use std::io::{BufRead, BufReader};
use std::{env, iter};

const BANDS: usize = 16;
const ROWS: usize = 8;
const SHINGLE_WORDS: usize = 3;
const CHUNK: usize = 1000;

fn cpu_seconds() -> f64 {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut t) };
    t.tv_sec as f64 + t.tv_nsec as f64 / 1e9
}

fn resident_bytes() -> f64 {
    let pages: f64 = read_to_string("/proc/self/statm").unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4096.0
}

fn main() {
    let args: Vec<String> = env::args().collect();
    let marks: Vec<usize> = args[2..].iter().map(|m| m.parse().unwrap()).collect();
    let mut lines = BufReader::new(File::open(&args[1]).unwrap()).lines();
    let hasher = MinHasher32::new_with_hasher(BANDS * ROWS, RandomState::with_seeds(1, 2, 3, 4));
    let mut index = MinHashIndex::<u32, u32, VecContainer<u32>>::new_index(BANDS, ROWS, 0.7);
    let mut originals: Vec<u32> = Vec::new();
    let before = resident_bytes();
    let (mut documents, mut planted, mut found, mut wrong, mut seconds) = (0, 0, 0, 0, 0.0);
    let mut held = 0;
    for mark in marks {
        while held < mark {
            let texts: Vec<(u32, u32, String)> = iter::from_fn(|| lines.next())
                .take(CHUNK.min(mark - held))
                .map(|line| {
                    let line = line.unwrap();
                    let mut fields = line.splitn(3, '\t');
                    let mut number = || fields.next().unwrap().parse().unwrap();
                    (number(), number(), fields.next().unwrap().to_string())
                })
                .collect();
            assert!(!texts.is_empty(), "the file has fewer documents");
            let mut joined = Vec::with_capacity(texts.len());
            let start = cpu_seconds();
            for (number, _, text) in &texts {
                let words: Vec<&str> = text.split_ascii_whitespace().collect();
                let offset = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
                let shingles = words.windows(SHINGLE_WORDS).map(|w| {
                    let last = w[SHINGLE_WORDS - 1];
                    &text[offset(w[0])..offset(last) + last.len()]
                });
                let signature = hasher.create_signature(shingles);
                joined.push(index.query_owned(&signature));
                index.insert(*number, signature);
            }
            seconds += cpu_seconds() - start;
            for ((number, original, _), ids) in texts.iter().zip(joined) {
                originals.push(*original);
                let right = ids.iter().any(|id| originals[*id as usize] == *original);
                documents += 1;
                planted += usize::from(number != original);
                found += usize::from(number != original && right);
                wrong += usize::from(!ids.is_empty() && !right);
            }
            held += texts.len();
        }
        println!(
            "{{\"held\": {held}, \"documents\": {documents}, \"cpu_seconds\": {seconds:.6}, \"planted\": {planted}, \
             \"found\": {found}, \"false_joins\": {wrong}, \"resident_bytes_a_document\": {:.1}}}",
            (resident_bytes() - before) / held as f64
        );
        (documents, planted, found, wrong, seconds) = (0, 0, 0, 0, 0.0);
    }
}
