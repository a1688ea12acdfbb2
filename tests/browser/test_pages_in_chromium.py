from __future__ import annotations

import re
import zlib
from contextlib import contextmanager

import pytest

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
LANGS = ("es", "pt", "en")
DESKTOP, PHONE, NARROWEST = 1280, 375, 320
REPORTS = [*(f"report.{lang}.html" for lang in LANGS), "blocked/report.html", "audit/report.html"]
DRAWN = [f"{part}report.{lang}.html" for part in ("", "audit/") for lang in LANGS]
OPEN = "document.querySelectorAll('details').forEach(d => d.open = true)"
PAPER = {"A4": 297 - 40, "Letter": 279.4 - 40}
"""Height of the printed area in millimetres."""


@contextmanager
def shown(browser, path, *, width=DESKTOP, **settings):
    context = browser.new_context(viewport={"width": width, "height": 900}, **settings)
    try:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        yield page, asked
    finally:
        context.close()


def faults(page, axe):
    """What axe finds, of pages that it looked at in earnest."""
    page.evaluate(axe)
    result = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    assert len(result["passes"]) > 10
    return {v["id"]: [n["html"][:120] for n in v["nodes"]] for v in result["violations"]}


def assert_a_page_serves_all(browser, axe, path, width):
    """Nothing for axe to find, nothing that hangs over, nothing asked for but the page."""
    with shown(browser, path, width=width, bypass_csp=True) as (page, asked):
        assert not faults(page, axe)
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert asked == [path.as_uri()]


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("name", REPORTS)
def test_axe_finds_nothing(browser, axe, folder, name, width):
    with shown(browser, folder / name, width=width, bypass_csp=True) as (page, _):
        page.evaluate(OPEN)
        page.evaluate(axe)
        result = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    found = {v["id"]: [n["html"][:120] for n in v["nodes"]] for v in result["violations"]}
    assert not found
    assert len(result["passes"]) > 20


def test_axe_finds_what_is_wrong(browser, axe, tmp_path):
    bad = tmp_path / "bad.html"
    bad.write_text("<html><title></title><p style='color:#ccc'>pale</p><img src='data:,'></html>")
    with shown(browser, bad) as (page, _):
        page.evaluate(axe)
        result = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    assert {"color-contrast", "image-alt", "html-has-lang"} <= {
        v["id"] for v in result["violations"]
    }


@pytest.mark.parametrize("name", REPORTS)
def test_a_page_asks_for_itself_only(browser, folder, name):
    with shown(browser, folder / name) as (_, asked):
        assert asked == [(folder / name).as_uri()]


def test_a_page_is_whole_without_javascript(browser, folder):
    with shown(browser, folder / "report.en.html", java_script_enabled=False) as (page, _):
        page.get_by_text("The same numbers as a table").first.click()
        assert page.locator("details[open] table").first.is_visible()
        page.get_by_role("link", name="Português").click()
        assert page.url.endswith("report.pt.html")
        assert page.get_by_role("heading", level=1).inner_text().startswith("Pedidos")


@pytest.mark.parametrize("name", REPORTS)
def test_nothing_is_wider_than_the_narrowest_telephone(browser, folder, name):
    with shown(browser, folder / name, width=NARROWEST) as (page, _):
        page.evaluate(OPEN)
        assert page.evaluate("document.documentElement.scrollWidth") == NARROWEST


def test_verdicts_are_cards_on_a_telephone_and_still_a_table_to_who_listens(browser, folder):
    with shown(browser, folder / "report.es.html", width=PHONE) as (page, _):
        region = page.locator(".scroll.stacked")
        assert region.evaluate("e => e.scrollWidth <= e.clientWidth")
        told = region.aria_snapshot()
    assert all(role in told for role in ("table", "columnheader", "rowheader", "cell"))
    assert "Límite, y por qué" in told


def test_what_is_wide_scrolls_inside_a_region_that_the_keyboard_reaches(browser, folder):
    with shown(browser, folder / "report.es.html", width=PHONE) as (page, _):
        page.evaluate(OPEN)
        wide = page.locator(".scroll.wide:not(.stacked)").first
        assert wide.evaluate("e => e.scrollWidth > e.clientWidth")
        wide.focus()
        assert wide.evaluate("e => e === document.activeElement")
        assert wide.evaluate("e => getComputedStyle(e, ':focus').outlineStyle") != "none"


def test_the_first_thing_the_keyboard_reaches_is_the_way_to_the_content(browser, folder):
    with shown(browser, folder / "report.es.html") as (page, _):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Ir al contenido"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


OVERLAPS = """() => [...document.querySelectorAll('svg[role=img]')].flatMap(svg => {
  const texts = [...svg.querySelectorAll('text')];
  const places = texts.map(text => text.getBoundingClientRect());
  const found = [];
  for (let i = 0; i < texts.length; i++) for (let j = i + 1; j < texts.length; j++) {
    const [a, b] = [places[i], places[j]];
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (wide > 1 && high > 3) found.push(texts[i].textContent + ' / ' + texts[j].textContent);
  }
  return found;
})"""


@pytest.mark.parametrize("width", [DESKTOP, PHONE, NARROWEST])
@pytest.mark.parametrize("name", DRAWN)
def test_no_words_of_a_drawing_stand_on_one_another(browser, folder, name, width):
    with shown(browser, folder / name, width=width) as (page, _):
        assert page.evaluate(OVERLAPS) == []


OUTSIDE = """() => [...document.querySelectorAll('svg[role=img] text')].filter(t => {
  const box = t.getBoundingClientRect();
  return box.left < 0 || box.right > document.documentElement.clientWidth;
}).map(t => t.textContent)"""


@pytest.mark.parametrize("width", [DESKTOP, PHONE, NARROWEST])
@pytest.mark.parametrize("name", DRAWN)
def test_no_words_of_a_drawing_are_cut_off(browser, folder, name, width):
    with shown(browser, folder / name, width=width) as (page, _):
        assert page.evaluate(OUTSIDE) == []


BOXES = "[...document.querySelectorAll(%r)].map(e => [e, e.getBoundingClientRect()])"
HEIGHTS = BOXES % ".drawing, .frequencies, tr" + ".map(([_, box]) => box.height)"
WIDER = (
    BOXES % "table, svg, p"
    + ".filter(([_, box]) => box.right > innerWidth + 1).map(([e]) => e.outerHTML.slice(0, 90))"
)
CLOSED = BOXES % "details table" + ".filter(([_, box]) => !box.height).length"


@pytest.mark.parametrize("paper", sorted(PAPER))
@pytest.mark.parametrize("name", DRAWN)
def test_paper_cuts_no_drawing_and_no_line_and_opens_every_table(browser, folder, name, paper):
    millimetre = 96 / 25.4
    area = {"A4": 210 - 32, "Letter": 215.9 - 32}[paper]
    with shown(browser, folder / name, width=round(area * millimetre)) as (page, _):
        page.emulate_media(media="print")
        heights, wider, closed = (page.evaluate(look) for look in (HEIGHTS, WIDER, CLOSED))
    assert max(heights) < PAPER[paper] * millimetre
    assert wider == []
    assert closed == 0


def test_paper_carries_page_numbers_and_every_section(browser, folder):
    with shown(browser, folder / "report.en.html") as (page, _):
        content = page.pdf(format="A4", tagged=True, outline=True)
    streams = re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL)
    assert content.startswith(b"%PDF")
    assert 4 <= content.count(b"/Type /Page\n") + content.count(b"/Type /Page ") <= 20
    assert b"/StructTreeRoot" in content
    assert any(_inflated(stream) for stream in streams)


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream.strip())
    except zlib.error:
        return b""
