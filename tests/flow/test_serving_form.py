"""The form in the browser: who may read and send, what is kept, what is refused."""

import http.client
import json
import re
import threading
from urllib.parse import urlencode

import pytest

from iagkit.core.errors import UsageError
from iagkit.flow.assessing import open_session
from iagkit.flow.serving_form import FormServer, serve


@pytest.fixture
def server(tmp_path):
    session = open_session("canada-aia", tmp_path / "a.json")
    with FormServer(session, lang="es", text="en") as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def asked(server, method="GET", path=None, body=None, **headers):
    link = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    spelt = {name.replace("_", "-"): value for name, value in headers.items()}
    link.request(method, path or server.base, body=body, headers=spelt)
    answer = link.getresponse()
    content = answer.read().decode("utf-8")
    link.close()
    return answer, content


def sent(server, fields, section=0, **headers):
    fields = {"token": server.token, **fields}
    path = f"{server.base}?s={section}"
    return asked(server, "POST", path, urlencode(fields, doseq=True), **headers)


def test_it_listens_on_this_machine_only_and_asks_nothing_from_elsewhere(server):
    assert server.server_address[0] == "127.0.0.1"
    answer, page = asked(server)
    assert answer.status == 200
    assert not re.search(r"<(script|img|link|iframe)|@import|url\(|https?://", page)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"


def test_answers_are_kept_in_the_same_file_and_shown_again(server):
    answer, _ = sent(server, {"projectDetailsJob": "Jefa \u00e9 <b>", "projectDetailsPhase": "1",
                              "then": "next"})  # fmt: skip
    assert (answer.status, answer.headers["Location"]) == (303, f"{server.base}?s=1&saved=1")
    kept = json.loads(server.session.path.read_text("utf-8"))
    assert kept == {"projectDetailsJob": "Jefa \u00e9 <b>", "projectDetailsPhase": "item1"}
    _, page = asked(server)
    assert 'value="Jefa' in page or "Jefa é &lt;b&gt;" in page
    assert "<b>" not in page


def test_an_answer_can_be_taken_back(server):
    sent(server, {"projectDetailsJob": "A", "projectDetailsPhase": "1"})
    sent(server, {"projectDetailsJob": "", "projectDetailsPhase": ""})
    assert server.session.answers == {}


def test_what_does_not_fit_is_told_beside_its_question_and_the_rest_is_kept(server):
    answer, page = sent(server, {"projectDetailsJob": "x" * 10_001, "projectDetailsTitle": "T"})
    assert answer.status == 422
    assert 'href="#q-projectDetailsJob"' in page
    assert "a lo más 10\xa0000 caracteres; hay 10\xa0001" in page
    assert server.session.answers == {"projectDetailsTitle": "T"}


@pytest.mark.parametrize(
    ("fields", "headers", "status"),
    [
        ({"token": "another"}, {}, 403),
        ({}, {"Host": "evil.example"}, 403),
        ({}, {"Origin": "https://evil.example"}, 403),
        ({}, {"Content_Length": "99999999"}, 413),
        ({}, {"Content_Length": "-1"}, 413),
    ],
)
def test_a_page_of_somebody_else_can_send_nothing(server, fields, headers, status):
    answer, _ = sent(server, {"projectDetailsJob": "A", **fields}, **headers)
    assert answer.status == status
    assert server.session.answers == {}


def test_who_does_not_know_the_address_reads_nothing(server):
    for path in ("/", "/x/", "/../etc/passwd"):
        answer, page = asked(server, path=path)
        assert answer.status == 404
        assert "Assessment" not in page


def test_a_section_that_is_not_there_is_the_last_one(server):
    answer, _ = asked(server, path=f"{server.base}?s=999")
    assert answer.status == 200


def test_a_port_that_is_taken_or_impossible_is_refused(server):
    for port in (server.server_port, 99_999):
        with pytest.raises(UsageError, match="expected a free port"):
            serve(server.session, lang="en", text="en", port=port, tell=print)
