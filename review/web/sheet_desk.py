"""The desk of one sheet: what is on disk, what a person changed, what the checks say of it, and saving it.

All methods may be called from several threads.
"""

from __future__ import annotations

import difflib
import threading
from collections import OrderedDict
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from functools import partial

from review.errors import StaleFileError
from review.extraction.appraisal import check_appraisals
from review.extraction.checks import check_sheets
from review.extraction.form import Section
from review.extraction.form import order_keys
from review.extraction.form_input import Change
from review.extraction.form_input import make_input
from review.extraction.form_sections import describe_form
from review.extraction.quotes import check_quotes
from review.extraction.sheet import parse_sheet
from review.extraction.sheet_edit import edit_sheet
from review.extraction.sheet_edit import read_tree
from review.extraction.sheet_fragments import Path
from review.extraction.sheet_fragments import Tree
from review.files import Snapshot
from review.files import hash_bytes
from review.files import read_snapshot
from review.files import write_over
from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.findings import sort_findings
from review.marked import SIZE_LIMIT_BYTES
from review.marked import parse_marked
from review.model import Place
from review.model import RecordId
from review.model import Study
from review.model import StudyId
from review.web.pdfs import PdfFolder
from review.web.report_texts import ReportTexts
from review.workspace import Layout
from review.workspace import Review
from review.workspace import open_review

#: States of the file that are kept, so that a page that is behind can be told what changed.
_MOST_STATES = 32

#: Lines of a difference that are shown.
_MOST_LINES = 400

#: What a form cannot keep: names for values that stand elsewhere, and tags.
_ANCHORS = frozenset({"PROJECT-014", "PROJECT-015"})


class OutdatedError(Exception):
    """The file changed since the page read it; `lines` are the differences, None where the earlier state is not known."""

    def __init__(self, lines: Sequence[str] | None) -> None:
        super().__init__("the file changed on disk since this page read it; nothing was written")
        self.lines = lines


class NotFormError(Exception):
    """The file cannot be changed by a form; the text says why."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A sheet as it is on disk. `problem` says why it cannot be changed here, empty if it can."""

    sha256: str
    sections: tuple[Section, ...]
    tree: Tree
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the checks say of a sheet: findings, where each quote stands, what could not be written yet."""

    findings: tuple[Finding, ...]
    quotes: tuple[tuple[str, str], ...]
    refused: tuple[tuple[Path, str], ...] = ()


class Shelf:
    """The review around the sheets and the texts of its reports, as they were opened last; desks may share one."""

    def __init__(self, layout: Layout, pdfs: PdfFolder) -> None:
        self.layout = layout
        self._pdfs = pdfs
        self._lock = threading.RLock()
        self._held: tuple[Review, ReportTexts] | None = None

    def open(self) -> tuple[Review, ReportTexts]:
        """Read the review anew."""
        with self._lock:
            review = open_review(self.layout)
            self._held = review, ReportTexts(review, self._pdfs)
            return self._held

    @property
    def review(self) -> Review:
        """The review."""
        with self._lock:
            return (self._held or self.open())[0]

    @property
    def texts(self) -> ReportTexts:
        """The texts of its reports."""
        with self._lock:
            return (self._held or self.open())[1]


class SheetDesk:
    """The desk of one study's sheet."""

    def __init__(self, shelf: Shelf, study: str, *, is_second: bool = False) -> None:
        layout = shelf.layout
        self.shelf = shelf
        self.study = study
        self.is_second = is_second
        self.path = (layout.second if is_second else layout.studies) / f"{study}.yaml"
        self.shown = layout.show(self.path)
        self._lock = threading.RLock()
        self._states: OrderedDict[str, Snapshot] = OrderedDict()

    @property
    def review(self) -> Review:
        """The review as it was opened last."""
        return self.shelf.review

    @property
    def texts(self) -> ReportTexts:
        """The texts of its reports."""
        return self.shelf.texts

    def open(self) -> Opened:
        """Read the sheet, and the review around it.

        Raises:
            FormatError: If the sheet cannot be read.
        """
        with self._lock:
            self.shelf.open()
            snapshot = self._read()
            tree = read_tree(snapshot.text, self.shown)
            return Opened(snapshot.sha256, self._describe(tree), tree, self._find_problem(snapshot))

    def judge(self, sha256: str, changes: Sequence[Change]) -> Judged:
        """Check the sheet as it would be with the changes, as `review extract check` does.

        Raises:
            OutdatedError: If the state that the changes are of is not known any more.
            FormatError: If the changes cannot be made in it.
        """
        with self._lock:
            snapshot = self._states.get(sha256)
            if snapshot is None:
                self._read()
                snapshot = self._states.get(sha256)
            if snapshot is None:
                raise OutdatedError(None)
            text, refused = self._edit(snapshot, changes)
            judged = self._check(text)
            return Judged(judged.findings, judged.quotes, refused)

    def is_current(self, sha256: str) -> bool:
        """Whether the file on disk is in this state."""
        try:
            return hash_bytes(self.path.read_bytes()) == sha256
        except OSError:
            return False

    def save(self, sha256: str, changes: Sequence[Change]) -> tuple[tuple[Path, str], ...]:
        """Write the changes into the file; return what could not be written yet.

        Raises:
            OutdatedError: If the file is not in the state that the changes are of.
            NotFormError: If a form cannot change this file without touching more.
            FormatError: If the changes cannot be made in it.
            OSError: If it cannot be written.
        """
        with self._lock:
            base = self._states.get(sha256)
            snapshot = self._read()
            if snapshot.sha256 != sha256:
                raise OutdatedError(_list_differences(base, snapshot))
            problem = self._find_problem(snapshot)
            if problem:
                raise NotFormError(problem)
            text, refused = self._edit(snapshot, changes)
            if text != snapshot.text:
                try:
                    self._keep(write_over(snapshot, text))
                except StaleFileError:
                    raise OutdatedError(_list_differences(snapshot, self._read())) from None
            return refused

    def _read(self) -> Snapshot:
        snapshot = read_snapshot(self.path, limit=SIZE_LIMIT_BYTES)
        self._keep(snapshot)
        return snapshot

    def _keep(self, snapshot: Snapshot) -> None:
        self._states[snapshot.sha256] = snapshot
        self._states.move_to_end(snapshot.sha256)
        while len(self._states) > _MOST_STATES:
            self._states.popitem(last=False)

    def _describe(self, tree: Tree) -> tuple[Section, ...]:
        return describe_form(self.review.protocol, tree)

    def _find_problem(self, snapshot: Snapshot) -> str:
        """Say why the file cannot be changed by its words alone; empty if it can."""
        if not self.review.protocol.is_usable:
            return "the protocol cannot be read; see `review check`"
        if snapshot.is_guessed:
            return "the file is not UTF-8; save it as UTF-8 in an editor first"
        written = snapshot.text.replace("\n", snapshot.newline).encode(snapshot.encoding)
        if hash_bytes(written) != snapshot.sha256:
            return "the file mixes line ends of two systems; save it with one kind in an editor first"
        told = [finding for finding in parse_marked(snapshot.text, self.shown).findings if finding.code in _ANCHORS]
        return f"line {told[0].origin.line if told[0].origin else '?'}: {told[0].message}" if told else ""

    def _edit(self, snapshot: Snapshot, changes: Sequence[Change]) -> tuple[str, tuple[tuple[Path, str], ...]]:
        if not changes:
            return snapshot.text, ()
        tree = read_tree(snapshot.text, self.shown)
        sections = self._describe(tree)
        given = make_input(changes, sections, tree)
        return edit_sheet(snapshot.text, given.patch, self.shown, partial(order_keys, sections)), given.refused

    def _check(self, text: str) -> Judged:
        review = self.review
        study, findings = parse_sheet(parse_marked(text, self.shown), review.protocol)
        if study is None:
            return Judged(tuple(findings), ())
        others = [other for name, other in review.studies.items() if name != StudyId(self.study)]
        findings += check_sheets([*others, study], lambda record: record in review.report_of)
        findings += check_appraisals([study], review.protocol)
        # The folder is looked at once for each report, not for each quote.
        list_texts = cache(self.texts.list_attached)
        findings += check_quotes([study], list_texts).findings
        for name in sorted({place.record for _, place in _list_quotes(study)}):
            for full in self.texts.list_full_texts(name):
                if full.problem:
                    findings.append(find("EXTRACT-052", full.problem, Origin(self.shown)))
        own = [finding for finding in findings if finding.origin and finding.origin.path == self.shown]
        missing = {finding.origin.key for finding in own if finding.origin and finding.code == "EXTRACT-050"}
        quotes = tuple(
            (
                key,
                "missing"
                if key in missing
                else "found"
                if self.texts.holds(list_texts(place.record), place.words)
                else "unread",
            )
            for key, place in _list_quotes(study)
        )
        return Judged(tuple(sort_findings(own)), quotes)

    def list_names(self, tree: Tree) -> list[tuple[str, RecordId]]:
        """Return the reports and sources of a sheet: what it calls each, and its record."""
        names: dict[str, RecordId] = {}
        for key in ("reports", "sources"):
            entries = tree.get(key) if isinstance(tree, dict) else None
            for entry in entries if isinstance(entries, list) else ():
                record = entry.get("record") if isinstance(entry, dict) else None
                name = entry.get("name") if isinstance(entry, dict) else None
                if isinstance(record, str) and record:
                    names.setdefault(name if isinstance(name, str) and name else record, RecordId(record))
        return list(names.items())


def _list_quotes(study: Study) -> Iterator[tuple[str, Place]]:
    """Yield the place of every quote, with the key of what it stands for."""
    for case in study.cases:
        tried = (treatment.response for treatment in case.treatments)
        for observation in (*case.fields.values(), *case.outcomes.values(), *tried):
            if observation.source and observation.source.words and observation.origin:
                yield observation.origin.key, observation.source
    for item in (*study.counts, *study.summaries, *study.characteristics, *study.treatments):
        if item.source and item.source.words and item.origin:
            yield item.origin.key, item.source


def _list_differences(base: Snapshot | None, current: Snapshot) -> list[str] | None:
    if base is None:
        return None
    lines = difflib.unified_diff(
        base.text.splitlines(), current.text.splitlines(), "as this page read it", "on disk", n=1, lineterm=""
    )
    return list(lines)[:_MOST_LINES]
