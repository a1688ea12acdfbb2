"""What the committed notebooks promise; that every cell runs is proven by `make test` (nbmake)."""

import json
import re

import pytest

from iagkit.prototypes.requests.sample import generate
from iagkit.text.personal import personal_spans

LIMIT = 400_000
FIGURE = re.compile(r"\d\s?%|(?<![\w.])\d+\.\d")
FIRST = "01-citizen-requests.ipynb"
AUDIT = "04-audit-any-model.ipynb"
TRIAGE = "02-document-triage.ipynb"
REDACTION = "03-redaction.ipynb"
PERMITS = "05-permits-office.ipynb"
PUBLISH = "06-publish-a-record.ipynb"
INDIVIDUAL = ["Adm-clerical", "Never-married", "Exec-managerial", "Own-child", "77516", "83311"]
"""Values of single rows of Adult that no count of groups would show."""


@pytest.fixture(scope="module")
def notebooks(pytestconfig):
    folder = pytestconfig.rootpath / "examples"
    return {path: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.ipynb"))}


def test_the_first_notebook_is_there(notebooks):
    assert FIRST in [path.name for path in notebooks]


def test_the_notebook_of_the_audit_is_there_and_audits(notebooks):
    told = next(notebook for path, notebook in notebooks.items() if path.name == AUDIT)
    typed = " ".join("".join(cell["source"]) for cell in _cells(told, "code"))
    for verb in ("iagkit.audit(", "against=", "strata=", "iagkit.mitigate(", "flow.verify("):
        assert verb in typed
    assert "<Audit of " in _outputs(told)
    assert "refused: " in _outputs(told)


@pytest.mark.parametrize(
    ("name", "typed", "shown"),
    [
        (TRIAGE, ("capacity=", "feedback(", "split_by="), ("urgency.wait", "drift.guarantee")),
        (
            PERMITS,
            ("kaplan_meier(", "log_quality(", "flow.verify("),
            ("process.wait.median", "process.simulation.within_floor", "refused: "),
        ),
        (
            PUBLISH,
            (
                "attesting.sign(",
                "iagkit.publish(",
                "assessing.assess(",
                "attesting.amend(",
                "noticing.notice(",
                "register_site.register_site(",
            ),
            ("refused: the record was changed", "rehearsal", "amendment 1 is not signed", "whole"),
        ),
        (REDACTION, ("find_personal(", "evaluate_redaction("), ("NOT READ", "[PERSONA 1]", "gap")),
    ],
)
def test_the_notebooks_do_what_they_are_about(notebooks, name, typed, shown):
    told = next(notebook for path, notebook in notebooks.items() if path.name == name)
    code = " ".join("".join(cell["source"]) for cell in _cells(told, "code"))
    assert [verb for verb in typed if verb not in code] == []
    assert [word for word in shown if word not in _outputs(told)] == []


def test_the_notebook_of_the_audit_shows_no_row_of_a_person(notebooks):
    told = next(notebook for path, notebook in notebooks.items() if path.name == AUDIT)
    shown = json.dumps([cell["outputs"] for cell in _cells(told, "code")])
    assert [value for value in INDIVIDUAL if value in shown] == []


def test_make_test_runs_every_notebook(pytestconfig):
    makefile = (pytestconfig.rootpath / "Makefile").read_text("utf-8")
    recipe = re.search(r"^test:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    assert recipe is not None
    assert "--nbmake" in recipe[1]
    assert "examples/*.ipynb" in recipe[1]


def test_each_notebook_is_small_enough_to_read_in_a_browser(notebooks):
    assert [path.name for path in notebooks if path.stat().st_size >= LIMIT] == []


def test_each_notebook_was_run_once_from_top_to_bottom_without_an_error(notebooks):
    for notebook in notebooks.values():
        cells = _cells(notebook, "code")
        assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
        kinds = {output["output_type"] for cell in cells for output in cell["outputs"]}
        assert "error" not in kinds
        assert kinds & {"stream", "execute_result", "display_data"}


def test_nothing_was_said_to_standard_error(notebooks):
    said = [
        "".join(output["text"])
        for notebook in notebooks.values()
        for cell in _cells(notebook, "code")
        for output in cell["outputs"]
        if output.get("name") == "stderr"
    ]
    assert said == []


def test_the_prose_states_no_result_so_it_cannot_grow_false(notebooks):
    stated = [
        found[0]
        for notebook in notebooks.values()
        for cell in _cells(notebook, "markdown")
        if (found := FIGURE.search("".join(cell["source"])))
    ]
    assert stated == []


def test_a_figure_in_prose_would_be_noticed():
    assert FIGURE.search("about 81 % are right")
    assert FIGURE.search("an accuracy of 0.81")
    assert not FIGURE.search("## 10. Verify 1 byte of version v2.5")


def test_no_message_that_may_be_personal_is_shown(notebooks):
    shown = " ".join(
        _outputs(notebook) for path, notebook in notebooks.items() if path.name == FIRST
    )
    texts = [text for text in generate(rows=2500, seed=0)["text"] if len(text) > 40]
    seen = [text for text in texts if text in shown]
    assert seen, "the notebook shows other messages than those compared here"
    assert [text for text in seen if personal_spans(text)] == []


def _cells(notebook, kind):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]


def _outputs(notebook):
    outputs = [output for cell in _cells(notebook, "code") for output in cell["outputs"]]
    plain = [
        output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs
    ]
    return " ".join("".join(text) for text in plain)
