from __future__ import annotations

import gzip
import json

import pytest

from review.errors import FormatError
from review.model import Record
from review.model import RecordId
from review.search import payload
from review.search.payload import find_dois
from review.search.payload import find_records
from review.search.payload import find_retracted
from review.search.payload import iter_run
from review.search.run_document import RunCounts
from review.search.run_document import RunHead
from review.search.runs import Payload
from review.search.runs import write_run
from tests.emulator.synthesis import article

HEAD = RunHead(source="pubmed", lane="database", kind="search", started="2026-01-02T03:04:05Z")
RIS = b"TY  - JOUR\nTI  - A title of a report\nAU  - Archer, Ada\nPY  - 2020\nER  - \n"


def page(*records):
    body = b'<?xml version="1.0" ?>\n<PubmedArticleSet>' + b"".join(records) + b"</PubmedArticleSet>"
    return gzip.compress(body, mtime=0)


def write(queries, *files, head=HEAD):
    return write_run(queries, head, RunCounts(hits=1, retrieved=1), files)


def record_ids(queries, run):
    return [item.id for item in iter_run(queries, run) if isinstance(item, Record)]


def test_pages_are_read_in_order_and_what_is_no_hit_is_left_out(tmp_path):
    run = write(
        tmp_path,
        Payload("page-0001.xml.gz", page(article(3), article(1)), "pubmed-xml", 2),
        Payload("page-0002.xml.gz", page(article(2)), "pubmed-xml", 1),
        Payload("search-0001.xml.gz", gzip.compress(b"<eSearchResult/>"), "esearch-xml", 0),
        Payload("watch-0001.xml.gz", page(article(9)), "watched-pubmed-xml", 1),
    )
    assert record_ids(tmp_path, run) == ["pubmed:3", "pubmed:1", "pubmed:2"]
    assert set(find_records(tmp_path, [run], {RecordId("pubmed:9"), RecordId("pubmed:2")})) == {"pubmed:9", "pubmed:2"}


def test_imported_files_are_read_by_their_format(tmp_path):
    head = RunHead(source="embase", lane="database", kind="import", started="2026-01-02T03:04:05Z")
    run = write(tmp_path, Payload("export.ris", RIS, "ris", 1), head=head)
    (record,) = [item for item in iter_run(tmp_path, run) if isinstance(item, Record)]
    assert (record.title, record.run) == ("A title of a report", run.id)
    assert find_records(tmp_path, [run], {record.id}) == {}


def test_a_source_may_bring_a_reader_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setitem(payload.READERS, "made-json", ("tests.search.test_payload", "read_made"))
    run = write(tmp_path, Payload("page-0001.json.gz", gzip.compress(b"7"), "made-json", 1))
    assert record_ids(tmp_path, run) == ["made:7"]


def read_made(stream, path, source, run):
    assert path.endswith("page-0001.json.gz")
    yield Record(RecordId(f"made:{stream.read().decode()}"), "A title", source=source, run=run)


def test_a_damaged_page_cannot_be_read_and_does_not_stop_the_others(tmp_path):
    good = Payload("page-0002.xml.gz", page(article(2)), "pubmed-xml", 1)
    run = write(tmp_path, Payload("page-0001.xml.gz", page(article(1))[:-20], "pubmed-xml", 1), good)
    with pytest.raises(FormatError, match="page-0001"):
        record_ids(tmp_path, run)
    assert set(find_records(tmp_path, [run], {RecordId("pubmed:1"), RecordId("pubmed:2")})) == {"pubmed:2"}


def test_the_newest_record_is_found_and_own_dois_alone(tmp_path):
    first = write(tmp_path, Payload("page-0001.xml.gz", page(article(1, "Old.", doi="10.5555/One")), "pubmed-xml", 1))
    later = page(article(1, "New.", doi="10.5555/One", cited=[("8", "10.5555/cited")]))
    second = write(tmp_path, Payload("page-0001.xml.gz", later, "pubmed-xml", 1))
    held = find_records(tmp_path, [first, second], {RecordId("pubmed:1")})
    assert held[RecordId("pubmed:1")].title.startswith("New")
    assert find_dois(tmp_path, [first, second], {"10.5555/one", "10.5555/cited"}) == {
        "10.5555/one": RecordId("pubmed:1")
    }


def test_retracted_records_are_listed_and_notices_are_not(tmp_path):
    run = write(
        tmp_path,
        Payload(
            "page-0001.xml.gz",
            page(
                article(1, publication_types=("Retracted Publication",)),
                article(2, relations=[("RetractionIn", "J", "3")]),
                article(3, relations=[("RetractionOf", "J", "2")], publication_types=("Retraction Notice",)),
                article(4),
            ),
            "pubmed-xml",
            4,
        ),
    )
    assert find_retracted(tmp_path, [run]) == {"1", "2"}


def test_records_of_other_services_are_found_too(tmp_path):
    body = json.dumps({"resultList": {"result": [
        {"id": "5", "source": "MED", "doi": "10.5555/Five", "title": "A title"},
        {"id": "PPR6", "source": "PPR", "doi": "10.5555/six", "title": "A preprint"},
    ]}}).replace("/", "\\/").encode()  # fmt: skip
    head = RunHead(source="europepmc", lane="database", kind="search", started="2026-01-02T03:04:05Z")
    run = write(tmp_path, Payload("page-0001.json.gz", gzip.compress(body), "europepmc-json", 2), head=head)
    wanted = {RecordId("pubmed:5"), RecordId("doi:10.5555/six")}
    assert set(find_records(tmp_path, [run], wanted)) == wanted
    assert find_dois(tmp_path, [run], {"10.5555/five", "10.5555/six"}) == {
        "10.5555/five": "pubmed:5",
        "10.5555/six": "doi:10.5555/six",
    }
