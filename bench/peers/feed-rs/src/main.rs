//! feed-rs over the same documents: feed-rs-peer records|sanitised SECONDS BYTES FOLDER...
use std::{env, fs};

fn cpu_seconds() -> f64 {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut t) };
    t.tv_sec as f64 + t.tv_nsec as f64 / 1e9
}

fn read(folders: &[String], max: usize) -> Vec<Vec<u8>> {
    let mut documents = Vec::new();
    for folder in folders {
        let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
        files.sort();
        let mut taken = 0;
        for f in files {
            let bytes = fs::read(f).unwrap();
            taken += bytes.len();
            if taken > max / folders.len() {
                break;
            }
            documents.push(bytes);
        }
    }
    documents
}

fn main() {
    let args: Vec<String> = env::args().collect();
    let sanitised = args[1] == "sanitised";
    let seconds: f64 = args[2].parse().unwrap();
    let documents = read(&args[4..], args[3].parse().unwrap());
    let parse = |d: &Vec<u8>| {
        let parser = feed_rs::parser::Builder::new()
            .sanitize_content(sanitised)
            .base_uri(Some("https://www.outlet.example/feed"))
            .build();
        parser.parse(d.as_slice()).map(|f| f.entries.len()).unwrap_or(0)
    };
    let found: usize = documents.iter().map(parse).sum();
    let (mut bytes, mut items, mut passes) = (0, 0, 0);
    let start = cpu_seconds();
    loop {
        for d in &documents {
            items += parse(d);
            bytes += d.len();
        }
        passes += 1;
        if cpu_seconds() - start >= seconds {
            break;
        }
    }
    println!(
        "{{\"bytes\": {}, \"items\": {}, \"items_a_pass\": {}, \"passes\": {}, \"cpu_seconds\": {:.6}}}",
        bytes, items, found, passes, cpu_seconds() - start
    );
}
