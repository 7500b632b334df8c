"""What must come out of a world in which known articles were published; compared exactly, by id."""

import collections
import sqlite3


def by_title(records):
    return {r.value["title"]: r.value for r in records}


def check_each_fetched_has_one_outcome(world):
    """For every `fetched` record there is exactly one record in `items` or `duplicates`, and nothing is dead."""
    fetched, items, duplicates = world.read("fetched"), world.read("items"), world.read("duplicates")
    assert world.read("dead") == [], [r.headers for r in world.read("dead")]
    into = collections.Counter(r.value["id"] for r in fetched)
    out = collections.Counter(r.value["id"] for r in items) + collections.Counter(r.value["id"] for r in duplicates)
    assert into == out
    return fetched, items, duplicates


def check_storage(world, items, duplicates, flagged):
    """Both databases hold exactly what the topics say: the newest revision of each item, each duplicate, each match."""
    want_items = {}
    for r in items:
        if r.value["id"] not in want_items or r.value["revision"] > want_items[r.value["id"]][1]:
            want_items[r.value["id"]] = (r.value["story"], r.value["revision"], r.value["title"])
    want_items = {(i, s, rev, t) for i, (s, rev, t) in want_items.items()}
    want_duplicates = {(r.value["id"], r.value["story"], r.value["how"]) for r in duplicates}
    want_matches = {(r.value["id"], m["topic"]) for r in flagged for m in r.value["matches"]}

    queries = ["SELECT id, story, revision, title FROM items", "SELECT id, story, how FROM duplicates",
               "SELECT item_id, topic FROM matches"]
    for name, run in (("sqlite", lambda q: sqlite_rows(world.sqlite, q)),
                      ("postgres", lambda q: world.postgres.query(world.database, q))):
        rows = [run(q) for q in queries]
        for got, want, query in zip(rows, (want_items, want_duplicates, want_matches), queries):
            assert len(got) == len(set(got)), f"{name}: repeated rows from {query}"
            assert set(got) == want, f"{name}: {query}: missing {want - set(got)}, too many {set(got) - want}"


def sqlite_rows(path, query):
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def storage_counts(world):
    query = "SELECT (SELECT count(*) FROM items), (SELECT count(*) FROM duplicates), (SELECT count(*) FROM matches)"
    return sqlite_rows(world.sqlite, query)[0], world.postgres.query(world.database, query)[0]


def check_alerts(world, flagged):
    """One alert for each topic and story of live, unshadowed matches, each under one webhook id."""
    want = {(r.value["story"], m["topic"]) for r in flagged for m in r.value["matches"]
            if not m["shadow"] and r.value["origin"] == "live"}
    assert world.receiver.unverified == []
    got = collections.defaultdict(set)
    for event in world.receiver.accepted:
        assert event["body"]["type"] == "feedwatch.flagged"
        got[event["id"]].add(event["body"]["story"])
    assert all(len(stories) == 1 for stories in got.values()), "a webhook id stands for two stories"
    assert len(got) == len(want), f"{len(got)} distinct alerts for {len(want)} topics and stories"
    assert {s for stories in got.values() for s in stories} == {s for s, _ in want}
