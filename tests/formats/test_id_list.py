from __future__ import annotations

from tests.formats.samples import parse


def test_lists_of_identifiers() -> None:
    parsed = parse(
        "# from the protocol\nPMID\n30000001\n30000002, 30000003\nhttps://doi.org/10.1000/X.1\ndoi: 10.1000/x.2\nPMC9359172\nNCT01234567\n"
    )
    assert parsed.format == "ids"
    assert [record.id for record in parsed.records] == [
        "pubmed:30000001",
        "pubmed:30000002",
        "pubmed:30000003",
        "doi:10.1000/x.1",
        "doi:10.1000/x.2",
        "pmc:PMC9359172",
        "register:NCT01234567",
    ]


def test_what_is_no_identifier_is_refused_with_its_line() -> None:
    parsed = parse("30000001\nhello\n", "ids")
    assert (parsed.read, parsed.kept, parsed.refused[0].line) == (2, 1, 2)
