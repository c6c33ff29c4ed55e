"""ELink over the corpus: similar articles, references and citations."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from tests.emulator import bodies
from tests.emulator.corpus import Corpus
from tests.emulator.faults import JSON
from tests.emulator.faults import Answer
from tests.emulator.faults import Call
from tests.emulator.history import History

NEIGHBOURS = ("pubmed_pubmed", "pubmed_pubmed_citedin", "pubmed_pubmed_refs")


class Links:
    """Links between records; the references come from the records, `extra` adds more by link name and PMID."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.extra: dict[str, dict[int, list[int]]] = {}

    def find(self, name: str, pmid: int) -> list[int]:
        """Return the linked PMIDs, similar ones with the record itself first."""
        entry = self.corpus.get(pmid)
        found = list(self.extra.get(name, {}).get(pmid, ()))
        if entry is None:
            return found
        if name == "pubmed_pubmed":
            heading = next(iter(entry.values.get("MESH", ())), "")
            near = self.corpus.find_headings("MESH").get(heading.casefold(), set()) - {pmid}
            return [pmid, *found, *self.corpus.sort(near)[:20]]
        if name == "pubmed_pubmed_refs":
            return self.corpus.sort({*found, *(cited for cited in _read_cited(entry.tree) if cited in self.corpus)})
        if name == "pubmed_pubmed_citedin":
            return self.corpus.sort({*found, *(other.pmid for other in self.corpus if pmid in _read_cited(other.tree))})
        return found

    def answer(self, call: Call, history: History) -> Answer:
        """Answer a call: one LinkSet per `id` parameter."""
        command = call.params.get("cmd", "neighbor")
        names = [call.params["linkname"]] if call.params.get("linkname") else list(NEIGHBOURS)
        groups = [
            [int(part) for part in value.split(",") if part.strip().isdigit()] for value in call.lists.get("id", ())
        ]
        stored = history.get(call.params.get("WebEnv", ""), call.params.get("query_key", ""))
        if not groups and stored is not None:
            groups = [list(stored.pmids)]
        sets = []
        for group in groups:
            databases = []
            for name in names:
                linked: defaultdict[int, None] = defaultdict()
                for pmid in group:
                    linked.update(dict.fromkeys(self.find(name, pmid)))
                ids = list(linked) if len(group) == 1 else sorted(linked, reverse=True)
                if ids:
                    databases.append((name, ids))
            sets.append((group, databases))
        if command == "neighbor_history":
            return self._answer_history(sets, history)
        if command in {"ncheck", "lcheck", "acheck"}:
            return self._answer_check(sets, command)
        scored = command == "neighbor_score"
        return _answer_json(sets, scored=scored) if call.wants_json else _answer_xml(sets, scored=scored)

    def _answer_history(self, sets: list[tuple[list[int], list[tuple[str, list[int]]]]], history: History) -> Answer:
        parts = []
        for group, databases in sets:
            webenv = ""
            rows = ""
            for name, ids in databases:
                webenv, key = history.store(ids, name, webenv)
                rows += (
                    f"\t\t<LinkSetDbHistory>\n\t\t\t<DbTo>pubmed</DbTo>\n\t\t\t<LinkName>{name}</LinkName>\n"
                    f"\t\t\t<QueryKey>{key}</QueryKey>\n\t\t</LinkSetDbHistory>\n"
                )
            tail = f"\t\t<WebEnv>{webenv}</WebEnv>\n" if webenv else ""
            parts.append(f"\t<LinkSet>\n\t\t<DbFrom>pubmed</DbFrom>\n{_write_ids(group)}{rows}{tail}\t</LinkSet>\n")
        return _wrap(parts)

    def _answer_check(self, sets: list[tuple[list[int], list[tuple[str, list[int]]]]], command: str) -> Answer:
        parts = []
        for group, databases in sets:
            if command == "acheck":
                rows = "".join(
                    f"\t\t\t<IdLinkSet>\n\t\t\t\t<Id>{pmid}</Id>\n"
                    + "".join(
                        f"\t\t\t\t<LinkInfo>\n\t\t\t\t\t<DbTo>pubmed</DbTo>\n\t\t\t\t\t<LinkName>{name}</LinkName>\n"
                        "\t\t\t\t\t<Priority>128</Priority>\n\t\t\t\t</LinkInfo>\n"
                        for name, _ in databases
                    )
                    + "\t\t\t</IdLinkSet>\n"
                    for pmid in group
                )
            else:
                rows = "".join(
                    f'\t\t\t<Id HasNeighbor="{"Y" if pmid in self.corpus else "N"}">{pmid}</Id>\n' for pmid in group
                )
            body = f"\t\t<IdCheckList>\n{rows}\t\t</IdCheckList>\n"
            parts.append(f"\t<LinkSet>\n\t\t<DbFrom>pubmed</DbFrom>\n{body}\t</LinkSet>\n")
        return _wrap(parts)


def _read_cited(tree: Any) -> set[int]:
    found = tree.iterfind("PubmedData/ReferenceList//ArticleId[@IdType='pubmed']")
    return {int(element.text) for element in found if (element.text or "").isdigit()}


def _write_ids(group: list[int]) -> str:
    return "\t\t<IdList>\n" + "".join(f"\t\t\t<Id>{pmid}</Id>\n" for pmid in group) + "\t\t</IdList>\n"


def _wrap(parts: list[str]) -> Answer:
    return Answer(f"{bodies.head('elink')}<eLinkResult>\n\n{''.join(parts)}</eLinkResult>\n".encode())


def _answer_xml(sets: list[tuple[list[int], list[tuple[str, list[int]]]]], *, scored: bool) -> Answer:
    parts = []
    for group, databases in sets:
        rows = ""
        for name, ids in databases:
            links = "".join(
                f"\n        <Link>\n\t\t\t\t<Id>{pmid}</Id>\n"
                + (f"\t\t\t\t<Score>{28347383 - rank}</Score>\n" if scored else "")
                + "\t\t\t</Link>"
                for rank, pmid in enumerate(ids)
            )
            rows += f"\t\t<LinkSetDb>\n\t\t\t<DbTo>pubmed</DbTo>\n\t\t\t<LinkName>{name}</LinkName>\n{links}\n\t\t</LinkSetDb>\n"
        parts.append(f"  <LinkSet>\n\t\t<DbFrom>pubmed</DbFrom>\n{_write_ids(group)}{rows}  </LinkSet>\n")
    return _wrap(parts)


def _answer_json(sets: list[tuple[list[int], list[tuple[str, list[int]]]]], *, scored: bool) -> Answer:
    linksets = []
    for group, databases in sets:
        linkset: dict[str, object] = {"dbfrom": "pubmed", "ids": [str(pmid) for pmid in group]}
        if databases:
            linkset["linksetdbs"] = [
                {
                    "dbto": "pubmed",
                    "linkname": name,
                    "links": [
                        {"id": str(pmid), "score": 28347383 - rank} if scored else str(pmid)
                        for rank, pmid in enumerate(ids)
                    ],
                }
                for name, ids in databases
            ]
        linksets.append(linkset)
    data = {"header": {"type": "elink", "version": "0.3"}, "linksets": linksets}
    return Answer(json.dumps(data, separators=(",", ":")).encode(), JSON)
