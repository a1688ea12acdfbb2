"""What is done next: how often each thing followed the same last steps."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

import numpy as np
from numpy.typing import NDArray

from iagkit.core.event_log import EventLog
from iagkit.core.nouns import Estimate
from iagkit.measures.rates import mean, share
from iagkit.prototypes.processes.in_time import TRAIN, part
from iagkit.prototypes.processes.prefixes import BACK, Prefixes, prefixes

if TYPE_CHECKING:
    import pandas as pd

FEWEST: Final = (1, 3, 5, 10, 20)
"""Occurrences of a chain of steps, tried in choosing, from which on it is believed."""
SHOWN: Final = 3
"""Followers that are shown, the most probable first."""
Chain = tuple[str, ...]


class NextActivity:
    """Most frequent follower of the longest chain of last steps that was seen often enough.

    Parameters
    ----------
    back : int
        Longest chain, in activities.
    fewest : int
        Occurrences from which on a chain is believed; a shorter one is asked otherwise.

    Notes
    -----
    Back-off [1]_ without smoothing of the chains.

    References
    ----------
    .. [1] Katz (1987). IEEE Transactions on Acoustics, Speech, and Signal Processing 35(3).
    """

    def __init__(self, *, back: int = BACK, fewest: int = 5) -> None:
        self.back = back
        self.fewest = fewest

    def fit(self, prefixes: Prefixes) -> Self:
        """Count what followed."""
        counted: dict[Chain, Counter[str]] = {}
        followers = prefixes.following.astype(str).tolist()
        for length in range(self.back + 1):
            for chain, after in zip(_chains(prefixes, length), followers, strict=True):
                counted.setdefault(chain, Counter())[after] += 1
        self.followers_ = {
            chain: {name: n / told.total() for name, n in sorted(told.items())}
            for chain, told in counted.items()
            if told.total() >= self.fewest or not chain
        }
        return self

    def predict(self, prefixes: Prefixes) -> tuple[NDArray[np.str_], NDArray[np.float64]]:
        """Tell the most probable follower and its probability, for each prefix."""
        told = [self._after(chain) for chain in _chains(prefixes, self.back)]
        best = [max(after, key=lambda name: after[name]) for after in told]
        sure = [after[name] for after, name in zip(told, best, strict=True)]
        return np.asarray(best, dtype=str), np.asarray(sure, dtype=np.float64)

    def among_first(self, prefixes: Prefixes, most: int = SHOWN) -> NDArray[np.bool_]:
        """Tell whether what followed is among the ``most`` that are most probable."""
        first: dict[Chain, frozenset[str]] = {}
        hits = []
        followers = prefixes.following.astype(str).tolist()
        for chain, after in zip(_chains(prefixes, self.back), followers, strict=True):
            if chain not in first:
                told = self._after(chain)
                first[chain] = frozenset(sorted(told, key=lambda name: -told[name])[:most])
            hits.append(after in first[chain])
        return np.asarray(hits, dtype=bool)

    def _after(self, chain: Chain) -> dict[str, float]:
        while chain not in self.followers_:
            chain = chain[:-1]
        return self.followers_[chain]


@dataclass(frozen=True, slots=True, kw_only=True)
class NextEvaluated:
    """How often the next activity was told rightly, on cases that began later.

    Parameters
    ----------
    table : DataFrame
        ``case``, ``position``, ``activity``, ``truth``, ``prediction``, ``probability``.
    right, right_of_last : Estimate
        Share of right answers, and that of the most frequent follower of the last activity.
    difference : Estimate
        The first minus the second, for the same prefixes.
    top, top_of_last : Estimate
        Share of prefixes whose follower is among the first three, of both.
    back, fewest : int
        What was chosen on the training cases that began last.
    """

    table: pd.DataFrame
    right: Estimate
    right_of_last: Estimate
    difference: Estimate
    top: Estimate
    top_of_last: Estimate
    back: int
    fewest: int


def evaluate_next(log: EventLog, *, level: float = 0.95) -> NextEvaluated:
    """Learn what follows from the cases that were over, ask about those that began later.

    Raises
    ------
    DataError
        If there are too few cases.
    """
    rows = prefixes(log, first=1, min_events=2, whole=True)
    parts = part(rows)
    train, asked = rows.where(parts.train), rows.where(parts.test)
    inner = part(train, share=TRAIN, cases=int(train.case.max()) + 1)
    learn, ask = train.where(inner.train), train.where(inner.test)
    ways = [(back, few) for back in range(1, BACK + 1) for few in FEWEST]
    back, fewest = max(ways, key=lambda way: _hits(NextActivity(back=way[0], fewest=way[1])
                                                   .fit(learn), ask).mean())  # fmt: skip
    model = NextActivity(back=back, fewest=fewest).fit(train)
    last = NextActivity(back=1, fewest=1).fit(train)
    best, sure = model.predict(asked)
    right, by_last = best == asked.following.astype(str), _hits(last, asked)
    better = right.astype(np.float64) - by_last
    return NextEvaluated(
        table=_table(asked, best, sure),
        right=share(right, clusters=asked.case, level=level),
        right_of_last=share(by_last, clusters=asked.case, level=level),
        difference=mean(better, unit="share", clusters=asked.case, level=level),
        top=share(model.among_first(asked), clusters=asked.case, level=level),
        top_of_last=share(last.among_first(asked), clusters=asked.case, level=level),
        back=back,
        fewest=fewest,
    )


def _hits(model: NextActivity, asked: Prefixes) -> NDArray[np.bool_]:
    return np.asarray(model.predict(asked)[0] == asked.following.astype(str))


def _chains(prefixes: Prefixes, length: int) -> list[Chain]:
    """The last activities, the latest first."""
    columns = ["activity", *(f"activity-{k}" for k in range(1, BACK))][:length]
    told = [prefixes.words[c].astype(str).tolist() for c in columns]
    return list(zip(*told, strict=True)) if told else [()] * len(prefixes)


def _table(asked: Prefixes, best: NDArray[np.str_], sure: NDArray[np.float64]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({
        "case": asked.names, "position": asked.position, "activity": asked.activity,
        "truth": asked.following, "prediction": best, "probability": sure,
    })  # fmt: skip
