"""Real engines for the tests: a PostgreSQL that lives for one session, and a local Spark."""

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

READER = "lectora"
PASSWORD = "s3creta-hunter2"


@dataclass(frozen=True, kw_only=True)
class Server:
    """A PostgreSQL server on loopback.

    ``owner`` is the address of who may do everything, ``reader`` that of a role that can only
    read (no temporary tables either); ``log`` is a file with every statement.
    """

    owner: str
    reader: str
    log: Path

    def statements(self):
        """Return what was asked so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")


def _programs():
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    found = installed[0] if installed else shutil.which("initdb")
    if not found or not (folder := Path(found).resolve().parent).joinpath("postgres").exists():
        pytest.skip("PostgreSQL's server is not installed (on Debian: apt install postgresql)")
    return folder


def _as_somebody(folder):
    """PostgreSQL refuses to be started by root: hand its folder to nobody, and become nobody."""
    if os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        pytest.skip("PostgreSQL does not run as root, and setpriv is not there to be someone else")
    os.chown(folder, 65534, 65534)
    return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]


def _free_port():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def postgres():
    """Server with a role that can only read; gone, with its folder, when the tests are over."""
    psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed (extra 'db')")
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="iagkit-pg-"))
    somebody = _as_somebody(folder)
    data, log, port = folder / "data", folder / "log", _free_port()
    settings = (
        f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c fsync=off "
        "-c log_statement=all -c log_min_messages=log -c shared_buffers=16MB"
    )
    make = [programs / "initdb", "-D", data, "-A", "trust", "-U", "owner", "-N"]
    start = [programs / "pg_ctl", "-D", data, "-l", log, "-o", settings, "-w", "start"]
    try:
        for command in (make, start):
            subprocess.run(
                [*somebody, *command],
                check=True, capture_output=True, cwd=folder, env={"LC_ALL": "C.UTF-8"},
            )  # fmt: skip
    except subprocess.CalledProcessError as error:
        shutil.rmtree(folder, ignore_errors=True)
        told = error.stderr.decode(errors="replace").strip().splitlines()
        pytest.skip(f"PostgreSQL is installed but does not start here: {told[-1:]}")
    try:
        address = f"127.0.0.1:{port}/postgres"
        with psycopg.connect(f"postgresql://owner@{address}", autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {READER} LOGIN PASSWORD '{PASSWORD}'")
            connection.execute(f"ALTER ROLE {READER} SET default_transaction_read_only = on")
            connection.execute("REVOKE TEMPORARY, CREATE ON DATABASE postgres FROM PUBLIC")
            connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
            connection.execute(
                f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {READER}"
            )
        yield Server(
            owner=f"postgresql://owner@{address}",
            reader=f"postgresql://{READER}:{PASSWORD}@{address}",
            log=log,
        )
    finally:
        stop = [*somebody, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"]
        subprocess.run(stop, check=False, capture_output=True, cwd=folder)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def spark():
    """One local worker, without its web page; about ten seconds to start."""
    sql = pytest.importorskip("pyspark.sql", reason="PySpark is not installed (extra 'spark')")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("Spark needs Java (17 or newer), which is not installed")
    with tempfile.TemporaryDirectory(prefix="iagkit-spark-") as folder:
        session = (
            sql.SparkSession.builder.master("local[1]")
            .appName("iagkit-tests")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.memory", "600m")
            .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.sql.codegen.wholeStage", "false")
            .config("spark.sql.adaptive.enabled", "false")
            .config("spark.sql.shuffle.partitions", "1")
            .config("spark.sql.warehouse.dir", folder)
            .config("spark.local.dir", folder)
            .config("spark.log.level", "ERROR")
            .getOrCreate()
        )
        yield session
        session.stop()
