"""The control totals of a cover: what it declares of the rows and amounts of each sheet."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from fundtrack.errors import Problem
from fundtrack.load.cells import Kind, Sheet, column_letter
from fundtrack.load.match import bare, match_sheet
from fundtrack.load.values import MISSING, UNCACHED
from fundtrack.load.written import fold, number

_TOTAL_HEADERS: Final = {
    "表名": "table",
    "sheet": "table",
    "行数": "rows",
    "rows": "rows",
    "金额合计": "amount",
    "amounttotal": "amount",
}


@dataclass(frozen=True)
class ControlTotal:
    """What the cover says of one sheet: its rows and the sum of its first money column as written, and where it says so.

    Attributes:
        table: the table meant.
        rows, amount: None where the cover leaves them out.
        power: power of ten that the amount itself names (`5亿`); None where the sheet's unit holds.
        rows_at, amount_at: (row, column) of both, counted from 0.
    """

    table: str
    rows: int | None
    amount: Decimal | None
    power: int | None
    rows_at: tuple[int, int]
    amount_at: tuple[int, int]


def cell_of(sheet: Sheet, row: int, index: int) -> tuple[str | None, Kind]:
    """The text and kind of a cell; nothing where the sheet does not reach."""
    if index >= sheet.text.width or row >= sheet.text.height:
        return None, Kind.EMPTY
    return sheet.text.item(row, index), Kind(sheet.kind.item(row, index))


def control_totals(sheet: Sheet, file: str, problems: list[Problem]) -> Iterable[ControlTotal]:
    """Read the totals that a cover declares; what is wrong with them grows `problems`."""
    rows = list(sheet.text.iter_rows())
    at, heads = next(
        ((n, heads) for n, cells in enumerate(rows) if len(heads := _heads(cells)) > 1 and "table" in heads),
        (None, {}),
    )
    if at is None:
        return
    for n, cells in enumerate(rows[at + 1 :], start=at + 1):
        name = cells[heads["table"]]
        table = match_sheet(name) if name else None
        if table is None:
            continue
        count, _ = _number(sheet, file, n, heads.get("rows"), problems)
        if count is not None and count != count.to_integral_value():
            problems.append(_wrong_total(sheet, file, (n, heads["rows"]), "not_a_whole_number", str(count)))
            count = None
        amount, power = _number(sheet, file, n, heads.get("amount"), problems)
        yield ControlTotal(
            table,
            None if count is None else int(count),
            amount,
            power,
            (n, heads.get("rows", 0)),
            (n, heads.get("amount", 0)),
        )


def _heads(cells: tuple[str | None, ...]) -> dict[str, int]:
    return {
        _TOTAL_HEADERS[bare(cell)]: n for n, cell in enumerate(cells) if cell and bare(cell) in _TOTAL_HEADERS
    }


def _number(
    sheet: Sheet, file: str, row: int, index: int | None, problems: list[Problem]
) -> tuple[Decimal | None, int | None]:
    """A total and the power of ten that it names; a blank is none, anything else a problem."""
    written, kind = (None, Kind.EMPTY) if index is None else cell_of(sheet, row, index)
    if written is None or index is None or fold(written).lower() in MISSING:
        return None, None
    if written == UNCACHED:
        return None, None  # our own formula, saved by a program that does not calculate: nothing was declared
    found = None if kind == Kind.ERROR else number(written)
    if found is None:
        code = "error_cell" if kind == Kind.ERROR else "not_a_number"
        problems.append(_wrong_total(sheet, file, (row, index), code, written))
        return None, None
    return found


def _wrong_total(sheet: Sheet, file: str, at: tuple[int, int], code: str, written: str) -> Problem:
    return Problem(
        code,
        file=file,
        sheet=sheet.name,
        row=at[0] + 1,
        column=column_letter(at[1]),
        table="cover",
        value=written,
    )
