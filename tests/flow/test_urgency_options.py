"""Capacity and urgency said beside the table: refused where no recipe reads them."""

import pytest

from iagkit import flow
from iagkit.core.errors import UsageError


@pytest.mark.parametrize(
    "said", [{"capacity": 20.0}, {"urgent": "urgente"}, {"urgent_classes": ("amparo",)}]
)
def test_a_prototype_that_reads_no_urgency_refuses_what_is_said_of_it(said, table):
    with pytest.raises(UsageError, match="document-triage; got 'citizen-requests'"):
        flow.run("citizen-requests", table, track=False, **said)
