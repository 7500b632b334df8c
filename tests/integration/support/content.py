"""Feeds with known content, and what must come out of them.

Articles are random sentences over a vocabulary of plain English words, so that two of them share no phrase of any length;
copies share their text on purpose. Nothing here looks at how feedwatch works."""

import random
from dataclasses import dataclass

from .feed_server import Entry

VOCABULARY = """
anchor apple archive arrow autumn bakery balcony barley basin beacon bicycle blanket border bottle branch bread bridge
broker bucket builder butter cabin candle canvas captain carbon carpet castle cellar chapel cherry chimney circle citizen
clock cloud coffee collar copper corner cotton council cradle cricket crystal curtain dancer desert dinner doctor dragon
drawer eagle editor elbow engine evening factory falcon farmer feather ferry finger fireman fisher flower forest fountain
garden garlic ginger glacier goblin granite guitar hammer harbor harvest helmet herring hillside honey horizon hunter
island ivory jacket journal juniper kettle kitchen ladder lantern leather lemon letter library linen lobster magnet mantle
maple marble market meadow melon mirror monkey morning mountain museum mustard needle nephew notebook oatmeal orchard
otter oyster paddle palace paper parcel parlor pebble pencil pepper pigeon pillow planet plumber pocket poet porcelain
potter prairie printer pumpkin quarry rabbit radio ranger ribbon river rocket saddle sailor salmon sandal scarf school
scissors season shadow shelter shepherd silver singer slipper soldier spider spring stable statue stone summer surgeon
tailor teacher temple thunder ticket timber tractor travel tunnel turtle umbrella uncle valley velvet village violin
wagon walnut water weaver willow window winter wizard wolf yellow zebra builds carries covers crosses finds follows gathers
greets hears keeps leaves measures mends moves opens paints plants praises pulls pushes reaches repairs sells sews shakes
""".split()

TOPICS = """
topics:
  - id: immigration-enforcement
    query: '"immigration enforcement" OR ("border patrol" AND detain*)'
    severity: high
  - id: grid-failure
    query: '(blackout* OR "power cut") AND NOT title:drill'
  - id: shadowed
    query: '"immigration enforcement"'
    shadow: true
"""

PLANTS = {  # topic -> a sentence that must be flagged
    "immigration-enforcement": "Officials spoke of immigration enforcement on Tuesday.",
    "grid-failure": "A power cut stopped the lifts for an hour.",
}


@dataclass
class Article:
    number: int
    title: str
    paragraphs: list
    topics: set

    def html(self, footer=""):
        return "".join(f"<p>{p}</p>" for p in self.paragraphs) + footer


class Writer:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.count = 0

    def sentence(self, words=12):
        text = " ".join(self.random.choice(VOCABULARY) for _ in range(words))
        return text.capitalize() + "."

    def article(self, topic=None, paragraphs=4):
        self.count += 1
        body = [" ".join(self.sentence(self.random.randint(9, 15)) for _ in range(3)) for _ in range(paragraphs)]
        topics = set()
        if topic:
            body[1] = body[1] + " " + PLANTS[topic]
            topics = {topic}
        title = " ".join(self.random.choice(VOCABULARY) for _ in range(6)).capitalize() + f" {self.count}"
        return Article(self.count, title, body, topics)


@dataclass
class Outlet:
    path: str
    kind: str
    name: str
    footer: str = ""

    @property
    def site(self):
        return f"https://{self.name}.example"

    def entry(self, article, guid=None, title=None, paragraphs=None):
        html = "".join(f"<p>{p}</p>" for p in (paragraphs or article.paragraphs)) + self.footer
        return Entry(guid=guid or f"{self.name}-{article.number}", title=title or article.title, html=html,
                     link=f"{self.site}/articles/{article.number}", published=1_790_000_000 + article.number * 60)


def outlets(count):
    kinds = ["rss", "atom", "json"]
    result = []
    for i in range(count):
        # Every other outlet closes each item with the same plea, which names a topic: boilerplate must not be flagged.
        footer = f"<p>Read outlet{i} daily for immigration enforcement news and blackouts. Subscribe now.</p>" if i % 2 else ""
        result.append(Outlet(f"/feed{i}", kinds[i % 3], f"outlet{i}", footer))
    return result
