"""Keep MLflow from logging every model that is trained on the way to an answer."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_autolog() -> Iterator[None]:
    """Switch off, for a while, what a person's ``mlflow.sklearn.autolog()`` switched on.

    Methods that train dozens of models would otherwise leave dozens of runs behind, and take
    a hundred times longer. MLflow is not imported for this: unless it already was, nobody can
    have switched anything on.
    """
    if "mlflow.sklearn" not in sys.modules:
        yield
        return
    from mlflow.utils.autologging_utils import disable_autologging

    with disable_autologging():
        yield
