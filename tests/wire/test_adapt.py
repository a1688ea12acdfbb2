"""A copied prototype belongs to the institution, word for word."""

import pytest

from iagkit.core.errors import DeclarationError, OutputError
from iagkit.wire import adapt, declare


def test_the_copy_has_everything_and_points_to_its_own_files(tmp_path):
    paths = adapt.copy("citizen-requests", tmp_path / "intake")
    assert {path.name for path in paths} == {
        "prototype.yaml", "policy.yaml", "protocol.yaml", "taxonomy.yaml", "README.md", "ADAPT.md",
    }  # fmt: skip
    text = paths[0].read_text(encoding="utf-8")
    for line in ("policy: policy.yaml", "protocol: protocol.yaml", "taxonomy: taxonomy.yaml"):
        assert line in text.splitlines()
    assert "# Everything an institution declares" in text


def test_the_copy_is_the_original_until_it_is_edited(tmp_path):
    adapt.copy("citizen-requests", tmp_path / "intake")
    original, copied = declare.prototype("citizen-requests"), declare.prototype(tmp_path / "intake")
    assert copied.policy == original.policy
    assert copied.protocol == original.protocol
    assert copied.human_role == original.human_role
    policy = tmp_path / "intake/policy.yaml"
    policy.write_text(policy.read_text("utf-8").replace("at_least: 0.5", "at_least: 0.9"), "utf-8")
    assert declare.prototype(tmp_path / "intake").policy.gates[0].at_least == 0.9


@pytest.mark.parametrize("name", ["citizen-requests", "document-triage", "process-optimization"])
@pytest.mark.parametrize(
    ("lang", "own", "others"),
    [("es", "Para quién", ("Para quem", "For whom")), ("pt", "Para quem", ("Para quién",)),
     ("en", "For whom", ("Para quién", "Para quem"))],
)  # fmt: skip
def test_what_is_to_be_read_is_copied_in_the_language_that_was_asked(
    tmp_path, name, lang, own, others
):
    adapt.copy(name, tmp_path / "a", lang=lang)
    readme, steps = ((tmp_path / "a" / f).read_text("utf-8") for f in ("README.md", "ADAPT.md"))
    assert readme.startswith(f"# {name}\n")
    assert own in readme
    assert not any(other in readme for other in others)
    assert steps.startswith(f"# {adapt.TITLES[lang]}\n\n1. **")
    adapt.copy(str(tmp_path / "a"), tmp_path / "b", lang="pt")
    assert (tmp_path / "b/README.md").read_text("utf-8") == readme


def test_a_copy_of_the_copy_is_possible(tmp_path):
    adapt.copy("citizen-requests", tmp_path / "a")
    adapt.copy(str(tmp_path / "a"), tmp_path / "b")
    assert declare.prototype(tmp_path / "b").name == "b"


def test_nothing_of_others_is_overwritten(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="holds files"):
        adapt.copy("citizen-requests", tmp_path)
    with pytest.raises(OutputError, match="is a file"):
        adapt.copy("citizen-requests", tmp_path / "mine.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_unknown_prototype_is_told_with_the_likely_one(tmp_path):
    with pytest.raises(DeclarationError, match="Did you mean 'citizen-requests'"):
        adapt.copy("citizens-request", tmp_path / "x")
