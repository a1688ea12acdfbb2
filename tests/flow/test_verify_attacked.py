"""Whatever is done to a signed run, `verify` names it, ends with 2, and never with a traceback."""

import hashlib
import json
import random
import shutil

import pandas as pd
import pytest
from typer.testing import CliRunner

import iagkit
from iagkit import flow
from iagkit.cli.app import app
from iagkit.core.canonical import digest
from iagkit.core.errors import IagkitError
from iagkit.core.record import SECTIONS
from iagkit.flow import attesting, proving
from iagkit.report import write_report
from iagkit.wire import signing

ENVELOPE = attesting.ENVELOPE
PAGES = (*proving.PAGES, *proving.CHOSEN)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A signed run with files, pages and three remarks; and another run of the same institution."""
    place = tmp_path_factory.mktemp("attacked")
    key = place / "ours.pem"
    for name in ("ours", "theirs"):
        signing.new_key(place / f"{name}.pem")
    for name, rows in (("run", 600), ("other", 400)):
        table = pd.DataFrame({"sex": ["f", "m"] * (rows // 2), "y": [0, 1, 1, 0] * (rows // 4)})
        folder = place / name
        iagkit.audit(
            table.assign(p=table["y"]), truth="y", prediction="p", groups=["sex"], out=folder
        )
        (folder / "answers.csv").write_text(f"id,answer\n1,{name}\n")
        files = {"answers.csv": attesting.sha256_of(folder / "answers.csv")}
        record = attesting.replace(flow.record_in(folder), artifacts=files)
        for author in ("Ana", "Bea", "Caio"):
            record = record.amend(author=author, reason=f"remark of {author}", at="2026-01-01")
        (folder / "record.json").write_bytes(record.to_bytes())
        write_report(record, folder, lang="es")
        attesting.sign(folder, key=key)
    return place


@pytest.fixture
def run(home, tmp_path, monkeypatch):
    """Folder of a copy of the signed run; its pages are drawn once for all attacks."""
    drawn = {}

    def written(record, real=proving._written):
        content = record.to_bytes()
        if content not in drawn:
            drawn[content] = real(record)
        return drawn[content]

    monkeypatch.setattr(proving, "_written", written)
    return shutil.copytree(home / "run", tmp_path / "run")


def verified(run, key=None):
    """Exit code and words of `iagkit verify`; what is no refusal of ours is raised."""
    more = [] if key is None else ["--public-key", str(key)]
    done = CliRunner().invoke(app, ["verify", str(run), "--lang", "en", *more])
    if isinstance(done.exception, IagkitError):
        return 2, f"{done.stdout}{done.exception}"
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout


def edits(content, times, luck):
    """Flip, drop or insert one byte, somewhere."""
    for number in range(times):
        at = luck.randrange(len(content))
        before, after = content[:at], content[at:]
        one = bytes([luck.randrange(256)])
        flipped = before + bytes([after[0] ^ (1 << luck.randrange(8))]) + after[1:]
        yield (flipped, before + after[1:], before + one + after)[number % 3]


def attack(run, key, times, *, wide):
    luck = random.Random(7)
    for file in sorted(file for file in run.iterdir() if not file.name.startswith(".")):
        whole = file.read_bytes()
        named = {"record.json": "", ENVELOPE: "signature"}.get(file.name, file.name)
        junk = (b"", whole[: len(whole) // 2], whole[:-1], b"[" * 100_000, b'{"a": NaN}', b"\xff")
        for changed in (*edits(whole, times, luck), *(junk if wide else junk[:1])):
            if changed == whole:
                continue  # a byte was inserted or dropped beside its like
            file.write_bytes(changed)
            code, told = verified(run, key)
            assert (code, named in told) == (2, True), (file.name, told)
            if wide and file.name != ENVELOPE:  # without a key nobody knows who wrote a signature
                assert verified(run)[0] == 2
        file.write_bytes(whole)
    assert verified(run, key)[0] == 0


def test_any_byte_of_any_file_of_a_signed_run_is_missed(home, run):
    attack(run, home / "ours.pem.pub", times=3, wide=False)


@pytest.mark.slow
def test_any_byte_of_any_file_of_a_signed_run_is_missed_many_times(home, run):
    attack(run, home / "ours.pem.pub", times=210, wide=True)


def link(file):
    shutil.move(file, file.parent.parent / "elsewhere")
    file.symlink_to(file.parent.parent / "elsewhere")


def folder(file):
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize("name", ["answers.csv", "report.es.html", "report.md", ENVELOPE])
@pytest.mark.parametrize("put", [link, folder])
def test_a_link_or_a_folder_in_the_place_of_a_file_is_named(home, run, name, put):
    put(run / name)
    code, told = verified(run, home / "ours.pem.pub")
    assert (code, f"'{name}' is" in told) == (2, True), told


@pytest.mark.parametrize("name", ["answers.csv", "report.html", ENVELOPE])
def test_a_file_of_another_run_is_named_in_the_place_of_ours(home, run, name):
    shutil.copy(home / "other" / name, run / name)
    code, told = verified(run, home / "ours.pem.pub")
    assert (code, name in told or "of another record" in told) == (2, True), told


def test_another_key_and_a_missing_signature_are_told(home, run):
    assert "of another key" in verified(run, home / "theirs.pem.pub")[1]
    (run / ENVELOPE).unlink()
    assert verified(run, home / "ours.pem.pub")[0] == 2
    assert verified(run)[0] == 0


def test_what_is_no_part_of_the_record_is_told_as_such_and_what_is_gone_too(run):
    (run / "review-list.csv").write_text("id\n")
    (run / "report.pt.html").unlink()
    code, told = verified(run)
    assert code == 0
    assert "review-list.csv: no part of the record" in told
    assert "report.pt.html: not here" in told


def test_a_forged_number_of_remarks_fills_no_screen(home, run):
    payload = signing.opened((run / ENVELOPE).read_bytes()).payload
    for number, told in ((10**15, "amendment 4 was signed and is missing"), (-1, "statement")):
        forged = payload.replace(b'"amendments":3', b'"amendments":%d' % number)
        key = signing.private_key(home / "theirs.pem")
        (run / ENVELOPE).write_bytes(signing.sign(forged, [key]))
        code, words = verified(run)
        assert (code, told in words, len(words) < 5_000) == (2, True, True)


def resealed(run, change):
    """Change the JSON of a record, and compute every digest anew, as a forger would."""
    whole = json.loads((run / "record.json").read_bytes())
    change(whole)
    seals = {name: digest(whole[name]) for name in SECTIONS}
    written = [
        json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n"
        for told in ({name: whole[name] for name in SECTIONS},)
    ]
    whole |= {"amendments": []}
    whole["seal"] = {
        "amendments": 0, "digest": digest(seals), "head": digest(seals), "sections": seals,
        "text": hashlib.sha256(written[0]).hexdigest(),
    }  # fmt: skip
    text = json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False)
    (run / "record.json").write_text(f"{text}\n", "utf-8")


@pytest.mark.parametrize(
    "change",
    [
        lambda w: w["about"].update(format="iagkit-record/3"),
        lambda w: w["findings"][0].update(estimate={"value": 1}),
        lambda w: w["findings"][0].update(unknown=1),
        lambda w: w["findings"][0].update(because_of={"template": "{n}", "values": {}}),
        lambda w: w["findings"][0].update(because_of={"template": "{0}", "values": {}}),
        lambda w: w["findings"][0].pop("check"),
        lambda w: w.update(findings={}, verdicts=[[]]),
        lambda w: w.update(artifacts={"../x": "0"}),
        lambda w: w.update(artifacts=[["x"]]),
    ],
)
def test_a_record_of_another_shape_sealed_anew_is_refused(run, change):
    resealed(run, change)
    for page in PAGES:
        (run / page).unlink()
    (run / ENVELOPE).unlink()
    code, told = verified(run)
    assert (code, "Ask the institution" in told) == (2, True)
