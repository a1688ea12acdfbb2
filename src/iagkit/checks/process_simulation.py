"""Whether a simulated process is like the past that was held out, beside a mere replay."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from iagkit.checks.asking import Chapter, Learnt
from iagkit.core.nouns import Check, Estimate, Finding, Run

PART: Final = "simulation"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Simulated(Learnt):
    """A question about what was simulated, whatever else the run holds."""

    needs: ClassVar[frozenset[str]] = frozenset({PART})
    part: ClassVar[str] = PART

    def of_learnt(self, _run: Run, told: Any) -> Iterator[Finding]:
        """Answers where a model was compared with the cases held out."""
        yield from self.of_simulated(told)

    @abstractmethod
    def of_simulated(self, told: Any) -> Iterator[Finding]:
        """Answers of the comparison."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Each(_Simulated):
    """One finding a measure."""

    of: ClassVar[str]
    """Which of the comparison's estimates."""

    def of_simulated(self, told: Any) -> Iterator[Finding]:
        """One finding a measure."""
        for measure, estimate in getattr(told, self.of).items():
            yield self.found(estimate, {"measure": measure})


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance(_Each):
    """How far the simulated cases are from the real ones."""

    name: ClassVar[str] = "process.simulation.distance"
    question: ClassVar[str] = "How far is the simulation from the real cases held out?"
    of: ClassVar[str] = "distances"


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor(_Each):
    """How far a replay of the last cases is from the real ones."""

    name: ClassVar[str] = "process.simulation.floor"
    question: ClassVar[str] = "And how far is a mere replay of the last cases?"
    of: ClassVar[str] = "floor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside(_Each):
    """Whether other cases held out could have turned the comparison round; below zero: nearer."""

    name: ClassVar[str] = "process.simulation.beside"
    question: ClassVar[str] = (
        "By how much is the simulation further away than the replay, had other cases been held out?"
    )
    of: ClassVar[str] = "beside"


@dataclass(frozen=True, slots=True, kw_only=True)
class WithinFloor(_Simulated):
    """Measures by which the simulation is no further than a replay."""

    name: ClassVar[str] = "process.simulation.within_floor"
    question: ClassVar[str] = "By how many measures is the simulation no worse than a replay?"

    def of_simulated(self, told: Any) -> Iterator[Finding]:
        """One finding; only all of them certify a model, and where runs disagree it is unknown."""
        sides = [told.side(m) for m in told.floor]
        means = [told.distances[m].value <= told.floor[m].value for m in told.floor]
        n = len(sides)
        yield self.found(
            Estimate(
                value=sum(means) / n, n=n, unit="share",
                low=sides.count("no further") / n, high=(n - sides.count("further")) / n,
            )
        )  # fmt: skip


PARTS: tuple[Check, ...] = (WithinFloor(), Distance(), Floor(), Beside())


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessSimulation(Chapter):
    """All of this page; silent where the prototype declares that nothing is to be simulated."""

    name: ClassVar[str] = "process_simulation"
    question: ClassVar[str] = "Is a simulated process like the real one?"
    only_with: ClassVar[str] = PART
    parts: ClassVar[tuple[Check, ...]] = PARTS
