"""The results text: the flow of the records in a sentence, and each analysis with its numbers, each leading to what it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence

from review.model import Box
from review.model import Value
from review.numerals import count_noun
from review.numerals import format_number
from review.pooling.planned import PlannedResult
from review.pooling.pooled import PooledResult
from review.reporting.document import Paragraph
from review.reporting.document import Runs
from review.reporting.document import join_runs
from review.reporting.document import write_paragraph
from review.reporting.forest_rows import LAYOUTS
from review.reporting.forest_rows import format_p
from review.reporting.pooled import ITERATED
from review.reporting.pooled import describe_refusal
from review.reporting.sections.material import Material

#: With fewer studies a model says next to nothing of how far they differ.
FEWEST_FOR_HETEROGENEITY = 3


def tell_flow(material: Material) -> Paragraph:
    """Tell the flow of the records in sentences, with the numbers of the diagram."""
    boxes = {box.key: box for box in material.boxes}
    if not any(boxes[key].n for key in ("database_results", "register_results") if key in boxes) and not any(
        key in boxes for key in ("website_results", "organisation_results", "citations_results")
    ):
        return write_paragraph("There is no record yet.")
    sources = [
        (words, material.quote(f"prisma.{key}"))
        for key, words in (
            ("database_results", "databases"),
            ("register_results", "registers"),
            ("website_results", "websites"),
            ("organisation_results", "organisations"),
            ("citations_results", "citation searching"),
        )
        if key in boxes and boxes[key].n
    ]
    found = join_runs((number, f" from {words}") for words, number in sources if number)
    parts: list[Runs] = [("Records identified: ", *found)]
    parts += _tell_boxes(material, boxes)
    return write_paragraph(*join_runs(parts, ". ", ". "), ".")


def tell_included(material: Material) -> Paragraph:
    """Say how many studies and patients are included, and of which designs."""
    studies, reports, patients = (
        material.quote(f"prisma.{key}") for key in ("new_studies", "new_reports", "new_cases")
    )
    if studies is None or not material.counts.get("new_studies"):
        return write_paragraph("No study is included yet.")
    designs: dict[str, int] = {}
    for study in material.included:
        designs[study.design] = designs.get(study.design, 0) + 1
    told = "; ".join(f"{design} ({number})" for design, number in designs.items())
    return write_paragraph(
        "Included: studies ", studies, ", reports ", reports or "", ", patients ", patients or "", f". Designs: {told}."
    )


def tell_analysis(result: PlannedResult, material: Material) -> tuple[Paragraph, ...]:
    """Tell one analysis: what was counted, the sum and the model, how far studies differ; or why there is no sum."""
    name = result.analysis.name
    if not result.rows:
        return ()
    rows = [
        (f"{row.study.label}: ", number)
        for row in result.rows
        if (number := material.quote(f"pool.{name}.{row.study.id}"))
    ]
    told: list[Runs] = []
    together, model = material.quote(f"pool.{name}.together"), material.quote(f"pool.{name}.model")
    if together:
        told.append((f"All together, in {count_noun(len(result.rows), 'study', 'studies')}: ", together))
        if model:
            told.append(("The model of studies that differ gives ", model))
        told += _tell_heterogeneity(result, material)
    elif len(rows) == 1:
        told.append(rows[0])
    else:
        told.append(("By study: ", *join_runs(rows, "; ", "; ")))
    told += [(sentence,) for sentence in _tell_limits(result)]
    return (write_paragraph(*join_runs(told, ". ", ". "), "."),)


def list_heterogeneity_values(planned: Sequence[PlannedResult]) -> Iterator[Value]:
    """Yield `pool.<analysis>.tau2`, `.i2` and `.q` of the default model, from three studies on."""
    for result in planned:
        model = result.model
        if model is None or model.estimate is None or len(result.rows) < FEWEST_FOR_HETEROGENEITY:
            continue
        ids = tuple(str(row.study.id) for row in result.rows)
        key = f"pool.{result.analysis.name}"
        if model.tau2 is not None:
            low, high = _settle_interval(model)
            yield Value(
                f"{key}.tau2",
                _write_tau2(model),
                _settle(model.tau2),
                ci_low=low,
                ci_high=high,
                method="tau2, logit",
                ids=ids,
            )
        if model.i2 is not None:
            yield Value(f"{key}.i2", f"{format_number(model.i2, 0)}%", _settle(model.i2), method="I2", ids=ids)
        if model.q is not None and model.q_p is not None:
            text = f"{format_number(model.q, 2)}, df = {model.q_df}, {format_p(model.q_p, LAYOUTS['default'])}"
            yield Value(f"{key}.q", text, _settle(model.q), method="likelihood-ratio test of one proportion", ids=ids)


def _tell_boxes(material: Material, boxes: dict[str, Box]) -> Iterator[Runs]:
    def say(words: str, *keys: str) -> Runs:
        numbers = [number for key in keys if (number := material.quote(f"prisma.{key}"))]
        return (f"{words} ", *join_runs(numbers)) if numbers else ()

    lines: list[tuple[str, tuple[str, ...]]] = [
        ("Duplicates removed:", ("duplicates",)),
        ("Records screened:", ("records_screened",)),
        ("Records excluded at title and abstract:", ("records_excluded",)),
        ("Reports sought:", ("dbr_sought_reports", "other_sought_reports")),
        ("Not retrieved:", ("dbr_notretrieved_reports", "other_notretrieved_reports")),
        ("Assessed at full text:", ("dbr_assessed", "other_assessed")),
    ]
    for words, keys in lines:
        if told := say(words, *keys):
            yield told
    for key in ("dbr_excluded", "other_excluded"):
        box = boxes.get(key)
        if box is not None and box.n:
            reasons = join_runs(
                (f"{line.label} ", material.quote(f"prisma.{key}.{place}") or "")
                for place, line in enumerate(box.lines, 1)
            )
            yield (*say("Excluded at full text:", key), " (", *reasons, ")")
    for words, key in (
        ("Records still to be screened:", "records_waiting"),
        ("Reports still to be decided on:", "dbr_waiting"),
    ):
        if key in boxes:
            yield say(words, key)


def _tell_heterogeneity(result: PlannedResult, material: Material) -> Iterator[Runs]:
    name = result.analysis.name
    if len(result.rows) < FEWEST_FOR_HETEROGENEITY:
        yield ("Two studies say next to nothing of how far studies differ",)
        return
    numbers = [
        (f"{words} ", number)
        for part, words in (("tau2", "tau²"), ("i2", "I²"), ("q", "χ² ="))
        if (number := material.quote(f"pool.{name}.{part}"))
    ]
    if numbers:
        yield ("Heterogeneity: ", *join_runs(numbers))
    if result.model is not None and result.model.pi is not None:
        low, high = (format_number(100 * end, 1) for end in result.model.pi)
        yield (f"The prediction interval for a new study runs from {low} to {high}%",)


def _tell_limits(result: PlannedResult) -> Iterator[str]:
    if result.is_refused:
        yield describe_refusal(result).rstrip(".")
    unknown = sum(len(row.tally.unknown) for row in result.rows)
    if unknown:
        yield f"{count_noun(unknown, 'patient')} without a known answer left out"
    if any(finding.code == "POOL-004" for finding in result.findings):
        yield "The studies define the outcome differently; the table says how"
    secondary = [row.study.label for row in result.rows if row.study.evidence == "secondary"]
    if secondary:
        yield f"Known only in total, through another publication: {'; '.join(secondary)}"


def _write_tau2(model: PooledResult) -> str:
    text = format_number(_settle(model.tau2 or 0.0), 2)
    if model.tau2_ci is None:
        return text
    ends = ("no limit" if end in (float("inf"), float("-inf")) else format_number(end, 2) for end in model.tau2_ci)
    return f"{text} ({model.level * 100:g}% CI {' to '.join(ends)})"


def _settle(value: float) -> float:
    return round(value, ITERATED)


def _settle_interval(model: PooledResult) -> tuple[float | None, float | None]:
    """Give the limits as JSON can hold them: none where they are infinite."""
    if model.tau2_ci is None:
        return None, None
    low, high = (None if end in (float("inf"), float("-inf")) else _settle(end) for end in model.tau2_ci)
    return low, high
