"""Hidden columns are read and named, in every format that tells of them; flat and UTF-16 XML spreadsheets are read like others."""

import struct

import pytest
import xlsb_file
import xlsxwriter
from test_reader import cells, ods, xml2003
from workbooks import read_here, sheet_of

from fundtrack.errors import InputError
from fundtrack.load.cells import Book, Kind
from fundtrack.load.layout import find_tables
from fundtrack.load.limits import ReadLimits
from fundtrack.load.profiles import Profile
from fundtrack.load.sniff import sniff

HEAD = ["机构编码", "名称", "所在地"]
ROWS = [HEAD, ["VC-01", "示例创投", "杭州"], ["VC-02", "示例资本", "宁波"]]


def xlsx(path):
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("合作创投机构")
    for at, row in enumerate(ROWS):
        page.write_row(at, 0, row)
    page.set_column(1, 1, None, None, {"hidden": True})
    page.set_column(30, 16383, None, None, {"hidden": True})  # as people hide all that they do not need
    book.close()
    return path


def ods_line(words):
    each = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{word}</text:p></table:table-cell>'
        for word in words
    )
    return f"<table:table-row>{each}</table:table-row>"


ODS_TABLE = (
    '<table:table table:name="合作创投机构"><table:table-column/><table:table-column table:visibility="collapse"/>'
    '<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse" '
    f'table:number-columns-repeated="16380"/>{"".join(ods_line(row) for row in ROWS)}</table:table>'
)


def xml_row(words):
    return (
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{word}</Data></Cell>' for word in words) + "</Row>"
    )


XML_COLUMNS = '<Column ss:Width="50"/><Column ss:Hidden="1"/><Column ss:Index="5" ss:Span="2" ss:Hidden="1"/>'


def spreadsheetml(path):
    path.write_bytes(xml2003(XML_COLUMNS + "".join(xml_row(row) for row in ROWS)))
    return path


def binary(path):
    def columns(first, last, flags):
        return xlsb_file.record(60, struct.pack("<IIIIH", first, last, 2304, 0, flags))

    sheet = xlsb_file.sheet(dict(enumerate(ROWS)))
    at = sheet.index(xlsb_file.record(145, b""))  # before the rows
    made = sheet[:at] + columns(0, 0, 2) + columns(1, 1, 1) + columns(30, 16383, 1) + sheet[at:]
    xlsb_file.xlsb(path, {"合作创投机构": made})
    return path


FORMATS = [
    pytest.param("a.xlsx", xlsx, id="xlsx"),
    pytest.param("a.ods", lambda path: ods(path, ODS_TABLE), id="ods"),
    pytest.param("a.xml", spreadsheetml, id="xml of 2003"),
    pytest.param("a.xlsb", binary, id="xlsb"),
]


@pytest.mark.parametrize(("name", "make"), FORMATS)
def test_formats_tell_of_hidden_columns(tmp_path, name, make):
    [sheet, *_] = read_here(make(tmp_path / name)).sheets
    assert 1 in sheet.hidden_columns
    assert not sheet.hidden_columns & {0, 2}
    assert max(sheet.hidden_columns) < 16_384
    assert cells(sheet)[1, 1] == ("示例创投", Kind.TEXT)


def found(hidden, profile=None, **how):
    sheet = sheet_of(ROWS, name="合作创投机构", hidden_columns=frozenset(hidden))
    return find_tables(Book("xlsx", (sheet,)), "a.xlsx", None, profile=profile, **how)


@pytest.mark.parametrize(
    ("hidden", "count", "columns", "letter"),
    [
        pytest.param({1}, "1", "B 名称", "B", id="one"),
        pytest.param({0, 2}, "2", "A 机构编码、C 所在地", "A", id="two"),
    ],
)
def test_hidden_columns_are_loaded_and_named(hidden, count, columns, letter):
    out = found(hidden)
    [problem] = [each for each in out.problems if each.code == "columns_hidden"]
    assert (problem.severity, problem.sheet, problem.row, problem.column) == (
        "warning",
        "合作创投机构",
        1,
        letter,
    )
    assert problem.about == {"count": count, "columns": columns}
    assert {mapped.field for mapped in out.tables[0].columns} == {"manager_id", "name", "location"}


@pytest.mark.parametrize(
    ("hidden", "how"),
    [
        pytest.param(set(), {}, id="none"),
        pytest.param({3, 9, 16_000}, {}, id="only empty ones"),
        pytest.param({1}, {"include_hidden": True}, id="asked for"),
        pytest.param({1}, {"profile": Profile(name="a", include_hidden=True)}, id="asked for by a profile"),
    ],
)
def test_nothing_is_said(hidden, how):
    assert "columns_hidden" not in {each.code for each in found(hidden, **how).problems}


# --- XML spreadsheets that are no package --------------------------------------------------------------------------

FLAT = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.{kind}"><office:body><office:spreadsheet>'
    "{tables}</office:spreadsheet></office:body></office:document>"
)


def flat(tables=ODS_TABLE, kind="spreadsheet", before=""):
    return before + FLAT.format(tables=tables, kind=kind)


def as_bytes(text, encoding):
    return lambda path: path.write_bytes(text.encode(encoding)) and path


@pytest.mark.parametrize(
    ("encoding"),
    [
        pytest.param("utf-8", id="utf-8"),
        pytest.param("utf-8-sig", id="with a mark"),
        pytest.param("utf-16", id="utf-16"),
    ],
)
def test_flat_opendocument_is_read_as_an_ods(tmp_path, encoding):
    path = as_bytes(flat(), encoding)(tmp_path / "a.xml")
    assert sniff(path, ReadLimits()) == "fods"
    book = read_here(path)
    packed = read_here(ods(tmp_path / "a.ods", ODS_TABLE))
    assert [cells(sheet) for sheet in book.sheets] == [cells(sheet) for sheet in packed.sheets]
    assert book.sheets[0].hidden_columns == packed.sheets[0].hidden_columns


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("declared", ["UTF-16", "utf-8", ""])
def test_spreadsheetml_in_utf16(tmp_path, encoding, declared):
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else '<?xml version="1.0"?>'
    made = xml2003("".join(xml_row(row) for row in ROWS), head).decode("gb18030").lstrip()
    path = as_bytes(made, encoding)(tmp_path / "a.xls")
    assert cells(read_here(path).sheets[0])[2, 1] == ("示例资本", Kind.TEXT)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(flat(kind="text"), "not_a_workbook", id="a text document"),
        pytest.param(flat(tables="<table:table>"), "file_damaged", id="torn"),
        pytest.param(
            '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]>' + flat().partition("?>")[2],
            "xml_entities",
            id="entities",
        ),
    ],
)
def test_flat_opendocument_that_is_refused(tmp_path, text, code):
    with pytest.raises(InputError) as refused:
        read_here(as_bytes(text, "utf-8")(tmp_path / "a.fods"))
    assert refused.value.code == code
    assert refused.value.about["file"] == "a.fods"
