from __future__ import annotations

import itertools
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from made_up import DISTRICTS, OFFICES, a_record, policy, three

from iagkit.core.errors import UsageError
from iagkit.core.message import say
from iagkit.core.nouns import Gate
from iagkit.core.record import Record, read
from iagkit.report import write_report
from iagkit.report.page import compose
from iagkit.report.terminal import summary
from iagkit.report.write import escape_css, escape_markdown, html, markdown

LANGS = ("es", "pt", "en")
MEGABYTE = 1_000_000


class Reader(HTMLParser):
    """Collects tags with their attributes, and the text between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def record() -> Record:
    return a_record()


@pytest.fixture(scope="module")
def pages(record) -> dict[str, str]:
    return {lang: html(compose(record, lang=lang)) for lang in LANGS}


def test_three_languages_are_written_and_the_chosen_one_twice(record, tmp_path):
    paths = write_report(record, tmp_path, lang="pt")
    names = {path.name for path in paths}
    assert names == {"report.html", "report.md", *(f"report.{lang}.html" for lang in LANGS)}
    assert (tmp_path / "report.html").read_bytes() == (tmp_path / "report.pt.html").read_bytes()
    assert 'lang="pt-BR"' in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "## ? Com condições" in (tmp_path / "report.md").read_text(encoding="utf-8")


def test_a_language_that_is_not_spoken_is_refused_before_anything_is_written(record, tmp_path):
    with pytest.raises(UsageError, match="got 'fr'"):
        write_report(record, tmp_path, lang="fr")
    assert not list(tmp_path.iterdir())


def test_the_same_record_gives_the_same_bytes_also_after_it_was_read_again(record, pages):
    again = read(record.to_bytes())
    assert {lang: html(compose(again, lang=lang)) for lang in LANGS} == pages


@pytest.mark.parametrize("lang", LANGS)
def test_a_page_asks_nobody_for_anything(pages, lang):
    reader = Reader(pages[lang])
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in reader.tags}
    targets = [attrs["href"] for attrs in reader.of("a")]
    assert all(re.fullmatch(r"#[a-z]+|report\.(es|pt|en)\.html", target) for target in targets)
    assert not re.search(r"url\(|@import|https?://", pages[lang])


@pytest.mark.parametrize("lang", LANGS)
def test_a_page_links_to_the_other_languages_and_names_its_own(pages, lang):
    reader = Reader(pages[lang])
    linked = {a["href"] for a in reader.of("a") if a["href"].startswith("report.")}
    assert linked == {f"report.{other}.html" for other in LANGS if other != lang}
    assert reader.of("html")[0]["lang"].startswith(lang)


def test_a_page_is_small(pages):
    assert max(len(page.encode()) for page in pages.values()) < MEGABYTE / 4


def test_a_page_with_a_hundred_destinations_is_still_below_a_megabyte(record):
    many = [
        replace(f, where={"class": f"c{i}"})
        for f in record.findings if f.check in ("performance.recall", "performance.precision")
        for i in range(100)
    ]  # fmt: skip
    big = replace(record, findings=(*record.findings, *many))
    assert len(html(compose(big, lang="es")).encode()) < MEGABYTE


@pytest.mark.parametrize("lang", LANGS)
def test_headings_go_down_one_step_at_a_time_and_names_are_unique(pages, lang):
    reader = Reader(pages[lang])
    levels = [int(tag[1]) for tag, _ in reader.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    names = [attrs["id"] for _, attrs in reader.tags if "id" in attrs]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("lang", LANGS)
def test_names_from_the_data_are_written_as_they_are_and_never_run(pages, lang):
    assert "<b>otros</b>" not in pages[lang]
    assert "&lt;b&gt;otros&lt;/b&gt;" in pages[lang]
    assert "Oriente &amp; Poniente" in pages[lang]


@pytest.mark.parametrize("lang", LANGS)
def test_destinations_have_the_names_of_the_taxonomy(pages, lang):
    place = ("es", "pt", "en").index(lang)
    text = Reader(pages[lang]).text
    assert all(names[place] in text for names in OFFICES.values())


def test_a_missing_group_is_told_in_words(pages):
    assert "(missing)" in DISTRICTS
    assert "(missing)" not in pages["es"]
    assert "(no se indica)" in pages["es"]


def test_use_with_conditions_says_how_many_a_person_reviews_and_what_is_open():
    page = compose(a_record(), lang="en")
    assert page.verdict.tone == "unknown"
    assert page.sentence.startswith(
        "It may be used, with a person reviewing 34 (between 32 and 36) of 100 requests."
    )
    assert page.sentence.endswith("decide about 1 point and answer for it.")


def test_use_without_open_points_is_told_plainly():
    kind = Gate(check="performance.accuracy", reason=three("R"), at_least=0.5, on_fail="block")
    page = compose(a_record(limits=policy(kind)), lang="en")
    assert (page.verdict.tone, page.verdict.word) == ("pass", "May be used")


def test_too_low_an_accuracy_forbids_routing_and_proposes_three_suggestions():
    page = compose(a_record(accuracy=0.45), lang="en")
    assert page.verdict.tone == "fail"
    assert "must not route requests automatically" in page.sentence
    assert "in 59 (between 57 and 61) of 100 requests" in page.sentence
    evidence = next(s for s in page.sections if s.name == "evidence")
    assert evidence.blocks[0].text == "Proposal: assisted routing"


def test_what_a_forbidden_machine_would_decide_is_told_as_a_supposition(pages):
    text = Reader(html(compose(a_record(accuracy=0.45), lang="en"))).text
    assert "if it were allowed to decide alone" in text
    assert "if it were allowed" not in pages["en"]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("limit", "failed"), [(0.99, True), (0.82, False)])
def test_without_a_proof_everything_goes_to_people_and_failed_is_told_from_unknown(
    lang, limit, failed
):
    gate = Gate(check="performance.accuracy", reason=three("R"), at_least=limit, on_fail="block")
    page = compose(a_record(limits=policy(gate)), lang=lang)
    lead = next(s for s in page.sections if s.name == "people").blocks[1].text
    unsure = {"es": "no se sabe", "pt": "não se sabe", "en": "not known"}[lang]
    assert (unsure in lead) is not failed
    assert 'class="person"' in html(page)
    assert 'class="machine"' not in html(page)


def test_the_ceiling_is_told_of_repeated_texts_only(pages):
    name = "The best that anyone could reach"
    rows = re.findall(rf'<th scope="row">({name}[^<]*)</th>', pages["en"])
    assert rows == [f"{name}, among texts that arrived more than once"]


def test_an_interval_that_spans_everything_tells_no_share_of_review(record):
    price = next(f for f in record.select("abstention.review_for_accuracy") if f.estimate)
    wide = replace(price, estimate=replace(price.estimate, value=0.0, low=0.0, high=1.0))
    findings = tuple(wide if f is price else f for f in record.findings)
    text = Reader(html(compose(replace(record, findings=findings), lang="en"))).text
    assert "right in 90% of the rest, these data do not tell" in text
    assert "people must review" not in text.replace("How much people must review", "")


def test_a_gap_beyond_chance_but_perhaps_within_its_limit_is_told_as_both(record, pages):
    told = "There is a gap; whether it exceeds the limit is not known."
    assert told not in Reader(pages["en"]).text
    close = Gate(check="fairness.accuracy.gap", reason=three("R"), at_most=0.18)
    assert told in Reader(html(compose(a_record(limits=policy(close)), lang="en"))).text


def test_a_column_whose_groups_are_all_too_small_gets_a_line_and_no_empty_drawing(record):
    def small(finding):
        return replace(finding, estimate=None, because=say("too few"))

    few = tuple(small(f) if "district" in f.where else f for f in record.findings)
    page = compose(replace(record, findings=few), lang="en")
    blocks = next(s for s in page.sections if s.name == "groups").blocks
    assert "figure" not in {b.block for b in blocks}
    assert blocks[-1].text.startswith("Nothing can be said yet about: (not stated), Centro")


def test_suggestions_that_miss_their_own_limit_are_not_praised():
    gates = [
        Gate(check="performance.accuracy", reason=three("R"), at_least=0.9, on_fail="block"),
        Gate(check="performance.top_3_accuracy", reason=three("R"), at_least=0.9),
    ]
    page = compose(a_record(accuracy=0.45, limits=policy(*gates)), lang="en")
    assert "misses the limit set for suggestions" in page.sentence
    assert "misses" not in compose(a_record(accuracy=0.45), lang="en").sentence


def test_of_the_goals_out_of_reach_one_is_told(record):
    never = [
        replace(f, where={"accuracy": goal})
        for f in record.select("abstention.review_for_accuracy")
        for goal in ("0.90", "0.95", "0.99")
        if f.estimate is None
    ]
    kept = [f for f in record.findings if f.check != "abstention.review_for_accuracy"]
    text = Reader(html(compose(replace(record, findings=(*kept, *never)), lang="en"))).text
    assert text.count("No share of review reaches it.") == 1


def test_unequal_service_that_blocks_is_not_answered_with_suggestions():
    gap = Gate(check="fairness.accuracy.gap", reason=three("R"), at_most=0.01, on_fail="block")
    page = compose(a_record(limits=policy(gap)), lang="en")
    assert page.sentence.startswith("It must not be used as it is")


def test_an_undecided_blocking_limit_is_not_enough_evidence():
    close = Gate(check="performance.accuracy", reason=three("R"), at_least=0.82, on_fail="block")
    page = compose(a_record(limits=policy(close)), lang="en")
    assert page.verdict.word == "Not enough evidence"


def test_nobody_declared_means_that_nothing_is_known_of_groups():
    page = compose(a_record(groups=False), lang="en")
    told = next(s for s in page.sections if s.name == "groups").blocks
    assert len(told) == 1
    assert "Not knowing is not the same as equal treatment" in told[0].text


def test_wrong_destinations_are_counted_out_of_a_hundred_with_their_interval():
    text = Reader(html(compose(a_record(), lang="en"))).text
    assert "decides alone, 6 go to the wrong destination (between 5 and 7)." in text


@pytest.mark.parametrize("lang", LANGS)
def test_a_record_that_holds_almost_nothing_is_still_told(lang):
    bare = Record(about={}, dataset={}, prototype={}, run={}, findings=(), verdicts=())
    page = compose(bare, lang=lang)
    assert page.sentence
    assert html(page)
    assert markdown(page)


def test_every_verdict_stands_in_the_page_with_its_limit_and_its_reason(record, pages):
    text = Reader(pages["en"]).text
    for gate in record.prototype["policy"]["gates"]:
        assert gate["reason"]["en"] in text
    assert "at least 70.0%" in text
    assert text.count("not met") >= 1


def test_a_verdict_is_told_by_sign_and_word_beside_its_colour(pages):
    drawn = r'<span class="status (\w+)"><span class="mark" aria-hidden="true">(.)</span> ([^<]+)<'
    expected = {("pass", "✓", "met"), ("fail", "✗", "not met"), ("unknown", "?", "unknown")}
    assert expected <= set(re.findall(drawn, pages["en"]))


def test_two_gates_on_one_check_keep_their_own_limits():
    gates = [
        Gate(check="performance.accuracy", reason=three(name), at_least=limit, on_fail="note")
        for name, limit in (("lenient", 0.1), ("strict", 0.99))
    ]  # fmt: skip
    page = compose(a_record(limits=policy(*gates)), lang="en")
    table = next(s for s in page.sections if s.name == "verdicts").blocks[-1]
    told = {row[2].small: row[1].main.word for row in table.rows}
    assert told == {"strict (en)": "not met", "lenient (en)": "met"}


def test_a_check_that_nobody_foresaw_is_told_in_the_annex(record):
    new = replace(record.findings[0], check="process.waiting", question="How long do people wait?")
    text = Reader(html(compose(replace(record, findings=(*record.findings, new)), lang="en"))).text
    assert "How long do people wait?" in text


def test_a_remark_after_sealing_is_shown_with_its_author(record):
    remarked = record.amend(author="Ana & Co", reason="Read <twice>", at="2026-11-24")
    text = Reader(html(compose(remarked, lang="en"))).text
    assert "Ana & Co" in text
    assert "Read <twice>" in text


def test_the_digest_of_the_page_is_that_of_the_record(record, pages):
    told = json.loads(record.to_bytes())["seal"]["digest"]
    assert all(told in page for page in pages.values())


def test_the_terminal_has_one_row_for_each_verdict_and_the_same_sentence(record):
    told = summary(record, lang="es")
    assert len(told.rows) == len(record.verdicts)
    assert all(len(row) == len(told.headings) for row in told.rows)
    assert compose(record, lang="es").sentence in told.sentence


def test_markdown_writes_names_as_they_are():
    assert escape_markdown("a|b *c* <d>\n# e") == r"a\|b \*c\* \<d\> \# e"


def test_words_in_a_style_sheet_cannot_leave_their_quotes():
    assert str(escape_css('a"; } </style>')) == r"a\22 \3b  \7d  \3c \2f style\3e "


@pytest.mark.parametrize("lang", LANGS)
def test_markdown_tables_have_as_many_cells_as_headings(record, lang):
    tables = re.findall(r"(?:^\|.*\n)+", markdown(compose(record, lang=lang)), re.MULTILINE)
    assert len(tables) > 8
    for table in tables:
        counts = {len(re.findall(r"(?<!\\)\|", line)) for line in table.strip().split("\n")}
        assert len(counts) == 1
