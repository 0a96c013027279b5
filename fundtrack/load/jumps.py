"""Amounts that are suddenly ten thousand times what they were: a wrong unit, said once for its column."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import polars as pl

from fundtrack.errors import Problem
from fundtrack.load.parse import Parsed
from fundtrack.load.tables import Mapped
from fundtrack.model.frames import find_column, key_fields

FACTORS: Final = (100, 1_000, 10_000, 1_000_000, 100_000_000)
_SAME: Final = 0.005
"""How far a value of the same key may be off the factor."""
_LATER: Final = 0.5
"""The same for the next date of the same entity, whose value has moved as well; only factors from here on count:"""
_LATER_FROM: Final = 1_000
_NEARLY_ALL: Final = 0.8
_LEAST: Final = 3
_SHOWN: Final = 50
_WHEN: Final = ("valued_on", "period", "measured_on")


@dataclass(frozen=True)
class _Pairs:
    """A column's amounts beside the earlier ones, and by which factor each has jumped."""

    mapped: Mapped
    frame: pl.DataFrame
    factor: float | None
    jumped: pl.DataFrame


def unit_jumps(
    table: str, rows: pl.DataFrame, items: Sequence[Parsed], current: pl.DataFrame
) -> list[Problem]:
    """Problems of amounts that jumped by a unit's factor since the newest edition.

    Where nearly all amounts of a column jump by one factor, the column is the one problem and an error; single cells are
    warnings.

    Args:
        table: whose rows.
        rows: of the file, with their keys, `sheet` and `row_number`.
        items: the sheets they came from.
        current: what is known.
    """
    problems: list[Problem] = []
    for item in items if _met(table, rows, current) else ():
        own = rows.filter(
            (pl.col("sheet") == item.raw.sheet) & pl.col("row_number").is_in(item.raw.row_numbers.to_list())
        )
        money = [mapped for mapped in item.raw.columns if find_column(table, mapped.field).kind == "money"]
        seen = [found for mapped in money if (found := _compare(table, mapped, own, current)) is not None]
        problems += _told(table, item, seen)
    return problems


def _met(table: str, rows: pl.DataFrame, current: pl.DataFrame) -> bool:
    """Whether any row has something known to stand beside."""
    if current.is_empty() or not current.join(rows, on="row_key", how="semi").is_empty():
        return not current.is_empty()
    rest = [field for field in key_fields(table) if field not in _WHEN]
    return len(rest) < len(key_fields(table)) and not current.join(rows, on=rest, how="semi").is_empty()


def _compare(table: str, mapped: Mapped, rows: pl.DataFrame, current: pl.DataFrame) -> _Pairs | None:
    """The amounts of a column beside those of the same keys, else of the same entities' last dates."""
    name = mapped.field
    old = current.select("row_key", pl.col(name).alias("_old"))
    pairs = rows.select("row_key", "row_number", name).join(old, on="row_key", how="inner")
    slack = _SAME
    factors: tuple[int, ...] = FACTORS
    pairs = _ratios(pairs, name)
    if pairs.is_empty():
        when = next((field for field in key_fields(table) if field in _WHEN), None)
        if when is None:
            return None
        pairs = _ratios(_last_dates(table, when, name, rows, current), name)
        slack, factors = _LATER, tuple(factor for factor in FACTORS if factor >= _LATER_FROM)
    if pairs.is_empty():
        return None
    both = [*map(float, factors), *(1 / factor for factor in factors)]
    hit = pl.coalesce(
        pl.when((pl.col("_ratio") / factor).is_between(1 - slack, 1 / (1 - slack))).then(pl.lit(factor))
        for factor in both
    )
    pairs = pairs.with_columns(hit.alias("_factor"))
    jumped = pairs.drop_nulls("_factor")
    common = jumped["_factor"].mode().sort(descending=True)
    return _Pairs(mapped, pairs, float(common[0]) if len(common) else None, jumped)


def _ratios(pairs: pl.DataFrame, name: str) -> pl.DataFrame:
    """Pairs of two amounts other than nothing, with new over old."""
    filled = pairs.filter((pl.col(name) != 0) & (pl.col("_old") != 0))
    return filled.with_columns(
        (pl.col(name).cast(pl.Float64) / pl.col("_old").cast(pl.Float64)).alias("_ratio")
    )


def _last_dates(table: str, when: str, name: str, rows: pl.DataFrame, current: pl.DataFrame) -> pl.DataFrame:
    """Each row beside the last earlier one of the same entity."""
    rest = [field for field in key_fields(table) if field != when]
    old = current.select(*rest, pl.col(when).alias("_when"), pl.col(name).alias("_old")).drop_nulls("_old")
    both = rows.select("row_key", "row_number", when, name, *rest).join(old, on=rest, how="inner")
    earlier = both.filter(pl.col("_when") < pl.col(when)).sort("_when")
    return earlier.unique("row_key", keep="last", maintain_order=True)


def _told(table: str, item: Parsed, seen: Sequence[_Pairs]) -> list[Problem]:
    raw = item.raw
    count = sum(pairs.frame.height for pairs in seen)
    by_factor = {pairs.factor: 0 for pairs in seen if pairs.factor is not None}
    for factor in by_factor:
        by_factor[factor] = sum(pairs.jumped.filter(pl.col("_factor") == factor).height for pairs in seen)
    whole = max(by_factor, key=lambda factor: by_factor[factor], default=None)
    all_over = whole is not None and by_factor[whole] >= max(_LEAST, _NEARLY_ALL * count)
    problems: list[Problem] = []
    for pairs in seen:
        hits = pairs.jumped.filter(pl.col("_factor") == pairs.factor).height if pairs.factor else 0
        nearly = hits >= _NEARLY_ALL * pairs.frame.height and hits > 0
        column, field = pairs.mapped.letter or None, pairs.mapped.field
        say = partial(Problem, file=raw.file, sheet=raw.sheet, table=table, column=column, field=field)
        if pairs.factor and nearly and (hits >= _LEAST or all_over):
            about = {"count": str(pairs.frame.height), "jumped": str(hits), "times": _times(pairs.factor)}
            problems.append(say("unit_jump", row=raw.header_row, value=pairs.mapped.header, about=about))
            continue
        for row in pairs.jumped.sort("row_number").head(_SHOWN).iter_rows(named=True):
            about = {"old": f"{row['_old']:f}", "times": _times(row["_factor"])}
            value = f"{row[field]:f}"
            problems.append(say("unit_jump_cell", "warning", row=row["row_number"], value=value, about=about))
    return problems


def _times(factor: float) -> str:
    """A factor as people say it: 10000, 1/10000."""
    return str(round(factor)) if factor >= 1 else f"1/{round(1 / factor)}"
