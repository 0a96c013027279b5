"""Subtotals and totals among the rows: told apart from data, and compared with what they cover."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import polars as pl

from fundtrack.errors import Problem
from fundtrack.load.cells import Kind, Sheet
from fundtrack.load.tables import Mapped, RawTable, Total
from fundtrack.load.written import fold, number
from fundtrack.model.frames import find_column

_GRAND: Final = frozenset(
    (
        "合计",
        "总计",
        "共计",
        "总和",
        "累计",
        "累计合计",
        "合计数",
        "总合计",
        "全部合计",
        "汇总",
        "total",
        "totals",
        "grandtotal",
    )
)
_PART: Final = frozenset(("小计", "本页小计", "本页合计", "分类小计", "subtotal", "sub-total", "subtotals"))
_WORD: Final = r"(?:小计|合计|总计|共计|sub-?total|grandtotal|total)"
_NUMERIC: Final = frozenset(("money", "number", "share", "rate", "whole"))
_ENDS: Final = re.compile(rf"^.{{1,40}}?{_WORD}(?:\([^)]*\))?$")
_BEGINS: Final = re.compile(
    rf"^{_WORD}(?:\(.*\)|\d+(?:家|只|项|户|个|笔)?|[:,].{{0,20}}|commitments?|amount|funds?|invested|paid-?in)?$"
)
_HINTS: Final = [
    "计",
    "总和",
    "汇总",
    "otal",
    "OTAL",
    "负责人",
    "制表",
    "填表",
    "填报",
    "审核",
    "经办",
    "复核",
    "repared",
]
"""What a total's label or a line of signatures has in it: a cheap first look."""


def label(written: str) -> str | None:
    """Which total a cell announces: `exact` words of it, or a `loose` phrase; None for other text.

    >>> [label(text) for text in ("合 计", "小计：", "示例一号基金小计", "Grand Total", "设计院", "Total Energies SE")]
    ['grand', 'part', 'loose', 'grand', None, None]
    """
    text = "".join(fold(written).lower().split()).rstrip(":").strip("*-—")
    text = re.sub(r"^[(\[【](.*)[)\]】]$", r"\1", text)
    if text in _GRAND:
        return "grand"
    if text in _PART:
        return "part"
    return "loose" if _ENDS.match(text) or _BEGINS.match(text) else None


def suspects(text: pl.DataFrame, names: Sequence[str]) -> pl.Series:
    """Rows whose leading columns may announce a total: a cheap look at all of them."""
    if not names:
        return pl.Series("suspect", [False] * text.height, dtype=pl.Boolean)
    looks = [pl.col(name).str.contains_any(_HINTS).fill_null(value=False) for name in names]
    return text.select(pl.any_horizontal(looks).alias("suspect")).to_series()


def leading(columns: Sequence[Mapped], table: str, span: range) -> list[int]:
    """The sheet's columns in which a total may be announced: those before its first amount, at most six, and names."""
    of = {mapped.index: find_column(table, mapped.field) for mapped in columns if mapped.index in span}
    first = min((at for at, column in of.items() if column.kind in _NUMERIC), default=span.stop)
    names = [at for at, column in of.items() if column.key or column.refers or column.name == "name"]
    before = range(span.start, min(max(first, span.start + 1), span.start + 6))
    return sorted({*before, *(at for at in names if of[at].kind not in _NUMERIC)})


def announced(
    cells: Sequence[str | None], kinds: Sequence[int], lead: Sequence[int]
) -> tuple[str, bool] | None:
    """The label of a total row and whether it is a grand total; None for a row of data.

    Args:
        cells: the whole row.
        kinds: what its cells are.
        lead: columns that may announce it.

    """
    for at in lead:
        said = cells[at]
        if not said or kinds[at] != Kind.TEXT:
            continue
        what = label(said)
        if what is None:
            continue
        if what == "loose":
            others = [
                n
                for n, cell in enumerate(cells)
                if n != at and cell and kinds[n] in {Kind.TEXT, Kind.DATE, Kind.DATETIME} and not _empty(cell)
            ]
            if others:
                continue
            what = "part" if re.search(r"小计|sub", fold(said).lower()) else "grand"
        return fold(said), what == "grand"
    return None


def _empty(cell: str) -> bool:
    text = fold(cell)
    return text in {"", "-", "--", "—", "——", "/", "\\"} or number(text) is not None


def total_row(sheet: Sheet, row: int, columns: Sequence[Mapped], table: str, said: tuple[str, bool]) -> Total:
    """A total row as it is kept for comparison."""
    cells = {}
    for mapped in columns:
        if find_column(table, mapped.field).kind == "money" and mapped.index >= 0:
            cell = sheet.text.item(row, mapped.index)
            if cell is not None:
                cells[mapped.field] = cell
    return Total(row + 1, said[0], said[1], 0, cells)


def reconcile(raw: RawTable, frame: pl.DataFrame, wrong: frozenset[str]) -> list[Problem]:
    """Compare every total with the sums that it may mean: since the last one, of its block, of what follows.

    Args:
        raw: the table with its totals.
        frame: its typed rows.
        wrong: fields of which some cell could not be read; they are not compared.

    """
    problems: list[Problem] = []
    marks = [total.before for total in raw.totals]
    for mapped in raw.columns if raw.totals else ():
        name = mapped.field
        if name in wrong or not any(name in total.cells for total in raw.totals):
            continue
        sums, ulp = _running(frame[name]), _row_rounding(raw.text[mapped.name], mapped.factor)
        for at, total in enumerate(raw.totals):
            stated = _stated(total.cells.get(name), mapped.factor)
            if stated is None:
                continue
            value, loose = stated
            covered = _covered(marks, at, raw.totals, frame.height)
            meant = [sums[stop] - sums[start] for start, stop in covered]
            allowed = [loose + ulp * Decimal(stop - start).sqrt() for start, stop in covered]
            if not any(abs(each - value) <= most for each, most in zip(meant, allowed, strict=True)):
                problems.append(
                    Problem("total_differs", file=raw.file, sheet=raw.sheet, row=total.row, column=mapped.letter, field=name,
                            table=raw.table, value=total.cells[name],
                            about={"label": total.label, "counted": _in_unit(meant[0], mapped.factor), "rows": str(covered[0][1] - covered[0][0])})
                )  # fmt: skip
    return problems


def _row_rounding(text: pl.Series, factor: Decimal) -> Decimal:
    """How far one row's written digits may be off its true amount; whole numbers are taken at their word."""
    digits = text.str.extract(r"\.(\d+)\s*$").str.len_chars().max()
    if not isinstance(digits, int) or not 0 < digits < 9:
        return Decimal(0)
    return factor * Decimal(6).scaleb(-digits - 1)


def _running(values: pl.Series) -> list[Decimal]:
    out = [Decimal(0)]
    for value in values.to_list():
        out.append(out[-1] + (value or 0))
    return out


def _covered(marks: list[int], at: int, totals: Sequence[Total], height: int) -> list[tuple[int, int]]:
    """The ranges of rows that a total may cover, the likeliest first."""
    here = marks[at]
    since = next((mark for mark in reversed(marks[:at]) if mark < here), 0)
    block = next((total.before for total in reversed(totals[:at]) if total.grand and total.before < here), 0)
    after = next((mark for mark in marks[at + 1 :] if mark > here), height)
    above = (
        [(block, here), (0, here), (since, here)]
        if totals[at].grand
        else [(since, here), (block, here), (0, here)]
    )
    below = [(here, height), (here, after)] if totals[at].grand else [(here, after), (here, height)]
    return (below + above if here == 0 else above + below) + [(0, height)]


def _stated(written: str | None, factor: Decimal) -> tuple[Decimal, Decimal] | None:
    """A total's value in units of currency, and how far its written digits let it be off."""
    found = number(written) if written else None
    if found is None:
        return None
    value, power = found
    scale = factor if power is None else Decimal(10) ** power
    digits = -int(value.as_tuple().exponent) if isinstance(value.as_tuple().exponent, int) else 0
    loose = scale * Decimal(5).scaleb(-digits - 1) if 0 <= digits < 9 else Decimal(0)
    return value * scale, max(loose, Decimal("0.01"))


def _in_unit(amount: Decimal, factor: Decimal) -> str:
    shown = f"{(amount / factor).normalize():f}"
    return "0" if shown == "-0" else shown
