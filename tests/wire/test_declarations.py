"""Declarations are data and nothing else; what is wrong is told by field, with the likely word."""

import json
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import iagkit
from iagkit.core.errors import DeclarationError, UsageError
from iagkit.core.record import to_json
from iagkit.wire import declare, files, yamls

ROOT = Path(iagkit.__file__).parents[2]
CHECKOUT = pytest.mark.skipif(not (ROOT / "audits/schema").is_dir(), reason="needs the checkout")


@pytest.fixture
def write(tmp_path):
    original = files.find("prototypes", "citizen-requests").read_text(encoding="utf-8")

    def _write(change=lambda text: text, name="prototype.yaml"):
        file = tmp_path / name
        file.write_text(change(original), encoding="utf-8")
        return file

    return _write


def refusal(file, kind=DeclarationError, **overrides):
    with pytest.raises(kind) as caught:
        declare.prototype(file, **overrides)
    return str(caught.value)


def test_the_shipped_prototype_speaks_three_languages_and_says_who_reviews():
    declared = declare.prototype("citizen-requests")
    assert declared.recipe == "requests.linear"
    assert set(declared.human_role) == {"reviewer", "appeal", "deadline", "contact"}
    words = [declared.title, declared.intended_use, declared.not_for, *declared.human_role.values()]
    words += [gate.reason for gate in declared.policy.gates]
    words += [declared.policy.reason, declared.protocol.reason]
    for said in words:
        assert set(said) == {"es", "pt", "en"}
        assert len(set(said.values())) == 3
    json.dumps(to_json(declared))


def test_the_baseline_policy_blocks_what_is_more_often_wrong_than_right():
    gates = {gate.check: gate for gate in declare.policy("baseline").gates}
    assert gates["performance.accuracy"].at_least == 0.5
    assert gates["performance.accuracy"].on_fail == "block"
    assert gates["abstention.automatic_accuracy"].min_n == 100
    assert gates["fairness.accuracy.gap"].at_most <= 0.10


def test_a_prototype_is_found_by_name_file_and_folder(write, tmp_path):
    write()
    names = {
        declare.prototype(given).name
        for given in ("citizen-requests", tmp_path, tmp_path / "prototype.yaml")
    }
    assert names == {"citizen-requests"}
    assert declare.prototype(tmp_path).source.startswith("given: ")


def test_the_institution_comes_before_what_is_shipped(write, tmp_path, monkeypatch):
    policy = files.find("policies", "baseline").read_text(encoding="utf-8")
    (tmp_path / "policies").mkdir()
    ours = policy.replace("at_least: 0.5", "at_least: 0.6")
    (tmp_path / "policies/baseline.yaml").write_text(ours, encoding="utf-8")
    write()
    assert declare.prototype(tmp_path).policy.gates[0].at_least == 0.6
    assert declare.policy("baseline").gates[0].at_least == 0.5
    monkeypatch.chdir(tmp_path)
    assert declare.policy("baseline").gates[0].at_least == 0.6


def test_overrides_change_the_protocol_and_are_checked():
    declared = declare.prototype("citizen-requests", review_share=0.3, coverage=None)
    assert declared.protocol.review_share == 0.3
    assert declared.protocol.max_error is None
    assert declared.protocol.coverage == 0.9
    both = {"review_share": 0.3, "max_error": 0.05}
    assert "one of them decides" in refusal("citizen-requests", UsageError, **both)
    assert "'coverage'" in refusal("citizen-requests", UsageError, coverage=1.5)
    assert "Did you mean 'coverage'?" in refusal("citizen-requests", UsageError, covrage=0.5)


@pytest.mark.parametrize(("old", "new", "told"), [
    ("recipe: requests.linear", "recipe: requests.liner", "Did you mean 'requests.linear'?"),
    ("recipe: requests.linear", "recipe: os.system", "never by path"),
    ("recipe: requests.linear", "recipe: iagkit.flow:run", "never by path"),
    ("intended_use:", "intended_uses:", "Did you mean 'intended_use'?"),
    ("  appeal:", "  apeal:", "'human_role.apeal' is not a known field (reviewer, appeal"),
    ("policy: baseline", "policy: basline", "Did you mean 'baseline'?"),
    ("policy: baseline", "policy: ../none.yaml", "there is none at"),
    ("taxonomy: citizen-requests-sample", "taxonomy: nowhere", "expected one of the taxonomies"),
    ("name: citizen-requests\n", "name: Citizen Requests\n", "'name'"),
    ("name: citizen-requests\n", "name: a\nname: b\n", "'name' stands here twice"),
    ("version: \"1.0\"", "version: [1]", "'version'"),
    ("name: citizen-requests\n", "name: !!python/object/apply:os.system [true]\n", "tags such as"),
    ("name: citizen-requests\n", "name: &a x\ntask: *a\n", "references"),
    ("data:\n", "data:\n  txt: mensaje\n", "'data.txt' is not a known field"),
    ("title:\n", "title: {}\nunused:\n", "write it in es, pt or en"),
])  # fmt: skip
def test_what_is_wrong_is_told_by_field(write, old, new, told):
    def change(text):
        assert old in text
        return text.replace(old, new, 1)

    assert told in refusal(write(change))


def test_a_protocol_has_a_capacity_or_an_error_budget(tmp_path):
    text = files.find("protocols", "baseline").read_text(encoding="utf-8")
    file = tmp_path / "p.yaml"
    file.write_text(text.replace("max_error: 0.1", "review_share: 0.2"), encoding="utf-8")
    declared = declare.protocol(file)
    assert (declared.review_share, declared.max_error) == (0.2, None)
    file.write_text(text.replace("max_error: 0.1", "max_error: 0.1\nreview_share: 0.2"), "utf-8")
    with pytest.raises(DeclarationError, match="one of them decides"):
        declare.protocol(file)


def test_a_check_that_is_not_registered_is_refused(tmp_path):
    text = files.find("protocols", "baseline").read_text(encoding="utf-8")
    (tmp_path / "p.yaml").write_text(text.replace("fairness", "fairnes"), encoding="utf-8")
    with pytest.raises(DeclarationError, match="Did you mean 'fairness'"):
        declare.protocol(tmp_path / "p.yaml")


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
)


@given(
    st.sampled_from(sorted(declare.SCHEMAS)), st.sampled_from(["policies", "protocols"]), st.data()
)
def test_any_value_anywhere_is_read_or_refused(model, kind, data):
    text = files.find(kind, "baseline").read_text(encoding="utf-8")
    content = yamls.parse(text, name="t")
    for key in data.draw(st.lists(st.sampled_from(sorted(content)), max_size=3)):
        content[key] = data.draw(JSON)
    with tempfile.TemporaryDirectory() as folder, suppress(DeclarationError):
        file = Path(folder) / "t.yaml"
        file.write_text(json.dumps(content), encoding="utf-8")
        declare._model(declare.SCHEMAS[model], file)


@pytest.mark.parametrize(("old", "new", "told"), [
    ("at_least: 0.5", "at_least: 0.5\n    at_most: 0.9", "one of at_most and at_least"),
    ("at_least: 0.5", "at_least: .nan", "finite"),
    ("on_fail: block", "on_fail: explode", "'gates.0.on_fail'"),
    ("owner:", "onwer:", "Did you mean 'owner'?"),
])  # fmt: skip
def test_a_policy_that_means_nothing_is_refused(tmp_path, old, new, told):
    text = files.find("policies", "baseline").read_text(encoding="utf-8")
    (tmp_path / "p.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DeclarationError) as caught:
        declare.policy(tmp_path / "p.yaml")
    assert told in str(caught.value)


def test_a_language_that_is_not_written_is_told_in_one_that_is(write):
    file = write(
        lambda text: text.replace("  pt: Pedidos do cidadão ao setor que pode responder\n", "")
    )
    assert declare.prototype(file).title["pt"] == declare.prototype(file).title["es"]


def test_the_table_of_a_prototype_is_beside_it_wherever_one_stands(write, tmp_path, monkeypatch):
    roles = "  source: requests.csv\n  text: mensaje\n  groups: [sexo]\n"
    write(lambda text: text.replace("  source: citizen-requests-sample\n", roles))
    (tmp_path / "requests.csv").write_text("mensaje\nhola\n")
    monkeypatch.chdir(tmp_path.parent)
    told = declare.prototype(tmp_path).params["data"]
    assert Path(told["source"]).read_text() == "mensaje\nhola\n"
    assert told["text"] == "mensaje"
    assert told["groups"] == ["sexo"]
    assert declare.data(tmp_path) == told


def test_taxonomies_are_rows_of_code_parent_and_name():
    rows = declare.taxonomy("citizen-requests-sample")
    assert len([row for row in rows if row["parent"]]) == 14
    assert {row["code"] for row in rows if row["parent"] is None} >= {"works", "people"}


def test_a_taxonomy_with_an_unknown_department_is_refused(tmp_path):
    text = "name: t\noffices:\n  - {code: a, parent: b, name: {es: A}}\n"
    (tmp_path / "t.yaml").write_text(text)
    with pytest.raises(DeclarationError, match="must be a department; b is not"):
        declare.taxonomy(tmp_path / "t.yaml")


@pytest.mark.parametrize(("content", "told"), [
    ("", "is empty"),
    ("- a\n- b\n", "is a list"),
    ("a: [1, 2", "line 1"),
    ("a: \x00\n", "not"),
    ("a: " + "[" * 60 + "]" * 60, "nested more than"),
    ("{[a, b]: 1}", "not"),
    ("a: &x [1]\nb: [*x, *x]\n", "references"),
    ("a: 1\n" + "# " + "x" * 1_100_000, "below 1 MB"),
])  # fmt: skip
def test_yaml_that_is_more_than_plain_data_is_refused(tmp_path, content, told):
    (tmp_path / "t.yaml").write_text(content)
    with pytest.raises(DeclarationError) as caught:
        yamls.read(tmp_path / "t.yaml")
    assert told in str(caught.value)


@CHECKOUT
@pytest.mark.parametrize("kind", sorted(declare.SCHEMAS))
def test_the_published_schema_is_the_one_that_is_enforced(kind):
    golden = json.loads((ROOT / f"audits/schema/{kind}.schema.json").read_text(encoding="utf-8"))
    assert declare.schemas()[kind] == golden, "a changed format: write the schema anew, and say so"


@CHECKOUT
def test_there_is_no_schema_of_something_else():
    found = {path.name.removesuffix(".schema.json") for path in (ROOT / "audits/schema").iterdir()}
    assert found == set(declare.SCHEMAS)
