"""Frames as people have them: a right result or one clear refusal, never a traceback."""

import decimal
import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from iagkit import audit
from iagkit.core.errors import IagkitError, OutputError, UsageError

N = 400
DRAW = np.random.default_rng(11)
SEX, TRUTH, TOLD = DRAW.choice(["f", "m"], N), DRAW.integers(0, 2, N), DRAW.integers(0, 2, N)
PLAIN = pd.DataFrame({"g": SEX, "y": TRUTH, "p": TOLD})
ASKED = {"truth": "y", "prediction": "p", "groups": ["g"]}


def selected(found):
    """Share of yes of each group, as one audit tells it."""
    places = [f for f in found.findings if f.check == "fairness.selection_rate" and f.where]
    return {f.where["g"]: (f.estimate.value, f.estimate.n) for f in places if f.estimate}


def arrow(**columns):
    return pa.table({**{name: PLAIN[name] for name in PLAIN}, **columns})


SAME = {
    "pandas categorical with unused levels": PLAIN.assign(g=pd.Categorical(SEX, ["x", "m", "f"])),
    "pandas ordered categorical": PLAIN.assign(g=pd.Categorical(SEX, ["m", "f"], ordered=True)),
    "pandas nullable": PLAIN.convert_dtypes(),
    "pandas nullable booleans": PLAIN.assign(y=pd.array(TRUTH == 1, "boolean"), p=TOLD == 1),
    "pandas with columns of Arrow": PLAIN.convert_dtypes(dtype_backend="pyarrow"),
    "pandas with an odd index": PLAIN.set_index(pd.Index([7] * N)),
    "pandas with labels as categories": PLAIN.astype({"y": "category", "p": "category"}),
    "decimals of Python": PLAIN.assign(
        y=list(map(decimal.Decimal, TRUTH.tolist())), p=list(map(decimal.Decimal, TOLD.tolist()))
    ),
    "floats and whole numbers": PLAIN.assign(y=TRUTH.astype("float32"), p=TOLD.astype("int8")),
    "a column of lists beside": PLAIN.assign(other=[[1, 2]] * N),
    "Arrow dictionary": arrow(g=pa.array(SEX.tolist()).dictionary_encode()),
    "Arrow decimals": arrow(y=pa.array(TRUTH).cast(pa.decimal128(20, 0))),
    "Arrow large strings": arrow(g=pa.array(SEX.tolist(), pa.large_string())),
    "polars": pl.from_pandas(PLAIN),
    "polars lazy": pl.from_pandas(PLAIN).lazy(),
    "polars Enum": pl.from_pandas(PLAIN).with_columns(g=pl.col("g").cast(pl.Enum(["x", "f", "m"]))),
    "polars Categorical": pl.from_pandas(PLAIN).with_columns(g=pl.col("g").cast(pl.Categorical)),
    "polars decimals": pl.from_pandas(PLAIN).with_columns(y=pl.col("y").cast(pl.Decimal(10, 0))),
    "polars objects beside": pl.from_pandas(PLAIN).with_columns(
        o=pl.Series([object()] * N, dtype=pl.Object)
    ),
}


@pytest.mark.parametrize("kind", SAME)
def test_the_same_people_in_another_kind_of_column_have_the_same_numbers(kind):
    told = selected(audit(SAME[kind], **ASKED))
    by_hand = {s: (float(TOLD[s == SEX].mean()), int((s == SEX).sum())) for s in "fm"}
    assert told == {s: (pytest.approx(share), n) for s, (share, n) in by_hand.items()}


REFUSED = {
    "complex group": PLAIN.assign(g=TRUTH + 1j),
    "complex truth": PLAIN.assign(y=TRUTH + 0j),
    "complex prediction and truth": PLAIN.assign(y=TRUTH + 0j, p=TOLD + 0j),
    "lists as group": PLAIN.assign(g=[[s] for s in SEX]),
    "sets as group": PLAIN.assign(g=[{s} for s in SEX]),
    "dictionaries as group": PLAIN.assign(g=[{"s": s} for s in SEX]),
    "lists as truth": PLAIN.assign(y=[[t] for t in TRUTH]),
    "arrays as group": PLAIN.assign(g=[np.array([1, 2])] * N),
    "objects as group": PLAIN.assign(g=[object() for _ in range(N)]),
    "timedelta truth": PLAIN.assign(y=pd.to_timedelta(TRUTH, "D")),
    "columns in two rows": PLAIN.set_axis(
        pd.MultiIndex.from_product([["a"], ["g", "y", "p"]]), axis=1
    ),
    "a name twice": pd.concat([PLAIN, PLAIN[["g"]]], axis=1),
    "a name twice beside": pd.concat([PLAIN, PLAIN[["g"]].set_axis(["o"], axis=1)] * 2, axis=1),
    "an Arrow name twice": pa.Table.from_arrays(
        [pa.array(PLAIN[c].tolist()) for c in ("g", "y", "p", "g")], names=["g", "y", "p", "g"]
    ),
    "columns with numbers for names": PLAIN.set_axis([0, 1, 2], axis=1),
    "no rows": PLAIN.iloc[:0],
    "no rows in polars": pl.from_pandas(PLAIN).head(0),
    "no columns": pd.DataFrame(),
    "no columns in polars": pl.DataFrame(),
    "one row": PLAIN.iloc[:1],
    "Arrow lists as group": arrow(g=pa.array([[s] for s in SEX])),
    "Arrow structs as group": arrow(g=pa.array([{"s": s} for s in SEX])),
    "Arrow string views": arrow(g=pa.array(SEX.tolist(), pa.string_view())),
    "Arrow nulls as truth": arrow(y=pa.nulls(N)),
    "Arrow bytes as group": arrow(g=pa.array([s.encode() + b"\xff" for s in SEX])),
    "polars lists as group": pl.from_pandas(PLAIN).with_columns(g=pl.concat_list("g")),
    "polars structs as group": pl.from_pandas(PLAIN).with_columns(g=pl.struct("g")),
    "polars objects as group": pl.from_pandas(PLAIN.drop(columns="g")).with_columns(
        g=pl.Series([object()] * N, dtype=pl.Object)
    ),
    "a series": PLAIN["g"],
    "an array": PLAIN.to_numpy(),
    "a list of rows": PLAIN.to_dict("records"),
    "a dictionary of columns": PLAIN.to_dict("list"),
    "nothing": None,
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_counted_is_refused_in_one_message(kind):
    with pytest.raises(IagkitError) as refused:
        audit(REFUSED[kind], **ASKED)
    assert 20 < len(str(refused.value)) < 600


def test_labels_of_several_kinds_are_told_apart_by_what_they_say():
    mixed = PLAIN.assign(y=[int(t) if i % 2 else float(t) for i, t in enumerate(TRUTH)])
    mixed["y"] = mixed["y"].astype(object)
    assert selected(audit(mixed, **ASKED)) == selected(audit(PLAIN, **ASKED))
    with pytest.raises(IagkitError, match="one kind of value in 'g'"):
        audit(PLAIN.assign(g=[s if i % 2 else i % 3 for i, s in enumerate(SEX)]), **ASKED)


def test_spans_of_time_are_no_groups():
    with pytest.raises(IagkitError, match="one word, number or date"):
        audit(PLAIN.assign(g=pd.to_timedelta(TRUTH, "D")), **ASKED)


def test_two_audits_at_once_into_one_folder_leave_whole_results(tmp_path):
    """One of them stands in the folder, the other beside it: nothing is mixed, nothing left."""

    def run(number):
        try:
            return audit(PLAIN, **ASKED, name=f"t{number}", out=tmp_path / "out")
        except OutputError as refused:
            return refused

    with ThreadPoolExecutor(2) as two:
        done = [one for one in two.map(run, range(2)) if not isinstance(one, OutputError)]
    kept = {file.read_bytes() for file in tmp_path.rglob("record.json")}
    assert done
    assert kept == {one.record.to_bytes() for one in done}
    assert not [folder for folder in tmp_path.iterdir() if folder.name.startswith(".out")]


def test_results_go_where_a_link_leads(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "there", target_is_directory=True)
    audit(PLAIN, **ASKED, out=tmp_path / "out")
    assert (tmp_path / "there" / "record.json").is_file()
    assert (tmp_path / "out").is_symlink()


def test_a_link_in_a_circle_is_refused(tmp_path):
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(OutputError, match="cannot be written"):
        audit(PLAIN, **ASKED, out=tmp_path / "a")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write into folders that are read-only")
def test_a_folder_that_may_not_be_written_is_refused_before_any_row_is_counted(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="may not write there"):
        audit(None, **ASKED, out=tmp_path / "out")


TAKEN = ("value", "n", "low", "high", "unit", "between", "because", "check")


@pytest.mark.parametrize("name", TAKEN)
def test_a_group_column_of_a_name_that_results_use_is_refused_with_the_remedy(name):
    with pytest.raises(UsageError, match=f"'{name}_of_person'"):
        audit(PLAIN.rename(columns={"g": name}), **{**ASKED, "groups": [name]})


@pytest.mark.parametrize("name", ["estimate", "level", "question", "where", "rows", "group"])
def test_other_names_of_group_columns_keep_their_numbers_in_the_table(name):
    found = audit(PLAIN.rename(columns={"g": name}), **{**ASKED, "groups": [name]}).to_frame()
    rows = found[(found["check"] == "fairness.selection_rate") & found[name].notna()]
    assert dict(zip(rows[name], rows["value"], strict=True)) == {
        s: pytest.approx(TOLD[s == SEX].mean()) for s in "fm"
    }
