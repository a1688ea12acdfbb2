"""The register in Chromium: accessible, in its width, filtered without scripts and with them."""

import shutil
from pathlib import Path

import pytest
from test_pages_in_chromium import RULES

from iagkit.flow import attesting
from iagkit.flow.register_site import register_site

pytestmark = pytest.mark.browser
RECORDS = Path(__file__).parents[2] / "audits" / "records"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("register")
    shutil.copytree(RECORDS, folder / "records")
    attesting.new_key(folder / "key.pem")
    for record in (folder / "records").glob("*/record.json"):
        attesting.sign(record.parent, key=folder / "key.pem")
    register_site(
        folder / "records", folder / "site", institution="Alcaldía",
        registers=("uk-atrs", "chile-ficha"), public_key=folder / "key.pem.pub",
    )  # fmt: skip
    return folder / "site"


@pytest.fixture(scope="module", params=[("es", 1280), ("es", 390), ("pt", 390), ("en", 1280)],
                ids=str)  # fmt: skip
def window(browser, axe, request):
    lang, width = request.param
    context = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True)
    context.add_init_script(axe)
    yield lang, context.new_page()
    context.close()


@pytest.mark.parametrize("page", ["index", "systems/citizen-requests", "systems/document-triage",
                                  "systems/process-optimization"])  # fmt: skip
def test_axe_finds_nothing_and_the_page_fits(window, site, page):
    lang, shown = window
    asked = []
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto((site / f"{page}.{lang}.html").as_uri())
    result = shown.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    assert not {v["id"]: [n["html"][:120] for n in v["nodes"]] for v in result["violations"]}
    assert len(result["passes"]) > 10
    assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert len(asked) == 1
    if page != "index":
        shown.locator("nav.site a").first.click()
        assert shown.url == (site / f"index.{lang}.html").as_uri()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_list_is_filtered_with_and_without_scripts(browser, site, scripts):
    context = browser.new_context(java_script_enabled=scripts)
    shown = context.new_page()
    shown.goto((site / "index.en.html").as_uri())
    every = shown.locator(".systems > li").count()
    shown.locator("#tone-fail").check()
    kept = shown.locator(".systems > li:visible").count()
    assert kept == shown.locator(".systems > li.is-fail").count() < every
    shown.locator("#tone-all").check()
    if scripts:
        shown.locator("#find").fill("zzzz")
        assert shown.locator(".systems > li:visible").count() == 0
    assert shown.locator("#find").is_visible() == scripts
    context.close()
