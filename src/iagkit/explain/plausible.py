"""Whether a changed person still looks like people the model has seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from iagkit.explain.attribution import drawn
from iagkit.explain.tables import Floats, Table, deviation, numeric_columns

NEAR = 5
BATCH = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Plausible:
    """Density of the training rows, by distance to the nearest of them.

    Parameters
    ----------
    training : DataFrame
        Rows kept, at most 1,000.
    places : array of float, shape (n, p)
        Numbers in standard deviations, and half a one for each category, so that the sum of
        absolute differences counts a change of category as one standard deviation [1]_.
    spread : mapping of str to float
    limit : float
        Distance that a share of the training rows themselves do not exceed.

    References
    ----------
    .. [1] Gower, J. C. (1971). A general coefficient of similarity and some of its properties.
       Biometrics 27(4), 857-871.
    """

    training: Table
    places: Floats
    spread: dict[str, float]
    limit: float

    @classmethod
    def of(cls, training: Table, *, quantile: float = 0.95, seed: int = 0) -> Plausible:
        """Learn the density of at most 1,000 training rows."""
        kept, spread = drawn(training, 1000, seed), deviation(training)
        places = _placed(kept, kept, spread)
        own = _distance(places, places, itself=True)
        limit = float(np.quantile(own, quantile))
        return cls(training=kept, places=places, spread=spread, limit=limit)

    def distance(self, rows: Table) -> Floats:
        """Distance of each row to its fifth nearest training row, in standard deviations."""
        return _distance(_placed(rows, self.training, self.spread), self.places)


def _placed(rows: Table, training: Table, spread: dict[str, float]) -> Floats:
    numeric = set(numeric_columns(training))
    parts = []
    for name in training.columns:
        if name in numeric:
            centre = float(training[name].median())
            values = rows[name].to_numpy(dtype=float, na_value=np.nan)
            parts.append((np.where(np.isnan(values), centre, values) / spread[name])[:, None])
        else:
            values = rows[name].astype(object).to_numpy()
            seen = training[name].dropna().unique()
            parts.append(
                np.stack([values == value for value in seen] or [values == ""], axis=1) / 2
            )
    return np.hstack(parts).astype(float)


def _distance(places: Floats, known: Floats, *, itself: bool = False) -> Floats:
    from scipy.spatial.distance import cdist

    nearest = min(NEAR - 1 + itself, len(known) - 1)
    found = [
        np.partition(cdist(places[at : at + BATCH], known, "cityblock"), nearest, axis=1)[
            :, nearest
        ]
        for at in range(0, len(places), BATCH)
    ]
    return np.concatenate(found) if found else np.empty(0)
