"""feedparser and fastfeedparser over the same documents: parse.py feedparser|fastfeedparser SECONDS BYTES FOLDER..."""

import json
import os
import sys
import time


def read(folders, most):
    for folder in folders:
        taken = 0
        for name in sorted(os.listdir(folder)):
            body = open(os.path.join(folder, name), "rb").read()
            taken += len(body)
            if taken > most / len(folders):
                break
            yield body


def main():
    which, seconds, most = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
    documents = list(read(sys.argv[4:], most))
    parse = getattr(__import__(which), "parse")

    def one_pass():
        return sum(len(parse(d).entries) for d in documents)
    found = one_pass() if which == "fastfeedparser" else 0
    total = items = passes = 0
    start = time.process_time()
    while True:
        items += one_pass()
        total += sum(map(len, documents))
        passes += 1
        if time.process_time() - start >= seconds:
            break
    print(json.dumps({"bytes": total, "items": items, "items_a_pass": found or items // passes, "passes": passes,
                      "cpu_seconds": time.process_time() - start}))


main()
