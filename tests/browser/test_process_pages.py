"""Pages of event logs in Chromium: readable by all, in each language, wide and narrow."""

import pytest
from test_pages_in_chromium import DESKTOP, LANGS, PHONE, RULES, shown

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    from made_up_process import a_process

    from iagkit.report import write_report

    folder = tmp_path_factory.mktemp("processes")
    write_report(a_process(), folder, lang="es")
    return folder


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("lang", LANGS)
def test_axe_finds_nothing_and_no_process_page_hangs_over(browser, axe, pages, lang, width):
    path = pages / f"report.{lang}.html"
    with shown(browser, path, width=width, bypass_csp=True) as (page, asked):
        page.evaluate(axe)
        result = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
        over = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert not {v["id"]: [n["html"][:120] for n in v["nodes"]] for v in result["violations"]}
    assert not over
    assert asked == [path.as_uri()]
