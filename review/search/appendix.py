"""The search appendix after PRISMA-S, and the search history as data, from the runs alone.

Source: Rethlefsen ML et al. PRISMA-S: an extension to the PRISMA Statement for Reporting Literature Searches in Systematic
Reviews. Syst Rev 2021;10:39 (items 1, 2, 8, 9, 12, 13, 14, 15; what a run cannot know is not claimed).
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from typing import cast

from review.model import Run
from review.search.run_document import LineHits
from review.search.run_document import MissingHit

#: The headings of the appendix, in its order.
LANES = {
    "database": "Databases",
    "register": "Study registers",
    "website": "Websites",
    "organisation": "Organisations",
    "citation": "Citation searching",
}


def list_complete(runs: Sequence[Run]) -> list[Run]:
    """Return the runs that count, oldest first."""
    return sorted(
        (run for run in runs if run.details.get("status", "complete") == "complete"),
        key=lambda run: (run.started, run.id),
    )


def describe_history(runs: Sequence[Run]) -> dict[str, object]:
    """Return the search history: one entry a run, oldest first, with everything a reader needs to run it again."""
    return {"schema": 1, "searches": [_describe_run(run) for run in list_complete(runs)]}


def _describe_run(run: Run) -> dict[str, object]:
    details = run.details
    return {
        "id": run.id,
        "source": run.source,
        "platform": details.get("platform", ""),
        "lane": run.lane,
        "kind": run.kind,
        "started": run.started,
        "finished": details.get("finished", ""),
        "who": details.get("who", ""),
        "strategy": run.strategy,
        "strategy_sha256": details.get("strategy_sha256", ""),
        "strategy_file": details.get("strategy_file", ""),
        "limits": details.get("limits", ""),
        "translation": run.translation,
        "lines": [{"line": line.line, "query": line.query, "hits": line.hits} for line in list_lines(run)],
        "hits": run.hits,
        "retrieved": run.retrieved,
        "missing": [hit.id for hit in cast("Sequence[MissingHit]", details.get("missing", ()))],
        "payload_sha256": run.sha256,
        "versions": dict(cast("Mapping[str, str]", details.get("versions") or {})),
    }


def render_appendix(runs: Sequence[Run]) -> str:
    """Return the appendix in Markdown: a table of all searches, then each source's strategy as it was last run.

    Equal runs give equal text. A search that was run again with the same strategy is listed in the table once a run and
    told in full once.
    """
    complete = list_complete(runs)
    parts = ["# Search strategies", "", "Reported after PRISMA-S (Rethlefsen et al., Syst Rev 2021;10:39).", ""]
    for lane, title in LANES.items():
        chosen = [run for run in complete if run.lane == lane]
        if chosen:
            parts += [f"## {title}", "", *_render_table(chosen), ""]
            for run in list_latest(chosen):
                parts += [*_render_run(run), ""]
    if not complete:
        parts += ["No search has been run.", ""]
    return "\n".join(parts).rstrip() + "\n"


def list_latest(runs: Sequence[Run]) -> list[Run]:
    """Return the last run of each source and strategy, and every import: what an appendix tells in full."""
    latest: dict[tuple[str, str, str], Run] = {}
    for run in runs:
        key = (run.source, str(run.details.get("strategy_sha256", "")), run.payload if run.kind == "import" else "")
        latest[key] = run
    return sorted(latest.values(), key=lambda run: (run.source, run.started, run.id))


def _render_table(runs: Sequence[Run]) -> list[str]:
    rows = [
        "| Source | Platform | Date (UTC) | Hits | Records retrieved | By |",
        "|---|---|---|---:|---:|---|",
    ]
    for run in runs:
        hits = "not stated" if run.hits is None else f"{run.hits:,}"
        cells = [run.source, _text(run, "platform"), run.started[:10], hits, f"{run.retrieved:,}", _text(run, "who")]
        rows.append("| " + " | ".join(_escape(cell) or "not stated" for cell in cells) + " |")
    return rows


def _render_run(run: Run) -> list[str]:
    parts = [f"### {name_run(run)}", "", f"{describe_yield(run)}."]
    parts += [f"{label}: {value.rstrip('.')}." for label, value in list_facts(run)]
    parts += ["", *_render_strategy(run)]
    if run.translation:
        parts += ["", "As the service read it:", "", *_fence(run.translation)]
    return parts


def name_run(run: Run) -> str:
    """Give the heading of a run: `PubMed, searched 2026-11-20`."""
    verb = "exported" if run.kind == "import" else "searched"
    return f"{_text(run, 'platform') or run.source}, {verb} {run.started[:10]}"


def describe_yield(run: Run) -> str:
    """Say what a run found and received, and when."""
    time = run.started[11:].rstrip("Z")
    hits = "hits not stated" if run.hits is None else f"{run.hits:,} hits"
    return f"{hits}, {run.retrieved:,} records retrieved; run {run.id}" + (f" at {time} UTC" if time else "")


def list_facts(run: Run) -> list[tuple[str, str]]:
    """List what else a run says of itself, each with its label; what it does not say is left out."""
    facts = [
        ("Limits", _text(run, "limits") or ("none beside the strategy" if run.kind == "search" else "")),
        ("Searched by", _text(run, "who")),
        ("Note", run.note),
        ("Without a record", _name_missing(run)),
        ("Software", _name_versions(run)),
    ]
    return [(label, value) for label, value in facts if value]


def _render_strategy(run: Run) -> list[str]:
    if not run.strategy:
        return ["The strategy was not recorded."]
    lines = list_lines(run)
    if not lines:
        return _fence(run.strategy)
    rows = ["| Line | Query | Hits |", "|---:|---|---:|"]
    for line in lines:
        hits = "" if line.hits is None else f"{line.hits:,}"
        rows.append(f"| {line.line} | {_escape(line.query)} | {hits} |")
    return rows


def _fence(text: str) -> list[str]:
    """Return a code block that no text can end early."""
    longest = max((len(run) for run in text.split() if set(run) == {"`"}), default=0)
    fence = "`" * max(3, longest + 1)
    return [fence, text, fence]


def list_lines(run: Run) -> Sequence[LineHits]:
    """Return the lines of a line-by-line strategy with their hits; empty for a strategy in one piece."""
    return cast("Sequence[LineHits]", run.details.get("lines", ()))


def _text(run: Run, name: str) -> str:
    return str(run.details.get(name) or "")


def _name_missing(run: Run) -> str:
    missing = cast("Sequence[MissingHit]", run.details.get("missing", ()))
    return ", ".join(f"{hit.id} ({hit.reason})" for hit in missing)


def _name_versions(run: Run) -> str:
    versions = cast("Mapping[str, str]", run.details.get("versions") or {})
    return ", ".join(f"{name} {versions[name]}" for name in sorted(versions))


def _escape(text: str) -> str:
    """Return text that cannot end a table's cell."""
    return " ".join(text.replace("\\", "\\\\").replace("|", "\\|").split())
