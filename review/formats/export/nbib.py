"""Records to NBIB, in the order and with the wrapping of PubMed."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from collections.abc import Iterator

from review.formats.draft import extra_of
from review.formats.nbib import RELATIONS
from review.model import Author
from review.model import Record

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TAGS = {kind: tag for tag, kind in RELATIONS.items()}
_SHARED = {
    "publisher": "PB",
    "place": "CP",
    "edition": "EN",
    "series": "CTI",
    "note": "GN",
    "editor": "FED",
    "date-text": "DP",
    "serial-text": "IS",
}
#: What PubMed prints for an entry type that no publication type of the record says.
_KINDS = {
    "review": "Review", "letter": "Letter", "editorial": "Editorial", "news": "News", "erratum": "Published Erratum", "preprint": "Preprint",
    "abstract": "Meeting Abstract", "dataset": "Dataset", "thesis": "Academic Dissertation", "book": "Book", "chapter": "Book Chapter",
}  # fmt: skip


def write_date(date: str) -> str:
    """Return `2019-03-11` as `2019 Mar 11`."""
    year, _, rest = date.partition("-")
    month, _, day = rest.partition("-")
    return " ".join(
        part for part in (year, _MONTHS[int(month) - 1] if month else "", str(int(day)) if day else "") if part
    )


def _write_author(author: Author) -> list[tuple[str, str]]:
    if author.is_collective:
        rows = [("CN", author.family)]
    else:
        rows = [("FAU", str(author)), ("AU", f"{author.family} {author.initials}".strip())]
    if author.orcid:
        rows.append(("AUID", f"ORCID: {author.orcid}"))
    return [*rows, *(("AD", text) for text in author.affiliations)]


def write_fields(record: Record) -> list[tuple[str, str]]:
    """Return a record's tags and values in the order they are written."""
    from review.formats.nbib import find_entry_type

    own = extra_of(record.extra, "nbib")
    rows: list[tuple[str, str]] = [("PMID", record.pmid)] if record.pmid else []
    rows += [("OWN", text) for text in own.get("OWN", () if record.pmid else ("NOTNLM",))]
    rows += [("STAT", record.status)]
    rows += [("IS", text) for text in record.issn]
    rows += [("ISBN", text) for text in record.isbn]
    rows += [("VI", record.volume), ("IP", record.issue)]
    rows += [("DP", write_date(record.published or (str(record.year) if record.year else "")))]
    rows += [("TI", record.title), ("PG", record.pages)]
    rows += [("LID", f"{text} [doi]") for text in ((record.doi,) if record.doi else record.extra.get("doi-text", ()))]
    rows += [("AB", record.abstract)]
    rows += [("OAB", text) for text in record.other_abstracts]
    rows += [("AD", text) for text in record.extra.get("affiliation", ())]
    for author in record.authors:
        rows += _write_author(author)
    rows += [("LA", text) for text in record.languages]
    rows += [("PT", text) for text in record.publication_types]
    if find_entry_type(list(record.publication_types)) != record.entry_type and record.entry_type in _KINDS:
        rows.append(("PT", _KINDS[record.entry_type]))
    rows += [("DEP", record.epub_date.replace("-", "")), ("TA", record.journal_abbreviation), ("JT", record.journal)]
    rows += [("TT", record.vernacular_title)]
    rows += [("MH", text) for text in record.mesh] + [("OT", text) for text in record.keywords]
    rows += [("PMC", record.pmcid)]
    for relation in record.relations:
        if relation.kind in _TAGS:
            parts = (
                relation.text,
                f"doi: {relation.doi}" if relation.doi else "",
                f"PMID: {relation.pmid}" if relation.pmid else "",
            )
            rows.append((_TAGS[relation.kind], " ".join(part for part in parts if part)))
    rows += [(tag, text) for key, tag in _SHARED.items() for text in record.extra.get(key, ())]
    rows += [
        (tag, text)
        for tag, texts in own.items()
        if tag != "OWN" and re.fullmatch(r"[A-Z][A-Z0-9]{1,3}", tag)
        for text in texts
    ]
    written = [(tag, text) for tag, text in rows if text]
    return written if any(tag != "OWN" for tag, _ in written) else [*written, ("GN", str(record.id))]


def render_nbib(records: Iterable[Record]) -> Iterator[str]:
    """Write NBIB."""
    for record in records:
        lines = []
        for tag, text in write_fields(record):
            wrapped = textwrap.wrap(text, 84, break_long_words=False, break_on_hyphens=False) or [""]
            lines.append(f"{tag:<4}- {wrapped[0]}")
            lines += [f"      {line}" for line in wrapped[1:]]
        yield "\n".join(lines) + "\n\n"
