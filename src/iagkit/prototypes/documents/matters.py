"""The table of matters of a run: the same again, and filed on one pattern; without texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from iagkit.core.errors import DataError
from iagkit.text.matters import same_matter

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "id", "matter", "documents", "representative", "similarity", "kind", "pattern", "on_pattern",
)  # fmt: skip


def matters_table(ids: Sequence[str], texts: Iterable[str]) -> pd.DataFrame:
    """Tell of each document its matter, who represents it, and who else is on its pattern.

    Parameters
    ----------
    ids : sequence of str, shape (n_documents,)
    texts : iterable of str, shape (n_documents,)
        Read once; may be a generator.

    Returns
    -------
    DataFrame
        ``id``, ``matter`` (number; the same words and near copies), ``documents`` (how many the
        matter has), ``representative`` (an id), ``similarity`` (0 to 1, 3 decimals), ``kind`` (of
        `iagkit.text.matters.KINDS`), ``pattern`` (id of the document that stands for a mass filing
        on one pattern) and ``on_pattern`` (documents of it; one matter or several).

    Raises
    ------
    DataError
        If there are more ids than texts, or fewer.
    """
    import pandas as pd

    found = same_matter(texts)
    if len(found) != len(ids):
        msg = (
            f"expected as many ids as texts; got {len(ids)} ids and {len(found)} texts. Were rows "
            "dropped from one of them?"
        )
        raise DataError(msg)
    names = np.asarray(ids, dtype=object)
    size, filed = (
        np.bincount(each)[each] if len(found) else each for each in (found.matter, found.pattern)
    )
    told = (
        names, found.matter, size, names[found.representative], found.similarity.round(3),
        found.kind, names[found.pattern], filed,
    )  # fmt: skip
    return pd.DataFrame(dict(zip(COLUMNS, told, strict=True)))
