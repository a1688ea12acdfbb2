"""Fetched bytes are the pinned ones, or not there at all; nothing is brought twice."""

import hashlib
import http.server
import socket
import threading
import time
from typing import ClassVar

import pytest

from iagkit.core.errors import DeclarationError, FetchError
from iagkit.wire import fetching, registry
from iagkit.wire.datasets import load
from iagkit.wire.fetching import AbsentError, Pinned, from_folder, from_url

CONTENT = b"id,text,office\n" + b"".join(
    b"%d,hola vecino %d,%s\n" % (n, n, b"ab"[n % 2 : n % 2 + 1]) for n in range(30_000)
)
WANTED = Pinned(name="t.csv", size=len(CONTENT), sha256=hashlib.sha256(CONTENT).hexdigest())


class Server(http.server.BaseHTTPRequestHandler):
    """Serves one file, in ways that a test chooses."""

    ranges, cut_at, status, content, silent, seen = True, None, 200, CONTENT, False, []

    def do_GET(self):
        cls = type(self)
        cls.seen.append(self.headers.get("Range"))
        if cls.silent:
            time.sleep(2)
        if cls.status != 200:
            self.send_error(cls.status)
            return
        asked = self.headers.get("Range")
        begin = int(asked.removeprefix("bytes=").rstrip("-")) if asked and cls.ranges else 0
        body = cls.content[begin:]
        self.send_response(206 if begin else 200)
        if begin:
            self.send_header(
                "Content-Range", f"bytes {begin}-{len(cls.content) - 1}/{len(cls.content)}"
            )
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if cls.cut_at is not None and cls.cut_at > begin:
            self.wfile.write(cls.content[begin : cls.cut_at])
            cls.cut_at = None
            return
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    class Fresh(Server):
        seen: ClassVar[list] = []

    served = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Fresh)
    thread = threading.Thread(target=served.serve_forever, daemon=True)
    thread.start()
    Fresh.url = f"http://127.0.0.1:{served.server_port}"
    yield Fresh
    served.shutdown()
    served.server_close()


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(fetching, "PAUSE", 0.01)


def bring(server, target, **options):
    from_url(f"{server.url}/x/t.csv", target, WANTED, **options)


def test_a_file_is_brought_and_progress_is_told(server, tmp_path):
    told = []
    bring(server, tmp_path / "new/t.csv", progress=lambda *args: told.append(args))
    assert (tmp_path / "new/t.csv").read_bytes() == CONTENT
    assert told[-1] == ("t.csv", len(CONTENT), len(CONTENT))
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert not (tmp_path / "new/t.csv.part").exists()


def test_a_broken_connection_goes_on_where_it_stopped(server, tmp_path):
    server.cut_at = 300_000
    bring(server, tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_bytes() == CONTENT
    assert server.seen == [None, "bytes=300000-"]


def test_what_came_is_kept_for_the_next_try(server, tmp_path):
    server.cut_at = 300_000
    with pytest.raises(
        FetchError, match=r"300000 of .* bytes are kept and the next try goes on there"
    ):
        bring(server, tmp_path / "t.csv", attempts=1)
    assert not (tmp_path / "t.csv").exists()
    bring(server, tmp_path / "t.csv", attempts=1)
    assert (tmp_path / "t.csv").read_bytes() == CONTENT
    assert server.seen[-1] == "bytes=300000-"


def test_a_server_that_cannot_go_on_starts_anew(server, tmp_path):
    server.ranges = False
    (tmp_path / "t.csv.part").write_bytes(b"x" * 1000)
    bring(server, tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_bytes() == CONTENT


def test_a_part_that_is_too_long_is_begun_again(server, tmp_path):
    (tmp_path / "t.csv.part").write_bytes(b"x" * (len(CONTENT) + 1))
    bring(server, tmp_path / "t.csv")
    assert server.seen == [None]


def test_a_part_of_another_file_is_found_out_and_begun_again(server, tmp_path):
    (tmp_path / "t.csv.part").write_bytes(b"x" * 1000)
    bring(server, tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_bytes() == CONTENT
    assert server.seen == ["bytes=1000-", None]


def test_other_bytes_of_the_same_length_are_refused(server, tmp_path):
    server.content = CONTENT[:-2] + b"!\n"
    with pytest.raises(FetchError, match="not the pinned file and was removed") as caught:
        bring(server, tmp_path / "t.csv")
    assert WANTED.sha256 in str(caught.value)
    assert hashlib.sha256(server.content).hexdigest() in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_longer_file_is_refused_before_it_is_brought(server, tmp_path):
    server.content = CONTENT * 2
    with pytest.raises(
        FetchError, match=rf"expected {len(CONTENT)} bytes .* offers {2 * len(CONTENT)}"
    ):
        bring(server, tmp_path / "t.csv")


def test_a_shorter_file_is_not_taken_for_the_whole(server, tmp_path):
    server.content = CONTENT[:-5000]
    with pytest.raises(FetchError, match=r"the connection ended after|could not go on"):
        bring(server, tmp_path / "t.csv")
    assert not (tmp_path / "t.csv").exists()


@pytest.mark.parametrize(("status", "kind", "told"), [
    (404, AbsentError, "answered 404"), (403, FetchError, "refused 't.csv'"),
    (503, FetchError, "the server answered 503"),
])  # fmt: skip
def test_a_server_that_says_no(server, tmp_path, status, kind, told):
    server.status = status
    with pytest.raises(kind, match=told):
        bring(server, tmp_path / "t.csv")
    assert len(server.seen) == (3 if status == 503 else 1)


def test_a_dead_server(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(FetchError, match=r"Connection refused.*IAGKIT_DATA_MIRROR"):
        from_url(f"http://127.0.0.1:{port}/t.csv", tmp_path / "t.csv", WANTED)


def test_a_silent_server_is_not_waited_for_without_end(server, tmp_path):
    server.silent = True
    with pytest.raises(FetchError, match="did not answer in time"):
        bring(server, tmp_path / "t.csv", seconds=0.2, attempts=1)


def test_a_full_disk_is_told_and_what_came_is_kept(server, tmp_path, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(fetching, "_write", full)
    with pytest.raises(FetchError, match=r"the disk is full.*--into"):
        bring(server, tmp_path / "t.csv")


def test_a_folder_that_cannot_be_made(server, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FetchError, match="cannot be written"):
        bring(server, tmp_path / "file/t.csv")


def test_a_mirror_folder_is_checked_like_an_origin(tmp_path):
    (tmp_path / "mirror.csv").write_bytes(CONTENT)
    from_folder(tmp_path / "mirror.csv", tmp_path / "t.csv", WANTED)
    assert (tmp_path / "t.csv").read_bytes() == CONTENT
    (tmp_path / "mirror.csv").write_bytes(b"other")
    with pytest.raises(FetchError, match="is not the pinned file"):
        from_folder(tmp_path / "mirror.csv", tmp_path / "u.csv", WANTED)
    with pytest.raises(AbsentError, match="the mirror has no file"):
        from_folder(tmp_path / "none.csv", tmp_path / "u.csv", WANTED)


MANIFEST = """
name: ours
licence: CC0-1.0
files:
  - file: t.csv
    bytes: {bytes}
    sha256: {sha256}
    format: csv
    {origin}
"""
CARD = """
name: ours
title: {en: Ours}
description: {en: Made by a test}
licence: CC0-1.0
source: a test
columns:
  - {name: id, role: id}
  - {name: text, role: text}
  - {name: office, role: target}
"""


@pytest.fixture
def declare_ours(tmp_path, monkeypatch):
    def _declare(origin):
        folder = tmp_path / "project/datasets/ours"
        folder.mkdir(parents=True)
        (folder / "card.yaml").write_text(CARD)
        text = MANIFEST.format(bytes=WANTED.size, sha256=WANTED.sha256, origin=origin)
        (folder / "manifest.yaml").write_text(text)
        monkeypatch.chdir(tmp_path / "project")
        monkeypatch.setenv("IAGKIT_DATA", str(tmp_path / "cache"))
        monkeypatch.delenv("IAGKIT_DATA_MIRROR", raising=False)
        return folder

    return _declare


def test_a_data_set_is_brought_from_its_origin_once(server, tmp_path, declare_ours):
    declare_ours(f"url: {server.url}/t.csv")
    assert "ours" in registry.names()
    assert registry.fetch("ours") == [tmp_path / "cache/ours/t.csv"]
    registry.fetch("ours")
    assert len(server.seen) == 1
    assert len(load("ours").table) == 30_000


def test_a_mirror_address_is_asked_first_and_the_origin_for_the_rest(
    server, tmp_path, declare_ours
):
    declare_ours(f"url: {server.url}/origin/t.csv\n    mirror: sub/t.csv")
    registry.fetch("ours", into=tmp_path / "a", mirror=f"{server.url}/mirror/")
    empty = tmp_path / "empty"
    empty.mkdir()
    registry.fetch("ours", into=tmp_path / "b", mirror=str(empty))
    assert (tmp_path / "b/t.csv").read_bytes() == CONTENT
    assert len(server.seen) == 2


def test_a_mirror_folder_of_the_environment_is_used_by_load(tmp_path, declare_ours, monkeypatch):
    declare_ours("mirror: sub/t.csv\n    derived_from: a public list")
    (tmp_path / "mirror/sub").mkdir(parents=True)
    (tmp_path / "mirror/sub/t.csv").write_bytes(CONTENT)
    with pytest.raises(FetchError, match=r"no public address: it was derived from a public list"):
        load("ours")
    monkeypatch.setenv("IAGKIT_DATA_MIRROR", str(tmp_path / "mirror"))
    assert load("ours").sha256 == WANTED.sha256


def test_a_mirror_that_is_neither_folder_nor_address_is_refused(declare_ours):
    declare_ours("mirror: sub/t.csv\n    derived_from: a public list")
    for mirror in ("/nowhere/at/all", "ftp://host/x", "file:///etc"):
        with pytest.raises(FetchError, match="expected a folder or an http"):
            registry.fetch("ours", mirror=mirror)


@pytest.mark.parametrize(
    "origin",
    [
        "mirror: ../up.csv\n    derived_from: x",
        "url: file:///etc/passwd",
        "url: null",
        "mirror: /abs\n    derived_from: x",
        "mirror: only/this",
    ],
)
def test_a_manifest_cannot_point_outside(declare_ours, origin):
    declare_ours(origin)
    with pytest.raises(DeclarationError):
        registry.fetch("ours")


def test_a_shipped_file_that_was_changed_is_told(declare_ours):
    folder = declare_ours("shipped: true")
    (folder / "t.csv").write_bytes(CONTENT)
    assert registry.fetch("ours") == [folder / "t.csv"]
    (folder / "t.csv").write_bytes(CONTENT + b"\n")
    with pytest.raises(FetchError, match="missing or changed"):
        registry.fetch("ours")


def test_a_damaged_file_in_the_cache_is_brought_again(server, tmp_path, declare_ours):
    declare_ours(f"url: {server.url}/t.csv")
    (registry.fetch("ours")[0]).write_bytes(b"damaged")
    assert registry.fetch("ours")[0].read_bytes() == CONTENT


def test_every_registered_data_set_has_a_card_in_three_languages_and_a_manifest():
    names = registry.names()
    assert {"citizen-requests-sample", "cdmx_foi_es", "lener_br", "adult"} <= set(names)
    for name in names:
        card, manifest = registry.card(name), registry.manifest(name)
        assert card.name == manifest.name == name
        assert set(card.title) == set(card.description) == {"es", "pt", "en"}
        assert card.limits, name


@pytest.mark.data
def test_the_pinned_digests_are_those_of_the_mirror(mirror, tmp_path):
    for name in registry.names():
        for file in registry.manifest(name).files:
            if file.mirror:
                wanted = Pinned(name=file.file, size=file.bytes, sha256=file.sha256)
                assert fetching.is_whole(mirror / file.mirror, wanted), name
    paths = registry.fetch("adult", into=tmp_path, mirror=str(mirror))
    assert [path.name for path in paths] == ["adult.data.txt", "adult.test.txt"]


def test_a_data_set_of_several_files_is_fetched_not_loaded():
    with pytest.raises(FetchError, match="iagkit datasets fetch lener_br"):
        load("lener_br")
