"""The cover: who sends, as of when, in which unit, and the totals that the rows must add up to."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from fundtrack.errors import Problem
from fundtrack.load.cells import Book, Kind, Sheet, column_letter
from fundtrack.load.match import bare, match_sheet, words_of
from fundtrack.load.values import Context, Dated, Wrong, fold, number, parse_value
from fundtrack.model.fields import Column
from fundtrack.model.rows import COLUMNS
from fundtrack.money import unit_factor

_TOTAL_HEADERS: Final = {"表名": "table", "sheet": "table", "行数": "rows", "rows": "rows", "金额合计": "amount", "amounttotal": "amount"}


@dataclass(frozen=True)
class ControlTotal:
    """What the cover says of one sheet: its rows and the sum of its first money column, and where it says so."""

    table: str
    rows: int | None
    amount: Decimal | None
    rows_at: tuple[int, int]
    amount_at: tuple[int, int]


@dataclass(frozen=True)
class CoverRead:
    """A cover as read.

    Attributes:
        sheet: its sheet's name, None where the file has none.
        values: fields of the table `cover`.
        cells: each field's (row, column) counted from 0, and its label as written.
        factor: the unit's factor to units of currency.
        currency: the currency of the cover or of its unit.
        totals: control totals.
    """

    sheet: str | None
    values: dict[str, str | date]
    cells: dict[str, tuple[int, int, str]]
    factor: Decimal | None
    currency: str | None
    totals: tuple[ControlTotal, ...]
    problems: tuple[Problem, ...]

    @property
    def sender(self) -> str:
        """Who sends; empty where unknown."""
        return str(self.values.get("sender", ""))

    @property
    def as_of(self) -> date | None:
        """The cover's date."""
        day = self.values.get("as_of")
        return day if isinstance(day, date) else None


def read_cover(book: Book, file: str) -> CoverRead:
    """Read the cover of a book; every required label that is missing or wrong is a problem at its cell."""
    sheet = next((item for item in book.sheets if match_sheet(item.name) == "cover"), None)
    if sheet is None:
        return CoverRead(None, {}, {}, None, None, (), (Problem("cover_missing", file=file),))
    cells = _labelled(sheet)
    values: dict[str, str | date] = {}
    problems: list[Problem] = []
    for column in COLUMNS["cover"]:
        place = cells.get(column.name)
        value = _value(sheet, file, column, place, problems)
        if value is not None:
            values[column.name] = value
    factor, currency = _unit(sheet, file, values, cells, problems)
    totals = _totals(sheet, factor)
    return CoverRead(sheet.name, values, cells, factor, str(values.get("currency") or currency or "") or None, totals, tuple(problems))


def _labelled(sheet: Sheet) -> dict[str, tuple[int, int, str]]:
    """Each field's value cell: right of its label, or in the label's own cell after a colon."""
    words = words_of("cover")
    found: dict[str, tuple[int, int, str]] = {}
    for row, cells in enumerate(sheet.text.iter_rows()):
        for index, written in enumerate(cells):
            if not written:
                continue
            label = bare(written)
            name = words.get(label.rstrip(":")) or words.get(label.split(":")[0] if ":" in label else "")
            if name and name not in found:
                own = ":" in label and not label.endswith(":")
                found[name] = (row, index if own else index + 1, written)
    return found


def _text(sheet: Sheet, row: int, index: int) -> tuple[str | None, Kind]:
    if index >= sheet.text.width or row >= sheet.text.height:
        return None, Kind.EMPTY
    return sheet.text.item(row, index), Kind(sheet.kind.item(row, index))


def _value(
    sheet: Sheet, file: str, column: Column, place: tuple[int, int, str] | None, problems: list[Problem]
) -> str | date | None:
    if place is None:
        if column.required:
            problems.append(Problem("cover_label_missing", file=file, sheet=sheet.name, field=column.name, table="cover"))
        return None
    row, index, label = place
    written, kind = _text(sheet, row, index)
    if written == label:
        written = fold(written).split(":", 1)[1]
    at = {"file": file, "sheet": sheet.name, "row": row + 1, "column": column_letter(index), "field": column.name, "table": "cover"}
    read = None if written is None else parse_value(written, kind, column, Context())
    if isinstance(read, Wrong):
        problems.append(Problem(read.code, value=written, about=dict(read.about), **at))  # type: ignore[arg-type]
        return None
    if read is None and column.required:
        problems.append(Problem("missing_value", value=written, **at))  # type: ignore[arg-type]
    return read.day if isinstance(read, Dated) else None if read is None else str(read)


def _unit(
    sheet: Sheet, file: str, values: dict[str, str | date], cells: dict[str, tuple[int, int, str]], problems: list[Problem]
) -> tuple[Decimal | None, str | None]:
    written = values.get("unit")
    if written is None:
        return None, None
    known = unit_factor(str(written))
    if known is None:
        row, index, _ = cells["unit"]
        problems.append(Problem("not_a_unit", file=file, sheet=sheet.name, row=row + 1, column=column_letter(index),
                                field="unit", table="cover", value=str(written)))  # fmt: skip
        return None, None
    return known


def _totals(sheet: Sheet, factor: Decimal | None) -> tuple[ControlTotal, ...]:
    rows = list(sheet.text.iter_rows())
    at, heads = next(
        ((n, heads) for n, cells in enumerate(rows) if len(heads := _heads(cells)) > 1 and "table" in heads), (None, {})
    )
    if at is None:
        return ()
    found = []
    for n, cells in enumerate(rows[at + 1 :], start=at + 1):
        name = cells[heads["table"]]
        table = match_sheet(name) if name else None
        if table is None:
            continue
        count = _number(sheet, n, heads.get("rows"))
        amount = _number(sheet, n, heads.get("amount"))
        scaled = amount * factor if amount is not None and factor is not None else None
        found.append(
            ControlTotal(table, None if count is None else int(count), scaled, (n, heads.get("rows", 0)), (n, heads.get("amount", 0)))
        )
    return tuple(found)


def _heads(cells: tuple[str | None, ...]) -> dict[str, int]:
    return {_TOTAL_HEADERS[bare(cell)]: n for n, cell in enumerate(cells) if cell and bare(cell) in _TOTAL_HEADERS}


def _number(sheet: Sheet, row: int, index: int | None) -> Decimal | None:
    if index is None:
        return None
    written, _ = _text(sheet, row, index)
    found = number(written) if written else None
    return found[0] if found else None
