"""One share for each group, for every check that tells groups apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iagkit.checks.asking import clusters, level, too_few
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate, Run
from iagkit.measures.rates import share

MAX_GROUPS = 100


def per_group(
    run: Run, hits: NDArray[Any], groups: NDArray[Any]
) -> Iterator[tuple[str, Estimate | Message]]:
    """Share of hits in each group, or why it is not told; ``"*"`` for a column of numbers."""
    named = np.unique(groups)
    if (many := too_many(groups)) is not None:
        yield "*", many
        return
    needed, texts = run.prototype.protocol.min_group, clusters(run)
    for group in named:
        here = groups == group
        few = int(here.sum())
        if few < needed:
            yield str(group), too_few(few, needed)
        else:
            own = None if texts is None else texts[here]
            yield str(group), share(hits[here], clusters=own, level=level(run))


def too_many(groups: NDArray[Any]) -> Message | None:
    """Say that a column is no grouping, or nothing."""
    many = len(np.unique(groups))
    if many <= MAX_GROUPS:
        return None
    return say(
        "{many} different values are no groups; declare ranges, at most {most}",
        many=many,
        most=MAX_GROUPS,
    )
