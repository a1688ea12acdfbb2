"""The form of a questionnaire in Chromium: readable by all, in each language, wide and narrow."""

import threading

import pytest
from test_pages_in_chromium import DESKTOP, LANGS, PHONE, faults

from iagkit.flow.assessing import open_session
from iagkit.flow.serving_form import FormServer

pytestmark = pytest.mark.browser
NAMES = ("canada-aia", "chile-goblab-impacto", "uk-atrs")


@pytest.fixture(params=NAMES)
def opened(request, tmp_path):
    def start(lang, text=None):
        session = open_session(request.param, tmp_path / f"{lang}.json")
        server = FormServer(session, lang=lang, text=text or lang)
        running.append(server)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return server

    running: list[FormServer] = []
    yield start
    for server in running:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("lang", LANGS)
def test_axe_finds_nothing_and_nothing_hangs_over(browser, axe, opened, lang, width):
    server = opened(lang)
    page = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True).new_page()
    for section in (0, 1):
        page.goto(f"{server.address}?s={section}")
        assert not faults(page, axe)
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    page.context.close()


def test_it_is_filled_in_with_the_keyboard_and_without_script(browser, tmp_path):
    session = open_session("canada-aia", tmp_path / "a.json")
    with FormServer(session, lang="es", text="en") as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        page = browser.new_context(java_script_enabled=False).new_page()
        page.goto(server.address)
        page.get_by_label("Job Title").fill("Analista")
        page.get_by_label("Design").check()
        page.get_by_role("button", name="Guardar y seguir").press("Enter")
        page.wait_for_url("**saved=1")
        assert page.get_by_role("status").inner_text() == "Guardado."
        page.get_by_label("Reduce existing backlog of work or cases").check()
        page.get_by_role("button", name="Guardar estas respuestas").click()
        page.wait_for_url("**s=1&saved=1")
        page.context.close()
        server.shutdown()
    assert session.answers == {
        "projectDetailsJob": "Analista", "projectDetailsPhase": "item1",
        "businessDrivers1": ["item1"],
    }  # fmt: skip
