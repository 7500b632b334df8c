"""bench/run dedup [--documents N] [--held N] [--rounds N]

News-like documents of 250 to 350 words, every fifth an edited copy of an earlier one (0 to 10 % of its words replaced, dropped or
preceded by another; bench/dedup/corpus.hpp), decided one after another on one core, CPU time, in turn round by round:
  feedwatch    fingerprint, decision with verification, insertion; the changelog's records are not written
  gaoya        MinHash of 3-word shingles, 128 hashes, 16 bands of 8, similarity >= 0.7: signature, query, insertion
  rensa        the same
  datasketch   the same, at a fifth of the documents, since it is the slowest; feedwatch's figure beside it is at as many
  datasketch-plain   as its README begins, a new MinHash updated shingle by shingle: a twentieth of the documents
All but the last in their fastest documented use (bench/peers/gaoya, bench/peers/minhash).
A copy is found where what it is joined to is of its family; joined to anything else is a false join. Then feedwatch alone, on to
--held documents: cost, memory and recall against documents held (docs/dedup.svg), recall of copies edited by exactly 15 and 20 %, and
the restore of an index of that size from its changelog."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(SOURCE, "build", "bench")
sys.path.insert(0, os.path.join(SOURCE, "bench"))
import figures  # noqa: E402

OURS = f"{BUILD}/bench/bench_dedup"
RIVALS = {"gaoya": [f"{BUILD}/peers/gaoya/target/release/gaoya-peer"],
          "rensa": [sys.executable, f"{SOURCE}/bench/peers/minhash/index.py", "rensa"],
          "datasketch": [sys.executable, f"{SOURCE}/bench/peers/minhash/index.py", "datasketch"],
          "datasketch-plain": [sys.executable, f"{SOURCE}/bench/peers/minhash/index.py", "datasketch-plain"]}
SHARES = {"datasketch": 5, "datasketch-plain": 20}  # of the documents: one in so many
TARGETS = {"gaoya": 4, "datasketch": 60, "datasketch-plain": 60}
MARKS = [10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000]
USUAL = ("0", "0.1")


def lines(*command):
    out = subprocess.run(["taskset", "-c", str(os.cpu_count() - 1), *map(str, command)], check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def marks_to(most):
    return [m for m in MARKS if m < most] + [most]


def us(segments):
    return 1e6 * sum(s["cpu_seconds"] for s in segments) / sum(s["documents"] for s in segments)


def recall(segments):
    return sum(s["found"] for s in segments) / sum(s["planted"] for s in segments)


def joins(segments):
    return sum(s["false_joins"] for s in segments)


def beside_rivals(a, folder, report):
    counts = {name: a.documents // SHARES.get(name, 1) for name in RIVALS}
    runs = {name: [] for name in ["feedwatch", *RIVALS]}
    for n in range(a.rounds):
        file = f"{folder}/documents"
        with open(file, "w") as f:
            subprocess.run([OURS, "write", str(a.documents), str(n + 1), *USUAL], check=True, stdout=f)
        for name in runs:
            if name == "feedwatch":
                r = lines(OURS, "hold", a.documents, n + 1, *USUAL, *sorted({*marks_to(a.documents), *counts.values()}))
            else:
                r = lines(*RIVALS[name], file, *marks_to(counts[name]))
            runs[name].append(r)
            print(f"round {n + 1}: {name:16} {r[-1]['held']:8} documents {us(r):8.1f} us each, {100 * recall(r):6.2f} % of the copies found, "
                  f"{joins(r)} false joins, {r[-1]['resident_bytes_a_document']:.0f} bytes a document", flush=True)
    report["rounds"] = runs
    print(f"\n{'rival':16} {'documents':>9} {'ratio':>6} {'target':>6} {'':6} feedwatch us (min-max)      rival us (min-max)      found   bytes a document")
    for name in RIVALS:
        pairs = [([s for s in o if s["held"] <= counts[name]], r) for o, r in zip(runs["feedwatch"], runs[name])]
        ours, theirs = ([us(p[i]) for p in pairs] for i in (0, 1))
        ratio = statistics.median(t / o for o, t in zip(ours, theirs))
        o, t = figures.spread(ours), figures.spread(theirs)
        found, size = statistics.median(recall(r) for _, r in pairs), statistics.median(r[-1]["resident_bytes_a_document"] for _, r in pairs)
        report["comparisons"].append({"what": "speed", "rival": name, "documents": counts[name], "ratio": ratio, "target": TARGETS.get(name),
                                      "met": ratio >= TARGETS[name] if name in TARGETS else None, "figure": o, "rival_figure": t,
                                      "rival_recall": found, "rival_bytes_a_document": size})
        print(f"{name:16} {counts[name]:9} {ratio:6.1f} {TARGETS.get(name, ''):>6} {figures.verdict(ratio, TARGETS.get(name)):6} "
              f"{o['median']:9.1f} ({o['min']:.1f}-{o['max']:.1f})  {t['median']:11.1f} ({t['min']:.1f}-{t['max']:.1f})  "
              f"{100 * found:6.2f} %  {size:8.0f}")
    return runs


def against(report, what, value, target, met, text):
    report["targets"].append({"what": what, "value": value, "target": target, "met": met})
    print(f"{what:58} {text:>14}   target {target:>8}   {'met' if met else 'missed'}", flush=True)


def alone(a, folder, report, runs):
    grown = lines(OURS, "hold", a.held, 1, *USUAL, *marks_to(a.held))
    report["grown"] = grown
    small = [s for s in grown if s["held"] <= 100_000][-1:] or grown[:1]
    print()
    everything = [s for r in runs["feedwatch"] for s in r] + grown
    against(report, "recall of copies edited by 0 to 10 %", recall(everything), ">= 0.98", recall(everything) >= 0.98, f"{recall(everything):.4f}")
    against(report, "false joins", joins(everything), "0", joins(everything) == 0, str(joins(everything)))
    size = grown[-1]["resident_bytes_a_document"]
    against(report, f"bytes a document, resident, at {a.held}", size, "<= 350", size <= 350, f"{size:.0f}")
    growth = us(grown[-1:]) / us(small)
    against(report, f"cost a document at {a.held} over that at {small[0]['held']}", growth, "<= 2", growth <= 2, f"{growth:.2f}")
    restored = lines(OURS, "restore", a.held, 1, *USUAL, f"{folder}/changelog")[0]
    report["restore"] = restored
    each = 1e6 * restored["cpu_seconds"] / restored["held"]
    against(report, f"restore of {a.held}, CPU us a record", each, "<= 6", each <= 6, f"{each:.1f}")
    print(f"a snapshot of {a.held}: {restored['save_cpu_seconds']:.2f} s of CPU to save, {restored['load_cpu_seconds']:.2f} to load, "
          f"{restored['snapshot_bytes_a_document']:.0f} bytes a document")
    for share in (0.15, 0.2):
        count = min(a.documents, 20_000)
        with open(f"{folder}/documents", "w") as f:
            subprocess.run([OURS, "write", str(count), "7", str(share), str(share)], check=True, stdout=f)
        ours, gaoya = lines(OURS, "hold", count, 7, share, share, count), lines(*RIVALS["gaoya"], f"{folder}/documents", count)
        report["edited"].append({"share": share, "recall": recall(ours), "false_joins": joins(ours), "gaoya": recall(gaoya)})
        print(f"copies edited by {100 * share:.0f} %: feedwatch finds {100 * recall(ours):.1f} % ({joins(ours)} false joins), gaoya {100 * recall(gaoya):.1f} %")


def plot(report, path):
    import matplotlib
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "feedwatch"  # the same picture for the same figures
    from matplotlib import pyplot, ticker
    curves = {"feedwatch": report["grown"], **{name: report["rounds"][name][0] for name in RIVALS}}
    shown = [("documents a second and core", lambda s: 1e6 / us([s]), "log"), ("bytes a document, resident", lambda s: s["resident_bytes_a_document"], "log"),
             ("share of the copies found", lambda s: recall([s]), "linear")]
    figure, axes = pyplot.subplots(1, 3, figsize=(13, 4), layout="constrained")
    for axis, (title, value, scale) in zip(axes, shown):
        for name, segments in curves.items():
            axis.plot([s["held"] for s in segments], [value(s) for s in segments], marker="o", markersize=3, label=name, linewidth=2.2 if name == "feedwatch" else 1.2)
        axis.set(title=title, xlabel="documents held", xscale="log", yscale=scale)
        axis.xaxis.set_major_formatter(ticker.EngFormatter(sep=""))
        if scale == "log":
            axis.yaxis.set_major_formatter(ticker.EngFormatter(sep=""))
            axis.yaxis.set_minor_locator(ticker.LogLocator(subs=(2, 5)))
            axis.yaxis.set_minor_formatter(ticker.EngFormatter(sep=""))
        axis.grid(alpha=0.3)
    axes[2].set_ylim(0, 1.02)
    axes[0].legend()
    figure.savefig(path, metadata={"Date": None})


def main():
    parser = argparse.ArgumentParser(prog="bench/run dedup", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=100_000, help="beside the rivals")
    parser.add_argument("--held", type=int, default=1_000_000, help="by feedwatch alone; ten million take some 20 minutes and gigabytes of memory")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--output", default=os.path.join(SOURCE, "bench", "results", "dedup.json"))
    parser.add_argument("--plot", default=os.path.join(SOURCE, "docs", "dedup.svg"))
    a = parser.parse_args()
    report = {"documents": a.documents, "held": a.held, "comparisons": [], "targets": [], "edited": []}
    with tempfile.TemporaryDirectory(prefix="feedwatch-bench-") as folder:
        runs = beside_rivals(a, folder, report)
        alone(a, folder, report, runs)
    figures.write(report, a.output)
    plot(report, a.plot)


if __name__ == "__main__":
    main()
