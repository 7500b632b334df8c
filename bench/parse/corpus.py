"""A corpus of well-formed feeds, the same for the same seed: RSS 2.0, Atom and JSON Feed with 20 to 50 items, HTML bodies of
1 to 8 kB, words of a Zipf vocabulary, one feed in eight Cyrillic or Chinese. Every other RSS body is CDATA, the rest and
Atom's is escaped. Beside them the bodies alone, as HTML.

    corpus.py FOLDER [--feeds N] [--seed N]     writes FOLDER/{rss,atom,json,html}/NNN.{xml,json,html}"""

import argparse
import bisect
import html
import itertools
import json
import os
import random
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

VOCABULARY = 50_000


class Words:
    def __init__(self, rng, letters, length):
        self.words = ["".join(rng.choices(letters, k=rng.randint(*length))) for _ in range(VOCABULARY)]
        self.weights = list(itertools.accumulate(1 / (n + 2) for n in range(VOCABULARY)))
        self.rng = rng

    def take(self, n):
        total = self.weights[-1]
        return [self.words[bisect.bisect(self.weights, self.rng.random() * total)] for _ in range(n)]


class Writer:
    def __init__(self, seed):
        self.rng = rng = random.Random(seed)
        self.scripts = {
            "latin": Words(rng, "eeeeaaaiiooouttnnsshhrrddlccmmwfgypbvk", (2, 10)),
            "cyrillic": Words(rng, "оеаинтсрвлкмдпуяыьгзбчйхжшю", (2, 11)),
            "chinese": Words(rng, "的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起", (1, 3)),
        }

    def sentence(self, script, n):
        words = self.scripts[script].take(n)
        if self.rng.random() < 0.1:
            words[self.rng.randrange(n)] = f"{words[0]} & {words[-1]}"
        return words[0].capitalize() + " " + " ".join(words[1:]) + "."

    def paragraph(self, script, site):
        parts = [html.escape(self.sentence(script, self.rng.randint(8, 24)), quote=False) for _ in range(self.rng.randint(2, 6))]
        turn = self.rng.random()
        if turn < 0.5:
            words = parts[0].split(" ")
            at = self.rng.randrange(len(words))
            words[at] = f'<a href="{site}/topic/{self.rng.randrange(10**6)}?ref=body&amp;n={at}">{words[at]}</a>'
            parts[0] = " ".join(words)
        if turn > 0.4:
            parts[-1] = f"<em>{parts[-1]}</em>" if turn < 0.7 else f"<strong>{parts[-1]}</strong>"
        return "<p>" + " ".join(parts) + "</p>\n"

    def body(self, script, site):
        out, wanted = [], self.rng.randint(1000, 8000)
        size = 0
        while size < wanted:
            turn = self.rng.random()
            if turn < 0.08:
                block = f'<h2 class="wp-block-heading">{html.escape(self.sentence(script, 5), quote=False)}</h2>\n'
            elif turn < 0.14:
                n = self.rng.randrange(10**6)
                block = f'<figure class="image"><img src="/media/{n}.jpg" alt="photo {n}" width="1024" height="683" loading="lazy" /></figure>\n'
            elif turn < 0.2:
                block = "<ul>" + "".join(f"<li>{html.escape(self.sentence(script, 6), quote=False)}</li>" for _ in range(3)) + "</ul>\n"
            elif turn < 0.25:
                block = f"<blockquote>{self.paragraph(script, site)}</blockquote>\n"
            else:
                block = self.paragraph(script, site)
            out.append(block)
            size += len(block.encode())
        return "".join(out)

    def feed(self, number):
        turn = self.rng.random()
        script = "latin" if turn > 0.12 else "cyrillic" if turn > 0.06 else "chinese"
        site = f"https://www.outlet{number}.example"
        when = datetime(2026, 1, 1, tzinfo=timezone.utc)
        items = []
        for n in range(self.rng.randint(20, 50)):
            when -= timedelta(minutes=self.rng.randint(3, 400))
            slug = f"{when:%Y/%m/%d}/{self.rng.randrange(10**8)}"
            items.append({
                "id": f"{site}/?p={self.rng.randrange(10**7)}", "url": f"{site}/{slug}?utm_source=rss&utm_medium=feed",
                "title": self.sentence(script, self.rng.randint(5, 12)).rstrip("."), "when": when,
                "author": " ".join(w.capitalize() for w in self.scripts["latin"].take(2)),
                "tags": self.scripts[script].take(self.rng.randint(1, 5)),
                "summary": self.sentence(script, self.rng.randint(15, 40)), "body": self.body(script, site),
                "comments": f"{site}/{slug}#comments"})
        return {"title": self.sentence("latin", 3), "site": site, "language": {"latin": "en", "cyrillic": "ru", "chinese": "zh"}[script],
                "items": items}


def cdata(text):
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def rss(feed, in_cdata):
    body = cdata if in_cdata else lambda text: html.escape(text, quote=False)
    x = lambda text: html.escape(text, quote=False)  # noqa: E731
    out = ['<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
           'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" '
           'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/">\n<channel>\n'
           f'\t<title>{x(feed["title"])}</title>\n\t<atom:link href="{feed["site"]}/feed/" rel="self" type="application/rss+xml" />\n'
           f'\t<link>{feed["site"]}</link>\n\t<description>All of it</description>\n\t<lastBuildDate>{format_datetime(feed["items"][0]["when"])}</lastBuildDate>\n'
           f'\t<language>{feed["language"]}</language>\n\t<sy:updatePeriod>hourly</sy:updatePeriod>\n\t<sy:updateFrequency>1</sy:updateFrequency>\n']
    for i in feed["items"]:
        tags = "".join(f"\t\t<category><![CDATA[{t}]]></category>\n" for t in i["tags"])
        out.append(f'\t<item>\n\t\t<title>{x(i["title"])}</title>\n\t\t<link>{x(i["url"])}</link>\n\t\t<comments>{i["comments"]}</comments>\n'
                   f'\t\t<dc:creator><![CDATA[{i["author"]}]]></dc:creator>\n\t\t<pubDate>{format_datetime(i["when"])}</pubDate>\n{tags}'
                   f'\t\t<guid isPermaLink="false">{x(i["id"])}</guid>\n\t\t<description>{body("<p>" + x(i["summary"]) + "</p>")}</description>\n'
                   f'\t\t<content:encoded>{body(i["body"])}</content:encoded>\n\t\t<slash:comments>0</slash:comments>\n\t</item>\n')
    out.append("</channel>\n</rss>\n")
    return "".join(out)


def atom(feed):
    x = html.escape
    out = [f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{feed["language"]}">\n'
           f'  <title>{x(feed["title"])}</title>\n  <link href="{feed["site"]}/feed.atom" rel="self"/>\n  <link href="{feed["site"]}/"/>\n'
           f'  <updated>{feed["items"][0]["when"].isoformat()}</updated>\n  <id>{feed["site"]}/</id>\n']
    for i in feed["items"]:
        tags = "".join(f'    <category term="{x(t)}"/>\n' for t in i["tags"])
        out.append(f'  <entry>\n    <title type="html">{x(x(i["title"], quote=False))}</title>\n    <link href="{x(i["url"])}"/>\n'
                   f'    <id>{x(i["id"])}</id>\n    <published>{i["when"].isoformat()}</published>\n    <updated>{i["when"].isoformat()}</updated>\n'
                   f'    <author><name>{i["author"]}</name></author>\n{tags}    <summary>{x(i["summary"], quote=False)}</summary>\n'
                   f'    <content type="html">{x(i["body"], quote=False)}</content>\n  </entry>\n')
    out.append("</feed>\n")
    return "".join(out)


def json_feed(feed):
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": feed["title"], "home_page_url": feed["site"],
                       "feed_url": feed["site"] + "/feed.json", "language": feed["language"],
                       "items": [{"id": i["id"], "url": i["url"], "title": i["title"], "summary": i["summary"], "content_html": i["body"],
                                  "date_published": i["when"].isoformat(), "authors": [{"name": i["author"]}], "tags": i["tags"]}
                                 for i in feed["items"]]}, ensure_ascii=False)


def write(folder, feeds, seed):
    writer = Writer(seed)
    for kind in ("rss", "atom", "json", "html"):
        os.makedirs(os.path.join(folder, kind), exist_ok=True)
    put = lambda kind, n, end, text: open(os.path.join(folder, kind, f"{n:04}.{end}"), "w").write(text)  # noqa: E731
    for n in range(feeds):
        feed = writer.feed(n)
        turn = n % 10
        if turn < 6:
            put("rss", n, "xml", rss(feed, turn % 2 == 0))
        elif turn < 9:
            put("atom", n, "xml", atom(feed))
        else:
            put("json", n, "json", json_feed(feed))
            for k, i in enumerate(feed["items"]):
                put("html", n * 100 + k, "html", i["body"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--feeds", type=int, default=400)
    parser.add_argument("--seed", type=int, default=20260101)
    a = parser.parse_args()
    write(a.folder, a.feeds, a.seed)
