"""One SELECT in PostgreSQL as a table that is counted there; only cells leave the database."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from iagkit.core.errors import DataError, UsageError
from iagkit.wire import databases
from iagkit.wire.columns import name_columns

if TYPE_CHECKING:
    import psycopg

PATIENCE: Final = 15
"""Seconds after which a server that does not answer is given up."""
KINDS: Final = "SELECT oid, typcategory, format_type(oid, NULL) FROM pg_type WHERE oid = ANY(%s)"


def opened(address: str, select: str) -> tuple[Any, Callable[[], None]]:
    """Open the answer to a SELECT without fetching it, and how to leave the database.

    Returns
    -------
    table : ibis table
        In a session whose every transaction is read-only.
    close : callable
        Cancels what still runs on the server.

    Raises
    ------
    DataError
        If the database cannot be reached, or refuses the query; the password is never told.
    """
    ibis, psycopg = _drivers()
    connection = _connected(psycopg, address)
    try:
        schema = _schema(connection, select, databases.shown(address))
        backend = ibis.postgres.from_connection(connection)
        table = backend.sql(select, schema=schema)
    except psycopg.Error as error:
        connection.close()
        databases.refuse(error, address)
    except BaseException:
        connection.close()
        raise

    def close() -> None:
        with contextlib.suppress(psycopg.Error):
            if connection.info.transaction_status == psycopg.pq.TransactionStatus.ACTIVE:
                connection.cancel_safe(timeout=1)
        connection.close()

    return table, close


def _drivers() -> tuple[Any, Any]:
    try:
        return import_module("ibis"), import_module("psycopg")
    except ImportError as error:
        msg = (
            f"counting inside PostgreSQL needs iagkit with its 'db' extra ({error.name} is "
            "missing). Install it: pip install 'iagkit[db]'"
        )
        raise DataError(msg) from None


def _connected(psycopg: Any, address: str) -> Any:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(address).set(drivername="postgresql")
    except (ArgumentError, ValueError):
        msg = "expected postgresql://USER@HOST/DATABASE; the URL given cannot be understood"
        raise UsageError(msg) from None
    try:
        connection = psycopg.connect(
            url.render_as_string(hide_password=False), autocommit=True,
            connect_timeout=url.query.get("connect_timeout", PATIENCE),
        )  # fmt: skip
    except psycopg.Error as error:
        databases.refuse(error, address)
    connection.read_only = True
    connection.execute("SET default_transaction_read_only = on")
    connection.execute(databases.postgres_limit().encode())
    connection.execute("SET cursor_tuple_fraction = 1")  # every cell will be fetched
    return connection


def _schema(connection: psycopg.Connection[Any], select: str, source: str) -> Any:
    """Names and types of the answer, from an empty one: a read-only role makes no view."""
    typed = import_module("ibis.backends.sql.datatypes").PostgresType
    empty = f"SELECT * FROM ({select}\n) AS answer LIMIT 0"  # noqa: S608 (checked by single_select)
    with connection.transaction(), connection.cursor() as cursor:
        described = cursor.execute(empty.encode()).description or []
        name_columns([column.name for column in described], source=source)
        asked = [column.type_code for column in described]
        kinds = {code: _kind(*told) for code, *told in cursor.execute(KINDS, (asked,)).fetchall()}
    schema = {column.name: typed.from_string(kinds[column.type_code]) for column in described}
    return import_module("ibis").schema(schema)


def _kind(category: str, name: str) -> str:
    """Name of a type; one of words (an enum, a domain of texts) is text."""
    return "text" if category in "ES" else name
