"""A tagger trained on a few real documents: redact finds it in the cache, or says what is amiss."""

import os
import subprocess
import sys

import pytest

from iagkit.core.errors import DataError
from iagkit.flow import tagger_corpora as corpora
from iagkit.flow.redacting import asked
from iagkit.flow.training_tagger import default_path
from iagkit.text.privacy.tagger import Expert, FieldTagger
from iagkit.text.privacy.tagger_files import save_tagger
from iagkit.text.privacy.training import Recipe, train_fields

LETTER = "Remitido por: Dra. Wayra Ticona, Hospital de Ayacucho, en el municipio de Yanahuara.\n"


@pytest.fixture(scope="module")
def cache(mirror, tmp_path_factory):
    """Folder with a tagger where the commands look for one."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IAGKIT_DATA_MIRROR", str(mirror))
        patch.setenv("IAGKIT_DATA", str(folder))
        documents = corpora.corpus("meddocan_es", "train")[:20]
        field = train_fields(documents, [Recipe(iterations=4)], fewest_documents=2)[0]
        expert = Expert(name="meddocan_es", field=field)
        facts = {"corpora": ["meddocan_es"], "splits": ["train"]}
        save_tagger(FieldTagger(lang="es", experts=(expert,), facts=facts), default_path("es"))
        yield folder


@pytest.fixture
def cached(cache, monkeypatch):
    """The file of the tagger, in force for one test."""
    monkeypatch.setenv("IAGKIT_DATA", str(cache))
    return default_path("es")


def redact(folder, cache, *options):
    (folder / "letter.txt").write_text(LETTER, encoding="utf-8")
    out = folder / "out.txt"
    return subprocess.run(
        [sys.executable, "-m", "iagkit", "redact", "letter.txt", "--lang", "es", "--out", out,
         *options],
        cwd=folder, env={**os.environ, "IAGKIT_DATA": str(cache)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def hidden(word, how):
    begin = LETTER.index(word)
    return any(e.start <= begin and begin + len(word) <= e.end for e in how.find(LETTER))


def test_the_command_uses_the_tagger_in_the_cache(cache, cached, tmp_path):
    done = redact(tmp_path, cache)
    assert done.returncode == 0, done.stderr
    assert "meddocan_es" in done.stderr
    told = (tmp_path / "out.txt").read_text(encoding="utf-8")
    assert "Ticona" not in told
    assert "Ayacucho" not in told


def test_what_only_the_tagger_knows_stays_where_it_is_not_asked(cached):
    assert not hidden("Ayacucho", asked(lang="es", patterns_only=True))
    assert hidden("Ayacucho", asked(lang="es"))


def _cut(whole: bytes) -> bytes:
    return whole[: len(whole) // 2]


def _bent(whole: bytes) -> bytes:
    """Bytes of the packed weights turned round, the list of contents left as it was."""
    middle = len(whole) // 2
    bent = bytes(255 - byte for byte in whole[middle : middle + 200])
    return whole[:middle] + bent + whole[middle + 200 :]


@pytest.mark.parametrize("harm", [_cut, _bent, lambda _: b"", lambda _: b"no tagger"])
def test_a_harmed_tagger_is_refused_in_one_sentence(cached, harm, tmp_path):
    harmed = tmp_path / "harmed.tagger"
    harmed.write_bytes(harm(cached.read_bytes()))
    with pytest.raises(DataError, match=r"'harmed\.tagger' is none .*Train it again"):
        asked(lang="es", tagger=harmed)


def test_the_command_refuses_a_tagger_that_is_not_there(cache, cached, tmp_path):
    refused = redact(tmp_path, cache, "--tagger", "none.tagger")
    assert refused.returncode == 2
    assert "'none.tagger' cannot be read" in refused.stderr
    assert "iagkit train-tagger --lang es" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "out.txt").exists()


def test_a_cached_tagger_of_another_language_is_refused(cached):
    other = default_path("pt")
    other.write_bytes(cached.read_bytes())
    with pytest.raises(DataError, match=r"expected a tagger for 'pt'; 'pt\.tagger' is for 'es'"):
        asked(lang="pt")
    other.unlink()
    assert asked(lang="pt").model == "patterns only"
