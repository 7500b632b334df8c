"""index.py rensa|datasketch|datasketch-plain FILE MARK...: over the documents that `bench_dedup write` made; prints what `bench_dedup hold` prints.
Shingles of three words, 128 hashes, 16 bands of 8; what a band brings up is a copy where the signatures agree in seven tenths.
Each library in its fastest documented use: datasketch copies one template, since a new MinHash draws its permutations anew, and hashes
by xxhash instead of SHA-1."""

import array
import json
import sys
import time

HASHES, BANDS, ROWS, ALIKE, CHUNK = 128, 16, 8, 0.7, 1000


def shingles(words, blank):
    return list(map(blank.join, zip(words, words[1:], words[2:])))


class Rensa:
    def __init__(self):
        import rensa
        self.make = rensa.RMinHash
        self.index = rensa.RMinHashLSH(threshold=ALIKE, num_perm=HASHES, num_bands=BANDS)
        self.held = []

    def decide(self, number, text):
        signature = self.make(num_perm=HASHES, seed=42)
        signature.update(shingles(text.split(), " "))
        alike = [n for n in self.index.query(signature) if self.held[n].jaccard(signature) >= ALIKE]
        self.index.insert(number, signature)
        self.held.append(signature)
        return alike


class Datasketch:
    def __init__(self):
        import datasketch
        import xxhash
        self.template = datasketch.MinHash(num_perm=HASHES, hashfunc=xxhash.xxh32_intdigest)
        self.index = datasketch.MinHashLSH(num_perm=HASHES, params=(BANDS, ROWS))
        self.held = []

    def decide(self, number, text):
        signature = self.sign(shingles(text.encode().split(), b" "))
        alike = [n for n in self.index.query(signature) if self.held[n].jaccard(signature) >= ALIKE]
        self.index.insert(number, signature)
        self.held.append(signature)
        return alike

    def sign(self, pieces):
        signature = self.template.copy()
        signature.update_batch(pieces)
        return signature


class DatasketchPlain(Datasketch):
    """As its README begins: a new MinHash for each text, updated shingle by shingle."""

    def sign(self, pieces):
        import datasketch
        signature = datasketch.MinHash(num_perm=HASHES)
        for piece in pieces:
            signature.update(piece)
        return signature


def resident_bytes():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1]) * 4096


def main():
    engine = {"rensa": Rensa, "datasketch": Datasketch, "datasketch-plain": DatasketchPlain}[sys.argv[1]]()
    originals, held = array.array("Q"), 0
    before = resident_bytes()
    with open(sys.argv[2]) as file:
        for mark in map(int, sys.argv[3:]):
            c = dict(documents=0, cpu_seconds=0.0, planted=0, found=0, false_joins=0)
            while held < mark:
                chunk = [file.readline().rstrip("\n").split("\t") for _ in range(min(CHUNK, mark - held))]
                start = time.process_time()
                joined = [engine.decide(int(number), text) for number, _, text in chunk]
                c["cpu_seconds"] += time.process_time() - start
                for (number, original, _), alike in zip(chunk, joined):
                    original = int(original)
                    originals.append(original)
                    right = any(originals[n] == original for n in alike)
                    c["documents"] += 1
                    c["planted"] += int(number) != original
                    c["found"] += int(number) != original and right
                    c["false_joins"] += bool(alike) and not right
                held += len(chunk)
            print(json.dumps(dict(held=held, **c, resident_bytes_a_document=(resident_bytes() - before) / held)), flush=True)


if __name__ == "__main__":
    main()
