"""What a file is, whatever it is called; and what is refused before any engine sees it."""

import zipfile

import pytest
from reader_files import biff5, ods, ole, rezip, simple

from fundtrack.errors import InputError
from fundtrack.load import delimited
from fundtrack.load import ole as compound
from fundtrack.load.limits import MB, ReadLimits
from fundtrack.load.sniff import sniff

STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": b"http://purl.oclc.org/ooxml/officeDocument/relationships",
}


def strict(path):
    def change(_, data):
        for old, new in STRICT.items():
            data = data.replace(old, new)
        return data

    return rezip(simple(path), change)


def macro(path):
    plain, macros = (
        b"openxmlformats-officedocument.spreadsheetml.sheet.main",
        b"ms-excel.sheet.macroEnabled.main",
    )
    return rezip(simple(path), lambda _, data: data.replace(plain, macros))


def binary(path):
    rezip(
        simple(path),
        lambda name, data: (
            None if name == "xl/workbook.xml" else data.replace(b"xl/workbook.xml", b"xl/workbook.bin")
        ),
        [("xl/workbook.bin", b"\x83\x01\x00")],
    )
    return path


def text(content, encoding="utf-8"):
    return lambda path: path.write_bytes(content.encode(encoding)) and path


XML2003 = '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
CSV = "基金编号,金额\n007,1200.5\n"


@pytest.mark.parametrize(
    ("make", "form"),
    [
        pytest.param(simple, "xlsx", id="xlsx"),
        pytest.param(strict, "xlsx_strict", id="strict"),
        pytest.param(macro, "xlsm", id="xlsm"),
        pytest.param(binary, "xlsb", id="xlsb"),
        pytest.param(
            lambda p: ole(p, {"Workbook": biff5([(0, 0, 1.0)])}), "xls", id="xls in a compound file"
        ),
        pytest.param(lambda p: ole(p, {"Book": biff5([(0, 0, 1.0)])}), "xls", id="xls of 1995"),
        pytest.param(lambda p: p.write_bytes(biff5([(0, 0, 1.0)])) and p, "xls", id="bare BIFF"),
        pytest.param(lambda p: ods(p, ""), "ods", id="ods"),
        pytest.param(text(CSV), "csv", id="utf-8"),
        pytest.param(text(CSV, "utf-8-sig"), "csv", id="utf-8 with mark"),
        pytest.param(text(CSV, "gbk"), "csv", id="gbk"),
        pytest.param(text(CSV, "utf-16"), "csv", id="utf-16"),
        pytest.param(text("id,amount\n" * 9, "utf-16-le"), "csv", id="utf-16 without mark"),
        pytest.param(text("<html><table><tr><td>a</td></tr></table></html>"), "html", id="html"),
        pytest.param(text("MIME-Version: 1.0\nContent-Type: multipart/related\n\n"), "mhtml", id="mhtml"),
        pytest.param(text(XML2003), "xml2003", id="xml of 2003"),
    ],
)
def test_the_content_decides(tmp_path, make, form):
    for name in ("a.xlsx", "b.xls", "c"):
        assert sniff(make(tmp_path / name), ReadLimits()) == form


def twin(path):
    simple(path)
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("xl/Worksheets/sheet1.xml", b"<worksheet/>")
    return path


def cut(make, keep):
    return lambda path: path.write_bytes(make(path).read_bytes()[:keep]) and path


def flagged(path):
    data = bytearray(simple(path).read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    return path


def old_workbook(path):
    return ole(path, {"Workbook": biff5([(0, 0, 1.0)])})


@pytest.mark.parametrize(
    ("make", "code"),
    [
        pytest.param(lambda p: p.touch() or p, "file_empty", id="0 bytes"),
        pytest.param(text(" \r\n\t\n"), "file_empty", id="blanks"),
        pytest.param(lambda p: p.write_bytes(b"\xef\xbb\xbf\n") and p, "file_empty", id="only a mark"),
        pytest.param(
            lambda p: ole(p, {"EncryptionInfo": b"", "EncryptedPackage": b""}),
            "password_protected",
            id="xlsx",
        ),
        pytest.param(
            lambda p: ole(p, {"Workbook": biff5([(0, 0, 1.0)], locked=True)}), "password_protected", id="xls"
        ),
        pytest.param(
            lambda p: p.write_bytes(biff5([(0, 0, 1.0)], locked=True)) and p,
            "password_protected",
            id="bare xls",
        ),
        pytest.param(lambda p: ods(p, "", "<encryption-data/>"), "password_protected", id="ods"),
        pytest.param(flagged, "password_protected", id="zip"),
        pytest.param(cut(simple, 3000), "file_truncated", id="cut zip"),
        pytest.param(cut(old_workbook, 300), "file_truncated", id="cut in the header"),
        pytest.param(cut(old_workbook, 900), "file_truncated", id="cut in the tables"),
        pytest.param(cut(old_workbook, 4000), "file_truncated", id="cut in a stream"),
        pytest.param(twin, "duplicate_zip_entry", id="twins"),
        pytest.param(
            lambda p: rezip(simple(p), lambda _, d: d, [("../x", b"")]), "zip_path_unsafe", id="path up"
        ),
        pytest.param(
            lambda p: rezip(simple(p), lambda _, d: d, [("C:/x", b"")]), "zip_path_unsafe", id="drive"
        ),
        pytest.param(lambda p: p.write_bytes(b"%PDF-1.7\n" + b"x" * 99) and p, "not_a_workbook", id="pdf"),
        pytest.param(
            lambda p: p.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR") and p, "not_a_workbook", id="png"
        ),
        pytest.param(lambda p: p.write_bytes(bytes(range(256)) * 8) and p, "not_a_workbook", id="bytes"),
        pytest.param(
            lambda p: p.write_bytes(b"\xff\xfe\x00\xd8\x00\x00") and p, "not_a_workbook", id="broken utf-16"
        ),
        pytest.param(text("Attachment f:\\arnold.xls"), "not_a_workbook", id="one line of words"),
        pytest.param(text('{"a": 1}'), "not_a_workbook", id="json"),
        pytest.param(text("<svg></svg>"), "not_a_workbook", id="other xml"),
        pytest.param(lambda p: ole(p, {"WordDocument": b""}), "not_a_workbook", id="doc"),
        pytest.param(lambda p: ods(p, "", mimetype="application/zip"), "not_a_workbook", id="other zip"),
        pytest.param(
            lambda p: rezip(ods(p, ""), lambda n, d: None if n == "content.xml" else d),
            "not_a_workbook",
            id="hollow ods",
        ),
        pytest.param(
            lambda p: rezip(simple(p), lambda _, d: d.replace(b"spreadsheetml", b"wordprocessingml")),
            "not_a_workbook",
            id="docx",
        ),
    ],
)
def test_refusals_have_their_own_code(tmp_path, make, code):
    path = make(tmp_path / "本季.xlsx")
    with pytest.raises(InputError) as refused:
        sniff(path, ReadLimits())
    assert (refused.value.code, refused.value.about["file"]) == (code, "本季.xlsx")


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (ReadLimits(max_bytes=1000), "file_too_large"),
        (ReadLimits(max_inflated_bytes=10_000), "zip_bomb"),
        (ReadLimits(ratio_from_bytes=100_000), "zip_bomb"),
    ],
)
def test_bombs_are_refused_unopened(tmp_path, limits, code):
    path = rezip(simple(tmp_path / "a.xlsx"), lambda _, d: d, [("xl/media/big.xml", b" " * MB)])
    with pytest.raises(InputError) as refused:
        sniff(path, limits)
    assert refused.value.code == code


def test_a_long_file_is_judged_by_its_start(tmp_path):
    path = tmp_path / "long.csv"
    path.write_bytes(("杭" * 70_000 + ",1\n").encode("gb18030"))
    assert sniff(path, ReadLimits()) == "csv"


def test_other_encodings_are_guessed():
    decoded = delimited.decode("Société,Montant\nFonds d'amorçage été,1200\n".encode("cp1252"))
    assert decoded is not None
    assert "Montant" in decoded[0]


def test_a_broken_byte_costs_a_character_not_the_file():
    data = bytearray("基金名称,金额\n杭州创投引导基金,1200\n".encode() * 9)
    data[1] = 0xFF
    text, name = delimited.decode(bytes(data)) or ("", "")
    assert (name, "杭州创投引导基金" in text) == ("utf-8-mended", True)
    data = bytearray("基金名称,金额\n杭州创投引导基金,1200\n".encode("gbk") * 9)
    data[1] = 0xFF
    text, name = delimited.decode(bytes(data)) or ("", "")
    assert (name, "杭州创投引导基金" in text) == ("gb18030-mended", True)
    torn = bytearray("基金,1\n".encode() * 9)
    torn[1::14] = b"\xff" * len(torn[1::14])
    assert "-mended" not in (delimited.decode(bytes(torn)) or ("", ""))[1]


def test_a_hint_line_is_no_row():
    assert list(delimited.rows("sep=;\na;b\n\n1,5;2\n")) == [["a", "b"], [], ["1,5", "2"]]


def test_what_is_no_compound_file():
    head = bytearray(ole_bytes := b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert compound.open_compound(bytes(head)) is None
    assert compound.open_compound(ole_bytes[:100]) is None
