"""Tables (CSV, TSV, semicolons) of databases and tools.

Scopus, Embase, IEEE, Springer, PubMed, Web of Science, Cochrane, Zotero,
Rayyan, Covidence, ASReview, and any other with column names that are known.

Cells stay text: no number or date is guessed, so that `1-2` stays a page range. Rows keep their line; a row with an unclosed quote or with
too many cells is kept, with a finding, and does not swallow the rows after it.
"""

from __future__ import annotations

import ast
import csv
import json
import re
from collections import deque
from collections.abc import Iterator
from collections.abc import Mapping
from typing import NamedTuple

from review.errors import FormatError
from review.errors import LimitError
from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.formats.columns import find_role
from review.formats.columns import is_header
from review.formats.columns import normal_column
from review.formats.draft import Draft
from review.formats.draft import is_missing
from review.formats.draft import join_pages
from review.formats.people import parse_name
from review.formats.people import parse_names
from review.formats.record_json import read_fields
from review.formats.result import Refusal
from review.formats.text import MAX_ENTRY
from review.formats.text import MAX_LINE
from review.formats.text import Lines
from review.model import Author

_MAX_ROW_LINES = 20_000
_EMBASE_SOURCE = re.compile(
    r"^(?P<journal>.+?) \((?P<year>\d{4})\)(?: (?P<volume>[^\s:(]+))?(?::(?P<issue>[^\s(]+))?(?: \((?P<pages>[^)]*)\))?"
)
_DATABASE_NAMES = frozenset(
    ("scopus", "web of science", "pubmed", "medline", "embase", "cochrane", "central", "psycinfo", "cinahl")
)
_PUBMED_CITATION = re.compile(
    r"^(?P<journal>[^.]+)\. (?P<date>\d{4}[^;:.]*)(?:;(?P<volume>[^(:;.]*)(?:\((?P<issue>[^)]*)\))?(?::(?P<pages>[^.;]+))?)?"
)

ENTRY_TYPES = (
    (("conference review",), "book"), (("conference abstract", "meeting abstract", "conference paper", "proceedings paper", "abst"), "abstract"),
    (("erratum", "correction", "corrigendum"), "erratum"), (("letter",), "letter"), (("editorial",), "editorial"),
    (("thesis", "dissertation"), "thesis"), (("preprint", "posted content", "posted-content"), "preprint"), (("dataset", "data set"), "dataset"),
    (("chapter", "booksection", "incollection", "inbook"), "chapter"), (("inproceedings", "conferencepaper", "conf", "cpaper"), "abstract"),
    (("book", "monograph"), "book"), (("trial registry", "clinical trial register"), "register"), (("news", "magazine"), "news"),
    (("review",), "review"), (("article", "journal", "jour", "j"), "article"),
)  # fmt: skip


_NOTED_ID = re.compile(r"\s*(?:PMID|PMCID|PubMed ID|DOI)\s*:?\s*\S+\s*", re.IGNORECASE)


class Row(NamedTuple):
    """One row of the table: its cells, the line it begins at, and whether its quotes had to be mended."""

    cells: list[str]
    line: int
    is_mended: bool = False


class _Feed:
    """Lines for the csv module, which asks for more of them while a quoted cell is open; they can be given back."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._source = iter(lines)
        self._waiting: deque[tuple[str, int]] = deque()
        self.taken: list[tuple[str, int]] = []
        self.is_exhausted = False
        self._size = 0

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if self._waiting:
            text, line = self._waiting.popleft()
        else:
            try:
                text = next(self._source)
            except StopIteration:
                self.is_exhausted = True
                raise
            line = self._lines.number
        self.taken.append((text, line))
        self._size += len(text) + 1
        if self._size > MAX_ENTRY:
            raise LimitError(self._lines.path, f"a row is longer than {MAX_ENTRY:,} characters", line=self.taken[0][1])
        if len(self.taken) > _MAX_ROW_LINES:
            self.is_exhausted = True
            raise StopIteration
        return f"{text}\n"

    def begin(self) -> None:
        """Forget the lines of the row before."""
        self.taken, self._size, self.is_exhausted = [], 0, False

    def give_back(self, rows: list[tuple[str, int]]) -> None:
        """Hand these lines out again."""
        self._waiting.extendleft(reversed(rows))


def read_rows(lines: Lines, delimiter: str) -> Iterator[Row]:
    """Read a table's rows; a quote that never closes ends with its line instead of swallowing the table."""
    csv.field_size_limit(max(csv.field_size_limit(), MAX_LINE + 1))
    feed = _Feed(lines)
    width = 0
    while True:
        feed.begin()
        try:
            cells = next(csv.reader(feed, delimiter=delimiter, skipinitialspace=delimiter != "\t"))
        except StopIteration:
            return
        except csv.Error as error:
            where = feed.taken[0][1] if feed.taken else lines.number
            raise FormatError(lines.path, f"the row cannot be read: {error}", line=where) from error
        taken = feed.taken
        is_open = feed.is_exhausted and len(taken) > 1 and _is_open(taken, delimiter)
        width = width or len(cells)
        if len(taken) > 1 and (is_open or len(cells) != width):
            apart = [_read_alone(text, delimiter) for text, _ in taken[:50]]
            if is_open or all(len(row) == width for row in apart):
                feed.give_back(taken[1:])
                yield Row(apart[0], taken[0][1], is_mended=True)
                continue
        if any(cell.strip() for cell in cells) or len(cells) > 1:
            yield Row(cells, taken[0][1])


def _is_open(taken: list[tuple[str, int]], delimiter: str) -> bool:
    """Whether a quoted cell is still open where these lines end."""
    reader = csv.reader((f"{text}\n" for text, _ in taken), delimiter=delimiter, skipinitialspace=True, strict=True)
    try:
        for _ in reader:
            pass
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _read_alone(text: str, delimiter: str) -> list[str]:
    return next(csv.reader([text], delimiter=delimiter, skipinitialspace=True), [])


def find_delimiter(header: str) -> str:
    """Return the delimiter of a header line: the one that gives the most columns that are known."""
    counts = {mark: len(_read_alone(header, mark)) for mark in (",", ";", "\t", "|")}
    known = {mark: sum(bool(find_role(name)[0]) for name in _read_alone(header, mark)) for mark in counts}
    return max(counts, key=lambda mark: (known[mark], counts[mark]))


def find_header(text: str) -> tuple[int, str] | None:
    """Return the line (from 0) and delimiter of a table's header within a file's beginning; None if there is none."""
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text)[:12]):
        delimiter = find_delimiter(line)
        names = _read_alone(line, delimiter)
        if is_header(names) and (len(names) > 1 or (number == 0 and normal_column(line) in {"title", "doi", "pmid"})):
            return number, delimiter
    return None


def parse_table(lines: Lines, header: tuple[int, str] = (0, ",")) -> Iterator[Draft | Refusal | Finding]:
    """Read a table.

    Args:
        lines: The file.
        header: The line of the column names, from 0, and the delimiter, as `find_header` tells them.
    """
    skip, delimiter = header
    rows = read_rows(lines, delimiter)
    names: list[str] = []
    for row in rows:
        if row.line > skip:
            names = [name.strip() for name in row.cells]
            break
    unknown = [name for name in names if name and not find_role(name)[0]]
    if unknown:
        yield find(
            "RECORD-011",
            f"{len(unknown)} columns have no field of a record and are kept as they are: {', '.join(unknown[:12])}",
            Origin(lines.path, skip + 1),
            found=len(unknown),
        )
    wide: list[int] = []
    for row in rows:
        if row.is_mended:
            yield find("RECORD-008", "a quote is not closed; the row ends with its line", Origin(lines.path, row.line))
        if len(row.cells) > len(names) and any(cell.strip() for cell in row.cells[len(names) :]):
            wide.append(row.line)
            yield read_row(*align_cells(names, row.cells), line=row.line)
        else:
            yield read_row(names, row.cells, line=row.line)
    if wide:
        yield find(
            "RECORD-008",
            f"{len(wide)} rows have more cells than the table has columns; what is over was kept",
            Origin(lines.path, wide[0]),
            found=len(wide),
            expected=f"{len(names)} cells",
        )


def align_cells(names: list[str], cells: list[str]) -> tuple[list[str], list[str]]:
    """Name the cells of a row that has more of them than the table has columns.

    Files glued together from exports of different years have rows with a column more in their midst. The place where the surplus
    stands is where most of the cells fit their columns: a year, DOI, ISSN, PubMed id, accession number.
    """
    surplus = len(cells) - len(names)
    checks = [_CHECKS.get(find_role(name)[0]) for name in names]
    left = [bool(check and cell and check.search(cell)) for check, cell in zip(checks, cells, strict=False)]
    right = [bool(check and cell and check.search(cell)) for check, cell in zip(checks, cells[surplus:], strict=True)]
    scores = [sum(left[:place]) + sum(right[place:]) for place in range(len(names) + 1)]
    best = len(names) - scores[::-1].index(max(scores))
    return [*names[:best], *["+"] * surplus, *names[best:]], cells


def read_row(names: list[str], cells: list[str], *, line: int) -> Draft:
    """Make a draft of one row."""
    draft = Draft(line, entry_type="article")
    by_role: dict[str, list[tuple[int, int, str]]] = {}
    for place, cell in enumerate(cells):
        name = names[place] if place < len(names) else "+"
        text = cell.strip()
        if not text:
            continue
        role, rank = find_role(name)
        if role:
            by_role.setdefault(role, []).append((rank, place, text))
        else:
            draft.keep(f"csv:{name or '#'}", text)
    values: dict[str, list[str]] = {}
    for role, found in by_role.items():
        ordered = sorted(found)
        values[role] = [text for _, _, text in ordered]
        if role in _SINGLE:
            chosen = next((text for _, _, text in ordered if not is_missing(text)), "")
            values[role] = [chosen] if chosen else []
            for _, place, text in ordered:
                if text != chosen and not is_missing(text):
                    draft.keep(f"csv:{names[place]}", text)
    _fill(draft, values)
    return draft


_CHECKS = {
    "year": re.compile(r"^(?:1[89]|20)\d\d$"),
    "doi": re.compile(r"\b10\.\d{4,9}/"),
    "issn": re.compile(r"^\d{4}-?\d{3}[\dX]\b"),
    "pmid": re.compile(r"^\d{6,8}$"),
    "language": re.compile(r"^(?:English|French|German|Spanish|Chinese|Portuguese|Italian|Japanese|Russian)\b"),
    "accession": re.compile(r"^2-s2\.0-\d+$|^WOS:\w+$|^L\d{6,}$|^CN-\d+"),
}

_SINGLE = frozenset(
    ("title", "authors", "year", "journal", "abbreviation", "volume", "issue", "pages", "first page", "last page", "doi", "pmid", "pmcid", "abstract",
     "accession", "vernacular", "first author", "url")
)  # fmt: skip


def _fill(draft: Draft, values: Mapping[str, list[str]]) -> None:
    def first(role: str) -> str:
        return values.get(role, [""])[0] if values.get(role) else ""

    draft.more = _read_more(first("more"), draft)
    draft.title = first("title")
    draft.authors = read_authors(first("authors") or first("first author"))
    draft.year = first("year") or first("date")
    draft.dates = [
        *values.get("date", []),
        f"{first('month')} {first('day')} {first('year')}" if first("month") else "",
    ]
    draft.epub_date = first("epub")
    draft.journal, draft.journal_abbreviation = first("journal"), first("abbreviation")
    draft.volume, draft.issue = first("volume"), first("issue")
    draft.pages = first("pages") or join_pages(first("first page"), first("last page")) or first("article number")
    draft.keep("article-number", first("article number"))
    draft.doi, draft.pmid, draft.pmcid = first("doi"), first("pmid"), first("pmcid")
    draft.serials = [*values.get("issn", []), *values.get("isbn", [])]
    draft.abstract, draft.vernacular_title = first("abstract"), first("vernacular")
    draft.keywords = [part for text in values.get("keywords", []) for part in read_list(text)]
    draft.mesh = [part for text in values.get("mesh", []) for part in read_list(text)]
    draft.languages = [part for text in values.get("language", []) for part in re.split(r"\s*[;,]\s*", text)]
    kinds = [part for text in values.get("kind", []) for part in re.split(r"\s*;\s*", text)]
    draft.publication_types = [kind for kind in kinds if len(kind) > 1 and not kind.isupper()]
    draft.entry_type = find_entry_type(kinds)
    draft.url = first("url")
    draft.accession = (
        first("accession").rsplit("/", 1)[-1] if "openalex.org/" in first("accession") else first("accession")
    )
    draft.registrations = [part for text in values.get("registrations", []) for part in read_list(text)]
    notes = [line for text in values.get("note", []) for line in re.split(r"[;\n]", text)]
    draft.other_ids = [part for text in values.get("url", []) for part in re.split(r"[&\n<]", text)[:4]]
    draft.other_ids += [line for line in notes if _NOTED_ID.fullmatch(line)]
    for role in ("publisher", "place", "editor", "edition", "series", "note", "affiliation", "conference", "accessed"):
        if role not in draft.extra:  # this program's own table holds the values apart in its last column
            draft.keep(role, *values.get(role, []))
    databases = values.get("database", [])
    draft.keep("database", *databases)
    draft.source = databases[0] if databases and draft.accession else ""
    for source in values.get("source", []):
        _read_source(draft, source)
    for citation in values.get("citation", []):
        _read_citation(draft, citation)


def _read_more(text: str, draft: Draft) -> dict[str, object]:
    """Read the column in which this program keeps what a table has no columns for; other tags of the row are kept beside it."""
    if not text:
        return {}
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        draft.keep("csv:record as json", text)
        return {}
    fields = read_fields(values) if isinstance(values, dict) else {}
    for key, texts in dict(fields.pop("extra", {})).items():  # type: ignore[call-overload]
        draft.keep(key, *texts)
    return fields


def _read_source(draft: Draft, text: str) -> None:
    """Read a column `Source`: a database's name (Scopus), a journal (Cochrane), or a whole citation (Embase)."""
    match = _EMBASE_SOURCE.match(text)
    if text.casefold() in _DATABASE_NAMES:
        draft.keep("database", text)
    elif match and not draft.journal:
        draft.journal, draft.year = match["journal"], draft.year or match["year"]
        draft.volume, draft.issue = draft.volume or match["volume"] or "", draft.issue or match["issue"] or ""
        draft.pages = draft.pages or match["pages"] or ""
        draft.keep("csv:Source", text)
    elif not draft.journal:
        draft.journal = text
    else:
        draft.keep("csv:Source", text)


def _read_citation(draft: Draft, text: str) -> None:
    """Read PubMed's column `Citation`: `Ann Rheum Dis. 2019 Mar;78(3):370-379. doi: ...`."""
    draft.keep("csv:Citation", text)
    match = _PUBMED_CITATION.match(text)
    if match:
        draft.journal_abbreviation = draft.journal_abbreviation or match["journal"]
        draft.dates.append(match["date"])
        draft.volume, draft.issue = draft.volume or match["volume"] or "", draft.issue or match["issue"] or ""
        draft.pages = draft.pages or match["pages"] or ""
    draft.other_ids.append(text[text.find("doi") :] if "doi" in text else "")


def read_list(text: str) -> list[str]:
    """Read a cell that holds a list: a Python literal, or parts between semicolons, line ends or bars; commas as a last resort."""
    literal = _read_literal(text)
    if literal is not None:
        return literal
    for mark in (";", "\n", "|", ","):
        if mark in text:
            return [part for part in text.split(mark) if part.strip()]
    return [text]


def _read_literal(text: str) -> list[str] | None:
    if not (text.startswith("[") and text.endswith("]")) or len(text) > 200_000:
        return None
    try:
        value = json.loads(text) if text.startswith('["') else ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return [str(part) for part in value] if isinstance(value, list) else None


def read_authors(text: str) -> list[Author]:
    """Read a cell that holds all authors."""
    literal = _read_literal(text)
    if literal is not None:
        return [author for part in literal if (author := parse_name(part))]
    return parse_names(re.sub(r"\s*\(\d{6,}\)", "", text))  # Scopus prints its author ids behind the full names


def find_entry_type(kinds: list[str]) -> str:
    """Return the entry type that the column of document types says; `article` where it says nothing."""
    lowered = [kind.casefold().strip() for kind in kinds]
    for words, entry_type in ENTRY_TYPES:
        if any(word in kind if len(word) > 4 else word == kind for kind in lowered for word in words):
            return entry_type
    return "other" if lowered else "article"
