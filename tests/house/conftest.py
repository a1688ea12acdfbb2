"""What the tests of the house share: the checkout and the files that git keeps."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def tracked(root) -> tuple[Path, ...]:
    """Every committed file; skips where the project is not a git checkout."""
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():
        pytest.skip("this is not a git checkout, so there are no committed files to look at")
    told = subprocess.run([git, "ls-files", "-z"], cwd=root, capture_output=True, check=True)
    paths = (root / name for name in told.stdout.decode().split("\0") if name)
    return tuple(path for path in paths if path.is_file())


@pytest.fixture(scope="session")
def source_files(root) -> tuple[Path, ...]:
    """The modules of the library."""
    return tuple(sorted((root / "src/iagkit").rglob("*.py")))


@pytest.fixture(scope="session")
def pages(root) -> tuple[Path, ...]:
    """Every Markdown page that a person opens first."""
    folders = ("docs", "prototypes", "datasets", "benchmarks", "changes")
    inside = (p for f in folders for p in (root / f).rglob("*.md") if "_build" not in p.parts)
    return (root / "README.md", root / "CONTRIBUTING.md", *sorted(inside))
