"""Binary workbooks: cells at their place, and what the engine does not tell of them."""

import pytest
from test_reader import cells, refused
from wild_files import DATE_STYLE, XML, package, sheet_xml
from xlsb_file import record, sheet, xlsb

from fundtrack.load.cells import Kind
from fundtrack.load.reader import read_book
from fundtrack.load.xlsb import records

DAY = 42916  # 2017-06-30 where days count from 1900


def test_cells_states_merges_hidden_rows_and_errors(tmp_path):
    first = sheet(
        {0: ["基金名称", "金额", None], 1: ["007", 1200.5, True], 3: [b"\x17", (float(DAY), 1), b"\x2a"]},
        hidden=[1],
        merged=[(0, 1, 0, 2)],
    )
    path = xlsb(
        tmp_path / "a.xlsx",
        {"资金往来": first, "藏": sheet({0: ["x"]}), "深藏": sheet({0: ["y"]})},
        [0, 1, 2],
    )
    book = read_book(path)
    assert (book.format, [(each.name, each.visibility) for each in book.sheets]) == (
        "xlsb",
        [("资金往来", "visible"), ("藏", "hidden"), ("深藏", "very_hidden")],
    )
    assert cells(book.sheets[0]) == {
        (0, 0): ("基金名称", Kind.TEXT),
        (0, 1): ("金额", Kind.TEXT),
        (1, 0): ("007", Kind.TEXT),
        (1, 1): ("1200.5", Kind.NUMBER),
        (1, 2): ("TRUE", Kind.BOOL),
        (3, 0): ("#REF!", Kind.ERROR),
        (3, 1): ("2017-06-30", Kind.DATE),
        (3, 2): ("#N/A", Kind.ERROR),
    }
    assert (book.sheets[0].merged, book.sheets[0].hidden_rows) == (((0, 1, 0, 2),), frozenset({1}))


def test_a_cell_at_the_very_end_is_refused_and_a_blank_one_is_not(tmp_path):
    about = refused(
        xlsb(tmp_path / "a.xlsb", {"表": sheet({0: ["a"], 1048575: [None] * 16383 + ["b"]})})
    ).about
    assert (about["sheet"], about["cell"]) == ("表", "XFD1048576")
    blank = sheet({0: ["a"]}).replace(
        record(146),
        record(0, b"\xff\xff\x0f\0" + bytes(13)) + record(1, b"\xff\x3f\0\0" + bytes(4)) + record(146),
    )
    assert read_book(xlsb(tmp_path / "b.xlsb", {"表": blank})).sheets[0].text.shape == (1, 1)


@pytest.mark.parametrize(("epoch_1904", "day"), [(False, "1930-06-02"), (True, "1934-06-03")])
def test_days_of_both_epochs(tmp_path, epoch_1904, day):
    binary = xlsb(tmp_path / "a.xlsb", {"表": sheet({0: [(11111.0, 1)]})}, epoch_1904=epoch_1904)
    said = f'<workbookPr date1904="{int(epoch_1904)}"/>'
    plain = package(
        tmp_path / "a.xlsx", sheet_xml('<row r="1"><c r="A1" s="1"><v>11111</v></c></row>'), book=said
    )
    for path in (binary, plain):
        book = read_book(path)
        assert (cells(book.sheets[0]), book.epoch_1904) == ({(0, 0): (day, Kind.DATE)}, epoch_1904)


def test_records_end_where_the_data_do():
    whole = record(156, b"x" * 200)
    assert [(number, len(held)) for number, held in records(whole + whole[:-1])] == [(156, 200)]
    assert list(records(b"\xff\xff\xff\xff\xff\xff")) == []


def test_a_sheet_of_charts_is_named_and_has_no_cells(tmp_path):
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    path = package(
        tmp_path / "a.xlsx",
        sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>'),
        sheets='<sheet name="表" sheetId="1" r:id="rId1"/><sheet name="图" sheetId="3" r:id="rId3"/>',
        rels=f'<Relationship Id="rId3" Type="{office}/chartsheet" Target="chartsheets/sheet1.xml"/>',
        parts={"xl/chartsheets/sheet1.xml": XML + DATE_STYLE},
    )
    book = read_book(path)
    assert ([each.name for each in book.sheets], book.without_cells) == (["表"], ["图"])
