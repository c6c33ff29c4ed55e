"""`review screen simulate`: how early an order of screening would have shown the relevant records of a finished review."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import Annotated

import typer

from review.cli import options
from review.cli import output

if TYPE_CHECKING:
    from review.screening.simulation import Simulation


def run(
    file: Annotated[
        Path,
        typer.Argument(help="CSV with title, abstract, label_included (0 or 1) and record_id.", metavar="FILE.csv"),
    ],
    seed: Annotated[
        int, typer.Option("--seed", help="Draws the two records known beforehand.", min=0, max=2**32 - 1)
    ] = 0,
    prior_included: Annotated[
        list[str] | None,
        typer.Option(
            "--prior-included", help="Ids of relevant records known beforehand, between commas.", metavar="IDS"
        ),
    ] = None,
    prior_excluded: Annotated[
        list[str] | None,
        typer.Option(
            "--prior-excluded", help="Ids of irrelevant records known beforehand, between commas.", metavar="IDS"
        ),
    ] = None,
    model: Annotated[str, typer.Option("--model", help="The model that orders the records.")] = "",
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Replay the screening of a finished review, ranked by what has been read so far, and measure the order.

    Without records known beforehand, one of each label is drawn as ASReview draws them. They count in no figure.

    Example: review screen simulate labelled.csv --seed 1
    """
    from review.screening.labelled import read_labelled
    from review.screening.models import find_model
    from review.screening.simulation import draw_priors
    from review.screening.simulation import simulate_screening

    chosen = find_model(model)
    records, findings = read_labelled(file)
    output.tell_findings(findings, quiet=quiet)
    ids = {record.id for record in records}
    included, excluded = _split_ids(prior_included, ids), _split_ids(prior_excluded, ids)
    if not included and not excluded:
        drawn = draw_priors(records, seed)
        included, excluded = drawn[:1], drawn[1:]
    empty = [record for record in records if not record.text.words.strip()]
    if empty:
        plural = "record has" if len(empty) == 1 else "records have"
        output.tell(
            f"{file}:{empty[0].line}: {len(empty)} {plural} neither title nor abstract and can only come by chance",
            quiet=quiet,
        )
    simulation = simulate_screening(records, chosen, included=included, excluded=excluded)
    del as_json  # the result is one value, and JSON is how it is printed
    output.print_json(summarise(simulation, chosen.name, seed))


def _split_ids(given: list[str] | None, known: set[str]) -> tuple[str, ...]:
    """Split at commas, except where an id holds one itself."""
    parts: list[str] = []
    for text in given or ():
        if text.strip() in known:
            parts.append(text.strip())
        else:
            parts.extend(part.strip() for part in text.split(",") if part.strip())
    return tuple(parts)


def summarise(simulation: Simulation, model: str, seed: int) -> dict[str, object]:
    """Return the JSON of a simulation."""
    metrics = simulation.metrics
    order = list(simulation.order)
    return {
        "records": metrics.records if metrics else len(order) - len(simulation.priors),
        "included": metrics.included if metrics else 0,
        "recall": metrics.recall if metrics else {},
        "wss95": metrics.wss95 if metrics else None,
        "atd": metrics.atd if metrics else None,
        "model": model,
        "seed": seed,
        "priors": list(simulation.priors),
        "order": order,
    }
