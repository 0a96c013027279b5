"""Write the standard workbook: blank with dropdowns, notes and examples, or filled with rows."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import polars as pl

from fundtrack.load.book import FONT, FORMATS, LAST_ROW, Book, Page
from fundtrack.load.cells import column_letter
from fundtrack.load.examples import example_row
from fundtrack.model.fields import Column, ColumnKind
from fundtrack.model.frames import log_schema
from fundtrack.model.rows import COLUMNS, MODELS, TABLES
from fundtrack.text.say import LANGS, Lang, say

Rows = pl.DataFrame | Iterable[Mapping[str, object]]

_WIDTHS: Final[dict[ColumnKind, int]] = {"text": 22, "code": 16, "choice": 14, "money": 16, "number": 16}
_NEEDED, _OPEN = "#CFE2F3", "#EFEFEF"
_GREY: Final = {"italic": True, "font_color": "#808080"}
_GUIDES: Final = 8


def write_template(out: Path, parts: Sequence[str] = ("A", "B", "C"), lang: Lang = "zh") -> None:
    """Write the blank workbook of these parts: A the operator, B a fund's manager, C the commission."""
    infos = [model.info for model in MODELS if model.info.table != "cover"]
    wanted = {info.table: () for info in infos if set(info.parts) & set(parts)}
    write_workbook(out, {"unit": say("template.unit", lang)}, wanted, lang=lang, example=True, notes=True)


def is_blank(path: Path) -> bool:
    """Whether a file is a blank template of ours to the byte, in either language and any parts, so that nothing is lost with it."""
    standing = path.read_bytes()
    with TemporaryDirectory(prefix="fundtrack-") as folder:
        blank = Path(folder) / "blank.xlsx"
        for lang in LANGS:
            for parts in (("A", "B", "C"), ("A",), ("B",), ("C",), ("A", "B"), ("A", "C"), ("B", "C")):
                write_template(blank, parts, lang)
                if blank.read_bytes() == standing:
                    return True
    return False


def write_workbook(
    out: Path,
    cover: Mapping[str, object],
    tables: Mapping[str, Rows],
    *,
    lang: Lang = "zh",
    unit_factor: int | Decimal = 1,
    example: bool = False,
    notes: bool = False,
    only_given_columns: bool = False,
) -> None:
    """Write rows into the standard workbook; the same rows give the same bytes.

    Args:
        out: the file to write.
        cover: field of 封面 → value; what is missing stays blank.
        tables: table → its rows by field; a value that does not fit its column is written as text, as typed.
        lang: language of sheet names, headers and choices.
        unit_factor: what money values are divided by; 1 where they are in the cover's unit already.
        example: put the example row under each header.
        notes: put what the data dictionary says on each header.
        only_given_columns: leave out columns that no row has.

    Raises:
        KeyError: where a row has a field that its table does not.

    """
    book = Book(out, lang)
    front = book.page(book.word(TABLES["cover"].info), book.say("title"))
    for model in MODELS:
        table = model.info.table
        if table in tables and table != "cover":
            rows = _listed(table, tables[table])
            given = {name for row in rows for name in row}
            shown = [column for column in COLUMNS[table] if column.name in given or not only_given_columns]
            page = book.page(book.word(model.info))
            _write_headers(page, shown, notes=notes)
            if example:
                _write_example(page, shown, example_row(table, lang))
            page.factor = Decimal(unit_factor)
            _write_rows(page, shown, rows, first=2 if example else 1)
            _note_totals(page, table, shown, rows)
    _write_cover(front, cover)
    book.close()


def first_money(table: str) -> Column | None:
    """Find the column whose sum is a sheet's control total.

    >>> first_money("guidance_fund").name, first_money("manager")
    ('planned_size', None)
    """
    return next((column for column in COLUMNS[table] if column.kind == "money"), None)


def _listed(table: str, rows: Rows) -> list[Mapping[str, object]]:
    found: list[Mapping[str, object]] = []
    found.extend(rows.iter_rows(named=True) if isinstance(rows, pl.DataFrame) else rows)
    strange = {name for row in found for name in row} - set(log_schema(table))
    if strange:
        raise KeyError(f"{table} has no {', '.join(sorted(strange))}")
    return found


def _write_headers(page: Page, shown: Sequence[Column], *, notes: bool) -> None:
    book, sheet = page.book, page.sheet
    for at, column in enumerate(shown):
        looks = {"bold": column.required, "underline": int(column.key)}
        colour = _NEEDED if column.required else _OPEN
        head = book.form(**looks, bg_color=colour, border=1, text_wrap=True, align="center")
        sheet.write_string(0, at, book.word(column), head)
        letters = 2 * len(column.zh) if book.lang == "zh" else len(column.en)
        width = min(40, max(_WIDTHS.get(column.kind, 12), letters + 4))
        sheet.set_column(at, at, width, book.form(num_format=FORMATS[column.kind]))
        page.offer((1, at, LAST_ROW - 1, at), column)
        if notes:
            size = {"x_scale": 2.2, "y_scale": 1.6, "font_name": FONT, "font_size": 9}
            sheet.write_comment(0, at, _note(book, column), size)
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)


def _note(book: Book, column: Column) -> str:
    """Say what the data dictionary says of a column."""
    lines = [
        book.say("note.field", name=column.name),
        book.say("note.kind", kind=book.say(f"kind.{column.kind}")),
    ]
    if column.kind == "money":
        lines.append(book.say("note.unit"))
    if column.kind == "number":
        lines.append(book.say("note.unit_number"))
    lines.append(book.say("note.required" if column.required else "note.optional"))
    if column.key:
        lines.append(book.say("note.key"))
    if column.choices:
        choices = "、".join(book.word(choice) for choice in column.choices)
        lines.append(book.say("note.choices", choices=choices))
    if column.refers:
        lines.append(book.say("note.refers", sheet=book.word(TABLES[column.refers].info)))
    lines.append(book.say("note.source", source=column.source))
    return "\n".join(lines)


def _write_example(page: Page, shown: Sequence[Column], example: Mapping[str, object]) -> None:
    """Write the example row, whose first cell begins with the word by which a reader passes over it."""
    first = str(page.book.as_typed(shown[0], example[shown[0].name]))
    page.sheet.write_string(1, 0, page.book.say("example") + first, page.book.form(num_format="@", **_GREY))
    for at, column in enumerate(shown[1:], start=1):
        page.put(1, at, column, example.get(column.name), **_GREY)


def _write_rows(
    page: Page, shown: Sequence[Column], rows: Sequence[Mapping[str, object]], first: int
) -> None:
    for line, row in enumerate(rows, start=first):
        for at, column in enumerate(shown):
            page.put(line, at, column, row.get(column.name))
    page.sheet.autofilter(0, 0, max(first, first + len(rows) - 1), len(shown) - 1)


def _note_totals(
    page: Page, table: str, shown: Sequence[Column], rows: Sequence[Mapping[str, object]]
) -> None:
    """Remember a sheet's control totals: formulas that pass over the example row, and what they come to."""
    book = page.book
    name = book.word(TABLES[table].info)
    spot = {column.name: column_letter(at) for at, column in enumerate(shown)}
    needed = next((column.name for column in shown if column.required), shown[0].name)
    skip = book.say("example").strip() + "*"

    def area(letter: str) -> str:
        return f"'{name}'!${letter}$2:${letter}${LAST_ROW}"

    # Counted where the required column is filled, less the example, which may be kept or deleted.
    count = f'=COUNTA({area(spot[needed])})-COUNTIF({area("A")},"{skip}")'
    counted = sum(1 for row in rows if row.get(needed) not in {None, ""})
    money = first_money(table)
    total, amount = "", None
    if money and money.name in spot:
        letter = spot[money.name]
        total = f'=SUM({area(letter)})-SUMIF({area("A")},"{skip}",{area(letter)})'
        numbers = [value for row in rows if isinstance(value := row.get(money.name), (int, float, Decimal))]
        amount = sum((Decimal(str(number)) / page.factor for number in numbers), Decimal(0))
    book.totals.append((name, count, counted, total, amount))


def _write_cover(page: Page, cover: Mapping[str, object]) -> None:
    """Write who sends what as of when, then the control totals, then how to fill the workbook in."""
    book, sheet = page.book, page.sheet
    label, box = book.form(bold=True, bg_color=_NEEDED, border=1), {"border": 1, "align": "left"}
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 2, 26)
    for line, column in enumerate(COLUMNS["cover"]):
        sheet.write_string(line, 0, book.word(column), label)
        sheet.write_blank(line, 1, None, book.form(num_format=FORMATS[column.kind], **box))
        page.put(line, 1, column, cover.get(column.name), **box)
        page.offer((line, 1, line, 1), column)
        if column.name == "unit":
            page.dropdown((line, 1, line, 1), book.say("units").split(","))
    top = len(COLUMNS["cover"]) + 1
    for at, key in enumerate(("sheet", "rows", "amount")):
        sheet.write_string(top, at, book.say(key), label)
    for line, (name, count, counted, total, amount) in enumerate(book.totals, start=top + 1):
        sheet.write_string(line, 0, name, book.form(border=1))
        sheet.write_formula(line, 1, count, book.form(border=1, num_format="0"), counted)
        sheet.write_blank(line, 2, None, book.form(border=1))
        if amount is not None:
            sheet.write_formula(
                line, 2, total, book.form(border=1, num_format=FORMATS["money"]), float(amount)
            )
    guide = top + len(book.totals) + 2
    sheet.write_string(guide, 0, book.say("guide"), book.form(bold=True))
    for line in range(1, _GUIDES + 1):
        sheet.write_string(guide + line, 0, book.say(f"guide_{line}"))
