import pytest
from handmade_runs import make_run

from iagkit.core.nouns import Run


@pytest.fixture
def run() -> Run:
    return make_run()
