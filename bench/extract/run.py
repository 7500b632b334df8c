"""bench/run extract [--pages FOLDER...] [--worst N]

How well `feedwatch extract` tells articles from what is around them, beside other extractors on the same pages. A folder of pages has
one folder for each: source.html, and expected.html or expected.txt with the text that a reader wants. Default: the shared pages
with what Readability.js keeps of them.
  F1      over word 4-grams as multisets, mean of the pages; with precision and recall
  leaks   share of the 4-grams that stand only outside the article and are in the text all the same: of all pages together, and
          the mean of the pages"""

import argparse
import collections
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys

from lxml import etree
from lxml import html as lxml_html

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parent.parent
SHARED = pathlib.Path(os.environ.get("FEEDWATCH_SHARED", SOURCE.parent / "shared")) / "data" / "readability-pages"
WORD = re.compile(r"\w+")
BLOCKS = set("p div br li td th h1 h2 h3 h4 h5 h6 blockquote pre figcaption tr ul ol table section article figure dt dd".split())
NO_TEXT = ("script", "style", "noscript", "template")


def grams(text):
    words = WORD.findall(text.lower().replace("\u00ad", ""))
    return collections.Counter(zip(words, words[1:], words[2:], words[3:])) if len(words) > 3 else collections.Counter([tuple(words)])


def text_of(source):
    """All words of some HTML, with its blocks apart."""
    tree, out = lxml_html.fromstring(source), []
    for element in list(tree.iter(*NO_TEXT)):
        if element.getparent() is not None:
            element.drop_tree()
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        is_element = isinstance(element.tag, str)
        if is_element and element.tag in BLOCKS:
            out.append("\n")
        if event == "start" and is_element:
            out.append(element.text or "")
        elif event == "end":
            out.append(element.tail or "")
    return "".join(out)


def read_pages(folders):
    for folder in folders:
        for page in sorted(p for p in pathlib.Path(folder).iterdir() if (p / "source.html").exists()):
            plain, marked = page / "expected.txt", page / "expected.html"
            expected = plain.read_text("utf-8", "replace") if plain.exists() else text_of(marked.read_bytes().decode("utf-8", "replace"))
            source = (page / "source.html").read_bytes()
            everything = grams(text_of(source.decode("utf-8", "replace")))
            gold = grams(expected)
            yield page, source, gold, set(everything) - set(gold)


def feedwatch(page, _):
    run = subprocess.run([SOURCE / "build/bench/app/feedwatch", "extract", page / "source.html"], capture_output=True, check=False)
    return run.stdout.decode("utf-8", "replace")


def trafilatura(_, source):
    import trafilatura as library
    return library.extract(source.decode("utf-8", "replace"), include_comments=False) or ""


def readability_lxml(_, source):
    from readability import Document
    return text_of(Document(source.decode("utf-8", "replace")).summary())


def resiliparse(_, source):
    from resiliparse.extract.html2text import extract_plain_text
    return extract_plain_text(source.decode("utf-8", "replace"), main_content=True, alt_texts=False, links=False)


def score(found, gold, outside):
    common = sum((found & gold).values())
    precision, recall = common / max(1, sum(found.values())), common / max(1, sum(gold.values()))
    f1 = 0.0 if common == 0 else 2 * precision * recall / (precision + recall)
    return f1, precision, recall, len(outside & set(found)), len(outside)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pages", nargs="+", default=[SHARED], metavar="FOLDER")
    options.add_argument("--worst", type=int, default=0, metavar="N", help="name the N pages that feedwatch reads worst")
    asked = options.parse_args()
    if not all(pathlib.Path(f).is_dir() for f in asked.pages):
        sys.exit(f"bench/run: no pages in {asked.pages[0]}: name them with --pages")
    pages = list(read_pages(asked.pages))
    results, by_page = {}, {}
    for extractor in (feedwatch, trafilatura, readability_lxml, resiliparse):
        scores = []
        for page, source, gold, outside in pages:
            try:
                text = extractor(page, source)
            except (ValueError, etree.ParserError):  # what they say of pages without text
                text = ""
            scores.append(score(grams(text), gold, outside))
        mean = [statistics.mean(s[i] for s in scores) for i in range(3)]
        results[extractor.__name__] = {
            "f1": mean[0], "precision": mean[1], "recall": mean[2], "leaks": sum(s[3] for s in scores) / sum(s[4] for s in scores),
            "leaks_mean": statistics.mean(s[3] / s[4] if s[4] else 0 for s in scores)}
        by_page.setdefault("worst", sorted((s[0], p[0].name) for s, p in zip(scores, pages))[:asked.worst])
    print(f"{len(pages)} pages\n{'':18}{'F1':>8}{'precision':>11}{'recall':>8}{'leaks':>8}{'mean':>8}")
    for name, r in results.items():
        print(f"{name:18}{r['f1']:8.4f}{r['precision']:11.4f}{r['recall']:8.4f}{r['leaks']:8.2%}{r['leaks_mean']:8.2%}")
    for f1, name in by_page["worst"]:
        print(f"  {f1:.3f} {name}")
    (SOURCE / "bench" / "results" / "extract.json").write_text(json.dumps({"pages": len(pages), "results": results}, indent=2) + "\n")


if __name__ == "__main__":
    main()
