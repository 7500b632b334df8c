"""bench/run parse [--rounds N] [--seconds S] [--feeds N]

Feed documents (bench/parse/corpus.py: RSS 2.0, Atom and JSON Feed, 20 to 50 items of 1 to 8 kB each) parsed by feedwatch and by
others, on one core, by CPU time, in turn round by round. What is compared:
  records    fields decoded, dates, URLs made absolute and canonical, encoding checked     gofeed, feed-rs, expat's bare walk, ...
  whole      with the HTML sanitised, main text and language                               feed-rs with its sanitiser, feedparser
  text       HTML bodies to text                                                           libxml2's HTML SAX
Peers without a mode of their own are given the same documents in a smaller number where they are slow."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.join(SOURCE, "build", "bench")
PEERS = os.path.join(BUILD, "peers")
sys.path[:0] = [HERE, os.path.join(SOURCE, "bench")]
import corpus  # noqa: E402
import figures  # noqa: E402

MB = 1_000_000


def contestants(folder):
    """name -> (command without its arguments, folders, megabytes)"""
    ours, walks = f"{BUILD}/bench/bench_parse", f"{BUILD}/bench/bench_parse_walks"
    gofeed, feed_rs = f"{PEERS}/gofeed/gofeed", f"{PEERS}/feed-rs/target/release/feed-rs-peer"
    python = [sys.executable, os.path.join(SOURCE, "bench", "peers", "python", "parse.py")]
    xml, js, html = [[f"{folder}/{k}" for k in kinds] for kinds in (("rss", "atom"), ("json",), ("html",))]
    return {
        "records": ([ours, "records"], xml, 100), "expat": ([walks, "expat"], xml, 100), "libxml2": ([walks, "libxml2"], xml, 100),
        "pugixml": ([walks, "pugixml"], xml, 100), "feed-rs": ([feed_rs, "records"], xml, 40), "gofeed": ([gofeed], xml, 16),
        "fastfeedparser": ([*python, "fastfeedparser"], xml, 20),
        "whole": ([ours, "whole"], xml, 100), "feed-rs sanitised": ([feed_rs, "sanitised"], xml, 20),
        "feedparser": ([*python, "feedparser"], xml, 2),
        "json": ([ours, "records"], js, 20), "json gofeed": ([gofeed], js, 10), "json feed-rs": ([feed_rs, "records"], js, 20),
        "text": ([ours, "text"], html, 20), "text libxml2": ([walks, "libxml2-html"], html, 10)}


# ours, rival, target (None: for comparison only)
COMPARISONS = (("records", "gofeed", 30), ("records", "feed-rs", 4), ("records", "expat", 2), ("records", "libxml2", None),
               ("records", "pugixml", None), ("records", "fastfeedparser", None), ("json", "json gofeed", 20),
               ("json", "json feed-rs", None), ("whole", "feed-rs sanitised", 3), ("whole", "feedparser", None),
               ("text", "text libxml2", 5))


def run(command, folders, megabytes, seconds):
    # One core for all: a garbage collector beside its program is not free.
    out = subprocess.run(["taskset", "-c", str(os.cpu_count() - 1), *command, str(seconds), str(megabytes * MB), *folders],
                         check=True, capture_output=True, text=True)
    got = json.loads(out.stdout)
    return dict(got, mb_per_second=got["bytes"] / MB / got["cpu_seconds"], items_per_second=got["items"] / got["cpu_seconds"])


def main():
    parser = argparse.ArgumentParser(prog="bench/run parse", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2, help="CPU time of one run")
    parser.add_argument("--feeds", type=int, default=400)
    parser.add_argument("--only", help="comma-separated contestants")
    parser.add_argument("--output", default=os.path.join(SOURCE, "bench", "results", "parse.json"))
    a = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="feedwatch-bench-") as folder:
        corpus.write(folder, a.feeds, 20260101)
        all_of_them = contestants(folder)
        names = a.only.split(",") if a.only else list(all_of_them)
        runs = {name: [] for name in names}
        for n in range(a.rounds):
            for name in names:
                command, folders, megabytes = all_of_them[name]
                runs[name].append(run(command, folders, megabytes, a.seconds))
                r = runs[name][-1]
                print(f"round {n + 1}: {name:18} {r['mb_per_second']:8.1f} MB/s {r['items_per_second']:9.0f} items/s", flush=True)
    report = {"corpus": {"feeds": a.feeds, "seed": 20260101}, "cores": 1, "runs": runs, "comparisons": []}
    print(f"\n{'feedwatch':10} {'rival':18} {'ratio':>7} {'target':>7} {'':7} feedwatch MB/s (min-max)   rival MB/s (min-max)")
    for ours, rival, target in COMPARISONS:
        if ours not in runs or rival not in runs:
            continue
        f, r = ([x["mb_per_second"] for x in runs[name]] for name in (ours, rival))
        ratio = statistics.median(x / y for x, y in zip(f, r))
        f, r = figures.spread(f), figures.spread(r)
        report["comparisons"].append({"feedwatch": ours, "rival": rival, "ratio": ratio, "target": target,
                                      "met": None if target is None else ratio >= target, "figure": f, "rival_figure": r})
        verdict = figures.verdict(ratio, target)
        print(f"{ours:10} {rival:18} {ratio:7.2f} {target or '':>7} {verdict:7} {f['median']:9.1f} ({f['min']:.1f}-{f['max']:.1f})   "
              f"{r['median']:9.1f} ({r['min']:.1f}-{r['max']:.1f})")
    if not a.only:
        figures.write(report, a.output)


if __name__ == "__main__":
    main()
