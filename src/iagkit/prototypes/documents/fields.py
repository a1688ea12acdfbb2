"""The table of fields of a run: places, kinds and normal forms; names only where asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from iagkit.core.errors import DataError
from iagkit.text.fields.find import find_fields
from iagkit.text.fields.nouns import Field

if TYPE_CHECKING:
    import pandas as pd


def fields_table(
    ids: Sequence[str],
    texts: Iterable[str],
    *,
    kinds: Collection[str] | None = None,
    country: str | None = None,
) -> pd.DataFrame:
    """Read the fields of documents into one table.

    Parameters
    ----------
    ids : sequence of str, shape (n_documents,)
    texts : iterable of str, shape (n_documents,)
        Read one by one; may be a generator.
    kinds : collection of str, optional
        As of `find_fields`: without it, all but the names of parties.
    country : str, optional
        Two letters, as of `find_fields`.

    Returns
    -------
    DataFrame
        ``id``, then the columns of `iagkit.text.fields.nouns.Field`: one row a field, in reading
        order. Of a party the place alone is told, never the name.

    Raises
    ------
    DataError
        If there are more ids than texts, or fewer.
    UsageError
        If there is no such kind.
    """
    import pandas as pd

    rows: list[tuple[object, ...]] = []
    read = 0
    for text in texts:
        if read < len(ids):
            rows += [(ids[read], *f) for f in find_fields(text, kinds=kinds, country=country)]
        read += 1
    if read != len(ids):
        msg = (
            f"expected as many ids as texts; got {len(ids)} ids and {read} texts. Were rows "
            "dropped from one of them?"
        )
        raise DataError(msg)
    return pd.DataFrame(rows, columns=["id", *Field._fields])
