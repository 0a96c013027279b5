"""The cover's control totals against what was read: rows and sums that a cut-off or doubled sheet would not have."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from fundtrack.errors import Problem
from fundtrack.load.cells import Kind, column_letter
from fundtrack.load.cover import CoverRead
from fundtrack.load.declared import ControlTotal
from fundtrack.load.parse import Parsed
from fundtrack.model.rows import COLUMNS


def against_cover(
    cover: CoverRead, file: str, parsed: Sequence[Parsed], problems: Sequence[Problem]
) -> Iterable[Problem]:
    """Rows and sums that differ from the cover's; what a wrong cell explains is left to that cell."""
    for total in cover.totals:
        own = [
            problem for problem in problems if problem.table == total.table and problem.severity == "error"
        ]
        if any(problem.code == "header_not_found" for problem in own):
            continue
        items = [item for item in parsed if item.raw.table == total.table]
        rows = sum(item.frame.height for item in items)
        blank = len({(problem.sheet, problem.row) for problem in own if problem.code == "missing_value"})
        if total.rows is not None and not rows - blank <= total.rows <= rows:
            yield _differs(
                cover,
                file,
                total.table,
                code="control_rows_differ",
                at=total.rows_at,
                said=str(total.rows),
                counted=str(rows),
            )
        amount = next((column.name for column in COLUMNS[total.table] if column.kind == "money"), None)
        if amount is None or total.amount is None or any(problem.field == amount for problem in own):
            continue
        said, sums, slack = _said(total, cover, items, amount), _sums(items, amount), _slack(items, amount)
        if not any(abs(one - other) <= slack for one in said for other in sums):
            yield _differs(
                cover,
                file,
                total.table,
                code="control_amount_differs",
                at=total.amount_at,
                said=f"{said[0]:.2f}",
                counted=f"{sums[0]:.2f}",
            )


def _said(total: ControlTotal, cover: CoverRead, items: Sequence[Parsed], amount: str) -> list[Decimal]:
    """The cover's total in units of currency: by its own unit, else the column's (whose cells a formula adds), else the cover's."""
    written = total.amount or Decimal(0)
    if total.power is not None:
        return [written.scaleb(total.power)]
    factors = [mapped.factor for item in items for mapped in item.raw.columns if mapped.field == amount]
    return [written * factor for factor in dict.fromkeys([*factors, cover.factor or Decimal(1)])]


def _sums(items: Sequence[Parsed], amount: str) -> list[Decimal]:
    """The sum of all amounts, and that of the cells which a spreadsheet takes for numbers, as its SUM would."""
    everything = numbers = Decimal(0)
    for item in items:
        for mapped in item.raw.columns:
            if mapped.field == amount:
                values = item.frame[amount]
                everything += Decimal(values.sum() or 0)
                numbers += Decimal(values.filter(item.raw.kind[f"c{mapped.index}"] == Kind.NUMBER).sum() or 0)
    return [everything, numbers]


def _slack(items: Sequence[Parsed], amount: str) -> Decimal:
    """What rounding each amount to cents may add up to."""
    rounded = 0
    for item in items:
        for mapped in item.raw.columns:
            if mapped.field == amount:
                digits = item.raw.text[f"c{mapped.index}"].str.extract(r"\.(\d+)").str.len_chars()
                rounded += int((digits > 2 + mapped.factor.adjusted()).sum() or 0)
    return Decimal("0.01") + rounded * Decimal("0.005")


def _differs(
    cover: CoverRead, file: str, table: str, *, code: str, at: tuple[int, int], said: str, counted: str
) -> Problem:
    return Problem(code, file=file, sheet=cover.sheet, row=at[0] + 1, column=column_letter(at[1]), table=table, value=said,
                   about={"counted": counted})  # fmt: skip
