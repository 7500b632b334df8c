#!/usr/bin/env python3
"""Runs every panel query of Grafana dashboards as Grafana would, against a Prometheus and a PostgreSQL that hold data.

usage: run_queries.py [--prometheus URL] [--postgres DSN] [--range 1h] [--rate-interval 1m] [DASHBOARD.json...]

Fails on an error and on an empty answer. Queries of a data source that is not given are not run, and said so.
PostgreSQL is asked through psycopg where it is there, else through psql.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

DASHBOARDS = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "grafana" / "dashboards"
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds(text):
    return int(text[:-1]) * UNITS[text[-1]]


def panels(dashboard):
    for panel in dashboard["panels"]:
        yield panel
        yield from panel.get("panels", [])


def expand_promql(expr, args):
    """Variables as Grafana fills them in; "All" is each variable's allValue."""
    for name, value in {"__rate_interval": args.rate_interval, "__interval": args.rate_interval, "__range": args.range,
                        "__range_s": str(seconds(args.range)), "job": ".+", "instance": ".+"}.items():
        expr = re.sub(r"\$\{%s(:\w+)?\}|\$%s\b" % (name, name), lambda _: value, expr)
    return expr


def expand_sql(sql, begin, end):
    stamp = lambda t: time.strftime("'%Y-%m-%dT%H:%M:%SZ'", time.gmtime(t))
    sql = re.sub(r"\$__timeFilter\(([^)]*)\)", lambda m: f"{m[1]} BETWEEN {stamp(begin)} AND {stamp(end)}", sql)
    sql = re.sub(r"\$__timeGroup(Alias)?\(([^,]*),[^)]*\)",
                 lambda m: f"floor(extract(epoch from {m[2]})/60)*60" + (' AS "time"' if m[1] else ""), sql)
    return sql.replace("$__timeFrom()", stamp(begin)).replace("$__timeTo()", stamp(end)).replace("$__interval", "1m")


def unexpanded(text):
    left = re.search(r"\$(__\w+|\w+|\{)", text)
    return left and f"a variable that this script does not know: {left[0]}"


def ask(url):
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return json.load(answer)["data"], None
    except urllib.error.HTTPError as e:
        return None, e.read().decode("utf-8", "replace")[:300]


def run_promql(target, args):
    expr = expand_promql(target["expr"], args)
    if problem := unexpanded(expr):
        return problem
    now = time.time()
    if target.get("instant"):
        path, ask_for = "query", {"query": expr, "time": now}
    else:
        step = max(1, seconds(args.range) // 500)
        path, ask_for = "query_range", {"query": expr, "start": now - seconds(args.range), "end": now, "step": step}
    data, problem = ask(f"{args.prometheus}/api/v1/{path}?{urllib.parse.urlencode(ask_for)}")
    if problem:
        return problem
    values = [v for series in data["result"] for _, v in series.get("values", [series.get("value")])]
    if not values:
        return "no series"
    return None if any(v != "NaN" for v in values) else "nothing but NaN"


def run_variable(variable, args):
    found = re.fullmatch(r"label_values\((.*), *(\w+)\)", variable["definition"])
    if not found:
        return "not label_values(selector, label)"
    query = urllib.parse.urlencode({"match[]": expand_promql(found[1], args)})
    data, problem = ask(f"{args.prometheus}/api/v1/label/{found[2]}/values?{query}")
    return problem or (None if data else "no values")


def postgres_rows(dsn, sql):
    try:
        import psycopg
    except ImportError:
        run = subprocess.run(["psql", dsn, "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql], capture_output=True, text=True)
        return run.stdout.strip().splitlines(), run.stderr.strip() if run.returncode else None
    with psycopg.connect(dsn) as connection:
        connection.read_only = True
        try:
            return connection.execute(sql).fetchall(), None
        except psycopg.Error as e:
            return [], str(e)


def run_sql(target, args):
    now = time.time()
    sql = expand_sql(target["rawSql"], now - seconds(args.range), now + 60)
    if problem := unexpanded(sql):
        return problem
    rows, problem = postgres_rows(args.postgres, sql)
    return problem or (None if rows else "no rows")


def check(path, args):
    dashboard = json.loads(path.read_text())
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query" and args.prometheus:
            yield f"{path.name}: variable {variable['name']}", run_variable(variable, args)
    for panel in panels(dashboard):
        for target in panel.get("targets", []):
            where = f"{path.name}: {panel['title']} {target['refId']}"
            if "rawSql" in target:
                yield where, run_sql(target, args) if args.postgres else "not run"
            else:
                yield where, run_promql(target, args) if args.prometheus else "not run"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--prometheus", help="base URL")
    parser.add_argument("--postgres", help="connection string")
    parser.add_argument("--range", default="1h", help="the dashboard's time range, up to now")
    parser.add_argument("--rate-interval", default="1m", help="at least four times the scrape interval")
    parser.add_argument("dashboards", nargs="*", type=pathlib.Path)
    args = parser.parse_args()
    failed = run = 0
    for path in args.dashboards or sorted(DASHBOARDS.glob("*.json")):
        for where, problem in check(path, args):
            run += problem != "not run"
            failed += problem not in (None, "not run")
            print(f"{'ok' if problem is None else problem}: {where}")
    print(f"{run} queries run, {failed} failed")
    return 1 if failed or not run else 0


if __name__ == "__main__":
    sys.exit(main())
