from __future__ import annotations

from tests.formats.samples import OVID_RIS


def test_a_file_is_converted_and_accounted_for(review_command, tmp_path):
    source, target = tmp_path / "in.ris", tmp_path / "out.bib"
    source.write_text(OVID_RIS + "TY  - JOUR\nER  - \n")
    called = review_command("convert", str(source), str(target), "--json")
    assert called.code == 0
    assert {key: called.json[key] for key in ("read", "kept", "format")} == {"read": 3, "kept": 2, "format": "ris"}
    assert [set(refused) for refused in called.json["refused"]] == [{"line", "reason"}]
    assert "@article{" in target.read_text()


def test_text_names_what_was_refused(review_command, tmp_path):
    source = tmp_path / "in.txt"
    source.write_text("30000001\nhello\n")
    called = review_command("convert", str(source), str(tmp_path / "out.csv"), "--from", "ids")
    assert "1 of 2 entries (ids to csv)" in called.out
    assert f"{source}:2: refused" in called.out


def test_formats_that_are_not_known_are_bad_usage(review_command, tmp_path):
    source = tmp_path / "in.txt"
    source.write_text("30000001\n")
    assert review_command("convert", str(source), str(tmp_path / "out.docx")).code == 2
    assert review_command("convert", str(source), str(tmp_path / "out.ris"), "--from", "pdf").code == 2
