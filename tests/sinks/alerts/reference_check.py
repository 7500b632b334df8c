"""Verifies our webhooks with the Standard Webhooks reference library. Argument: the program that prints what we send."""

import json
import subprocess
import sys
import time

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

FIRST = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="
SECOND = "whsec_BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA="
OTHER = "whsec_CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCA="


def send(*secrets):
    out = subprocess.run([sys.argv[1], str(int(time.time())), *secrets], capture_output=True, text=True, check=True)
    sent = json.loads(out.stdout)
    return sent["headers"], sent["body"]


def verified(secret, headers, body):
    try:
        return Webhook(secret).verify(body, headers)["type"] == "feedwatch.flagged"
    except WebhookVerificationError:
        return False


headers, body = send(FIRST)
assert verified(FIRST, headers, body)
assert not verified(OTHER, headers, body)
assert not verified(FIRST, headers, body.replace("s1", "s2"))
assert not verified(FIRST, {**headers, "webhook-id": "fw_other"}, body)
assert not verified(FIRST, {**headers, "webhook-timestamp": str(int(time.time()) - 3600)}, body)

headers, body = send(FIRST, SECOND)  # while secrets are changed, a receiver with either is content
assert verified(FIRST, headers, body) and verified(SECOND, headers, body)
assert not verified(OTHER, headers, body)
