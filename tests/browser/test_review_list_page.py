"""The page of the review list in Chromium: readable by all, in each language, wide and narrow."""

import pandas as pd
import pytest
from test_pages_in_chromium import DESKTOP, LANGS, PHONE, assert_a_page_serves_all, shown

from iagkit.prototypes.documents.review import review_lines
from iagkit.report.review_list import review_page

pytestmark = pytest.mark.browser
LONG = "ADMINISTRACION PUBLICA NACIONAL Y ORGANISMOS DESCENTRALIZADOS"


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    from made_up import a_record

    n = 40
    table = pd.DataFrame(
        {"id": [f"expediente-{i}-de-nombre-largo.pdf" for i in range(n)], "prediction": LONG,
         "second": "Salud", "third": "Hacienda", "confidence": [0.2 + i / 50 for i in range(n)],
         "decided": [i > 30 for i in range(n)], "matter": ["expediente-1.pdf"] * n,
         "teaches": [1 if i == 7 else 0 for i in range(n)]}
    )  # fmt: skip
    folder, lines = tmp_path_factory.mktemp("lists"), review_lines(table, automatic=True)
    for lang in LANGS:
        page = review_page(lines, a_record(), lang=lang)
        (folder / f"review-list.{lang}.html").write_text(page, encoding="utf-8")
    return folder


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("lang", LANGS)
def test_axe_finds_nothing_and_nothing_hangs_over(browser, axe, pages, lang, width):
    assert_a_page_serves_all(browser, axe, pages / f"review-list.{lang}.html", width)


def test_the_languages_lead_to_the_same_list(browser, pages):
    with shown(browser, pages / "review-list.es.html") as (page, _):
        page.click("a[hreflang=en]")
        assert page.url.endswith("review-list.en.html")
        assert page.inner_text("h1") == "Review list"
