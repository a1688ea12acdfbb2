import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.measures.unknown_groups import gap_bounds


def every_gap(hits, n, unknown):
    """Gaps of two groups over all ways to divide the unknown between them."""
    more, all_ = unknown
    for to_first in range(more + 1):
        for misses in range(all_ - more + 1):
            a = (hits[0] + to_first) / (n[0] + to_first + misses)
            b = (hits[1] + more - to_first) / (n[1] + all_ - to_first - misses)
            yield abs(a - b)


@given(
    st.tuples(st.integers(1, 12), st.integers(1, 12)), st.data(), st.integers(0, 4),
    st.integers(0, 4),
)  # fmt: skip
def test_no_way_to_place_the_unknown_leaves_the_bounds(n, data, more, others):
    hits = [data.draw(st.integers(0, size)) for size in n]
    found = gap_bounds(np.array(hits, float), np.array(n, float), (more, more + others))
    gaps = list(every_gap(hits, n, (more, more + others)))
    assert found.low <= min(gaps) + 1e-12
    assert found.high == pytest.approx(max(gaps))
    assert found.low <= found.value <= found.high


def test_without_unknown_people_the_bounds_are_the_gap():
    found = gap_bounds(np.array([5.0, 2.0, 0.0]), np.array([10.0, 10.0, 0.0]), (0.0, 0.0))
    assert (found.low, found.high) == pytest.approx((0.3, 0.3))
    assert found.level is None


def test_one_group_has_no_gap():
    assert gap_bounds(np.array([5.0, 0.0]), np.array([10.0, 0.0]), (1.0, 2.0)) is None
