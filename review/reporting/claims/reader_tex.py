"""LaTeX to readable text of the same length: commands are blanked or replaced by what they print, so that places stay those of the file."""

from __future__ import annotations

import re

from review.reporting.claims.reader_html import FILLER
from review.reporting.claims.sentences import BREAK
from review.reporting.claims.tables import CELL

_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%(?!\s*claim\b)[^\n]*", re.IGNORECASE)
_INPUT = re.compile(r"\\(?:input|include|subfile|import)\s*(?:\{[^{}\n]{0,200}\}\s*)?\{(?P<file>[^{}\n]{1,200})\}")
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{\s*([a-zA-Z]+\*?)\s*\}(?:\[[^\]\n]{0,200}\])?(?:\{[^{}\n]{0,200}\})?")
_UNREAD = frozenset(("comment", "verbatim", "lstlisting", "minted", "thebibliography", "tikzpicture", "filecontents", "filecontents*", "Verbatim"))  # fmt: skip
_TABULAR = frozenset(("tabular", "tabular*", "tabularx", "longtable", "array", "tabulary", "tblr"))
_ARGUMENT = r"\{[^{}\n]{0,500}\}"
_OPTION = r"(?:\[[^\[\]\n]{0,200}\])?"
#: Commands of which nothing is printed, or nothing that stands still.
_SILENT = re.compile(
    rf"\\(?:[a-zA-Z]*cite[a-zA-Z]*\*?|(?:[a-zA-Z]*)ref\*?|label|includegraphics|bibliography[a-zA-Z]*|url|usepackage|documentclass|deleted|sout|st|pagestyle|vspace\*?|hspace\*?|setlength|setcounter|addtocounter|textcolor|color|newcommand\*?|renewcommand\*?|multicolumn|reviewvalue|reviewtext)\s*{_OPTION}\s*{_OPTION}(?:{_ARGUMENT})?"
)
_HREF = re.compile(rf"\\href\s*{_ARGUMENT}")
_QUANTITY = re.compile(rf"\\(?P<name>SI|qty|num|SIrange|qtyrange|numrange)\s*{_OPTION}\s*\{{(?P<first>[^{{}}\n]{{1,60}})\}}(?:\s*\{{(?P<second>[^{{}}\n]{{0,60}})\}})?(?:\s*\{{(?P<third>[^{{}}\n]{{0,60}})\}})?")  # fmt: skip
_RAISED = re.compile(r"\\textsuperscript\s*\{|\\textsubscript\s*\{|\^\s*\{|_\s*\{|\\footnote(?:mark|text)?\s*(?:\[[^\]\n]{0,20}\])?\s*\{|\\thanks\s*\{")  # fmt: skip
_TIE = re.compile(r"(?<!\\)~|\\[,;:! ]|\\(?:thinspace|nobreakspace|quad|qquad|enspace|par|newline|linebreak)\b")
_RELATIONS = {r"\leq": "≤", r"\le": "≤", r"\geq": "≥", r"\ge": "≥", r"\pm": "±", r"\times": "×", r"\chi": "χ", r"\cdot": "·", r"\alpha": "α", r"\beta": "β", r"\kappa": "κ", r"\textendash": "-", r"\ldots": "…"}  # fmt: skip
_RELATION = re.compile(
    "|".join(rf"{re.escape(name)}(?![a-zA-Z])" for name in sorted(_RELATIONS, key=len, reverse=True))
)
_BLOCK = re.compile(r"\\(?:chapter|(?:sub){0,2}section|(?:sub)?paragraph|item|caption|title|maketitle|hline|toprule|midrule|bottomrule|cmidrule|abstract)\b\*?")  # fmt: skip
_COMMAND = re.compile(r"\\[a-zA-Z]+\*?|[{}$]")
_DASHES = re.compile(r"(?<=[\d}])--(?=[\d{])")
_UNITS = {r"\percent": "%", r"\%": "%"}


def blank_tex(text: str) -> tuple[str, list[str]]:
    """Return the readable text, in the same length, and remarks on what was not read.

    Files named by input and include are not followed: they are checked when they are named on the command line.
    """
    text = _COMMENT.sub(lambda match: match.group(1) + _fill(match.group()[len(match.group(1)) :]), text)
    remarks = _list_unread(text)
    text = _INPUT.sub(lambda match: _fill(match.group()), text)
    start = text.find(r"\begin{document}")
    if start >= 0:
        text = _fill(text[:start]) + text[start:]
    text = _read_environments(text)
    text = _SILENT.sub(lambda match: _fill(match.group()), text)
    text = _HREF.sub(lambda match: _fill(match.group()), text)
    text = _QUANTITY.sub(_read_quantity, text)
    text = (
        text.replace(r"\%", FILLER + "%")
        .replace(r"\&", FILLER + "+")
        .replace(r"\$", FILLER + " ")
        .replace(r"\_", FILLER + "_")
    )
    text = _RELATION.sub(lambda match: _RELATIONS[match.group()].ljust(len(match.group()), FILLER), text)
    text = _RAISED.sub(lambda match: "^".ljust(len(match.group()), FILLER) if match.group().startswith((r"\text", "^", "_")) else BREAK.ljust(len(match.group()), FILLER), text)  # fmt: skip
    text = _TIE.sub(lambda match: " ".ljust(len(match.group()), FILLER), text)
    text = _BLOCK.sub(lambda match: BREAK.ljust(len(match.group()), FILLER), text)
    text = _DASHES.sub("-" + FILLER, text)
    return _COMMAND.sub(lambda match: _fill(match.group()), text), remarks


def _list_unread(text: str) -> list[str]:
    remarks = []
    line, position = 1, 0
    for match in _INPUT.finditer(text):
        line += text.count("\n", position, match.start())
        position = match.start()
        remarks.append(f"line {line}: {match.group('file')} is named there and was not read; check it by its own name")
    return remarks


def _fill(text: str) -> str:
    return re.sub(r"[^\n]", FILLER, text)


def _read_environments(text: str) -> str:
    """Blank what is not printed as prose, and set the cells and rows of tables."""
    pieces: list[str] = []
    position, unread, tables = 0, "", 0
    for match in _ENVIRONMENT.finditer(text):
        part = text[position : match.start()]
        pieces.append(_fill(part) if unread else _read_rows(part) if tables else part)
        position = match.end()
        kind, name = match.group(1), match.group(2)
        if unread:
            unread = "" if kind == "end" and name == unread else unread
        elif name in _UNREAD and kind == "begin":
            unread = name
        elif name in _TABULAR:
            tables = max(tables + (1 if kind == "begin" else -1), 0)
        pieces.append(BREAK.ljust(len(match.group()), FILLER) if "\n" not in match.group() else _fill(match.group()))
    rest = text[position:]
    return "".join([*pieces, _fill(rest) if unread else _read_rows(rest) if tables else rest])


def _read_rows(text: str) -> str:
    text = re.sub(r"(?<!\\)&", CELL, text)
    return re.sub(r"\\\\", BREAK + FILLER, text).replace("\n", " ")


def _read_quantity(match: re.Match[str]) -> str:
    """Return what a command of siunitx prints; names of units are left as they are but for percent."""
    first, second, third = match.group("first"), match.group("second") or "", match.group("third") or ""
    if match.group("name") == "num":
        printed = first
    elif match.group("name").endswith("range"):
        printed = f"{first} to {second}{_read_unit(third)}"
    else:
        printed = f"{first}{_read_unit(second)}"
    length = len(match.group())
    return printed[:length].ljust(length, FILLER)


def _read_unit(unit: str) -> str:
    if unit.strip() in _UNITS:
        return "%"
    return " " + unit.replace("\\", "") if unit else ""
