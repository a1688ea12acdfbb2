"""Parquet files, whole or by row groups."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from iagkit.core.errors import DataError
from iagkit.wire.columns import name_columns, no_rows
from iagkit.wire.sources import Source, seekable

if TYPE_CHECKING:
    import pandas as pd


def read(given: Source) -> pd.DataFrame:
    """Read the whole file as a DataFrame; the index of a program becomes a column."""
    with _file(given) as file:
        return _pandas(file.read())


def chunks(given: Source, *, rows: int) -> Iterator[pd.DataFrame]:
    """Hand the table over in DataFrames of at most ``rows`` rows."""
    import pyarrow as pa

    with _file(given) as file:
        for batch in file.iter_batches(batch_size=rows):
            yield _pandas(pa.Table.from_batches([batch]))


def count(given: Source) -> int:
    """Rows, from the footer."""
    with _file(given) as file:
        return int(file.metadata.num_rows)


@contextmanager
def _file(given: Source) -> Iterator[Any]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with given.unpacked() as stored:
        try:
            file = pq.ParquetFile(seekable(stored))
            name_columns(file.schema_arrow.names, source=given.name)
            if file.metadata.num_rows == 0:
                raise no_rows(given.name, len(file.schema_arrow.names))
            yield file
        except (pa.ArrowException, OSError, EOFError, ValueError, OverflowError):
            msg = (
                f"expected a Parquet file; '{given.name}' cannot be read as one: it is damaged or "
                "cut. Copy or download it again"
            )
            raise DataError(msg) from None


def _pandas(table: Any) -> pd.DataFrame:
    import pyarrow as pa

    table = table.replace_schema_metadata(None)  # pandas' own notes; they may be damaged
    for number, column in enumerate(table.schema):
        kind = column.type
        if pa.types.is_dictionary(kind):
            table = table.set_column(
                number, column.name, table.column(number).cast(kind.value_type)
            )
        elif pa.types.is_decimal(kind):
            table = table.set_column(number, column.name, table.column(number).cast(pa.float64()))
    whole: pd.DataFrame = table.to_pandas(ignore_metadata=True, date_as_object=False)
    return whole
