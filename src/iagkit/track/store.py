"""The tracking store: runs that begin, end well, fail, or were killed and are marked so later."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from iagkit.core.errors import TrackingError
from iagkit.core.nouns import Prototype
from iagkit.track import database, door, places
from iagkit.track.keys import cut, flat
from iagkit.track.tracked import Tracked
from iagkit.wire.process import is_gone, token

KILLED = "killed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """An MLflow store with runs of iagkit; made by :meth:`open`.

    Parameters
    ----------
    place : Place
    client : MlflowClient
        Bound to this store; MLflow's own global settings are never touched.
    """

    place: places.Place
    client: Any = field(repr=False)

    @classmethod
    def open(cls, place: str | os.PathLike[str] | None = None) -> Store:
        """Open a store, making it if it is new, and mark the runs that were killed as failed.

        Parameters
        ----------
        place : path or address, optional
            A folder (``mlflow.db`` and ``artifacts/`` in it), or the address of a database or
            server. Default: ``IAGKIT_STORE``, else ``MLFLOW_TRACKING_URI``, else the folder
            ``iagkit-store`` where one is.

        Raises
        ------
        TrackingError
            If it is a store of loose files, or cannot be used.
        """
        found = places.find(place)
        mlflow = door.mlflow()
        with door.speaking(found.shown):
            if found.artifacts:
                found.artifacts.mkdir(parents=True, exist_ok=True)
            if found.database:
                database.make(found.database)
            client = mlflow.MlflowClient(tracking_uri=found.uri, registry_uri=found.uri)
            store = cls(place=found, client=client)
            store.mark_killed()
        return store

    @contextmanager
    def run(
        self,
        name: str,
        *,
        prototype: Prototype,
        params: Mapping[str, Any] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> Iterator[Tracked]:
        """Keep a run: RUNNING inside the block, then FINISHED, or FAILED if the block fails.

        Of an error only the name of its class is kept; its text could hold a cell of the data.

        Parameters
        ----------
        name : str
            Name of the run, for people.
        prototype : Prototype
            Its name becomes that of the experiment.
        params, tags : mapping, optional
            Settings (may be nested) and remarks; never a cell of the data.

        Yields
        ------
        Tracked
        """
        with door.speaking(self.place.shown):
            tracked = self._begin(name, prototype, params or {}, tags or {})
        try:
            yield tracked
        except BaseException as error:
            with suppress(TrackingError), door.speaking(self.place.shown):
                self._fail(tracked.run_id, type(error).__name__)
            raise
        with door.speaking(self.place.shown):
            self.client.set_terminated(tracked.run_id, "FINISHED")

    def mark_killed(self) -> tuple[str, ...]:
        """Mark the runs whose process has gone as failed.

        Returns
        -------
        tuple of str
            Their ids.
        """
        from mlflow.entities import ViewType

        gone = tuple(
            run.info.run_id
            for run in self._search("attributes.status = 'RUNNING'", ViewType.ACTIVE_ONLY)
            if is_gone(run.data.tags.get("iagkit.process", ""))
        )
        for run_id in gone:
            self._fail(run_id, KILLED)
        return gone

    def runs_with(self, digest: str) -> list[Any]:
        """Return the runs that hold the record with this digest, the newest first."""
        from mlflow.entities import ViewType

        if not re.fullmatch(r"[0-9a-f]{64}", digest):
            return []
        return self._search(f"tags.`iagkit.record` = '{digest}'", ViewType.ACTIVE_ONLY)

    def _search(self, query: str, view: Any) -> list[Any]:
        ids = [e.experiment_id for e in _pages(self.client.search_experiments)]
        if not ids:
            return []
        return list(
            _pages(
                self.client.search_runs,
                experiment_ids=ids,
                filter_string=query,
                run_view_type=view,
                order_by=["attributes.start_time DESC"],
            )
        )

    def _begin(
        self,
        name: str,
        prototype: Prototype,
        params: Mapping[str, Any],
        tags: Mapping[str, str],
    ) -> Tracked:
        own = {
            "iagkit.process": token(),
            "iagkit.prototype": prototype.name,
            "iagkit.prototype_version": prototype.version,
        }
        run = self.client.create_run(
            self._experiment(prototype.name),
            run_name=name,
            tags={**{k: cut(str(v)) for k, v in tags.items()}, **own},
        )
        tracked = Tracked(
            client=self.client,
            place=self.place,
            run_id=run.info.run_id,
            experiment_id=run.info.experiment_id,
            prototype=prototype.name,
        )
        tracked.log_params(flat(params))
        return tracked

    def _experiment(self, name: str) -> str:
        found = self.client.get_experiment_by_name(name)
        if found is None:
            return self._new_experiment(name)
        if found.lifecycle_stage != "active":
            msg = (
                f"the experiment '{name}' was deleted from the store {self.place.shown}. Restore "
                f"it (mlflow experiments restore -x {found.experiment_id}), or use another store"
            )
            raise TrackingError(msg)
        return str(found.experiment_id)

    def _new_experiment(self, name: str) -> str:
        from mlflow.exceptions import MlflowException

        where = self.place.artifacts.as_uri() if self.place.artifacts else None
        try:
            return str(self.client.create_experiment(name, artifact_location=where))
        except MlflowException:
            made_meanwhile = self.client.get_experiment_by_name(name)
            if made_meanwhile is None:
                raise
            return str(made_meanwhile.experiment_id)

    def _fail(self, run_id: str, reason: str) -> None:
        experiment = self.client.get_run(run_id).info.experiment_id
        for model in self.client.search_logged_models(
            [experiment], filter_string=f"source_run_id = '{run_id}'"
        ):
            if model.status == "PENDING":
                self.client.finalize_logged_model(model.model_id, "FAILED")
        self.client.set_tag(run_id, "iagkit.error", reason)
        self.client.set_terminated(run_id, "FAILED")


def _pages(ask: Any, **query: Any) -> Iterator[Any]:
    page = ask(**query)
    yield from page
    while page.token:
        page = ask(**query, page_token=page.token)
        yield from page
