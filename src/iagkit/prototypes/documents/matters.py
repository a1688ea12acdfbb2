"""The table of matters of a run: which documents are the same again, without their texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from iagkit.core.errors import DataError
from iagkit.text.matters import same_matter

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("id", "matter", "documents", "representative", "similarity", "kind")


def matters_table(ids: Sequence[str], texts: Iterable[str]) -> pd.DataFrame:
    """Tell of each document its matter, who represents it and how alike they are.

    Parameters
    ----------
    ids : sequence of str, shape (n_documents,)
    texts : iterable of str, shape (n_documents,)
        Read once; may be a generator.

    Returns
    -------
    DataFrame
        ``id``, ``matter`` (number), ``documents`` (how many the matter has), ``representative``
        (an id), ``similarity`` (0 to 1, 3 decimals), ``kind`` (of `iagkit.text.matters.KINDS`).

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
    size = np.bincount(found.matter)[found.matter] if len(found) else found.matter
    told = (
        names, found.matter, size, names[found.representative], found.similarity.round(3),
        found.kind,
    )  # fmt: skip
    return pd.DataFrame(dict(zip(COLUMNS, told, strict=True)))
