"""What the benchmarks do with their figures."""

import json
import os
import statistics


def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def verdict(ratio, target):
    return "" if target is None else "met" if ratio >= target else "missed"


def write(report, path):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        json.dump(report, f, indent=1)
        f.write("\n")
