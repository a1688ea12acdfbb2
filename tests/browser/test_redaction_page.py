from __future__ import annotations

import pytest
from test_pages_in_chromium import faults

from iagkit.report.redaction_page import Mark, review_page

pytestmark = pytest.mark.browser

TEXT = "La Sra. Rosa Quispe, D.N.I. 30.123.456, pide vista.\n\nSegundo <párrafo>."
MARKS = [Mark(8, 19, "PERSONA"), Mark(28, 38, "DNI")]


@pytest.fixture
def page(browser, tmp_path, request):
    lang, width = request.param
    path = tmp_path / "a.html"
    remarks = ["no se leyeron sus 2 imágenes"]
    path.write_text(review_page("a.pdf", TEXT, MARKS, lang=lang, model="tagger", remarks=remarks))
    context = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True)
    shown = context.new_page()
    shown.goto(path.as_uri())
    yield shown
    context.close()


EACH = pytest.mark.parametrize(
    "page", [("es", 1280), ("pt", 375), ("en", 320)], indirect=True, ids=str
)


@EACH
def test_axe_finds_nothing_on_the_page_for_review(page, axe):
    assert not faults(page, axe)


@EACH
def test_marks_say_their_kind_in_words_and_the_page_fits_its_width(page):
    assert page.locator("mark").all_inner_texts() == ["PERSONARosa Quispe", "DNI30.123.456"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert "<párrafo>" in page.locator(".text").inner_text()
