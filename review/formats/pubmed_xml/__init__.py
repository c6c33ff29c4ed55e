"""PubMed XML, as EFetch answers it and as NLM distributes it in files: a stream of records in flat memory.

    with open("pubmed21n1298.xml.gz", "rb") as stream:
        for item in iter_pubmed_xml(stream, path="pubmed21n1298.xml.gz"):
            ...

Neither peer fits: Biopython cannot stream PubMed files (`Entrez.parse` refuses them since 2016) and leaves markup as literal tags;
pubmed_parser takes the first DOI it finds, which may be a reference's, and stops at what it does not expect. lxml's pull
parser does the work here, without entities, DTDs or network; `source` bounds what it may be fed.
"""

from __future__ import annotations

from review.formats.pubmed_xml.reader import iter_pubmed_xml
from review.formats.pubmed_xml.reader import parse_pubmed_xml

__all__ = ["iter_pubmed_xml", "parse_pubmed_xml"]
