"""Cells that no spreadsheet computes, whichever sign its country parts cells by."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.wire.rows import guarded, unguarded

TEXT = st.text(st.sampled_from("a =+-@;,\t\r\n"), max_size=12)


@pytest.mark.parametrize(
    ("told", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("Ley;=cmd|'/c calc'!A1", "Ley;'=cmd|'/c calc'!A1"),
        ("a\n=b", "a\n'=b"),
        ("\tx", "'\tx"),
        ("Ley 24.156; art. 3", "Ley 24.156; art. 3"),
    ],
)
def test_a_formula_is_guarded_wherever_a_cell_may_begin(told, safe):
    assert guarded(told) == safe


@given(TEXT)
def test_no_part_of_a_guarded_cell_begins_a_formula_and_none_is_lost(told):
    safe = guarded(told)
    parts = re.split(r"[;\t\r\n]", safe)
    assert not any(part.lstrip().startswith(("=", "+", "-", "@")) for part in parts)
    assert unguarded(safe) == told
