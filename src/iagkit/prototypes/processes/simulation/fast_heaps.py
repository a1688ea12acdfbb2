"""Heaps for compiled code, and the compiler."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile when first called, and keep what was compiled where there is a place to keep it."""
    try:
        return cast("F", njit(cache=True, forceinline=True)(function))
    except RuntimeError:  # neither the package nor a home can be written
        return cast("F", njit(forceinline=True)(function))


@compiled
def push(times: Any, codes: Any, size: int, time: float, code: int) -> None:
    """Put an event at the end of a heap of ``size``, and let it rise."""
    at = size
    while at > 0:
        up = (at - 1) >> 1
        if times[up] < time or (times[up] == time and codes[up] < code):
            break
        times[at], codes[at] = times[up], codes[up]
        at = up
    times[at], codes[at] = time, code


@compiled
def drop(times: Any, codes: Any, size: int) -> None:
    """Take the first event out of a heap that keeps ``size``: the last one, at ``size``, sinks."""
    time, code, at = times[size], codes[size], 0
    while True:
        low = 2 * at + 1
        if low >= size:
            break
        right = low + 1
        if right < size and (
            times[right] < times[low] or (times[right] == times[low] and codes[right] < codes[low])
        ):
            low = right
        if time < times[low] or (time == times[low] and code < codes[low]):
            break
        times[at], codes[at] = times[low], codes[low]
        at = low
    times[at], codes[at] = time, code


@compiled
def replace(free: Any, low: int, high: int, time: float) -> None:
    """Replace the smallest of ``free[low:high]``, a heap."""
    at, size = 0, high - low
    while True:
        down = 2 * at + 1
        if down >= size:
            break
        if down + 1 < size and free[low + down + 1] < free[low + down]:
            down += 1
        if time <= free[low + down]:
            break
        free[low + at] = free[low + down]
        at = down
    free[low + at] = time
