"""The folder of a review: the only module that knows its file names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from review.errors import ProjectError
from review.extraction.fulltext import ENDINGS
from review.files import hash_file


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything of a review is kept."""

    root: Path

    @property
    def protocol(self) -> Path:
        """The plan."""
        return self.root / "protocol.yaml"

    @property
    def queries(self) -> Path:
        """Strategies, and the runs below them."""
        return self.root / "queries"

    @property
    def rulings(self) -> Path:
        """People's rulings on pairs of records."""
        return self.queries / "duplicates.csv"

    @property
    def screening(self) -> Path:
        """The logs of decisions."""
        return self.root / "extraction" / "screening"

    @property
    def consensus(self) -> Path:
        """The rows that settle conflicts."""
        return self.screening / "consensus.csv"

    @property
    def studies(self) -> Path:
        """The sheets."""
        return self.root / "extraction" / "studies"

    @property
    def second(self) -> Path:
        """The sheets of second extractors, for comparison."""
        return self.root / "extraction" / "second"

    @property
    def settled(self) -> Path:
        """What was settled where two extractors differed."""
        return self.root / "extraction" / "settled.csv"

    @property
    def certainty(self) -> Path:
        """What people judged on the certainty of the evidence."""
        return self.root / "extraction" / "certainty.yaml"

    @property
    def full_texts(self) -> Path:
        """The full texts of reports, in which quotes are looked up."""
        return self.root / "pdfs"

    @property
    def sheet_schema(self) -> Path:
        """The schema of the sheets, for editors."""
        return self.root / "extraction" / "sheet.schema.json"

    @property
    def output(self) -> Path:
        """What is built."""
        return self.root / "output"

    def show(self, path: Path) -> str:
        """Name a path as findings do: relative to the folder, with forward slashes."""
        return path.relative_to(self.root).as_posix()

    def list_strategies(self) -> list[Path]:
        """The strategy files in order."""
        return sorted(self.queries.glob("*.yaml"))

    def list_logs(self) -> list[Path]:
        """The screening logs in order."""
        return sorted(path for path in self.screening.glob("*.csv") if path != self.consensus)

    def list_sheets(self) -> list[Path]:
        """The sheets in order."""
        return sorted(self.studies.glob("*.yaml"))

    def list_second(self) -> list[Path]:
        """The second extractors' sheets in order."""
        return sorted(self.second.glob("*.yaml"))

    def list_full_texts(self) -> list[Path]:
        """The full texts in order."""
        return sorted(
            path
            for path in self.full_texts.glob("*")
            if path.suffix.casefold() in ENDINGS and not path.name.startswith(".")
        )

    def list_inputs(self) -> list[Path]:
        """Every file that outputs are made of, in order."""
        singles = [self.protocol, self.rulings, self.consensus, self.settled, self.certainty]
        runs = sorted(path for path in (self.queries / "runs").glob("*/*") if not _is_hidden(path, self.queries))
        several = [
            *self.list_strategies(),
            *runs,
            *self.list_logs(),
            *self.list_sheets(),
            *self.list_second(),
            *self.list_full_texts(),
        ]
        return sorted(path for path in (*singles, *several) if path.is_file())


def _is_hidden(path: Path, below: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(below).parts)


def find_project(start: Path) -> Layout:
    """Find the review that a folder belongs to: the nearest parent with a protocol.yaml.

    Raises:
        ProjectError: If there is none.
    """
    folder = start.resolve()
    for candidate in (folder, *folder.parents):
        if (candidate / "protocol.yaml").is_file():
            return Layout(candidate)
    raise ProjectError(
        f"{start}: no review here: neither this folder nor one above has a protocol.yaml; "
        "make one with `review init DIR`, or name the folder with --project DIR"
    )


def hash_inputs(layout: Layout) -> dict[str, str]:
    """Return the SHA-256 of every input file by its shown path."""
    return {layout.show(path): hash_file(path) for path in layout.list_inputs()}
