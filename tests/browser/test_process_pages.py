"""Pages of event logs in Chromium: readable by all, in each language, wide and narrow."""

import pytest
from test_pages_in_chromium import DESKTOP, LANGS, PHONE, assert_a_page_serves_all

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
    assert_a_page_serves_all(browser, axe, pages / f"report.{lang}.html", width)
