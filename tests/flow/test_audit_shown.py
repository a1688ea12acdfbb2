"""What an audit shows of itself where nobody asked for details."""

import numpy as np
import pandas as pd
import pytest

import iagkit
from iagkit.report import terminal

TABLE = pd.DataFrame({
    "truth": ["yes", "no"] * 60,
    "told": ["yes"] * 63 + ["no"] * 57,
    "region": ["north"] * 58 + ["south"] * 59 + ["island"] * 3,
})  # fmt: skip


def _audit():
    return iagkit.audit(TABLE, truth="truth", prediction="told", groups=["region"])


def test_an_audit_is_one_line_in_a_terminal():
    told = repr(_audit())
    assert "\n" not in told
    assert told.startswith("<Audit of 120 rows: ")


def test_the_line_names_no_group_and_the_record_no_count_of_few_people():
    audit = _audit()
    few = audit.find("fairness.group_size", region="island")
    assert few.estimate.value == 3
    public = audit.record.find("fairness.group_size", region="island")
    assert public.estimate is None
    assert "island" not in repr(audit)


@pytest.fixture(scope="module")
def asked():
    rng, n = np.random.default_rng(3), 1200
    due, later = rng.integers(0, 2, n), rng.random(n) < 0.5
    told = np.where(rng.random(n) < np.where(later, 0.9, 0.3), due, 0)
    table = pd.DataFrame({
        "due": due, "told": told, "other": due, "score": rng.random(n).round(2),
        "sex": rng.choice(["f", "m"], n),
        "date": np.where(later, "2025-08-01", "2025-02-01").astype("datetime64[s]"),
    })  # fmt: skip
    asked = {"truth": "due", "prediction": "told", "groups": ["sex"]}

    def lines(lang="en", **more):
        record = iagkit.audit(table, **asked, **more).record
        return "\n".join(terminal.summary(record, lang=lang).lines)

    return lines


def test_the_terminal_tells_a_change_over_time(asked):
    assert "Over time. " in asked(time="date", every="quarter")
    assert "Over time. " not in asked()


def test_the_terminal_tells_what_a_second_answer_changes(asked):
    told = asked(against="other")
    assert "Second answer against the first. " in told


def test_the_terminal_tells_who_is_served_and_what_was_asked(asked):
    told = asked(score="score", capacity=0.25)
    served = "How many of this group are served within the capacity? "
    assert f"Who is served when not all can be. {served}" in told
    assert "Who is served" not in asked("es", score="score", capacity=0.25)


def test_a_policy_without_a_limit_for_the_task_is_said_to_have_none(asked):
    table = pd.DataFrame({"a": range(200), "b": range(200), "g": ["x", "y"] * 100})
    found = iagkit.audit(table, truth="a", prediction="b", groups=["g"], task="regression")
    told = terminal.summary(found.record, lang="pt")
    assert told.rows == []
    assert told.lines[0].startswith("A política “baseline” não tem limites para o que foi auditado")
    assert "has no limit" not in asked()
