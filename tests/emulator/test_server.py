from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import requests

from tests.emulator.corpus import Corpus
from tests.emulator.corpus import split_records
from tests.emulator.faults import BACKEND_ERRORS
from tests.emulator.faults import CATALOGUE
from tests.emulator.faults import always
from tests.emulator.faults import at
from tests.emulator.faults import every
from tests.emulator.faults import first_of
from tests.emulator.faults import foreign_record
from tests.emulator.server import Emulator
from tests.emulator.server import RateLimit
from tests.emulator.synthesis import article
from tests.emulator.synthesis import synthesise

SIZE = 10_150


@pytest.fixture(scope="module")
def running() -> Iterator[Emulator]:
    with Emulator(Corpus(synthesise(SIZE, seed=3))) as emulator:
        yield emulator


@pytest.fixture
def emulator(running: Emulator) -> Emulator:
    running.reset()
    running.keys = None
    running.enforces_rate = False
    return running


def ask(emulator: Emulator, tool: str, **params: Any) -> requests.Response:
    return requests.get(
        f"{emulator.url}{tool}.fcgi", params={"db": "pubmed", **params}, timeout=10, allow_redirects=False
    )


def search(emulator: Emulator, **params: object) -> dict[str, object]:
    answer = ask(emulator, "esearch", retmode="json", **params)
    result: dict[str, object] = json.loads(answer.text, strict=False)["esearchresult"]
    return result


def deliver(emulator: Emulator, **params: object) -> list[str]:
    root = ET.fromstring(ask(emulator, "efetch", retmode="xml", **params).content)
    return [(record.findtext("MedlineCitation/PMID") or record.findtext("BookDocument/PMID") or "") for record in root]


class TestSearch:
    def test_layout_of_xml(self, emulator: Emulator) -> None:
        answer = ask(emulator, "esearch", term="synthetic", retmax=2)
        assert answer.headers["Content-Type"] == "text/xml; charset=UTF-8"
        newest = emulator.corpus.pmids[:2]
        assert answer.text == (
            '<?xml version="1.0" encoding="UTF-8" ?>\n<!DOCTYPE eSearchResult PUBLIC "-//NLM//DTD esearch 20060628//EN" '
            '"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20060628/esearch.dtd">\n'
            f"<eSearchResult><Count>{SIZE}</Count><RetMax>2</RetMax><RetStart>0</RetStart><IdList>\n<Id>{newest[0]}</Id>\n"
            f'<Id>{newest[1]}</Id>\n</IdList><TranslationSet/><QueryTranslation>"synthetic"[All Fields]</QueryTranslation>'
            "</eSearchResult>\n"
        )

    def test_nothing_found_in_xml(self, emulator: Emulator) -> None:
        text = ask(emulator, "esearch", term="abcXYZ").text
        assert text.endswith(
            "<IdList/><TranslationSet/><QueryTranslation>(abcXYZ[All Fields])</QueryTranslation><ErrorList><PhraseNotFound>abcXYZ"
            "</PhraseNotFound></ErrorList><WarningList><OutputMessage>No items found.</OutputMessage></WarningList></eSearchResult>\n"
        )

    @pytest.mark.parametrize(
        ("start", "asked", "given", "message"),
        [
            (0, 10_000, 9999, "0, 9999"),
            (9990, 10, 9, "9990, 9"),
            (9998, 2, 1, "9998, 1"),
            (9990, 9, 9, ""),
            (0, 9999, 9999, ""),
        ],
    )
    def test_window(self, emulator: Emulator, start: int, asked: int, given: int, message: str) -> None:
        result = search(emulator, term="synthetic", retstart=start, retmax=asked)
        assert (result["count"], result["retmax"]) == (str(SIZE), str(given))
        assert len(result["idlist"]) == given  # type: ignore[arg-type]
        warnings: list[str] = result.get("warninglist", {}).get("outputmessages", [])  # type: ignore[attr-defined]
        assert warnings == ([f"Restrictions achieved. start and count adjusted to {message}"] if message else [])

    def test_start_behind_the_window(self, emulator: Emulator) -> None:
        answer = ask(emulator, "esearch", term="synthetic", retstart=9999, retmode="json")
        assert answer.status_code == 200
        with pytest.raises(json.JSONDecodeError):
            json.loads(answer.text)
        assert "cannot be larger than 9998" in json.loads(answer.text, strict=False)["esearchresult"]["ERROR"]

    def test_uid_ranges_tile(self, emulator: Emulator) -> None:
        middle = sorted(emulator.corpus.pmids)[SIZE // 2]
        counts = [
            int(str(search(emulator, term=f"(synthetic) AND {low}:{high}[UID]", retmax=0)["count"]))
            for low, high in ((1, middle), (middle + 1, 99_999_999))
        ]
        assert sum(counts) == SIZE

    def test_count_only(self, emulator: Emulator) -> None:
        assert search(emulator, term="synthetic AND abcXYZ", rettype="count") == {"count": str(SIZE)}

    def test_history_and_combination(self, emulator: Emulator) -> None:
        first = search(emulator, term="asthma", usehistory="y", retmax=0)
        second = search(emulator, term="cohort", usehistory="y", retmax=0, WebEnv=first["webenv"])
        assert (first["querykey"], second["querykey"]) == ("1", "2")
        assert second["webenv"] == first["webenv"]
        assert str(first["webenv"]).startswith("MCID_")
        both = search(emulator, term="#1 AND #2", WebEnv=first["webenv"], retmax=0)
        assert both["count"] == search(emulator, term="asthma AND cohort", retmax=0)["count"] != "0"
        assert search(emulator, query_key=1, WebEnv=first["webenv"], retmax=0)["count"] == first["count"]
        assert search(emulator, term="#9", WebEnv=first["webenv"])["ERROR"] == "Unable to obtain query #9"

    def test_errors_of_the_request(self, emulator: Emulator) -> None:
        assert search(emulator)["ERROR"] == "Empty term and query_key - nothing todo"
        assert search(emulator, term="x", db="nothing")["ERROR"] == "Invalid db name specified: nothing"

    def test_dates_need_both_bounds(self, emulator: Emulator) -> None:
        all_of_them = search(emulator, term="asthma", retmax=0)
        one = search(emulator, term="asthma", retmax=0, datetype="edat", mindate="2016")
        both = search(emulator, term="asthma", retmax=0, datetype="edat", mindate="2016", maxdate="2016/06")
        assert one["count"] == all_of_them["count"]
        assert int(str(both["count"])) < int(str(one["count"]))
        assert str(both["querytranslation"]).endswith(") AND 2016/01/01:2016/06/31[Date - Entry]")

    def test_recent_days(self) -> None:
        with Emulator(
            Corpus([article(1, "A.", entered=date(2025, 11, 1)), article(2, "A.", entered=date(2020, 1, 1))])
        ) as small:
            result = search(small, term="all[sb]", datetype="edat", reldate=60)
        assert result["idlist"] == ["1"]
        assert result["querytranslation"] == "all[Filter] AND 2025/09/27:2025/11/26[Date - Entry]"

    def test_sort(self, emulator: Emulator) -> None:
        plain = search(emulator, term="asthma", retmax=50)["idlist"]
        refused = search(emulator, term="asthma", retmax=50, sort="date")
        assert refused["idlist"] == plain
        assert refused["warninglist"]["outputmessages"] == ["Unknown sort schema 'date' ignored"]  # type: ignore[index]
        assert search(emulator, term="asthma", retmax=50, sort="Author")["idlist"] != plain

    def test_field_parameter(self, emulator: Emulator) -> None:
        assert search(emulator, term="asthma", field="title")["querytranslation"] == '"asthma"[Title]'


class TestFetch:
    def test_pages_of_the_history_are_slices(self, emulator: Emulator) -> None:
        stored = search(emulator, term="asthma", usehistory="y", retmax=5000)
        keys = {"WebEnv": stored["webenv"], "query_key": 1}
        ids = stored["idlist"]
        pages = [deliver(emulator, **keys, retstart=start, retmax=400) for start in range(0, len(ids), 400)]  # type: ignore[arg-type]
        assert [pmid for page in pages for pmid in page] == ids

    def test_straddling_page_is_clamped_without_a_word(self, emulator: Emulator) -> None:
        stored = search(emulator, term="synthetic", usehistory="y", retmax=0)
        keys = {"WebEnv": stored["webenv"], "query_key": 1}
        assert len(deliver(emulator, **keys, retstart=9950, retmax=50)) == 49
        behind = ask(emulator, "efetch", **keys, retstart=9999, retmax=50, retmode="xml")
        assert behind.status_code == 400
        assert "cannot be larger than 9998" in behind.text

    def test_unknown_ids_are_left_out(self, emulator: Emulator) -> None:
        known = emulator.corpus.pmids[0]
        assert deliver(emulator, id=f"{known},00{known},999999999") == [str(known)]
        empty = ask(emulator, "efetch", id="999999999", retmode="xml")
        assert empty.status_code == 200
        assert empty.text.endswith("<PubmedArticleSet></PubmedArticleSet>")

    def test_no_valid_id(self, emulator: Emulator) -> None:
        answer = ask(emulator, "efetch", id="0", retmode="xml")
        assert (answer.status_code, "ID list is empty!" in answer.text) == (400, True)
        answer = ask(emulator, "efetch", id="0", retmode="text", rettype="medline")
        assert (answer.status_code, answer.text) == (400, "ID+list+is+empty!+Possibly+it+has+no+correct+IDs.\n")
        assert ask(emulator, "efetch").status_code == 400

    def test_medline_text_is_what_biopython_reads(self, emulator: Emulator) -> None:
        from Bio import Medline

        ids = emulator.corpus.pmids[:40]
        text = ask(emulator, "efetch", id=",".join(map(str, ids)), retmode="text", rettype="medline").text
        records = list(Medline.parse(text.splitlines(keepends=True)))  # type: ignore[no-untyped-call]
        assert [record["PMID"] for record in records] == [str(pmid) for pmid in ids]
        assert all(record.get("TI") or record.get("BTI") for record in records)

    def test_default_mode_of_abstract_is_text(self, emulator: Emulator) -> None:
        pmid = emulator.corpus.pmids[0]
        assert ask(emulator, "efetch", id=pmid, rettype="abstract").headers["Content-Type"].startswith("text/plain")
        assert ask(emulator, "efetch", id=pmid, retmode="text", rettype="uilist").text == f"{pmid}\n"
        assert ask(emulator, "efetch", id=pmid, retmode="json").text == f"{pmid}\n"

    def test_undelivered_records_and_versions(self) -> None:
        with Emulator(
            Corpus([article(5, "One.", version=1), article(5, "Two.", version=2), article(6, "Six.")])
        ) as small:
            small.service.undelivered.add(6)
            assert deliver(small, id="5,6") == ["5"]
            small.service.delivers_versions = True
            assert deliver(small, id="5") == ["5", "5"]
            small.corpus.remove(5)
            assert deliver(small, id="5") == []


def test_post_of_ids_feeds_the_history(emulator: Emulator) -> None:
    ids = emulator.corpus.pmids[:600]
    answer = requests.post(
        f"{emulator.url}epost.fcgi", data={"db": "pubmed", "id": ",".join(map(str, ids))}, timeout=10
    )
    root = ET.fromstring(answer.content)
    got = deliver(emulator, WebEnv=root.findtext("WebEnv"), query_key=root.findtext("QueryKey"), retmax=700)
    assert got == [str(pmid) for pmid in ids]
    assert "Empty ID list; Nothing to store" in ask(emulator, "epost", id="x").text
    assert ask(emulator, "epost", id="1", retmode="json").status_code == 500


def test_summaries(emulator: Emulator) -> None:
    pmid = emulator.corpus.pmids[0]
    data = ask(emulator, "esummary", id=f"{pmid},999999999", retmode="json").json()["result"]
    assert data["uids"] == [str(pmid), "999999999"]
    assert data[str(pmid)]["title"]
    assert data["999999999"]["error"] == "cannot get document summary"
    assert ask(emulator, "esummary", id="abc", retmode="json").json()["error"] == "Invalid uid abc at position= 0"
    many = ",".join(map(str, emulator.corpus.pmids[:501]))
    answer = requests.post(
        f"{emulator.url}esummary.fcgi", data={"db": "pubmed", "retmode": "json", "id": many}, timeout=10
    )
    assert answer.json()["error"].startswith("Too many UIDs")
    assert ET.fromstring(ask(emulator, "esummary", id=pmid).content).findtext("DocSum/Id") == str(pmid)
    second = ET.fromstring(ask(emulator, "esummary", id="999999999", version="2.0").content)
    assert second.findtext(".//error") == "cannot get document summary"
    assert "Neither query_key nor id specified" in ask(emulator, "esummary").text


def test_links() -> None:
    corpus = Corpus(
        [
            article(1, "Old.", mesh=["Asthma"]),
            article(2, "New.", mesh=["Asthma"], cited=[("1", "")]),
            article(3, "Lone."),
        ]
    )
    with Emulator(corpus) as small:

        def links(**params: object) -> list[dict[str, object]]:
            data = ask(small, "elink", dbfrom="pubmed", retmode="json", **params).json()["linksets"]
            return [
                {"ids": item["ids"], **{db["linkname"]: db["links"] for db in item.get("linksetdbs", [])}}
                for item in data
            ]

        assert links(id=1, linkname="pubmed_pubmed_citedin") == [{"ids": ["1"], "pubmed_pubmed_citedin": ["2"]}]
        assert links(id=2, linkname="pubmed_pubmed_refs") == [{"ids": ["2"], "pubmed_pubmed_refs": ["1"]}]
        assert links(id=[1, 3], linkname="pubmed_pubmed_refs") == [{"ids": ["1"]}, {"ids": ["3"]}]
        assert links(id="1,2", linkname="pubmed_pubmed")[0]["pubmed_pubmed"] == ["2", "1"]
        assert links(id=1, linkname="pubmed_pubmed")[0]["pubmed_pubmed"][0] == "1"  # type: ignore[index]
        scored = links(id=1, linkname="pubmed_pubmed", cmd="neighbor_score")[0]["pubmed_pubmed"]
        assert scored[0]["score"] > scored[1]["score"]  # type: ignore[index]
        root = ET.fromstring(ask(small, "elink", dbfrom="pubmed", id=1, cmd="neighbor_history").content)
        key, name = root.findtext(".//QueryKey"), root.findtext(".//LinkSetDbHistory/LinkName")
        assert (key, name) == ("1", "pubmed_pubmed")
        assert deliver(small, WebEnv=root.findtext(".//WebEnv"), query_key=key)[0] == "1"


def test_small_tools(emulator: Emulator) -> None:
    root = ET.fromstring(ask(emulator, "einfo").content)
    assert len(root.findall(".//Field")) == 50
    assert root.findtext(".//Count") == str(SIZE)
    assert "<CorrectedQuery>asthma sepsis</CorrectedQuery>" in ask(emulator, "espell", term="asthmaa sepsys").text
    assert "<CorrectedQuery/>" in ask(emulator, "espell", term="asthma").text
    assert ask(emulator, "espell", term="asthma", retmode="json").status_code == 500
    assert ask(emulator, "nothing").status_code == 404


class TestKeysAndRate:
    def test_bad_key(self, emulator: Emulator) -> None:
        emulator.keys = {"good"}
        assert ask(emulator, "esearch", term="asthma", api_key="good").status_code == 200
        answer = ask(emulator, "esearch", term="asthma", api_key="bad")
        assert answer.status_code == 400
        assert answer.text == '{"error":"API key invalid","api-key":"bad","type":"invalid",\n"status":"unknown"}\n'
        assert ask(emulator, "esearch", term="asthma", api_key="").status_code == 400

    @pytest.mark.parametrize(("key", "limit"), [({}, 3), ({"api_key": "k"}, 10)])
    def test_rate(self, emulator: Emulator, key: dict[str, str], limit: int) -> None:
        emulator.enforces_rate = True
        answers = [ask(emulator, "einfo", **key) for _ in range(limit + 1)]
        assert [answer.status_code for answer in answers] == [200] * limit + [429]
        assert answers[0].headers["X-RateLimit-Limit"] == str(limit)
        assert answers[-1].headers["Retry-After"] == "2"
        caller = key.get("api_key", "127.0.0.1")
        assert answers[-1].json() == {
            "error": "API rate limit exceeded",
            "api-key": caller,
            "count": str(limit + 1),
            "limit": str(limit),
        }

    def test_window_slides(self) -> None:
        rate = RateLimit()
        assert [rate.count("a", moment) for moment in (0.0, 0.4, 0.8, 1.01, 1.39, 1.41)] == [1, 2, 3, 3, 4, 4]
        assert rate.count("b", 1.5) == 1

    def test_long_address(self, emulator: Emulator) -> None:
        ids = ",".join(map(str, emulator.corpus.pmids[:600]))
        assert ask(emulator, "efetch", id=ids).status_code == 414
        answer = requests.post(
            f"{emulator.url}efetch.fcgi", data={"db": "pubmed", "id": ids, "retmode": "xml"}, timeout=10
        )
        assert answer.content.count(b"<PMID Version") >= 600


TRANSPORT = (requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError)


class TestFaults:
    @pytest.mark.parametrize(
        "name", sorted(set(CATALOGUE) - {"reset", "reset-inside", "truncated-chunked", "truncated-length"})
    )
    def test_each_fault_differs_from_the_truth_and_passes(self, emulator: Emulator, name: str) -> None:
        ids = ",".join(map(str, emulator.corpus.pmids[:20]))
        calls: dict[str, dict[str, str]] = {
            "efetch": {"id": ids, "retmode": "xml"},
            "esearch": {"term": "asthma", "retmode": "json"},
        }
        differs = False
        for tool, params in calls.items():
            truth = ask(emulator, tool, **params)
            emulator.plan = at({emulator.count_calls() + 1}, name)
            started = time.monotonic()
            faulty = ask(emulator, tool, **params)
            elapsed = time.monotonic() - started
            differs = differs or (
                (faulty.status_code, faulty.content, faulty.headers["Content-Type"])
                != (truth.status_code, truth.content, truth.headers["Content-Type"])
                or (name in {"slow", "drip"} and elapsed > 0.1)
            )
            again = ask(emulator, tool, **params)
            assert (again.status_code, again.content) == (truth.status_code, truth.content)
        assert differs

    @pytest.mark.parametrize("name", ["reset", "reset-inside", "truncated-chunked", "truncated-length"])
    @pytest.mark.parametrize("encoding", ["gzip", "identity"])
    def test_broken_transfer(self, emulator: Emulator, name: str, encoding: str) -> None:
        emulator.plan = at({1}, name)
        ids = ",".join(map(str, emulator.corpus.pmids[:50]))
        address = f"{emulator.url}efetch.fcgi"
        with pytest.raises(TRANSPORT):
            requests.get(
                address, params={"id": ids, "retmode": "xml"}, headers={"Accept-Encoding": encoding}, timeout=10
            )
        assert requests.get(address, params={"id": ids, "retmode": "xml"}, timeout=10).status_code == 200

    def test_records_short_missing_doubled_and_foreign(self, emulator: Emulator) -> None:
        ids = emulator.corpus.pmids[:5]
        asked = ",".join(map(str, ids))
        names = [str(pmid) for pmid in ids]
        for fault, expected in (
            ("short-page", names[:-1]),
            ("record-missing", [*names[:2], *names[3:]]),
            ("duplicate", [names[0], *names]),
            (foreign_record(article(77, "Foreign.")), [*names, "77"]),
        ):
            emulator.plan = always(fault, tool="efetch")
            assert deliver(emulator, id=asked) == expected

    def test_ids_and_count_of_a_search(self, emulator: Emulator) -> None:
        truth = search(emulator, term="asthma", retmax=9)
        emulator.plan = at({2}, "short-page", tool="esearch")
        assert search(emulator, term="asthma", retmax=9)["idlist"] == truth["idlist"][:-1]  # type: ignore[index]
        emulator.plan = always("count-up")
        assert int(str(search(emulator, term="asthma")["count"])) == int(str(truth["count"])) + 3
        text = ask(emulator, "esearch", term="asthma").text
        assert f"<Count>{int(str(truth['count'])) + 3}</Count>" in text

    def test_errors_inside_200_in_both_modes(self, emulator: Emulator) -> None:
        for name, text in BACKEND_ERRORS.items():
            emulator.plan = always(name)
            assert search(emulator, term="asthma")["ERROR"] == text
            root = ET.fromstring(ask(emulator, "esearch", term="asthma").content)
            assert root.findtext("ERROR") == text

    def test_plans(self, emulator: Emulator) -> None:
        emulator.plan = first_of(at({1}, "503", tool="efetch"), every(2, ["502", "504"]))
        codes = [
            ask(emulator, tool, term="a", id=1).status_code
            for tool in ("esearch", "efetch", "efetch", "efetch", "esearch", "esearch")
        ]
        assert codes == [200, 503, 200, 504, 200, 502]
        assert emulator.statuses == codes
        assert [call.tool for call in emulator.calls][:2] == ["esearch", "efetch"]

    def test_history_is_lost(self, emulator: Emulator) -> None:
        stored = search(emulator, term="asthma", usehistory="y", retmax=0)
        keys = {"WebEnv": stored["webenv"], "query_key": 1, "retmode": "xml", "retmax": 1}
        emulator.service.history.expire_after = 2
        assert [ask(emulator, "efetch", **keys).status_code for _ in range(4)] == [200, 200, 400, 400]
        again = search(emulator, term="asthma", usehistory="y", retmax=0)
        emulator.forget_history()
        lost = ask(emulator, "efetch", **{**keys, "WebEnv": again["webenv"]})
        assert "<ERROR>Unable to obtain query #1</ERROR>" in lost.text


@pytest.mark.shared
def test_real_records_are_served_as_they_are(shared: Path) -> None:
    path = shared / "data/entrez/derived/quirks_21n1298.xml"
    corpus = Corpus(split_records(path))
    assert len(corpus) == len(
        {element.findtext(".//PMID") for element in ET.parse(path).getroot() if element.tag == "PubmedArticle"}
    )
    with Emulator(corpus) as small:
        result = search(small, term="rituximab OR covid-19", retmax=500)
        assert int(str(result["count"])) > 0
        assert deliver(small, id=result["idlist"][0])[0] == result["idlist"][0]  # type: ignore[index]
        assert deliver(small, id="30271887") == ["30271887"]
        text = ask(small, "efetch", id="30271887", retmode="xml").content
        assert text.isascii()
        assert b'<PMID Version="3">30271887' in text or b'<PMID Version="4">30271887' in text
