"""Shipped policies: reasons in three languages, an owner, and gates only of what a run measures."""

from pathlib import Path

import pytest
from findings import as_listed

from iagkit.core.errors import DeclarationError
from iagkit.core.gates import known_findings
from iagkit.wire import declare, files

ROOT = Path(__file__).resolve().parents[2]
AUDITS = ({"audit", "binary"}, {"audit", "binary", "score"}, {"audit", "multiclass"})


def gates(name, tasks=None):
    return {gate.check: gate for gate in declare.policy(name, tasks=tasks).gates}


SHIPPED = ("baseline", "documents", "eeoc-four-fifths", "high-stakes")


def test_four_policies_are_shipped():
    assert set(SHIPPED) <= set(files.names("policies"))


@pytest.mark.parametrize("name", SHIPPED)
def test_every_limit_has_a_reason_in_three_languages_and_an_owner(name):
    read = declare.policy(name)
    assert "institution" in read.owner
    for said in (read.reason, *(gate.reason for gate in read.gates)):
        assert set(said) == {"es", "pt", "en"}
        assert len(set(said.values())) == 3


def test_an_audit_of_yes_and_no_is_held_against_gaps_of_ten_points():
    held = gates("baseline", {"audit", "binary"})
    assert set(held) == {
        f"fairness.{metric}.gap"
        for metric in ("selection_rate", "true_positive_rate", "false_positive_rate", "accuracy")
    }
    assert {(gate.at_most, gate.on_fail) for gate in held.values()} == {(0.10, "review")}


def test_a_prototype_is_held_against_its_own_limits_and_not_those_of_audits():
    held = {gate.check: gate for gate in declare.prototype("citizen-requests").policy.gates}
    assert held["fairness.accuracy.gap"].at_most == 0.05
    assert "performance.accuracy" in held
    assert "fairness.selection_rate.gap" not in held
    given = declare.prototype("citizen-requests", policy="baseline").policy
    assert [gate.check for gate in given.gates] == list(held)


def test_documents_are_held_against_the_limits_of_requests_in_their_own_words():
    held = declare.prototype("document-triage").policy
    limits = [(g.check, g.at_least, g.at_most, g.min_n, g.on_fail) for g in held.gates]
    others = declare.prototype("citizen-requests").policy.gates
    assert limits == [(g.check, g.at_least, g.at_most, g.min_n, g.on_fail) for g in others]
    told = " ".join(words for g in held.gates for words in g.reason.values())
    assert not {"office", "oficina", "órgão", "routing"} & set(told.split())


def test_an_audit_of_many_labels_is_held_only_against_what_it_measures():
    assert set(gates("baseline", {"audit", "multiclass"})) == {"fairness.accuracy.gap"}
    assert gates("eeoc-four-fifths", {"audit", "regression"}) == {}


def test_four_fifths_is_a_ratio_to_be_looked_at_and_says_what_it_does_not_prove():
    read = declare.policy("eeoc-four-fifths", tasks={"audit", "binary"})
    (gate,) = read.gates
    assert (gate.check, gate.at_least, gate.on_fail) == (
        "fairness.selection_rate.ratio", 0.8, "review",
    )  # fmt: skip
    assert "does not prove discrimination, nor its absence" in read.reason["en"]
    assert all("1607.4(D)" in said for said in read.reason.values())


def test_high_stakes_blocks_where_a_mistake_cannot_be_undone():
    held = gates("high-stakes", {"audit", "binary", "score"})
    assert {check for check, gate in held.items() if gate.on_fail == "block"} == {
        f"fairness.{metric}.gap"
        for metric in ("true_positive_rate", "false_positive_rate", "accuracy")
    }
    assert {gate.at_most for gate in held.values()} == {0.05}
    assert {"fairness.ece.gap", "fairness.calibration_in_the_large.gap"} <= set(held)


@pytest.mark.parametrize("tasks", AUDITS)
@pytest.mark.parametrize("name", ["baseline", "eeoc-four-fifths", "high-stakes"])
def test_no_check_is_held_against_two_limits_of_one_run(name, tasks):
    checks = [gate.check for gate in declare.policy(name, tasks=tasks).gates]
    assert len(checks) == len(set(checks))


GATE = """
name: ours
version: 1
owner: Secretaria
reason: {es: Porque sí.}
gates:
  - {check: fairness.accuracy.gap, at_most: 0.1, reason: {es: Un límite.}}
  - {check: fairness.f1.gap, at_most: 0.1, tasks: [binary], reason: {es: Otro límite.}}
"""


def test_a_gate_without_tasks_speaks_of_every_run(tmp_path):
    file = tmp_path / "ours.yaml"
    file.write_text(GATE, encoding="utf-8")
    assert list(gates(file)) == ["fairness.accuracy.gap", "fairness.f1.gap"]
    assert list(gates(file, {"audit", "binary"})) == ["fairness.accuracy.gap", "fairness.f1.gap"]
    assert list(gates(file, {"audit", "regression"})) == ["fairness.accuracy.gap"]
    assert list(gates(file, set())) == ["fairness.accuracy.gap"]


def test_a_misspelt_task_is_refused_and_not_a_gate_that_never_speaks(tmp_path):
    (tmp_path / "ours.yaml").write_text(GATE.replace("binary", "binari"), encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"gates\.1\.tasks\.0"):
        declare.policy(tmp_path / "ours.yaml")


def test_a_misspelt_finding_is_refused_with_the_likely_one(tmp_path):
    (tmp_path / "ours.yaml").write_text(GATE.replace("accuracy.gap", "acuracy.gap"))
    with pytest.raises(DeclarationError, match=r"Did you mean 'fairness\.accuracy\.gap'"):
        declare.policy(tmp_path / "ours.yaml")


def test_a_misspelt_finding_of_another_task_is_refused_too(tmp_path):
    (tmp_path / "ours.yaml").write_text(GATE.replace("fairness.f1.gap", "fairness.f1.gapp"))
    with pytest.raises(DeclarationError, match=r"got 'fairness\.f1\.gapp'"):
        declare.policy(tmp_path / "ours.yaml", tasks={"prototype"})


def test_metrics_of_ones_own_may_be_limited_where_they_are_brought_along(tmp_path):
    file = tmp_path / "ours.yaml"
    file.write_text(GATE.replace("fairness.f1.gap", "fairness.our_cost.gap"))
    with pytest.raises(DeclarationError, match=r"metrics=\{\.\.\.\}"):
        declare.policy_file(file)
    assert len(declare.policy_file(file, also=["our_cost"])(None).gates) == 2


def test_the_page_of_policies_lists_the_findings_that_checks_can_give():
    page = (ROOT / "docs/howto/policies.md").read_text(encoding="utf-8")
    told = page.partition("<!-- findings -->\n")[2].partition("<!-- end -->")[0]
    assert told == as_listed(known_findings()), "write the page anew: python tests/wire/findings.py"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("at_most: 0.1", "at_most: much", "'gates.0.at_most': expected a number; got a text"),
        ("at_most: 0.1", "at_most: [1]", "'gates.0.at_most': expected a number; got a list"),
        ("at_most: 0.1", "at_most: .inf", "'gates.0.at_most': expected a finite number; got inf"),
        (
            "at_most: 0.1", "at_most: 0.1, min_n: -3",
            "'gates.0.min_n': expected a number of 0 or more; got -3",
        ),
        (
            "at_most: 0.1", "at_most: 0.1, on_fail: bloc",
            "'gates.0.on_fail': expected one of 'block', 'review' or 'note'; got another. Did you "
            "mean 'block'?",
        ),
        ("at_most: 0.1", "at_most: 0.1, each: maybe", "expected true or false; got a text"),
        ("owner: Secretaria", "owner: ''", "'owner': expected a text that is not empty; got an"),
        ("owner: Secretaria", "owner: [me]", "'owner': expected a text; got a list"),
        ("name: ours", "name: Our policy", "'name': expected a text written like"),
        ("reason: {es: Porque sí.}", "reason: sí", "'reason': expected a mapping (name: value); "),
        ("reason: {es: Porque sí.}", "reason: {}", "'reason': write it in es, pt or en"),
        ("at_most: 0.1, tasks", "at_most: 0.1, at_least: 1, tasks", "one of at_most and at_least"),
    ],
)  # fmt: skip
def test_a_mistaken_field_is_told_as_expected_came_and_do(tmp_path, old, new, told):
    (tmp_path / "ours.yaml").write_text(GATE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DeclarationError) as caught:
        declare.policy(tmp_path / "ours.yaml")
    assert told in str(caught.value)
    assert "Correct these fields" in str(caught.value)
    assert "Input should" not in str(caught.value)


def test_a_table_given_for_a_policy_is_not_repeated(tmp_path):
    (tmp_path / "people.yaml").write_text("name: Xiomara Q.\nversion: QZXX85\nowner: [QZXX86]\n")
    with pytest.raises(DeclarationError) as caught:
        declare.policy(tmp_path / "people.yaml")
    assert not any(cell in str(caught.value) for cell in ("Xiomara", "QZXX85", "QZXX86"))
