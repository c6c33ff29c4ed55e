"""Small exports in the manner of each database; names and papers are made up."""

from __future__ import annotations

from review.formats import Parsed
from review.formats import parse_bytes
from review.model import Record

OVID_RIS = """1.
TY  - JOUR
ID  - 31234567
DO  - http://dx.doi.org/10.1016/S0140-6736%2805%2967889-0
T1  - Rituximab for calcinosis: a case series.
A1  - Alvarez, Maria
A1  - Brown, J
Y1  - 2018//
N2  - Background: nothing had helped.
KW  - *Calcinosis
JF  - Journal of Made-up Rheumatology
JA  - J Made-up Rheumatol
VL  - 12
IS  - 3
SP  - 101
EP  - 9
SN  - 1234-5679
SN  - 1234-5679
DB  - Ovid MEDLINE(R)
ER  -

Link to the Ovid Full Text or citation:
http://ovidsp.ovid.com/ovidweb.cgi?T=JS

2.
TY  - JOUR
T1  - A second paper
A1  - Chen, Li
Y1  - 2019//
SP  - No
EP  - Specified
ER  -
"""

NBIB = """PMID- 30000001
OWN - NLM
STAT- MEDLINE
IS  - 1234-5679 (Electronic)
VI  - 12
IP  - 3
DP  - 2018 May-Jun
TI  - Rituximab for calcinosis in systemic sclerosis: a case series with a title that is
      wrapped over two lines.
PG  - 101-9
LID - 10.1234/jmr.2018.101 [doi]
LID - S0000-0000(18)00001-1 [pii]
AB  - BACKGROUND: Nothing had helped. METHODS: We gave rituximab. RESULTS: 9 of 19
      patients improved (NCT01234567).
FAU - Alvarez, Maria
AU  - Alvarez M
AUID- ORCID: 0000-0001-2345-6789
AD  - Hospital One, Town.
AD  - Institute Two, Town.
FAU - Brown, John
AU  - Brown J
AD  - Hospital One, Town.
CN  - Made-up Sclerosis Group
LA  - eng
PT  - Journal Article
PT  - Review
DEP - 20180401
TA  - J Made-up Rheumatol
JT  - Journal of made-up rheumatology
MH  - Calcinosis/*drug therapy
OT  - rituximab
EIN - J Made-up Rheumatol. 2019;13(1):5. doi: 10.1234/jmr.2019.5. PMID: 30000009
PHST- 2018/01/01 00:00 [received]
SO  - J Made-up Rheumatol. 2018 May-Jun;12(3):101-9.

PMID- 30000002
OWN - NLM
DP  - 2020
TI  - Another.
AU  - Chen L
"""

BIBTEX = r"""
@comment{not an entry}
@string{jmr = "Journal of Made-up Rheumatology"}
@article{Alvarez2018,
  author = {{\'A}lvarez, Mar{\'\i}a and Brown, Jr, John and {Made-up Sclerosis Group}},
  title = {Rituximab for {C}alcinosis: 47\% of 19 patients},
  journal = jmr # { (Print)},
  year = 2018, month = may, day = 3,
  volume = {12}, number = {3}, pages = {101--109},
  doi = {https://doi.org/10.1234/JMR.2018.101},
  keywords = {calcinosis, rituximab},
  file = {a\_b.pdf},
}
@inproceedings{Chen2019, title="A second paper", author="Li Chen", booktitle = "Proceedings", year="2019"}
"""


def parse(text: str | bytes, format: str | None = None, *, path: str = "export.txt") -> Parsed:  # noqa: A002
    data = text if isinstance(text, bytes) else text.encode()
    return parse_bytes(data, path=path, format=format)


def parse_one(text: str, format: str | None = None) -> Record:  # noqa: A002
    parsed = parse(text, format)
    assert (parsed.read, parsed.kept) == (1, 1), parsed
    return parsed.records[0]


def codes(parsed: Parsed) -> list[str]:
    return [finding.code for finding in parsed.findings]
