"""Lints deploy/grafana and deploy/prometheus without Grafana: the rules of Grafana's dashboard-linter and some of our own.

usage: dashboards_test.py SOURCE_DIR
"""
import itertools
import json
import pathlib
import re
import sys

import promql_parser
import yaml

from run_queries import panels

UNITS = {"short", "none", "s", "bytes", "reqps", "cps", "wps", "ops", "percentunit"}
CODE = ("app", "core", "io", "producers", "processors", "sinks")
COUNTER_CALLS = r"(rate|irate|increase)\("


def registered(source):
    """Names of metric families in the sources, with the suffixes that a histogram adds."""
    names = set()
    for folder in CODE:
        for path in itertools.chain((source / folder).rglob("*.cpp"), (source / folder).rglob("*.hpp")):
            names |= set(re.findall(r'"((?:feedwatch|process)_[a-z0-9_]+)"', path.read_text()))
    return names | {n + s for n in names for s in ("_bucket", "_sum", "_count")}


def metrics_of(expr):
    return set(re.findall(r"\b(?:feedwatch|process)_[a-z0-9_]+", expr))


def promql_problems(expr, names):
    plain = re.sub(r"\$__(rate_interval|range|interval)", "5m", expr)
    try:
        promql_parser.parse(plain)
    except ValueError as e:
        yield f"not PromQL: {e}"
    for name in metrics_of(expr):
        if name not in names:
            yield f"{name} is registered nowhere"
        if re.search(r"_total$|_bucket$", name) and not re.search(COUNTER_CALLS + name, expr):
            yield f"{name} is a counter outside rate or increase"
    for selector in re.findall(r"\b(?:feedwatch|process)_[a-z0-9_]+(\{[^}]*\})?", expr):
        if 'job=~"$job"' not in selector or 'instance=~"$instance"' not in selector:
            yield f"no job and instance matchers in {selector or expr}"
    for window in re.findall(r"\[([^\]]*)\]", expr):
        if window not in ("$__rate_interval", "$__range"):
            yield f"window [{window}]"


def panel_problems(panel, names):
    for field in ("title", "description"):
        if not panel.get(field):
            yield f"no {field}"
    if panel["fieldConfig"]["defaults"].get("unit") not in UNITS:
        yield "no unit that we know"
    if panel["datasource"]["uid"] not in ("${datasource}", "${postgres}"):
        yield "data source is not a variable"
    if not panel["targets"]:
        yield "no query"
    for target in panel["targets"]:
        if target["datasource"] != panel["datasource"]:
            yield f"{target['refId']}: another data source than its panel"
        if "rawSql" in target:
            if "$__timeFilter(" not in target["rawSql"]:
                yield "SQL without the time range"
        else:
            yield from promql_problems(target["expr"], names)


def overlaps(boxes):
    for (a, p), (b, q) in itertools.combinations(boxes, 2):
        if p["x"] < q["x"] + q["w"] and q["x"] < p["x"] + p["w"] and p["y"] < q["y"] + q["h"] and q["y"] < p["y"] + p["h"]:
            yield f"{a} overlaps {b}"


def dashboard_problems(dashboard, names):
    if not dashboard.get("uid") or dashboard["schemaVersion"] < 39 or "id" in dashboard or dashboard["editable"]:
        yield "wants a fixed uid, schemaVersion 39 or later, no id, editable: false"
    variables = {v["name"]: v for v in dashboard["templating"]["list"]}
    text = json.dumps(dashboard["panels"]) + json.dumps([v.get("definition") for v in variables.values()])
    for name in variables:
        if f"${name}" not in text and f"${{{name}}}" not in text and name not in ("instance",):
            yield f"variable {name} is not used"
    for name in ("job", "instance"):
        v = variables.get(name, {})
        if not (v.get("multi") and v.get("allValue") == ".+" and v.get("refresh") == 2):
            yield f"variable {name} should be multi, with allValue .+ and refresh 2"
    ids = [p["id"] for p in panels(dashboard)]
    if len(ids) != len(set(ids)):
        yield "two panels with one id"
    yield from overlaps([(p["title"], p["gridPos"]) for p in dashboard["panels"]])
    for panel in panels(dashboard):
        if panel["gridPos"]["x"] + panel["gridPos"]["w"] > 24:
            yield f"{panel['title']}: past the right edge"
        if panel["type"] != "row":
            yield from (f"{panel['title']}: {p}" for p in panel_problems(panel, names))


def rule_problems(rules, names, runbooks):
    for group in rules["groups"]:
        for rule in group["rules"]:
            name = rule["alert"]
            yield from (f"{name}: {m} is registered nowhere" for m in metrics_of(rule["expr"]) if m not in names)
            if "severity" not in rule["labels"]:
                yield f"{name}: no severity"
            for field in ("summary", "description", "runbook_url"):
                if not rule["annotations"].get(field):
                    yield f"{name}: no {field}"
            if f"### {name}\n" not in runbooks:
                yield f"{name}: no heading of its own in docs/metrics.md"


def catalogue_problems(names, catalogue):
    base = {n for n in names if not re.search(r"_(bucket|sum|count)$", n)}
    documented = set(re.findall(r"^\| `((?:feedwatch|process)_[a-z0-9_]+)", catalogue, re.M))
    yield from (f"{n} is not in docs/metrics.md" for n in sorted(base - documented))
    yield from (f"docs/metrics.md names {n}, which is registered nowhere" for n in sorted(documented - base))


def main():
    source = pathlib.Path(sys.argv[1])
    names = registered(source)
    catalogue = (source / "docs" / "metrics.md").read_text()
    problems = list(catalogue_problems(names, catalogue))
    for path in sorted((source / "deploy" / "grafana" / "dashboards").glob("*.json")):
        problems += [f"{path.name}: {p}" for p in dashboard_problems(json.loads(path.read_text()), names)]
    for path in sorted((source / "deploy" / "prometheus" / "rules").glob("*.yml")):
        problems += [f"{path.name}: {p}" for p in rule_problems(yaml.safe_load(path.read_text()), names, catalogue)]
    for path in sorted((source / "deploy" / "grafana" / "provisioning").rglob("*.yaml")):
        if yaml.safe_load(path.read_text()).get("apiVersion") != 1:
            problems.append(f"{path.name}: apiVersion should be 1")
    print("\n".join(problems) or "no problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
