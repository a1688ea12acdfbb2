"""What is kept of one run: settings, numbers, the record and its reports, the model."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from iagkit.core.errors import TrackingError
from iagkit.core.record import Record
from iagkit.track import door, models
from iagkit.track.keys import flat, labels, points
from iagkit.track.places import Place

PARAMS_AT_ONCE, METRICS_AT_ONCE = 100, 900
PUBLISHABLE = ("record.json", "report*.html", "report*.md")
RESULTS = ("pass", "fail", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """A run in the store, while it is going on; made by :meth:`Store.run`."""

    client: Any = field(repr=False)
    place: Place
    run_id: str
    experiment_id: str
    prototype: str

    def log(
        self,
        record: Record,
        directory: Path,
        *,
        model: str | None = models.FILE,
        model_name: str | None = None,
    ) -> str | None:
        """Keep everything publishable of a finished run, and register its model.

        Only the record and its reports are copied: files that hold answers to single cases
        stay in ``directory``. The tag ``iagkit.record`` is written last, so that a run which
        has it is complete.

        Parameters
        ----------
        record : Record
            Sealed; ``record.json`` in ``directory`` holds the same.
        directory : Path
            Folder with the results of the run.
        model : str, optional
            File name of the model in ``directory``; none: no model is registered.
        model_name : str, optional
            Name to register it under; default: the name of the prototype.

        Returns
        -------
        str or None
            Version of the registered model.

        Raises
        ------
        TrackingError
            If the store cannot be used, or the model is not the one that was sealed.
        """
        with door.speaking(self.place.shown):
            self.log_params(_declared(record))
            self._log_metrics(record)
            self._log_files(record, directory)
            self._log_dataset(record)
            version = None
            if model is not None:
                version = self._register(
                    record, directory / model, models.legal(model_name or self.prototype)
                )
            self._log_tags({**evidence(record), "iagkit.record": record.digest})
        return version

    def log_params(self, params: Mapping[str, str]) -> None:
        """Keep settings that are not there yet; those that are stay as they were."""
        from mlflow.entities import Param

        known = self.client.get_run(self.run_id).data.params if params else {}
        rows = [Param(k, v) for k, v in sorted(params.items()) if k not in known]
        for some in _batches(rows, PARAMS_AT_ONCE):
            self.client.log_batch(self.run_id, params=some)

    def _log_metrics(self, record: Record) -> None:
        from mlflow.entities import Metric

        now = time.time_ns() // 1_000_000
        rows = [Metric(p.key, p.value, now, p.step) for p in points(record.findings)]
        for some in _batches(rows, METRICS_AT_ONCE):
            self.client.log_batch(self.run_id, metrics=some)

    def _log_files(self, record: Record, directory: Path) -> None:
        for pattern in PUBLISHABLE:
            for file in sorted(directory.glob(pattern)):
                self.client.log_artifact(self.run_id, str(file))
        self.client.log_dict(self.run_id, labels(record.findings), "labels.json")

    def _log_dataset(self, record: Record) -> None:
        from mlflow.entities import Dataset, DatasetInput, InputTag

        sha256 = str(record.dataset["sha256"])
        used = Dataset(
            name=str(record.dataset["name"]),
            digest=sha256[:36],
            source_type="local",
            source=json.dumps({"uri": record.dataset.get("origin", "")}),
        )
        tag = InputTag("iagkit.sha256", sha256)
        self.client.log_inputs(self.run_id, [DatasetInput(used, [tag])])

    def _log_tags(self, tags: Mapping[str, str]) -> None:
        from mlflow.entities import RunTag

        self.client.log_batch(self.run_id, tags=[RunTag(k, v) for k, v in tags.items()])

    def _register(self, record: Record, file: Path, name: str) -> str:
        sealed = record.artifacts.get(file.name)
        if not file.is_file() or sha256_of(file) != sealed:
            msg = (
                f"expected '{file.name}' as it was sealed in the record (SHA-256 {sealed}); it is "
                "not there, or was changed since. Run the prototype again"
            )
            raise TrackingError(msg)
        about = {**evidence(record), "iagkit.record": record.digest, "iagkit.run": self.run_id}
        return models.register(self, record, file, name=name, tags=about)


def evidence(record: Record) -> dict[str, str]:
    """Tell in tags what a record says of itself."""
    counts = {r: sum(v.result == r for v in record.verdicts) for r in RESULTS}
    return {
        "iagkit.gate": gate(record),
        "iagkit.dataset": str(record.dataset["name"]),
        "iagkit.dataset_sha256": str(record.dataset["sha256"]),
        "iagkit.version": str(record.about.get("iagkit", "")),
        **{f"iagkit.verdicts.{r}": str(n) for r, n in counts.items()},
    }


def gate(record: Record) -> str:
    """``passed`` if every blocking gate passed and there is one, ``failed`` or ``unknown``."""
    if record.blocked:
        return "failed"
    blocking = any(v.on_fail == "block" for v in record.verdicts)
    return "passed" if blocking and not record.unproven else "unknown"


def sha256_of(file: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _declared(record: Record) -> dict[str, str]:
    declared = record.prototype
    return flat(
        {
            "prototype": {k: declared[k] for k in ("name", "version", "recipe", "params")},
            "protocol": declared["protocol"],
            "policy": {k: declared["policy"][k] for k in ("name", "version")},
        }
    )


def _batches(rows: Sequence[Any], size: int) -> Iterator[list[Any]]:
    rest = iter(rows)
    while some := list(islice(rest, size)):
        yield some
