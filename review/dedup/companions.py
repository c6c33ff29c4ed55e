"""Companions: different reports that belong together (an abstract and its paper, a preprint and its article, an erratum).

They are proposed, never merged: PRISMA counts reports, and people say which reports make one study.
"""

from __future__ import annotations

from review.dedup.compare import Comparison
from review.dedup.conditions import kinds_differ
from review.dedup.normalise import Normal
from review.dedup.rule import Rule
from review.model import Link
from review.model import LinkKind
from review.model import RecordId

_BY_KIND: dict[str, LinkKind] = {
    "erratum": "erratum-of",
    "reply": "reply-to",
    "protocol": "protocol-of",
    "supplement": "part-of",
    "book review": "reply-to",
}


def propose_companion(c: Comparison, rule: Rule) -> tuple[LinkKind, str] | None:
    """Return the relation of two records that a rule keeps apart, and the reason; None where nothing ties them.

    Reports of one study repeat the title or the abstract, and share an author unless one side does not give any.
    """
    if rule.relation is None or not _tied(c):
        return None
    kind = _relation(c, rule)
    return (kind, rule.sentence) if kind else None


def _tied(c: Comparison) -> bool:
    if not c.left.registrations.isdisjoint(c.right.registrations):
        return True
    if c.left.title.generic or c.right.title.generic or c.names == "different":
        return False
    alike = c.title in ("same", "near", "part")
    if c.title == "loose":
        register = (c.left.kind == "register") != (c.right.kind == "register")
        alike = c.likeness >= 0.8 and (register or (c.names == "same" and c.first_name))
    return alike or (c.names == "same" and c.abstract == "same")


def _relation(c: Comparison, rule: Rule) -> LinkKind | None:
    if rule.relation in ("preprint-of", "register-of"):
        return rule.relation
    if kinds_differ(c):
        odd = c.left.title.kinds ^ c.right.title.kinds
        return next((_BY_KIND[kind] for kind in _BY_KIND if kind in odd), None)
    if rule.relation == "part-of":
        return "part-of" if c.names != "missing" else None
    if c.left.preprint != c.right.preprint:
        return "preprint-of"
    return "abstract-of" if _is_abstract(c.left) != _is_abstract(c.right) else "version-of"


def _is_abstract(side: Normal) -> bool:
    return side.meeting or (side.supplement and side.pages.article)


def link_of(left: RecordId, right: RecordId, kind: LinkKind, rule: str, reason: str) -> Link:
    """Make the link between the records that stand for two groups, in id order."""
    first, second = sorted((left, right))
    return Link(RecordId(first), RecordId(second), kind, rule, reason)
