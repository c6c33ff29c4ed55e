"""The worked example: rituximab for calcinosis in systemic sclerosis, from records to published numbers.

Where the data beside the repository is absent, the numbers are held to those written here and to SciPy's intervals.
"""

from __future__ import annotations

import dataclasses
import importlib.metadata
import json
import re

import pytest
from rocrate.rocrate import ROCrate
from scipy import stats

from review.build import refuse_unfinished
from review.manifest import MANIFEST
from review.manifest import compare_outputs
from review.model import StudyId
from review.reporting.crate import CRATE
from review.results import pool_analyses

SERIES, PUBLISHED, DAOUSSIS, POORMOGHIM = (
    "narvaez-2019", "narvaez-2019-published", "daoussis-2012", "poormoghim-2016",
)  # fmt: skip


@pytest.fixture(scope="module")
def boxes(built_example):
    return {box.key: box for box in built_example.results.boxes}


@pytest.fixture(scope="module")
def values(built_example):
    return {value.key: value for value in built_example.results.values}


def test_no_finding_is_at_error_level(built_example):
    assert [str(finding) for finding in built_example.results.findings if finding.level == "error"] == []
    assert not built_example.results.is_draft
    refuse_unfinished(built_example.results)


def test_the_flow_from_records_to_patients(boxes, example):
    counts = {key: (box.n, box.unit) for key, box in boxes.items()}
    assert boxes["database_results"].n + boxes["register_results"].n == len(example.entries) == 162
    assert boxes["records_screened"].n == len(example.grouping.groups) == 122
    assert counts["duplicates"] == (40, "records")
    assert counts["records_excluded"] == (117, "records")
    assert counts["dbr_sought_reports"] == (5, "reports")
    assert counts["dbr_notretrieved_reports"] == (0, "reports")
    assert counts["dbr_excluded"] == (1, "reports")
    assert counts["new_reports"] == (4, "reports")
    assert counts["new_studies"] == (3, "studies")
    assert counts["new_cases"] == (10, "cases")
    assert all(box.n == len(set(box.ids)) for box in boxes.values())


def test_the_abstract_of_the_series_is_a_companion_of_its_paper(example):
    roles = [(report.record, report.role) for report in example.studies[StudyId(SERIES)].reports]
    assert roles == [("pubmed:30639647", "main"), ("conference-abstracts:NARVAEZ2018_ACR1724", "companion")]
    assert set(example.progress.included) == {
        "pubmed:30639647", "conference-abstracts:NARVAEZ2018_ACR1724", "pubmed:22221908", "pubmed:26667314",
    }  # fmt: skip


#: Key, events, total, and the text of the lead interval (Clopper-Pearson).
PROPORTIONS = [
    (f"A.{SERIES}", 4, 8, "4/8 (50.0%; 95% CI 15.7 to 84.3)"),
    (f"A.{PUBLISHED}", 5, 11, "5/11 (45.5%; 95% CI 16.7 to 76.6)"),
    ("A.together", 9, 19, "9/19 (47.4%; 95% CI 24.4 to 71.1)"),
    (f"B.{SERIES}", 4, 8, "4/8 (50.0%; 95% CI 15.7 to 84.3)"),
    (f"B.{DAOUSSIS}", 1, 1, "1/1 (100.0%; 95% CI 2.5 to 100.0)"),
    (f"B.{POORMOGHIM}", 0, 1, "0/1 (0.0%; 95% CI 0.0 to 97.5)"),
    ("B.together", 5, 10, "5/10 (50.0%; 95% CI 18.7 to 81.3)"),
    (f"C.{SERIES}", 2, 8, "2/8 (25.0%; 95% CI 3.2 to 65.1)"),
    (f"D.{SERIES}", 1, 8, "1/8 (12.5%; 95% CI 0.3 to 52.7)"),
]


@pytest.mark.parametrize(("key", "events", "total", "text"), PROPORTIONS, ids=[row[0] for row in PROPORTIONS])
def test_the_proportions_with_their_intervals(values, key, events, total, text):
    exact, wilson = values[f"pool.{key}"], values[f"pool.{key}.wilson"]
    assert (exact.events, exact.total, exact.text) == (events, total, text)
    for value, method in ((exact, "exact"), (wilson, "wilson")):
        expected = stats.binomtest(events, total).proportion_ci(0.95, method)
        assert (value.ci_low, value.ci_high) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_the_sum_by_wilson(values):
    assert values["pool.A.together.wilson"].text == "9/19 (47.4%; 95% CI 27.3 to 68.3)"


def test_only_what_is_planned_has_a_number(values):
    expected = {f"pool.{key}{tail}" for key, *_ in PROPORTIONS for tail in ("", ".wilson")}
    expected |= {
        f"pool.{key}.{part}" for key in "AB" for part in ("model", "multiverse", "multiverse.low", "multiverse.high")
    }
    # From three studies on: how much they differ, and the sum with each left out in turn.
    left_out = {f"without.{study}" for study in (SERIES, DAOUSSIS, POORMOGHIM)}
    expected |= {f"pool.B.{part}" for part in ("tau2", "i2", "q", *left_out)}
    assert {key for key in values if key.startswith("pool.")} == expected


def test_the_intervals_equal_the_reference(shared, values):
    rows = json.loads((shared / "example" / "cases.json").read_text("utf-8"))["pooled"]["reference_intervals_computed"][
        "rows"
    ]
    by_counts = {
        (value.events, value.total, value.method): value
        for value in values.values()
        if value.method in ("clopper-pearson", "wilson")
    }
    assert len(rows) == 5
    for row in rows:
        for name, method in (("clopper_pearson", "clopper-pearson"), ("wilson", "wilson")):
            value = by_counts[row["events"], row["n"], method]
            assert [round(value.ci_low, 4), round(value.ci_high, 4)] == row[name]


def test_the_table_says_what_the_sum_mixes(built_example):
    table = built_example.files["tables/pooled-A.md"].decode()
    assert "9/19" in table
    assert "The two parts define response differently" in table
    assert [str(finding.code) for finding in built_example.results.findings if finding.code.startswith("POOL")] == [
        "POOL-004"
    ]


def test_pooling_all_four_sheets_is_refused_with_the_overlap_named(example):
    plan = dataclasses.replace(
        example.protocol.analyses[0], studies=tuple(StudyId(name) for name in (SERIES, PUBLISHED, DAOUSSIS, POORMOGHIM))
    )
    (result,) = pool_analyses(example, [plan])
    assert (result.is_refused, result.together) == (True, ())
    assert [(row.tally.events, row.tally.total) for row in result.rows] == [(4, 8), (5, 11), (1, 1), (0, 1)]
    refused = [finding for finding in result.findings if finding.code == "POOL-001"]
    assert [finding.ids for finding in refused] == [(PUBLISHED, DAOUSSIS), (PUBLISHED, POORMOGHIM)]
    for finding, study in zip(refused, (DAOUSSIS, POORMOGHIM), strict=True):
        assert finding.origin.path == f"extraction/studies/{PUBLISHED}.yaml"
        assert f"{PUBLISHED} may include the patients of {study}, so they may be counted twice" in finding.message


def test_what_the_series_reports_of_its_patients(built_example):
    table = built_example.files["tables/characteristics.csv"].decode()
    for words in (
        "limited 4/8",
        "diffuse 4/8",
        "mean 3.12, SD 2.1, range 1 to 7 as reported",
        "median 9, IQR 7.5 to 36 as reported",
        "median 19, IQR 15 to 45 as reported",
    ):
        assert words in table


def test_the_earlier_search_is_documented_with_its_reported_counts(values):
    assert values["search.medline-2012.hits"].text == "392"
    assert values["search.medline-2012.screened"].text == "182"


def test_the_strategy_knows_what_it_must_find(example):
    (strategy,) = [strategy for strategy in example.strategies if strategy.source == "pubmed"]
    assert set(strategy.known_items) == {"pubmed:22221908", "pubmed:26667314", "pubmed:30639647"}


def test_every_run_says_what_it_is(example):
    assert len(example.runs) >= 2
    for loaded in example.runs:
        assert "Compiled by hand from public pages; not the answer of a database." in loaded.run.note
        assert all(not record.abstract for record in loaded.records)


def list_gold_names(shared):
    """The names of the records in the order of each source's file."""
    names = {"pubmed-pages": [], "publisher-pages": [], "conference-abstracts": [], "trial-registers": []}
    for row in json.loads((shared / "example" / "records.json").read_text("utf-8")):
        origin = row["read_from"]
        if origin.startswith("trial"):
            source = "trial-registers"
        elif origin.startswith("conference"):
            source = "conference-abstracts"
        elif origin.startswith("PubMed") and row["pmid"]:
            source = "pubmed-pages"
        else:
            source = "publisher-pages"
        names[source].append(row)
    return names


@pytest.fixture
def group_of_name(shared, example):
    """The report of each record of the shared list, which is told by its place in its source's file."""
    groups = {}
    listed = list_gold_names(shared)
    for loaded in example.runs:
        for row, record in zip(listed[loaded.run.source], loaded.records, strict=True):
            assert record.doi == (row["doi"] or "").lower()
            assert row["year"] in (None, record.year)
            groups[row["id"]] = example.report_of[record.id]
    return groups


def test_groups_equal_the_gold(shared, group_of_name):
    gold = json.loads((shared / "example" / "gold.json").read_text("utf-8"))
    wanted, found = {}, {}
    for row in gold:
        wanted.setdefault(row["dup_group"] or row["id"], set()).add(row["id"])
        found.setdefault(group_of_name[row["id"]], set()).add(row["id"])
    assert {frozenset(names) for names in found.values()} == {frozenset(names) for names in wanted.values()}


def test_what_is_included_equals_the_gold(shared, example, group_of_name):
    gold = json.loads((shared / "example" / "gold.json").read_text("utf-8"))
    wanted = {group_of_name[row["id"]] for row in gold if row["role"] in ("included", "companion")}
    assert set(example.progress.included) == wanted


def test_every_kind_of_output_is_built(built_example):
    paths = set(built_example.files)
    for stem in ("prisma/flow", *(f"figures/forest-{name}" for name in "ABCD")):
        assert {f"{stem}.svg", f"{stem}.pdf", f"{stem}.png"} <= paths
    for name in "ABCD":
        assert {f"tables/pooled-{name}.{form}" for form in ("csv", "md", "html", "tex")} <= paths
    assert {
        "prisma/prisma.json",
        "prisma/prisma.csv",
        "values.json",
        "findings.json",
        "report.html",
        "report.docx",
    } <= paths
    assert {"tables.docx", "tables.xlsx", CRATE, MANIFEST} <= paths
    signs = {"svg": b"<?xml", "pdf": b"%PDF-", "png": b"\x89PNG", "docx": b"PK", "xlsx": b"PK"}
    for path, data in built_example.files.items():
        assert data.startswith(signs.get(path.rpartition(".")[2], b"")), path


def test_the_crate_describes_every_file(built_example, tmp_path):
    for path, data in built_example.files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    crate = ROCrate(tmp_path)
    assert {entity.id for entity in crate.data_entities} == set(built_example.files) - {CRATE}
    assert all(entity["name"] != entity.id for entity in crate.data_entities)
    assert all("encodingFormat" in entity.properties() for entity in crate.data_entities)
    assert crate.root_dataset["datePublished"] == "2026-11-24"


def test_every_number_of_the_report_leads_somewhere(built_example):
    page = built_example.files["report.html"].decode()
    ids = set(re.findall(r' id="([^"]+)"', page))
    values = json.loads(built_example.files["values.json"])
    assert {f"value-{key}" for key in values} <= ids
    assert set(re.findall(r'href="#([^"]+)"', page)) <= ids


def test_the_manifest_tells_what_was_made_from_what(built_example, repository):
    from review.files import hash_bytes
    from review.files import hash_file

    manifest = json.loads(built_example.files[MANIFEST])
    assert manifest["outputs"] == {
        path: hash_bytes(data) for path, data in built_example.files.items() if path != MANIFEST
    }
    assert {"protocol.yaml", "queries/duplicates.csv", f"extraction/studies/{SERIES}.yaml"} <= set(manifest["inputs"])
    assert all(digest == hash_file(repository / path) for path, digest in manifest["inputs"].items())


def test_the_report_holds_the_numbers(built_example):
    html = built_example.files["report.html"].decode()
    assert "Rituximab for calcinosis in systemic sclerosis" in html
    assert "9/19" in html
    assert "Draft" not in html


def test_the_committed_outputs_are_what_a_build_writes_now(built_example, repository, example):
    versions = json.loads((repository / "output" / MANIFEST).read_text("utf-8"))["versions"]
    other = {
        name: version
        for name, version in versions.items()
        if name != "review" and version != importlib.metadata.version(name)
    }
    if other:
        pytest.skip(f"the outputs were built with other versions, which draw other bytes: {other}")
    assert compare_outputs(example.layout, built_example.files) == []
