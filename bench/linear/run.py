"""bench/run linear [--bytes-max N]

Hostile documents of each family (bench/linear/families.cpp) at 10 kB to 50 MB: time per byte must stay flat. The figure is the most
that a size takes per byte over the least that a smaller one takes, from 100 kB on; more than 3 is a failure, exit code 1. Nothing is
asked to be faster than a bare copy of as many bytes in the same run: caches hold 100 kB, but not 50 MB, and what a limit refuses
unread takes no more than that."""

import argparse
import json
import os
import subprocess
import sys

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(SOURCE, "bench"))
import figures  # noqa: E402

LIMIT = 3.0  # caches hold less of what is built from a large document too, and the machine is shared
COPY = "memory: a copy"


def main():
    parser = argparse.ArgumentParser(prog="bench/run linear", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bytes-max", type=int, default=50_000_000)
    parser.add_argument("--output", default=os.path.join(SOURCE, "bench", "results", "linear.json"))
    a = parser.parse_args()
    families = {}
    p = subprocess.Popen([f"{SOURCE}/build/bench/bench/bench_linear", str(a.bytes_max)], stdout=subprocess.PIPE, text=True)
    print("ns/byte at          10 kB   100 kB     1 MB    10 MB    50 MB     later/least")
    for line in p.stdout:
        r = json.loads(line)
        runs = families.setdefault(r["family"], [])
        if not runs:
            print(f"{r['family'][:60]}")
        runs.append({"bytes": r["bytes"], "ns_per_byte": r["seconds"] * 1e9 / r["bytes"]})
        if len(runs) == 5 or r["bytes"] * 2 > a.bytes_max:
            each = [x["ns_per_byte"] for x in runs]
            print(" " * 16 + "".join(f"{x:9.2f}" for x in each) + f"{growth(each, families[COPY]):14.2f}", flush=True)
    assert p.wait() == 0
    report = {"limit": LIMIT, "families": {name: {"runs": runs, "growth": growth([r["ns_per_byte"] for r in runs], families[COPY])}
                                           for name, runs in families.items() if name != COPY}, "copy": families[COPY]}
    bad = {name: round(f["growth"], 2) for name, f in report["families"].items() if f["growth"] > LIMIT}
    print(f"\n{len(families) - 1} families, {len(bad)} of them not linear {bad or ''}")
    figures.write(report, a.output)
    sys.exit(1 if bad else 0)


def growth(each, copied):
    return max((each[i] / max(min(each[1:i]), copied[i]["ns_per_byte"]) for i in range(2, len(each))), default=1.0)


if __name__ == "__main__":
    main()
