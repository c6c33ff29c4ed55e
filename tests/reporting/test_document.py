"""The report as data."""

from __future__ import annotations

from review.reporting.document import Checklist
from review.reporting.document import ChecklistGroup
from review.reporting.document import ChecklistRow
from review.reporting.document import Code
from review.reporting.document import Document
from review.reporting.document import Emphasis
from review.reporting.document import Figure
from review.reporting.document import Link
from review.reporting.document import Node
from review.reporting.document import Number
from review.reporting.document import Outline
from review.reporting.document import Section
from review.reporting.document import Strong
from review.reporting.document import join_runs
from review.reporting.document import list_keys
from review.reporting.document import list_sections
from review.reporting.document import make_anchor
from review.reporting.document import name_value
from review.reporting.document import read_runs
from review.reporting.document import write_paragraph
from review.reporting.table import Column
from review.reporting.table import Table

TABLE = Table("studies", "", (Column("a", "A"),), ())
FIGURE = Figure("flow", "", "", b"<svg/>", b"", 9.0)
CHECKLIST = Checklist("prisma-2020", "", (ChecklistGroup("", (ChecklistRow("1", "Title", "answered"),)),))


def test_sections_are_read_in_order_with_their_depth():
    inner = Section("b", "B", (write_paragraph("x"),), (Section("c", "C"),))
    document = Document("T", sections=(Section("a", "A", (), (inner,)), Section("d", "D")))
    assert [(section.key, depth) for section, depth in list_sections(document)] == [
        ("a", 1),
        ("b", 2),
        ("c", 3),
        ("d", 1),
    ]


def test_every_key_that_can_be_linked_to_is_listed():
    outline = Outline((Node(("x",), (Node(("y",), key="inner"),), key="outer"), Node(("z",))))
    document = Document("T", sections=(Section("a", "A", (TABLE, FIGURE, CHECKLIST, outline)),))
    assert list_keys(document) == ["a", "table-studies", "flow", "prisma-2020", "outer", "inner"]


def test_a_section_without_anything_to_read_is_empty():
    assert Section("a", "A").is_empty
    assert Section("a", "A", (), (Section("b", "B"),)).is_empty
    assert not Section("a", "A", (), (Section("b", "B", (TABLE,)),)).is_empty


def test_words_of_running_text():
    runs = (
        "Of ",
        Number("prisma.new_cases", "10"),
        " patients, ",
        Strong("nine"),
        Emphasis(" or "),
        Code("x"),
        Link("y", "#a"),
    )
    assert read_runs(runs) == "Of 10 patients, nine or xy"


def test_pieces_are_joined_as_a_sentence_lists_them():
    assert join_runs([]) == ()
    assert join_runs(["a"]) == ("a",)
    assert join_runs([Code("a"), ("b", "c"), "d"]) == (Code("a"), ", ", "b", "c", " and ", "d")
    assert join_runs(["a", "b"], "; ", "; ") == ("a", "; ", "b")


def test_anchors_need_no_escape_and_are_never_shared():
    assert make_anchor(name_value("prisma.records_screened")) == "value-prisma.records_screened"
    assert make_anchor('a b"é') == "a~20~b~22~~e9~"
    assert make_anchor("a~20~b") != make_anchor("a b")
