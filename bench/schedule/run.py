"""bench/run schedule [--feeds N] [--seeds N]

A simulated week (after two days of warming up) on one simulated clock, with the scheduler's own classes: 100,000 feeds whose
rates spread over five powers of ten, with days, weekends, batches and bursts, documents of 10 to 50 items, on shared hosts,
some of which fail, limit with 429, or say more than is true in their hints (bench/schedule/world.cpp).
  feedwatch        as configured by default (interval 1m, 15m, 6h)
  fixed interval   the same for every feed, stretched until it takes as many polls
  Media Cloud      rss-fetcher's rule, all of its times stretched alike until it takes as many polls; and as it stands
  feedwatch as fresh   with a longer `start`, so that its median delay is that of Media Cloud's rule: how many polls that takes
Every rule is polled with the same politeness: hints as lower bounds, the pace of hosts, back-off, limits. Each seed is a round:
another week, the same for all. Beside it: memory and time of the timers, and the resident memory of a poller with idle feeds."""

import argparse
import json
import os
import statistics
import subprocess
import sys

SOURCE = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.insert(0, os.path.join(SOURCE, "bench"))
import figures  # noqa: E402

BUILD = os.path.join(SOURCE, "build", "bench", "bench")
BETTER = {"median_seconds": "median delay, s", "p99_seconds": "p99 delay, s", "missed": "items missed"}
SHOWN = ("polls", "polls_per_item", "median_seconds", "p99_seconds", "mean_seconds", "missed", "never_seen", "answered_429",
         "host_second_max", "host_second_p99")


def run(program, *arguments):
    done = subprocess.run([os.path.join(BUILD, program), *map(str, arguments)], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser(prog="bench/run schedule", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=100_000)
    parser.add_argument("--seeds", type=int, default=3, help="rounds")
    parser.add_argument("--output", default=os.path.join(SOURCE, "bench", "results", "schedule.json"))
    a = parser.parse_args()
    report = {"feeds": a.feeds, "rounds": a.seeds, "timers": run("bench_schedule", "timers", 1_000_000),
              "idle_subscriptions": {"polled": run("bench_subscriptions", 100_000, 20), "a_million_not_polled": run("bench_subscriptions", 1_000_000, 0)}}
    t = report["timers"]
    idle, million = report["idle_subscriptions"].values()
    print(f"1,000,000 timers: {t['bytes_each']:.1f} bytes each, {t['set_ns']:.0f} ns to set, {t['pop_and_set_ns']:.0f} ns to pop and set again")
    print(f"100,000 idle feeds with 20 items each: {idle['resident'] / 1e6:.0f} MB resident, {idle['bytes_each']:.0f} bytes each")
    print(f"1,000,000 feeds not polled yet: {million['resident'] / 1e6:.0f} MB resident, {million['bytes_each']:.0f} bytes each", flush=True)
    weeks = []
    for seed in range(1, a.seeds + 1):
        weeks.append(run("bench_schedule", "week", a.feeds, seed))
        print(f"\nround {seed}\n{'':26}" + "".join(f"{name.replace('_seconds', ' s').replace('_', ' '):>16}" for name in SHOWN))
        for c in weeks[-1]["contestants"]:
            print(f"{c['name']:26}" + "".join(f"{c[name]:16.2f}" if isinstance(c[name], float) else f"{c[name]:16}" for name in SHOWN), flush=True)
    report["weeks"] = weeks
    report["freshness"] = []
    print(f"\n{'rival':26}{'':18}{'ratio':>7} {'':7}feedwatch   rival (min-max)")
    for ours_at, theirs_at in ((0, 1), (0, 2)):
        for field, name in BETTER.items():
            pairs = [(w["contestants"][ours_at], w["contestants"][theirs_at]) for w in weeks]
            ours, theirs = figures.spread([o[field] for o, _ in pairs]), figures.spread([r[field] for _, r in pairs])
            ratio = statistics.median(r[field] / max(o[field], 1) for o, r in pairs)
            rival = pairs[0][1]["name"]
            report["freshness"].append({"rival": rival, "what": field, "ratio": ratio, "target": 1, "met": ratio > 1, "feedwatch": ours, "figure": theirs})
            print(f"{rival:26}{name:18}{ratio:7.2f} {'met' if ratio > 1 else 'missed':7}{ours['median']:9.0f}   "
                  f"{theirs['median']:9.0f} ({theirs['min']:.0f}-{theirs['max']:.0f})")
    as_fresh = [(w["contestants"][4], w["contestants"][2]) for w in weeks]
    ours, theirs = (figures.spread([p[i]["polls_per_item"] for p in as_fresh]) for i in (0, 1))
    ratio = statistics.median(r["polls_per_item"] / o["polls_per_item"] for o, r in as_fresh)
    report["freshness"].append({"rival": "Media Cloud", "what": "polls_per_item as fresh", "ratio": ratio, "target": 1, "met": ratio > 1, "feedwatch": ours, "figure": theirs})
    print(f"{'Media Cloud':26}{'polls, as fresh':18}{ratio:7.2f} {'met' if ratio > 1 else 'missed':7}{ours['median']:9.2f}   {theirs['median']:9.2f}")
    report["cpu_seconds_a_week"] = figures.spread([w["contestants"][0]["cpu_seconds"] for w in weeks])
    print(f"a week of feedwatch takes {report['cpu_seconds_a_week']['median']:.0f} s of CPU")
    figures.write(report, a.output)


if __name__ == "__main__":
    main()
