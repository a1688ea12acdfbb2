"""The register of an institution: what verifies is published, the rest is named; same bytes."""

import json
import re
import shutil
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
import rdflib
from typer.testing import CliRunner

from iagkit.cli.app import app
from iagkit.core.errors import DataError, DeclarationError, OutputError, UsageError
from iagkit.flow import attesting
from iagkit.flow.proving import inspect, record_in, verify
from iagkit.flow.publishing import publish
from iagkit.flow.register_data import feed, moment
from iagkit.flow.register_records import file_name
from iagkit.flow.register_site import english, is_site, register_site

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "report"))
RECORDS = ROOT / "audits" / "records"
MANY = len(list(RECORDS.glob("*/record.json")))
BASE = "https://example.org/register/"
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
DCAT, DCT = rdflib.Namespace("http://www.w3.org/ns/dcat#"), rdflib.DCTERMS
MANDATORY = {
    DCAT.Catalog: (DCT.title, DCT.description, DCT.publisher),
    DCAT.Dataset: (DCT.title, DCT.description),
    DCAT.Distribution: (DCAT.accessURL,),
    rdflib.FOAF.Agent: (rdflib.FOAF.name,),
}
"""What DCAT-AP 3.0.0 gives at least once (SEMICeu/DCAT-AP, releases/3.0.0, SHACL shapes)."""


def tree(folder):
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


def put(folder, record, **answers):
    folder.mkdir(parents=True)
    (folder / "record.json").write_bytes(record.to_bytes())
    if answers:
        named = {"org.name" if key == "org" else key: told for key, told in answers.items()}
        (folder / "answers.yaml").write_text(json.dumps(named), encoding="utf-8")


def named(record, name, **more):
    return replace(record, prototype={**record.prototype, "name": name, **more})


@pytest.fixture(scope="module")
def record():
    return record_in(RECORDS / "citizen-requests")


@pytest.fixture(scope="module")
def small(record):
    """A record of few findings: what stands in the register does not depend on their number."""
    return replace(record, findings=record.findings[:12], verdicts=record.verdicts[:2])


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    place = tmp_path_factory.mktemp("register") / "site"
    done = register_site(RECORDS, place, institution="Alcaldía", base_url=BASE.rstrip("/"),
                         registers=("uk-atrs", "chile-ficha"))  # fmt: skip
    return done, tree(place)


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A register of whom nobody told the institution or the address."""
    place = tmp_path_factory.mktemp("bare") / "site"
    register_site(RECORDS, place)
    return tree(place)


def test_the_same_records_give_the_same_bytes_and_replace_the_site(tmp_path, bare):
    shutil.copytree(RECORDS, tmp_path / "in")
    for number, folder in enumerate(sorted((tmp_path / "in").glob("*/"), reverse=True)):
        folder.rename(folder.with_name(f"x{number}"))
    for _ in range(2):
        register_site(tmp_path / "in", tmp_path / "site")
        assert tree(tmp_path / "site") == bare
    assert {p.name for p in tmp_path.iterdir()} == {"in", "site"}


def test_every_version_is_there_newest_first_and_verifies(built, tmp_path):
    done, files = built
    told = json.loads(files["api/systems.json"])
    assert [one["id"] for one in told["systems"]] == list(done.systems)
    for one in told["systems"]:
        sealed = [v["sealed_at"] for v in one["versions"]]
        assert sealed == sorted(sealed, reverse=True)
        for version in one["versions"]:
            (tmp_path / "record.json").write_bytes(files[version["record"]])
            assert verify(tmp_path / "record.json")["digest"] == version["digest"]
            assert version["head"] == version["digest"]


def test_the_api_is_of_the_shape_that_the_site_publishes(built):
    _, files = built
    schema = json.loads(files["api/schema.json"])
    check = jsonschema.validators.validator_for(schema)
    check.check_schema(schema)
    told = [name for name in files if name.startswith("api/systems")]
    assert len(told) == 4
    for name in told:
        check(schema).validate(json.loads(files[name]))
    wrong = json.loads(files["api/systems/citizen-requests.json"])
    for change in ({"digest": "x"}, {"verified": False}, {"figures": [{"check": "a"}]}, {"b": 1}):
        assert not check(schema).is_valid({**wrong, **change})


def test_figures_of_the_api_are_those_of_the_record(built):
    done, files = built
    told = json.loads(files["api/systems/citizen-requests.json"])
    newest = done.systems["citizen-requests"][0]
    assert len(told["figures"]) == len(newest.verdicts) > 5
    for one in told["figures"]:
        found = newest.find(one["check"], **one["where"]).estimate
        assert (one["estimate"]["value"], one["estimate"]["n"]) == (found.value, found.n)
        assert one["estimate"]["low"] == found.low


def test_a_page_tells_figures_with_interval_and_cases_registers_and_how_to_check(built):
    done, files = built
    newest = done.systems["citizen-requests"][0]
    page = files["systems/citizen-requests.en.html"].decode()
    found = newest.find("performance.accuracy").estimate
    assert re.search(
        rf"{100 * found.value:.1f}% \({100 * found.low:.1f}–{100 * found.high:.1f}%; n\W+=\W+1,761",
        page,
    )
    counts = publish(newest, "uk-atrs", answers={"org.name": "Alcaldía"}).registers[0]
    n = publish(newest, "uk-atrs").registers[0].completeness()
    row = page[page.index("uk-atrs · 4.0") :]
    cells = re.findall(r"<td[^>]*class=num>(\d+)<", row)[:5]
    assert cells == [str(x) for x in (n.fields, n.auto, n.human, n.draft, n.missing + n.blocked)]
    assert counts.completeness().human > n.human  # an answer would have been counted
    for told in (newest.digest, "iagkit verify record.json", "It is not signed."):
        assert told in page
    assert "Age band" in page
    assert "age_band" not in page


def test_who_owes_what_is_unknown_until_it_is_declared(bare):
    assert b"has not said which registers it owes" in bare["systems/citizen-requests.en.html"]
    told = json.loads(bare["api/systems/citizen-requests.json"])
    assert (told["registers"], told["institution"]) == ([], "")


def test_a_declared_jurisdiction_tells_which_registers_are_owed(tmp_path, small):
    place = {"country": "cl", "branch": "executive", "impact": "high"}
    put(tmp_path / "in" / "a", named(small, "a", jurisdiction=place))
    register_site(tmp_path / "in", tmp_path / "site")
    told = json.loads((tmp_path / "site" / "api" / "systems" / "a.json").read_bytes())
    assert "chile-cplt" in {one["id"] for one in told["registers"]}
    assert not {"us-omb-2025", "uruguay-eia"} & {one["id"] for one in told["registers"]}
    put(tmp_path / "other" / "a", named(small, "a", jurisdiction={"country": "Atlantis"}))
    register_site(tmp_path / "other", tmp_path / "site")
    assert json.loads((tmp_path / "site/api/systems/a.json").read_bytes())["registers"] == []


@pytest.mark.parametrize(
    ("register", "why", "error"),
    [("uruguay-eia", "written from memory", UsageError), ("uk-atsr", "uk-atrs", DeclarationError)],
)
def test_a_form_that_nobody_read_or_knows_is_refused(tmp_path, register, why, error):
    with pytest.raises(error, match=why):
        register_site(RECORDS, tmp_path / "site", registers=(register,))
    assert not (tmp_path / "site").exists()


class _Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.alternates = [], {}

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        self.found += [told[name] for name in ("href", "src", "action", "poster") if name in told]
        if tag == "link" and "hreflang" in told:
            self.alternates[told["hreflang"]] = told["href"]


def links(page):
    read = _Links()
    read.feed(page.decode())
    return read


def test_without_an_address_every_link_is_relative_and_leads_to_a_file_of_the_site(bare):
    pages = [name for name in bare if name.endswith(".html")]
    assert len(pages) == 13
    for name in pages:
        assert b'http-equiv="Content-Security-Policy" content="default-src \'none\'' in bare[name]
        for link in links(bare[name]).found:
            if not link.startswith("#"):
                parts = (Path(name).parent / link).as_posix().split("/")
                while ".." in parts:
                    at = parts.index("..")
                    del parts[at - 1 : at + 1]
                assert "/".join(parts) in bare, (name, link)


def test_each_page_names_itself_in_the_other_languages(built):
    _, files = built
    for name in (name for name in files if name.startswith("systems/") and name.endswith(".html")):
        stem = name.removesuffix(".html")[:-3]
        assert links(files[name]).alternates == {
            tag: f"{BASE}{stem}.{lang}.html"
            for lang, tag in (("es", "es-419"), ("pt", "pt-BR"), ("en", "en"))
        }


def test_the_map_of_the_site_lists_every_page_once_and_needs_an_address(built, bare):
    _, files = built
    read = ElementTree.fromstring(files["sitemap.xml"])
    assert read.tag == f"{MAP}urlset"
    listed = [one.text for one in read.iter(f"{MAP}loc")]
    pages = {n for n in files if n.endswith(".html") and n != "index.html"}
    assert sorted(listed) == sorted(BASE + name for name in pages)
    for one in read:
        others = [link.get("href") for link in one.iter("{http://www.w3.org/1999/xhtml}link")]
        assert len(others) == 3
        assert one.find(f"{MAP}loc").text in others
    assert b"Sitemap: https://example.org/register/sitemap.xml" in files["robots.txt"]
    assert "sitemap.xml" not in bare
    assert b"Sitemap" not in bare["robots.txt"]


@pytest.mark.parametrize("lang", ["es", "pt", "en"])
def test_the_feed_is_atom(built, lang):
    _, files = built
    _is_atom(files[f"feed.{lang}.atom"])
    read = ElementTree.fromstring(files[f"feed.{lang}.atom"])
    records = {n for n in files if n.endswith("/record.json")}
    assert len(read.findall(f"{ATOM}entry")) == len(records) == MANY
    for link in read.iter(f"{ATOM}link"):
        assert link.get("href").removeprefix(BASE) in files


def _is_atom(content):
    """RFC 4287, 4.1: what a feed and an entry must have, once; and what makes each of it valid."""
    read = ElementTree.fromstring(content)
    assert read.tag == f"{ATOM}feed"
    assert next(e.text for e in read.findall(f"{ATOM}author/{ATOM}name")).strip()
    for one in (read, *read.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(one.findall(f"{ATOM}{name}")) == 1
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", one.find(f"{ATOM}id").text)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", one.find(f"{ATOM}updated").text)
        rels = [(link.get("rel"), link.get("type")) for link in one.findall(f"{ATOM}link")]
        assert rels
        assert len(rels) == len(set(rels))
    ids = [one.find(f"{ATOM}id").text for one in read.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    times = [one.find(f"{ATOM}updated").text for one in read.findall(f"{ATOM}entry")]
    assert times == sorted(times, reverse=True)


def test_a_feed_is_valid_whatever_a_remark_holds_and_if_nothing_is_dated():
    version = {
        "digest": "a" * 64,
        "sealed_at": "2026-05-31T10:00:00-03:00",
        "amendments": [
            {"author": "A & B", "reason": "<b>\x0b\ufffe]]>", "at": "yesterday", "digest": "b" * 64}
        ],
    }
    one = {"id": "x", "title": {"es": "Á"}, "pages": {"es": "systems/x.es.html"}}
    told = feed([{**one, "versions": [version]}], "es", "R & D", "sellado", "")
    _is_atom(told)
    assert told.count(b"<updated>2026-05-31T13:00:00Z") == 3
    _is_atom(feed([{**one, "versions": [{**version, "sealed_at": ""}]}], "es", "R", "s", ""))
    assert moment("2026-02-30") == ""


def test_the_catalogue_has_what_dcat_ap_makes_mandatory(built, bare):
    graph = rdflib.Graph().parse(data=built[1]["catalog.jsonld"], format="json-ld")
    for kind, properties in MANDATORY.items():
        nodes = list(graph.subjects(rdflib.RDF.type, kind))
        assert nodes
        for node in nodes:
            for wanted in properties:
                assert list(graph.objects(node, wanted)), (node, wanted)
    assert len(list(graph.subjects(rdflib.RDF.type, DCAT.Distribution))) == MANY
    for address in graph.objects(None, DCAT.downloadURL):
        assert str(address).removeprefix(BASE) in built[1]
    bare_graph = rdflib.Graph().parse(data=bare["catalog.jsonld"], format="json-ld", publicID=BASE)
    assert not list(bare_graph.objects(None, DCT.publisher))
    assert {str(a).removeprefix(BASE) for a in bare_graph.objects(None, DCAT.accessURL)} <= set(
        bare
    )


def test_a_record_that_does_not_verify_is_named_and_not_published(tmp_path):
    shutil.copytree(RECORDS, tmp_path / "in")
    shutil.rmtree(tmp_path / "in" / "document-triage.2")
    bad = tmp_path / "in" / "document-triage" / "record.json"
    bad.write_bytes(bad.read_bytes().replace(b'"block"', b'"note"', 1))
    done = CliRunner().invoke(
        app, ["register-site", str(tmp_path / "in"), "--out", str(tmp_path / "site"),
              "--lang", "es"])  # fmt: skip
    assert "Sin publicar: document-triage/record.json: la sección" in done.stdout
    assert "2 sistemas" in done.stdout
    assert "dé --institution" in done.stdout
    assert not list((tmp_path / "site").rglob("document-triage*"))


def test_answers_in_the_place_of_evidence_are_named_and_nothing_of_it_is_published(tmp_path, small):
    filled = publish(small, "uk-atrs").registers[0]
    auto = next(e for e in filled.entries if e.state == "auto" and e.field.kind == "text")
    put(tmp_path / "in" / "a", small, **{f"uk-atrs/{auto.field.id}": "better than it is"})
    put(tmp_path / "in" / "b", named(small, "b"), **{"model.type": "better than it is"})
    put(tmp_path / "in" / "c", named(small, "c"), **{"uk-atrs/1.1": "x", "org.name": "TODO"})
    put(tmp_path / "in" / "d", named(small, "d"))
    done = register_site(tmp_path / "in", tmp_path / "site", registers=("uk-atrs",))
    assert list(done.systems) == ["d"]
    assert [*done.refused] == ["a/record.json", "b/record.json", "c/record.json"]
    assert all("xpected" in english(why) for why in done.refused.values())


def test_nothing_to_publish_and_half_an_address_are_refused(tmp_path):
    (tmp_path / "in").mkdir()
    with pytest.raises(DataError, match=r"none can be published\. No file 'record\.json' is there"):
        register_site(tmp_path / "in", tmp_path / "site")
    for wrong in (
        "example.org",
        "javascript:alert(1)",
        'https://a"><b',
        "https://a\nb",
        "https://",
    ):
        with pytest.raises(UsageError, match="begins with https"):
            register_site(RECORDS, tmp_path / "site", base_url=wrong)


def test_titles_are_only_text_and_names_stay_in_the_folder(tmp_path, small):
    evil = named(small, "../../x", title={"en": "<script>alert(1)</script>"})
    put(tmp_path / "in" / "one", evil, org="</p><img src=x>")
    register_site(tmp_path / "in", tmp_path / "site")
    pages = [p.read_text() for p in (tmp_path / "site").rglob("*.html")]
    assert pages
    assert not any("<script>alert" in page or "<img" in page for page in pages)
    assert {p.name for p in tmp_path.iterdir()} == {"in", "site"}


def test_names_that_differ_give_files_that_differ():
    names = ["Ñandú", "nandu", "NANDU", "../nandu", "", "日本"]
    assert len({file_name(name) for name in names}) == len(names)


def test_of_two_states_of_a_record_the_one_that_extends_the_other_is_published(tmp_path, small):
    later = small.amend(author="A", reason="first", at="2026-12-01T02:00:00Z")
    latest = later.amend(author="A", reason="second", at="2026-12-02T02:00:00Z")
    for name, one in (("a", later), ("b", latest), ("c", small), ("d", latest)):
        put(tmp_path / "in" / name, one)
    done = register_site(tmp_path / "in", tmp_path / "site")
    assert [r.amendments for r in done.systems["citizen-requests"]] == [latest.amendments]
    assert {name: english(why) for name, why in done.older.items()} == {
        "a/record.json": "it has 1 amendments; 'b/record.json' is the same record with 2, and is "
        "published",
        "c/record.json": "it has 0 amendments; 'b/record.json' is the same record with 2, and is "
        "published",
    }
    page = (tmp_path / "site" / "systems" / "citizen-requests.en.html").read_text()
    assert page.index("A: second") < page.index("A: first") < page.index("record sealed")
    assert latest.head in page


def test_amendments_that_part_are_refused_however_long(tmp_path, small):
    shared = small.amend(author="A", reason="first", at="2026-12-01T02:00:00Z")
    one = shared.amend(author="A", reason="it was wrong", at="2026-12-02T02:00:00Z")
    other = shared.amend(author="B", reason="all is well", at="2026-12-02T02:00:00Z")
    other = other.amend(author="B", reason="very well", at="2026-12-03T02:00:00Z")
    for name, told in (("a", one), ("b", other), ("c", named(small, "else"))):
        put(tmp_path / "in" / name, told)
    done = register_site(tmp_path / "in", tmp_path / "site")
    assert list(done.systems) == ["else"]
    assert english(done.refused["a/record.json"]) == (
        "it and 'b/record.json' are the same record with amendments that part after the first 1: "
        "only one of them can be the true one; take the other away"
    )
    assert "'a/record.json'" in english(done.refused["b/record.json"])


def test_systems_of_two_institutions_never_merge_however_they_are_called(tmp_path, small):
    later = replace(small, about={**small.about, "sealed_at": "2026-12-09T00:00:00+00:00"})
    put(tmp_path / "in" / "a", small, org="Ministerio de Salud")
    put(tmp_path / "in" / "b", small, org="ministerio  de salud")
    put(tmp_path / "in" / "c", later, org="Poder Judicial")
    put(tmp_path / "in" / "d", later)
    done = register_site(tmp_path / "in", tmp_path / "site", institution="Ministerio de Salud")
    told = json.loads((tmp_path / "site" / "api" / "systems.json").read_bytes())["systems"]
    assert [(one["institution"], len(one["versions"])) for one in told] == [
        ("Ministerio de Salud", 2), ("Poder Judicial", 1),
    ]  # fmt: skip
    assert next(iter(done.systems)) == "citizen-requests"
    again = register_site(tmp_path / "in", tmp_path / "site2")
    assert len(again.systems) == 3  # whose the last one is, nobody told


def test_audits_of_different_data_are_different_systems(tmp_path, small):
    audit = named(small, "audit", recipe="audit")
    put(tmp_path / "in" / "a", audit)
    put(tmp_path / "in" / "b", replace(audit, dataset={**audit.dataset, "name": "loans"}))
    assert len(register_site(tmp_path / "in", tmp_path / "site").systems) == 2


@pytest.mark.parametrize("name", ["CNAME", "systems/mine.html", "api/.hidden", "index.html"])
def test_a_site_that_holds_anything_of_others_is_left_alone(tmp_path, small, name):
    put(tmp_path / "in" / "one", small)
    site = tmp_path / "site"
    register_site(tmp_path / "in", site)
    assert is_site(site)
    (site / name).write_text("somebody's work")
    before = tree(site)
    with pytest.raises(OutputError, match=f"holds '{re.escape(name)}'"):
        register_site(tmp_path / "in", site)
    assert tree(site) == before


def test_neither_a_run_nor_a_link_is_taken_for_a_site(tmp_path, small):
    put(tmp_path / "in" / "one", small)
    with pytest.raises(OutputError, match=r"holds 'record\.json'"):
        register_site(tmp_path / "in", tmp_path / "in" / "one")
    site = tmp_path / "site"
    register_site(tmp_path / "in", site)
    page = site / "index.es.html"
    (tmp_path / "page").write_bytes(page.read_bytes())
    page.unlink()
    page.symlink_to(tmp_path / "page")
    with pytest.raises(OutputError, match=r"holds 'index\.es\.html'"):
        register_site(tmp_path / "in", site)
    for claim in ("[]", '{"format": "iagkit-register-site/1", "files": []}', "\0"):
        (tmp_path / "other").mkdir(exist_ok=True)
        (tmp_path / "other" / "site.json").write_text(claim)
        assert not is_site(tmp_path / "other")


def test_a_site_may_stand_among_the_records(tmp_path, small):
    put(tmp_path / "in" / "one", small)
    first = register_site(tmp_path / "in", tmp_path / "in" / "site")
    before = tree(tmp_path / "in" / "site")
    again = register_site(tmp_path / "in", tmp_path / "in" / "site")
    assert (again.files, again.older, again.refused) == (first.files, {}, {})
    assert tree(tmp_path / "in" / "site") == before


def test_what_was_signed_can_be_checked_from_the_site_and_the_rest_is_not_published(
    tmp_path, small
):
    folder = tmp_path / "in"
    put(folder / "signed", small)
    put(folder / "plain", named(small, "plain"))
    attesting.new_key(tmp_path / "key.pem")
    attesting.sign(folder / "signed", key=tmp_path / "key.pem")
    key = tmp_path / "key.pem.pub"
    site = tmp_path / "site"
    done = register_site(folder, site, public_key=key)
    assert list(done.systems) == ["citizen-requests"]
    assert english(done.refused["plain/record.json"]) == "the signature is missing"
    proof = inspect(
        next(site.glob("systems/citizen-requests/*/")), public_key=site / "public-key.pem"
    )
    assert not proof.changed
    page = (site / "systems" / "citizen-requests.pt.html").read_text()
    assert proof.signed_by in page
    assert "iagkit verify record.json --public-key public-key.pem" in page
    register_site(folder, site)
    page = (site / "systems" / "citizen-requests.en.html").read_text()
    assert "This register did not check by whom" in page


def test_audits_and_logs_have_pages_too_with_the_figures_that_limits_judged(tmp_path):
    from made_up_audit import an_audit
    from made_up_process import a_process

    put(tmp_path / "in" / "a", an_audit())
    put(tmp_path / "in" / "b", a_process())
    done = register_site(tmp_path / "in", tmp_path / "site")
    for name, (record,) in done.systems.items():
        for lang in ("es", "pt", "en"):
            page = (tmp_path / "site" / "systems" / f"{name}.{lang}.html").read_text()
            table = page[page.index('id="figures"') : page.index('id="registers"')]
            assert table.count("<tr") == 1 + len(record.verdicts) > 1
