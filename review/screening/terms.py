"""Texts as weighted terms: single words and pairs of neighbours, TF-IDF, each text of length one.

The weights are those of scikit-learn's `TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, max_df=0.95)`, to the last digits (a test
holds them to it), made five times as fast by counting in arrays. A term that only one text has cannot make two texts alike: it counts in
that text's length and is then left out, which drops three terms in four and changes no similarity; `own` keeps what is needed for a
text's similarity with itself to stay one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    from scipy.sparse import csr_array

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

#: Terms of more than this share of the texts tell nothing and are left out.
MOST_TEXTS = 0.95

_WORD = re.compile(r"\w\w+")


@dataclass(frozen=True, slots=True)
class Text:
    """What is known of one record: its words in reading order, and headings that count whole (MeSH, publication types)."""

    words: str
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """Weighted terms of texts.

    Attributes:
        weights: One row per text, one column per term that at least two texts have; rows have length one, but for the terms left out.
        own: Per text, the squared length of the terms that it alone has, 0..1.
        query: The same for the query's text, as one row; of length zero if it shares no term with the texts.
    """

    weights: csr_array
    own: Floats
    query: csr_array


@dataclass(frozen=True, slots=True)
class _Entries:
    """One row per pair of term and text, sorted by term: which, in which text, how often."""

    term: Ints
    text: Ints
    count: Ints


def weigh_terms(texts: Sequence[Text], query: Text, reduce_word: Callable[[str], str] | None = None) -> Terms:
    """Weigh the terms of texts.

    Args:
        texts: The texts, in any order; a text without words gives an empty row.
        query: A text that is weighed by the same terms, but is not counted for how common they are.
        reduce_word: Gives the stem under which a word (in lower case) is counted; None counts words as they are.

    Source: Salton & Buckley 1988, doi:10.1016/0306-4573(88)90021-0; 1 + ln(tf), ln((1 + n) / (1 + df)) + 1 as in scikit-learn.
    """
    from scipy.sparse import csr_array

    size = len(texts)
    entries = _count_terms([*texts, query], reduce_word)
    is_text = entries.text < size
    starts = np.flatnonzero(np.diff(entries.term, prepend=-1))
    column = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(entries.term)))
    frequency = np.bincount(column[is_text], minlength=len(starts))
    holders = np.bincount(column, minlength=len(starts))
    is_telling = (frequency > 0) & (frequency <= MOST_TEXTS * size)
    idf = np.log((1 + size) / (1 + frequency)) + 1
    value = (1 + np.log(entries.count)) * np.where(is_telling, idf, 0.0)[column]
    length = np.sqrt(np.bincount(entries.text, value * value, minlength=size + 1))
    value /= np.where(length > 0, length, 1.0)[entries.text]
    is_shared = is_telling & (holders > 1)
    keep = is_shared[column]
    place = np.cumsum(is_shared) - 1
    matrix = csr_array((value[keep], (entries.text[keep], place[column[keep]])), shape=(size + 1, int(is_shared.sum())))
    alone = np.where(keep, 0.0, value)
    own = np.bincount(entries.text, alone * alone, minlength=size + 1).astype(np.float64)
    return Terms(matrix[:size], own[:size], matrix[[size]])


def _count_terms(texts: Sequence[Text], reduce_word: Callable[[str], str] | None) -> _Entries:
    vocabulary = _Vocabulary(reduce_word)
    numbers: list[int] = []
    lengths: list[int] = []
    headings: list[tuple[int, int]] = []
    for place, text in enumerate(texts):
        before = len(numbers)
        numbers.extend(vocabulary.number_words(text.words))
        lengths.append(len(numbers) - before)
        headings.extend((vocabulary.number(f"\t{heading.casefold()}"), place) for heading in text.headings)
    word = np.array(numbers, dtype=np.int64)
    text_of = np.repeat(np.arange(len(texts), dtype=np.int64), lengths)
    extra = np.array(headings, dtype=np.int64).reshape(-1, 2)
    size = len(vocabulary)
    is_pair = text_of[1:] == text_of[:-1]
    pair = (size + word[:-1] * size + word[1:])[is_pair]
    # Term and text in one number, so that one sort counts everything: with 10^6 words and 10^6 texts still below 2^63.
    keys = np.concatenate((
        word * len(texts) + text_of,
        extra[:, 0] * len(texts) + extra[:, 1],
        pair * len(texts) + text_of[1:][is_pair],
    ))  # fmt: skip
    unique, count = np.unique(keys, return_counts=True)
    return _Entries(unique // len(texts), unique % len(texts), count)


class _Vocabulary:
    """Numbers words by their first appearance; each word is reduced once."""

    def __init__(self, reduce_word: Callable[[str], str] | None) -> None:
        self._reduce = reduce_word
        self._numbers: dict[str, int] = {}
        self._by_word: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, term: str) -> int:
        return self._numbers.setdefault(term, len(self._numbers))

    def number_words(self, text: str) -> Iterator[int]:
        for word in _WORD.findall(text.lower()):
            held = self._by_word.get(word)
            if held is None:
                held = self._by_word[word] = self.number(self._reduce(word) if self._reduce else word)
            yield held
