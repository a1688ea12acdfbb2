"""The time zone of a log: told, or what its offsets and its midnights tell."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import UsageError
from iagkit.core.message import Message, say
from iagkit.core.registry import did_you_mean
from iagkit.wire.logs.times import MINUTE, NEVER, Stamps, Written

Offsets = NDArray[np.float64]
EARLIEST: Final = np.datetime64("1900-01-02", "us")
"""Earlier times are none of a case log."""
NOTHING: Final = np.datetime64("1900-01-01")
"""What spreadsheets write for nothing."""
LATEST: Final = np.datetime64("2200-01-01", "us")
EMPTY: Final = np.datetime64("1970-01-01T00:00:00", "us")
"""What programs write for nothing."""
ZONES: Final = (
    "America/Sao_Paulo", "America/Argentina/Buenos_Aires", "America/Bogota", "America/Lima",
    "America/Santiago", "America/Mexico_City", "America/Montevideo", "America/Asuncion",
    "America/La_Paz", "America/Caracas", "America/Guayaquil", "America/Panama",
    "America/Costa_Rica", "America/Guatemala", "America/Santo_Domingo", "America/Havana",
    "America/Puerto_Rico", "America/Jamaica", "America/Manaus", "America/Tijuana",
    "Europe/Madrid", "Europe/Lisbon", "Europe/London", "America/New_York", "America/Chicago",
    "America/Denver", "America/Los_Angeles", "Europe/Athens",
)  # fmt: skip
"""Clocks that offsets are held against, those of the region first."""
LOOKED_AT: Final = 5000
"""Times that are held against a clock, spread over the log."""
MIDNIGHTS: Final = 0.95
"""Share of midnights from which on times are dates."""
SOME: Final = 0.2
"""Share that is enough where midnights stand at two hours, as summer and winter make them."""
IN_UTC: Final = say(
    "times are in UTC, as the file says; say --zone to have hours and days of the place"
)
FEW: Final = 20
"""Fewer times are no evidence of a zone."""


def refuse_unknown_zone(zone: str) -> None:
    """Refuse a name that is no time zone."""
    if not zone:
        return
    try:
        zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        known = sorted(zoneinfo.available_timezones())
        msg = (
            f"expected a time zone of the IANA list, such as America/Bogota; got "
            f"'{zone}'.{did_you_mean(zone, known)}"
        )
        raise UsageError(msg) from None


def local(moment: datetime, zone: str) -> datetime:
    """Local time of a moment, without its zone; as it is if it has none, or none is told."""
    if moment.tzinfo is not None and zone:
        moment = moment.astimezone(zoneinfo.ZoneInfo(zone))
    return moment.replace(tzinfo=None)


def possible(times: Stamps) -> NDArray[np.bool_]:
    """Tell which times can be of a case at all; years 0001 and 7021 cannot."""
    inside: NDArray[np.bool_] = (times >= EARLIEST) & (times < LATEST) & (times != EMPTY)
    return inside


def placeholder(times: Stamps) -> NDArray[np.bool_]:
    """Tell which times are those that programs write for nothing."""
    found: NDArray[np.bool_] = (times == EMPTY) | (times.astype("datetime64[D]") == NOTHING)
    return found


def localised(
    wall: Mapping[str, Stamps], columns: Mapping[str, Written], zone: str
) -> tuple[dict[str, Stamps], str, tuple[Message, ...]]:
    """Bring written times to one zone.

    Parameters
    ----------
    wall : mapping of str to ndarray of datetime64[us]
        As written, by role.
    columns : mapping of str to Written
        Offsets of the same columns.
    zone : str
        As told; empty: found out.

    Returns
    -------
    mapping of str to ndarray of datetime64[us], str, tuple of Message
        Local times; the zone, empty if nothing tells; what was chosen.
    """
    offsets = {r: np.where(np.isnat(wall[r]), np.nan, c.offset) for r, c in columns.items()}
    n_aware = sum(int((~np.isnan(offset)).sum()) for offset in offsets.values())
    n_naive = sum(int((~np.isnat(wall[r]) & np.isnan(offsets[r])).sum()) for r in wall)
    if not n_aware:
        return dict(wall), zone, () if zone else (say("nothing tells the time zone of the log"),)
    said: tuple[Message, ...] = ()
    if not zone:
        zone, said = _zone_of(wall, offsets)
    if n_naive:
        said += (
            say(
                "{naive} times without a time zone were taken as local times beside {aware} that "
                "have one",
                naive=n_naive,
                aware=n_aware,
            ),
        )
    local = {r: _moved(wall[r], offsets[r], zone) for r in wall}
    return local, zone, said


def _moved(wall: Stamps, offset: Offsets, zone: str) -> Stamps:
    """Wall times of a zone; those without an offset stay, and so do impossible ones."""
    rows = ~np.isnan(offset) & possible(wall)
    if not rows.any():
        return wall
    moved = wall.copy()
    moved[rows] = _shown(_instants(wall[rows], offset[rows]), zone)
    return moved


def _zone_of(
    wall: Mapping[str, Stamps], offsets: Mapping[str, Offsets]
) -> tuple[str, tuple[Message, ...]]:
    """Zone whose clock shows the written times; else whose midnights they are; else UTC."""
    local = [r for r in wall if bool((np.nan_to_num(offsets[r]) != 0).any())]
    if not local:
        return _by_midnights(wall, offsets)
    stamps = np.concatenate([wall[r] for r in local])
    away = np.concatenate([offsets[r] for r in local])
    rows = ~np.isnan(away) & possible(stamps)
    fitting = _fitting(stamps[rows], away[rows])
    if fitting:
        said = say(
            "offsets of the times are those of {zone}, which was taken as time zone; say --zone "
            "for another",
            zone=fitting[0],
        )
        if others := len(fitting) - 1:
            said = say(
                "offsets of the times are those of {zone}, which was taken as time zone ({others} "
                "others that iagkit compares with have had the same); say --zone for another",
                zone=fitting[0],
                others=others,
            )
        return fitting[0], (said,)
    return "UTC", (
        say(
            "offsets of the times are of no single time zone that iagkit compares with; all were "
            "converted to UTC. Say --zone to have hours and days of the place"
        ),
    )


def _fitting(stamps: Stamps, away: Offsets) -> list[str]:
    rows: Any = np.linspace(0, len(stamps) - 1, min(LOOKED_AT, len(stamps))).astype(int)
    rows = np.unique(np.concatenate([rows, np.unique(away, return_index=True)[1]]))
    shown = stamps[rows]
    instants = _instants(shown, away[rows])
    return [zone for zone in ZONES if bool((_shown(instants, zone) == shown).all())]


def _by_midnights(
    wall: Mapping[str, Stamps], offsets: Mapping[str, Offsets]
) -> tuple[str, tuple[Message, ...]]:
    """Times in UTC that all are midnights elsewhere, in summer and winter, are dates of there."""
    stamps = wall[next(iter(wall))]
    stamps = stamps[possible(stamps) & ~np.isnan(offsets[next(iter(wall))])]
    if stamps.size >= FEW:
        instants = _instants(stamps, np.zeros(len(stamps)))
        if float((stamps == stamps.astype("datetime64[D]")).mean()) >= MIDNIGHTS:
            return "UTC", (IN_UTC,)
        for zone in ZONES:
            there = _shown(instants, zone)
            midnight = there == there.astype("datetime64[D]")
            share = float(midnight.mean())
            if share >= MIDNIGHTS or (share >= SOME and _both_hours(stamps[midnight])):
                return zone, (
                    say(
                        "{share:.0%} of all times are midnights of {zone} written in UTC, so that "
                        "they are dates; this was taken as time zone. Say --zone for another",
                        zone=zone,
                        share=share,
                    ),
                )
    return "UTC", (IN_UTC,)


def _both_hours(stamps: Stamps) -> bool:
    """Tell whether a clock that changes in summer made these: a nightly job keeps to one hour."""
    hours, n = np.unique(stamps - stamps.astype("datetime64[D]"), return_counts=True)
    return len(hours) == 2 and bool(n.min() >= SOME * n.sum())


def _instants(wall: Stamps, away: Offsets) -> Any:
    import pandas as pd

    shift = (away * MINUTE).astype("int64").astype("timedelta64[us]")
    return pd.DatetimeIndex(wall - shift).tz_localize("UTC")


def _shown(instants: Any, zone: str) -> Stamps:
    there: Stamps = instants.tz_convert(zone).tz_localize(None).to_numpy().astype("datetime64[us]")
    return there


def latest(times: Sequence[Stamps], now: np.datetime64) -> np.datetime64:
    """Last time that can have been when a log was cut: none of the future."""
    known = np.concatenate([t[possible(t) & (t <= now)] for t in times])
    return np.datetime64(known.max(), "us") if known.size else NEVER
