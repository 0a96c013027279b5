"""Cells at their true place and of their true kind, from every format; and every ending of a bad file."""

# ruff: noqa: DTZ001, FBT003 - XML as other programs write it; cells know no time zone

import datetime as dt
import json
import re
import threading
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from reader_files import biff5, ods, ole, rezip, simple, with_sheet
from test_sniff import strict

from fundtrack.errors import InputError
from fundtrack.load import biff, child, early, engines, worker, zipped
from fundtrack.load.cells import Kind
from fundtrack.load.columns import CellError, column, shorten
from fundtrack.load.frames import frames, joined
from fundtrack.load.job import Job
from fundtrack.load.limits import MB, ReadLimits
from fundtrack.load.reader import read_book

FIXTURES = Path(__file__).parent / "fixtures"


def cells(sheet):
    """Non-empty cells by (row, column): (text, kind)."""
    return {
        (r, c): (text, Kind(kind))
        for c, name in enumerate(sheet.text.columns)
        for r, (text, kind) in enumerate(zip(sheet.text[name], sheet.kind[name], strict=True))
        if kind
    }


def refused(path, limits=None):
    with pytest.raises(InputError) as caught:
        read_book(path, limits)
    return caught.value


# --- kinds


CELLS = st.one_of(
    st.none(), st.text(max_size=20), st.floats(), st.integers(-(10**20), 10**20), st.booleans(), st.dates(),
    st.datetimes(max_value=dt.datetime(9998, 1, 1)), st.sampled_from(["a_x000D_\nb", "a\r\nb\r", "", "_x0041_", CellError("#REF!")]),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(CELLS, min_size=1, max_size=12))
def test_a_short_column_is_written_as_a_long_one(values):
    short = column(values)
    long = column([*values, *[None] * 300])
    assert [part.to_list() for part in short] == [part.head(len(values)).to_list() for part in long]
    assert [part.dtype for part in short] == [part.dtype for part in long]


@pytest.mark.parametrize(
    ("value", "text", "kind"),
    [
        pytest.param(12.0, "12", Kind.NUMBER, id="whole"),
        pytest.param(0.1 + 0.2, "0.3", Kind.NUMBER, id="fifteen digits"),
        pytest.param(819999999.99, "819999999.99", Kind.NUMBER, id="money"),
        pytest.param(1e20, "100000000000000000000", Kind.NUMBER, id="no exponent up"),
        pytest.param(1.5e-7, "0.00000015", Kind.NUMBER, id="no exponent down"),
        pytest.param(-0.0, "0", Kind.NUMBER, id="no minus zero"),
        pytest.param(123456789012345678, "123456789012346000", Kind.NUMBER, id="as a sheet shows it"),
        pytest.param(7, "7", Kind.NUMBER, id="int"),
        pytest.param("007", "007", Kind.TEXT, id="zeros stay"),
        pytest.param("1200.50 ", "1200.50 ", Kind.TEXT, id="as typed"),
        pytest.param("a_x000D_\nb_x0009_c", "a\nb\tc", Kind.TEXT, id="escapes"),
        pytest.param("_x00zz_", "_x00zz_", Kind.TEXT, id="no escape"),
        pytest.param(True, "TRUE", Kind.BOOL, id="bool"),
        pytest.param(dt.date(2017, 6, 30), "2017-06-30", Kind.DATE, id="date"),
        pytest.param(
            dt.datetime(2017, 6, 30, 12, 0, 0, 900000), "2017-06-30T12:00:01", Kind.DATETIME, id="datetime"
        ),
        pytest.param(dt.time(12, 30), "12:30:00", Kind.TIME, id="time"),
        pytest.param(dt.timedelta(hours=36), "36:00:00", Kind.TIME, id="span"),
        pytest.param(dt.timedelta(hours=-1), "-01:00:00", Kind.TIME, id="span back"),
        pytest.param(CellError("#REF!"), "#REF!", Kind.ERROR, id="error"),
        pytest.param("#REF!", "#REF!", Kind.TEXT, id="typed, no error"),
        pytest.param("", None, Kind.EMPTY, id="empty"),
        pytest.param(None, None, Kind.EMPTY, id="none"),
    ],
)
def test_kinds(value, text, kind):
    alone, mixed = column([value]), column(["x", value, None, 1.5])
    assert (alone[0][0], alone[1][0]) == (text, kind)
    assert (mixed[0][1], mixed[1][1]) == (text, kind)
    assert mixed[1].to_list()[0::3] == [Kind.TEXT, Kind.NUMBER]


@given(st.decimals(-(10**12), 10**12, places=2))
@settings(max_examples=300, deadline=None)
def test_money_reads_back_to_the_cent(amount):
    text, _ = column([float(amount)])
    assert text[0] == shorten(float(amount))
    assert pl.Series([text[0]]).str.to_decimal(scale=2)[0] == amount


def test_trailing_blanks_are_cut_and_leading_ones_kept():
    text, kind = joined(frames([[], ["", "", ""], ["", "a", ""], ["", "", ""]], left=1), {(4, 0): "#N/A"})
    assert (text.shape, kind.shape) == ((5, 3), (5, 3))
    assert (text["c2"][2], text["c0"][4], kind["c0"][4]) == ("a", "#N/A", Kind.ERROR)
    assert joined([], {(0, 1): "#N/A"})[0].shape == (1, 2)


# --- xlsx


def rich(path):
    """One sheet of every kind of cell starting at C4, a hidden one, a very hidden one, and a chart."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("资金往来")
        form = {
            n: book.add_format({"num_format": f})
            for n, f in [("d", "yyyy-mm-dd"), ("m", 'yyyy"年"m"月"'), ("p", "0%"), ("t", "hh:mm")]
        }
        sheet.merge_range("C4:D5", "标题")
        sheet.write_string(5, 2, "007")
        sheet.write_number(5, 3, 1200.5)
        sheet.write_datetime(6, 2, dt.datetime(2017, 6, 30), form["d"])
        sheet.write_datetime(6, 3, dt.datetime(2017, 6, 1), form["m"])
        sheet.write_number(7, 2, 0.2, form["p"])
        sheet.write_boolean(7, 3, True)
        sheet.write_formula(8, 2, "=1/0", None, "#DIV/0!")
        sheet.write_formula(8, 3, '=""', None, "")
        sheet.write_number(9, 2, 0.5, form["t"])
        sheet.write_string(9, 3, "#REF!")
        sheet.set_row(7, None, None, {"hidden": True})
        book.add_worksheet("隐藏").hide()
        book.add_worksheet("深藏").very_hidden()
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=资金往来!$D$6:$D$7"})
        book.add_chartsheet("图").set_chart(chart)
    return path


RICH = {
    (3, 2): ("标题", Kind.TEXT),
    (5, 2): ("007", Kind.TEXT),
    (5, 3): ("1200.5", Kind.NUMBER),
    (6, 2): ("2017-06-30", Kind.DATE),
    (6, 3): ("2017-06-01", Kind.DATE),
    (7, 2): ("0.2", Kind.NUMBER),
    (7, 3): ("TRUE", Kind.BOOL),
    (8, 2): ("#DIV/0!", Kind.ERROR),
    (9, 2): ("12:00:00", Kind.TIME),
    (9, 3): ("#REF!", Kind.TEXT),
}


def test_every_cell_at_its_place(tmp_path):
    told = []
    book = read_book(rich(tmp_path / "改名.xls"), progress=told.append)
    sheet = book.sheets[0]
    assert (book.format, cells(sheet)) == (
        "xlsx",
        RICH | {(8, 3): ("#UNCACHED!", Kind.ERROR)} if (8, 3) in cells(sheet) else RICH,
    )
    assert (sheet.merged, sheet.hidden_rows) == (((3, 2, 4, 3),), frozenset({7}))
    assert [(s.name, s.visibility) for s in book.sheets] == [
        ("资金往来", "visible"),
        ("隐藏", "hidden"),
        ("深藏", "very_hidden"),
    ]
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_both_epochs(tmp_path):
    for epoch, shown in ((False, "1930-06-02"), (True, "1934-06-03")):
        path = tmp_path / f"{epoch}.xlsx"
        with xlsxwriter.Workbook(path, {"date_1904": epoch}) as book:
            book.add_worksheet().write_number(0, 0, 11111, book.add_format({"num_format": "yyyy-mm-dd"}))
        assert cells(read_book(path).sheets[0]) == {(0, 0): (shown, Kind.DATE)}


def test_formulas_never_computed_are_errors(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["合计", "=SUM(A1:A3)"])
    book.save(tmp_path / "a.xlsx")
    assert cells(read_book(tmp_path / "a.xlsx").sheets[0])[0, 1] == ("#UNCACHED!", Kind.ERROR)


def test_strict_files_are_read(tmp_path):
    book = read_book(strict(tmp_path / "a.xlsx"))
    assert (book.format, cells(book.sheets[0])[1, 0]) == ("xlsx_strict", ("007", Kind.TEXT))


ROWS_WITHOUT_NUMBERS = (
    '<row><c t="inlineStr"><is><t>a</t></is></c></row><row hidden="1"><c><v>1</v></c><c t="e"><v>#N/A</v></c></row>'
    '<row hidden="true"><c><v>2</v></c></row>'
)


def test_rows_and_cells_without_numbers(tmp_path):
    sheet = read_book(with_sheet(tmp_path / "a.xlsx", ROWS_WITHOUT_NUMBERS)).sheets[0]
    assert sheet.hidden_rows == frozenset({1, 2})
    assert cells(sheet)[1, 1] == ("#N/A", Kind.ERROR)


def test_a_broken_package_is_forgiven_by_the_other_engine(tmp_path):
    path = rezip(rich(tmp_path / "a.xlsx"), lambda n, d: b"<Relationships>" if n == "_rels/.rels" else d)
    book = read_book(path)
    assert "engine:openpyxl" in book.notes
    assert (
        cells(book.sheets[0]) == RICH | {(8, 3): ("#UNCACHED!", Kind.ERROR)}
        if (8, 3) in cells(book.sheets[0])
        else RICH
    )


def test_a_large_sheet_is_read_while_it_is_judged(tmp_path, monkeypatch):
    monkeypatch.setattr(early, "_LARGE", 10)
    monkeypatch.setattr(zipped, "_SMALL", 10)
    path = rich(tmp_path / "a.xlsx")
    job = Job(path, ReadLimits(), form="xlsx", begun=early.begin(path))
    assert job.begun is not None
    assert cells(next(engines.read(job, "xlsx"))) == cells(read_book(path).sheets[0])


def test_marks_hold_across_pieces(tmp_path):
    path = rich(tmp_path / "a.xlsx")
    with zipped.open_zip(path, ReadLimits()) as archive:
        data = archive.read("xl/worksheets/sheet1.xml")
    whole, pieces = zipped.Marks(), zipped.Marks()
    whole.feed(data)
    for at in range(0, len(data), 7):
        pieces.feed(data[at : at + 7])
    whole.finish()
    pieces.finish()
    assert (pieces.hidden_rows, pieces.merged, pieces.errors) == (
        whole.hidden_rows,
        whole.merged,
        whole.errors,
    )


# --- other formats

LEDGER = {
    (1, 1): ("某某基金资金往来明细", Kind.TEXT),
    (3, 1): ("基金编号", Kind.TEXT),
    (3, 2): ("日期", Kind.TEXT),
    (3, 3): ("金额（万元）", Kind.TEXT),
    (3, 4): ("备注", Kind.TEXT),
    (4, 1): ("007", Kind.TEXT),
    (4, 2): ("2017-06-30", Kind.DATE),
    (4, 3): ("1200.5", Kind.NUMBER),
    (5, 1): ("H-基金", Kind.TEXT),
    (5, 2): ("2018-01-02T12:30:00", Kind.DATETIME),
    (5, 3): ("0.3", Kind.NUMBER),
    (5, 4): ("#DIV/0!", Kind.ERROR),
    (6, 1): ("隐藏行", Kind.TEXT),
    (6, 3): ("0.2", Kind.NUMBER),
    (8, 1): ("合计", Kind.TEXT),
    (8, 2): ("12:00:00", Kind.TIME),
    (8, 3): ("1201", Kind.NUMBER),
    (8, 4): ("#N/A", Kind.ERROR),
}


@pytest.mark.parametrize(("name", "form"), [("ledger_biff8.xls", "xls"), ("ledger.ods", "ods")])
def test_the_same_ledger_from_other_formats(name, form):
    book = read_book(FIXTURES / name)
    sheet = book.sheets[0]
    found = cells(sheet)
    assert found.pop((4, 4))[0] in ("TRUE", "1")
    assert (book.format, found) == (form, LEDGER)
    assert (sheet.merged, sheet.hidden_rows) == (((1, 1, 1, 4),), frozenset({6}))
    assert [(s.name, s.visibility) for s in book.sheets[1:]] == [("隐藏表", "hidden"), ("空表", "visible")]


OLD = [(0, 0, "基金名称".encode("gbk")), (1, 0, "杭州创投".encode("gbk")), (1, 1, 1200.5)]


@pytest.mark.parametrize(
    ("codepage", "engine"),
    [(936, "engine:xlrd"), (1252, "engine:xlrd-gb18030"), (None, "engine:xlrd-gb18030")],
)
def test_old_code_pages_end_as_chinese(tmp_path, codepage, engine):
    book = read_book(ole(tmp_path / "a.xlsx", {"Book": biff5(OLD, codepage)}))
    assert engine in book.notes
    assert book.sheets[0].name == "表1"
    assert cells(book.sheets[0]) == {
        (0, 0): ("基金名称", Kind.TEXT),
        (1, 0): ("杭州创投", Kind.TEXT),
        (1, 1): ("1200.5", Kind.NUMBER),
    }


def test_where_one_xls_engine_asserts_the_other_is_asked(monkeypatch):
    def fails(**_):
        raise AssertionError

    monkeypatch.setattr(biff.xlrd, "open_workbook", fails)
    job = Job(FIXTURES / "ledger_biff8.xls", ReadLimits())
    sheet = next(engines.read(job, "xls"))
    assert job.notes[-1] == "engine:calamine"
    assert cells(sheet)[5, 4] == ("#DIV/0!", Kind.ERROR)
    assert cells(sheet)[4, 2] == ("2017-06-30", Kind.DATE)


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [
        ('编号,日期,金额\n007,2017-06-30,\n\n"a\nb",,1\n', "utf-8-sig", "utf-8-sig"),
        ('编号\t日期\t金额\n007\t2017-06-30\t\n\n"a\nb"\t\t1\n', "utf-16", "utf-16"),
        ('编号;日期;金额\n007;2017-06-30;\n\n"a\nb";;1\n', "gbk", "gb18030"),
    ],
)
def test_delimited_text(tmp_path, text, encoding, said):
    path = tmp_path / "收款.csv"
    path.write_bytes(text.encode(encoding))
    book = read_book(path)
    assert (book.format, book.notes, book.sheets[0].name) == ("csv", (f"encoding:{said}",), "收款")
    kept = {k: t for k, (t, kind) in cells(book.sheets[0]).items() if kind == Kind.TEXT}
    assert kept == {
        (0, 0): "编号",
        (0, 1): "日期",
        (0, 2): "金额",
        (1, 0): "007",
        (1, 1): "2017-06-30",
        (3, 0): "a\nb",
        (3, 2): "1",
    }


PAGE = (
    '<html><head><meta charset="gb2312"><title>t</title><style>td{}</style></head><table>'
    "<tr><td colspan=2>标题&nbsp;一</td><td rowspan=2>合</td></tr>"
    '<tr><td>007<td>1<br>2</tr><tr style="display: none"><td>3</td></tr></table></html>'
)


def page_is_read(sheet):
    assert {k: t for k, (t, _) in cells(sheet).items()} == {
        (0, 0): "标题\xa0一",
        (0, 2): "合",
        (1, 0): "007",
        (1, 1): "1\n2",
        (2, 0): "3",
    }
    assert (sheet.merged, sheet.hidden_rows) == (((0, 0, 0, 1), (0, 2, 1, 2)), frozenset({2}))


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_html_saved_as_xls(tmp_path, encoding):
    path = tmp_path / "a.xls"
    path.write_bytes(
        PAGE.encode(encoding) if encoding != "utf-8" else PAGE.replace('charset="gb2312"', "").encode()
    )
    page_is_read(read_book(path).sheets[0])


def test_web_archives(tmp_path):
    path = tmp_path / "a.xls"
    head = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=B\n\n"
    part = "--B\nContent-Type: text/html\nContent-Transfer-Encoding: 8bit\n\n"
    path.write_bytes(
        f"{head}{part}<html>frames</html>\n{part}{PAGE}\n{part}{PAGE}\n--B--\n".encode("gb18030")
    )
    book = read_book(path)
    page_is_read(book.sheets[0])
    assert [sheet.name for sheet in book.sheets] == ["a", "a 2"]


def xml2003(rows, head='<?xml version="1.0" encoding="gb2312"?>'):
    return (
        f'\n{head}<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" '
        f'xmlns:x="urn:schemas-microsoft-com:office:excel"><Worksheet ss:Name="往来"><Table>{rows}</Table></Worksheet>'
        "<Worksheet ss:Name='藏'><Table/><x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet></Workbook>"
    ).encode("gb18030")


def test_spreadsheetml_of_2003(tmp_path):
    path = tmp_path / "a.xls"
    path.write_bytes(
        xml2003(
            '<Row><Cell ss:MergeAcross="1"><Data ss:Type="String">标题</Data></Cell><Cell><Data ss:Type="Number">1200.5</Data></Cell></Row>'
            '<Row ss:Index="4" ss:Hidden="1"><Cell ss:Index="2"><Data ss:Type="DateTime">2017-06-30T00:00:00.000</Data></Cell>'
            '<Cell><Data ss:Type="Boolean">1</Data></Cell><Cell><Data ss:Type="Error">#REF!</Data></Cell><Cell ss:Formula="=A1"/></Row>'
            '<Row><Cell><Data ss:Type="DateTime">1899-12-31T12:00:00.000</Data></Cell><Cell><Data ss:Type="DateTime">soon</Data></Cell>'
            '<Cell><Data ss:Type="DateTime">2017-06-30T12:30:00.000</Data></Cell></Row>'
        )
    )
    book = read_book(path)
    assert cells(book.sheets[0]) == {
        (0, 0): ("标题", Kind.TEXT),
        (0, 2): ("1200.5", Kind.NUMBER),
        (3, 1): ("2017-06-30", Kind.DATE),
        (3, 2): ("TRUE", Kind.BOOL),
        (3, 3): ("#REF!", Kind.ERROR),
        (3, 4): ("#UNCACHED!", Kind.ERROR),
        (4, 0): ("12:00:00", Kind.TIME),
        (4, 1): ("soon", Kind.TEXT),
        (4, 2): ("2017-06-30T12:30:00", Kind.DATETIME),
    }
    assert (book.sheets[0].merged, book.sheets[0].hidden_rows) == (((0, 0, 0, 1),), frozenset({3}))
    assert [sheet.visibility for sheet in book.sheets] == ["visible", "hidden"]


def test_ods_marks(tmp_path):
    table = (
        '<table:table table:name="a"><table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="3"/>'
        '</table:table-row><table:table-row table:visibility="filter"><table:table-cell office:value-type="string"><text:p>x</text:p>'
        '</table:table-cell><table:table-cell table:formula="of:=1"/><table:table-cell office:value-type="string" '
        'calcext:value-type="error" office:string-value=""><text:p>Err:502</text:p></table:table-cell></table:table-row></table:table>'
    )
    sheet = read_book(ods(tmp_path / "a.ods", table)).sheets[0]
    assert cells(sheet) == {
        (2, 0): ("x", Kind.TEXT),
        (2, 1): ("#UNCACHED!", Kind.ERROR),
        (2, 2): ("Err:502", Kind.ERROR),
    }
    assert sheet.hidden_rows == frozenset({2})


@pytest.mark.parametrize("said", ["utf-8", "no-such-name"])
def test_pages_that_name_a_wrong_encoding(tmp_path, said):
    path = tmp_path / "a.xls"
    path.write_bytes(PAGE.replace("gb2312", said).encode("gb18030"))
    page_is_read(read_book(path).sheets[0])


def test_serials_beyond_the_calendar_stay_numbers():
    assert biff.moment(-5.0, 0) == -5.0
    assert biff.moment(1e9, 0) == 1e9


def test_old_booleans():
    cell = biff.xlrd.sheet.Cell(biff.xlrd.XL_CELL_BOOLEAN, 1)
    assert biff._value(None, cell) is True
    assert biff._format(None, cell) == ""


def test_dates_by_the_forgiving_engine(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["日期", 1.5])
        sheet.write_datetime(1, 0, dt.datetime(2017, 6, 30), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
    broken = rezip(path, lambda n, d: b"<Relationships>" if n == "_rels/.rels" else d)
    assert cells(read_book(broken).sheets[0])[1, 0] == ("2017-06-30", Kind.DATE)
    assert cells(read_book(broken).sheets[0])[1, 1] == ("#DIV/0!", Kind.ERROR)


# --- bad ends

FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
DTD = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>'
DOS = (
    '<table:table table:name="a"><table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="float" '
    'office:value="1" table:number-columns-repeated="16384"/></table:table-row></table:table>'
)


def lying(path):
    """The sheet declares a smaller size than it unpacks to."""
    data = bytearray(simple(path).read_bytes())
    entry = data.rindex(b"PK\x01\x02", 0, data.rindex(b"xl/worksheets/sheet1.xml"))
    data[entry + 24 : entry + 28] = (100).to_bytes(4, "little")
    path.write_bytes(data)
    return path


def with_bytes(data):
    return lambda path: path.write_bytes(data) and path


@pytest.mark.parametrize(
    ("make", "code"),
    [
        pytest.param(lambda p: with_sheet(p, FAR), "too_many_cells", id="a cell at XFD1048576"),
        pytest.param(lambda p: ods(p, DOS), "too_many_cells", id="17 billion cells"),
        pytest.param(
            lambda p: rezip(simple(p), lambda n, d: DTD + d.split(b"?>", 1)[1] if "sheet1" in n else d),
            "xml_entities",
            id="entities",
        ),
        pytest.param(with_bytes(xml2003("", DTD.decode())), "xml_entities", id="entities of 2003"),
        pytest.param(with_bytes(xml2003("<Row>")), "file_damaged", id="torn xml of 2003"),
        pytest.param(lying, "file_truncated", id="declared too small"),
        pytest.param(
            lambda p: rezip(simple(p), lambda n, d: re.sub(b"<sheets>.*</sheets>", b"", d)),
            "no_sheets",
            id="no sheets",
        ),
        pytest.param(
            lambda p: rezip(simple(p), lambda n, d: d[:300] if "sheet1.xml" in n else d),
            "file_damaged",
            id="torn sheet",
        ),
        pytest.param(lambda p: ods(p, "<table:table"), "no_sheets", id="torn ods"),
        pytest.param(
            lambda p: ods(p, '<table:table table:formula="error">'), "file_damaged", id="torn ods with marks"
        ),
        pytest.param(
            lambda p: ole(p, {"Workbook": b"\x09\x08\x10\x00" + b"\xff" * 5000}),
            "file_damaged",
            id="torn xls",
        ),
        pytest.param(with_bytes(b"<html><table></table></html>"), "no_sheets", id="html without a cell"),
        pytest.param(
            with_bytes(b"MIME-Version: 1.0\nContent-Type: text/plain\n\nx"),
            "no_sheets",
            id="mail without a table",
        ),
    ],
)
def test_bad_files_end_in_their_own_code(tmp_path, make, code):
    assert refused(make(tmp_path / "坏.xlsx")).code == code


def test_a_later_sheet_torn(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write(0, 0, 1)
        book.add_worksheet().write(0, 0, 1)
    assert refused(rezip(path, lambda n, d: d[:300] if "sheet2.xml" in n else d)).code == "file_damaged"


def test_cells_of_old_files_are_counted(tmp_path):
    path = ole(tmp_path / "a.xls", {"Book": biff5(OLD, 936)})
    assert refused(path, ReadLimits(max_cells=3)).code == "too_many_cells"


def test_the_far_cell_is_named(tmp_path):
    about = refused(with_sheet(tmp_path / "a.xlsx", FAR)).about
    assert (about["sheet"], about["cell"]) == ("资金往来", "XFD1048576")


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_cells_are_counted(tmp_path, name):
    path = tmp_path / name
    if name == "a.csv":
        path.write_text("a,b,c\n" * 5, encoding="utf-8")
    else:
        simple(path, [["a", "b", "c"]] * 5)
    assert refused(path, ReadLimits(max_cells=14)).code == "too_many_cells"
    assert read_book(path, ReadLimits(max_cells=15)).sheets[0].text.shape == (5, 3)


def test_time_ends(tmp_path):
    assert refused(simple(tmp_path / "a.xlsx"), ReadLimits(seconds=0.01)).code == "reading_took_too_long"


def test_memory_ends(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes((b"some text," * 40 + b"\n") * 100_000)
    assert refused(path, ReadLimits(memory_bytes=MB)).code == "reading_needed_too_much_memory"


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("kill -ABRT $$", "reader_crashed"),
        ("echo 'memory allocation of 9 bytes failed' >&2; kill -ABRT $$", "reading_needed_too_much_memory"),
        ("kill -KILL $$", "reading_needed_too_much_memory"),
        ("kill -XCPU $$", "reading_took_too_long"),
        ("exit 3", "reader_crashed"),
    ],
)
def test_aborts_end_in_a_code(tmp_path, monkeypatch, script, code):
    engine = tmp_path / "engine"
    engine.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    engine.chmod(0o755)
    monkeypatch.setattr(child.sys, "executable", str(engine))
    assert refused(simple(tmp_path / "a.xlsx")).code == code


class PanicError(BaseException):
    """As an engine's panic arrives."""


@pytest.mark.parametrize(
    ("failure", "code"),
    [(PanicError("boom"), "reader_crashed"), (MemoryError(), "reading_needed_too_much_memory")],
)
def test_panics_are_told(tmp_path, monkeypatch, capsys, failure, code):
    def fails(*_):
        raise failure

    monkeypatch.setattr(engines, "read", fails)
    for limit in ("limit_memory", "limit_time"):
        monkeypatch.setattr(worker, limit, lambda *_, **__: None)
    worker.main([json.dumps(ReadLimits().as_dict()), str(simple(tmp_path / "a.xlsx")), str(tmp_path), "xlsx"])
    assert json.loads(capsys.readouterr().out)["error"] == code


def test_no_child_outlives_its_reading(tmp_path):
    def alive():
        return {
            pid for task in Path("/proc/self/task").glob("*/children") for pid in task.read_text().split()
        }

    before = alive()  # what tests before this one may still have at work
    refused(simple(tmp_path / "a.xlsx"), ReadLimits(seconds=0.01))
    read_book(simple(tmp_path / "b.xlsx"))
    assert alive() <= before


def test_threads_read_at_once(tmp_path):
    paths = [simple(tmp_path / f"{n}.xlsx", [[f"{n}"]]) for n in range(3)]
    found = {}
    threads = [
        threading.Thread(target=lambda p=p: found.update({p.stem: read_book(p).sheets[0].text["c0"][0]}))
        for p in paths
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {"0": "0", "1": "1", "2": "2"}


def test_the_server_stops_a_reading_when_nobody_listens(tmp_path):
    def gone(_):
        raise ConnectionError

    with pytest.raises(ConnectionError):
        read_book(simple(tmp_path / "a.xlsx"), progress=gone)


def test_limits_grow_with_honest_files():
    limits = ReadLimits()
    assert (limits.seconds_for(1000), limits.memory_for(MB)) == (6.0, limits.memory_bytes)
    assert limits.seconds_for(51 * MB) == pytest.approx(106)
    assert limits.memory_for(10_000 * MB) == 4 * limits.memory_bytes
