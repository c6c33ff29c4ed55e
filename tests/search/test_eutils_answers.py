from __future__ import annotations

import pytest

from review.errors import BadResponse
from review.errors import SourceRefused
from review.search.http import Answer
from review.search.http import Retry
from review.search.sources.eutils_answers import HistoryLost
from review.search.sources.eutils_answers import check_answer
from review.search.sources.eutils_answers import parse_search
from review.search.sources.eutils_answers import scan_page
from tests.emulator.synthesis import article
from tests.emulator.synthesis import book

PROLOG = '<?xml version="1.0" encoding="UTF-8" ?>\n'
SEARCH_TYPE = (
    '<!DOCTYPE eSearchResult PUBLIC "-//NLM//DTD esearch 20060628//EN" '
    '"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20060628/esearch.dtd">\n'
)
SEARCH = (
    "<eSearchResult><Count>3</Count><RetMax>3</RetMax><RetStart>0</RetStart><QueryKey>1</QueryKey>"
    "<WebEnv>MCID_1</WebEnv><IdList>\n<Id>30</Id>\n<Id>20</Id>\n<Id>20</Id><Id>10</Id></IdList><TranslationSet/>"
    '<QueryTranslation>"asthma"[Title]  AND x</QueryTranslation><ErrorList><PhraseNotFound>abcXYZ</PhraseNotFound>'
    "<FieldNotFound>foo</FieldNotFound></ErrorList><WarningList><PhraseIgnored>of</PhraseIgnored>"
    '<QuotedPhraseNotFound>"body battery"[tiab]</QuotedPhraseNotFound><OutputMessage>No items found.</OutputMessage>'
    "<OutputMessage>Unknown sort schema 'date' ignored</OutputMessage></WarningList></eSearchResult>"
)
SET_TYPE = (
    '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
)


def answer(text, status=200, **headers):
    body = text if isinstance(text, bytes) else text.encode()
    return Answer(status, {key.replace("_", "-"): value for key, value in headers.items()}, body)


def page(*records, kind=SET_TYPE):
    return f"{PROLOG}{kind}<PubmedArticleSet>\n".encode() + b"\n".join(records) + b"</PubmedArticleSet>\n"


def error(root, text):
    return f"{PROLOG}<{root}>\n\t<ERROR>{text}</ERROR>\n</{root}>"


def test_a_search_answer_is_read_whole():
    body = check_answer(answer(PROLOG + SEARCH_TYPE + SEARCH), "eSearchResult")
    found = parse_search(body)
    assert (found.count, found.ids, found.repeated) == (3, ("30", "20", "10"), 1)
    assert (found.web_env, found.query_key) == ("MCID_1", "1")
    assert found.translation == '"asthma"[Title] AND x'
    assert found.phrases_not_found == ("abcXYZ",)
    assert found.quoted_not_found == ('"body battery"[tiab]',)
    assert found.fields_not_found == ("foo",)
    assert found.phrases_ignored == ("of",)
    assert found.messages == ("No items found.", "Unknown sort schema 'date' ignored")


def test_a_count_alone_and_an_empty_list_are_answers():
    assert parse_search(b"<eSearchResult><Count>104860</Count></eSearchResult>").count == 104860
    found = parse_search(b"<eSearchResult><Count>0</Count><IdList/><TranslationSet/></eSearchResult>")
    assert (found.count, found.ids) == (0, ())


def test_a_doctype_of_any_year_never_reaches_the_network():
    text = SEARCH_TYPE.replace("20060628", "20991231") + SEARCH
    assert parse_search(check_answer(answer(PROLOG + text), "eSearchResult")).count == 3


@pytest.mark.parametrize(
    "text",
    [
        SEARCH.replace("<Count>3</Count>", ""),
        SEARCH.replace("<Count>3</Count>", "<Count>many</Count>"),
        SEARCH.replace("<Count>3</Count>", "<Count>-3</Count>"),
        SEARCH.replace("<Id>30</Id>", "<Id>x</Id>"),
        SEARCH.replace("</IdList>", ""),
    ],
)
def test_a_search_answer_that_cannot_be_read_is_asked_again(text):
    with pytest.raises(Retry):
        parse_search(text.encode())


RATE = '{"error":"API rate limit exceeded","api-key":"203.0.113.7","count":"4","limit":"3"}\n'
BLOCKED = (
    "<!DOCTYPE html><html><head><title>NCBI - WWW Error Blocked Diagnostic</title></head><body>Access Denied. Your "
    "access was temporarily blocked due to a possible misuse/abuse situation involving your site.</body></html>"
)
PAST = "Search Backend failed: Exception:\n'retstart' cannot be larger than 9998. For PubMed, ESearch can only ..."


@pytest.mark.parametrize("status", [429, 200])
def test_the_rate_limit_is_one_under_any_status(status):
    with pytest.raises(Retry) as caught:
        check_answer(answer(RATE, status, retry_after="2"), "PubmedArticleSet")
    assert caught.value.wait_seconds == 2.0
    with pytest.raises(Retry) as caught:
        check_answer(answer(RATE, status), "eSearchResult")
    assert caught.value.wait_seconds == 1.0


def test_a_bad_key_ends_the_run_and_is_not_repeated():
    text = '{"error":"API key invalid","api-key":"f0e1d2","type":"invalid",\n"status":"unknown"}'
    with pytest.raises(SourceRefused, match="NCBI_API_KEY") as caught:
        check_answer(answer(text, 400), "eSearchResult")
    assert "f0e1d2" not in str(caught.value)


@pytest.mark.parametrize("status", [403, 200])
def test_a_blocked_address_ends_the_run(status):
    with pytest.raises(SourceRefused, match="blocked"):
        check_answer(answer(BLOCKED, status), "eSearchResult")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Search Backend failed: Pubmed 2.0 search API: HTTP request returned 502 status.", Retry),
        ("Couldn't resolve #pmquerysrv-mz?dbaf=pubmed, the address table is empty", Retry),
        ("Database is not supported: pubmed", Retry),
        ("Can't run executor", Retry),
        ("Unable to obtain query #1", HistoryLost),
        (PAST, BadResponse),
        ("Position 15000 is out of acceptable range [9999,9998]", BadResponse),
        ("Empty term and query_key - nothing todo", BadResponse),
        ("Invalid db name specified: pubmed2", BadResponse),
        ("ID list is empty! Possibly it has no correct IDs.", BadResponse),
        (" Error: CEFetchPApplication::proxy_stream(): &#xa;&lt;html&gt;502 Server Error", Retry),
        (" Error occurred: cannot get document summary", Retry),
        ("API key invalid", SourceRefused),
    ],
)
@pytest.mark.parametrize("status", [200, 400])
def test_errors_inside_an_answer_are_sorted(text, kind, status):
    for root in ("eSearchResult", "eFetchResult"):
        with pytest.raises(kind) as caught:
            check_answer(
                answer(error(root, text), status), "eSearchResult" if root == "eSearchResult" else "PubmedArticleSet"
            )
        assert "pmquerysrv" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"  \n",
        PROLOG,
        PROLOG + SET_TYPE,
        "<!DOCTYPE html><html><body>NCBI</body></html>",
        "<html><body>NCBI</body></html>",
        '{"header":{"type":"efetch","version":"0.3"}}',
        "Unable to route request!\n\nservice name: /http/service/ratecontrol\ndtab:\n",
        PROLOG + SEARCH_TYPE + SEARCH,
        page(article(1))[:-30],
        "1\n2\n3\n",
    ],
)
def test_what_is_no_page_under_200_is_asked_again(text):
    with pytest.raises(Retry):
        check_answer(answer(text), "PubmedArticleSet")


@pytest.mark.parametrize(
    ("text", "status"), [('{"error":"Unknown Error"}', 400), ("", 400), ("Bad Gateway", 502), ("", 404)]
)
def test_failures_without_a_reason_are_asked_again(text, status):
    with pytest.raises(Retry):
        check_answer(answer(text, status), "PubmedArticleSet")


def test_a_query_too_long_is_not_repeated():
    with pytest.raises(BadResponse, match="too long"):
        check_answer(answer("<html>Request-URI Too Large</html>", 414), "eSearchResult")


def test_pages_are_listed_with_articles_books_and_versions():
    body = check_answer(answer(page(article(30), book(20), article(10, version=2))), "PubmedArticleSet")
    assert scan_page(body) == [("30", "1"), ("20", "1"), ("10", "2")]


def test_ids_of_references_and_comments_are_not_the_records():
    record = article(30, cited=[("77", "10.1/x")], relations=[("CommentIn", "J. 2020", "88")])
    assert scan_page(page(record)) == [("30", "1")]


def test_an_empty_set_and_a_byte_order_mark_are_answers():
    assert scan_page(check_answer(answer(page()), "PubmedArticleSet")) == []
    assert scan_page(check_answer(answer(PROLOG + "<PubmedArticleSet/>"), "PubmedArticleSet")) == []
    assert scan_page(check_answer(answer(b"\xef\xbb\xbf" + page(article(3))), "PubmedArticleSet")) == [("3", "1")]


def test_a_doctype_of_an_unknown_year_does_not_matter():
    kind = SET_TYPE.replace("250101", "990101")
    assert scan_page(check_answer(answer(page(article(3), kind=kind)), "PubmedArticleSet")) == [("3", "1")]


@pytest.mark.parametrize(
    "body",
    [
        page(article(1)).replace(b"</PubmedArticle>", b"", 1),
        page(article(1)).replace(b'<PMID Version="1">1</PMID>', b""),
        page(article(1)).replace(b">1</PMID>", b"></PMID>"),
        b"<PubmedArticleSet>&undefined;</PubmedArticleSet",
    ],
)
def test_a_damaged_page_is_asked_again(body):
    with pytest.raises(Retry):
        scan_page(body)


def test_entities_of_a_hostile_page_are_neither_accepted_nor_expanded():
    bomb = '<!DOCTYPE PubmedArticleSet [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    body = page(article(1, title="&b;"), kind=bomb)
    with pytest.raises(Retry, match="entities"):
        check_answer(answer(body), "PubmedArticleSet")
    assert scan_page(body) == [("1", "1")]


# What each recorded body must be taken for; the bodies themselves stay where they were recorded.
RECORDED = {
    "api_key_invalid_400.json": (400, "eSearchResult", SourceRefused),
    "efetch_xml_bad_id_400.xml": (400, "PubmedArticleSet", BadResponse),
    "efetch_xml_expired_webenv.xml": (400, "PubmedArticleSet", HistoryLost),
    "efetch_xml_proxy_502_inside.xml": (200, "PubmedArticleSet", Retry),
    "efetch_xml_unknown_pmid_200.xml": (200, "PubmedArticleSet", None),
    "esearch_xml_backend502_200.xml": (200, "eSearchResult", Retry),
    "gateway_unable_to_route.txt": (200, "eSearchResult", Retry),
    "rate_limit_429.json": (200, "eSearchResult", Retry),
}


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_recorded_bodies_are_taken_for_what_they_are(shared, name):
    status, root, kind = RECORDED[name]
    recorded = answer((shared / "data/entrez/captured_bodies" / name).read_bytes(), status)
    if kind is None:
        assert scan_page(check_answer(recorded, root)) == []
    else:
        with pytest.raises(kind):
            check_answer(recorded, root)


def test_recorded_searches_are_read(shared):
    folder = next((shared / "data/entrez/biopython").rglob("esearch1.xml")).parent
    for name in ("esearch1.xml", "esearch2.xml", "esearch3.xml", "esearch8.xml"):
        body = check_answer(answer((folder / name).read_bytes()), "eSearchResult")
        found = parse_search(body)
        assert len(found.ids) <= found.count
    assert found.phrases_not_found


def test_recorded_pages_hold_what_their_names_say(shared):
    folder = shared / "data/entrez/metapub/pmid_xml"
    checked = 0
    for path in sorted(folder.glob("*.xml"))[:60]:
        body = check_answer(answer(path.read_bytes()), "PubmedArticleSet")
        assert [record.pmid for record in scan_page(body)] in ([path.stem], [])
        checked += 1
    assert checked


def test_a_deep_json_does_not_break_the_check():
    with pytest.raises(Retry):
        check_answer(answer("{" + '"a":{' * 5000), "eSearchResult")
