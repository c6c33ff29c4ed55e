"""Codes of the PRISMA area: the arithmetic of the flow diagram, and its exchange with the PRISMA2020 app.

Up to 019 exact identities, 021 to 029 identities with lawful exceptions, from 041 the app's CSV.
"""

from __future__ import annotations

from review.catalogue.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "PRISMA-001",
        "error",
        "The parts of a number do not add up to it",
        "A number of the flow diagram is printed with its parts (databases, registers, reasons) and their sum differs from it.",
        "Look at the ids in the message: a part lacks them or counts them twice. Counts of a previous version are mended in protocol.yaml.",
    ),
    Code(
        "PRISMA-002",
        "error",
        "Records screened are not those identified without those removed",
        "Records from databases and registers, less duplicates, records removed by automation and for other reasons, must be the records screened "
        "(with those that still await screening).",
        "See the ids in the message: a record that was removed and screened, or neither.",
    ),
    Code(
        "PRISMA-003",
        "error",
        "Reports sought are not those retrieved with those not retrieved",
        "Every report that was sought was either assessed for eligibility, or not retrieved, or (in an unfinished review) still awaits a decision.",
        "Give the report in the message a decision at the retrieval or the full-text stage, or remove one that contradicts.",
    ),
    Code(
        "PRISMA-004",
        "error",
        "Reports assessed are not those excluded with those included",
        "Every report that was assessed for eligibility is either excluded for a reason or a report of an included study.",
        "Decide on the report in the message, or name its study in a sheet under extraction/studies/.",
    ),
    Code(
        "PRISMA-005",
        "error",
        "A report is excluded for more than one reason",
        "The reasons of the flow diagram add up only when each excluded report has exactly one primary reason.",
        "Keep the first reason of the protocol's order in the log; put the others into the note.",
    ),
    Code(
        "PRISMA-006",
        "error",
        "Studies and their reports do not fit each other",
        "A study has at least one report, so there are never more studies than reports, and the studies counted are those that the included reports "
        "belong to.",
        "A sheet lacks its report, a report lacks its sheet, or reports of one study have been made two studies.",
    ),
    Code(
        "PRISMA-007",
        "error",
        "The totals of an updated review do not add up",
        "Total studies are the previous ones and the new ones, less previous studies that are no longer included; reports likewise, with new reports of "
        "previous studies.",
        "Correct the numbers of the previous version in protocol.yaml, or declare the studies that were withdrawn.",
    ),
    Code(
        "PRISMA-008",
        "error",
        "More studies in the meta-analysis than in the review",
        "Every study of the meta-analysis is a study included in the review.",
        "Remove the study in the message from the analysis, or include its report in the screening log.",
    ),
    Code(
        "PRISMA-009",
        "error",
        "Cases do not fit the studies they belong to",
        "An included study that lists cases has at least one; the cases counted are those listed, less those printed twice.",
        "Complete the sheet in the message, or declare which cases are the same patient.",
    ),
    Code(
        "PRISMA-010",
        "error",
        "A number differs from the list behind it",
        "A number of the flow diagram that was counted here must be the length of its list of ids, each once; it is never negative.",
        "This is a fault of the program or of a counts file edited by hand: build again, and report it if it stays.",
    ),
    Code(
        "PRISMA-011",
        "error",
        "A number counts the wrong thing",
        "Identification and screening count records, retrieval and eligibility count reports, inclusion counts studies and their reports.",
        "Give the number in the unit of its box; the number of databases, for instance, is not the number of records from databases.",
    ),
    Code(
        "PRISMA-012",
        "error",
        "Something leaves the flow that never entered it",
        "A record, report or study is in a later box without being in the box before it: excluded without being screened, not retrieved without being sought.",
        "See the ids in the message; most often an earlier decision was withdrawn and the later one still stands.",
    ),
    Code(
        "PRISMA-021",
        "warning",
        "Reports sought differ from records kept after screening",
        "Usually each record kept leads to one report. Two records of one report, or a record that leads to two documents, are lawful exceptions; this "
        "difference is not explained by what is known of the records.",
        "Link the records of one report (review dedup), or decide on the report in the message.",
    ),
    Code(
        "PRISMA-022",
        "warning",
        "Reports sought by other methods differ from what was identified there",
        "The official diagram has no box for an item of another source that a database had found already. It is counted as a duplicate and told in a footnote.",
        "Check the items in the message; if they were known, a footnote of the diagram should say so.",
    ),
    Code(
        "PRISMA-023",
        "warning",
        "Included reports differ from those that both lanes let through",
        "Included reports are those assessed and not excluded, over both lanes, less reports reached by both. The difference is not explained by the ids.",
        "A report reached twice is counted in one lane only, or declared in a footnote.",
    ),
    Code(
        "PRISMA-024",
        "warning",
        "A study of the previous version is counted as new",
        "A new report of a study that the previous version included adds to the total of reports; it is neither a new study nor a report of one.",
        "Count the report as a new report of a previous study.",
    ),
    Code(
        "PRISMA-025",
        "warning",
        "Records of the previous version are counted again",
        "Records that the previous version had screened came back in the new search and are among the records screened now.",
        "Remove them as duplicates before screening, or say in a footnote that they were screened again.",
    ),
    Code(
        "PRISMA-031",
        "note",
        "The flow is unfinished",
        "Records or reports still await a decision, so that the diagram is marked as a draft.",
        "Go on with review screen; review status tells what waits for whom.",
    ),
    Code(
        "PRISMA-032",
        "error",
        "The previous version names what is not there",
        "`previous:` in protocol.yaml lists the runs that the previous version searched with and the sheets of the studies that it included; one of them does "
        "not exist, so its records or reports would be counted as new.",
        "Write the run's folder name under queries/runs/, or the study's name as its sheet has it.",
    ),
    Code(
        "PRISMA-041",
        "error",
        "A number of the PRISMA2020 CSV cannot be read",
        "The column n holds one number, or parts in the form `Reason 1, 12; Reason 2, 3`. The app itself would drop everything but digits and read "
        "`10 (k = 5)` as 105; here the row is refused.",
        "Write the bare number, without a sign, letters or a thousands mark other than a comma.",
    ),
    Code(
        "PRISMA-042",
        "warning",
        "An unknown row in a PRISMA2020 CSV",
        "The row's key in the column data is none of the app's keys, so that its number has no place in the diagram.",
        "Correct the key; review check --explain PRISMA-042 does not list them, the template written by review prisma does.",
    ),
    Code(
        "PRISMA-043",
        "error",
        "A row comes twice in a PRISMA2020 CSV",
        "Two rows have the same key; the first one was kept.",
        "Remove one of the rows.",
    ),
)
