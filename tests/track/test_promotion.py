"""No alias without proof: every way to arrive there unearned is refused by name."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from iagkit.core.errors import PromotionError
from iagkit.track.promotion import promote


@pytest.fixture
def kept(store, prototype, finished):
    """A function that finishes a run with these verdicts and keeps it."""

    def keep(*verdicts, **settings):
        record, folder = finished(*verdicts, **settings)
        with store.run("run", prototype=prototype) as tracked:
            tracked.log(record, folder)
        return record, folder, tracked.run_id

    return keep


def champion(store):
    number = store.client.get_registered_model("citizen-requests").aliases.get("champion")
    return None if number is None else str(number)


def refused(store, run, said):
    with pytest.raises(PromotionError, match=said):
        promote(store, run)
    assert champion(store) is None


def trail(store, version):
    tags = store.client.get_model_version("citizen-requests", version).tags
    return json.loads(tags["iagkit.promotions"])


def test_a_proven_run_is_promoted_from_its_folder_or_its_id(store, kept):
    record, folder, run_id = kept()
    done = promote(store, folder, by="Head of intake")
    assert (done.model, done.version, done.alias) == ("citizen-requests", "1", "champion")
    assert (done.run_id, done.record, done.previous) == (run_id, record.digest, None)
    assert champion(store) == "1"
    assert promote(store, run_id, alias="trial").alias == "trial"
    assert promote(store, f"runs:/{run_id}").previous == "1"


def test_a_second_promotion_moves_the_alias_and_both_versions_remember(store, kept):
    _, first, _ = kept(name="first")
    _, second, _ = kept(name="second", model=b"another model")
    promote(store, first, by="Ana")
    done = promote(store, second, by="Beto")
    assert (done.version, done.previous, champion(store)) == ("2", "1", "2")
    assert [(e["event"], e["by"]) for e in trail(store, "1")] == [
        ("promoted", "Ana"),
        ("replaced", "Beto"),
    ]
    assert trail(store, "2") == [
        {"alias": "champion", "at": done.at, "by": "Beto", "event": "promoted", "previous": "1"}
    ]


def test_who_does_not_say_who_answers_is_not_guessed(store, kept):
    _, folder, _ = kept()
    assert promote(store, folder).by == "not stated"


def test_a_failed_gate_is_named_with_its_group_and_reason(store, kept, verdict):
    _, folder, _ = kept(verdict("pass"), verdict("fail", "fairness.accuracy", sexo="mujer"))
    refused(store, folder, r"fairness\.accuracy \(sexo=mujer\): fail, because the number is 0\.5$")


def test_an_unknown_gate_is_no_pass(store, kept, verdict):
    _, folder, run_id = kept(verdict("unknown"))
    refused(store, folder, r"performance\.accuracy: unknown, because")
    assert store.client.get_run(run_id).data.tags["iagkit.gate"] == "unknown"


def test_many_gates_are_told_up_to_ten(store, kept, verdict):
    _, folder, _ = kept(*(verdict("fail", f"check.{i}") for i in range(12)))
    refused(store, folder, r"check\.9: fail, .*; and 2 more")


def test_a_gate_that_only_asks_for_a_review_does_not_hinder(store, kept, verdict):
    _, folder, _ = kept(verdict("pass"), verdict("fail", "x", on_fail="review"))
    assert promote(store, folder).version == "1"


def test_a_policy_without_blocking_gates_proves_nothing(store, kept, verdict):
    _, folder, run_id = kept(verdict("pass", on_fail="note"))
    refused(store, folder, "no blocking gate, so nothing was proven")
    assert store.client.get_run(run_id).data.tags["iagkit.gate"] == "unknown"


def test_an_edited_record_is_refused_naming_the_section(store, kept, verdict):
    _, folder, _ = kept(verdict("fail"))
    file = folder / "record.json"
    file.write_text(file.read_text().replace('"result": "fail"', '"result": "pass"'))
    refused(store, folder, "changed after sealing: section 'verdicts'")


def test_a_record_sealed_anew_is_not_the_one_in_the_store(store, kept, finished, verdict):
    _, folder, run_id = kept(verdict("fail"))
    forged, _ = finished(verdict("pass"), name="forged")
    (folder / "record.json").write_bytes(forged.to_bytes())
    refused(store, folder, "no run in the store .* holds the record with digest")
    stored = Path(urlsplit(store.client.get_run(run_id).info.artifact_uri).path, "record.json")
    stored.write_bytes(forged.to_bytes())
    refused(store, run_id, "is not the one that was tracked")


def test_an_edited_model_is_refused_in_the_folder_and_in_the_store(store, kept):
    _, folder, run_id = kept()
    (folder / "model.skops").write_bytes(b"changed")
    refused(store, folder, "'model.skops' in '.*' is not the one the record speaks of")
    (folder / "model.skops").write_bytes(b"a model")
    source = store.client.get_model_version("citizen-requests", "1").source
    stored = Path(urlsplit(source).path, "data", "model.skops")
    stored.write_bytes(b"changed")
    refused(store, folder, "'model.skops' in the store is not the one")
    refused(store, run_id, "in the store is not the one")
    stored.unlink()
    refused(store, run_id, "version 1 cannot be read from the store")


def test_a_model_that_went_missing_is_refused(store, kept):
    _, folder, _ = kept()
    (folder / "model.skops").unlink()
    refused(store, folder, "got no such file")


def test_an_amended_record_can_still_be_promoted(store, kept):
    record, folder, _ = kept()
    amended = record.amend(author="Ana", reason="a typing error", at="2026-01-01T00:00:00Z")
    (folder / "record.json").write_bytes(amended.to_bytes())
    assert promote(store, folder).record == record.digest


@pytest.mark.parametrize(
    ("run", "said"),
    [("0" * 32, "there is no run"), ("out/nowhere", "there is no folder"), ("", "no folder")],
)
def test_an_unknown_run_is_named(store, kept, run, said, tmp_path, monkeypatch):
    kept()
    refused(store, run or "nothing", said)


def test_a_folder_without_a_record_is_named(store, kept, tmp_path):
    kept()
    (tmp_path / "empty").mkdir()
    refused(store, tmp_path / "empty", "expected a 'record.json'")


def test_a_run_that_failed_after_its_model_was_registered_is_refused(store, prototype, finished):
    record, folder = finished()

    def fails():
        with store.run("run", prototype=prototype) as tracked:
            tracked.log(record, folder)
            raise ValueError("late")

    with pytest.raises(ValueError, match="late"):
        fails()
    refused(store, folder, r"did not end well \(FAILED, ValueError\)")


def test_a_run_without_record_or_model_has_nothing_to_promote(store, prototype, finished, kept):
    kept()
    with store.run("empty", prototype=prototype) as empty:
        pass
    refused(store, empty.run_id, "no record of iagkit")
    record, folder = finished(name="audit")
    with store.run("audit", prototype=prototype) as audit:
        audit.log(record, folder, model=None)
    refused(store, folder, "registered no model")
