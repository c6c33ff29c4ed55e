"""The bodies that the service sends, to the letter where they are known."""

from __future__ import annotations

from html import escape
from urllib.parse import quote_plus

ESEARCH_DTD = (
    '<!DOCTYPE eSearchResult PUBLIC "-//NLM//DTD esearch 20060628//EN" '
    '"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20060628/esearch.dtd">'
)
_DTDS = {
    "esearch": ("eSearchResult", ESEARCH_DTD),
    "efetch": (
        "eFetchResult",
        (
            '<!DOCTYPE eEfetchResult PUBLIC "-//NLM//DTD efetch 20131226//EN" '
            '"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20131226/efetch.dtd">'
        ),
    ),
    "epost": (
        "ePostResult",
        (
            '<!DOCTYPE ePostResult PUBLIC "-//NLM//DTD epost 20090526//EN" '
            '"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20090526/epost.dtd">'
        ),
    ),
    "esummary": (
        "eSummaryResult",
        (
            '<!DOCTYPE eSummaryResult PUBLIC "-//NLM//DTD esummary v1 20041029//EN" '
            '"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20041029/esummary-v1.dtd">'
        ),
    ),
    "elink": (
        "eLinkResult",
        (
            '<!DOCTYPE eLinkResult PUBLIC "-//NLM//DTD elink 20101123//EN" '
            '"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20101123/elink.dtd">'
        ),
    ),
    "einfo": (
        "eInfoResult",
        (
            '<!DOCTYPE eInfoResult PUBLIC "-//NLM//DTD einfo 20190110//EN" '
            '"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20190110/einfo.dtd">'
        ),
    ),
    "espell": (
        "eSpellResult",
        (
            '<!DOCTYPE eSpellResult PUBLIC "-//NLM//DTD eSpellResult, 23 November 2004//EN" '
            '"https://www.ncbi.nlm.nih.gov/entrez/query/DTD/eSpell.dtd">'
        ),
    ),
}
ARTICLE_SET_HEAD = (
    b'<?xml version="1.0" ?>\n'
    b'<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    b'"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
    b"<PubmedArticleSet>"
)
ARTICLE_SET_TAIL = b"</PubmedArticleSet>"
PAST_WINDOW = (
    "Search Backend failed: Exception:\n'retstart' cannot be larger than 9998. For PubMed, ESearch can only retrieve the "
    "first 9,999 records matching the query. To obtain more than 9,999 PubMed records, consider using EDirect that "
    "contains additional logic to batch PubMed search results automatically so that an arbitrary number can be "
    "retrieved. For details see https://www.ncbi.nlm.nih.gov/books/NBK25499/"
)
EMPTY_TERM = "Empty term and query_key - nothing todo"
EMPTY_IDS = "ID list is empty! Possibly it has no correct IDs."
PROXY_STREAM = (
    " Error: CEFetchPApplication::proxy_stream(): \n<html><head>\n<title>502 Server Error</title>\n</head>\n<body>\n"
    "<h1>Error: Server Error</h1>\n<h2>The server encountered a temporary error and could not complete your request."
    "<p>Please try again in 30 seconds.</h2>\n</body></html>"
)
UNROUTABLE = (
    "Unable to route request!\n\nservice name: /http/service/ratecontrol\ndtab:\n\nbase dtab:\n\noverride dtab:\n"
)
SERVER_ERROR = (
    '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
    '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n<html xmlns="http://www.w3.org/1999/xhtml"><head>'
    "<title>NCBI/eutils211 - WWW Error 500 Diagnostic</title></head><body><h1>Server Error</h1><p>Your request could "
    "not be processed due to a problem on our Web server. This could be a transient problem, please try the query "
    "again.</p></body></html>\n"
)
BLOCKED = (
    "<html><head><title>NCBI - WWW Error Blocked Diagnostic</title></head><body><h1>Access Denied</h1><p>Your access to "
    "the NCBI website at www.ncbi.nlm.nih.gov has been temporarily blocked due to a possible misuse/abuse situation "
    "involving your site.</p></body></html>\n"
)
TOO_LONG = (
    "<html><head><title>414 Request-URI Too Large</title></head><body><h1>Request-URI Too Large</h1></body></html>\n"
)


def html(title: str) -> bytes:
    """A gateway's page."""
    return f"<html>\n<head><title>{title}</title></head>\n<body><center><h1>{title}</h1></center></body>\n</html>\n".encode()


def rate_limit(caller: str, count: int, limit: int) -> str:
    """The body of 429."""
    return f'{{"error":"API rate limit exceeded","api-key":"{caller}","count":"{count}","limit":"{limit}"}}\n'


def bad_key(key: str) -> str:
    """The body of a refused key, which it echoes."""
    return f'{{"error":"API key invalid","api-key":"{key}","type":"invalid",\n"status":"unknown"}}\n'


def head(tool: str) -> str:
    """The XML declaration and the DOCTYPE of a tool."""
    declaration = '<?xml version="1.0"?>' if tool == "espell" else '<?xml version="1.0" encoding="UTF-8" ?>'
    return f"{declaration}\n{_DTDS[tool][1]}\n"


def error_xml(tool: str, text: str) -> str:
    """An ERROR of a tool in XML."""
    root = _DTDS[tool][0]
    return f"{head(tool)}<{root}>\n\t<ERROR>{_escape(text)}</ERROR>\n</{root}>\n"


def _escape(text: str) -> str:
    return escape(text, quote=False).replace('"', "&quot;").replace("\n", "&#xa;")


def error_json(tool: str, text: str) -> str:
    """An ERROR of a tool in JSON; a line break inside stays raw, as the service sends it."""
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    header = f'{{"header":{{"type":"{tool}","version":"0.3"}}'
    if tool == "esearch":
        return f'{header},"esearchresult":{{"ERROR":"{quoted}"}}}}\n'
    if tool == "elink":
        return f'{header},"linksets":[],"ERROR":"{quoted}"}}\n'
    return f'{header},"esummaryresult":["{quoted}"]}}\n'


def error_text(text: str) -> str:
    """An error of EFetch in text mode: the text, form-encoded."""
    return quote_plus(text, safe="!") + "\n"
