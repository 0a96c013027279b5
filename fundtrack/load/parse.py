"""Raw columns to typed ones: what is plain is read all at once, only the rest value by value."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import polars as pl

from fundtrack.errors import Problem
from fundtrack.load.cells import Kind
from fundtrack.load.doubts import doubts
from fundtrack.load.layout import Mapped, RawTable
from fundtrack.load.totals import reconcile
from fundtrack.load.values import CAPITALS, DIGITS, FIRST_DAY, LAST_DAY, Context, Dated, Wrong, parse_value
from fundtrack.model.fields import UNSEEN, Column
from fundtrack.model.frames import DTYPES, find_column, precision_of
from fundtrack.money import LARGEST, LARGEST_RATE, MONEY, RATE

_EXACT: Final = pl.Decimal(38, 10)
_PLAIN_NUMBER: Final = r"^-?\d{1,16}(\.\d{1,10})?$"
_PLAIN_CODE: Final = r"^[!-~]{1,300}$"
_NO_CODE: Final = r"^'|^\d(\.\d+)?[Ee]\+\d{2}$"
_WORD: Final = r"[\p{L}\p{N}]"
_FEW: Final = 256
"""Columns up to this long are read cell by cell."""


@dataclass(frozen=True)
class Parsed:
    """One table of one sheet, typed.

    Attributes:
        raw: where it came from.
        frame: mapped fields with their precisions, and `row_number` (1 is the sheet's first row).
        problems: everything wrong with its cells.
    """

    raw: RawTable
    frame: pl.DataFrame
    problems: tuple[Problem, ...]


def parse_table(raw: RawTable) -> Parsed:
    """Type every mapped column of a raw table and report every cell that cannot be."""
    out: list[pl.Series] = [raw.row_numbers.alias("row_number")]
    problems: list[Problem] = []
    for mapped in raw.columns:
        column = find_column(raw.table, mapped.field)
        text, kind = raw.text[mapped.name], raw.kind[mapped.name]
        context = Context(mapped.factor, mapped.percent, raw.epoch_1904, mapped.currency)
        values, wrong = _typed(text, kind, column, context)
        out.extend(values)
        problems.extend(_located(raw, mapped, text, wrong))
        if (
            column.required and column.kind != "currency"
        ):  # what is unknown of that once all has been asked, currency.py says
            problems.extend(_missing(raw, mapped, text, values[0], wrong))
    frame = pl.DataFrame(out)
    if raw.totals:
        problems.extend(
            reconcile(raw, frame, frozenset(problem.field for problem in problems if problem.field))
        )
    for mapped in raw.columns:
        problems.extend(doubts(raw, mapped, raw.text[mapped.name], raw.kind[mapped.name]))
    return Parsed(raw, frame, tuple(problems))


def _fast(text: pl.Series, kind: pl.Series, column: Column, context: Context) -> pl.Series | None:
    """Values of the cells that need no thought, null elsewhere."""
    if column.kind in {"money", "number", "rate"} and not context.percent:
        factor = context.factor if column.kind == "money" else Decimal(1)
        plain = (kind == Kind.NUMBER) & text.str.contains(_PLAIN_NUMBER)
        scale, dtype, largest = (8, RATE, LARGEST_RATE) if column.kind == "rate" else (2, MONEY, LARGEST)
        exact = text.set(~plain, None).cast(_EXACT, strict=False)
        rounded = (exact * factor).round(scale, mode="half_away_from_zero")
        fits = (rounded.abs() < largest) & (
            (rounded >= 0) if column.sign == "positive" else pl.lit(value=True)
        )
        return pl.select(pl.when(fits).then(rounded).cast(dtype, strict=False)).to_series()
    if column.kind == "day":
        days = text.set(kind != Kind.DATE, None).str.to_date("%Y-%m-%d", strict=False)
        return days.set(~days.is_between(FIRST_DAY, LAST_DAY), None)
    if column.kind == "text":
        return _texts(text.set(kind == Kind.ERROR, None))
    return _codes(text.set(kind == Kind.ERROR, None), kind, column) if column.kind == "code" else None


def _texts(text: pl.Series) -> pl.Series:
    """Texts that hold a word and are too long to stand for nothing, as `values.plain` gives them."""
    bare = text.str.replace_all("_x000D_", "", literal=True).str.replace_all("\r", "", literal=True)
    bare = bare.str.replace_all("\u00a0", " ", literal=True).str.strip_chars()
    size = bare.str.len_chars()
    return bare.set(
        ~((size > 3) & (size <= 2000) & bare.str.contains(_WORD) & ~bare.str.contains(UNSEEN)), None
    )


def _codes(text: pl.Series, kind: pl.Series, column: Column) -> pl.Series:
    """Codes of half-width letters and digits without blanks, as `values.code` gives them."""
    size = text.str.len_chars()
    plain = (
        text.str.contains(_PLAIN_CODE)
        & text.str.contains(_WORD)
        & ((size > 3) | text.str.contains(r"^[A-Za-z0-9]+$"))
    )
    plain &= ~text.str.contains("_x000D_", literal=True) & ~text.str.contains(_NO_CODE)
    plain &= (kind != Kind.NUMBER) | (size <= DIGITS)
    bare = text.set(~plain, None)
    return bare.str.to_uppercase() if column.name in CAPITALS else bare


def _typed(
    text: pl.Series, kind: pl.Series, column: Column, context: Context
) -> tuple[list[pl.Series], dict[int, Wrong]]:
    return (
        _one_by_one(text, kind, column, context)
        if len(text) <= _FEW
        else _all_at_once(text, kind, column, context)
    )


def _one_by_one(
    text: pl.Series, kind: pl.Series, column: Column, context: Context
) -> tuple[list[pl.Series], dict[int, Wrong]]:
    """Values of a short column, where setting out to work on all at once takes longer than the work."""
    cells = zip(text.to_list(), kind.to_list(), strict=True)
    read = [
        None if value is None else parse_value(value, Kind(what), column, context) for value, what in cells
    ]
    out = [pl.Series(column.name, [_bare(item) for item in read], dtype=DTYPES[column.kind], strict=True)]
    if column.kind == "day":
        precise = [item.precision if isinstance(item, Dated) else None for item in read]
        out.append(pl.Series(precision_of(column.name), precise, dtype=pl.String))
    return out, {at: item for at, item in enumerate(read) if isinstance(item, Wrong)}


def _all_at_once(
    text: pl.Series, kind: pl.Series, column: Column, context: Context
) -> tuple[list[pl.Series], dict[int, Wrong]]:
    dtype = DTYPES[column.kind]
    done = _fast(text, kind, column, context)
    rest = text.is_not_null() if done is None else text.is_not_null() & done.is_null()
    frame = pl.DataFrame({"text": text, "kind": kind, "at": pl.int_range(len(text), eager=True)}).filter(rest)
    distinct = frame.select("text", "kind").unique(maintain_order=True)
    read = [parse_value(value, Kind(what), column, context) for value, what in distinct.iter_rows()]
    meant = pl.DataFrame(
        {
            "text": distinct["text"],
            "kind": distinct["kind"],
            "value": pl.Series([_bare(item) for item in read], dtype=dtype, strict=True),
            "precision": pl.Series(
                [item.precision if isinstance(item, Dated) else None for item in read], dtype=pl.String
            ),
            "wrong": pl.Series(
                [n if isinstance(item, Wrong) else None for n, item in enumerate(read)], dtype=pl.Int64
            ),
        }
    )
    found = frame.join(meant, on=["text", "kind"], how="left", maintain_order="left")
    values = (
        pl.Series(column.name, [None] * len(text), dtype=dtype) if done is None else done.alias(column.name)
    )
    values = values.scatter(found["at"], found["value"]) if len(found) else values
    bad = found.filter(pl.col("wrong").is_not_null())
    wrong = {at: read[n] for at, n in bad.select("at", "wrong").iter_rows()}
    out = [values]
    if column.kind == "day":
        precise = pl.select(pl.when(values.is_not_null()).then(pl.lit("day"))).to_series()
        loose = found.filter(pl.col("precision").is_not_null())
        precise = precise.scatter(loose["at"], loose["precision"]) if len(loose) else precise
        out.append(precise.cast(pl.String).alias(precision_of(column.name)))
    return out, {at: item for at, item in wrong.items() if isinstance(item, Wrong)}


def _bare(item: object) -> object:
    if isinstance(item, Wrong):
        return None
    return item.day if isinstance(item, Dated) else item


def _place(raw: RawTable, mapped: Mapped, at: int) -> dict[str, object]:
    return {
        "file": raw.file, "sheet": raw.sheet, "row": raw.row_numbers[at], "column": mapped.letter or None, "field": mapped.field,
        "table": raw.table,
    }  # fmt: skip


def _located(raw: RawTable, mapped: Mapped, text: pl.Series, wrong: dict[int, Wrong]) -> list[Problem]:
    return [
        Problem(item.code, value=text[at], about=dict(item.about), **_place(raw, mapped, at))  # type: ignore[arg-type]
        for at, item in sorted(wrong.items())
    ]


def _missing(
    raw: RawTable, mapped: Mapped, text: pl.Series, values: pl.Series, wrong: dict[int, Wrong]
) -> list[Problem]:
    blank = values.is_null().arg_true().to_list()
    return [
        Problem("missing_value", value=text[at], **_place(raw, mapped, at))  # type: ignore[arg-type]
        for at in blank
        if at not in wrong
    ]
