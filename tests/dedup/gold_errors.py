"""Errors of the labels themselves, each read by eye: a group that the labels split, or join, against the records.

`SPLIT`: records that the labels keep apart and that are one document. `JOINED`: label clusters that hold more than one
report as Rathbone 2015 and PRISMA 2020 count them. Nothing is tuned to these.
"""

from __future__ import annotations

#: Per set: the label cluster that loses its last record, and why it is the same document as the one kept.
SPLIT: dict[str, dict[str, str]] = {
    "ldd_haematology": {
        "alone id_0000002": "no title, but authors, journal, year, volume, issue and pages of id_0000001: the same entry",
    },
    "ldd_respiratory": {
        "alone id_0001882": "the same article ahead of print (2012, pages 1-9 turned into 01-Sep) and in its issue (398:515-523)",
    },
    "ldd_stroke": {
        "alone id_0000893": "one thesis, as such (2008) and in Dissertation Abstracts (69(8-B), 2009); the labels join the same case in g000004",
    },
    "ldd_digital_work": {
        "alone id_2000930": "English title of the article in g000016 (Education in the Knowledge Society 20, 2019, same authors and abstract)",
    },
    "mis_baseline": {
        "g001816": "the editorial of 28(1) by Weber, with its subject (Crossref) and without (DBLP); an issue has one",
    },
    "mis_mixed": {
        "g001906": "the editorial of 28(1) by Weber, with its subject and without; an issue has one",
        "g001996": "same title, author, volume and issue as the records of g000036, one of which has the very same content",
        "g001351": "same title, authors, volume and issue as the records of g000035, one of which has the very same content",
        "g000268": "same title, author, volume and issue as g001576",
        "g001675": "same title, volume and issue as g001854; the series editor was read as first author",
        "g001815": "same title, authors, volume, issue and DOI as g001970",
        "g000397": "same title and authors as g001582, without volume",
        "g001487": "same title and author as g001467, without volume",
        "g000758": "two entries of equal content under two labels; the title is a running head, so that a third interview joins them",
    },
}

#: Per set: label clusters of which more than one record is kept, and what the reports are.
JOINED: dict[str, dict[str, str]] = {
    "ldd_haematology": {
        "g000005": "letter and the authors' reply",
        "g000112": "article and two errata of later issues",
        "g000113": "article and its erratum",
        "g000057": "congress abstract and article",
        "g000060": "two congresses",
        "g000073": "article and its erratum",
        "g000080": "article and its erratum",
        "g000100": "congress abstract and article",
        "g000106": "four trials: sensitive or resistant to plasma, adults or adolescents",
        "g000110": "two trials: sensitive or resistant to plasma",
    },
    "ldd_respiratory": {
        "g000005": "Chinese article and its English version in another journal",
        "g000023": "article and congress abstract",
        "g000193": "two versions of a Cochrane review",
        "g000367": "two articles on two places of volume 10",
    },
    "ldd_stroke": {
        "g000163": "two congresses",
    },
    "ldd_digital_work": {
        "g000213": "two editorials of one issue with their own DOIs and pages",
        "g000214": "two articles with their own DOIs, volumes and pages",
        "g000215": "article and its erratum with its own DOI and pages",
    },
    "cs_stage": {
        "g00388": "protocol of a review with its own DOI, and an entry that may be of the review",
    },
}
