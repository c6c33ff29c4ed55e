"""Tables in LaTeX, compiled where LaTeX is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from review.reporting.table import Cell
from review.reporting.table import Column
from review.reporting.table import Table
from review.reporting.table import make_row
from review.reporting.table_latex import render_latex
from tests.reporting.test_table import TABLE
from tests.reporting.test_table import make_table

TOTAL = r"\midrule \textbf{Together} & \textbf{9} & \textbf{9/19 (47.4\%)} \\"

HOSTILE = r"[x] *y* 50% of $5 & a_b #1 {x} ~ ^ \ `q` \"r\" -- \input{/etc/passwd} κ ≥ τ² ⊕◯ a" + "\u00a0b\x07\n\tc"


#: Stand-ins with the commands that are used, for a LaTeX that lacks the packages.
STAND_INS = {
    "booktabs": r"\let\toprule\hline\let\midrule\hline\let\bottomrule\hline\newcommand\addlinespace{\noalign{\vskip3pt}}",
    "pdflscape": r"\newenvironment{landscape}{\clearpage}{\clearpage}",
}


def make_long(columns: int, rows: int, text: str = "x") -> Table:
    titles = tuple(Column(f"c{place}", f"Column {place}") for place in range(columns))
    return Table("long", "Long", titles, tuple(make_row(*[text] * columns) for _ in range(rows)), ("A note.",))


def test_what_tex_would_read_is_escaped() -> None:
    text = render_latex(make_table(make_row("50% of $5 & a_b #1 {x} ~ ^ \\ τ²", 1, "≥ 2")))
    assert (
        r"50\% of \$5 \& a\_b \#1 \{x\} \textasciitilde{} \textasciicircum{} \textbackslash{} \ensuremath{\tau}\textsuperscript{2}"
        in text
    )
    assert r"\label{tab:improved}" in text
    assert r"\textsuperscript{b} Clopper-Pearson." in text
    assert r"Improved \& better" in text


def test_a_row_does_not_begin_with_what_would_be_an_option_of_the_row_before() -> None:
    text = render_latex(make_long(2, 1, "[1cm]"))
    assert "{[}1cm] & {[}1cm]" in text
    assert "{*}" in render_latex(make_long(2, 1, "*"))


def test_groups_and_totals_stand_out() -> None:
    text = render_latex(TABLE)
    assert r"\multicolumn{3}{l}{\textbf{Reported in full}} \\" in text
    assert TOTAL in text
    assert text.count(r"\begin{") == text.count(r"\end{") == 2


def test_prose_wraps_and_numbers_do_not() -> None:
    columns = (Column("a", "A"), Column("n", "N", "right"))
    text = render_latex(Table("t", "", columns, (make_row("words " * 20, 4),)))
    assert r"\begin{tabular}{>{\raggedright\arraybackslash}p{" in text
    assert r"cm}r}" in text


def test_a_wide_table_is_turned_and_a_long_one_breaks() -> None:
    assert r"\begin{landscape}" in render_latex(make_long(8, 1))
    assert r"\begin{longtable}" in render_latex(make_long(2, 26))
    assert r"\begin{table}" in render_latex(make_long(2, 25))


@pytest.mark.slow
def test_latex_reads_it(tmp_path: Path) -> None:
    program = shutil.which("lualatex")
    if program is None:
        pytest.skip("needs lualatex")
    columns = (Column("a", HOSTILE), Column("b", "B", "center"))
    hostile = Table("t", HOSTILE, columns, (make_row(HOSTILE, Cell(HOSTILE, notes=(0,))),), (HOSTILE,))
    tables = [TABLE, hostile, make_long(9, 30, "word " * 10), make_long(2, 60, HOSTILE)]
    packages = r"\usepackage[T1]{fontenc}\usepackage{array,booktabs,longtable,pdflscape}"
    body = "\n".join(render_latex(table).replace("皮膚", "") for table in tables)
    source = f"\\documentclass[a4paper]{{article}}{packages}\\begin{{document}}\n{body}\\end{{document}}\n"
    (tmp_path / "t.tex").write_text(source, "utf-8")
    for name, commands in STAND_INS.items():
        (tmp_path / f"{name}.sty").write_text(commands, "utf-8")
    command = [program, "-interaction=nonstopmode", "-halt-on-error", "t.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    assert (tmp_path / "t.pdf").is_file()
