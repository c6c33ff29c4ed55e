"""Records to groups: normalise, find candidates, compare, decide, cluster."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence

from review.dedup.candidates import BLOCK_CAP
from review.dedup.compare import compare
from review.dedup.edges import find_edges
from review.dedup.graph import Graph
from review.dedup.groups import Edge
from review.dedup.groups import Group
from review.dedup.groups import Grouping
from review.dedup.groups import Held
from review.dedup.leftovers import collect_leftovers
from review.dedup.normalise import Normal
from review.dedup.normalise import normalise
from review.dedup.rules import decide
from review.dedup.rulings import Ruling
from review.dedup.rulings import settle_rulings
from review.dedup.units import Unit
from review.dedup.units import make_units
from review.findings import Finding
from review.findings import find
from review.model import Record
from review.model import RecordId
from review.model import ReportId


def group_records(
    records: Sequence[Record],
    *,
    rulings: Sequence[Ruling] = (),
    held: Held | None = None,
    merge_preprints: bool = False,
) -> Grouping:
    """Group the records that are entries of one report.

    The outcome does not depend on the order of the records. Entries with one id count as one record.

    Args:
        records: All records, those of earlier refreshes included.
        rulings: People's rulings; they win over the rules.
        held: `Grouping.held` of an earlier call on some of these records: contents compared then are not compared with
            each other again. The outcome is the same as without it.
        merge_preprints: Whether a preprint and its article count as one report; by default they are companions.
    """
    normals, findings = _distinct(records)
    units, firsts = make_units(normals, ids_kept_apart(rulings))
    edges, capped = find_edges(firsts, held)
    return assemble(
        units,
        edges,
        firsts.__getitem__,
        capped=capped,
        rulings=rulings,
        merge_preprints=merge_preprints,
        findings=findings,
        fingerprints={RecordId(normal.id): normal.fingerprint for normal in normals},
    )


def assemble(
    units: Sequence[Unit],
    edges: Sequence[Edge],
    normal_of: Callable[[int], Normal],
    *,
    capped: Iterable[str],
    rulings: Sequence[Ruling],
    merge_preprints: bool,
    findings: Iterable[Finding],
    fingerprints: Mapping[RecordId, str],
) -> Grouping:
    """Make groups of units and edges, however these were computed.

    Args:
        units: The contents, in the order of fingerprints.
        edges: What the rules say on pairs of contents.
        normal_of: Fetches the normal form of a unit by its position.
        capped: Keys that too many records share.
        rulings: People's rulings.
        merge_preprints: Whether a preprint and its article count as one report.
        findings: Findings so far; those of this step are added.
        fingerprints: The content of every id.
    """
    said = list(findings)
    said += [find("DEDUP-005", f"more than {BLOCK_CAP} records share the key {key[1:]!r}", found=key) for key in capped]
    graph = Graph(units, edges, normal_of, merge_preprints)
    said += graph.take_rulings(list(settle_rulings(rulings).values()))
    clustering = graph.cluster()
    said += [_contradiction(graph.name_of(a), graph.name_of(b)) for a, b in clustering.conflicts]
    groups = [_make_group([units[place] for place in members]) for members in clustering.sets]
    doubtful, companions = collect_leftovers(
        graph, clustering.sets, clustering.blocked, [group.representative for group in groups]
    )
    return Grouping(
        groups=tuple(sorted(groups, key=lambda group: group.members)),
        doubtful=doubtful,
        companions=companions,
        findings=tuple(said),
        edges=tuple(edges),
        fingerprints=fingerprints,
    )


def ids_kept_apart(rulings: Iterable[Ruling]) -> frozenset[RecordId]:
    """Return the ids that a standing ruling keeps apart from another record."""
    standing = settle_rulings(rulings)
    return frozenset(name for pair, ruling in standing.items() if ruling.ruling == "different" for name in pair)


def _distinct(records: Sequence[Record]) -> tuple[list[Normal], list[Finding]]:
    """Normalise; keep one entry per id, the most complete one, in the order of ids."""
    by_id: dict[str, list[Normal]] = defaultdict(list)
    for record in records:
        by_id[record.id].append(normalise(record))
    kept = []
    findings = []
    for name in sorted(by_id):
        first, clash = choose_entry(by_id[name])
        kept.append(first)
        findings += clash
    findings += [finding for normal in kept for finding in check_title(normal)]
    return kept, findings


def choose_entry(entries: Sequence[Normal]) -> tuple[Normal, list[Finding]]:
    """Return the most complete of the entries with one id, and a finding where another is a different document."""
    first, *others = sorted(entries, key=lambda entry: (-entry.weight, entry.fingerprint))
    for other in others:
        rule = None if other.fingerprint == first.fingerprint else decide(compare(first, other))
        if rule is not None and rule.forbids:
            message = f"{first.id}: entries with this id are different documents ({rule.sentence})"
            return first, [find("DEDUP-004", message, found=first.id, ids=(first.id,))]
    return first, []


def check_title(normal: Normal) -> list[Finding]:
    """Return a finding for a record with neither a title nor an identifier."""
    if normal.title.wordings or normal.doi or normal.pmid:
        return []
    return [find("DEDUP-006", f"{normal.id} has no title", ids=(normal.id,))]


def _make_group(units: Sequence[Unit]) -> Group:
    """Collect the ids; the most complete record stands for the group."""
    best = min(units, key=lambda unit: (*unit.rank, unit.ids[0]))
    return Group(tuple(sorted(name for unit in units for name in unit.ids)), ReportId(best.ids[0]))


def _contradiction(left: RecordId, right: RecordId) -> Finding:
    message = f"{left} and {right} are ruled the same, but another ruling keeps their groups apart"
    return find("DEDUP-002", message, ids=(left, right))
