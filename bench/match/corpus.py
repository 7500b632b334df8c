"""Texts and rules for bench/match, from the stories that the project has written for its tests (tests/data/stories): English sentences,
put together anew into texts of some 3 kB, and rules of two or three words that stand side by side in them, or nearly so."""

import glob
import json
import os
import random
import re


def sentences(source):
    found = set()
    for path in sorted(glob.glob(os.path.join(source, "tests", "data", "stories", "*.json"))):
        with open(path) as f:
            families = json.load(f)["families"]
        for item in (i for family in families for i in family["items"]):
            if item.get("language", "en") != "en" or not item.get("text", "").isascii():
                continue
            found.update(" ".join(s.split()) for s in re.split(r"(?<=[.!?])\s+", item["text"]) if 40 < len(s) < 400)
    return sorted(found)


def texts(pool, count, choose):
    for _ in range(count):
        text = ""
        while len(text) < 2900:
            text += choose.choice(pool) + " "
        yield text


def phrases(pool, count, choose):
    """Distinct, in lower case: one in twenty as it stands in a sentence, the others of words from several, which hardly ever stand side
    by side: most rules of a watch list find nothing in most texts."""
    words = [[w.lower() for w in re.findall(r"[A-Za-z]{2,}", s)] for s in pool]
    words = [w for w in words if len(w) > 4]
    every = sorted({w for s in words for w in s})
    found = {}
    while len(found) < count:
        n = choose.choice((2, 2, 3))
        if len(found) % 20 == 0:
            s = choose.choice(words)
            at = choose.randrange(len(s) - n + 1)
            phrase = " ".join(s[at:at + n])
        else:
            phrase = " ".join(choose.choice(every) for _ in range(n))
        found.setdefault(phrase)
    return list(found)


def write(source, folder, documents, sizes):
    choose = random.Random(20)
    pool = sentences(source)
    with open(f"{folder}/texts", "w") as f:
        f.writelines(t.strip() + "\n" for t in texts(pool, documents, choose))
    words = sorted({w.lower() for s in pool for w in re.findall(r"[A-Za-z]{4,}", s)})
    for size in sizes:
        all_phrases = phrases(pool, 2 * size, choose)
        chosen = all_phrases[:size]
        with open(f"{folder}/phrases.{size}", "w") as f:
            f.writelines(p + "\n" for p in chosen)
        with open(f"{folder}/phrases.{size}.yaml", "w") as f:
            f.write("topics:\n")
            f.writelines(f"  - {{id: r{n}, query: '\"{p}\"'}}\n" for n, p in enumerate(chosen))
        # (phrase OR phrase) NOT word: what both engines can say.
        with open(f"{folder}/boolean.{size}", "w") as f, open(f"{folder}/boolean.{size}.yaml", "w") as y:
            y.write("topics:\n")
            for n in range(size):
                one, other, never = chosen[n], all_phrases[size + n], choose.choice(words)
                f.write(f"{one}\t{other}\t{never}\n")
                y.write(f"  - {{id: r{n}, query: '(\"{one}\" OR \"{other}\") NOT {never}'}}\n")
        # What only the language of topics says as short: NEAR, wildcards, phrases with slop.
        with open(f"{folder}/mixed.{size}.yaml", "w") as y:
            y.write("topics:\n")
            for n in range(size):
                a, b = chosen[n].split()[:2]
                kind = n % 4
                query = (f'({a} NEAR/5 {b}) NOT {choose.choice(words)}' if kind == 0 else f'"{a} {b}"~2 OR "{all_phrases[size + n]}"' if kind == 1
                         else f'{choose.choice(words)[:4]}* AND "{a} {b}"' if kind == 2 else f'({a} OR {choose.choice(words)}) ONEAR/3 {b}')
                y.write(f"  - {{id: r{n}, query: '{query}'}}\n")
