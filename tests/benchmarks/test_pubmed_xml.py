"""PubMed XML against its peers in one run: a whole NLM file of 20,788 records, and a slice of it for Biopython.

The peers run in this process; CPU time is compared, the best of several turns each, so that a busy machine does not decide.
"""

from __future__ import annotations

import gzip
import io
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from review.formats.pubmed_xml import iter_pubmed_xml
from review.model import Record

pytestmark = [pytest.mark.benchmark, pytest.mark.shared]


@pytest.fixture(scope="module")
def bulk(shared: Path) -> Path:
    return shared / "data/entrez/bulk/pubmed21n1298.xml.gz"


def best_time(work: Callable[[], object], *, turns: int) -> float:
    times = []
    for _ in range(turns):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return min(times)


def count_records(path: Path) -> int:
    with path.open("rb") as stream:
        return sum(isinstance(item, Record) for item in iter_pubmed_xml(stream))


@pytest.mark.filterwarnings("ignore")
def test_speed_against_pubmed_parser(bulk: Path, record_property: Callable[[str, object], None]) -> None:
    """Theirs gives title, abstract, authors with addresses, dates, headings, types, keywords, ids and grants; ours those and more."""
    peer = pytest.importorskip("pubmed_parser")

    def parse_theirs() -> None:
        assert sum(1 for _ in peer.parse_medline_xml(str(bulk), author_list=True)) == 20_788

    assert count_records(bulk) == 20_788
    ours, theirs = [], []
    for _ in range(3):  # in turns, so that both meet the same neighbours
        ours.append(best_time(lambda: count_records(bulk), turns=1))
        theirs.append(best_time(parse_theirs, turns=1))
    ratio = min(theirs) / min(ours)
    record_property("ratio", ratio)
    print(f"pubmed_parser {min(theirs):.2f} s, ours {min(ours):.2f} s: {ratio:.2f} times as fast")  # noqa: T201
    assert ratio >= 1.5


def test_speed_against_biopython(bulk: Path, record_property: Callable[[str, object], None]) -> None:
    """Biopython holds the whole file in memory, so it gets the first 1,500 records of it."""
    from Bio import Entrez

    with gzip.open(bulk) as stream:
        head = stream.read(40_000_000)
    end = [match.end() for match in re.finditer(b"</PubmedArticle>", head)][1499]
    part = head[:end] + b"</PubmedArticleSet>"

    def parse_ours() -> None:
        assert sum(isinstance(item, Record) for item in iter_pubmed_xml(io.BytesIO(part))) == 1500

    def parse_theirs() -> None:
        assert len(Entrez.read(io.BytesIO(part))["PubmedArticle"]) == 1500

    ours, theirs = best_time(parse_ours, turns=3), best_time(parse_theirs, turns=2)
    record_property("ratio", theirs / ours)
    print(f"Biopython {theirs:.2f} s, ours {ours:.2f} s: {theirs / ours:.1f} times as fast")  # noqa: T201
    assert theirs / ours >= 3


def test_peak_memory(bulk: Path, record_property: Callable[[str, object], None]) -> None:
    """The whole process, interpreter and libraries included."""
    if not Path("/proc/self/status").exists():
        pytest.skip("the peak of a process is read from Linux's /proc")
    script = (
        "import sys\nfrom pathlib import Path\nfrom review.formats.pubmed_xml import iter_pubmed_xml\n"
        "with open(sys.argv[1], 'rb') as stream:\n    count = sum(1 for _ in iter_pubmed_xml(stream))\n"
        "status = Path('/proc/self/status').read_text()\nprint(count, status.split('VmHWM:')[1].split()[0])\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(bulk)], capture_output=True, text=True, check=True)
    count, peak_kb = map(int, done.stdout.split())
    record_property("peak_mb", peak_kb / 1024)
    print(f"{count} items, {peak_kb / 1024:.0f} MB")  # noqa: T201
    assert peak_kb < 100 * 1024
