"""What each tool answers when nothing fails; the network, the rate limit and the faults are the server's."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable
from datetime import date
from datetime import timedelta
from html import escape

from tests.emulator import bodies
from tests.emulator.corpus import Corpus
from tests.emulator.corpus import normalise
from tests.emulator.faults import JSON
from tests.emulator.faults import PLAIN
from tests.emulator.faults import Answer
from tests.emulator.faults import Call
from tests.emulator.faults import bodies_answer
from tests.emulator.fields import FIELDS
from tests.emulator.fields import find_field
from tests.emulator.history import History
from tests.emulator.links import Links
from tests.emulator.medline import write_citation
from tests.emulator.medline import write_medline
from tests.emulator.query import BackendError
from tests.emulator.query import Outcome
from tests.emulator.query import Query
from tests.emulator.query import print_day
from tests.emulator.query import read_bound
from tests.emulator.summaries import answer_summaries

#: What ESearch and EFetch reach of one result set.
WINDOW = 9999
DATABASES = ("pubmed", "pmc", "protein", "nuccore", "mesh", "books", "gene", "nlmcatalog")
_SORTS = {
    "relevance",
    "pub_date",
    "pub date",
    "author",
    "first author",
    "journalname",
    "journal",
    "title",
    "last author",
}
_REFUSED_SORTS = {"date", "pubdate", "recently_added"}


class Service:
    """The tools over one corpus. `today` is the day of `reldate`; `delivers_versions` sends every version of a record."""

    def __init__(self, corpus: Corpus, *, today: date) -> None:
        self.corpus = corpus
        self.history = History()
        self.links = Links(corpus)
        self.today = today
        self.delivers_versions = False
        #: PMIDs that searches find and EFetch does not deliver.
        self.undelivered: set[int] = set()
        self._tools: dict[str, Callable[[Call], Answer]] = {
            "esearch": self._search,
            "efetch": self._fetch,
            "epost": self._post,
            "esummary": self._summarise,
            "elink": self._link,
            "einfo": self._inform,
            "espell": self._spell,
            "ecitmatch": self._match_citation,
        }

    def answer(self, call: Call) -> Answer:
        """Answer a call."""
        tool = self._tools.get(call.tool)
        if tool is None:
            return Answer(bodies.html("404 Not Found"), "text/html", 404)
        database = call.params.get("db", "pubmed")
        if database not in DATABASES and call.tool in {"esearch", "epost", "efetch", "esummary", "einfo"}:
            return bodies_answer(call, f"Invalid db name specified: {database}")
        return tool(call)

    # ESearch

    def _search(self, call: Call) -> Answer:
        params = call.params
        term = params.get("term", "").strip()
        webenv = params.get("WebEnv", "")
        start, asked = _number(params.get("retstart"), 0), _number(params.get("retmax"), 20)
        try:
            outcome = self._recall_outcome(call) if not term else self._run_query(term, call)
        except BackendError as error:
            return bodies_answer(call, str(error))
        if start >= WINDOW:
            return bodies_answer(call, bodies.PAST_WINDOW)
        total = len(outcome.pmids)
        if params.get("rettype") == "count":
            return _answer_count(call, total)
        if start + asked > WINDOW and total > 0:
            asked = WINDOW - start
            outcome.messages.append(f"Restrictions achieved. start and count adjusted to {start}, {asked}")
        key = ""
        if params.get("usehistory") == "y":
            webenv, number = self.history.store(outcome.pmids, outcome.translation, webenv)
            key = str(number)
        ids = outcome.pmids[start : start + asked]
        writer = _write_search_json if call.wants_json else _write_search_xml
        body = writer(outcome, total, start, ids, key, webenv if key else "")
        return Answer(body.encode(), JSON) if call.wants_json else Answer(body.encode())

    def _recall_outcome(self, call: Call) -> Outcome:
        key = call.params.get("query_key", "")
        if not key:
            raise BackendError(bodies.EMPTY_TERM)
        stored = self.history.get(call.params.get("WebEnv", ""), key)
        if stored is None:
            raise BackendError(f"Unable to obtain query #{key}")
        return Outcome(list(stored.pmids), stored.translation)

    def _run_query(self, term: str, call: Call) -> Outcome:
        params = call.params
        sets = self.history.list_sets(params.get("WebEnv", ""))
        if params.get("field") and "[" not in term:
            term = f"{term}[{params['field']}]"
        outcome = Query(self.corpus, term, sets).run()
        self._limit_dates(outcome, call)
        sort = params.get("sort", "")
        if sort:
            self._sort(outcome, sort)
        return outcome

    def _limit_dates(self, outcome: Outcome, call: Call) -> None:
        """Apply mindate with maxdate, or reldate; a single bound does nothing."""
        params = call.params
        found = find_field(params.get("datetype", "pdat")) or FIELDS["PDAT"]
        if params.get("mindate") and params.get("maxdate"):
            first, last = read_bound(params["mindate"], last=False), read_bound(params["maxdate"], last=True)
        elif params.get("reldate", "").isdigit():
            start = self.today - timedelta(days=int(params["reldate"]))
            first, last = int(start.strftime("%Y%m%d")), int(self.today.strftime("%Y%m%d"))
        else:
            return
        if first is None or last is None or found.kind != "date":
            return
        within = self.corpus.find_dates(found.code, first, last)
        outcome.pmids = [pmid for pmid in outcome.pmids if pmid in within]
        text = outcome.translation
        bracketed = f"({text})" if re.search(r" (AND|OR|NOT) ", text) else text
        outcome.translation = f"{bracketed} AND {print_day(first)}:{print_day(last)}[{found.name}]"
        if not outcome.pmids and "No items found." not in outcome.messages:
            outcome.messages.append("No items found.")

    def _sort(self, outcome: Outcome, sort: str) -> None:
        name = sort.casefold().replace("+", " ")
        if name in _REFUSED_SORTS or name not in _SORTS:
            outcome.messages.append(f"Unknown sort schema '{sort}' ignored")
        elif name in {"pub_date", "pub date"}:
            outcome.pmids = self.corpus.sort_by(outcome.pmids, lambda entry: -max(entry.dates.get("PDAT", (0,))))
        elif name != "relevance":
            code = {"journalname": "JOUR", "journal": "JOUR", "title": "TITL", "last author": "LAUT"}.get(name, "FAUT")
            outcome.pmids = self.corpus.sort_by(
                outcome.pmids, lambda entry: normalise(entry.values.get(code, ("",))[0])
            )

    # EFetch

    def _fetch(self, call: Call) -> Answer:
        pmids = self._resolve(call)
        if isinstance(pmids, Answer):
            return pmids
        entries = [
            entry for entry in map(self.corpus.get, pmids) if entry is not None and entry.pmid not in self.undelivered
        ]
        mode, kind = call.params.get("retmode", ""), call.params.get("rettype", "")
        if not mode and kind in {"abstract", "medline", "uilist"}:
            mode = "text"
        if mode == "json" or (mode == "text" and kind == "uilist"):
            return Answer("".join(f"{entry.pmid}\n" for entry in entries).encode(), PLAIN)
        if mode == "text":
            write = write_medline if kind == "medline" else write_citation
            return Answer("".join(f"\n{write(entry)}" for entry in entries).encode(), PLAIN)
        parts = [bodies.ARTICLE_SET_HEAD]
        for entry in entries:
            parts.append(b"\n" if len(parts) == 1 else b"")
            parts.append(entry.xml)
            if self.delivers_versions:
                parts.extend(entry.older)
        return Answer(b"".join([*parts, bodies.ARTICLE_SET_TAIL]))

    def _resolve(self, call: Call) -> list[int] | Answer:
        """Find which records are asked for: by id, or a slice of a stored set."""
        params = call.params
        ids = [part.strip() for value in call.lists.get("id", ()) for part in value.split(",")]
        start = _number(params.get("retstart"), 0)
        if params.get("id"):
            numbers = [int(part) for part in ids if part.isdigit() and int(part) > 0]
            if not numbers:
                return bodies_answer(call, bodies.EMPTY_IDS, 400)
            numbers = list(dict.fromkeys(numbers))
        elif params.get("query_key") or params.get("WebEnv"):
            key = params.get("query_key", "1")
            stored = self.history.get(params.get("WebEnv", ""), key)
            if stored is None:
                return bodies_answer(call, f"Unable to obtain query #{key}", 400)
            if start >= WINDOW:
                return bodies_answer(call, bodies.PAST_WINDOW, 400)
            numbers = list(stored.pmids[:WINDOW])
        else:
            return bodies_answer(call, "Both list of IDs and query_key are empty", 400)
        return numbers[start : start + _number(params.get("retmax"), len(numbers))]

    # The small tools

    def _post(self, call: Call) -> Answer:
        if call.wants_json:
            return Answer(bodies.SERVER_ERROR.encode(), "text/html; charset=utf-8", 500)
        ids = [part.strip() for value in call.lists.get("id", ()) for part in value.split(",") if part.strip()]
        numbers = [int(part) for part in ids if part.isdigit() and int(part) > 0]
        head = bodies.head("epost").rstrip("\n")
        if not numbers:
            errors = "\t<ERROR>Empty ID list; Nothing to store</ERROR>\n"
            if ids:
                errors += (
                    "\t<ERROR>Some IDs have invalid value and were omitted. "
                    "Maximum ID value 18446744073709551615</ERROR>"
                )
            return Answer(f"{head}<ePostResult>\n{errors}</ePostResult>\n".encode())
        webenv, key = self.history.store(list(dict.fromkeys(numbers)), "", call.params.get("WebEnv", ""))
        body = f"<ePostResult>\n\t<QueryKey>{key}</QueryKey>\n\t<WebEnv>{webenv}</WebEnv>\n</ePostResult>\n"
        return Answer(f"{head}{body}".encode())

    def _summarise(self, call: Call) -> Answer:
        if not call.params.get("id") and not call.params.get("query_key"):
            return bodies_answer(call, "Neither query_key nor id specified")
        if call.params.get("id"):
            parts = [part.strip() for value in call.lists["id"] for part in value.split(",")]
            for position, part in enumerate(parts):
                if not part.isdigit():
                    text = f'"error":"Invalid uid {part} at position= {position}","result":{{"uids":[]}}'
                    return Answer(f'{{"header":{{"type":"esummary","version":"0.3"}},{text}}}\n'.encode(), JSON)
            numbers = [int(part) for part in parts]
        else:
            stored = self.history.get(call.params.get("WebEnv", ""), call.params["query_key"])
            if stored is None:
                return bodies_answer(call, f"Unable to obtain query #{call.params['query_key']}")
            start = _number(call.params.get("retstart"), 0)
            numbers = list(stored.pmids[start : start + _number(call.params.get("retmax"), 10000)])
        return answer_summaries(call, self.corpus, numbers)

    def _link(self, call: Call) -> Answer:
        return self.links.answer(call, self.history)

    def _inform(self, call: Call) -> Answer:
        if "db" not in call.params:
            names = "".join(f"\t<DbName>{name}</DbName>\n" for name in DATABASES)
            if call.wants_json:
                text = json.dumps({"header": {"type": "einfo", "version": "0.3"}, "einforesult": {"dblist": DATABASES}})
                return Answer(text.encode(), JSON)
            return Answer(
                f"{bodies.head('einfo')}<eInfoResult>\n<DbList>\n\n{names}</DbList>\n\n</eInfoResult>\n".encode()
            )
        info = {
            "DbName": "pubmed",
            "MenuName": "PubMed",
            "Description": "PubMed bibliographic record",
            "DbBuild": f"Build-{self.today:%Y.%m.%d}.06.33",
            "Count": str(len(self.corpus)),
            "LastUpdate": f"{self.today:%Y/%m/%d} 06:33",
        }
        fields = [
            {
                "Name": found.code,
                "FullName": found.name,
                "Description": found.name,
                "TermCount": "",
                "IsDate": "Y" if found.kind == "date" else "N",
                "IsNumerical": "Y" if found.kind in {"date", "uid"} else "N",
                "SingleToken": "N" if found.kind == "text" else "Y",
                "Hierarchy": "Y" if found.code in {"MESH", "MAJR", "SUBH", "PTYP"} else "N",
                "IsHidden": "Y" if found.code == "UID" else "N",
            }
            for found in FIELDS.values()
        ]
        if call.wants_json:
            lower = {key.casefold(): value for key, value in info.items()}
            small = [{key.casefold(): value for key, value in item.items()} for item in fields]
            data = {"dbinfo": [{**lower, "fieldlist": small, "linklist": []}]}
            header = {"type": "einfo", "version": "0.3"}
            return Answer(json.dumps({"header": header, "einforesult": data}).encode(), JSON)
        rows = "".join(f"\t\t<{key}>{escape(value)}</{key}>\n" for key, value in info.items())
        listed = "".join(
            "\t\t\t<Field>\n"
            + "".join(f"\t\t\t\t<{key}>{value}</{key}>\n" for key, value in item.items())
            + "\t\t\t</Field>\n"
            for item in fields
        )
        body = (
            f"<eInfoResult>\n\t<DbInfo>\n{rows}\t\t<FieldList>\n{listed}\t\t</FieldList>\n\t\t<LinkList>\n"
            "\t\t</LinkList>\n\t</DbInfo>\n</eInfoResult>\n"
        )
        return Answer(f"{bodies.head('einfo')}{body}".encode())

    def _spell(self, call: Call) -> Answer:
        if call.wants_json:
            return Answer(bodies.SERVER_ERROR.encode(), "text/html; charset=utf-8", 500)
        term = call.params.get("term", "")
        index = self.corpus.find_index("ALL")
        parts, corrected = [], []
        for word in term.split():
            plain = normalise(word)
            near = [] if not plain or index.find_word(plain) else difflib.get_close_matches(plain, index.vocabulary, 1)
            corrected.append(near[0] if near else word)
            parts.append(f"<Replaced>{near[0]}</Replaced>" if near else f"<Original>{escape(word)} </Original>")
        changed = any(part.startswith("<Replaced>") for part in parts)
        fixed = f"<CorrectedQuery>{escape(' '.join(corrected))}</CorrectedQuery>" if changed else "<CorrectedQuery/>"
        spelled = f"<SpelledQuery>{''.join(parts)}</SpelledQuery>" if changed else "<SpelledQuery/>"
        body = (
            f"<eSpellResult>\n\t<Database>pubmed</Database>\n\t<Query>{escape(term)}</Query>\n\t{fixed}\n\t{spelled}\n"
            "\t<ERROR/>\n</eSpellResult>\n"
        )
        return Answer(f"{bodies.head('espell')}{body}".encode())

    def _match_citation(self, call: Call) -> Answer:
        lines = []
        for line in re.split(r"[\r\n]+", call.params.get("bdata", "")):
            journal, _, volume, page = (line.split("|") + [""] * 3)[:4]
            if not journal:
                continue
            hits = (
                self.corpus.find_headings("JOUR").get(normalise(journal), set())
                & self.corpus.find_headings("VOL").get(normalise(volume), set())
                & {entry.pmid for entry in self.corpus if entry.values.get("PAGE", ("",))[0].split("-")[0] == page}
            )
            found = {0: "NOT_FOUND", 1: str(min(hits, default=0))}.get(len(hits))
            lines.append(f"{line.rstrip('|')}|{found or 'AMBIGUOUS ' + ','.join(map(str, sorted(hits)))}")
        return Answer(("\n".join(lines) + "\n").encode(), PLAIN)


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.strip().isdigit() else default


def _answer_count(call: Call, total: int) -> Answer:
    if call.wants_json:
        text = f'{{"header":{{"type":"esearch","version":"0.3"}},"esearchresult":{{"count":"{total}"}}}}\n'
        return Answer(text.encode(), JSON)
    return Answer(f"{bodies.head('esearch')}<eSearchResult><Count>{total}</Count></eSearchResult>\n".encode())


def _write_search_xml(outcome: Outcome, total: int, start: int, ids: list[int], key: str, webenv: str) -> str:
    history = f"<QueryKey>{key}</QueryKey><WebEnv>{webenv}</WebEnv>" if key else ""
    id_list = "<IdList>\n" + "".join(f"<Id>{pmid}</Id>\n" for pmid in ids) + "</IdList>" if ids else "<IdList/>"
    translations = "".join(
        f"<Translation>     <From>{escape(old, quote=False)}</From>     <To>{escape(new, quote=False)}</To>    </Translation>"
        for old, new in outcome.translations
    )
    translation_set = f"<TranslationSet>{translations}</TranslationSet>" if translations else "<TranslationSet/>"
    errors = "".join(
        f"<PhraseNotFound>{escape(text, quote=False)}</PhraseNotFound>" for text in outcome.phrases_not_found
    )
    warnings = "".join(f"<QuotedPhraseNotFound>{text}</QuotedPhraseNotFound>" for text in outcome.quoted_not_found)
    warnings += "".join(f"<OutputMessage>{escape(text)}</OutputMessage>" for text in outcome.messages)
    return (
        f"{bodies.head('esearch')}<eSearchResult><Count>{total}</Count><RetMax>{len(ids)}</RetMax>"
        f"<RetStart>{start}</RetStart>{history}{id_list}{translation_set}"
        f"<QueryTranslation>{escape(outcome.translation, quote=False)}</QueryTranslation>"
        + (f"<ErrorList>{errors}</ErrorList>" if errors else "")
        + (f"<WarningList>{warnings}</WarningList>" if warnings else "")
        + "</eSearchResult>\n"
    )


def _write_search_json(outcome: Outcome, total: int, start: int, ids: list[int], key: str, webenv: str) -> str:
    result: dict[str, object] = {"count": str(total), "retmax": str(len(ids)), "retstart": str(start)}
    if key:
        result |= {"querykey": key, "webenv": webenv}
    result["idlist"] = [str(pmid) for pmid in ids]
    result["translationset"] = [{"from": old, "to": new} for old, new in outcome.translations]
    result["querytranslation"] = outcome.translation
    if outcome.phrases_not_found or outcome.dropped_tag:
        result["errorlist"] = {"phrasesnotfound": outcome.phrases_not_found, "fieldsnotfound": []}
    if outcome.quoted_not_found or outcome.messages:
        result["warninglist"] = {
            "phrasesignored": [],
            "quotedphrasesnotfound": outcome.quoted_not_found,
            "outputmessages": outcome.messages,
        }
    data = {"header": {"type": "esearch", "version": "0.3"}, "esearchresult": result}
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False) + "\n"
