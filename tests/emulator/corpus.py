"""The records that the emulator serves, with the values that each search field sees."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from tests.emulator.values import read_dates
from tests.emulator.values import read_values

_BREAK = " | "
_SIGNS = {code: " " for code in range(128) if not chr(code).isalnum()}
_ACCENTS = dict.fromkeys(range(0x300, 0x370))


def normalise(text: str) -> str:
    """Fold to what the index holds: lower case, no accents, every other sign a space."""
    if text.isascii():
        return " ".join(text.lower().translate(_SIGNS).split())
    text = unicodedata.normalize("NFKD", text).translate(_ACCENTS)
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


class Entry:
    """One record: its bytes as EFetch serves them and, read when first needed, what the search fields see."""

    def __init__(self, xml: bytes) -> None:
        self.xml = xml
        tree = self.tree
        pmid = tree.find("BookDocument/PMID") if self.is_book else tree.find("MedlineCitation/PMID")
        self.pmid = int(pmid.text)
        self.version = int(pmid.get("Version", "1"))
        #: Field code -> days, as numbers like 20240131.
        self.dates = read_dates(tree)
        self.older: list[bytes] = []
        self._values: dict[str, tuple[str, ...]] | None = None

    @property
    def is_book(self) -> bool:
        """Whether it is a PubmedBookArticle."""
        return self.xml.startswith(b"<PubmedBookArticle")

    @property
    def tree(self) -> Any:
        """The parsed record."""
        return etree.fromstring(self.xml)

    @property
    def values(self) -> dict[str, tuple[str, ...]]:
        """Field code -> values as printed."""
        if self._values is None:
            self._values = read_values(self.tree)
        return self._values

    @property
    def entry_day(self) -> int:
        """The day on which PubMed took it in (EDAT)."""
        days = self.dates.get("EDAT")
        return days[0] if days else 0


class FieldIndex:
    """The inverted index of one field."""

    def __init__(self, texts: dict[int, str]) -> None:
        self.texts = texts
        self._words: defaultdict[str, set[int]] = defaultdict(set)
        for pmid, text in texts.items():
            for word in set(text.split()):
                self._words[word].add(pmid)
        self._words.pop("|", None)
        self._sorted = sorted(self._words)

    @property
    def vocabulary(self) -> list[str]:
        """All words in order."""
        return self._sorted

    def find_word(self, word: str) -> set[int]:
        """Return the records that hold a word."""
        return self._words.get(word, set())

    def find_prefix(self, prefix: str) -> set[int]:
        """Return the records that hold a word beginning so."""
        found: set[int] = set()
        for word in self._sorted[bisect_left(self._sorted, prefix) :]:
            if not word.startswith(prefix):
                break
            found |= self._words[word]
        return found

    def find_phrase(self, words: list[str], *, truncated: bool = False) -> set[int]:
        """Return the records that hold the words next to each other; the last may be the beginning of a word."""
        if not words:
            return set()
        whole = words[:-1] if truncated else words
        found = set.intersection(*map(self.find_word, whole)) if whole else self.find_prefix(words[-1])
        if len(words) == 1:
            return set(found)
        needle = f" {' '.join(words)}" + ("" if truncated else " ")
        return {pmid for pmid in found if needle in f" {self.texts[pmid]} "}

    def find_near(self, words: list[str], distance: int) -> set[int]:
        """Return the records that hold all words within a span of `distance` further words, in any order."""
        found = set.intersection(*map(self.find_word, words)) if words else set()
        return {pmid for pmid in found if _are_near(self.texts[pmid].split(), words, distance)}


def _are_near(tokens: list[str], words: list[str], distance: int) -> bool:
    span = len(words) + distance
    return any(set(words) <= set(tokens[start : start + span]) for start in range(len(tokens)))


class Corpus:
    """Records by PMID; changing it empties what was indexed."""

    def __init__(self, records: Iterable[bytes] = ()) -> None:
        self._entries: dict[int, Entry] = {}
        self._indexes: dict[str, FieldIndex] = {}
        self._headings: dict[str, dict[str, set[int]]] = {}
        self._ranks: dict[int, int] = {}
        #: Phrases that stand in records and yet are not in PubMed's phrase index; normalised.
        self.unindexed_phrases: set[str] = set()
        self.add(records)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, pmid: int) -> bool:
        return pmid in self._entries

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def get(self, pmid: int) -> Entry | None:
        """Return a record, None where there is none."""
        return self._entries.get(pmid)

    @property
    def pmids(self) -> list[int]:
        """All PMIDs in PubMed's default order."""
        return self.sort(self._entries)

    def add(self, records: Iterable[bytes] | bytes) -> None:
        """Add or replace records, each one element's bytes; a lower version stands behind the higher one."""
        for xml in [records] if isinstance(records, bytes) else records:
            entry = Entry(xml)
            held = self._entries.get(entry.pmid)
            if held is not None and held.version > entry.version:
                held.older.append(xml)
                continue
            if held is not None and held.version < entry.version:
                entry.older = [*held.older, held.xml]
            self._entries[entry.pmid] = entry
        self._forget()

    def remove(self, pmid: int) -> None:
        """Delete a record, as NLM does with merged and withdrawn ones."""
        del self._entries[pmid]
        self._forget()

    def _forget(self) -> None:
        self._indexes.clear()
        self._headings.clear()
        self._ranks.clear()

    def sort(self, pmids: Iterable[int]) -> list[int]:
        """Order by entry date, then PMID, latest first."""
        if not self._ranks:
            order = sorted(self._entries.values(), key=lambda entry: (-entry.entry_day, -entry.pmid))
            self._ranks.update({entry.pmid: rank for rank, entry in enumerate(order)})
        return sorted(pmids, key=lambda pmid: self._ranks.get(pmid, -1))

    def sort_by(self, pmids: Iterable[int], key: Callable[[Entry], Any]) -> list[int]:
        """Order by something else; ties stay in the default order."""
        return sorted(self.sort(pmids), key=lambda pmid: key(self._entries[pmid]))

    def find_index(self, code: str) -> FieldIndex:
        """Return the word index of a field."""
        if code not in self._indexes:
            self._indexes[code] = FieldIndex(
                {
                    entry.pmid: _BREAK.join(map(normalise, entry.values[code]))
                    for entry in self._entries.values()
                    if code in entry.values
                }
            )
        return self._indexes[code]

    def find_headings(self, code: str) -> dict[str, set[int]]:
        """Return whole normalised values of a field -> records."""
        if code not in self._headings:
            found: defaultdict[str, set[int]] = defaultdict(set)
            for entry in self._entries.values():
                for value in entry.values.get(code, ()):
                    found[normalise(value)].add(entry.pmid)
            self._headings[code] = dict(found)
        return self._headings[code]

    def find_dates(self, code: str, first: int, last: int) -> set[int]:
        """Return the records with a day of this kind between two days, both included."""
        return {
            entry.pmid
            for entry in self._entries.values()
            if any(first <= day <= last for day in entry.dates.get(code, ()))
        }


def split_records(path: Path) -> Iterator[bytes]:
    """Read the records of a PubMed XML file (gzip or plain) as EFetch would serve them: compact and in ASCII."""
    for _, element in etree.iterparse(str(path), tag=("PubmedArticle", "PubmedBookArticle"), load_dtd=False):
        element.tail = None
        for inner in element.iter():
            if inner.text and not inner.text.strip() and len(inner):
                inner.text = None
            if inner.tail and not inner.tail.strip() and "\n" in inner.tail:
                inner.tail = None
        yield etree.tostring(element, encoding="us-ascii")
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
