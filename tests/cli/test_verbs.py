"""The verbs that read: records, dedup, prisma, pool, trace. Their JSON is a promise to scripts."""

from __future__ import annotations

import csv
import io

import pytest

from tests.builder import ADAMS
from tests.builder import BAKER
from tests.builder import CLARK
from tests.builder import RIS

RECORD_KEYS = {
    "id", "title", "authors", "year", "journal", "volume", "issue", "pages", "doi", "pmid", "abstract", "publication_types", "mesh",
    "retracted", "sources", "members",
}  # fmt: skip


@pytest.mark.parametrize(
    ("stage", "ids"),
    [
        ("all", [ADAMS, BAKER, CLARK]),
        ("screened", [ADAMS, BAKER, CLARK]),
        ("sought", [ADAMS, BAKER]),
        ("included", [ADAMS, BAKER]),
        ("excluded", [CLARK]),
    ],
)
def test_records_of_each_stage(review_command, made, stage, ids):
    called = review_command("records", "--stage", stage, "--json")
    assert called.code == 0
    assert [record["id"] for record in called.json] == ids
    assert all(set(record) >= RECORD_KEYS for record in called.json)


def test_a_record_as_json(review_command, made):
    record = review_command("records", "--json").json[0]
    assert (record["year"], record["doi"], record["sources"], record["members"]) == (
        2010,
        ADAMS[4:],
        ["library"],
        [ADAMS],
    )
    assert (record["authors"], record["retracted"]) == (["Adams, Ruth", "Okoro, Ben"], False)


def test_records_as_a_list(review_command, made):
    called = review_command("records", "--stage", "excluded")
    assert called.out == f"{CLARK}  Clark 2014. What is known of gout in the tropics. Annals of Made-up Rheumatology.\n"
    assert called.err == "1 reference\n"


@pytest.mark.parametrize(
    ("form", "sign"),
    [("ris", "TY  - JOUR"), ("bibtex", "@article"), ("nbib", "TI  - "), ("csv", "title"), ("csl-json", '"DOI"')],
)
def test_records_as_files_of_other_programs(review_command, made, tmp_path, form, sign):
    path = tmp_path / "records"
    assert review_command("records", "--format", form, "--output", path).code == 0
    text = path.read_text("utf-8")
    assert sign in text
    assert text.count("Penicillamine in two patients") == 1


def test_records_of_a_stage_or_format_that_does_not_exist(review_command, made):
    assert "there is no stage 'read'; stages: all, screened" in review_command("records", "--stage", "read").err
    assert review_command("records", "--format", "word").code == 2


def test_groups_of_a_review(review_command, made):
    called = review_command("dedup", "--json")
    assert called.code == 0
    assert {key: called.json[key] for key in ("records", "clusters", "duplicates", "doubtful")} == {
        "records": 4, "clusters": 3, "duplicates": 1, "doubtful": [],
    }  # fmt: skip


def test_a_ruling_is_kept_and_stands(review_command, made):
    called = review_command("dedup", "--same", BAKER, CLARK, "--why", "a test", "--by", "ann", "--json")
    assert called.json["clusters"] == 2
    rulings = made.root / "queries" / "duplicates.csv"
    before = rulings.read_bytes()
    review_command("dedup", "--different", BAKER, CLARK, "--by", "ann", "--json")
    assert rulings.read_bytes().startswith(before)
    rows = list(csv.DictReader(io.StringIO(rulings.read_text())))
    assert [(row["left"], row["right"], row["ruling"], row["by"]) for row in rows] == [
        (BAKER, CLARK, "same", "ann"), (BAKER, CLARK, "different", "ann"),
    ]  # fmt: skip


def test_a_ruling_on_a_record_that_no_run_holds_writes_nothing(review_command, made):
    called = review_command("dedup", "--same", BAKER, "pubmed:1")
    assert called.code == 2
    assert "no run holds pubmed:1; ids are printed by `review records`" in called.err
    assert not (made.root / "queries" / "duplicates.csv").exists()


def test_bare_files_are_grouped_without_a_review(review_command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.ris").write_text(RIS)
    called = review_command("dedup", "a.ris", "--output", "clusters.csv", "--json")
    assert (called.code, called.json["records"], called.json["clusters"], called.json["duplicates"]) == (0, 4, 3, 1)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "clusters.csv").read_text())))
    assert list(rows[0]) == ["file", "row", "cluster", "kept"]
    assert [row["row"] for row in rows] == ["1", "2", "3", "4"]
    assert sum(row["kept"] == "1" for row in rows) == 3
    assert rows[0]["cluster"] == rows[1]["cluster"]


def test_the_flow_as_json(review_command, made):
    called = review_command("prisma", "--json")
    assert called.code == 0
    assert {"template", "boxes", "findings"} <= set(called.json)
    box = called.json["boxes"]["records_screened"]
    assert (box["n"], box["unit"], sorted(box["ids"])) == (3, "records", [ADAMS, BAKER, CLARK])


def test_the_records_behind_a_box(review_command, made):
    called = review_command("prisma", "--explain", "records_excluded")
    assert called.out.startswith(f"{CLARK}  Clark 2014.")
    assert called.err == "records_excluded: 1 records\n"
    wrong = review_command("prisma", "--explain", "nothing")
    assert (wrong.code, wrong.out) == (2, "")
    assert "there is no box 'nothing'; boxes: database_results" in wrong.err


def test_planned_analyses_as_a_table_and_as_json(review_command, made):
    called = review_command("pool", "A")
    assert called.code == 0
    assert "All together" in called.out
    assert "2/3" in called.out
    analysis = review_command("pool", "--json").json["analyses"]["A"]
    assert (analysis["together"]["events"], analysis["together"]["total"], analysis["refused"]) == (2, 3, False)
    assert [row["study"] for row in analysis["studies"]] == ["adams-2010", "baker-2012"]
    assert analysis["together"]["ci"]["clopper-pearson"] == pytest.approx([0.0943, 0.9916], abs=1e-4)


def test_a_refused_sum_ends_with_1(review_command, made):
    made.change(
        "extraction/studies/baker-2012.yaml", "counts:\n", "overlap: {may_include: adams-2010, why: w}\ncounts:\n"
    )
    called = review_command("pool", "A", "--json")
    assert called.code == 1
    analysis = called.json["analyses"]["A"]
    assert (analysis["refused"], analysis["together"]) == (True, None)
    assert [finding["code"] for finding in called.json["findings"]] == ["POOL-001"]
    assert "POOL-001 error: the analysis A is refused: baker-2012 may include the patients of adams-2010" in called.err


@pytest.mark.parametrize(
    ("words", "told"),
    [(["B"], "there is no analysis B; planned are A"), (["--outcome", "death"], "there is no outcome 'death'")],
)
def test_an_analysis_that_is_not_planned(review_command, made, words, told):
    called = review_command("pool", *words)
    assert called.code == 2
    assert told in called.err


def test_all_four_sheets_of_the_example_are_refused(review_command, repository):
    called = review_command("pool", "--outcome", "clinical_response", "--project", repository)
    assert called.code == 1
    assert "0/1" in called.out
    assert "All together" not in called.out
    assert (
        "narvaez-2019-published may include the patients of daoussis-2012, so they may be counted twice" in called.err
    )


def test_a_number_is_walked_back_to_its_runs(review_command, made):
    called = review_command("trace", "pool.A.together")
    assert called.code == 0
    for part in (
        "2/3",
        "extraction/studies/adams-2010.yaml",
        "extraction/studies/baker-2012.yaml",
        "2026-01-01T080000Z-library",
    ):
        assert part in called.out
    assert review_command("trace", "pool.A.nothing").code == 2


def test_counts_are_looked_at_again(review_command, tmp_path):
    table = tmp_path / "counts.csv"
    table.write_text("study,events,total,year\na,4,8,2019\nb,5,11,2012\nc,1,9,2016\n", encoding="utf-8")
    called = review_command("pool", table, "--sensitivity", "--order", "year")
    assert called.code == 0
    assert "Without each study in turn:" in called.out
    assert "Added one after the other, by year:" in called.out
    assert "HN1_N0_1.5" in called.out
    document = review_command("pool", table, "--sensitivity", "--json").json
    assert [item["study"] for item in document["sensitivity"]["without"]] == ["a", "b", "c"]


def test_a_planned_analysis_is_looked_at_again(review_command, repository):
    called = review_command("pool", "B", "--sensitivity", "--order", "year", "--project", repository)
    assert "Daoussis 2012" in called.out.partition("B, sensitivity")[2]
    document = review_command("pool", "B", "--sensitivity", "--json", "--project", repository).json
    assert document["analyses"]["B"]["model"]["k"] == 3
    assert document["sensitivity"]["B"]["without"][0]["study"] == "Narváez 2019, own series"


def test_patients_of_an_analysis_by_a_case_field(review_command, made):
    sheet = made.root / "extraction" / "studies" / "adams-2010.yaml"
    sheet.write_text(
        sheet.read_text("utf-8").replace("sex: not reported", "sex: {value: male, source: paper}"), "utf-8"
    )
    called = review_command("pool", "A", "--by", "sex")
    told = called.out.partition("A, patients known one by one, by sex\n")[2]
    assert [line.split()[:2] for line in told.splitlines()[:2]] == [["female", "1/1"], ["male", "0/1"]]
    assert "Fisher's exact test: P = 1.000" in told
    document = review_command("pool", "A", "--by", "sex", "--json").json["patients"]["A"]
    assert [row["cases"] for row in document["rows"]] == [["adams-2010-1"], ["adams-2010-2"]]
    called = review_command("pool", "--by", "nothing")
    assert called.code == 2
    assert "there is no case field 'nothing'; fields with choices are sex" in called.err
