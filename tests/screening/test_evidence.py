"""Evidence for stopping in words: always with its figures, never a permission."""

from __future__ import annotations

import pytest

from review.errors import UsageError
from review.screening.evidence import describe_evidence
from review.screening.evidence import format_p
from review.screening.evidence import gather_evidence
from review.screening.evidence import write_methods
from review.screening.models import MODELS
from review.screening.stopping import bound_unread

LABELS = [True] * 19 + [False] * 381


def test_the_figures():
    evidence = gather_evidence(LABELS, 500)
    assert (evidence.read, evidence.found, evidence.since, evidence.unread) == (400, 19, 381, 100)
    assert evidence.p == pytest.approx(0.0428794, rel=1e-5)
    assert evidence.curve[-1] == 19
    assert evidence.recall_bound is None


def test_nothing_says_that_one_may_stop():
    for labels, records in ((LABELS, 500), ([False] * 30, 60), (LABELS, 400), ([], 10)):
        sample = bound_unread(100, 50, 0) if records == 500 else None
        text = " ".join(describe_evidence(gather_evidence(labels, records, elusion=sample)))
        assert "stop" not in text
        assert str(len(labels)) in text


def test_the_words_carry_the_figures():
    text = " ".join(describe_evidence(gather_evidence(LABELS, 500, elusion=bound_unread(180, 80, 0))))
    assert "p = 0.043" in text
    assert "Of 180 unread records 80 were drawn at random and read, 0 of them relevant" in text
    assert "reading all 100 is the safe way" in text
    assert "are not excluded" in text


def test_a_lower_bound_is_rounded_down():
    evidence = gather_evidence([True] * 29 + [False] * 971, 2000, elusion=bound_unread(1100, 100, 0))
    assert evidence.recall_bound is not None
    shown = f"{int(evidence.recall_bound * 1000) / 10:.1f}%"
    assert f"a recall of {shown} at least" in " ".join(describe_evidence(evidence))


def test_without_a_relevant_record_nothing_is_said_about_recall():
    evidence = gather_evidence([False] * 300, 1000, elusion=bound_unread(800, 100, 0))
    text = " ".join(describe_evidence(evidence))
    assert "nothing can be said about recall" in text
    assert "p =" not in text
    assert evidence.recall_bound is None


def test_methods_tell_order_test_sample_and_what_was_not_read():
    evidence = gather_evidence(LABELS, 500, elusion=bound_unread(180, 80, 0))
    text = write_methods(evidence, MODELS[0].words, 7)
    assert MODELS[0].words in text
    assert "seed 7" in text
    assert "excluded no record" in text
    assert "after 400 of 500 records" in text
    assert "p = 0.043" in text
    assert text.endswith("The remaining 100 records were not read.")


def test_methods_of_a_screening_to_the_end():
    text = write_methods(gather_evidence(LABELS, 400), MODELS[0].words, 7)
    assert text.endswith("All 400 records were read, and 19 were relevant.")


def test_more_read_than_there_are():
    with pytest.raises(UsageError):
        gather_evidence(LABELS, 399)


@pytest.mark.parametrize(
    ("p", "text"), [(0.0, "< 0.001"), (0.0004, "< 0.001"), (0.05, "0.050"), (0.9999, "0.999"), (1.0, "1")]
)
def test_p_values_in_print(p, text):
    assert format_p(p) == text
