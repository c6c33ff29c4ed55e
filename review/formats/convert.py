"""Converting one bibliographic file into another: `review convert IN OUT`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from review.errors import FormatError
from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.formats.draft import SHARED
from review.formats.export import ENDINGS
from review.formats.export import PREFIXES
from review.formats.export import choose_writer
from review.formats.export import render_parts
from review.formats.registry import choose_format
from review.formats.registry import iterate_file
from review.formats.result import Refusal
from review.formats.result import explain_refusal
from review.model import Record


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a conversion did: entries read, records written, what was refused, the formats of both files."""

    read: int
    kept: int
    refused: tuple[Refusal, ...]
    findings: tuple[Finding, ...]
    format: str
    written: str

    def to_json(self) -> dict[str, object]:
        """Return the keys that the command line promises, and the format written and the findings."""
        return {
            "read": self.read,
            "kept": self.kept,
            "refused": [{"line": refusal.line, "reason": refusal.reason} for refusal in self.refused],
            "format": self.format,
            "written": self.written,
            "findings": [finding.to_json() for finding in self.findings],
        }


def convert_file(
    source: Path,
    target: Path,
    *,
    shown_as: str | None = None,
    read_as: str | None = None,
    write_as: str | None = None,
    database: str = "",
) -> Conversion:
    """Convert a file; record by record, so that its size does not matter.

    Args:
        source: The file to read.
        target: The file to write; it is replaced whole, or not at all.
        shown_as: How messages name the source; its path if None.
        read_as: A name of `review.formats.registry.FORMATS`; None to tell it by the content.
        write_as: A name of `review.formats.export.WRITERS` or one of its other names; None to tell it by the target's ending.
        database: Short name of the database that the records come from.

    Raises:
        FormatError: If the source cannot be read, or the target cannot be written.
        UsageError: If a format is not known.
    """
    shown = shown_as or str(source)
    wanted = write_as or ENDINGS.get(target.suffix.lower(), target.suffix.removeprefix("."))
    written = choose_writer(wanted)
    read_format = choose_format(source, shown_as=shown, format=read_as)
    tally = _Tally(shown, PREFIXES.get(written))
    records = tally.watch(iterate_file(source, shown_as=shown, format=read_format, source=database))
    partial = target.with_name(f".{target.name}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="") as stream:
            for part in render_parts(records, written):
                stream.write(part)
        partial.replace(target)
    except OSError as error:
        raise FormatError(target, f"the file cannot be written: {error.strerror or error}") from error
    finally:
        partial.unlink(missing_ok=True)
    return Conversion(
        tally.kept + len(tally.refused), tally.kept, tuple(tally.refused), tuple(tally.findings()), read_format, written
    )


class _Tally:
    """Counts what passes from reader to writer."""

    def __init__(self, path: str, prefix: str | None) -> None:
        self.kept = 0
        self.refused: list[Refusal] = []
        self._path = path
        self._prefix = prefix
        self._findings: list[Finding] = []
        self._left_out: dict[str, int] = {}

    def watch(self, items: Iterator[Record | Refusal | Finding]) -> Iterator[Record]:
        """Pass the records on and keep account of the rest."""
        for item in items:
            if isinstance(item, Record):
                self.kept += 1
                if self._prefix is not None:
                    for key in item.extra:
                        if key not in SHARED and not key.startswith(f"{self._prefix}:"):
                            self._left_out[key] = self._left_out.get(key, 0) + 1
                yield item
            elif isinstance(item, Refusal):
                self.refused.append(item)
                self._findings.append(explain_refusal(item, self._path))
            else:
                self._findings.append(item)

    def findings(self) -> Iterator[Finding]:
        """The reader's findings, and what the format written has no place for."""
        yield from self._findings
        if self._left_out:
            named = ", ".join(
                f"{key} ({count})" for key, count in sorted(self._left_out.items(), key=lambda item: -item[1])[:12]
            )
            yield find(
                "RECORD-013",
                f"{len(self._left_out)} tags have no place in the format written and were left out: {named}",
                Origin(self._path),
                found=len(self._left_out),
                hint="CSV and JSON hold everything",
            )
