from __future__ import annotations

import html as entities
import itertools
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_audit import LEVELS, NO, YES, an_audit, cells, found

from iagkit.core.errors import UsageError
from iagkit.core.judge import judge
from iagkit.core.message import say
from iagkit.core.nouns import Estimate, Finding, Gate, Policy
from iagkit.core.record import Record, read
from iagkit.report import write_report
from iagkit.report.audit import audit_html
from iagkit.report.audit.metrics import COMPLEMENTS, METRICS
from iagkit.report.audit.reading import read as read_story
from iagkit.report.audit.voice import AuditVoice
from iagkit.report.page import compose
from iagkit.report.terminal import summary
from iagkit.report.voice import Voice
from iagkit.report.write import html, markdown

LANGS = ("es", "pt", "en")
KILOBYTE = 1_000
QUESTION = "How many?"


def text_of(page: str) -> str:
    """Words of a page, without its style and its tags."""
    bare = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return " ".join(entities.unescape(re.sub(r"<[^>]+>", " ", bare)).split())


def told(record: Record, lang: str = "en") -> str:
    return text_of(html(compose(record, lang=lang)))


def section(record: Record | str, name: str, lang: str = "en") -> str:
    """Words of one part of a page, or of the page of a record."""
    page = record if isinstance(record, str) else html(compose(record, lang=lang))
    match = re.search(rf'<section aria-labelledby="{name}">(.*?)</section>', page, re.DOTALL)
    return text_of(match.group(1)) if match else ""


def of(check: str, value: float, n: int, low=None, high=None, unit="share", between=None, **where):
    estimate = Estimate(value=value, n=n, low=low, high=high, unit=unit)
    return Finding(check=check, question=QUESTION, estimate=estimate, where=where, between=between)


def an_empty_audit(*findings: Finding, task: str = "binary", columns=("sex",), **facts) -> Record:
    """A record that holds these findings and hardly anything else."""
    audit = {"task": task, "rows": 200, "columns": list(columns), "level": 0.95, **facts}
    return Record(
        about={}, dataset={"name": "people.csv"}, prototype={"name": "audit", "task": "audit"},
        run={"audit": audit}, findings=findings, verdicts=(),
    )  # fmt: skip


WOMEN = of("fairness.selection_rate", 13 / 100, 100, 0.08, 0.21, sex="Female")
MEN = of("fairness.selection_rate", 32 / 100, 100, 0.24, 0.42, sex="Male")
APART = of(
    "fairness.selection_rate.gap", 0.19, 200, 0.05, 0.33, between=("Female", "Male"), sex="*"
)


@pytest.fixture(scope="module")
def record() -> Record:
    return an_audit()


@pytest.fixture(scope="module")
def pages(record) -> dict[str, str]:
    return {lang: html(compose(record, lang=lang)) for lang in LANGS}


def test_thirteen_of_a_hundred_women_and_thirty_two_of_a_hundred_men_are_told_as_people():
    text = section(an_empty_audit(WOMEN, MEN, APART, positive="grant"), "summary")
    assert (
        "By sex: Selection rate: of 100 people in “Male”, 32 get the answer “grant”; of 100 in "
        "“Female”, 13. The gap is 19.0 percentage points (5.0 to 33.0; n = 200)."
    ) in text


def test_women_of_the_made_up_counts_are_counted_the_same_way(pages):
    women = [c for place, c in cells().items() if place[0] == "Female"]
    selected = sum(tp + fp for tp, _, fp, _ in women)
    share = round(100 * selected / sum(map(sum, women)))
    assert f"of 100 in “Female”, {share}." in section(pages["en"], "summary")


def test_a_gap_that_was_not_found_is_told_with_the_smallest_that_would_have_shown():
    chance = replace(APART, estimate=replace(APART.estimate, low=0.0))
    seen = of("fairness.selection_rate.detectable_gap", 0.21, 200, sex="*")
    text = section(an_empty_audit(WOMEN, MEN, chance, seen), "summary")
    assert "None. No gap between groups is larger than chance explains" in text
    assert (
        "By sex, with the smallest gap that would have shown in brackets: Selection rate "
        "(21.0 points)."
    ) in text


def test_an_undecided_limit_is_told_with_the_cases_that_would_decide_it():
    gate = Gate(check=APART.check, reason={"en": "R"}, at_most=0.1)
    limits = Policy(name="p", version="1", owner="o", reason={"en": "R"}, gates=(gate,))
    price = of("fairness.selection_rate.cases_needed", 340, 200, unit="cases", sex="*")
    record = an_empty_audit(WOMEN, MEN, APART, price)
    record = replace(record, verdicts=judge(record.findings, limits))
    text = section(record, "summary")
    assert (
        "gap between the furthest groups: the limit is undecided by sex (the limit 10.0 points "
        "lies inside the interval 5.0 points to 33.0 points; about 340 cases more, of the same "
        "mix and with figures as now, would decide it)."
    ) in text


def test_a_gap_that_could_not_be_measured_says_why():
    because = say("fewer than two groups have {needed} cases", needed=30)
    unknown = Finding(check=APART.check, question=QUESTION, because=because, where={"sex": "*"})
    text = section(an_empty_audit(WOMEN, unknown), "summary")
    assert "By sex, not known (fewer than two groups have 30 cases): Selection rate." in text


def limited(*findings, check=APART.check, at_most=0.1, columns=("sex",), **facts):
    gate = Gate(check=check, reason={"en": "R"}, at_most=at_most)
    policy = Policy(name="p", version="1", owner="o", reason={"en": "R"}, gates=(gate,))
    record = an_empty_audit(*findings, columns=columns, **facts)
    declared = {**record.prototype, "policy": {"gates": [{"check": check, "at_most": at_most}]}}
    return replace(record, prototype=declared, verdicts=judge(record.findings, policy))


LARGER = (
    of("fairness.accuracy", 0.2, 100, 0.1, 0.3, sex="Female"),
    of("fairness.accuracy", 0.9, 100, 0.8, 0.95, sex="Male"),
    of("fairness.accuracy.gap", 0.7, 200, 0.5, 0.9, sex="*", between=("Female", "Male")),
)


def test_the_headline_is_the_largest_gap_that_a_limit_judges_though_others_are_larger():
    record = limited(WOMEN, MEN, APART, *LARGER)
    told = compose(record, lang="en").sentence
    assert "largest proven difference, by sex: of 100 people in “Male”, 32" in told
    text = section(record, "summary")
    assert "No limit judges the following." in text
    assert "By sex: Accuracy (70.0 points)." in text


def test_a_headline_without_any_judged_gap_says_that_it_holds_for_itself_only():
    told = compose(an_empty_audit(WOMEN, MEN, *LARGER), lang="en").sentence
    assert "No limit judges it: it is beyond chance for itself" in told


def test_where_all_gaps_share_the_error_the_headline_is_the_largest_of_all():
    record = limited(WOMEN, MEN, APART, *LARGER, family=2)
    told = compose(record, lang="en").sentence
    assert "largest proven difference, by sex: of 100 answers in “Male”, 90" in told
    assert "No limit judges" not in section(record, "summary")
    assert "all gaps of this page together would hold zero" in section(record, "method")
    assert "all gaps that a limit judges" in section(limited(APART, *LARGER, family=1), "method")


def test_measures_that_are_unknown_for_the_same_reason_are_told_in_one_line():
    because = say("withheld: it would tell of fewer than {k} people, or betray such a count", k=5)
    found = [
        Finding(check=f"fairness.{m}.gap", question=QUESTION, because=because, where={"sex": "*"})
        for m in ("selection_rate", "accuracy", "precision")
    ]
    text = section(an_empty_audit(WOMEN, *found), "summary")
    assert text.count("withheld") == 2
    assert "By sex, no gap is known (withheld: it would tell of fewer than 5 people" in text
    assert "if small groups are joined into larger ones" in text


def test_places_with_the_same_limit_and_result_share_a_row_each_with_its_figures():
    other = of(APART.check, 0.4, 90, 0.3, 0.5, race="*")
    page = compose(limited(APART, other, at_most=0.01, columns=("sex", "race")), lang="en")
    (table,) = [b for s in page.sections if s.name == "verdicts" for b in s.blocks
                if b.block == "table"]  # fmt: skip
    ((_, result, limit, _),) = table.rows
    assert result.small.replace("\N{NO-BREAK SPACE}", " ") == (
        "by sex: 19.0 percentage points (5.0 to 33.0; n = 200)\n"
        "by race: 40.0 percentage points (30.0 to 50.0; n = 90)"
    )
    assert limit.main == "at most 1.0 points"


@pytest.mark.parametrize(
    ("lang", "told"), [("en", "1 limit: 1 exceeded"), ("es", "1 límite: 1 superado, 0 cumplidos")]
)
def test_one_limit_is_counted_as_one(lang, told):
    assert told in compose(limited(WOMEN, MEN, APART, at_most=0.01), lang=lang).sentence


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ("<18", "menos de 18"),
        ("[18, 30)", "18 a menos de 30"),
        ("≥65", "65 o más"),
        ("65", "65"),
        ("[a, b)", "[a, b)"),
    ],
)
def test_a_range_of_a_column_that_was_cut_reads_as_words(raw, told):
    found = read_story(an_empty_audit(WOMEN, bins={"age": [18, 30, 65]}), AuditVoice("es"))
    assert found.group(raw) == told
    assert read_story(an_empty_audit(WOMEN), AuditVoice("es")).group(raw) == raw


def test_a_gap_between_groups_of_two_columns_finds_its_groups_in_whatever_order_they_are_named():
    both = {"sex": "Female", "race": "Black"}
    others = {"sex": "Male", "race": "White"}
    findings = (
        of("fairness.accuracy", 0.7, 90, 0.6, 0.8, **both),
        of("fairness.accuracy", 0.9, 90, 0.8, 0.95, **others),
        of("fairness.accuracy.gap", 0.2, 180, 0.1, 0.3, sex="*", race="*",
           between=("Black · Female", "White · Male")),
    )  # fmt: skip
    text = section(an_empty_audit(*findings, columns=("sex", "race")), "intersections")
    assert "of 100 answers in “Male · White”, 90 are right; of 100 in “Female · Black”, 70" in text


@pytest.mark.parametrize(
    ("limits", "word", "tone"),
    [
        ({"at_most": 0.01}, "Limits were exceeded", "fail"),
        ({"at_most": 0.1}, "The data cannot tell", "unknown"),
        ({"at_most": 0.5}, "No limit was exceeded", "pass"),
        ({"at_most": 0.01, "on_fail": "note"}, "No limit was set", "plain"),
    ],
)
def test_the_verdict_has_a_word_for_each_outcome(limits, word, tone):
    gate = Gate(check=APART.check, reason={"en": "R"}, **limits)
    policy = Policy(name="p", version="1", owner="o", reason={"en": "R"}, gates=(gate,))
    page = compose(an_audit(depth=0, further=False, limits=policy, more=(APART,)), lang="en")
    assert (page.verdict.word, page.verdict.tone) == (word, tone)


def test_counting_nobody_of_any_group_is_no_proof_of_equality():
    page = compose(an_empty_audit(columns=()), lang="en")
    assert page.verdict.word == "No limit was set"
    assert "No group was declared, so nothing is known" in text_of(html(page))


@pytest.mark.parametrize("lang", LANGS)
def test_every_part_of_an_audit_has_its_place_in_each_language(record, lang):
    names = [s.name for s in compose(record, lang=lang).sections]
    assert names == [
        "summary", "verdicts", "overall", "groups", "intersections", "confusion", "scores",
        "ranking", "time", "against", "mitigation", "why", "method", "annex",
    ]  # fmt: skip


def test_a_part_without_findings_is_left_out():
    names = {s.name for s in compose(an_empty_audit(WOMEN, MEN, APART), lang="en").sections}
    assert names == {"summary", "groups", "method", "annex"}


def test_nothing_that_was_found_is_left_to_the_annex_but_what_nobody_foresaw(record, pages):
    assert "Further measurements" not in section(pages["en"], "annex")
    strange = of("process.waiting", 17.34, 40, unit="weeks", sex="Female")
    text = section(replace(record, findings=(*record.findings, strange)), "annex")
    assert "Further measurements" in text
    assert "17.3" in text


def said_by_another(finding: Finding, places: set) -> bool:
    """Whether the number is one less another one of the page, and left to the record."""
    turned = ((a, b) for a, b in COMPLEMENTS.items() if a in finding.check)
    where = tuple(finding.where.items())
    return any((finding.check.replace(a, b), where) in places for a, b in turned)


METRIC = st.sampled_from([*METRICS, "mine"])
SUFFIX = st.sampled_from(["", ".gap", ".ratio", ".difference", ".change", ".other"])
FAMILY = st.sampled_from(
    ["fairness", "performance", "over_time", "against", "calibration", "ranking",
     "explainability", "robustness", "recourse", "mitigation", "confusion", "odd"]
)  # fmt: skip
PLACES = st.dictionaries(
    st.sampled_from(["sex", "class", "period", "confidence", "feature", "method", "given"]),
    st.sampled_from(["*", "a", "b", "0.1–0.2"]),
    max_size=2,
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(FAMILY, METRIC, SUFFIX, PLACES), min_size=1, max_size=4))
def test_no_number_is_ever_lost_wherever_it_was_found(places):
    findings = []
    for i, (family, metric, suffix, where) in enumerate(places):
        value = 4.011 + i
        check = f"{family}.{metric}{suffix}"
        if any((f.check, dict(f.where)) == (check, where) for f in findings):
            continue
        findings.append(of(check, value, 100, unit="weeks", **where))
    text = told(an_empty_audit(*findings))
    places = {(f.check, tuple(f.where.items())) for f in findings}
    for finding in findings:
        if not said_by_another(finding, places):
            assert f"{finding.estimate.value:.2f}" in text


def test_a_measure_that_somebody_brought_along_is_drawn_like_any_other():
    mine = [of("fairness.mine", 0.4 + 0.1 * i, 50, 0.3, 0.6, sex=s) for i, s in enumerate("FM")]
    page = html(compose(an_empty_audit(*mine), lang="en"))
    assert re.search(r'<svg role="img" aria-label="mine\.', page)


def test_a_count_that_is_withheld_says_so_and_is_not_drawn():
    because = say("withheld: fewer than {few} people", few=5)
    pairs = list(itertools.product((YES, NO), repeat=2))
    counts = [
        of("confusion.count", 20, 20, unit="cases", truth=t, prediction=p, sex="Female")
        for t, p in pairs
    ]
    places = [{"truth": t, "prediction": p, "sex": "Male"} for t, p in pairs]
    hidden = Finding(check="confusion.count", question=QUESTION, because=because, where=places[0])
    known = [of("confusion.count", 30, 30, unit="cases", **w) for w in places[1:]]
    page = html(compose(an_empty_audit(*counts, hidden, *known, positive=YES), lang="en"))
    assert page.count('<rect class="found"') == 2  # legend, and the one group that is known
    assert "Withheld: fewer than 5 people." in text_of(page)


def test_several_classes_are_told_as_a_table_of_truths_and_answers_and_class_by_class():
    labels = ("a", "b", "c")
    counts = [
        of("confusion.count", 10 + i, 10 + i, unit="cases", truth=t, prediction=p)
        for i, (t, p) in enumerate(itertools.product(labels, repeat=2))
    ]
    recall = [of("performance.recall", 0.5, 60, 0.4, 0.6, **{"class": c}) for c in labels]
    rate = [
        of("fairness.true_positive_rate", 0.3 + 0.2 * i, 60, 0.2, 0.6, sex=s, **{"class": "a"})
        for i, s in enumerate(("F", "M"))
    ]
    gap = of("fairness.true_positive_rate.gap", 0.2, 120, 0.1, 0.3, between=("F", "M"),
             sex="*", **{"class": "a"})  # fmt: skip
    record = an_empty_audit(*counts, *recall, *rate, gap, task="multiclass", labels=list(labels))
    assert "Truths in rows, answers in columns" in section(record, "confusion")
    text = section(record, "classes")
    sentence = (
        "True positive rate (sensitivity) (“a”): of 100 people in “M” who truly are “a”, 50 are "
        "found; of 100 in “F”, 30."
    )
    assert sentence in text
    assert sentence in section(record, "summary")


def test_errors_of_a_number_are_told_in_its_unit():
    errors = [
        of("fairness.mean_absolute_error", 3.5 + i, 80, 3.0, 5.0, unit="days", sex=s)
        for i, s in enumerate(("F", "M"))
    ]
    gap = of("fairness.mean_absolute_error.gap", 1.0, 160, 0.4, 1.6, unit="days",
             between=("F", "M"), sex="*")  # fmt: skip
    text = section(an_empty_audit(*errors, gap, task="regression"), "summary")
    assert "Mean absolute error: 4.50 days in “M”, 3.50 days in “F”. The gap is 1.00 days" in text


def test_a_hair_below_zero_is_written_as_zero():
    assert Voice("en").number(-0.0004, 1) == "0.0"
    assert Voice("en").number(-0.06, 1) == "-0.1"


def test_what_no_part_tells_has_its_measure_and_shares_a_row_where_the_reason_is_the_same():
    because = say("too few cases on one side to compare the two")
    bounds = of("fairness.accuracy.gap_bounds", 0.2, 90, 0.1, 0.4, sex="*")
    silent = [
        Finding(check=f"fairness.{m}.spread", question="?", because=because, where={"sex": "*"})
        for m in ("accuracy", "precision")
    ]
    text = section(an_empty_audit(bounds, *silent), "annex")
    assert "Accuracy: gap, and its bounds wherever those not stated belong by sex 20.0%" in text
    assert "Accuracy: scatter; Precision (positive predictive value): scatter by sex" in text
    assert text.count("too few cases on one side") == 1


def test_the_unit_that_was_declared_is_told_with_every_number_and_none_is_made_up():
    error = of("fairness.bias", 6.0, 90, 5.4, 6.6, unit="horas", sex="Female")
    audit = an_empty_audit(error, task="regression", unit="horas")
    told = read_story(audit, AuditVoice("es")).voice.value(error.estimate)
    assert told == "6,00\N{NO-BREAK SPACE}horas"
    bare = replace(error.estimate, unit="units")
    unnamed = an_empty_audit(task="regression", unit="units")
    assert read_story(unnamed, AuditVoice("es")).voice.value(bare) == "6,00"


def test_numbers_far_below_one_unit_keep_three_figures_and_ranges_below_zero_no_dash():
    voice = AuditVoice("en")
    small = Estimate(value=-0.0123, n=9, low=-0.0256, high=0.001, unit="days")
    assert voice.estimate(small).startswith("-0.012\N{NO-BREAK SPACE}days (-0.026 to 0.001; n")
    assert voice.interval(replace(small, low=120.0, high=345.6, value=200.0)) == "120–346"
    shares = replace(small, unit="share", low=0.1, high=0.2)
    assert voice.interval(shares) == Voice("en").interval(shares) == "10.0–20.0%"


def test_a_gap_that_shows_only_in_all_together_is_doubted():
    among = of("fairness.selection_rate.stratified_gap", 0.01, 200, 0.0, 0.06, sex="*", given="job")
    text = section(an_empty_audit(WOMEN, MEN, APART, among), "groups")
    assert "among people alike in “job”: 1.0 percentage points" in text
    assert "The gap is not proven among comparable people" in text


def test_a_change_that_lies_between_two_periods_is_told_from_the_second_on_with_its_doubts():
    line = [
        of("over_time.accuracy", 0.7 + 0.1 * (i > 1), 90, 0.6, 0.9, period=f"2024-0{i + 1}")
        for i in range(4)
    ]
    change = of("over_time.accuracy.change", 0.1, 360, 0.04, 0.16, period="*",
                between=("2024-02", "2024-03"))  # fmt: skip
    season = of("over_time.accuracy.season", 0.0001, 360, unit="probability", period="*")
    trend = of("over_time.accuracy.trend", 0.02, 360, -0.01, 0.05, period="*")
    page = html(compose(an_empty_audit(*line, change, season, trend), lang="en"))
    text = section(page, "time")
    assert "All rows: from 2024-03 on it changed by 10.0 percentage points" in text
    assert "with a probability of < 0.001" in text
    assert "it drifts by" not in text
    assert "2.0 -1.0 to 5.0" in text
    assert page.count('class="ring"') == 1


def test_a_change_of_a_gap_between_two_answers_is_told_if_it_is_proven():
    grew = of("against.accuracy.gap_change", 0.05, 200, 0.01, 0.09, sex="*", between=("F", "M"))
    text = section(an_empty_audit(grew), "against")
    assert "Accuracy, by sex: the gap changed by 5.0 percentage points" in text
    same = replace(grew, estimate=replace(grew.estimate, low=-0.02))
    assert "No change of a gap is proven." in section(an_empty_audit(same), "against")


def test_regions_of_a_page_have_names_of_their_own(pages):
    for page in pages.values():
        names = re.findall(r'role="region" tabindex="0" aria-label="([^"]*)"', page)
        assert len(names) == len(set(names)) > 20


def test_a_change_over_time_is_marked_where_it_is_proven_and_nowhere_else(pages):
    page = pages["en"]
    part = page[page.index('id="time"') : page.index('id="against"')]
    assert part.count('class="ring"') == 1
    assert "2024-Q2" in part


def test_a_limit_on_a_ratio_brings_its_caution(pages):
    assert "four fifths" in section(pages["en"], "method")
    assert "four fifths" not in section(an_empty_audit(WOMEN, MEN, APART), "method")


def test_what_was_done_for_privacy_is_told(pages):
    assert "Counts below 5 are withheld" in section(pages["en"], "method")


@pytest.mark.parametrize("lang", LANGS)
def test_every_measure_of_the_page_is_defined_in_its_language(pages, lang):
    text, voice = section(pages[lang], "method"), Voice(lang)
    for metric in ("selection_rate", "true_positive_rate", "false_negative_rate", "roc_auc"):
        assert voice.tell(METRICS[metric].name) in text


def test_terms_are_those_of_the_field_in_spanish_and_portuguese():
    es, pt = Voice("es"), Voice("pt")
    assert es.tell(METRICS["true_positive_rate"].name) == (
        "Tasa de verdaderos positivos (sensibilidad)"
    )
    assert pt.tell(METRICS["false_positive_rate"].name) == "Taxa de falsos positivos"


def test_the_page_of_three_columns_and_their_pairs_stays_below_four_hundred_kilobytes(pages):
    assert max(len(page.encode()) for page in pages.values()) < 400 * KILOBYTE


def test_the_same_record_gives_the_same_bytes_also_after_it_was_read_again(record, pages):
    again = read(record.to_bytes())
    assert {lang: html(compose(again, lang=lang)) for lang in LANGS} == pages


@pytest.mark.parametrize("lang", LANGS)
def test_headings_go_down_one_step_at_a_time_and_names_are_unique(pages, lang):
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", pages[lang])]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    names = re.findall(r' id="([^"]+)"', pages[lang])
    assert len(names) == len(set(names))


@pytest.mark.parametrize("lang", LANGS)
def test_a_page_asks_nobody_for_anything_and_writes_names_as_they_are(pages, lang):
    assert not re.search(r"<(script|link|img|iframe|object)\b|url\(|https?://", pages[lang])
    assert "Asian &amp; Pacific" in pages[lang]
    assert "&gt;50K" in pages[lang]
    assert "(missing)" not in pages[lang]


@pytest.mark.parametrize("lang", LANGS)
def test_markdown_tables_have_as_many_cells_as_headings(record, lang):
    tables = re.findall(r"(?:^\|.*\n)+", markdown(compose(record, lang=lang)), re.MULTILINE)
    assert len(tables) > 15
    for table in tables:
        counts = {len(re.findall(r"(?<!\\)\|", line)) for line in table.strip().split("\n")}
        assert len(counts) == 1


def test_files_are_written_as_for_any_record(record, tmp_path):
    names = {path.name for path in write_report(record, tmp_path, lang="es")}
    assert names == {"report.html", "report.md", *(f"report.{lang}.html" for lang in LANGS)}
    assert "## ✗ Se superaron límites" in (tmp_path / "report.md").read_text(encoding="utf-8")


def test_the_terminal_has_a_row_for_each_verdict_and_a_line_for_each_difference(record):
    seen = summary(record, lang="es")
    assert len(seen.rows) == len(record.verdicts)
    assert all(len(row) == len(seen.headings) for row in seen.rows)
    assert compose(record, lang="es").sentence in seen.sentence
    wanted = "Por sex: Tasa de selección: de 100 personas de “Male”"
    assert any(line.startswith(wanted) for line in seen.lines)


def test_a_piece_for_notebooks_stands_alone_and_tells_every_column(record):
    piece = audit_html(record, "pt")
    assert not re.search(r"<(script|link|img|html|body)\b|url\(|https?://|@import", piece)
    assert len(piece.encode()) < 30 * KILOBYTE
    text = text_of(piece)
    assert "Limites foram ultrapassados" in text
    assert all(f" {column} " in text for column in LEVELS)


def test_a_name_in_a_piece_for_notebooks_is_never_run():
    worse = replace(WOMEN, where={"sex": "<b onclick=x>"})
    apart = replace(APART, between=("<b onclick=x>", "Male"))
    piece = audit_html(an_empty_audit(worse, MEN, apart))
    assert "<b onclick" not in piece
    assert "&lt;b onclick=x&gt;" in piece


def test_a_language_that_is_not_spoken_is_refused(record):
    with pytest.raises(UsageError, match="got 'fr'"):
        audit_html(record, "fr")


def test_many_groups_are_drawn_by_their_furthest_and_told_in_full():
    many = [of("fairness.accuracy", i / 60, 60, i / 70, i / 50, town=f"T{i:02}") for i in range(50)]
    text = section(an_empty_audit(*many, columns=("town",)), "groups")
    assert "Of 50 groups, the drawings show the 16 furthest" in text
    assert all(f"T{i:02}" in text for i in range(50))


def test_the_first_way_to_decide_is_ringed_and_each_has_its_number(pages):
    page = pages["en"]
    part = page[page.index('id="mitigation"') : page.index('id="why"')]
    assert "1. The estimator as it is" in text_of(part)
    assert ">2</text>" in part
    assert "a number of fewer than 5 people" in text_of(part)


def test_ways_to_decide_are_told_in_decisions_of_a_hundred_and_none_is_chosen():
    ways = [
        part
        for method, right, size in (("baseline", 0.80, 0.18), ("reweighing", 0.78, 0.05))
        for part in (
            of("mitigation.accuracy", right, 900, right - 0.02, right + 0.02, method=method),
            of("mitigation.gap", size, 900, size - 0.03, size + 0.03, method=method, sex="*"),
        )
    ]
    page = compose(an_empty_audit(*ways), lang="en")
    assert page.sentence.startswith("2 ways to decide were compared on people that none of them")
    assert (
        "Learnt again with other weights (reweighing): 78 of 100 decisions are right; gap by sex: "
        "5.0 percentage points (2.0 to 8.0; n = 900)."
    ) in text_of(html(page))
    assert [s.name for s in page.sections] == ["summary", "mitigation", "method", "annex"]


def test_an_audit_of_a_page_made_up_here_has_a_finding_of_every_kind(record):
    kinds = {f.check.partition(".")[0] for f in record.findings}
    assert kinds >= {"fairness", "confusion", "over_time", "against", "mitigation", "recourse"}
    assert found("x", 1.0, 1).estimate is not None
