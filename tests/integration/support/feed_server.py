"""An HTTP server for feeds: counts requests by path, understands ETag, can be told what to answer."""

import hashlib
import threading
import time
from dataclasses import dataclass, field
from email.utils import formatdate
from xml.sax.saxutils import escape

from .serving import QuietHandler, serve, stop


@dataclass
class Page:
    body: bytes
    content_type: str = "application/rss+xml"
    status: int = 200
    headers: dict = field(default_factory=dict)


@dataclass
class Seen:
    requests: int = 0
    not_modified: int = 0
    first: float = 0.0
    last: float = 0.0
    etags: list = field(default_factory=list)


class FeedServer:
    def __init__(self):
        self.pages, self.seen, self.lock = {}, {}, threading.Lock()
        outer = self

        class Handler(QuietHandler):
            def do_GET(self):
                outer.answer(self)

        self.server = serve(Handler)
        self.base = self.server.base

    def put(self, path, page):
        with self.lock:
            self.pages[path] = page

    def url(self, path):
        return self.base + path

    def count(self, path):
        with self.lock:
            return self.seen.get(path, Seen())

    def answer(self, handler):
        path = handler.path.split("?")[0]
        with self.lock:
            page = self.pages.get(handler.path) or self.pages.get(path)  # with its query first
            seen = self.seen.setdefault(path, Seen())
            seen.requests += 1
            seen.last = time.time()
            seen.first = seen.first or seen.last
        if page is None:
            page = Page(b"not here\n", "text/plain", 404)
        etag = '"' + hashlib.sha256(page.body).hexdigest()[:20] + '"'
        if page.status == 200 and handler.headers.get("If-None-Match") == etag:
            with self.lock:
                seen.not_modified += 1
            handler.send_response(304)
            handler.send_header("ETag", etag)
            handler.end_headers()
            return
        handler.send_response(page.status)
        handler.send_header("Content-Type", page.content_type)
        handler.send_header("Content-Length", str(len(page.body)))
        if page.status == 200:
            handler.send_header("ETag", etag)
        for name, value in page.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(page.body)

    def close(self):
        stop(self.server)


@dataclass
class Entry:
    """One item as a feed publishes it."""

    guid: str
    title: str
    html: str
    link: str
    published: float = 1_790_000_000.0


def rss(title, site, entries):
    items = "".join(
        f"<item><guid isPermaLink=\"false\">{escape(e.guid)}</guid><title>{escape(e.title)}</title><link>{escape(e.link)}</link>"
        f"<pubDate>{formatdate(e.published, usegmt=True)}</pubDate><description>{escape(e.html)}</description></item>"
        for e in entries)
    return (f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>{escape(title)}</title>'
            f"<link>{escape(site)}</link><description>d</description><language>en</language>{items}</channel></rss>").encode()


def atom(title, site, entries):
    items = "".join(
        f"<entry><id>{escape(e.guid)}</id><title>{escape(e.title)}</title><link rel=\"alternate\" href=\"{escape(e.link)}\"/>"
        f"<updated>{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(e.published))}</updated>"
        f"<content type=\"html\">{escape(e.html)}</content></entry>" for e in entries)
    return (f'<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>{escape(title)}</title>'
            f"<id>{escape(site)}</id><updated>2026-01-01T00:00:00Z</updated>{items}</feed>").encode()


def json_feed(title, site, entries):
    import json
    return json.dumps({
        "version": "https://jsonfeed.org/version/1.1", "title": title, "home_page_url": site, "language": "en",
        "items": [{"id": e.guid, "url": e.link, "title": e.title, "content_html": e.html,
                   "date_published": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(e.published))} for e in entries],
    }).encode()


FORMATS = {"rss": (rss, "application/rss+xml"), "atom": (atom, "application/atom+xml"),
           "json": (json_feed, "application/feed+json")}


def page(kind, title, site, entries):
    write, content_type = FORMATS[kind]
    return Page(write(title, site, entries), content_type)
