"""The field tags that PubMed knows: short tags of its help page, codes and names of its EInfo, and old long forms.

Anything else between square brackets is dropped by the service without a word. The list errs on the side of knowing too
much: a tag that is known here and not there is missed, but no sound strategy is called wrong.

Source: PubMed User Guide, "Search field tags"; EInfo of db=pubmed (50 fields).
"""

from __future__ import annotations

import re

_SHORT = """
    1au ab ad aid all au auid book cn cois crdt dcom dp ed edat eid filter fir gr ip ir irad isbn jid la lastau lid lr mh
    mhda majr nm ot own pa pg pid pl pmid pn ps pt pubn rn sb sh si stat ta ti tiab tt tw uid version vi fau is dep so
"""

_CODES = """
    all uid filt titl mesh majr jour affl ecno subs pdat edat vol page ptyp lang iss subh si mhda tiab otrm coln cnty papx
    grnt mdat cdat pid faut full finv tt laut ppdt epdt lid crdt book ed isbn pubn aucl eid dso auid ps cois word p1dat
    auth abst iauth
"""

_NAMES = """
    all fields|uid|pmid|filter|subset|title|abstract|mesh|mesh terms|mesh term|mesh heading|mesh headings|
    mesh major topic|mesh major topics|mesh subheading|mesh subheadings|subheading|journal|journal title|
    journal title abbreviation|affiliation|ec/rn number|supplementary concept|substance name|substance|
    date - publication|publication date|date of publication|date - entry|entry date|entrez date|date - mesh|mesh date|
    date - modification|modification date|date - completion|completion date|date - create|create date|date - entrez|
    print publication date|electronic publication date|volume|pagination|page|page number|publication type|
    publication types|language|languages|issue|secondary source id|title/abstract|other term|other terms|keyword|
    author - corporate|corporate author|author|authors|author name|full author name|author - first|first author|
    first author name|author - last|last author|last author name|author - full|author - identifier|author identifier|
    author cluster id|investigator|full investigator name|investigator - full|place of publication|
    pharmacological action|pharmacological actions|grant number|grants and funding|publisher id|publisher|
    transliterated title|location id|article identifier|book|editor|isbn|issn|extended pmid|dso|
    subject - personal name|personal name as subject|conflict of interest statements|conflict of interest|text word|
    text words|nlm unique id|owner|status|comment corrections
"""

KNOWN_TAGS = frozenset(_SHORT.split()) | frozenset(_CODES.split()) | frozenset(re.split(r"\|\s*", _NAMES.strip()))

#: Tags with which a modifier works.
PROXIMITY_TAGS = frozenset({"ti", "titl", "title", "tiab", "title/abstract", "ad", "affl", "affiliation"})
EXPLOSION_TAGS = frozenset(
    {
        "mh", "mesh", "mesh terms", "mesh term", "mesh heading", "mesh headings", "majr", "mesh major topic",
        "mesh major topics", "sh", "subh", "mesh subheading", "mesh subheadings", "subheading", "pt", "ptyp",
        "publication type", "publication types", "nm", "subs", "supplementary concept", "pa", "papx",
        "pharmacological action", "pharmacological actions",
    }
)  # fmt: skip

DATE_TAGS = frozenset(
    {
        "dp", "pdat", "publication date", "date - publication", "date of publication", "edat", "entry date", "entrez date",
        "date - entry", "crdt", "create date", "date - create", "mhda", "mesh date", "date - mesh", "lr", "mdat",
        "modification date", "date - modification", "dcom", "cdat", "completion date", "date - completion", "ppdt",
        "print publication date", "epdt", "electronic publication date", "dep",
    }
)  # fmt: skip


def is_known_tag(tag: str) -> bool:
    """Whether PubMed knows the field tag; a modifier behind a colon is not looked at."""
    return tag.partition(":")[0].strip().casefold() in KNOWN_TAGS


def is_known_modifier(tag: str) -> bool:
    """Whether the modifier behind the colon works with the tag; True for a tag without one."""
    name, colon, modifier = tag.partition(":")
    name, modifier = name.strip().casefold(), modifier.strip().casefold()
    if not colon:
        return True
    if re.fullmatch(r"~\d+", modifier):
        return name in PROXIMITY_TAGS
    if modifier in {"noexp", "exp"}:
        return name in EXPLOSION_TAGS
    return modifier.startswith("__")
