"""A WebSub hub that is not ours: Flask-WebSub with a Celery worker, in a process of its own.

    hub.py PORT FOLDER         what Hub below starts
"""

import os
import socket
import sqlite3
import subprocess
import sys
import urllib.parse
import urllib.request

from .wait import until


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Hub:
    def __init__(self, folder):
        self.folder, self.port = str(folder), free_port()
        os.makedirs(self.folder, exist_ok=True)
        self.url = f"http://127.0.0.1:{self.port}/hub"
        self.log_path = os.path.join(self.folder, "hub.log")
        self.store = os.path.join(self.folder, "hub.sqlite3")
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen([sys.executable, "-m", "support.hub", str(self.port), self.folder], stdout=log, stderr=log,
                                            cwd=os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        until(self.answers, lambda: f"the hub answers:\n{self.log()}", 30)

    def log(self):
        with open(self.log_path, errors="replace") as f:
            return f.read()[-4000:]

    def answers(self):
        assert self.process.poll() is None, self.log()
        with socket.socket() as s:
            return s.connect_ex(("127.0.0.1", self.port)) == 0

    def links(self, topic):
        """The header with which a feed names this hub."""
        return {"Link": f'<{self.url}>; rel="hub", <{topic}>; rel="self"'}

    def subscriptions(self):
        """(topic, callback, secret, end of the lease) as the hub keeps them."""
        if not os.path.exists(self.store):
            return []
        with sqlite3.connect(self.store) as db:
            return db.execute("SELECT topic_url, callback_url, secret, expiration_time FROM hub").fetchall()

    def publish(self, topic):
        """The publisher tells the hub, which fetches the topic and delivers it."""
        data = urllib.parse.urlencode({"hub.mode": "publish", "hub.topic": topic}).encode()
        with urllib.request.urlopen(self.url, data, timeout=10) as r:
            assert r.status == 202

    def close(self):
        self.process.kill()
        self.process.wait()


def main(port, folder):
    from celery import Celery
    from celery.contrib.testing.worker import start_worker
    from flask import Flask
    from flask_websub.hub import Hub as Implementation, SQLite3HubStorage

    app = Flask(__name__)
    app.config.update(PUBLISH_SUPPORTED=True, HUB_MIN_LEASE_SECONDS=2)
    celery = Celery("hub", broker="memory://", backend="cache+memory://")
    celery.conf.broker_transport_options = {"polling_interval": 0.02}
    hub = Implementation(SQLite3HubStorage(os.path.join(folder, "hub.sqlite3")), celery, BACKOFF_BASE=0.2, REQUEST_TIMEOUT=10)
    app.register_blueprint(hub.build_blueprint(url_prefix="/hub"))
    with start_worker(celery, pool="threads", concurrency=4, perform_ping_check=False, shutdown_timeout=1):
        app.run("127.0.0.1", int(port), threaded=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
