"""The page of a register in a real browser: accessible, in its width, without network."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_pages_in_chromium import faults

from iagkit.core.record import read
from iagkit.flow.publishing import publish
from iagkit.registers.exports.plain import document
from iagkit.report.register_page import register_page

pytestmark = pytest.mark.browser

DEMO = Path(__file__).parents[1] / "registers" / "records" / "citizen-requests.json"
ANSWERS = {"legal.basis": "<script>document.title = 'gone'</script>", "org.name": "Alcaldía"}


@pytest.fixture
def page(browser, tmp_path, request):
    lang, width, register = request.param
    told = publish(read(DEMO.read_bytes()), register, answers=ANSWERS, lang=lang)
    path = tmp_path / "register.html"
    path.write_text(register_page(document(told.registers[0], told.record)), encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True)
    shown = context.new_page()
    shown.goto(path.as_uri())
    yield shown
    context.close()


EACH = pytest.mark.parametrize(
    "page",
    [("es", 1280, "uk-atrs"), ("pt", 375, "brazil-cnj-615"), ("en", 320, "nl-algorithm-register")],
    indirect=True,
    ids=str,
)


@EACH
def test_axe_finds_nothing_on_the_page_of_a_register(page, axe):
    assert not faults(page, axe)


@EACH
def test_the_page_fits_its_width_and_what_people_wrote_is_only_text(page):
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.title() != "gone"
    assert page.locator("script").count() == 0
