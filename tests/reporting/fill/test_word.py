"""Word files filled: what is replaced, what stays, what is refused."""

from __future__ import annotations

import io
import random
import zipfile

import docx
import pytest

from review.errors import FormatError
from review.reporting.fill.word import fill_word
from tests.builder import list_codes
from tests.builder import show
from tests.reporting.fill.manuscripts import STRICT
from tests.reporting.fill.manuscripts import VALUES
from tests.reporting.fill.manuscripts import W
from tests.reporting.fill.manuscripts import control
from tests.reporting.fill.manuscripts import field
from tests.reporting.fill.manuscripts import make_printed
from tests.reporting.fill.manuscripts import make_word
from tests.reporting.fill.manuscripts import read_parts
from tests.reporting.fill.manuscripts import read_text
from tests.reporting.fill.manuscripts import read_xml
from tests.reporting.fill.manuscripts import run

TEXT = "9/19 (47.4%; 95% CI 24.4 to 71.1)"
LONG = VALUES[-1].key


def fill(data, printed=None):
    return fill_word(data, "m.docx", printed or make_printed())


def fill_body(body, **parts):
    """Fill a body that must give no findings; the text and the XML of it."""
    data, filling = fill(make_word(body, **parts))
    assert filling.findings == []
    again, second = fill(data)
    assert again == data
    assert not second.is_changed
    assert [item.new for item in second.places] == [item.new for item in filling.places]
    return read_text(data), read_xml(data), filling


def refuse_body(body):
    """Fill a body that must be refused as a whole; what is told."""
    data = make_word(f"<w:p>{run('{{pool.A.together}}')}</w:p>{body}")
    same, filling = fill(data)
    assert same == data
    return show(filling.findings)


def p(*runs):
    return f"<w:p>{''.join(runs)}</w:p>"


def test_a_placeholder_becomes_a_content_control_in_the_look_of_its_text():
    text, root, filling = fill_body(
        p(run("Of all, "), run("{{pool.A.together}} improved.", "<w:b/><w:sz w:val='28'/>"))
    )
    assert text == f"Of all, {TEXT} improved."
    (made,) = root.iter(f"{{{W}}}sdt")
    assert made.find(f"{{{W}}}sdtPr/{{{W}}}tag").get(f"{{{W}}}val") == "review:pool.A.together"
    looks = [[child.tag.rpartition("}")[2] for child in look] for look in made.iter(f"{{{W}}}rPr")]
    assert looks == [["b", "sz"], ["b", "sz"]]
    assert [(item.key, item.kind, item.place, item.old, item.new) for item in filling.places] == [
        ("pool.A.together", "placeholder", "body, paragraph 1", "", TEXT)
    ]


@pytest.mark.parametrize(("look", "is_plain"), [("", True), ("<w:b/>", False)])
def test_only_a_number_without_a_look_is_in_a_control_for_plain_text(look, is_plain):
    _, root, _ = fill_body(p(run("{{pool.A.together}}", look)))
    assert (root.find(f".//{{{W}}}sdtPr/{{{W}}}text") is not None) is is_plain


@pytest.mark.parametrize(
    "runs",
    [
        ["{", "{pool.A.together.percent}", "}"],
        ["{{pool.", "A.tog", "ether.percent", "}} "],
        ["a {{", "pool.A.together.percent", "}} b"],
        ["{{ review:", " pool.A.together.percent }}"],
        list("{{pool.A.together.percent}}"),
        ["{{pool.A.together.percent}}{{pool.A.together.percent}}"],
        ["{{pool.A.together.percent}}{{pool.A.tog", "ether.percent}}"],
    ],
)
def test_a_placeholder_is_found_in_any_number_of_runs(runs):
    before = "".join(runs)
    body = p(*(f"<w:proofErr w:type='spellStart'/>{run(text, '<w:i/>')}" for text in runs))
    text, root, _ = fill_body(body)
    expected = before.replace("{{ review: pool.A.together.percent }}", "47.4%")
    assert text == expected.replace("{{pool.A.together.percent}}", "47.4%")
    assert all(item.find(f"{{{W}}}rPr/{{{W}}}i") is not None for item in root.iter(f"{{{W}}}r"))
    assert "" not in [item.text for item in root.iter(f"{{{W}}}t")]


def test_marks_between_the_runs_of_a_placeholder_stay():
    _, root, _ = fill_body(
        p(run("{{pool.A."), "<w:bookmarkStart w:id='1' w:name='b'/>", run("together}}"), "<w:bookmarkEnd w:id='1'/>")
    )
    assert len(list(root.iter(f"{{{W}}}bookmarkStart", f"{{{W}}}bookmarkEnd"))) == 2


def test_every_part_with_text_is_filled_and_every_other_keeps_its_bytes():
    inside = p(run("x {{pool.A.together.events}}"))
    data = make_word(
        p(run("a"))
        + f"<w:tbl><w:tr><w:tc>{inside}</w:tc></w:tr></w:tbl>"
        + p(f"<w:r><w:pict><w:txbxContent>{inside}</w:txbxContent></w:pict></w:r>"),
        header1=inside,
        header2=inside,
        footer1=p(run("nothing to fill")),
        footnotes=f"<w:footnote w:id='2'>{inside}</w:footnote>",
        comments=f"<w:comment w:id='0'>{inside}</w:comment>",
    )
    filled, filling = fill(data)
    assert [item.place for item in filling.places] == [
        "body, paragraph 2", "body, paragraph 4", "header 1, paragraph 1", "header 2, paragraph 1", "footnotes, paragraph 1",
        "comments, paragraph 1",
    ]  # fmt: skip
    before, after = read_parts(data), read_parts(filled)
    assert list(before) == list(after)
    assert {name for name in before if before[name] != after[name]} == {
        f"word/{name}.xml" for name in ("document", "header1", "header2", "footnotes", "comments")
    }
    with zipfile.ZipFile(io.BytesIO(filled)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2020, 1, 2, 3, 4, 6)}
    numbers = [
        item.get(f"{{{W}}}val")
        for name in after
        if name.startswith("word/") and name.endswith(".xml")
        for item in read_xml(filled, name).iter(f"{{{W}}}id")
    ]
    assert len(set(numbers)) == len(numbers) == 6


def test_the_copy_of_a_text_box_for_old_versions_is_filled_and_told_once():
    box = f"<w:txbxContent>{p(run('{{pool.A.together.events}}'))}</w:txbxContent>"
    space = "xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'"
    body = p(
        f"<w:r><mc:AlternateContent {space}><mc:Choice Requires='wps'>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    _, root, filling = fill_body(body)
    assert len(filling.places) == 1
    assert [node.text for node in root.iter(f"{{{W}}}t")] == ["9", "9"]


@pytest.mark.parametrize(
    "body",
    [
        p(run("a "), control("pool.A.together.percent", run("46%", "<w:b/>")), run(" b")),
        p(run("a "), control("pool.A.together.percent", run("4", "<w:b/>") + run("6%")), run(" b")),
        p(run("a "), control("pool.A.together.percent", ""), run(" b")),
        control("pool.A.together.percent", p(run("46%"))),
        control("pool.A.together.percent", p()),
        "<w:tbl><w:tr>" + control("pool.A.together.percent", "<w:tc>" + p(run("46%")) + "</w:tc>") + "</w:tr></w:tbl>",
        p(
            control(
                "pool.A.together.percent",
                run("Click here", "<w:rStyle w:val='PlaceholderText'/>"),
                "<w:showingPlcHdr/><w:text/>",
            )
        ),
    ],
)
def test_a_content_control_says_the_value(body):
    text, root, filling = fill_body(body)
    assert text.removeprefix("a ").removesuffix(" b") == "47.4%"
    assert [item.kind for item in filling.places] == ["content control"]
    assert not list(root.iter(f"{{{W}}}showingPlcHdr", f"{{{W}}}rStyle"))
    assert ("<w:b/>" in body) == (root.find(f".//{{{W}}}sdtContent//{{{W}}}b") is not None)


def test_what_moved_is_told_with_its_old_text():
    data, _ = fill(make_word(p(run("{{pool.A.together}}, {{prisma.records_screened}}"))))
    moved, filling = fill(data, make_printed(pool__A__together="10/20 (50.0%)"))
    assert [(item.key, item.old, item.new, item.is_changed) for item in filling.places] == [
        ("pool.A.together", TEXT, "10/20 (50.0%)", True),
        ("prisma.records_screened", "1,122", "1,122", False),
    ]
    assert read_text(moved) == "10/20 (50.0%), 1,122"
    assert list_codes(filling.list_stale()) == ["FILL-003"]
    assert list(fill(moved, make_printed(pool__A__together="10/20 (50.0%)"))[1].list_stale()) == []
    assert show(filling.list_stale()) == [
        f"m.docx: FILL-003 error: body, paragraph 1: pool.A.together says {TEXT!r}; expected 10/20 (50.0%)"
    ]


def test_a_control_that_lost_its_tag_is_known_by_its_title():
    title = "<w:alias w:val='{}'/>"
    lost = p(control("x", run("8"), title.format("pool.A.together.events")).replace('<w:tag w:val="review:x"/>', ""))
    assert fill_body(lost)[0] == "9"
    theirs = p(control("x", run("8"), title.format("Name")).replace('<w:tag w:val="review:x"/>', ""))
    assert fill_body(theirs)[2].places == []


def test_a_key_too_long_for_a_tag_is_found_again():
    _, root, filling = fill_body(p(run(f"{{{{{LONG}.counts}}}}")))
    tag, title = (next(root.iter(f"{{{W}}}{name}")).get(f"{{{W}}}val") for name in ("tag", "alias"))
    assert max(len(tag), len(title)) <= 64
    assert [item.key for item in filling.places] == [f"{LONG}.counts"]
    gone = make_word(p(control("x", run("a"))).replace("review:x", "review#0123"))
    assert list_codes(fill(gone)[1].findings) == ["FILL-001"]


@pytest.mark.parametrize("name", ["pool.A.together.percent", '"review:pool.A.together.percent"', '"pool.A.together.percent" \\* MERGEFORMAT'])  # fmt: skip
@pytest.mark.parametrize("result", [run("46%", "<w:b/>"), run("4") + run("6%"), "", None])
def test_a_variable_field_is_filled_and_so_is_the_variable(name, result):
    settings = "<w:compat/><w:rsids/>"
    data, filling = fill(make_word(p(run("a "), field(f"DOCVARIABLE {name}", result), run(" b")), settings=settings))
    assert (read_text(data), filling.findings) == ("a 47.4% b", [])
    variables = read_xml(data, "word/settings.xml")
    assert [child.tag.rpartition("}")[2] for child in variables] == ["compat", "docVars", "rsids"]
    (variable,) = variables.iter(f"{{{W}}}docVar")
    assert variable.get(f"{{{W}}}val") == "47.4%"
    assert fill(data)[0] == data
    (moved, _) = fill(data, make_printed())
    assert moved == data


def test_a_field_in_one_run_and_a_simple_field_are_filled():
    one = "<w:r><w:fldChar w:fldCharType='begin'/><w:instrText>DOCVARIABLE pool.A.together.events</w:instrText>{}<w:fldChar w:fldCharType='end'/></w:r>"
    for inside in ("", "<w:fldChar w:fldCharType='separate'/>", "<w:fldChar w:fldCharType='separate'/><w:t>8</w:t>"):
        assert fill_body(p(one.format(inside)))[0] == "9"
    for inside in ("", run("8")):
        assert (
            fill_body(p(f'<w:fldSimple w:instr="DOCVARIABLE pool.A.together.events">{inside}</w:fldSimple>'))[0] == "9"
        )


def test_a_property_field_needs_its_property():
    properties = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><property name="{}" pid="2"><vt:i4>8</vt:i4></property></Properties>'
    )
    body = p(field("DOCPROPERTY pool.A.together.events"))
    data, filling = fill(make_word(body, custom=properties.format("pool.A.together.events")))
    assert (read_text(data), filling.findings) == ("9", [])
    assert b"<vt:lpwstr>9</vt:lpwstr>" in read_parts(data)["docProps/custom.xml"]
    for custom in ({}, {"custom": properties.format("other")}):
        data, filling = fill(make_word(body, **custom))
        assert (read_text(data), list_codes(filling.findings)) == ("9", ["FILL-004"])


def test_what_is_not_ours_stays():
    body = p(
        run("{{ name }} {{}} {{a b}} {pool.A.together} "),
        control("x", run("theirs")).replace("review:", "other:"),
        field("DOCVARIABLE author"),
        field("PAGE"),
    )
    data = make_word(body)
    same, filling = fill(data)
    assert same == data
    assert (filling.places, filling.findings) == ([], [])


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (p(run("{{pool.A.togehter}}")), "FILL-001 error: body, paragraph 2: there is no value pool.A.togehter; expected pool.A.together"),
        (p(run("{{pol.A.together}}")), "there is no value pol.A.together; expected pool.A.together"),
        (p(run("{{pool.A.together.mean}}")), "expected pool.A.together.text or pool.A.together.counts or"),
        (p(control("nothing", run("x"))), "there is no value nothing; expected a key of values.json"),
        (p(field("DOCVARIABLE pool.B")), "there is no value pool.B"),
        (
            p(run("{{pool.A."), f"<w:hyperlink>{run('together}}')}</w:hyperlink>"),
            "FILL-002 error: body, paragraph 2: pool.A.together cannot be filled: it is cut by a link, a control or a tracked change",
        ),
        (p(run("{{pool.A."), "<w:del w:id='1'><w:r><w:delText>x</w:delText></w:r></w:del>", run("together}}")), "there is a tracked change in it"),
        (p(run("{{pool.A."), f"<w:ins w:id='1'>{run('together}}')}</w:ins>"), "a tracked change"),
        (p(control("pool.A.together", f"<w:ins w:id='1'>{run('9')}</w:ins>")), "there is a tracked change in it"),
        (p(control("pool.A.together", control("pool.A.together", run("9")))), "there is another content control in it"),
        (control("pool.A.together", p(run("9")) + p(run("8"))), "more than one paragraph"),
        (p(control("pool.A.together", run("9"), "<w:dataBinding w:xpath='/a'/>")), "bound to data of the document"),
        (p(control("pool.A.together", "").replace("<w:sdtContent></w:sdtContent>", "")), "has no content"),
        (p(control("x", run("{{pool.A.together}}"), "<w:text/>").replace("review:x", "theirs")), "in a content control for plain text"),
        (p(field("DOCVARIABLE pool.A.together", field("PAGE"))), "there is another field in it"),
        (p(field("DOCVARIABLE pool.A.together").rpartition("<w:r>")[0]), "the field has no end"),
        (p(field("DOCVARIABLE pool.A.together").replace("<w:t>old</w:t></w:r>", "<w:t>o</w:t></w:r></w:p><w:p>")), "spans several paragraphs"),
        (p(field("DOCVARIABLE pool.A.together", f"<w:ins w:id='3'>{run('9')}</w:ins>")), "there is a tracked change in it"),
        (p(f"<w:fldSimple w:instr='DOCVARIABLE pool.A.together'><w:ins w:id='3'>{run('9')}</w:ins></w:fldSimple>"), "there is a tracked change in it"),
    ],
)  # fmt: skip
def test_nothing_is_written_where_a_place_cannot_be_filled(body, told):
    assert any(told in text for text in refuse_body(body)), refuse_body(body)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (p(control("pool.A.together", field("PAGE"))), "there is a field in it"),
        (p(f"<w:fldSimple w:instr='DOCVARIABLE pool.A.together'>{field('PAGE')}</w:fldSimple>"), "there is another field in it"),
        (p(field("DOCVARIABLE pool.A.together", "<w:fldSimple w:instr='PAGE'/>")), "there is another field in it"),
    ],
)  # fmt: skip
def test_fields_inside_of_a_place_are_not_overwritten(body, told):
    assert any(told in text for text in refuse_body(body))


#: What Word files may hold, whole and in pieces.
PIECES = (
    run("{{pool.A.together}}"), run("{{pool.A."), run("together}}"), run(" x "), control("pool.A.together.percent", run("4")), control("pool.A.together", ""),
    field("DOCVARIABLE pool.A.together"), field("DOCPROPERTY pool.A.model", None), "<w:r><w:fldChar w:fldCharType='begin'/></w:r>",
    "<w:r><w:fldChar w:fldCharType='separate'/></w:r>", "<w:r><w:fldChar w:fldCharType='end'/></w:r>", "<w:fldChar w:fldCharType='end'/>",
    "<w:r><w:instrText>DOCVARIABLE pool.A.together</w:instrText></w:r>", "<w:sdt/>", "<w:sdt><w:sdtPr><w:tag w:val='review:pool.A.together'/></w:sdtPr></w:sdt>",
    "<w:r/>", "<w:r><w:tab/><w:br/></w:r>", "<w:fldSimple w:instr='DOCVARIABLE pool.A.together'/>", "<w:fldSimple/>", "<!-- c --><?pi x?>",
)  # fmt: skip
WRAPS = (
    "{}", "<w:ins>{}</w:ins>", "<w:del>{}</w:del>", "<w:hyperlink>{}</w:hyperlink>", control("pool.A.model", "{}"),
    "<w:r><w:pict><w:txbxContent><w:p>{}</w:p></w:txbxContent></w:pict></w:r>", "<w:fldSimple w:instr='DOCVARIABLE pool.A.together'>{}</w:fldSimple>",
)  # fmt: skip


def test_any_heap_of_pieces_is_filled_for_good_or_refused():
    chance = random.Random(8)
    filled = 0
    for _ in range(400):
        runs = [
            [chance.choice(WRAPS).replace("{}", chance.choice(PIECES), 1) for _ in range(chance.randrange(7))]
            for _ in range(chance.randint(1, 3))
        ]
        data = make_word("".join(p(*inside) for inside in runs), settings="<w:rsids/>")
        once, filling = fill(data)
        if any(finding.level == "error" for finding in filling.findings):
            assert once == data
        else:
            assert fill(once)[0] == once
            filled += once != data
    assert filled > 50


def test_one_place_that_cannot_be_filled_stops_all():
    body = p(run("{{pool.A.together}}"), control("pool.A.together", f"<w:ins w:id='1'>{run('9')}</w:ins>"))
    data = make_word(body)
    same, filling = fill(data)
    assert (same, list_codes(filling.findings)) == (data, ["FILL-002"])


def test_tracked_changes_around_a_place_stay():
    deleted = "<w:del w:id='1' w:author='a'><w:r><w:delText>{{pool.A.gone}}</w:delText></w:r></w:del>"
    inserted = f"<w:ins w:id='2' w:author='a'>{run('{{pool.A.together.events}}')}</w:ins>"
    away = f"<w:del w:id='3'>{field('DOCVARIABLE pool.A.gone')}</w:del>"
    _, root, filling = fill_body(p(deleted, inserted, away))
    assert len(filling.places) == 1
    assert root.find(f".//{{{W}}}ins/{{{W}}}sdt") is not None
    assert "{{pool.A.gone}}" in [node.text for node in root.iter(f"{{{W}}}delText")]


def test_pictures_and_notes_in_a_control_stay():
    note = "<w:r><w:footnoteReference w:id='2'/></w:r>"
    text, root, _ = fill_body(p(control("pool.A.together.events", run("8") + note)))
    assert (text, len(list(root.iter(f"{{{W}}}footnoteReference")))) == ("9", 1)


def test_a_strict_file_is_filled_in_its_own_namespace():
    data, _ = fill(make_word(p(run("{{pool.A.together.events}}")), namespace=STRICT))
    assert read_text(data) == "9"
    assert W.encode() not in read_parts(data)["word/document.xml"]


def test_hostile_text_is_text():
    data, filling = fill(make_word(p(run("{{pool.A.together}}"))), make_printed(pool__A__together="<w:p/>&\x0b\n{{x}}"))
    assert (read_text(data), filling.findings) == ("<w:p/>& {{x}}", [])


def test_a_file_of_python_docx_is_filled_and_opens_again(tmp_path):
    document = docx.Document()
    document.add_heading("Results {{prisma.records_screened}}", 1)
    paragraph = document.add_paragraph("In all, ")
    paragraph.add_run("{{pool.A.tog").bold = True
    paragraph.add_run("ether}}")
    document.add_table(1, 1).cell(0, 0).text = "{{pool.A.smith-2014.counts}}"
    document.sections[0].header.paragraphs[0].text = "{{pool.A.model.percent}}"
    stream = io.BytesIO()
    document.save(stream)
    data, filling = fill(stream.getvalue())
    assert [item.new for item in filling.places] == ["1,122", TEXT, "1/8", "46.0%"]
    path = tmp_path / "filled.docx"
    path.write_bytes(data)
    docx.Document(str(path))
    assert read_text(data).startswith(f"Results 1,122\nIn all, {TEXT}\n1/8")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda _: b"", "is not a whole Word file"),
        (lambda data: data[:-40], "is not a whole Word file"),
        (lambda _: _pack({"a.txt": b"a"}), "it has no document inside"),
        (lambda _: _pack({"[Content_Types].xml": b"<Types/>"}), "it has no document inside"),
        (lambda _: _pack({"[Content_Types].xml": b"<Types"}), "[Content_Types].xml inside is broken"),
        (
            lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            "is protected by a password, or an old .doc file",
        ),
        (lambda _: make_word("<w:p>"), "word/document.xml inside is broken"),
        (lambda _: make_word(p(run("a"))).replace(b"xml", b"xm1"), "is not a whole Word file"),
        (lambda _: _declare_type(), "declares a document type"),
        (lambda _: _repeat_part(), "two parts of one name"),
    ],
)
def test_a_broken_file_is_told_by_name(change, told):
    with pytest.raises(FormatError, match=r"^m\.docx: ") as caught:
        fill(change(make_word(p(run("{{pool.A.together}}")))))
    assert told in str(caught.value)


def test_a_file_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr("review.reporting.fill.package.LIMIT_BYTES", 1000)
    with pytest.raises(FormatError, match="unpacks to more"):
        fill(make_word(p(run("a" * 2000))))


def _pack(parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


def _declare_type():
    parts = read_parts(make_word(p(run("a"))))
    return _pack({**parts, "word/document.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + parts["word/document.xml"]})


def _repeat_part():
    data = make_word(p(run("a")), header1=p(run("a")), header2=p(run("a")))
    return data.replace(b"word/header2.xml", b"word/header1.xml")
