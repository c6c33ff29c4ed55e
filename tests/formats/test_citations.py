from __future__ import annotations

import pytest

from review.formats.citations import read_citation
from tests.formats.samples import codes
from tests.formats.samples import parse

AMA = (
    "Alvarez FJ, Pirola JP, Núñez J, et al. Effectiveness and Safety of Rituximab: A Case Series [abstract]. Arthritis Rheumatol. 2018; 70 "
    "(suppl 9). https://acrabstracts.org/abstract/effectiveness-and-safety/. Accessed ."
)
VANCOUVER = "Brown J, Doe AB. Calcinosis in sclerosis. What helps? Ann. Rheum. Dis. 2019 Mar;78(3):370-9. doi:10.1000/x.1. PMID: 30000001"
APA = "Brown, J., & Doe, A. B. (2019). Calcinosis in sclerosis. Annals of Things, 78(3), 370–379. https://doi.org/10.1000/x.1"


def test_ama_abstract() -> None:
    draft = read_citation(AMA)
    assert draft is not None
    assert [str(author) for author in draft.authors] == ["Alvarez, FJ", "Pirola, JP", "Núñez, J"]
    assert (draft.title, draft.journal) == (
        "Effectiveness and Safety of Rituximab: A Case Series",
        "Arthritis Rheumatol",
    )
    assert (draft.year, draft.volume, draft.issue, draft.entry_type) == ("2018", "70", "suppl 9", "abstract")
    assert draft.url == "https://acrabstracts.org/abstract/effectiveness-and-safety/"


@pytest.mark.parametrize("text", [VANCOUVER, APA, f"12. {VANCOUVER}", f"[3] {APA}"])
def test_styles_agree(text: str) -> None:
    parsed = parse(text + "\n")
    assert (parsed.format, parsed.kept) == ("citations", 1)
    record = parsed.records[0]
    assert [author.family for author in record.authors] == ["Brown", "Doe"]
    assert record.title.startswith("Calcinosis in sclerosis")
    assert (record.year, record.volume, record.issue, record.doi) == (2019, "78", "3", "10.1000/x.1")


def test_title_with_two_sentences_and_dotted_journal() -> None:
    draft = read_citation(VANCOUVER)
    assert draft is not None
    assert (draft.title, draft.journal, draft.pages) == (
        "Calcinosis in sclerosis. What helps?",
        "Ann. Rheum. Dis",
        "370-9",
    )


def test_wrapped_list_with_numbers() -> None:
    parsed = parse(f"1. {VANCOUVER[:60]}\n{VANCOUVER[60:]}\n2. {APA}\n\nNo citation at all\n", "citations")
    assert (parsed.read, parsed.kept) == (3, 2)
    assert [record.origin.line for record in parsed.records if record.origin] == [1, 3]
    assert parsed.refused[0].line == 5


def test_what_cannot_be_told_apart_is_kept_and_said() -> None:
    parsed = parse("something doi:10.1000/x.1\n", "citations")
    assert parsed.records[0].doi == "10.1000/x.1"
    assert codes(parsed) == ["RECORD-008"]


def test_the_abstract_page_of_the_meeting(shared) -> None:  # type: ignore[no-untyped-def]
    page = (shared / "mission" / "000_04fe7e83043a3c67.txt").read_text()
    line = next(line for line in page.splitlines() if line.endswith("Accessed ."))
    record = parse(line).records[0]
    assert record.title == (
        "Effectiveness and Safety of Rituximab for the Treatment of Refractory Systemic Sclerosis Associated Calcinosis: A Case Series"
    )
    assert (len(record.authors), record.year, record.journal, record.volume, record.issue) == (
        6,
        2018,
        "Arthritis Rheumatol",
        "70",
        "suppl 9",
    )
    assert (record.entry_type, record.url[:24]) == ("abstract", "https://acrabstracts.org")
