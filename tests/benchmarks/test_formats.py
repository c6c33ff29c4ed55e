"""Reading a file of 200 MB: flat memory, time in proportion; and the readers beside rispy and bibtexparser in one run."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from review.formats import iterate_file
from review.model import Record

pytestmark = pytest.mark.benchmark

ENTRIES = {
    "ris": (
        "TY  - JOUR\nTI  - A title of paper {n} that is as long as titles are\nAU  - Smith, John A.\nAU  - Doe, Jane\nPY  - 2019\n"
        "T2  - Journal of Things\nVL  - {n}\nSP  - 1\nEP  - 9\nDO  - 10.1000/x.{n}\nAB  - "
        + "words of an abstract " * 70
        + "\nER  - \n\n"
    ),
    "nbib": (
        "PMID- {n}\nTI  - A title of paper {n} that is as long as titles are\nFAU - Smith, John A.\nAU  - Smith JA\nDP  - 2019 Mar\n"
        "JT  - Journal of Things\nLID - 10.1000/x.{n} [doi]\nAB  - " + "words of an abstract \n      " * 70 + "end\n\n"
    ),
    "bib": (
        "@article{{k{n},\n  title = {{A title of paper {n} that is as long as titles are}},\n  author = {{Smith, John A. and Doe, Jane}},\n"
        "  year = {{2019}},\n  doi = {{10.1000/x.{n}}},\n  abstract = {{" + "words of an abstract " * 70 + "}}\n}}\n\n"
    ),
}


def write(path: Path, entry: str, size: int) -> int:
    count = size // len(entry)
    with path.open("w", encoding="utf-8") as stream:
        for number in range(1, count + 1):
            stream.write(entry.format(n=number))
    return count


_MEASURE = """
import resource, sys
from pathlib import Path
from review.formats import iterate_file
path = Path(sys.argv[1])
count = sum(1 for _ in iterate_file(path, shown_as=path.name))
print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.parametrize("ending", sorted(ENTRIES))
def test_200_mb_in_flat_memory(tmp_path: Path, ending: str) -> None:
    peaks = []
    for size in (2_000_000, 200_000_000):
        path = tmp_path / f"x.{ending}"
        count = write(path, ENTRIES[ending], size)
        started = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", _MEASURE, str(path)], capture_output=True, text=True, check=True)
        found, peak = (int(part) for part in done.stdout.split())
        assert found == count
        peaks.append(peak)
        sys.stderr.write(
            f"{ending} {size / 1e6:.0f} MB: {found} records, {time.perf_counter() - started:.1f} s, peak {peak // 1024} MB\n"
        )
    assert peaks[1] < peaks[0] + 60 * 1024  # ids and titles seen are remembered, entries are not


def test_beside_the_peers(tmp_path: Path) -> None:
    import bibtexparser
    import rispy

    for ending, theirs in (("ris", rispy.loads), ("bib", bibtexparser.parse_string)):
        path = tmp_path / f"x.{ending}"
        write(path, ENTRIES[ending], 4_000_000)
        started = time.perf_counter()
        theirs(path.read_text())
        middle = time.perf_counter()
        records = [item for item in iterate_file(path, shown_as="x") if isinstance(item, Record)]
        ours = time.perf_counter() - middle
        sys.stderr.write(f"{ending}: peer {middle - started:.2f} s, this {ours:.2f} s with records made\n")
        assert records
        # The peers stop at tags and text; here names, dates, identifiers, markup and ids are read too. A ratio that grows is a regression.
        assert ours < 30 * (middle - started)
