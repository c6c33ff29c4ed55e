from __future__ import annotations

import csv
import io
import json
import sqlite3
import zipfile

import pytest

from review.errors import FormatError
from review.errors import UsageError
from review.model import Decision
from review.model import Record
from review.model import RecordId
from review.screening.exchange.adoption import adopt_ballots
from review.screening.exchange.matching import Matcher
from review.screening.exchange.reading import read_ballots
from review.screening.exchange.writing import Labelled
from review.screening.exchange.writing import render_labelled
from tests.builder import list_codes
from tests.builder import make_protocol

HANDS = Record(
    RecordId("doi:10.5555/a"), "Penicillamine in two patients with calcinosis", year=2010, doi="10.5555/a", pmid="11"
)
CASE = Record(RecordId("pubmed:22"), "A single case of calcinosis universalis", year=2012, pmid="22")
TWIN = Record(RecordId("x:3"), "Penicillamine in two patients with calcinosis.", year=2015)
RECORDS = {record.id: record for record in (HANDS, CASE, TWIN)}

RAYYAN = '''key,title,year,journal,authors,abstract,notes,doi,pubmed_id
r-1,Penicillamine in two patients with calcinosis,2010,J,"A, B",,"RAYYAN-INCLUSION: {""Ann B.""=>""Included"", ""Ben""=>""Excluded""} | RAYYAN-EXCLUSION-REASONS: no calcinosis,wrong animal | USER-NOTES: {""Ben""=>[""rats, I think"", ""sure""]}",,
r-2,A single case of calcinosis universalis,2012,J,"A, B",,"RAYYAN-INCLUSION: {""Ann B.""=>""Maybe""} | RAYYAN-LABELS: look again",,
r-3,Something else that nobody imported here,2012,J,"A, B",,"RAYYAN-INCLUSION: {""Ann B.""=>""Included""}",,
'''  # fmt: skip

ASREVIEW = """\
title,abstract,doi,asreview_label,asreview_time,asreview_note
"Penicillamine in two patients with calcinosis",x,10.5555/a,1,2026-01-02 10:11:12,a note
A single case of calcinosis universalis,x,,0,2026-01-02 10:12:12,
Something else that nobody imported here,x,,,,
"""

COVIDENCE = """\
Title,Authors,Abstract,Published Year,Published Month,Journal,Volume,Issue,Pages,Accession Number,DOI,Ref,Covidence #,Study,Notes,Tags
Penicillamine in two patients with calcinosis,"A, B",x,2010,,J,1,2,3,,10.5555/a,,#1,A 2010,"Exclusion reason: No outcome given; ",
A single case of calcinosis universalis,"A, B",x,2012,,J,1,2,3,,,,#2,A 2012,,
"""

RIS = """\
TY  - JOUR
TI  - Penicillamine in two patients with calcinosis
DO  - 10.5555/A
N1  - ASReview_irrelevant
ER  -

TY  - JOUR
TI  - A single case of calcinosis universalis
N1  - RAYYAN-INCLUSION: {"Ann"=>"Included"}
ER  -

TY  - JOUR
TI  - Something else that nobody imported here
N1  - ASReview_not_seen
ER  -
"""


def adopt(data, name="export.csv", *, stage="title-abstract", assumed=None, records=RECORDS):
    ballots, told = read_ballots(data.encode() if isinstance(data, str) else data, name, assumed)
    matcher = Matcher(records, {identifier: identifier for identifier in records})
    adopted, findings = adopt_ballots(ballots, matcher, make_protocol(), stage)
    return [(item.who, item.record, item.verdict, item.reason, item.note) for item in adopted], list_codes(
        [*told, *findings]
    )


def test_rayyan_has_a_decision_of_each_person():
    adopted, codes = adopt(RAYYAN)
    assert adopted == [
        ("Ann B.", HANDS.id, "include", "", ""),
        ("Ben", HANDS.id, "exclude", "wrong-population", "rats, I think; sure; reason: wrong animal"),
        ("Ann B.", CASE.id, "unsure", "", ""),
    ]
    assert codes == ["SCREEN-032", "SCREEN-030"]


def test_asreview_has_one_decision_to_a_record():
    adopted, codes = adopt(ASREVIEW)
    assert adopted == [
        ("", HANDS.id, "include", "", "a note; decided 2026-01-02 10:11:12"),
        ("", CASE.id, "exclude", "", "decided 2026-01-02 10:12:12"),
    ]
    assert codes == []


@pytest.mark.parametrize(
    ("name", "second"),
    [("review_irrelevant_1.csv", "exclude"), ("review_included_1.csv", "include"), ("list.csv", None)],
)
def test_covidence_has_one_list_to_a_file(name, second):
    adopted, codes = adopt(COVIDENCE, name, stage="full-text" if second is None else "title-abstract")
    decided = {record: (verdict, reason) for _, record, verdict, reason, _ in adopted}
    assert decided[HANDS.id] == ("exclude", "no-data" if second is None else "")
    assert decided.get(CASE.id, (None,))[0] == second
    assert codes == []


def test_what_a_reference_without_a_label_means_can_be_said():
    assert [item[2] for item in adopt(COVIDENCE, "list.csv", assumed="include")[0]] == ["exclude", "include"]


def test_ris_has_labels_in_its_notes():
    adopted, codes = adopt(RIS, "export.ris")
    assert [(who, record, verdict) for who, record, verdict, *_ in adopted] == [
        ("", HANDS.id, "exclude"),
        ("Ann", CASE.id, "include"),
    ]
    assert codes == []


@pytest.mark.parametrize("label", ["2", "yes please"])
def test_a_label_that_is_none_is_told(label):
    adopted, codes = adopt(f"title,asreview_label\nA single case of calcinosis universalis,{label}\n")
    assert (adopted, codes) == ([], ["SCREEN-033"])


def test_rows_that_contradict_each_other_are_told_and_neither_counts():
    rows = "title,included\nA single case of calcinosis universalis,{}\nA single case of calcinosis universalis,{}\n"
    assert adopt(rows.format(1, 0)) == ([], ["SCREEN-033"])
    assert [item[2] for item in adopt(rows.format(1, 1))[0]] == ["include"]


def test_an_exclusion_at_full_text_needs_a_reason_of_the_protocol():
    adopted, codes = adopt(RAYYAN.replace("no calcinosis,wrong animal", "wrong animal"), stage="full-text")
    assert [item[0] for item in adopted] == ["Ann B.", "Ann B."]
    assert codes == ["SCREEN-032", "SCREEN-033", "SCREEN-030"]


def find(reference):
    return Matcher(RECORDS, {identifier: identifier for identifier in RECORDS}).find(reference)


def make_reference(title="", **values):
    return Record(RecordId("import:0"), title, **values)


def test_identifiers_go_before_titles():
    assert find(make_reference("A single case of calcinosis universalis", doi="10.5555/a")) == [HANDS.id]
    assert find(make_reference(pmid="22")) == [CASE.id]
    assert find(Record(CASE.id, "")) == [CASE.id]
    assert find(make_reference(extra={"csv:record": ("x:3",)})) == [TWIN.id]


def test_titles_are_matched_by_their_letters_and_the_year_decides_between_two():
    title = "PENICILLAMINE in two  patients - with calcinosis"
    assert find(make_reference(title)) == [HANDS.id, TWIN.id]
    assert find(make_reference(title, year=2015)) == [TWIN.id]
    assert find(make_reference(title, year=1999)) == [HANDS.id, TWIN.id]
    assert find(make_reference("Calcinosis")) == []


def test_an_unclear_match_is_told():
    adopted, codes = adopt("title,included\nPenicillamine in two patients with calcinosis,1\n")
    assert (adopted, codes) == ([], ["SCREEN-031"])


def make_project(
    version=3, *, labels=((1, 1, 1767348672.0, "good"), (2, 0, None, None), (3, None, None, None)), store="results.db"
):
    """An ASReview project with three references of the files' layout."""
    files = {}
    for name in ("results.db", "store.db"):
        connection = sqlite3.connect(":memory:")
        if name == store or name == "store.db":
            connection.execute("CREATE TABLE record (record_id INTEGER, title TEXT, doi TEXT, year INTEGER)")
            rows = [
                (1, HANDS.title, "https://doi.org/10.5555/A", 2010),
                (2, CASE.title, None, 2012),
                (3, "Unseen so far", None, None),
            ]
            connection.executemany("INSERT INTO record VALUES (?, ?, ?, ?)", rows)
        if name == "results.db":
            connection.execute("CREATE TABLE results (record_id INTEGER UNIQUE, label INTEGER, time FLOAT, note TEXT)")
            connection.executemany("INSERT INTO results VALUES (?, ?, ?, ?)", labels)
        connection.commit()
        files[name] = connection.serialize()
        connection.close()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("project.json", json.dumps({"version": version}))
        if version == 3:
            archive.writestr("results.db", files["results.db"])
        elif version == 2:
            archive.writestr("reviews/abc/results.db", files["results.db"])
            archive.writestr("data_store.db", files["store.db"])
        else:
            archive.writestr("reviews/abc/results.sql", b"")
    return stream.getvalue()


@pytest.mark.parametrize("version", [2, 3])
def test_an_asreview_project_is_read(version):
    store = "results.db" if version == 3 else "store.db"
    adopted, codes = adopt(make_project(version, store=store), "project.asreview")
    assert adopted == [
        ("", HANDS.id, "include", "", "good; decided 2026-01-02T10:11:12Z"),
        ("", CASE.id, "exclude", "", ""),
    ]
    assert codes == []


def test_a_label_that_is_none_in_a_project_is_told():
    assert adopt(make_project(labels=((1, 7, None, None), (9, 1, None, None))), "p.asreview") == (
        [],
        ["SCREEN-033", "SCREEN-030"],
    )


def zip_with(**files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (make_project(1), "older version"),
        (zip_with(other_txt="x"), "no project.json"),
        (zip_with(project_json="{}", results_db="no database at all, but long enough to be one"), "cannot be read"),
        (b"PK\x03\x04 cut", "cannot be read"),
    ],
)
def test_what_is_no_project_is_refused(data, words):
    with pytest.raises(FormatError, match=words):
        read_ballots(data, "p.asreview")


def label(record, verdict, **others):
    return Labelled(
        record.id, record, Decision("ann", "2026-01-02T08:00:00Z", "title-abstract", record.id, verdict, **others)
    )


ITEMS = [
    label(HANDS, "exclude", reason="wrong-population", note='hands, "both"'),
    label(CASE, "include"),
    Labelled(TWIN.id, TWIN, None),
]


def test_what_is_written_as_csv_is_read_back():
    data = render_labelled(ITEMS, "csv")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [row["included"] for row in rows] == ["0", "1", ""]
    adopted, codes = adopt(data)
    assert adopted == [
        ("ann", HANDS.id, "exclude", "wrong-population", 'hands, "both"; decided 2026-01-02T08:00:00Z'),
        ("ann", CASE.id, "include", "", "decided 2026-01-02T08:00:00Z"),
    ]
    assert codes == []


def test_what_is_written_as_ris_has_the_labels_of_asreview():
    text = render_labelled(ITEMS, "ris").decode()
    assert [line[6:] for line in text.splitlines() if "ASReview" in line] == [
        "ASReview_irrelevant",
        "ASReview_relevant",
        "ASReview_not_seen",
    ]
    assert "Screening: exclude; wrong-population" in text
    adopted, _ = adopt(text, "export.ris", records={record.id: record for record in (HANDS, CASE)})
    assert [(record, verdict) for _, record, verdict, *_ in adopted] == [(HANDS.id, "exclude"), (CASE.id, "include")]


def test_another_format_is_refused():
    with pytest.raises(UsageError, match="csv, ris"):
        render_labelled(ITEMS, "xlsx")
