"""Decisions of people read back into a finished run: kept, counted, compared, refused."""

import json
import shutil

import pandas as pd
import pytest
from typer.testing import CliRunner

from iagkit.cli.feedback import add_to
from iagkit.core.errors import DataError, IntegrityError
from iagkit.flow.feedback import feedback
from iagkit.flow.proving import verify

NAMES = ("Ana Inventada", "Luis Inventado")


@pytest.fixture
def run_folder(finished, tmp_path):
    return shutil.copytree(finished[0], tmp_path / "out")


@pytest.fixture
def answers(run_folder):
    return pd.read_parquet(run_folder / "predictions.parquet")


def saved(tmp_path, rows, name="list.csv"):
    rows.to_csv(tmp_path / name, index=False)
    return tmp_path / name


def one(told, check, **where):
    (found,) = (f for f in told["findings"] if f["check"] == check and f["where"] == where)
    return found


def test_overrides_are_counted_by_hand_and_the_record_stays_sealed(run_folder, answers, tmp_path):
    listed = answers.nsmallest(40, "confidence")
    other = {
        c: next(d for d in sorted(set(answers["truth"])) if d != c)
        for c in set(answers["prediction"])
    }
    said = [p if i % 4 else other[p] for i, p in enumerate(listed["prediction"])]
    file = saved(tmp_path, pd.DataFrame({"id": listed["id"], "decision": said}))
    told = feedback(run_folder, file)
    rate = one(told, "review.override_rate")["estimate"]
    assert (rate["value"], rate["n"]) == (0.25, 40)
    assert rate["low"] < 0.25 < rate["high"]
    assert told["cases_decided"] == 40
    assert "no case was decided by two people" in one(told, "review.agreement")["because"]
    assert verify(run_folder)["record"] == "ok"


def test_two_reviewers_agree_as_often_as_counted_and_what_they_dispute_is_not_learnt(
    run_folder, answers, tmp_path
):
    listed = answers.head(20)
    labels = sorted(set(answers["truth"]))
    first = pd.DataFrame({"id": listed["id"], "decision": labels[0], "reviewer": NAMES[0]})
    second = first.assign(reviewer=NAMES[1], decision=[labels[i < 5] for i in range(20)])
    feedback(run_folder, saved(tmp_path, first))
    told = feedback(run_folder, saved(tmp_path, second, "other.csv"))
    assert one(told, "review.agreement")["estimate"]["value"] == 0.75
    assert one(told, "review.settled")["estimate"]["value"] == 15
    assert (told["disagreements"], told["reviewers"], told["files"]) == (5, 2, 2)
    kept = "".join(p.read_text() for p in (run_folder / "feedback").glob("*.json*"))
    assert "Inventad" not in kept


def test_groups_and_classes_are_told_apart(run_folder, answers, tmp_path):
    rows = pd.DataFrame({"id": answers["id"], "decision": answers["truth"]})
    told = feedback(run_folder, saved(tmp_path, rows))
    wrong = answers["truth"] != answers["prediction"]
    for column in (c for c in answers.columns if c.startswith("group:")):
        for group, hits in wrong.groupby(answers[column]):
            found = one(told, "review.override_rate", **{column.removeprefix("group:"): group})
            if "estimate" in found:
                assert found["estimate"]["value"] == pytest.approx(hits.mean())
    assert any(f["check"] == "review.override_rate.gap" for f in told["findings"])
    assert one(told, "review.override_rate", answer="for people")


def test_a_list_of_another_run_is_refused_and_nothing_is_kept(run_folder, tmp_path):
    file = saved(tmp_path, pd.DataFrame({"id": ["nobody"], "decision": ["water"]}))
    with pytest.raises(DataError, match="list of another run"):
        feedback(run_folder, file)
    assert not (run_folder / "feedback").exists()


def test_another_table_is_refused_by_its_digest_and_nothing_is_kept(
    run_folder, answers, table, tmp_path
):
    file = saved(
        tmp_path, pd.DataFrame({"id": answers["id"][:5], "decision": answers["truth"][:5]})
    )
    other = tmp_path / table.name
    pd.read_csv(table).iloc[:-1].to_csv(other, index=False)
    with pytest.raises(DataError, match="another SHA-256"):
        feedback(run_folder, file, data=str(other))
    assert not (run_folder / "feedback").exists()


def test_a_run_that_was_changed_is_refused(run_folder, answers, tmp_path):
    file = saved(
        tmp_path, pd.DataFrame({"id": answers["id"][:5], "decision": answers["truth"][:5]})
    )
    (run_folder / "predictions.parquet").write_bytes(b"other")
    with pytest.raises(IntegrityError):
        feedback(run_folder, file)


@pytest.mark.slow
def test_learning_from_the_decisions_is_compared_on_cases_nobody_read(
    run_folder, answers, table, tmp_path
):
    listed = answers.nsmallest(60, "confidence")
    rows = pd.DataFrame({"id": listed["id"], "decision": listed["truth"]})
    told = feedback(run_folder, saved(tmp_path, rows), data=str(table))
    found = one(told, "review.relearnt_accuracy")["estimate"]
    rest = answers[~answers["cluster"].isin(listed["cluster"])]
    assert found["n"] == len(rest)
    assert found["low"] <= found["value"] <= found["high"]
    assert abs(found["value"]) < 0.2


def test_the_command_prints_what_was_found_and_what_was_written(run_folder, answers, tmp_path):
    from typer import Typer

    app = Typer()
    add_to(app)
    file = saved(
        tmp_path, pd.DataFrame({"id": answers["id"][:9], "decision": answers["truth"][:9]})
    )
    told = CliRunner().invoke(app, [str(run_folder), str(file), "--json"])
    assert told.exit_code == 0
    assert json.loads(told.stdout)["cases_decided"] == 9
    for lang, again, question in (
        ("en", "was read back before", "How often did people decide otherwise"),
        ("es", "ya se había leído", "¿Con qué frecuencia"),
        ("pt", "já havia sido lido", "Com que frequência"),
    ):
        plain = CliRunner().invoke(app, [str(run_folder), str(file), "--lang", lang])
        assert again in plain.stdout
        assert question in plain.stdout
        assert "decisions.jsonl" in plain.stdout
        assert "review." not in plain.stdout
