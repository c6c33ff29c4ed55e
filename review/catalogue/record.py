"""Codes of the RECORD area."""

from __future__ import annotations

from review.catalogue.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "RECORD-001",
        "warning",
        "The encoding was guessed",
        "Some bytes of the file are not what its encoding allows. They were read as Windows-1252 (which holds Latin-1), or the file is UTF-16 "
        "without its mark. Letters with accents, dashes and symbols may be wrong, and a wrong letter in a name or title hides a duplicate.",
        "Compare a few names with accents with the source. If they are wrong, export the file again as UTF-8.",
    ),
    Code(
        "RECORD-002",
        "note",
        "NUL characters were left out",
        "The file holds zero bytes, which no text has; a program cut or padded it. They were left out.",
        "Nothing, if the entries read well; else export the file again.",
    ),
    Code(
        "RECORD-003",
        "warning",
        "Lines outside the entries",
        "Text stands between or before the entries and belongs to none: a search strategy, a link, a message of the database, or the rest of an "
        "entry whose beginning is damaged. It was passed over; headers that databases are known to print are not counted.",
        "Look at the line named. If it belongs to an entry, mend the file there or export it again.",
    ),
    Code(
        "RECORD-004",
        "warning",
        "An entry without its end",
        "The format marks the end of each entry and here the mark is missing: the file may have been cut off. The entry was kept with what is there.",
        "Compare the entry with the source. If the file was cut off, export it again.",
    ),
    Code(
        "RECORD-005",
        "warning",
        "An entry was refused",
        "The entry is no record: it is empty or damaged beyond reading. It is counted as read and not as kept.",
        "Look at the line named; add the record by hand if it is one.",
    ),
    Code(
        "RECORD-006",
        "note",
        "Entries without a title",
        "A record without a title cannot be screened by reading, and is compared with others by its other fields alone.",
        "Complete the record at the source if it matters, or look it up by its identifier.",
    ),
    Code(
        "RECORD-007",
        "note",
        "A key or field that stands twice",
        "Two entries have one citation key, or one entry has a field twice. All entries and values were kept.",
        "Nothing for the review; BibTeX itself would use the first only.",
    ),
    Code(
        "RECORD-008",
        "warning",
        "A damaged entry",
        "The entry breaks the format's rules (an unbalanced brace, a missing comma, too many cells). It was read as well as it goes.",
        "Compare the entry with the source.",
    ),
    Code(
        "RECORD-009",
        "note",
        "Doubled encoding was repaired",
        "The file holds letters like Ã© where é was meant: a program read UTF-8 as Windows-1252 and saved the result. The letters were put right.",
        "Nothing, if names and titles read well now.",
    ),
    Code(
        "RECORD-010",
        "warning",
        "One identifier, different titles",
        "Two entries of the file have the same DOI, PubMed id or accession number but different titles. The abstracts of a supplement often share "
        "the supplement's DOI. Each was kept as a record of its own; the later one is named by its content.",
        "If the titles are of one document (a translation), rule them to be the same in queries/duplicates.csv.",
    ),
    Code(
        "RECORD-011",
        "note",
        "Columns that are not known",
        "The table has columns that no field of a record stands for. They were kept and are written back.",
        "Rename a column (title, authors, year, journal, doi, abstract) if it holds one of these.",
    ),
    Code(
        "RECORD-012",
        "warning",
        "Fewer or more entries than the file says",
        "The file numbers its entries or states how many it has, and another number was found.",
        "Export it again, or complete it by hand, before the counts go into the flow diagram.",
    ),
    Code(
        "RECORD-013",
        "note",
        "Tags that the format written has no place for",
        "Tags of the source that have no counterpart in the format written were left out of the new file; the original still has them.",
        "Keep the original file, or convert to CSV or JSON, which hold everything.",
    ),
    Code(
        "RECORD-014",
        "warning",
        "An abbreviation that is not defined",
        "A BibTeX value names a @string that the file does not define. The name itself was taken as the value.",
        "Define it in the file, or replace it by the text.",
    ),
    Code(
        "RECORD-015",
        "warning",
        "A file without entries",
        "The file was recognised, or read as the format that was named, and not one entry was found in it.",
        "Look into the file: an export may be empty, or the format may be another one.",
    ),
    Code(
        "RECORD-100",
        "error",
        "A PubMed file that breaks off",
        "The XML ends or breaks its rules before its closing tag. The records before that place were read; how many should follow is not known, "
        "so every count made of this file may be too low.",
        "Fetch or export the file again. If the same place breaks again, look at the line named: the bytes there are not what XML allows.",
    ),
    Code(
        "RECORD-101",
        "warning",
        "Records that NLM deleted",
        "The file lists PubMed ids that NLM has withdrawn or merged into others (DeleteCitation). They are no records of this file.",
        "If one of them is in the review, look for the record that took its place.",
    ),
)
