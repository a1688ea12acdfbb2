"""Pages of a record are compared only if the same wording writes them."""

import pandas as pd
import pytest

import iagkit
from iagkit.core.errors import IntegrityError
from iagkit.flow import attesting, proving


def test_a_change_of_wording_is_no_change_of_a_page(tmp_path, monkeypatch):
    table = pd.DataFrame({"sex": ["f", "m"] * 300, "y": [0, 1, 1, 0] * 150, "p": [1, 0] * 300})
    iagkit.audit(table, truth="y", prediction="p", groups=["sex"], out=tmp_path / "told")
    assert "as the record" in proving.verify(tmp_path / "told").values()
    monkeypatch.setattr(proving, "wording", lambda: "0" * 64)
    page = tmp_path / "told" / "report.en.html"
    page.write_text(page.read_text() + "<!-- told in other words -->")
    told = proving.verify(tmp_path / "told")
    assert told["report.en.html"] == "not compared"


def test_a_page_of_another_wording_is_known_by_its_signature(tmp_path, monkeypatch):
    table = pd.DataFrame({"sex": ["f", "m"] * 300, "y": [0, 1, 1, 0] * 150, "p": [1, 0] * 300})
    iagkit.audit(table, truth="y", prediction="p", groups=["sex"], out=(run := tmp_path / "run"))
    attesting.new_key(key := tmp_path / "k.pem")
    attesting.sign(run, key=key)
    monkeypatch.setattr(proving, "wording", lambda: "0" * 64)
    told = proving.verify(run, public_key=tmp_path / "k.pem.pub")
    assert {told[page] for page in proving.PAGES} == {"signed"}
    assert proving.verify(run)["report.pt.html"] == "not compared"
    page = run / "report.pt.html"
    page.write_text(page.read_text(encoding="utf-8").replace("600", "900", 1), encoding="utf-8")
    with pytest.raises(IntegrityError, match=r"'report\.pt\.html' is not the file that was signed"):
        proving.verify(run, public_key=tmp_path / "k.pem.pub")


def test_a_file_of_few_rows_is_not_known_by_its_digest_unless_all_is_told(tmp_path):
    from hashlib import sha256

    for rows, known in ((600, False), (1200, True)):
        table = pd.DataFrame({"sex": ["f", "m"] * (rows // 2), "y": [0, 1, 1, 0] * (rows // 4)})
        table["p"] = table["y"]
        file = tmp_path / f"of_{rows}.csv"
        table.to_csv(file, index=False)
        record = iagkit.audit(file, truth="y", prediction="p", groups=["sex"]).record
        assert (record.dataset["sha256"] == sha256(file.read_bytes()).hexdigest()) is known
    whole = iagkit.audit(tmp_path / "of_600.csv", truth="y", prediction="p", groups=["sex"], k=0)
    told = sha256((tmp_path / "of_600.csv").read_bytes()).hexdigest()
    assert whole.record.dataset["sha256"] == told
