"""One small ledger in every shape that files have in the wild: what must load the same, and what must end in a sentence."""

import base64
import quopri
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

from reader_files import biff5, ods, ole, rezip, simple

Maker = Callable[[Path], Path]

TOP = ["报送单位：示例受托机构", "截至2017年9月30日（单位：万元）"]
HEADS = ["引导基金编码", "名称", "类型", "币种", "计划规模", "设立日期"]
ROWS = [
    ["007", "示例创投引导基金", "创投", "CNY", "120050.5", "2008-04-28"],
    ["008", "示例天使引导基金", "天使", "CNY", "20000", "2016-10-10"],
]
GRID = [[TOP[0]], [TOP[1]], HEADS, *ROWS]
SERIALS = {"2008-04-28": 39566, "2016-10-10": 42653}
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DATE_STYLE = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="{{form}}"/></numFmts>'
    '<fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/>'
    '<xf numFmtId="10" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def inline(at: str, text: str) -> str:
    return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def date_cell(at: str, day: str) -> str:
    return f'<c r="{at}" s="1"><v>{SERIALS[day]}</v></c>'


def cell(at: str, text: str) -> str:
    """As most programs write it: texts inline here, amounts as numbers, days as styled serials."""
    if text in SERIALS:
        return date_cell(at, text)
    if at[0] == "E" and text.replace(".", "").isdigit():
        return f'<c r="{at}"><v>{text}</v></c>'
    return inline(at, text)


def rows_xml(write: Callable[[str, str], str] = cell, grid=None, row: str = '<row r="{n}">') -> str:
    out = []
    for n, line in enumerate(grid or GRID, start=1):
        cells = "".join(write(f"{'ABCDEFGH'[c]}{n}", text) for c, text in enumerate(line) if text)
        out.append(row.format(n=n) + cells + "</row>")
    return "".join(out)


def sheet_xml(rows: str, before: str = "", after: str = "") -> str:
    return f'{XML}<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def package(
    path: Path,
    sheet: str | bytes,
    *,
    strings: str | None = None,
    form: str = "yyyy\\-mm\\-dd",
    book: str = "",
    sheets: str = '<sheet name="引导基金" sheetId="1" r:id="rId1"/>',
    parts: dict[str, str | bytes] | None = None,
    rels: str = "",
    types: str = "",
    name: Callable[[str], str] = lambda name: name,
) -> Path:
    """A whole xlsx, part by part."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    shared = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}.sharedStrings+xml"/>'
    inside = {
        "[Content_Types].xml": f'{XML}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>{shared if strings else ""}{types}</Types>',
        "_rels/.rels": f'{XML}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{book}<sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{XML}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId9" Type="{OFFICE}/styles" Target="styles.xml"/>'
        + (f'<Relationship Id="rId8" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>' if strings else "")
        + f"{rels}</Relationships>",
        "xl/worksheets/sheet1.xml": sheet,
        "xl/styles.xml": XML + DATE_STYLE.replace("{form}", escape(form, {'"': "&quot;"})),
        **({"xl/sharedStrings.xml": strings} if strings else {}),
        **(parts or {}),
    }  # fmt: skip
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for part, data in inside.items():
            file.writestr(name(part), data)
    return path


def shared(texts: list[str], wrap: Callable[[str], str] = lambda text: f"<t>{escape(text)}</t>") -> str:
    items = "".join(f"<si>{wrap(text)}</si>" for text in texts)
    return f'{XML}<sst xmlns="{MAIN}" count="{len(texts)}" uniqueCount="{len(texts)}">{items}</sst>'


def by_index(texts: list[str]) -> Callable[[str, str], str]:
    """Cells that name their texts by number."""

    def write(at: str, text: str) -> str:
        plain = cell(at, text)
        return f'<c r="{at}" t="s"><v>{texts.index(text)}</v></c>' if "inlineStr" in plain else plain

    return write


TEXTS = sorted({text for line in GRID for text in line})


def with_strings(path: Path, wrap: Callable[[str], str] = lambda text: f"<t>{escape(text)}</t>") -> Path:
    return package(path, sheet_xml(rows_xml(by_index(TEXTS))), strings=shared(TEXTS, wrap))


def rich(text: str) -> str:
    """A text in two runs, with a phonetic guide that is no part of it."""
    half = len(text) // 2
    runs = [text[:half], text[half:]]
    marked = "".join(
        f"<r><rPr><b/></rPr><t xml:space='preserve'>{escape(run)}</t></r>" for run in runs if run
    )
    return f'{marked}<rPh sb="0" eb="1"><t>pinyin</t></rPh><phoneticPr fontId="1"/>'


def prefixed(path: Path) -> Path:
    """Every element with a prefix of its own, as some libraries write."""

    def change(name: str, data: bytes) -> bytes:
        if not name.startswith(("xl/workbook.xml", "xl/worksheets/sheet", "xl/styles", "xl/sharedS")):
            return data
        text = data.decode().replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')
        return re.sub(r"<(/?)([A-Za-z])", r"<\1x:\2", text).replace("<x:?", "<?").encode()

    return rezip(with_strings(path), change)


def utf16(path: Path) -> Path:
    """Parts in UTF-16, which XML allows."""
    return rezip(
        with_strings(path),
        lambda name, data: (
            data.decode().replace("UTF-8", "UTF-16").encode("utf-16") if "sharedStrings" in name else data
        ),
    )


def loose(path: Path) -> Path:
    return package(
        path, sheet_xml(rows_xml(lambda at, text: cell(at, text).replace(f' r="{at}"', ""), row="<row>"))
    )


def lines(delimiter: str, grid=None, quote: bool = False) -> str:
    say = (lambda text: f'"{text}"') if quote else str
    return "".join(delimiter.join(map(say, line)) + "\r\n" for line in grid or GRID)


def text(content: str, encoding: str = "utf-8") -> Maker:
    return lambda path: path.write_bytes(content.encode(encoding)) and path


def page(head: str = "", cell: str = "<td>{}</td>", table: str = "<table>") -> str:
    body = "".join("<tr>" + "".join(cell.format(text) for text in line) + "</tr>\n" for line in GRID)
    return f"<html><head>{head}</head><body>{table}{body}</table></body></html>"


def archive(path: Path, encode: str) -> Path:
    data = page('<meta charset="gb2312">').encode("gb18030")
    body = base64.encodebytes(data) if encode == "base64" else quopri.encodestring(data)
    head = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=B\r\n\r\n--B\r\nContent-Location: file:///C:/1/sheet001.htm\r\n"
    path.write_bytes(
        f"{head}Content-Transfer-Encoding: {encode}\r\nContent-Type: text/html; charset=gb2312\r\n\r\n".encode()
        + body
        + b"\r\n--B--\r\n"
    )
    return path


def of_2003(path: Path) -> Path:
    kinds = {**dict.fromkeys(SERIALS, "DateTime"), "120050.5": "Number", "20000": "Number"}

    def data(text: str) -> str:
        shown = text + "T00:00:00.000" if text in SERIALS else text
        return f'<Cell><Data ss:Type="{kinds.get(text, "String")}">{shown}</Data></Cell>'

    rows = "".join("<Row>" + "".join(map(data, line)) + "</Row>" for line in GRID)
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    path.write_text(
        f'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="{space}" xmlns:ss="{space}">'
        f'<Worksheet ss:Name="引导基金"><Table>{rows}</Table></Worksheet></Workbook>',
        encoding="utf-8",
    )
    return path


def ods_cell(text: str, inside: str = "") -> str:
    if text in SERIALS:
        return f'<table:table-cell office:value-type="date" office:date-value="{text}"><text:p>{text}</text:p></table:table-cell>'
    if text.replace(".", "").isdigit() and not text.startswith("00"):
        return f'<table:table-cell office:value-type="float" office:value="{text}"><text:p>{text}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="string">{inside}<text:p>{text}</text:p></table:table-cell>'


def ods_table(inside: str = "", tail: str = "") -> str:
    rows = "".join(
        "<table:table-row>" + "".join(ods_cell(text, inside) for text in line) + "</table:table-row>"
        for line in GRID
    )
    return f'<table:table table:name="引导基金">{rows}{tail}</table:table>'


NOTE = "<office:annotation><text:p>批注：请核对</text:p></office:annotation>"
ODS_TAIL = '<table:table-row table:number-rows-repeated="1048571"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
XLS = [
    (r, c, float(text) if text.replace(".", "").isdigit() and c == 4 else text.encode("gbk"))
    for r, line in enumerate(GRID)
    for c, text in enumerate(line)
]


def far_blanks(path: Path) -> Path:
    """Formatted blank cells and rows to the sheet's very end."""
    far = '<row r="900"><c r="A900" s="1"/><c r="XFD900" s="1"></c></row><row r="1048576" s="1" customFormat="1"><c r="XFD1048576" s="1"/></row>'
    return package(path, sheet_xml(rows_xml() + far, before='<dimension ref="A1:XFD1048576"/>'))


def reserved(path: Path) -> Path:
    """A very hidden sheet that an office program keeps its own things on, empty, and a chart sheet."""
    return package(
        path,
        sheet_xml(rows_xml()),
        sheets='<sheet name="引导基金" sheetId="1" r:id="rId1"/><sheet name="图" sheetId="3" r:id="rId3"/>',
        rels=f'<Relationship Id="rId3" Type="{OFFICE}/chartsheet" Target="chartsheets/sheet1.xml"/>',
        parts={"xl/chartsheets/sheet1.xml": f'{XML}<chartsheet xmlns="{MAIN}"/>'},
        types='<Override PartName="/xl/chartsheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.chartsheet+xml"/>',
    )


def iso_dates(at: str, text: str) -> str:
    return f'<c r="{at}" t="d" s="1"><v>{text}</v></c>' if text in SERIALS else cell(at, text)


def formulas(at: str, text: str) -> str:
    if text in SERIALS:
        return date_cell(at, text).replace("<v>", "<f>DATE(2008,4,28)</f><v>")
    if "inlineStr" in cell(at, text):
        return f'<c r="{at}" t="str"><f>"x"&amp;1</f><v>{escape(text)}</v></c>'
    return cell(at, text).replace("<v>", '<f t="shared" si="0">SUM(B1:B2)</f><v>')


def spaced(at: str, text: str) -> str:
    """Zero-width, no-break and ideographic blanks, line breaks and escapes around what is meant."""
    marks = {
        "007": "\u200b007\ufeff",
        "创投": "\u00a0创投\u3000",
        "CNY": "CNY_x000D_\n",
        "名称": "名\u200b称\n",
    }
    return cell(at, marks.get(text, text))


def as_ids(at: str, text: str) -> str:
    """Everything typed as text, numbers with separators of thousands."""
    return inline(at, {"120050.5": "120,050.50", "2008-04-28": "2008年4月28日"}.get(text, text))


def formatted(form: str) -> Maker:
    return lambda path: package(path, sheet_xml(rows_xml()), form=form)


def protected(path: Path) -> Path:
    return package(
        path,
        sheet_xml(rows_xml(), after='<sheetProtection password="CC1A" sheet="1" objects="1"/>'),
        book='<fileSharing readOnlyRecommended="1" userName="a" reservationPassword="CC1A"/><workbookProtection workbookPassword="CC1A" lockStructure="1"/>',
    )


def linked(path: Path) -> Path:
    return package(
        path,
        sheet_xml(rows_xml(formulas)).replace("SUM(B1:B2)", "[1]Sheet1!B2"),
        rels=f'<Relationship Id="rId5" Type="{OFFICE}/externalLink" Target="externalLinks/externalLink1.xml"/>',
        parts={
            "xl/externalLinks/externalLink1.xml": f'{XML}<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{OFFICE}" r:id="rId1"/></externalLink>',
            "xl/externalLinks/_rels/externalLink1.xml.rels": f'{XML}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{OFFICE}/externalLinkPath" Target="file:///etc/passwd" TargetMode="External"/></Relationships>',
        },
    )


def macros(path: Path) -> Path:
    package(
        path,
        sheet_xml(rows_xml()),
        parts={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600},
    )
    return rezip(
        path,
        lambda _, data: data.replace(
            b"openxmlformats-officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
        ),
    )


def filtered(path: Path) -> Path:
    """A filter that hides nothing, and columns hidden with their headers."""
    return package(
        path,
        sheet_xml(
            rows_xml(),
            before='<cols><col min="4" max="5" width="9" hidden="1" customWidth="1"/></cols>',
            after='<autoFilter ref="A3:F5"/>',
        ),
    )


def merged_titles(path: Path) -> Path:
    return package(
        path, sheet_xml(rows_xml(), after='<mergeCells count="1"><mergeCell ref="A1:F1"/></mergeCells>')
    )


def restore(path: Path) -> Path:
    with zipfile.ZipFile(path) as old:
        parts = [(name, old.read(name)) for name in old.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as new:
        for name, data in parts:
            new.writestr(name, data)
    return path


LOADS: dict[str, Maker] = {
    "plain package": lambda p: package(p, sheet_xml(rows_xml())),
    "shared strings": with_strings,
    "rich text with phonetic guides": lambda p: with_strings(p, rich),
    "inline rich text": lambda p: package(
        p, sheet_xml(rows_xml(lambda at, text: f'<c r="{at}" t="inlineStr"><is>{rich(text)}</is></c>' if "inlineStr" in cell(at, text) else cell(at, text)))
    ),
    "prefixed elements": prefixed,
    "rows and cells without places": loose,
    "absolute targets": lambda p: rezip(
        package(p, sheet_xml(rows_xml())), lambda n, d: d.replace(b'Target="worksheets', b'Target="/xl/worksheets')
    ),
    "backslashes in part names": lambda p: package(p, sheet_xml(rows_xml()), name=lambda n: n.replace("/", "\\")),
    "part names in capitals": lambda p: package(p, sheet_xml(rows_xml()), name=lambda n: n.replace("xl/worksheets/sheet1", "XL/Worksheets/Sheet1")),
    "bytes after the zip": lambda p: p.write_bytes(package(p, sheet_xml(rows_xml())).read_bytes() + b"\0" * 40) and p,
    "stored without packing": lambda p: restore(package(p, sheet_xml(rows_xml()))),
    "no styles": lambda p: rezip(package(p, sheet_xml(rows_xml())), lambda n, d: None if "styles" in n else d),
    "dates as ISO texts": lambda p: package(p, sheet_xml(rows_xml(iso_dates))),
    "formulas with their values": lambda p: package(p, sheet_xml(rows_xml(formulas))),
    "blanks nobody sees": lambda p: package(p, sheet_xml(rows_xml(spaced))),
    "numbers and dates as text": lambda p: package(p, sheet_xml(rows_xml(as_ids))),
    "dates as 2017年6月": formatted('yyyy"年"m"月"d"日";@'),
    "dates in Chinese numerals": formatted('[DBNum1][$-804]yyyy"年"m"月"d"日";@'),
    "dates in a locale": formatted("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy"),
    "dates in colour": formatted("[Red]yyyy/m/d"),
    "dates as plain numbers": formatted("General"),
    "formatted blanks to the very end": far_blanks,
    "a chart sheet": reserved,
    "protected against changes": protected,
    "external links": linked,
    "macros": macros,
    "merged titles": merged_titles,
    "csv": text(lines(",")),
    "csv with a mark": text(lines(","), "utf-8-sig"),
    "csv in gbk": text(lines(","), "gbk"),
    "csv in utf-16 without a mark": text(lines(","), "utf-16-le"),
    "csv in utf-16 big-endian": text("\ufeff" + lines("\t"), "utf-16-be"),
    "csv with a hint": text("sep=;\r\n" + lines(";")),
    "csv of old line ends": text(lines(",").replace("\r\n", "\r")),
    "csv quoted": text(lines(",", quote=True)),
    "csv with tabs inside quotes": text(lines(",", quote=True).replace('"创投"', '"\t创投 "')),
    "csv of formulas that keep zeros": text(lines(",").replace("007,", '="007",').replace("008,", '="008",')),
    "csv of apostrophes that keep zeros": text(lines(",").replace("007,", "'007,").replace("008,", "'008,")),
    "csv with NUL bytes": text(lines(",").replace("示例创投引导基金", "示例创投引导基金\0")),
    "csv with blank ends": text(lines(",").replace("\r\n", ",,,,,,\r\n") + ",,,\r\n" * 3),
    "csv ended by ctrl-z": text(lines(",") + "\x1a"),
    "tabs under the name of a workbook": text(lines("\t"), "gbk"),
    "pipes": text(lines("|")),
    "full-width commas": text(lines("，")),
    "html in gbk": lambda p: p.write_bytes(page('<meta http-equiv="Content-Type" content="text/html; charset=gb2312">').encode("gbk")) and p,
    "html of an office program": text(
        page('<xml><x:ExcelWorkbook><x:ExcelWorksheets/></x:ExcelWorkbook></xml><meta charset="utf-8">', "<td class=xl65 style='mso-number-format:\"\\@\"' x:str>{}</td>")
    ),
    "html in th and without ends": text(page('<meta charset="utf-8">', "<th>{}")),
    "html table within a table": text(page('<meta charset="utf-8">', table="<table><tr><td><table>")),
    "mhtml in base64": lambda p: archive(p, "base64"),
    "mhtml in quoted-printable": lambda p: archive(p, "quoted-printable"),
    "xml of 2003": of_2003,
    "ods": lambda p: ods(p, ods_table()),
    "ods with comments": lambda p: ods(p, ods_table(NOTE)),
    "ods to its very end": lambda p: ods(p, ods_table(tail=ODS_TAIL)),
    "xls of 1995": lambda p: ole(p, {"Book": biff5(XLS, 936)}),
    "xls without its code page": lambda p: ole(p, {"Book": biff5(XLS, None)}),
    "bare xls": lambda p: p.write_bytes(biff5(XLS, 936)) and p,
}  # fmt: skip


def changed(*pairs: tuple[str, str], **options) -> Maker:
    """The plain package with these words of its sheet changed."""

    def make(path: Path) -> Path:
        text = sheet_xml(rows_xml())
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new)
        return package(path, text, **options)

    return make


def typed(row: int, column: int, value: str, delimiter: str = ",") -> Maker:
    """A text file with one cell typed otherwise."""
    grid = [list(line) for line in GRID]
    grid[row - 1][column] = value
    return text(lines(delimiter, grid))


def with_sheet_two(sheet: str, state: str = "visible") -> Maker:
    return lambda path: package(
        path,
        sheet_xml(rows_xml()),
        sheets=f'<sheet name="引导基金" sheetId="1" r:id="rId1"/><sheet name="另一张" sheetId="2" state="{state}" r:id="rId2"/>',
        rels=f'<Relationship Id="rId2" Type="{OFFICE}/worksheet" Target="worksheets/sheet2.xml"/>',
        parts={"xl/worksheets/sheet2.xml": sheet},
    )


def without(part: str) -> Maker:
    return lambda path: rezip(
        package(path, sheet_xml(rows_xml())), lambda name, data: None if name == part else data
    )


def torn_strings(path: Path) -> Path:
    return package(path, sheet_xml(rows_xml(by_index(TEXTS))), strings=shared(TEXTS)[:-40])


def no_strings(path: Path) -> Path:
    return package(path, sheet_xml(rows_xml(by_index(TEXTS))))


def strings_out_of_range(path: Path) -> Path:
    return package(
        path, sheet_xml(rows_xml(by_index(TEXTS))).replace("<v>1</v>", "<v>999</v>"), strings=shared(TEXTS)
    )


def one_text_in_every_cell(path: Path) -> Path:
    """A megabyte of text that four thousand rows share: twelve gigabytes once written out."""
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c><c r="B{n}" t="s"><v>0</v></c><c r="C{n}" t="s"><v>0</v></c></row>'
        for n in range(1, 4000)
    )
    return package(path, sheet_xml(rows), strings=shared(["x" * (1 << 20)]))


def laughs(path: Path) -> Path:
    dtd = (
        '<!DOCTYPE x [<!ENTITY a "ha">'
        + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
        + "]>"
    )
    return package(path, XML + dtd + sheet_xml(rows_xml()).removeprefix(XML).replace("创投", "&j;"))


def outside(path: Path) -> Path:
    """A schema of an XML map that names an entity outside: no cell needs it, nobody reads it."""
    return package(
        path,
        sheet_xml(rows_xml()),
        rels=f'<Relationship Id="rId7" Type="{OFFICE}/xmlMaps" Target="xmlMaps.xml"/>',
        parts={"xl/xmlMaps.xml": f'{XML}<MapInfo xmlns="{MAIN}"><Schema ID="s"><xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
               '<xsd:include schemaLocation="http://127.0.0.1:9/x.xsd"/></xsd:schema></Schema></MapInfo>'},
    )  # fmt: skip


def far(path: Path) -> Path:
    return changed(
        ('</row><row r="5">', '</row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row><row r="5">')
    )(path)


def many_sheets(path: Path) -> Path:
    return package(
        path,
        sheet_xml(rows_xml()),
        sheets="".join(f'<sheet name="表{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, 3001)),
    )


def bomb(path: Path) -> Path:
    """Sixty megabytes of blanks packed into sixty kilobytes."""
    return rezip(
        package(path, sheet_xml(rows_xml())), lambda _, data: data, [("xl/media/big.xml", b" " * (60 << 20))]
    )


def deflate64(path: Path) -> Path:
    data = bytearray(package(path, sheet_xml(rows_xml())).read_bytes())
    at = data.index(b"PK\x01\x02")
    while at >= 0:
        data[at + 10] = 9
        at = data.find(b"PK\x01\x02", at + 4)
    path.write_bytes(data)
    return path


def declared(path: Path) -> Path:
    """A sheet that says it has 17 billion cells."""
    row = '<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16384"/></table:table-row>'
    return ods(path, f'<table:table table:name="引导基金">{row}</table:table>')


def endless_row(path: Path) -> Path:
    of_2003(path)
    path.write_text(
        path.read_text(encoding="utf-8").replace("<Cell>", '<Cell ss:Index="1999999">', 2), encoding="utf-8"
    )
    return path


def twin(path: Path) -> Path:
    package(path, sheet_xml(rows_xml()))
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("XL/worksheets/Sheet1.xml", sheet_xml(rows_xml()).replace("120050.5", "1"))
    return path


def down(path: Path) -> Path:
    """A form of one fund: words below one another, values to their right."""
    grid = [[TOP[0]], [TOP[1]], *([head, value] for head, value in zip(HEADS, ROWS[0], strict=True))]
    return package(path, sheet_xml(rows_xml(inline, grid)))


def locked(make: Callable[..., bytes] = biff5) -> Maker:
    return lambda path: ole(path, {"Workbook": make(XLS, 936, locked=True)})


Ends = list[tuple[str, str | None]]
E4 = '<c r="E4"><v>120050.5</v></c>'
ENDS: dict[str, tuple[Maker, Ends]] = {
    # refused as a whole, in a sentence of its own
    "an empty file": (lambda p: p.touch() or p, [("file_empty", None)]),
    "a picture": (lambda p: p.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR") and p, [("not_a_workbook", None)]),
    "a page that asks to sign in": (text("<html><body><div>请重新登录</div></body></html>"), [("no_sheets", None)]),
    "a lock file of an open workbook": (lambda p: p.write_bytes(b"\x0dZhang San".ljust(54) + "Zhang San".ljust(54).encode("utf-16-le")) and p, [("not_a_workbook", None)]),
    "a zip of workbooks": (lambda p: rezip(simple(p), lambda *_: None, [("本季.xlsx", b"PK")]), [("not_a_workbook", None)]),
    "a text document": (lambda p: rezip(simple(p), lambda _, d: d.replace(b"spreadsheetml", b"wordprocessingml")), [("not_a_workbook", None)]),
    "a flat open document": (text('<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>'), [("not_a_workbook", None)]),
    "an encrypted xlsx": (lambda p: ole(p, {"EncryptionInfo": b"", "EncryptedPackage": b""}), [("password_protected", None)]),
    "an encrypted xls": (locked(), [("password_protected", None)]),
    "an encrypted ods": (lambda p: ods(p, ods_table(), "<encryption-data/>"), [("password_protected", None)]),
    "a download cut off": (lambda p: p.write_bytes(package(p, sheet_xml(rows_xml())).read_bytes()[:1500]) and p, [("file_truncated", None)]),
    "two parts of one name": (twin, [("duplicate_zip_entry", None)]),
    "a billion laughs": (laughs, [("xml_entities", None)]),
    "a bomb": (bomb, [("zip_bomb", None)]),
    "packed in a way no engine knows": (deflate64, [("file_truncated", None)]),
    "one text in every cell": (one_text_in_every_cell, [("text_too_long", None)]),
    "17 billion cells": (declared, [("too_many_cells", None)]),
    "a cell at the very end": (far, [("too_many_cells", None)]),
    "a cell beyond the last column": (changed(('r="F5"', 'r="ZZZZ5"')), [("too_many_columns", None)]),
    "a row without end": (endless_row, [("too_many_columns", None)]),
    "a line of three million cells": (text("a," * 3_000_000), [("too_many_columns", None)]),
    "three thousand sheets": (many_sheets, [("too_many_sheets", None)]),
    "no sheets": (lambda p: package(p, sheet_xml(""), sheets=""), [("no_sheets", None)]),
    "a sheet whose part is missing": (without("xl/worksheets/sheet1.xml"), [("file_damaged", None)]),
    "no list of parts": (without("xl/_rels/workbook.xml.rels"), [("file_damaged", None)]),
    "a sheet cut off": (lambda p: package(p, sheet_xml(rows_xml())[:-60]), [("file_damaged", None)]),
    "texts cut off": (torn_strings, [("file_damaged", None)]),
    "texts missing": (no_strings, [("file_damaged", None)]),
    "texts out of range": (strings_out_of_range, [("file_damaged", None)]),
    "rows from 0": (changed(('<row r="5">', '<row r="0">'), ('r="A5"', 'r="A0"')), [("file_damaged", None)]),
    "a cell twice": (changed(('<row r="5">', f'<row r="4">{inline("B4", "另一个名称")}</row><row r="5">')), [("cell_twice", None)]),
    "a kind of cell that nobody knows": (changed((E4, '<c r="E4" t="zz"><v>5</v></c>')), [("file_damaged", None)]),
    "parts in utf-16": (utf16, [("file_damaged", None)]),
    "a quotation mark never closed": (text(lines(",").replace("创投,", '"创投,')), [("quote_unclosed", None)]),
    # read, and one cell of it wrong
    "an error cell": (changed((E4, '<c r="E4" t="e"><v>#REF!</v></c>')), [("error_cell", "E4")]),
    "an error cell without its place": (lambda p: package(p, sheet_xml(rows_xml(lambda at, text: cell(at, text).replace(f' r="{at}"', "").replace("<c><v>120050.5", '<c t="e"><v>#DIV/0!'), row="<row>"))), [("error_cell", "E4")]),
    "a formula never computed": (changed((E4, '<c r="E4"><f>SUM(E5)</f></c>')), [("formula_uncached", "E4")]),
    "no number": (changed((E4, '<c r="E4"><v>NaN</v></c>')), [("not_a_number", "E4")]),
    "an endless number": (changed((E4, '<c r="E4"><v>1E+999</v></c>')), [("not_a_number", "E4")]),
    "true for an amount": (changed((E4, '<c r="E4" t="b"><v>1</v></c>')), [("not_a_number", "E4")]),
    "a date for an amount": (changed((E4, '<c r="E4" s="1"><v>42000</v></c>')), [("not_a_number", "E4")]),
    "a decimal comma": (typed(4, 4, "120050,5", ";"), [("not_a_number", "E4")]),
    "points between thousands": (typed(4, 4, "120.050,50", ";"), [("not_a_number", "E4")]),
    "a day that is none": (changed(('<c r="F4" s="1"><v>39566</v></c>', '<c r="F4" t="d"><v>2008-13-45</v></c>')), [("not_a_date", "F4")]),
    "day 0": (changed(("39566", "0")), [("not_a_date", "F4")]),
    "a day before all": (changed(("39566", "-5")), [("not_a_date", "F4")]),
    "a day after all": (changed(("39566", "9999999")), [("not_a_date", "F4")]),
    "an identifier that lost its last digits": (changed((inline("A4", "007"), '<c r="A4"><v>330106199001011234</v></c>')), [("digits_lost", "A4")]),
    "an identifier as a spreadsheet shows it": (typed(4, 0, "3.30106E+17"), [("digits_lost", "A4")]),
    "words below one another": (down, [("table_transposed", None)]),
    # read, and something that a person should hear of
    "hidden columns and a filter": (filtered, [("columns_hidden", "D3")]),
    "hidden rows": (changed(('<row r="5">', '<row r="5" hidden="1">')), [("rows_hidden", None)]),
    "a hidden sheet": (with_sheet_two(sheet_xml(rows_xml()), "hidden"), [("sheet_hidden", None)]),
    "a very hidden sheet": (with_sheet_two(sheet_xml(rows_xml()), "veryHidden"), [("sheet_hidden", None)]),
    "a hidden sheet without a cell": (with_sheet_two(sheet_xml(""), "veryHidden"), [("sheet_hidden_empty", None)]),
    "only a hidden sheet": (lambda p: package(p, sheet_xml(rows_xml()), sheets='<sheet name="引导基金" sheetId="1" state="hidden" r:id="rId1"/>'), [("no_table_found", None), ("sheet_hidden", None)]),
    "a sheet that nobody knows": (text("姓名,电话\n张三,0571\n李四,0571\n"), [("no_table_found", None)]),
    "a sheet without a cell": (lambda p: package(p, sheet_xml("")), [("no_table_found", None)]),
}  # fmt: skip
