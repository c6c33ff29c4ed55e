"""Codes of the RUN area: searches as they were made and stored, and what a refresh finds."""

from __future__ import annotations

from review.catalogue.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "RUN-001",
        "error",
        "fewer records retrieved than hits",
        "The service has these records and did not deliver them, although they were asked for again by id.",
        "Run the search again later; the ids are named in run.json under `missing`.",
    ),
    Code(
        "RUN-002",
        "warning",
        "hits without a record",
        "The service counts these ids as hits but holds no record for them any more (deleted or merged).",
        "Nothing can be retrieved; say so where the numbers are reported.",
    ),
    Code(
        "RUN-003",
        "warning",
        "an unfinished run",
        "A search was interrupted; what it received is kept, and it counts for nothing until it is finished.",
        "`review search` resumes it. If the strategy has changed since, delete the folder.",
    ),
    Code(
        "RUN-004",
        "error",
        "a run that cannot be read",
        "The folder's run.json is missing, broken or of a newer version; the run is left out of every number.",
        "Restore the folder from version control; runs are never edited.",
    ),
    Code(
        "RUN-005",
        "error",
        "a payload that is not what was received",
        "A payload file is missing, or its size or hash differ from what run.json says.",
        "Restore the file from version control; runs are never edited.",
    ),
    Code(
        "RUN-006",
        "note",
        "a record delivered more than once",
        "The service delivered the record twice; it counts once.",
        "Nothing to do.",
    ),
    Code(
        "RUN-007",
        "warning",
        "a record that was not asked for",
        "The service delivered a record that is not among the hits; it is kept in the payload and not counted.",
        "Look at the record; run the search again if it matters.",
    ),
    Code(
        "RUN-008",
        "warning",
        "the count changed while the search ran",
        "The service's data changed during the search (or since an interrupted one began). The run holds exactly the hits "
        "listed in its ids.txt.",
        "Run `review refresh` to pick up the difference.",
    ),
    Code(
        "RUN-009",
        "error",
        "the service lists fewer ids than it counts",
        "The count and the list of ids differ even after the search was repeated and divided, so some hits are unknown.",
        "Run the search again later.",
    ),
    Code(
        "RUN-010",
        "note",
        "the service lost the stored search",
        "The service forgot the stored result; the search was made again and its hits compared with the first.",
        "Nothing to do.",
    ),
    Code(
        "RUN-011",
        "warning",
        "an export whose hits differ from its records",
        "The strategy file states how many hits the service had; the imported file holds another number of records.",
        "Export again (services often cap an export), or correct `hits:`.",
    ),
    Code(
        "RUN-020",
        "error",
        "an included report was retracted",
        "A report that counts in this review was retracted. Until someone rules on it, its numbers must not be published.",
        "Decide again at full text: exclude it, or include it with a note that names the retraction and why it is kept.",
    ),
    Code(
        "RUN-021",
        "warning",
        "a report still in play was retracted",
        "A record that is being screened or sought was retracted.",
        "Take it into account when deciding.",
    ),
    Code(
        "RUN-022",
        "warning",
        "an expression of concern",
        "The journal expressed concern about a report that is included or still in play.",
        "Read the notice and note the consequence in the study's sheet.",
    ),
    Code(
        "RUN-023",
        "warning",
        "a correction was published",
        "An erratum, or a corrected and republished version, exists for a report that is included or still in play.",
        "Read it and compare the extracted numbers.",
    ),
    Code(
        "RUN-024",
        "warning",
        "a preprint was published",
        "The published article of a preprint that is included or still in play has appeared.",
        "Extract from the article; the two are reports of one study.",
    ),
    Code(
        "RUN-025",
        "warning",
        "a record changed since it was screened",
        "The title, abstract, publication type or another field that decisions rest on differs from what was screened.",
        "Look at the change; decide again if it matters.",
    ),
    Code(
        "RUN-026",
        "warning",
        "a record vanished from the search",
        "An earlier run of this source found the record; the same strategy does not find it now.",
        "It stays in the review. Find out why: deleted, merged, or indexed differently.",
    ),
    Code(
        "RUN-027",
        "warning",
        "changes could not be looked for",
        "The service did not apply the modification date, so only the reports named here were compared with their current "
        "records.",
        "Run `review search` for a complete comparison.",
    ),
    Code(
        "RUN-028",
        "note",
        "the strategy changed since the last run",
        "New and vanished records may come from the strategy's new text, not from the service.",
        "Nothing to do where the change was meant.",
    ),
)
