"""Hostile long texts: no expression is quadratic, so that a document cannot stop the queue."""

from __future__ import annotations

import time

import pytest

from iagkit.text.privacy.find import find_personal

GATES = "a@b.co @ arroba www. :// .com/ me llamo edad naci 1:1:1:1 1.1.1.1 1.1234 Rua 1 ++ 00 "
"""Opens every recogniser that a cheap look at the text would otherwise spare."""

HOSTILE = (
    *("7", "A", "a.", "a.a.a.", "A.A.", " ", "\n", "Sr. Sr. Sr. ", "(", "[({", "1.", "1 ", "a@"),
    *("ab12-", "a1-", "Ana ", "De ", "Rua A ", "DNI ", "&#1", "1\u200b", "a\u0301", "123,"),
    *("DNI 30.123.456 ", "000201", "ES91 ", "me llamo ana ", "1:", "a [at] "),
)


def seconds(text):
    """CPU, of the better of two: what else the machine does counts less."""
    spent = []
    for _ in range(2):
        begin = time.process_time()
        find_personal(text)
        spent.append(time.process_time() - begin)
    return min(spent)


def ratio(piece, most):
    text = GATES + piece * (most // len(piece))
    return seconds(text), seconds(text[: most // 2])


@pytest.mark.parametrize("piece", HOSTILE, ids=ascii)
def test_a_text_twice_as_long_takes_no_more_than_three_times_as_long(piece):
    long, short = ratio(piece, 20_000)
    assert long < 3 * short + 0.1


@pytest.mark.slow
@pytest.mark.parametrize("piece", HOSTILE, ids=ascii)
def test_400_kB_take_no_more_than_three_times_as_long_as_200_kB(piece):
    long, short = ratio(piece, 400_000)
    assert long < 3 * short + 0.1
