"""A strategy: the query of one source exactly as it is run, with the ids that it must find.

A strategy file is YAML:

    source: pubmed                      # short name of the source
    query: |                            # one query over several lines, or
      "Calcinosis"[Mesh] AND rituximab[tiab]
    lines:                              # a line-by-line strategy; the last line is the result
      - '"Calcinosis"[Mesh]'
      - rituximab[tiab]
      - '#1 AND #2'
    known_items: [30639647, 10.1000/x]  # reports that the search must find
    limits: {date: pdat, from: 2000/01/01, to: 2025/12/31, language: none}
    notes: peer-reviewed with PRESS

A source that people export by hand also says where and when that was done: `platform`, `date`, `hits`, `who`, `lane`.
An earlier search of others, kept as documentation and never run, says `reported: {hits: 392, screened: 182, source: doi:...}`.
A `query` whose lines are numbered (`#1 ...`, `#2 ...`) is read as a line-by-line strategy.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from typing import cast
from typing import get_args

from review.errors import UsageError
from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.identifiers import normal_doi
from review.identifiers import normal_pmid
from review.identifiers import normal_source
from review.marked import read_marked
from review.model import Lane
from review.model import RecordId

LANES: tuple[str, ...] = get_args(Lane)

#: Sources that are trial registers: their own lane of the PRISMA 2020 diagram.
REGISTERS = frozenset({"clinicaltrials-gov", "clinicaltrials", "ctgov", "ictrp", "isrctn", "euctr", "prospero"})

#: A line-by-line strategy is sent with its references written out; one longer than this is a mistake or an attack.
LONGEST_QUERY = 200_000

_KEYS = frozenset(
    {
        "source", "query", "lines", "known_items", "limits", "notes", "platform", "date", "hits", "who", "lane",
        "database", "reported",
    }
)  # fmt: skip
_NUMBERED_LINE = re.compile(r"\s*#?(\d{1,3})(?:[.):]|\s)\s*(\S.*)")
_REFERENCE = re.compile(r"#(\d{1,3})\b")
_QUOTED = re.compile(r'"[^"]*"')


class StrategyLine(NamedTuple):
    """One line of a line-by-line strategy; `query` may refer to earlier lines as `#1`."""

    number: int
    query: str


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits beside the query.

    `date_field` is the service's name of the date (pdat, edat, mdat, crdt for PubMed), `date_from` and `date_to` are
    `YYYY`, `YYYY/MM` or `YYYY/MM/DD`, empty where not limited. `stated` holds what else the file says, for the
    PRISMA-S appendix alone: it is not sent.
    """

    date_field: str = ""
    date_from: str = ""
    date_to: str = ""
    stated: tuple[str, ...] = ()

    @property
    def has_dates(self) -> bool:
        """Whether the service is asked to limit by date."""
        return bool(self.date_from or self.date_to)

    def describe(self) -> str:
        """Say the limits in words for the appendix; empty if there are none."""
        parts = list(self.stated)
        if self.has_dates:
            parts.insert(0, f"{self.date_field} {self.date_from or '(open)'} to {self.date_to or '(open)'}")
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class Reported:
    """What others reported of a search that they ran: hits, records screened, and the report that says so.

    A strategy with it is an earlier search, kept as documentation; it is never run.
    """

    source: str
    hits: int | None = None
    screened: int | None = None


@dataclass(frozen=True, slots=True)
class Strategy:
    """One search of one source.

    `query` is empty if and only if `lines` are given. `known_items` are record ids (`pubmed:`, `doi:` or as written).
    `file` is the path in the review's folder. `platform`, `date` (ISO), `hits` and `who` describe a search that a person
    ran by hand; None and empty mean that the file does not say.
    """

    source: str
    query: str = ""
    lines: tuple[StrategyLine, ...] = ()
    known_items: tuple[RecordId, ...] = ()
    limits: Limits = Limits()
    notes: str = ""
    lane: Lane = "database"
    platform: str = ""
    date: str = ""
    hits: int | None = None
    who: str = ""
    file: str = ""
    query_line: int | None = None
    reported: Reported | None = None

    @property
    def text(self) -> str:
        """The strategy as a reader should see it: the query, or the numbered lines, then limits sent beside it."""
        body = "\n".join(f"#{line.number} {line.query}" for line in self.lines) if self.lines else self.query
        if self.limits.has_dates:
            body += f"\n[{Limits(self.limits.date_field, self.limits.date_from, self.limits.date_to).describe()}]"
        return body

    @property
    def sha256(self) -> str:
        """Hash of `text`, in hex: two runs with the same hash asked the same."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def origin(self) -> Origin | None:
        """Where the query stands."""
        return Origin(self.file, self.query_line, "query" if self.query else "lines") if self.file else None

    def expand(self, number: int | None = None) -> str:
        """Return one query that stands alone, with references to lines written out in brackets.

        Args:
            number: The line to write out; None for the result (the last line, or the query).

        Raises:
            UsageError: If a line refers to a line that is not above it, or the query grows beyond `LONGEST_QUERY`.
        """
        if not self.lines:
            return _one_line(self.query)
        written: dict[int, str] = {}
        for line in self.lines:
            written[line.number] = _write_out(line, written)
            if line.number == number:
                break
        else:
            if number is not None:
                raise UsageError(f"{self.file or self.source}: there is no line #{number}")
        return written[line.number]


def list_references(query: str) -> list[int]:
    """Return the numbers of the lines that a query refers to, outside quotes, in order."""
    return [int(number) for number in _REFERENCE.findall(_QUOTED.sub(lambda m: "x" * len(m.group()), query))]


def _one_line(query: str) -> str:
    return " ".join(query.split())


def _write_out(line: StrategyLine, written: Mapping[int, str]) -> str:
    def replace(match: re.Match[str]) -> str:
        if match.group().startswith('"'):
            return match.group()
        number = int(match.group(1))
        if number not in written:
            raise UsageError(f"line #{line.number} refers to #{number}, which is not above it: {line.query}")
        return f"({written[number]})"

    query = _one_line(line.query)
    # Bounded before the text is built: thirty lines of `#n OR #n` would else grow to a billion terms.
    length = len(query) + sum(len(written.get(number, "")) for number in list_references(query))
    if length > LONGEST_QUERY:
        raise UsageError(f"line #{line.number} is longer than {LONGEST_QUERY:,} characters when written out")
    return re.sub(rf"{_QUOTED.pattern}|{_REFERENCE.pattern}", replace, query)


def parse_strategy(
    data: Mapping[str, object], file: str = "", line_of: Callable[[str], int | None] | None = None
) -> tuple[Strategy | None, list[Finding]]:
    """Read a strategy from the mapping of its YAML file.

    Args:
        data: The file's top-level mapping; scalars may be text, numbers or dates.
        file: Path relative to the review's folder, for findings and the run.
        line_of: Gives the line of a top-level key, None where unknown.

    Returns:
        The strategy, None where it cannot be run at all, and the findings.
    """
    findings: list[Finding] = []

    def place(key: str) -> Origin:
        return Origin(file, line_of(key) if line_of else None, key)

    findings.extend(
        find("QUERY-002", f"unknown key '{key}'", place(str(key)), found=key, expected=", ".join(sorted(_KEYS)))
        for key in data
        if str(key) not in _KEYS
    )
    source = normal_source(_text(data.get("source")))
    query = _text(data.get("query"))
    lines = _parse_lines(data.get("lines")) or (split_lines(query) if query else ())
    if data.get("lines") and query:
        findings.append(find("QUERY-001", "both 'query' and 'lines' are given", place("lines"), expected="one of them"))
        return None, findings
    if not source:
        findings.append(find("QUERY-001", "no source", place("source"), expected="source: pubmed, europepmc, ..."))
    if not query and not lines:
        findings.append(find("QUERY-001", "no query", place("query"), expected="the strategy exactly as it is run"))
    if not source or not (query or lines):
        return None, findings
    strategy = Strategy(
        source=source,
        query="" if lines else query,
        lines=lines,
        known_items=_parse_known_items(data.get("known_items"), place("known_items"), findings),
        limits=_parse_limits(data.get("limits"), place("limits"), findings),
        notes=_text(data.get("notes")),
        lane=_parse_lane(_text(data.get("lane")), source, place("lane"), findings),
        platform=_text(data.get("platform")),
        date=_text(data.get("date")),
        hits=_parse_hits(data.get("hits"), place("hits"), findings),
        who=_text(data.get("who")),
        file=file,
        query_line=place("query" if query else "lines").line,
        reported=_parse_reported(data.get("reported"), place("reported"), findings),
    )
    return strategy, findings


def read_strategy(path: Path, shown_as: str) -> tuple[Strategy | None, list[Finding]]:
    """Read a strategy file; see `parse_strategy`. A file that cannot be read gives None and findings."""
    document = read_marked(path, shown_as)
    if document.root is None:
        return None, list(document.findings)
    strategy, findings = parse_strategy(document.root, shown_as, document.root.lines.get)
    return strategy, [*document.findings, *findings]


def split_lines(query: str) -> tuple[StrategyLine, ...]:
    """Read a pasted line-by-line strategy (`#1 ...`, `1. ...`); empty if the text is an ordinary query."""
    rows = [row for row in query.splitlines() if row.strip()]
    matches = [_NUMBERED_LINE.fullmatch(row) for row in rows]
    if len(rows) < 2 or not all(matches):
        return ()
    lines = tuple(StrategyLine(int(match[1]), match[2].strip()) for match in matches if match)
    return lines if [line.number for line in lines] == list(range(1, len(lines) + 1)) else ()


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _parse_lines(value: object) -> tuple[StrategyLine, ...]:
    if isinstance(value, str):
        return split_lines(value) or tuple(
            StrategyLine(number, row.strip())
            for number, row in enumerate((row for row in value.splitlines() if row.strip()), start=1)
        )
    if isinstance(value, Sequence):
        return tuple(
            StrategyLine(number, _text(item.get("query") if isinstance(item, Mapping) else item))
            for number, item in enumerate(value, start=1)
        )
    return ()


def _parse_known_items(value: object, origin: Origin, findings: list[Finding]) -> tuple[RecordId, ...]:
    if value is None:
        return ()
    items = value if isinstance(value, Sequence) and not isinstance(value, str) else _text(value).split()
    known: list[RecordId] = []
    for item in items:
        text = _text(item.get("id") if isinstance(item, Mapping) else item)
        pmid, doi = normal_pmid(text), normal_doi(text)
        if pmid and not doi:
            known.append(RecordId(f"pubmed:{pmid}"))
        elif doi:
            known.append(RecordId(f"doi:{doi}"))
        elif re.fullmatch(r"[\w.-]+:\S+", text):
            known.append(RecordId(text))
        else:
            findings.append(
                find("QUERY-003", f"known item '{text}' is not an id", origin, found=text, expected="PubMed id or DOI")
            )
    return tuple(dict.fromkeys(known))


def _parse_limits(value: object, origin: Origin, findings: list[Finding]) -> Limits:
    if not isinstance(value, Mapping):
        return Limits(stated=(_text(value),) if value else ())
    date_from, date_to = (_text(value.get(key)).replace("-", "/") for key in ("from", "to"))
    findings.extend(
        find("QUERY-004", f"date limit '{date}' is not a date", origin, found=date, expected="2000/12/31")
        for date in (date_from, date_to)
        if date and not re.fullmatch(r"\d{4}(/\d{1,2}){0,2}", date)
    )
    stated = tuple(f"{key}: {_text(item)}" for key, item in value.items() if str(key) not in {"date", "from", "to"})
    return Limits(_text(value.get("date")) or ("pdat" if date_from or date_to else ""), date_from, date_to, stated)


def _parse_lane(text: str, source: str, origin: Origin, findings: list[Finding]) -> Lane:
    if not text:
        return "register" if source in REGISTERS else "database"
    if text not in LANES:
        findings.append(find("QUERY-002", f"unknown lane '{text}'", origin, found=text, expected=", ".join(LANES)))
        return "database"
    return cast("Lane", text)


def _parse_reported(value: object, origin: Origin, findings: list[Finding]) -> Reported | None:
    if value is None:
        return None
    if not isinstance(value, Mapping) or not _text(value.get("source")):
        expected = "source, with hits and screened"
        findings.append(find("QUERY-002", "reported does not say by whom", origin, expected=expected))
        return None
    hits, screened = (_parse_hits(value.get(key), origin, findings) for key in ("hits", "screened"))
    return Reported(_text(value.get("source")), hits, screened)


def _parse_hits(value: object, origin: Origin, findings: list[Finding]) -> int | None:
    text = _text(value).replace(",", "").replace(" ", "")
    if not text:
        return None
    if not text.isascii() or not text.isdigit():
        findings.append(
            find("QUERY-002", f"hits '{value}' is not a count", origin, found=value, expected="a whole number")
        )
        return None
    return int(text)
