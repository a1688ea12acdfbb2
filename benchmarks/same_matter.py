"""The same matter: planted copies found, beside datasketch; a million documents in memory.

    IAGKIT_DATA_MIRROR=... python benchmarks/same_matter.py [--million N] [--peer N]

Originals are real: stretches of 40 to 70 words of Argentine norms and Mexico City requests, no two
of which share 12 words in a row. Each family is an original and five made of it, one of a kind:
words replaced (15 %), sentences reordered, other names and numbers, cut to 60 %, and a template
letter with another introduction of up to half its length. Recall is of pairs (original, made);
precision is of pairs that are told to be one matter, over planted texts and originals together.
The peer is `MinHashLSH` of datasketch on the same word triples (64 permutations, threshold .3),
its candidates checked by the estimated overlap, its components taken as matters. The million are
those families and texts of a word chain learnt from the same corpora, with 5,000 letters of one
mass filing and exact copies among them; time is CPU time, memory the peak of the process.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from iagkit.text.matters import same_matter
from iagkit.text.words import same_text
from iagkit.wire import registry, tables

EDITS = ("replaced", "reordered", "names", "cut", "template")


def column(name: str, text: str) -> list[str]:
    """One column of a data set."""
    return tables.read_table(registry.table_of(name))[text].dropna().astype(str).tolist()


def originals(most: int, rng: random.Random) -> list[str]:
    """Stretches of real texts that share no 12 words in a row with another."""
    texts = column("cdmx_foi_es", "texto") + column("infoleg_ar_es", "text")
    rng.shuffle(texts)
    seen: set[int] = set()
    found = []
    for text in texts:
        words = text.split()
        at = 0
        while at + 70 < len(words) and len(found) < most:
            stretch = words[at : (at := at + rng.randint(40, 70))]
            plain = same_text(" ".join(stretch)).split()
            runs = {hash(tuple(plain[i : i + 12])) for i in range(len(plain) - 11)}
            if runs and not runs & seen:
                seen |= runs
                found.append(" ".join(stretch))
    return found


def made(text: str, edit: str, vocabulary: list[str], rng: random.Random) -> str:
    """One edited copy."""
    words = text.split()
    if edit == "replaced":
        return " ".join(rng.choice(vocabulary) if rng.random() < 0.15 else w for w in words)
    if edit == "reordered":
        cuts = sorted(rng.sample(range(5, len(words) - 5), 3))
        parts = [words[a:b] for a, b in zip([0, *cuts], [*cuts, len(words)], strict=True)]
        rng.shuffle(parts)
        return " ".join(w for part in parts for w in part)
    if edit == "names":
        return " ".join(other_name(w, rng, vocabulary) for w in words)
    if edit == "cut":
        return " ".join(words[: int(len(words) * 0.6)])
    own = [rng.choice(vocabulary) for _ in range(rng.randint(5, len(words) // 2))]
    return " ".join([*own, *words])


def other_name(word: str, rng: random.Random, vocabulary: list[str]) -> str:
    """Digits drawn anew; one word in two that begins with a capital becomes another."""
    if any(c.isdigit() for c in word):
        return "".join(str(rng.randint(0, 9)) if c.isdigit() else c for c in word)
    return rng.choice(vocabulary).title() if word.istitle() and rng.random() < 0.5 else word


def families(many: int) -> tuple[list[str], np.ndarray, list[str]]:
    """Texts, the family of each, and how each was made; shuffled."""
    rng = random.Random(6)
    base = originals(many, rng)
    vocabulary = [w for text in base[:2000] for w in text.split()]
    rows = [(text, n, "original") for n, text in enumerate(base)]
    for n, text in enumerate(base):
        rows += [(made(text, edit, vocabulary, rng), n, edit) for edit in EDITS]
    rng.shuffle(rows)
    return [r[0] for r in rows], np.array([r[1] for r in rows]), [r[2] for r in rows]


def quality(matter: np.ndarray, family: np.ndarray, how: list[str]) -> dict[str, float]:
    """Recall of each edit, of all pairs, and precision of pairs."""
    home = {family[i]: matter[i] for i, h in enumerate(how) if h == "original"}
    found = {
        edit: np.mean([matter[i] == home[family[i]] for i, h in enumerate(how) if h == edit])
        for edit in EDITS
    }

    def pairs(*keys: np.ndarray) -> int:
        return sum(n * (n - 1) // 2 for n in Counter(zip(*keys, strict=True)).values())

    both = pairs(matter, family)
    return found | {"all pairs": both / pairs(family), "precision": both / pairs(matter)}


def peer(texts: list[str]) -> np.ndarray:
    """Components of the pairs that datasketch proposes and estimates to overlap by .3."""
    from datasketch import MinHash, MinHashLSH

    index, sketches = MinHashLSH(threshold=0.3, num_perm=64), []
    for n, text in enumerate(texts):
        words = ["^", *same_text(text).split(), "$"]
        sketch = MinHash(num_perm=64)
        sketch.update_batch([" ".join(words[i : i + 3]).encode() for i in range(len(words) - 2)])
        sketches.append(sketch)
        index.insert(n, sketch, check_duplication=False)
    root = list(range(len(texts)))

    def top(n: int) -> int:
        while root[n] != n:
            root[n] = root[root[n]]
            n = root[n]
        return n

    for n, sketch in enumerate(sketches):
        for other in index.query(sketch):
            if other < n and sketch.jaccard(sketches[other]) >= 0.3:
                root[top(n)] = top(other)
    return np.array([top(n) for n in range(len(texts))])


def chain(many: int, texts: list[str]) -> Iterator[str]:
    """Texts of 35 to 65 words, each word as it follows the last one in real texts."""
    follows: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        words = text.split()
        for one, other in pairwise(words):
            follows[one].append(other)
    starts, rng = [w for text in texts for w in text.split()], random.Random(7)
    for _ in range(many):
        word, said = rng.choice(starts), []
        for _ in range(rng.randint(35, 65)):
            said.append(word)
            word = rng.choice(follows.get(word) or starts)
        yield " ".join(said)


def million(many: int) -> None:
    """Time and memory, and what is found among so many."""
    planted, family, how = families(4000)
    rng = random.Random(8)
    letter = planted[0]
    vocabulary = [w for text in planted[:500] for w in text.split()]
    filing = [made(letter, "template", vocabulary, rng) for _ in range(5000)]
    made_by_chain = chain(many - len(planted) - len(filing), column("infoleg_ar_es", "text")[:3000])
    spent = characters = 0.0

    def stream() -> Iterator[str]:
        nonlocal spent, characters
        for source in (planted, filing, made_by_chain):
            begin = time.process_time()
            for text in source:
                spent += time.process_time() - begin
                characters += len(text)
                yield text
                begin = time.process_time()

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    begin = time.process_time()
    found = same_matter(stream())
    seconds = time.process_time() - begin - spent
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"{len(found):,} documents of {characters / len(found):.0f} characters: {seconds:.0f} CPU s"
    )
    print(f"peak memory {peak:.2f} GB, {before:.2f} before (corpora and planted texts)")
    size = len(planted)
    tell(quality(found.matter[:size], family, how))
    home = Counter(found.matter[size : size + 5000].tolist()).most_common(1)[0]
    told = int((found.matter == home[0]).sum())
    print(f"mass filing of 5,000 letters: {home[1]:,} in one matter, which has {told:,} documents")
    noise = found.kind[size + 5000 :] != "alone"
    print(f"texts of the chain told to be like another: {noise.mean():.5f}")


def tell(found: dict[str, float]) -> None:
    """One line a row."""
    print("  " + ", ".join(f"{name} {share:.3f}" for name, share in found.items()))


def repeated() -> None:
    """The repeated texts of the Mexico City requests: pairs of the declared groups kept."""
    table = tables.read_table(registry.table_of("cdmx_foi_es"))
    begin = time.process_time()
    found = same_matter(table["texto"].astype(str))
    seconds = time.process_time() - begin
    groups = table["grupo"].astype("category").cat.codes.to_numpy()
    kept = np.mean([len({*found.matter[groups == g].tolist()}) == 1 for g in np.unique(groups)])
    kinds = dict(Counter(found.kind.tolist()))
    print(
        f"cdmx_foi_es: {len(found):,} requests, {groups.max() + 1:,} declared texts, "
        f"{found.matter.max() + 1:,} matters in {seconds:.1f} CPU s; groups kept whole {kept:.4f}"
    )
    print(f"  {kinds}")


def main() -> None:
    """Print all of it."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--million", type=int, default=1_000_000)
    asked.add_argument("--peer", type=int, default=3000, help="families for the comparison")
    args = asked.parse_args()
    texts, family, how = families(args.peer)
    seconds = {}
    for name, find in (
        ("iagkit", lambda: same_matter(texts).matter),
        ("datasketch", lambda: peer(texts)),
    ):
        begin = time.process_time()
        matter = find()
        seconds[name] = time.process_time() - begin
        print(f"{name}: {len(texts):,} documents in {seconds[name]:.1f} CPU s")
        tell(quality(matter, family, how))
    print(f"iagkit is {seconds['datasketch'] / seconds['iagkit']:.1f} times faster")
    repeated()
    if args.million:
        million(args.million)


if __name__ == "__main__":
    main()
