"""The same matter: planted copies found, beside datasketch; a million documents in memory.

    IAGKIT_DATA_MIRROR=... python benchmarks/same_matter.py [--million N] [--peer]

Originals are real: stretches of 40 to 70 words of Argentine norms and Mexico City requests, no two
of which share 12 words in a row. Each family is an original and nine made of it, one of a kind:
each word but the figures replaced with a chance of 2, 5, 10, 15 and 20 %, sentences reordered, cut
to 80 %; and two that are *not* the same matter: other names and figures, and a letter on the same
pattern with another introduction of up to half its length. Told are the shares of each kind that
are one *matter* with the original and those that are on one *pattern* with it, with 95 % intervals
by Wilson; precision is of pairs over all planted texts, with intervals by resampling what was told
1,000 times: of one matter, pairs of a family without its last two; of one pattern, pairs of a
family. The peer is `MinHashLSH` of datasketch on the same word triples (64 permutations, threshold
.3), its candidates checked by the estimated overlap, its components taken as patterns. The million
are those families and texts of a word chain learnt from the same corpora, with 5,000 letters of
one mass filing and exact copies among them; time is CPU time, memory the peak of the process.

Of the Mexico City requests, the truth is the declared group of equal or overlapping texts
(`grupo`), resampled by group.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from iagkit.measures.rates import share
from iagkit.text.matters import same_matter
from iagkit.text.words import same_text
from iagkit.wire import registry, tables

RATES = {"2 %": 0.02, "5 %": 0.05, "10 %": 0.1, "15 %": 0.15, "20 %": 0.2}
OTHERS = ("names", "template")
"""Letters on the same pattern about something else."""
EDITS = (*RATES, "reordered", "cut", *OTHERS)
RESAMPLED = 1000


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
    if edit in RATES:
        rate = RATES[edit]
        return " ".join(
            w if any(c.isdigit() for c in w) or rng.random() >= rate else rng.choice(vocabulary)
            for w in words
        )
    if edit == "reordered":
        cuts = sorted(rng.sample(range(5, len(words) - 5), 3))
        parts = [words[a:b] for a, b in zip([0, *cuts], [*cuts, len(words)], strict=True)]
        rng.shuffle(parts)
        return " ".join(w for part in parts for w in part)
    if edit == "names":
        return " ".join(other_name(w, rng, vocabulary) for w in words)
    if edit == "cut":
        return " ".join(words[: int(len(words) * 0.8)])
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
    vocabulary = [w for text in base[:2000] for w in text.split() if not re.search(r"\d", w)]
    rows = [(text, n, "original") for n, text in enumerate(base)]
    for n, text in enumerate(base):
        rows += [(made(text, edit, vocabulary, rng), n, edit) for edit in EDITS]
    rng.shuffle(rows)
    return [r[0] for r in rows], np.array([r[1] for r in rows]), [r[2] for r in rows]


def pairs(*keys: np.ndarray) -> int:
    """Pairs of rows that agree in all keys."""
    return sum(n * (n - 1) // 2 for n in Counter(zip(*keys, strict=True)).values())


def right_and_told(told: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Of each cluster that was told: pairs that are right, and pairs; shape (n_clusters, 2)."""
    order = np.argsort(told, kind="stable")
    ends = np.flatnonzero(np.diff(told[order])) + 1
    parts = [part for part in np.split(order, ends) if part.size > 1]
    sizes = [part.size * (part.size - 1) // 2 for part in parts]
    return np.array([(pairs(truth[part]), n) for part, n in zip(parts, sizes, strict=True)])


def with_interval(counts: np.ndarray) -> str:
    """Ratio of summed counts, and its interval by clusters."""
    rng = np.random.default_rng(5)
    picks = rng.integers(0, len(counts), size=(RESAMPLED, len(counts)))
    sums = counts[picks].sum(axis=1)
    low, high = np.quantile(sums[:, 0] / sums[:, 1], [0.025, 0.975])
    right, told = counts.sum(axis=0)
    return f"{right / told:.3f} [{low:.3f}, {high:.3f}] of {told:,} pairs"


def quality(told: np.ndarray, family: np.ndarray, how: list[str], *, matter: bool) -> None:
    """Print the share of each kind that is told to belong to its original, and precision."""
    home = {family[i]: told[i] for i, h in enumerate(how) if h == "original"}
    for edit in EDITS:
        hits = [told[i] == home[family[i]] for i, h in enumerate(how) if h == edit]
        found = share(np.array(hits))
        print(f"  {edit}: {found.value:.3f} [{found.low:.3f}, {found.high:.3f}]")
    other = np.array([h in OTHERS for h in how])
    truth = np.where(other & matter, family.max() + 1 + np.arange(family.size), family)
    print(f"  precision {with_interval(right_and_told(told, truth))}")


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
    planted, family, how = families(2500)
    rng = random.Random(8)
    letter = planted[0]
    vocabulary = [w for text in planted[:500] for w in text.split() if not re.search(r"\d", w)]
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
    print(" one matter:")
    quality(found.matter[:size], family, how, matter=True)
    print(" one pattern:")
    quality(found.pattern[:size], family, how, matter=False)
    home, many = Counter(found.pattern[size : size + 5000].tolist()).most_common(1)[0]
    told = int((found.pattern == home).sum())
    largest = np.bincount(found.matter[size : size + 5000]).max()
    print(
        f"mass filing of 5,000 letters: {many:,} on one pattern, which has {told:,} documents; "
        f"the largest matter among them has {largest:,}"
    )
    noise = found.kind[size + 5000 :] != "alone"
    print(f"texts of the chain told to be like another: {noise.mean():.5f}")


def repeated() -> None:
    """The repeated texts of the Mexico City requests, by their declared groups."""
    table = tables.read_table(registry.table_of("cdmx_foi_es"))
    begin = time.process_time()
    found = same_matter(table["texto"].astype(str))
    seconds = time.process_time() - begin
    groups = table["grupo"].astype("category").cat.codes.to_numpy()
    print(
        f"cdmx_foi_es: {len(found):,} requests, {groups.max() + 1:,} declared groups, "
        f"{found.matter.max() + 1:,} matters on {np.unique(found.pattern).size:,} patterns "
        f"in {seconds:.1f} CPU s"
    )
    for name, told in (("matter", found.matter), ("pattern", found.pattern)):
        print(f"  pairs of one group in one {name}: {with_interval(right_and_told(groups, told))}")
        print(f"  pairs of one {name} in one group: {with_interval(right_and_told(told, groups))}")
    print(f"  {dict(Counter(found.kind.tolist()))}")


def main() -> None:
    """Print all of it."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--million", type=int, default=1_000_000)
    asked.add_argument("--families", type=int, default=3000, help="families for the comparison")
    asked.add_argument("--peer", action="store_true", help="run datasketch beside")
    args = asked.parse_args()
    texts, family, how = families(args.families)
    begin = time.process_time()
    found = same_matter(texts)
    ours = time.process_time() - begin
    print(f"iagkit: {len(texts):,} documents in {ours:.1f} CPU s\n one matter:")
    quality(found.matter, family, how, matter=True)
    print(" one pattern:")
    quality(found.pattern, family, how, matter=False)
    if args.peer:
        begin = time.process_time()
        theirs = peer(texts)
        spent = time.process_time() - begin
        print(f"datasketch: {spent:.1f} CPU s, {spent / ours:.1f} times as long\n one pattern:")
        quality(theirs, family, how, matter=False)
    repeated()
    if args.million:
        million(args.million)


if __name__ == "__main__":
    main()
