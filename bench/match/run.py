"""bench/run match [--documents N] [--rounds N] [--most N]

Topic rules on one core, CPU time: 100 to 100,000 rules over texts of some 3 kB (bench/match/corpus.py, from the project's own test
stories). feedwatch analyses the text (Unicode, stems), evaluates exactly and tells the places; the others, in their fastest use:
  vectorscan     the phrases as literals, case ignored, each reported once a text (hs_compile_lit_multi, SINGLEMATCH)
  re2            RE2::Set of the same literals, a tenth of the texts
  aho-corasick   the Rust crate, overlapping, a tenth of the texts from 10,000 rules on
  lucene         Lucene Monitor with its term filter, English stems; a tenth of the texts, warmed up by a tenth of these
Literals match inside words and know no stems, so that the pairs found differ a little. In turn round by round at 10,000 rules, then
once at each size."""

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
sys.path.insert(0, os.path.join(SOURCE, "bench", "match"))
import corpus  # noqa: E402
import figures  # noqa: E402

TARGETS = {("lucene", "phrases"): 250, ("vectorscan", "phrases"): 2, ("lucene", "boolean"): 150}
SIZES = [100, 1_000, 10_000, 100_000]


def run(name, kind, size, folder, documents):
    def path(ending=""):
        return f"{folder}/{kind}.{size}{ending}"
    tenth = str(max(100, documents // 10))
    lucene = f"{BUILD}/peers/lucene-monitor/target"
    if name == "lucene":
        with open(f"{lucene}/classpath.txt") as f:
            classes = f"{lucene}/classes:{f.read().strip()}"
    command = {"feedwatch": lambda: [f"{BUILD}/bench/bench_match", f"{folder}/texts", path(".yaml"), str(documents)],
               "vectorscan": lambda: [f"{BUILD}/bench/bench_match_automata", "vectorscan", f"{folder}/texts", path(), str(documents)],
               "re2": lambda: [f"{BUILD}/bench/bench_match_automata", "re2", f"{folder}/texts", path(), tenth],
               "aho-corasick": lambda: [f"{BUILD}/peers/aho-corasick/target/release/aho-corasick-peer", f"{folder}/texts", path(),
                                        tenth if size >= 10_000 else str(documents)],
               "lucene": lambda: ["java", "-Xmx4g", "-cp", classes, "feedwatch.MonitorPeer", f"{folder}/texts", path(), tenth]}[name]()
    out = subprocess.run(["taskset", "-c", str(os.cpu_count() - 1), *command], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                         text=True).stdout
    found = json.loads(out.splitlines()[-1])
    found["mb_per_second"] = found["bytes"] / found["cpu_seconds"] / 1e6
    return found


def beside_rivals(a, folder, report):
    tests = [("phrases", n) for n in ("feedwatch", "vectorscan", "aho-corasick", "re2", "lucene")] + [("boolean", n) for n in ("feedwatch", "lucene")]
    rounds = [{t: run(t[1], t[0], 10_000, folder, a.documents) for t in tests} for _ in range(a.rounds)]
    print(f"10,000 rules, {a.documents} texts\n{'rival':13} {'rules':8} {'ratio':>7} {'target':>6} {'':6} feedwatch MB/s (min-max)   rival MB/s (min-max)  pairs a text")
    for kind, rival in tests:
        if rival == "feedwatch":
            continue
        ours, theirs = ([r[(kind, n)]["mb_per_second"] for r in rounds] for n in ("feedwatch", rival))
        ratio, target = statistics.median(o / t for o, t in zip(ours, theirs)), TARGETS.get((rival, kind))
        o, t = figures.spread(ours), figures.spread(theirs)
        pairs = [rounds[0][(kind, n)]["pairs"] / rounds[0][(kind, n)]["documents"] for n in ("feedwatch", rival)]
        report["comparisons"].append({"rival": rival, "rules": kind, "ratio": ratio, "target": target, "met": None if target is None else ratio >= target,
                                      "figure": o, "rival_figure": t, "pairs_a_text": pairs[0], "rival_pairs_a_text": pairs[1]})
        print(f"{rival:13} {kind:8} {ratio:7.2f} {target or '':>6} {figures.verdict(ratio, target):6} {o['median']:9.1f} ({o['min']:.1f}-{o['max']:.1f})   "
              f"{t['median']:12.2f} ({t['min']:.2f}-{t['max']:.2f})   {pairs[0]:.2f}, {pairs[1]:.2f}", flush=True)
    report["rounds"] = [{f"{n} {k}": v for (k, n), v in r.items()} for r in rounds]


def against(report, what, value, target, met, text):
    report["targets"].append({"what": what, "value": value, "target": target, "met": met})
    print(f"{what:55} {text:>12}   target {target:>8}   {'met' if met else 'missed'}", flush=True)


def by_size(a, folder, report):
    sizes = [s for s in SIZES if s <= a.most]
    curves = {kind: [run("feedwatch", kind, s, folder, a.documents) for s in sizes] for kind in ("phrases", "boolean", "mixed")}
    for name in ("vectorscan", "re2", "aho-corasick", "lucene"):
        curves[name] = [run(name, "phrases", s, folder, a.documents) for s in sizes if s <= 10_000]
    report["curves"] = {name: [{"rules": s, **f} for s, f in zip(sizes, found)] for name, found in curves.items()}
    print(f"\n{'MB/s':22}" + "".join(f"{s:>12}" for s in sizes))
    for name, found in curves.items():
        print(f"{'feedwatch ' + name if name in ('phrases', 'boolean', 'mixed') else name:22}" + "".join(f"{f['mb_per_second']:12.1f}" for f in found))
    print()
    last, first = curves["phrases"][-1], curves["phrases"][1]
    growth = first["mb_per_second"] / last["mb_per_second"]
    against(report, f"cost at {sizes[-1]} phrases over that at {sizes[1]}", growth, "<= 2", growth <= 2, f"{growth:.2f}")
    for s, f in zip(sizes, curves["phrases"]):
        if s >= 10_000:
            most = s / 10_000 * 0.1 if s == 10_000 else 2.0
            against(report, f"compiling {s} phrases, seconds", f["compile_seconds"], f"<= {most}", f["compile_seconds"] <= most, f"{f['compile_seconds']:.3f}")
            each = f["memory_bytes"] / s
            against(report, f"bytes a rule, resident, at {s}", each, "<= 1024", each <= 1024, f"{each:.0f}")
    return sizes, curves


def plot(sizes, curves, path):
    import matplotlib
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "feedwatch"  # the same picture for the same figures
    from matplotlib import pyplot
    figure, axes = pyplot.subplots(figsize=(7, 4.5), layout="constrained")
    for name, found in curves.items():
        ours = name in ("phrases", "boolean", "mixed")
        axes.plot(sizes[:len(found)], [f["mb_per_second"] for f in found], marker="o", lw=2 if ours else 1, ls="-" if ours else "--",
                  label=f"feedwatch, {name}" if ours else name)
    axes.set(xscale="log", yscale="log", xlabel="rules", ylabel="MB of text a second and core")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
    figure.savefig(path, metadata={"Date": None})


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--documents", type=int, default=3_000)
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--most", type=int, default=100_000, help="rules")
    a = p.parse_args()
    report = {"documents": a.documents, "comparisons": [], "targets": []}
    with tempfile.TemporaryDirectory() as folder:
        corpus.write(SOURCE, folder, a.documents, sorted({*(s for s in SIZES if s <= a.most), 10_000}))
        beside_rivals(a, folder, report)
        sizes, curves = by_size(a, folder, report)
    plot(sizes, curves, os.path.join(SOURCE, "docs", "match.svg"))
    figures.write(report, os.path.join(SOURCE, "bench", "results", "match.json"))


main()
