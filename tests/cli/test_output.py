from __future__ import annotations

import pytest
import typer

from review.cli import output
from review.findings import Origin
from review.findings import find

ERROR = find("EXTRACT-021", "events 2 > total 1", Origin("a.yaml", 3))
NOTE = find("PROJECT-007", "nothing yet")


def test_json_keeps_letters_of_every_script(capsys):
    output.print_json({"title": "皮膚", "n": None})
    assert capsys.readouterr().out == '{\n "title": "皮膚",\n "n": null\n}\n'


def test_results_and_remarks_go_to_different_streams(capsys):
    output.print_result("result")
    output.tell("remark")
    output.tell("unheard", quiet=True)
    assert capsys.readouterr() == ("result\n", "remark\n")


def test_columns_are_aligned_by_what_is_seen(capsys):
    output.print_columns([("a", "1", "x"), ("皮膚", "1,000", "")], right=(1,))
    assert capsys.readouterr().out == "a         1  x\n皮膚  1,000\n"
    output.print_columns([])
    assert capsys.readouterr().out == ""


def test_findings_are_told_the_worst_first_and_not_endlessly(capsys):
    output.tell_findings([NOTE, ERROR], quiet=True)
    assert capsys.readouterr() == ("", "")
    output.tell_findings([NOTE, ERROR])
    assert capsys.readouterr().err.splitlines() == [str(ERROR), str(NOTE)]
    many = [find("EXTRACT-021", f"m {number:02}") for number in range(30)]
    output.tell_findings([*many, *many], most=5)
    lines = capsys.readouterr().err.splitlines()
    assert (len(lines), lines[-1]) == (6, "... and 25 more: `review check` lists them")


def test_the_exit_code_is_1_with_a_finding_at_error_level():
    output.exit_by([NOTE])
    with pytest.raises(typer.Exit) as ended:
        output.exit_by([NOTE, ERROR])
    assert ended.value.exit_code == 1


def test_a_result_goes_to_a_file_or_to_stdout(tmp_path, capfdbinary):
    output.write_result(tmp_path / "new" / "x.ris", b"\xff")
    assert (tmp_path / "new" / "x.ris").read_bytes() == b"\xff"
    output.write_result(None, b"\xfe\n")
    assert capfdbinary.readouterr().out == b"\xfe\n"
