"""Every refusal iagkit can give; the command line turns each into one message and exit code 2."""

from __future__ import annotations

from collections.abc import Sequence

from iagkit.core.message import Message


class IagkitError(Exception):
    """What was expected, what came, what to do; never a cell of the data."""


class UsageError(IagkitError):
    """An option or argument that cannot be understood, or a combination that has no meaning."""


class DataError(IagkitError):
    """A table, column or array that cannot be used as it was declared."""


class DeclarationError(IagkitError):
    """A YAML or JSON declaration that is not valid or names what is not registered."""


class LeakError(IagkitError):
    """A split that would let the model see in training what it is tested on."""


class IntegrityError(IagkitError):
    """Bytes that are not those that were sealed, pinned or signed.

    ``changed`` names what of them, in sentences that can be told in another language.
    """

    def __init__(self, message: str, changed: Sequence[Message] = ()) -> None:
        super().__init__(message)
        self.changed = tuple(changed)


class FetchError(IagkitError):
    """A data set that could not be brought from its origin or mirror."""


class ModelError(IagkitError):
    """A model file that is damaged, not trusted or does not fit the table."""


class OutputError(IagkitError):
    """A place that cannot be written, or where something of others would be lost."""


class TrackingError(IagkitError):
    """A tracking store that cannot be used, or a promotion that is not earned."""


class PromotionError(TrackingError):
    """A model that has not earned its place: evidence that does not hold, or a gate not passed."""


class GateError(PromotionError):
    """A promotion that the gates of the record do not allow; exit code 1, not 2."""
