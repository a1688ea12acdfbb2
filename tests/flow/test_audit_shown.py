"""What an audit shows of itself where nobody asked for details."""

import pandas as pd

import iagkit

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
