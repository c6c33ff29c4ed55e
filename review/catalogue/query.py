"""Codes of the QUERY area: search strategies, and what a service makes of them."""

from __future__ import annotations

from review.catalogue.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "QUERY-001",
        "error",
        "a strategy that cannot be run",
        "The strategy file lacks its source or its query, or gives both a query and lines.",
        "Write `source:` and one of `query:` or `lines:`.",
    ),
    Code(
        "QUERY-002",
        "warning",
        "an unknown entry in a strategy file",
        "A key or a value of the strategy file has no meaning here and was not used; often it is misspelt.",
        "Use one of the names listed in the finding, or move the text to `notes:`.",
    ),
    Code(
        "QUERY-003",
        "warning",
        "a known item that is not an id",
        "Known items are found again by their id; this one could not be read as one and is not looked for.",
        "Give the PubMed id or the DOI of the report.",
    ),
    Code(
        "QUERY-004",
        "error",
        "a date limit that is not a date",
        "The service ignores a date limit that it cannot read, without a word.",
        "Write YYYY, YYYY/MM or YYYY/MM/DD.",
    ),
    Code(
        "QUERY-010",
        "error",
        "brackets that do not pair",
        "PubMed may ignore an unpaired bracket and regroup the query, so the result is not the one that was meant. The "
        "query is not sent.",
        "Add or remove the bracket; `--anyway` sends the query as it is.",
    ),
    Code(
        "QUERY-011",
        "error",
        "quotes that do not pair",
        "An unpaired quote turns operators into words of a phrase. The query is not sent.",
        "Close the quote; `--anyway` sends the query as it is.",
    ),
    Code(
        "QUERY-012",
        "warning",
        "typographic quotes",
        "Quotes pasted from a word processor may not make a phrase: the words are then searched one by one.",
        'Replace them by straight quotes (").',
    ),
    Code(
        "QUERY-013",
        "error",
        "a typographic asterisk",
        "Only the plain asterisk truncates; a look-alike is ignored and finds a small part of what was meant.",
        "Replace it by *.",
    ),
    Code(
        "QUERY-014",
        "error",
        "an unknown field tag",
        "PubMed drops a field tag that it does not know without a word and searches all fields instead.",
        "Use a tag of PubMed's list, for example [tiab], [mh], [au], [dp].",
    ),
    Code(
        "QUERY-015",
        "error",
        "a field tag on a group",
        "PubMed drops a tag that follows a bracketed group without a word and searches all fields instead.",
        "Tag each term: (asthma[tiab] OR copd[tiab]).",
    ),
    Code(
        "QUERY-016",
        "warning",
        "a lower-case operator",
        "Operators are upper case; `or` and `and` between terms are searched as words or dropped.",
        "Write AND, OR, NOT.",
    ),
    Code(
        "QUERY-017",
        "warning",
        "a date limit with one end",
        "The service ignores a date limit of which only one end is given, without a word. Under `limits:` the open end is "
        "sent as 1800 or 3000; inside a query it is sent as written.",
        "Give both ends; 3000 stands for no upper end.",
    ),
    Code(
        "QUERY-018",
        "warning",
        "a line that nothing uses",
        "This line of the strategy is neither the result nor part of it.",
        "Use it in a later line, or remove it.",
    ),
    Code(
        "QUERY-019",
        "error",
        "a reference to a line that is not above",
        "The line refers to a number that does not exist, or to itself or a later line. The query is not sent.",
        "Correct the number.",
    ),
    Code(
        "QUERY-020",
        "warning",
        "a tag modifier that the service ignores",
        "`:~N` works with [ti], [tiab] and [ad] alone, `:noexp` with [mh], [majr], [sh] and [pt]; elsewhere it is dropped.",
        "Remove the modifier, or use it with a tag that knows it.",
    ),
    Code(
        "QUERY-021",
        "warning",
        "an HTML entity in the query",
        "Text like &amp; was pasted from a web page; the service searches it letter by letter.",
        "Write the character itself.",
    ),
    Code(
        "QUERY-022",
        "error",
        "dates the wrong way round",
        "A range whose start is later than its end finds nothing, without a word.",
        "Swap the two dates.",
    ),
    Code(
        "QUERY-030",
        "warning",
        "a phrase not found by the service",
        "The service does not know this word or phrase and left it out (or found nothing for it); the other terms still "
        "gave hits, so the result looks sound.",
        "Look at the spelling; take the phrase apart, or keep it and say so.",
    ),
    Code(
        "QUERY-031",
        "error",
        "a field not found by the service",
        "The service does not know the field and left it out.",
        "Use a field of the service.",
    ),
    Code(
        "QUERY-032",
        "warning",
        "a term ignored by the service",
        "The service left this term out of the query.",
        "Look whether the term matters; take it out or write it differently.",
    ),
    Code(
        "QUERY-033",
        "note",
        "a remark of the service",
        "The service added this remark to its answer.",
        "Read it; nothing needs to be done where it is expected.",
    ),
    Code(
        "QUERY-034",
        "warning",
        "no hits",
        "The service answered and found nothing. This is its answer, not a failure.",
        "Look at how the service read the query.",
    ),
    Code(
        "QUERY-035",
        "error",
        "a filter that the service did not apply",
        "The date limit does not appear in the service's translation of the query, so it was not applied.",
        "Write the dates into the query itself, for example 2000:2025[dp].",
    ),
    Code(
        "QUERY-040",
        "warning",
        "a known item that the strategy does not find",
        "The strategy file names a report that the search must find, and the search did not find it.",
        "Find out why: not in this source, not indexed yet, or a term is missing.",
    ),
)
