"""The command line's contract, by running the binary.

usage: cli_test.py FEEDWATCH [unittest arguments]
"""
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest

BINARY = sys.argv.pop(1)
DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
FEED, TOPICS = os.path.join(DATA, "feed.xml"), os.path.join(DATA, "topics.yaml")
COMMANDS = ["run", "poll", "process", "sink", "parse", "dedup", "match", "extract", "canonical", "try", "check", "tap", "dead", "stories", "feeds"]


def feedwatch(*args, given="", env=None, cwd=None):
    return subprocess.run([BINARY, *args], input=given, capture_output=True, text=True, timeout=120, cwd=cwd,
                          env=dict(os.environ, **(env or {})))


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


class Help(unittest.TestCase):
    def test_every_command_is_listed_and_has_help_of_its_own(self):
        top = feedwatch("--help")
        self.assertEqual(top.returncode, 0)
        for command in COMMANDS:
            self.assertIn(command, top.stdout)
            own = feedwatch(command, "--help")
            self.assertEqual(own.returncode, 0, command)
            self.assertIn("Usage", own.stdout)

    def test_version_names_the_libraries(self):
        done = feedwatch("--version")
        self.assertEqual(done.returncode, 0)
        for library in ["librdkafka", "libcurl", "simdjson", "Boost", "ICU", "SQLite", "libpq", "prometheus-cpp"]:
            self.assertRegex(done.stdout, library + r" \d+\.\d+")

    def test_a_wrong_command_line_is_exit_2_and_says_where_help_is(self):
        for args in [[], ["nonsense"], ["run"], ["match"], ["parse"], ["tap", "-c", "x"], ["dead", "-c", "x"], ["dedup", "--what"]]:
            done = feedwatch(*args)
            self.assertEqual(done.returncode, 2, args)
            self.assertEqual(done.stdout, "")
            self.assertIn("--help", done.stderr)

    def test_what_is_not_understood_is_named_before_what_is_missing(self):
        for args, said in {
            ("nonsense",): "feedwatch: there is no command 'nonsense'",
            ("dead", "lst", "-c", "x"): "feedwatch dead: there is no command 'lst'",
            ("dead", "-c", "x"): "feedwatch dead: a command is required; '-c' was not expected",
            ("run", "feedwatch.yaml"): "feedwatch run: --config is required; 'feedwatch.yaml' was not expected",
            ("no\x1b[2Jnsense",): r"feedwatch: there is no command 'no\u001b[2Jnsense'",
            (): "feedwatch: a command is required",
        }.items():
            self.assertEqual(feedwatch(*args).stderr.splitlines()[0], said)

    def test_the_help_of_a_group_shows_its_own_examples(self):
        for args in [["dead"], ["dead", "list"]]:
            shown = feedwatch(*args, "--help").stdout
            self.assertIn("feedwatch dead list --config", shown)
            self.assertNotIn("feedwatch try", shown)


class Filters(unittest.TestCase):
    def test_parse_writes_fetched_records(self):
        done = feedwatch("parse", FEED)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        items = lines(done.stdout)
        self.assertEqual([i["guid"] for i in items], ["one", "two", "three"])
        first = items[0]
        self.assertEqual(first["title"], "Border patrol detains dozens at the ferry")
        self.assertEqual(first["canonical_url"], "https://courier.example/one")
        self.assertEqual(first["published"], "2026-01-05T10:00:00Z")
        self.assertEqual(first["publisher"], "courier.example")
        self.assertEqual(first["language"], "en")
        self.assertIn("detained thirty people", first["text"])

    def test_parse_reads_standard_input_with_the_same_ids(self):
        with open(FEED) as f:
            piped = feedwatch("parse", "-", given=f.read())
        self.assertEqual([i["id"] for i in lines(piped.stdout)], [i["id"] for i in lines(feedwatch("parse", FEED).stdout)])

    def test_parse_tells_items_apart_that_have_one_link(self):
        items = "".join(f"<item><title>Notice {n}</title><link>https://city.example/status</link></item>" for n in range(3))
        done = feedwatch("parse", "-", given=f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>")
        ids = [i["id"] for i in lines(done.stdout)]
        self.assertEqual([len(set(ids)), {i[:3] for i in ids}], [3, {"1t:"}])

    def test_parse_document_is_one_object_per_input(self):
        done = feedwatch("parse", "--document", "--url", "https://courier.example/feed", FEED, FEED)
        both = lines(done.stdout)
        self.assertEqual(len(both), 2)
        self.assertEqual(both[0]["feed"]["title"], "Example Courier")
        self.assertEqual(len(both[0]["items"]), 3)

    def test_parse_goes_on_after_a_bad_file_and_names_it(self):
        done = feedwatch("parse", TOPICS, "/does/not/exist", FEED)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(lines(done.stdout)), 3)
        self.assertIn(TOPICS, done.stderr)
        self.assertIn("/does/not/exist: No such file", done.stderr)

    def test_dedup_joins_copies_and_gives_verdicts_in_order(self):
        parsed = feedwatch("parse", FEED).stdout
        done = feedwatch("dedup", "--verdicts", given=parsed)
        self.assertEqual(done.returncode, 0, done.stderr)
        ids = [i["id"] for i in lines(parsed)]
        verdicts = lines(done.stdout)
        self.assertEqual([v["id"] for v in verdicts], ids)
        self.assertEqual([v["verdict"] for v in verdicts], ["new", "new", "duplicate"])
        self.assertEqual(verdicts[2]["story"], ids[0])
        items = lines(feedwatch("dedup", given=parsed).stdout)
        self.assertEqual([(i["id"], i["verdict"], i["revision"]) for i in items], [(ids[0], "new", 1), (ids[1], "new", 1)])

    def test_match_writes_what_matches_with_its_place(self):
        items = feedwatch("dedup", given=feedwatch("parse", FEED).stdout).stdout
        done = feedwatch("match", "--topics", TOPICS, given=items)
        self.assertEqual(done.returncode, 0, done.stderr)
        [flagged] = lines(done.stdout)
        [match] = flagged["matches"]
        self.assertEqual((match["topic"], match["severity"], match["shadow"]), ("enforcement", "high", False))
        for s in match["spans"]:
            field = flagged[s["field"]].encode()
            self.assertEqual(field[s["offset"]:s["offset"] + s["length"]].decode(), s["text"])
        everything = lines(feedwatch("match", "--all", "--topics", TOPICS, given=items).stdout)
        self.assertEqual([len(i["matches"]) for i in everything], [1, 0])

    def test_the_filters_need_little_and_keep_the_id(self):
        given = '{"id":"x","title":"Border patrol detains three","text":"A text."}\n'
        items = feedwatch("dedup", given=given).stdout
        self.assertEqual(lines(items)[0]["id"], "x")
        self.assertEqual(lines(feedwatch("match", "--topics", TOPICS, given=given).stdout)[0]["id"], "x")

    def test_a_bad_line_is_named_and_the_rest_goes_on(self):
        good = '{"id":"%s","title":"Border patrol detains %s","text":"t"}'
        given = "\n".join([good % ("a", "one"), "{not json", "", '{"title":"no id"}', good % ("b", "two")]) + "\n"
        for args in (["dedup", "--verdicts"], ["match", "--topics", TOPICS]):
            done = feedwatch(*args, given=given)
            self.assertEqual(done.returncode, 1, args)
            self.assertEqual([r["id"] for r in lines(done.stdout)], ["a", "b"])
            self.assertIn("line 2: ", done.stderr)
            self.assertIn("line 4: ", done.stderr)
            self.assertEqual(len(done.stderr.splitlines()), 2)

    def test_a_broken_topics_file_is_exit_2_with_its_lines(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "topics.yaml")
            with open(path, "w") as f:
                f.write("topics:\n  - id: a\n    query: '(x AND'\n  - id: b\n    qurey: y\n")
            done = feedwatch("match", "--topics", path)
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, r"topics\.yaml:3:\d+: topics\[0\]")
        self.assertIn("did you mean query?", done.stderr)

    def test_canonical_and_extract(self):
        done = feedwatch("canonical", given="HTTPS://M.Example.org:443/a?utm_source=x#top\nnot a url\n")
        self.assertEqual(done.returncode, 0)
        self.assertEqual(len(done.stdout.splitlines()), 2)
        self.assertNotIn("utm_source", done.stdout)
        page = "<html><body><nav><a href=/>Home</a></nav><article><p>The ferry leaves at noon and comes back at six.</p></article></body></html>"
        self.assertIn("The ferry leaves at noon", feedwatch("extract", "-", given=page).stdout)

    def test_each_line_is_answered_while_the_input_stays_open(self):
        with subprocess.Popen([BINARY, "canonical"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as p:
            for url in ["https://a.example/x", "https://b.example/y"]:
                p.stdin.write(url + "\n")
                p.stdin.flush()
                self.assertEqual(p.stdout.readline(), url + "\n")
            p.stdin.close()
            self.assertEqual(p.wait(20), 0)

    def test_warnings_say_what_was_mended_and_where(self):
        broken = ("junk<?xml version='1.0'?>\n<rss><channel><title>A & B</title>\n<item><title>One&nbsp;\x1b[31m</title>"
                  "<media:x/><pubDate>soon</pubDate></item>\n<item><title>cut")
        done = feedwatch("parse", "--warnings", "-", given=broken)
        self.assertEqual(done.returncode, 0, done.stderr)
        said = done.stdout.splitlines()
        self.assertRegex(said[0], r"^standard input: \d+ items?, \d+ remarks$")
        for remark in ["line 1, column 1: text before the document", 'line 2, column 24: "&" that begins no reference',
                       "line 3, column 17: &nbsp; is not declared", 'prefix "media" is not declared',
                       "the document ends inside <title> of line 4", 'item 1, "One', "date not understood: soon"]:
            self.assertIn(remark, done.stdout)
        self.assertNotIn("\x1b", done.stdout)
        fine = feedwatch("parse", "--warnings", FEED)
        self.assertRegex(fine.stdout, r"feed\.xml: \d+ items, nothing had to be mended\n")
        self.assertEqual(feedwatch("parse", "--warnings", "--document", FEED).returncode, 2)

    def test_a_reader_that_leaves_ends_a_filter_quietly(self):
        given = "".join(f"http://a.example/{i}\n" for i in range(200000))
        with subprocess.Popen([BINARY, "canonical"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as p:
            p.stdout.close()
            try:
                p.stdin.write(given)
                p.stdin.close()
            except BrokenPipeError:
                pass
            p.wait(20)
            self.assertEqual(p.stderr.read(), "")

    def test_control_characters_of_an_input_do_not_reach_the_terminal(self):
        with open(FEED) as f:
            text = f.read()
        done = feedwatch("try", "-", given=text.replace("Lighthouse", "Light&#x9b;31m\x7fhouse"))
        self.assertNotIn("\x1b", done.stdout + done.stderr)
        self.assertNotIn("\x9b", done.stdout + done.stderr)
        self.assertNotIn("\x7f", done.stdout)


class Try(unittest.TestCase):
    def test_a_file_is_shown_whole(self):
        done = feedwatch("try", FEED, "--topics", TOPICS)
        self.assertEqual(done.returncode, 0, done.stderr)
        for text in ["Example Courier", "1. Border patrol detains dozens", "copy of item 1", ">> enforcement:", "items flagged"]:
            self.assertIn(text, done.stdout)

    def test_a_private_address_is_refused_unless_allowed(self):
        done = feedwatch("try", "http://127.0.0.1:1/feed")
        self.assertEqual(done.returncode, 1)
        self.assertIn("127.0.0.1", done.stderr)
        self.assertIn("--allow", done.stderr)

    def test_a_wrong_block_or_scheme_is_named_once(self):
        done = feedwatch("try", "http://127.0.0.1:1/feed", "--allow", "127.0.0.0/99")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stderr, "feedwatch try: --allow: '127.0.0.0/99' is not an address block; write 10.0.0.0/8 or fd00::/8\n")
        for what, said in {"ftp://host/feed": "unsupported: ftp://host/feed: only http and https URLs, and files",
                           "/no/such.xml": "not_found: /no/such.xml: No such file or directory"}.items():
            done = feedwatch("try", what)
            self.assertEqual((done.returncode, done.stderr), (1, "feedwatch try: " + said + "\n"))


class Feeds(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.config = os.path.join(self.folder.name, "feedwatch.yaml")
        with open(self.config, "w") as f:
            f.write("feeds: { files: [feeds.yaml] }\n")
        with open(os.path.join(self.folder.name, "feeds.yaml"), "w") as f:
            f.write("feeds: []\n")

    def feeds(self, *args, **more):
        return feedwatch("feeds", *args, "-c", self.config, cwd=self.folder.name, **more)

    def test_what_is_wrong_on_the_command_line_is_exit_2(self):
        for args in [["add", "gopher://x.example/"], ["add", "https://u:hunter2@x.example/", "--unseen"],
                     ["add", "https://x.example/", "--first-fetch", "some"], ["add", "https://x.example/", "--credentials", "hunter2"],
                     ["backfill", "x", "--since", "yesterday"], ["backfill", "x", "--pages", "0"], ["export", "--format", "csv"], ["pause"]]:
            done = self.feeds(*args)
            self.assertEqual(done.returncode, 2, args)
            self.assertNotIn("hunter2", done.stdout + done.stderr)
        self.assertEqual(feedwatch("feeds", "discover", "x").returncode, 2)

    def test_subscriptions_without_a_process_that_runs(self):
        self.assertIn("no feeds", self.feeds("list").stderr)
        added = self.feeds("add", "https://a.example/feed", "--unseen", "--title", "Mine \x1b[31m", "--tag", "x", "--tag", "y", "--id", "mine")
        self.assertEqual(added.returncode, 2, "control characters")
        added = self.feeds("add", "https://a.example/feed", "--unseen", "--title", "Mine", "--tag", "x", "--tag", "y", "--id", "mine")
        self.assertEqual((added.returncode, added.stdout), (0, "added mine  https://a.example/feed  Mine\n"), added.stderr)
        [listed] = lines(self.feeds("list", "--json").stdout)
        self.assertEqual((listed["id"], listed["tags"], listed["health"], listed["owner"]), ("mine", ["x", "y"], "never polled", "command"))
        self.assertEqual(self.feeds("pause", "mine").returncode, 0)
        self.assertIn("paused", self.feeds("show", "m").stdout)
        self.assertIn("https://a.example/feed", self.feeds("export").stdout)
        self.assertIn('tags: ["x", "y"]', self.feeds("export", "--format", "yaml").stdout)
        self.assertEqual(self.feeds("import", "-", given=self.feeds("export").stdout).stdout, "0 added, 1 already there, 0 refused\n")
        self.assertEqual(self.feeds("remove", "mine").returncode, 0)
        self.assertEqual(self.feeds("remove", "mine").returncode, 1)
        self.assertEqual(self.feeds("list", "--json").stdout, "")


class Check(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, "w") as f:
            f.write(text)
        return path

    def check(self, text, *more, **env):
        return feedwatch("check", "--config", self.write("feedwatch.yaml", text), *more, env=env, cwd=self.folder.name)

    def test_mistakes_of_configuration_feeds_and_topics(self):
        self.write("feeds.yaml", "feeds:\n  - { ulr: x }\n")
        self.write("topics.yaml", "topics:\n  - { id: a, query: 'a AND' }\n")
        done = self.check("feeds: { files: [feeds.yaml] }\ntopics: { files: [topics.yaml] }\n")
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, r"feeds\.yaml:2:\d+: feeds\[0\]: unknown key ulr")
        self.assertRegex(done.stderr, r"topics\.yaml:2:\d+: topics\[0\]\.query")

    def test_a_good_one_is_summed_up(self):
        self.write("feeds.yaml", "feeds:\n  - { url: 'https://a.example/f' }\n")
        done = self.check("feeds: { files: [feeds.yaml] }\n", "--connect")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("1 feed, 0 topics, 1 store", done.stdout)

    def test_publishers_should_know_whom_to_write_to(self):
        self.write("feeds.yaml", "feeds:\n  - { url: 'https://a.example/f' }\n")
        for network, warned in [("", True), ("network: { contact: 'https://a.example/bot' }", False),
                                ("network: { user_agent: 'desk/2 (+mailto:desk@a.example)' }", False)]:
            done = self.check("feeds: { files: [feeds.yaml] }\n" + network)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual("network.contact is not set" in done.stderr, warned, done.stderr)

    def test_scram_is_refused_where_librdkafka_cannot_do_it(self):
        done = self.check("kafka: { brokers: 'a:9092', client: { sasl.mechanisms: SCRAM-SHA-256, security.protocol: sasl_ssl } }")
        self.assertEqual(done.returncode, 2)
        self.assertIn("SCRAM", done.stderr)

    def test_a_property_that_librdkafka_does_not_know_is_named(self):
        done = self.check("kafka: { brokers: 'a:9092', client: { no.such.property: 1 } }")
        self.assertEqual(done.returncode, 2)
        self.assertIn("no.such.property", done.stderr)

    def test_an_unreachable_broker_is_exit_1(self):
        done = self.check("kafka: { brokers: '127.0.0.1:1' }\nstorage: []\n", "--connect")
        self.assertEqual(done.returncode, 1)
        self.assertIn("127.0.0.1:1", done.stderr)

    def test_no_output_shows_a_secret(self):
        self.write("hook", "whsec_TUFSS0VSTUFSS0VSTUFSS0VSTUFSS0VS")
        for text in [
            "storage: [{ postgres: { dsn: 'host=127.0.0.1 port=1 dbname=x', password: MARKER-pg } }]",
            "kafka: { brokers: '127.0.0.1:1', client: { sasl.password: MARKER-sasl, sasl.username: u } }\nstorage: []",
            "alerts: { channels: [{ name: a, url: 'https://x.example/MARKER', secret: MARKER-hook }] }",
            "alerts: { channels: [{ name: a, url: 'https://x.example/MARKER', secret_file: hook, timeout: x }] }",
            "storage: [{ postgres: { dsn: 'host=127.0.0.1 password=MARKER', passwrod: MARKER } }]\nbad: 1",
            "alerts: { channels: [{ name: a, url: '${PLANTED}', secret: '${PLANTED}' }] }",
        ]:
            done = self.check(text, "--connect", PLANTED="MARKER-env")
            self.assertNotIn("MARKER", done.stdout + done.stderr, text)
            self.assertNotIn("TUFSS0VS", done.stdout + done.stderr, text)


class Roles(unittest.TestCase):
    def test_a_bad_configuration_is_exit_2_before_anything_starts(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "feedwatch.yaml")
            with open(path, "w") as f:
                f.write("nonsense: 1\n")
            for role in ["run", "poll", "process", "sink"]:
                done = feedwatch(role, "--config", path, cwd=folder)
                self.assertEqual(done.returncode, 2, role)
                self.assertIn("feedwatch.yaml:1:1: unknown key nonsense", done.stderr)
            self.assertEqual(os.listdir(folder), ["feedwatch.yaml"])

    def test_poll_without_feeds_says_what_is_missing(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "feedwatch.yaml")
            open(path, "w").close()
            done = feedwatch("poll", "--config", path, cwd=folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn("feeds.files", done.stderr)

    def test_a_role_alone_is_refused_with_the_embedded_broker(self):
        with tempfile.TemporaryDirectory() as folder:
            feeds = os.path.join(folder, "feeds.yaml")
            with open(feeds, "w") as f:
                f.write("feeds:\n  - { url: 'https://a.example/f' }\n")
            path = os.path.join(folder, "feedwatch.yaml")
            with open(path, "w") as f:
                f.write("kafka: { brokers: embedded }\nfeeds: { files: [feeds.yaml] }\n")
            for role in ["poll", "process", "sink"]:
                done = feedwatch(role, "--config", path, cwd=folder)
                self.assertEqual(done.returncode, 2, role)
                for words in ["kafka.brokers", "feedwatch run", "host:9092"]:
                    self.assertIn(words, done.stderr)
            self.assertEqual(sorted(os.listdir(folder)), ["feeds.yaml", "feedwatch.yaml"])


if __name__ == "__main__":
    unittest.main(verbosity=1)
