"""The sender's own workbook given back: marked at the cells, listed on a first sheet, nothing turned into a formula."""

import openpyxl
import pytest
import xlsxwriter

from fundtrack.errors import InputError, Problem
from fundtrack.load import annotate as annotating
from fundtrack.load.annotate import annotate
from fundtrack.load.reader import read_book
from fundtrack.load.reading import read_file

RED, YELLOW = "00FFC7CE", "00FFEB9C"


def workbook(path, extra=None):
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("参股")
        page.write_row(0, 0, ["参股编号", "认缴金额", "备注"])
        page.write_row(1, 0, ["PA-1", "1,2OO"])
        page.write_formula(2, 1, "=1+1", None, 2)
        page.write_string(1, 2, "=cmd|' /C calc'!A0")
        page.write_comment(2, 0, "sender's own word")
        page.merge_range(4, 0, 5, 1, "merged")
        if extra:
            extra(book)
    return path


def wrong(**about):
    return Problem(**{"code": "not_a_number", "file": "a.xlsx", "sheet": "参股", "row": 2, "column": "B", "field": "commitment", "table": "participation",
                      "value": "1,2OO", **about})  # fmt: skip


def fill(cell):
    return cell.fill.fgColor.rgb if cell.fill.fill_type else None


def listed(book, name="问题清单"):
    return [[cell.value for cell in row] for row in book[name].iter_rows()]


def test_an_xlsx_stays_the_senders_own_and_is_marked(tmp_path):
    source = workbook(tmp_path / "a.xlsx")
    problems = [
        wrong(),
        wrong(row=6, code="missing_value", value=None),
        wrong(code="value_cleared", severity="warning", row=3, column="A", about={"old": "5"}),
    ]
    book = openpyxl.load_workbook(annotate(source, tmp_path / "out.xlsx", problems, "zh"))
    assert book.sheetnames == ["问题清单", "参股"]
    sheet = book["参股"]
    assert (fill(sheet["B2"]), fill(sheet["A3"]), fill(sheet["A2"])) == (RED, YELLOW, None)
    assert fill(sheet["A5"]) == RED  # the merged cell that hides B6
    assert "1,2OO" in sheet["B2"].comment.text
    assert sheet["A3"].comment.text.startswith("sender's own word")
    assert "清除" in sheet["A3"].comment.text
    assert sheet["B3"].value == "=1+1"
    assert (sheet["C2"].value, sheet["C2"].data_type) == ("=cmd|' /C calc'!A0", "s")


def test_the_list_leads_to_each_cell_and_says_everything(tmp_path):
    source = workbook(tmp_path / "a.xlsx")
    problems = [wrong(row=row) for row in range(2, 40)] + [
        wrong(sheet=None, row=None, column=None, field=None, table=None, code="cover_missing")
    ]
    book = openpyxl.load_workbook(annotate(source, tmp_path / "out.xlsx", problems, "zh", name="示例.xlsx"))
    lines = listed(book)
    assert lines[0][0] == "fundtrack 问题清单：示例.xlsx"
    assert lines[1][0].startswith("错误 2 类，提醒 0 类，共 39 处")
    assert lines[2] == ["序号", "程度", "位置", "项目", "所填内容", "问题与改法", "处数"]
    first = lines[3]
    assert first[:5] == [1, "错误", "参股!B2", "认缴金额", "1,2OO"]
    assert first[6] == 38
    assert (
        book["问题清单"].cell(4, 3).hyperlink.location == "'参股'!B2"
        or book["问题清单"].cell(4, 3).hyperlink.target == "#'参股'!B2"
    )
    assert [line[2] for line in lines[4:6]] == ["参股!B3", "参股!B4"]
    assert any("另有 18 处" in str(line[5]) for line in lines)
    assert lines[-1][0] == 2
    assert book["问题清单"].cell(len(lines), 3).hyperlink is None


def test_folded_consequences_are_counted_on_their_cause(tmp_path):
    problems = [
        wrong(),
        wrong(code="total_differs", row=9, about={"label": "合计", "counted": "1", "rows": "2"}),
    ]
    lines = listed(
        openpyxl.load_workbook(annotate(workbook(tmp_path / "a.xlsx"), tmp_path / "o.xlsx", problems, "en")),
        "Problems",
    )
    assert len(lines) == 4
    assert "settles 1 problem that" in lines[3][5]


def test_what_is_seen_never_becomes_a_formula(tmp_path):
    problems = [
        wrong(value='=HYPERLINK("http://x")'),
        wrong(value="+1", code="not_a_date", row=3),
        wrong(value="@x", code="not_a_date", row=3),
    ]
    for path in (workbook(tmp_path / "a.xlsx"), tmp_path / "a.csv"):
        if path.suffix == ".csv":
            path.write_text("参股编号,认缴金额\n=1+1,-2\n", encoding="utf-8")
            problems = [Problem("not_a_number", sheet="a", row=2, column="A", value="=1+1")]
        out = annotate(path, tmp_path / "o.xlsx", problems, "zh")
        cells = [cell for row in openpyxl.load_workbook(out).worksheets[0].iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f"]
    copied = openpyxl.load_workbook(out).worksheets[1]
    assert (copied["A2"].value, copied["A2"].data_type) == ("=1+1", "s")


def test_no_problems_say_so(tmp_path):
    lines = listed(
        openpyxl.load_workbook(annotate(workbook(tmp_path / "a.xlsx"), tmp_path / "o.xlsx", [], "zh"))
    )
    assert lines[1][0] == "没有发现问题。"


def test_annotated_again_old_marks_are_gone(tmp_path):
    first = annotate(
        workbook(tmp_path / "a.xlsx"), tmp_path / "b.xlsx", [wrong(), wrong(row=3, column="A")], "zh"
    )
    book = openpyxl.load_workbook(annotate(first, tmp_path / "c.xlsx", [wrong(row=2, column="A")], "en"))
    assert book.sheetnames == ["Problems", "参股"]
    sheet = book["参股"]
    assert sheet["B2"].comment is None
    assert fill(sheet["B2"]) is None
    assert sheet["A3"].comment.text == "sender's own word"
    assert fill(sheet["A2"]) == RED


def test_the_list_is_not_loaded_when_the_file_comes_back(tmp_path):
    out = annotate(workbook(tmp_path / "a.xlsx"), tmp_path / "b.xlsx", [wrong()], "zh")
    assert not [item for item in read_file(out).found.problems if item.sheet == "问题清单"]


def test_a_sheet_of_the_senders_with_our_name_is_kept(tmp_path):
    source = workbook(tmp_path / "a.xlsx", lambda book: book.add_worksheet("问题清单").write(0, 0, "自己的"))
    book = openpyxl.load_workbook(annotate(source, tmp_path / "b.xlsx", [wrong()], "zh"))
    assert book.sheetnames == ["问题清单 2", "参股", "问题清单"]


def test_another_format_becomes_a_copy(tmp_path):
    source = tmp_path / "数据.csv"
    source.write_bytes("编号,日期,金额\n007,2017-06-30,12.5\n,,\n,,x\n".encode("gb18030"))
    name = read_book(source).sheets[0].name
    problems = [Problem("not_a_number", sheet=name, row=4, column="C", value="x"), Problem("sheet_unknown", "warning", sheet=name),
                Problem("error_cell", sheet=name, row=30, column="F", value="#REF!")]  # fmt: skip
    book = openpyxl.load_workbook(annotate(source, tmp_path / "o.xlsx", problems, "zh"))
    assert book.worksheets[0].title == "问题清单"
    assert "副本" in book.worksheets[0]["A3"].value
    sheet = book.worksheets[1]
    assert sheet["A2"].value == "007"
    assert fill(sheet["C4"]).endswith("FFC7CE")
    assert fill(sheet["A1"]).endswith("FFEB9C")
    assert fill(sheet["F30"]).endswith("FFC7CE")
    assert "x" in sheet["C4"].comment.text


def test_a_copy_keeps_numbers_dates_and_hidden_rows_and_renames_sheets_a_workbook_cannot_have(
    tmp_path, monkeypatch
):
    from datetime import date, datetime, time

    from workbooks import book_of, sheet_of

    long = "表" * 40 + "/"
    rows = [
        ["a", 1.5, date(2017, 6, 30), datetime.combine(date(2017, 6, 30), time(12)), True],
        [12345678901234567890, "12345678901234567890", None, None, None],
    ]
    book = book_of(
        sheet_of(rows, name=long, hidden_rows=frozenset({1})),
        sheet_of([["b"]], name=long, visibility="hidden"),
    )
    monkeypatch.setattr(annotating, "read_book", lambda path: book)
    monkeypatch.setattr(annotating, "_EDITED", frozenset())
    source = workbook(tmp_path / "a.xlsx")
    problems = [
        Problem("not_a_number", sheet=long, row=1, column="B"),
        Problem("not_a_date", sheet=long, row=1, column="C", severity="warning"),
    ]
    out = openpyxl.load_workbook(annotate(source, tmp_path / "o.xlsx", problems, "zh"))
    first, second = out.worksheets[1:]
    assert first.title == "表" * 31
    assert len({first.title.lower(), second.title.lower()}) == 2
    assert second.sheet_state == "hidden"
    assert [cell.value for cell in first[1]] == [
        "a",
        1.5,
        datetime.combine(date(2017, 6, 30), time()),
        datetime.combine(date(2017, 6, 30), time(12)),
        "TRUE",
    ]
    assert first["A2"].data_type == "s"
    assert first.row_dimensions[2].hidden
    assert out.worksheets[0]["C5"].hyperlink.location.startswith("'" + "表" * 3)


def test_what_cannot_be_edited_is_copied(tmp_path, monkeypatch):
    def fails(*_):
        raise KeyError("broken")

    monkeypatch.setattr(annotating.openpyxl, "load_workbook", fails)
    out = annotate(workbook(tmp_path / "a.xlsx"), tmp_path / "o.xlsx", [wrong()], "zh")
    monkeypatch.undo()
    assert "副本" in openpyxl.load_workbook(out).worksheets[0]["A3"].value
    monkeypatch.setattr(annotating, "_EDITED_BYTES", 10)
    out = annotate(workbook(tmp_path / "a.xlsx"), tmp_path / "o.xlsx", [wrong()], "zh")
    assert "副本" in openpyxl.load_workbook(out).worksheets[0]["A3"].value


def test_sheets_that_the_file_does_not_have_make_a_copy(tmp_path):
    out = annotate(workbook(tmp_path / "a.xlsx"), tmp_path / "o.xlsx", [wrong(sheet="没有")], "zh")
    assert "副本" in openpyxl.load_workbook(out).worksheets[0]["A3"].value


def test_files_that_cannot_be_read_or_written(tmp_path):
    (tmp_path / "x.xls").write_bytes(b"nothing")
    with pytest.raises(InputError):
        annotate(tmp_path / "x.xls", tmp_path / "o.xlsx", [], "zh")
    with pytest.raises(InputError, match="not_annotated"):
        annotate(workbook(tmp_path / "a.xlsx"), tmp_path / "no" / "o.xlsx", [], "zh")
