"""A webhook receiver that verifies every signature with the Standard Webhooks reference library."""

import json
import threading
import time

from standardwebhooks.webhooks import Webhook

from .serving import QuietHandler, serve, stop

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="


class Receiver:
    def __init__(self, secret=SECRET):
        self.verifier = Webhook(secret)
        self.accepted, self.refused, self.unverified = [], [], []
        self.fail_next = 0  # answer this many requests with 500
        self.lock = threading.Lock()
        outer = self

        class Handler(QuietHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = outer.take(body, {k.lower(): v for k, v in self.headers.items()})
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

        self.server = serve(Handler)
        self.url = self.server.base + "/hook"

    def take(self, body, headers):
        with self.lock:
            try:
                self.verifier.verify(body, headers)
            except Exception as e:  # the library's own errors: kept and asserted on by the tests
                self.unverified.append((headers, body, repr(e)))
                return 400
            event = {"id": headers["webhook-id"], "body": json.loads(body), "at": time.time()}
            if self.fail_next > 0:
                self.fail_next -= 1
                self.refused.append(event)
                return 500
            self.accepted.append(event)
            return 204

    def ids(self):
        with self.lock:
            return [e["id"] for e in self.accepted]

    def close(self):
        stop(self.server)
