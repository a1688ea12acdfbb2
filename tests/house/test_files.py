"""What may never be committed: big files, places of one machine, data of others."""

import hashlib
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

LIMIT = 1_000_000
OWN = "citizen-requests-sample"
TEXT = {
    ".cff", ".css", ".csv", ".html", ".ipynb", ".js", ".json", ".md", ".po", ".pot", ".py", ".svg",
    ".toml", ".txt", ".yaml", ".yml", "",
}  # fmt: skip


@pytest.fixture(scope="session")
def pinned(root) -> set[str]:
    """SHA-256 of every file of others that a manifest names."""
    manifests = (p for p in (root / "datasets").glob("*/manifest.yaml") if p.parent.name != OWN)
    return {h for p in manifests for h in re.findall(r"\b[0-9a-f]{64}\b", p.read_text("utf-8"))}


def test_no_committed_file_is_above_one_megabyte_but_the_lock(tracked):
    assert [p.name for p in tracked if p.stat().st_size > LIMIT and p.name != "uv.lock"] == []


def test_no_committed_file_is_data_of_others(tracked, pinned):
    assert [p.name for p in tracked if _sha256(p) in pinned] == []


@pytest.mark.data
def test_no_committed_file_is_in_the_mirror_of_real_data(tracked, mirror):
    listed = (mirror / "MANIFEST.yaml").read_text(encoding="utf-8")
    foreign = set(re.findall(r"\b[0-9a-f]{64}\b", listed))
    assert len(foreign) > 20
    assert [p.name for p in tracked if _sha256(p) in foreign] == []


def test_no_committed_file_names_a_place_of_this_machine(root, tracked):
    place = _places(root)
    named = [
        f"{path.relative_to(root)}: {found[0]}"
        for path in tracked
        if path.suffix in TEXT and (found := place.search(path.read_text("utf-8")))
    ]
    assert named == []


def test_no_commit_message_names_a_place_of_this_machine(root, tracked):
    told = subprocess.run(
        ["git", "log", "--format=%B"], cwd=root, capture_output=True, check=True, text=True
    )
    assert _places(root).search(told.stdout) is None


def test_a_place_of_this_machine_is_recognised_but_not_its_namesakes(root):
    place = _places(root)
    assert place.search(f"see {root}/README.md")
    assert place.search(f'"{Path.home()}"') or len(Path.home().parts) < 2
    assert not place.search("https://example.org" + str(root))


def test_no_pickle_and_no_model_is_committed(tracked):
    forbidden = {".pkl", ".pickle", ".joblib", ".skops", ".parquet", ".db", ".sqlite"}
    assert [p.name for p in tracked if p.suffix in forbidden] == []


def _places(root: Path) -> re.Pattern[str]:
    """Absolute folders of this machine: checkout, its parent, home, temporary, interpreter."""
    folders = (root, root.parent, Path.home(), Path(tempfile.gettempdir()), Path(sys.base_prefix))
    named = {str(f) for f in folders if len(f.parts) > 1 and str(f) != "/usr"}
    return re.compile(rf"(?<![\w./~%-])(?:{'|'.join(map(re.escape, sorted(named)))})(?![\w-])")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
