"""A whole file of NLM behind the emulator: more than two windows of real records, books' absence, versions and all."""

from __future__ import annotations

import gzip
import re

import pytest

from review.search.execution import run_search
from tests.emulator.corpus import Corpus
from tests.emulator.server import Emulator
from tests.search.conftest import make_source
from tests.search.conftest import make_strategy


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize("query", ["all[sb]", "2020:2022[dp]"])
def test_twenty_thousand_real_records_are_retrieved_completely(shared, tmp_path, query):
    with gzip.open(shared / "data/entrez/bulk/pubmed21n1298.xml.gz") as stream:
        corpus = Corpus(re.findall(rb"<PubmedArticle>.*?</PubmedArticle>", stream.read(), re.DOTALL))
    with Emulator(corpus) as running:
        outcome = run_search(make_source(running, page_size=500), make_strategy(query), tmp_path)
        assert running.count_calls("efetch") <= outcome.hits / 500 + 8
    assert outcome.hits == outcome.retrieved == len(set(outcome.ids)) > 20_000
    assert outcome.missing == ()
    assert outcome.findings == ()
    assert set(outcome.ids) <= {str(pmid) for pmid in corpus.pmids}
