"""A real Chromium without network, and axe-core; tests are skipped where either is missing."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "report"))
CHROMIUM = Path(os.environ.get("IAGKIT_CHROMIUM", "/usr/bin/chromium"))
AXE = Path(os.environ.get("IAGKIT_AXE", ROOT / "node_modules" / "axe-core" / "axe.min.js"))
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Headless Chromium."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM.is_file():
        pytest.skip(f"there is no Chromium at {CHROMIUM}: install it or set IAGKIT_CHROMIUM")
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """Source of axe-core."""
    if not AXE.is_file():
        pytest.skip("axe-core is not here: `npm install axe-core`, or set IAGKIT_AXE to axe.min.js")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports of a record that may be used and, below it, of one that must not and of an audit."""
    from made_up import a_record
    from made_up_audit import an_audit

    from iagkit.report import write_report

    fine = tmp_path_factory.mktemp("reports")
    write_report(a_record(), fine, lang="es")
    blocked = fine / "blocked"
    blocked.mkdir()
    write_report(a_record(accuracy=0.45, groups=False), blocked, lang="pt")
    audited = fine / "audit"
    audited.mkdir()
    write_report(an_audit(), audited, lang="es")
    return fine
