"""Lines of `feedback` and `predict`: what is told of all groups together, and of classes."""

from iagkit.core.record import to_json
from iagkit.measures.drift import mix_changes
from iagkit.report.worked import feedback_lines, predict_lines


def test_a_gap_over_all_groups_names_the_column_alone():
    why = {"because": "too few", "because_of": {"template": "too few", "values": {}}}
    gap = {"question": "How far apart?", "where": {"region": "*"}, "estimate": None, **why}
    told = {"new_file": True, "findings": [gap], "written": []}
    assert "  region: too few" in list(feedback_lines(told, lang="en"))


def test_a_class_that_is_proposed_more_often_is_told_with_both_intervals():
    (more, _) = mix_changes(["a"] * 90 + ["b"] * 10, ["a"] * 40 + ["b"] * 60)
    like = {"changed": "yes", "shares": [], "classes": [to_json(more)]}
    told = {"rows": 100, "signals": like, "file": "answers.csv"}
    (line,) = [x for x in predict_lines(told, lang="en") if "is proposed" in x]
    assert line.count("n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}100") == 2
