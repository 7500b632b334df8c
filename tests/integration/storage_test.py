"""The databases go away and come back while items flow."""

import expected
from pipeline_test import Newsroom, wait_for
from support.wait import until


def test_a_postgres_restart_loses_and_repeats_no_row(world):
    news = Newsroom(count=6, articles_each=20, seed=21)
    later = {o.path: news.entries[o.path][10:] for o in news.outlets}
    for o in news.outlets:
        news.entries[o.path] = news.entries[o.path][:10]
    news.publish(world)
    world.subscribe(news.outlets)
    p = world.start()
    p.wait_ready()
    wait_for(world, "items", 60)
    world.postgres.stop("immediate")
    for o in news.outlets:
        news.entries[o.path] += later[o.path]
    news.publish(world)
    wait_for(world, "items", 120)
    # SQLite is not held up by PostgreSQL.
    until(lambda: expected.sqlite_rows(world.sqlite, "SELECT count(*) FROM items")[0][0] == 120, "SQLite has them all", 60)
    world.postgres.start()
    until(lambda: world.postgres.query(world.database, "SELECT count(*) FROM items")[0][0] == 120,
          lambda: world.postgres.query(world.database, "SELECT count(*) FROM items"), 60)
    items, duplicates, flagged = world.read("items"), world.read("duplicates"), world.read("flagged")
    until(lambda: all(c[2] == len({(r.value["id"], m["topic"]) for r in flagged for m in r.value["matches"]})
                      for c in expected.storage_counts(world)), "the matches", 60)
    expected.check_storage(world, items, duplicates, flagged)
    assert p.stop() == 0


def test_a_webhook_that_fails_gets_each_alert_once_it_recovers(world):
    news = Newsroom(count=2, articles_each=10, seed=22)
    news.publish(world)
    world.subscribe(news.outlets)
    world.receiver.fail_next = 3
    p = world.start()
    p.wait_ready()
    until(lambda: len(world.receiver.refused) == 3, "three failed attempts", 60)
    assert p.stop() == 0
    p.start()
    until(lambda: len(set(world.receiver.ids())) == 4, lambda: f"{len(set(world.receiver.ids()))} of 4 alerts", 60)
    assert len(world.receiver.ids()) == 4
    assert {e["id"] for e in world.receiver.refused} <= set(world.receiver.ids()), "an attempt under another id"
    assert p.stop() == 0
