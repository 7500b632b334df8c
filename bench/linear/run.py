"""bench/run linear [--bytes-max N]

Hostile documents of each family (bench/linear/families.cpp) at 10 kB to 50 MB: time per byte must stay flat. The figure is the time
per byte at the largest size over the least of the smaller ones from 100 kB on; more than 3 is a failure, exit code 1."""

import argparse
import json
import os
import subprocess
import sys

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(SOURCE, "bench"))
import figures  # noqa: E402

LIMIT = 3.0  # caches that hold 100 kB do not hold 50 MB, and the machine is shared


def main():
    parser = argparse.ArgumentParser(prog="bench/run linear", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bytes-max", type=int, default=50_000_000)
    parser.add_argument("--output", default=os.path.join(SOURCE, "bench", "results", "linear.json"))
    a = parser.parse_args()
    families = {}
    p = subprocess.Popen([f"{SOURCE}/build/bench/bench/bench_linear", str(a.bytes_max)], stdout=subprocess.PIPE, text=True)
    print("ns/byte at          10 kB   100 kB     1 MB    10 MB    50 MB   largest/least")
    for line in p.stdout:
        r = json.loads(line)
        runs = families.setdefault(r["family"], [])
        if not runs:
            print(f"{r['family'][:60]}")
        runs.append({"bytes": r["bytes"], "ns_per_byte": r["seconds"] * 1e9 / r["bytes"]})
        if len(runs) == 5 or r["bytes"] * 2 > a.bytes_max:
            each = [x["ns_per_byte"] for x in runs]
            print(" " * 16 + "".join(f"{x:9.2f}" for x in each) + f"{growth(each):14.2f}", flush=True)
    assert p.wait() == 0
    report = {"limit": LIMIT, "families": {name: {"runs": runs, "growth": growth([r["ns_per_byte"] for r in runs])}
                                           for name, runs in families.items()}}
    bad = {name: round(f["growth"], 2) for name, f in report["families"].items() if f["growth"] > LIMIT}
    print(f"\n{len(families)} families, {len(bad)} of them not linear {bad or ''}")
    figures.write(report, a.output)
    sys.exit(1 if bad else 0)


def growth(each):
    return each[-1] / min(each[1:-1] or each)


if __name__ == "__main__":
    main()
