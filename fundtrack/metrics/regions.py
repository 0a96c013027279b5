"""Many cities as one: their tables side by side, so that the counting rules of one city count a province.

Every id is written with its city's code before it (`330100/PF-001`), so that two cities' ids never meet. What the rules of
one city make of rows that share a valid 统一社会信用代码 or 备案编码 then holds between cities too:

- a partner fund that several cities take part in counts once, from the earliest day on which it counts in any of them;
  its size is that of the city of the lowest code that states one, with that city's later changes;
- a firm counts as newly brought in once, by its first agreement with any of the cities, all firms of a house together;
- commitments to cross-border guidance funds are added: each is another city's money.

Targets of cities with the same plan (days, unit and currency) are added; cities with another plan stand on a line of
their own. Values that are reported are added where every city has reported one; where one is missing, so is the sum.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

import polars as pl

from fundtrack.metrics.counting import agreements
from fundtrack.metrics.entities import fold, fund_entities, houses
from fundtrack.metrics.members import participations
from fundtrack.metrics.once import Once
from fundtrack.metrics.progress import BAND_EARLY, BAND_LATE, LEDGER, PROGRESS, STOCK, progress
from fundtrack.model import frames
from fundtrack.model.rows import COLUMNS
from fundtrack.money import MONEY

Tables = Mapping[str, pl.DataFrame]
COUNTRY: Final = "000000"
SUMMED: Final = "各市合计 / sum over cities"
_CENTS: Final = pl.Decimal(38, 2)
_PLAN: Final = ("code", "starts_on", "due_on", "unit", "currency")
_NO_IDS: Final = ("rule_id",)
"""Columns that end in `_id` and name the same thing in every city."""

REGIONAL: Final[dict[str, pl.DataType]] = {
    "region": pl.String(), "cities": pl.Int64(), "known": pl.Int64(), "sum_of_cities": _CENTS, "counted_twice": _CENTS,
    **PROGRESS,
}  # fmt: skip
"""A region's target: how many cities have it, how many know their value, the plain sum of those, and by how much
counting once is less; then the columns of PROGRESS."""
SHARED: Final[dict[str, pl.DataType]] = {
    "entity": pl.String(), "by": pl.String(), "jurisdiction": pl.String(), "partner_fund_id": pl.String(), "name": pl.String(),
    "uscc": pl.String(), "amac_code": pl.String(), "currency": pl.String(), "committed_size": MONEY, "speaks": pl.Boolean(),
}  # fmt: skip
"""A row of a partner fund that stands in several cities: `by` code (counted once) or name alone (counted apart until a
person decides); `speaks` where its size is the one that counts."""

FIRMS: Final[dict[str, pl.DataType]] = {
    "house": pl.String(), "jurisdiction": pl.String(), "name": pl.String(), "first_signed_on": pl.Date(), "speaks": pl.Boolean(),
}  # fmt: skip
"""A house that has signed with several cities, a row a city: the firm's name there, its first agreement there; `speaks` where that
is its first anywhere, which is the one that may count as newly brought in."""


class Merged(Mapping[str, pl.DataFrame]):
    """The tables of several cities as one ledger; each is read when first asked for, all cities' in one stream.

    Attributes:
        cities: each city's tables, by its code.
        own: tables that stand in place of the cities'.
    """

    def __init__(self, cities: Mapping[str, Tables], own: Mapping[str, pl.DataFrame] | None = None) -> None:
        self.cities = dict(sorted(cities.items()))
        self.own = dict(own or {})
        self._kept: dict[str, pl.DataFrame] = {}

    def __getitem__(self, table: str) -> pl.DataFrame:
        """The rows of a table, by key."""
        if table in self.own:
            return self.own[table]
        if table not in self._kept:
            parts = [
                _lazy(tables, table).with_columns(_prefixed(table, code))
                for code, tables in self.cities.items()
            ]
            found = pl.concat([pl.LazyFrame(schema=frames.schema(table)), *parts]).collect(engine="streaming")
            self._kept[table] = (self._resolved(found) if table == "fund_change" else found).sort("row_key")
        return self._kept[table]

    def __iter__(self) -> Iterator[str]:
        return iter(COLUMNS)

    def __len__(self) -> int:
        return len(COLUMNS)

    def _resolved(self, changes: pl.DataFrame) -> pl.DataFrame:
        """Changes of manager with the ids that the firms have here: a city that names a firm means its own."""
        firms = self["manager"].select("manager_id", "name_key").sort("manager_id").iter_rows()
        known: dict[tuple[str, str], str] = {}
        for firm, key in firms:
            code, own = firm.split("/", 1)
            known.setdefault((code, key), firm)
            known[code, own] = firm

        def here(row: Mapping[str, Any], side: str) -> str | None:
            text: str | None = row[side]
            code: str = row["partner_fund_id"].split("/", 1)[0]
            if row["kind"] != "manager" or text is None:
                return text
            return known.get((code, text), known.get((code, fold(text)), text))

        rows = changes.to_dicts()
        return changes.with_columns(
            pl.Series(side, [here(row, side) for row in rows], dtype=pl.String)
            for side in ("before", "after")
        )


def region_progress(
    region: str,
    cities: Mapping[str, Tables],
    standing: pl.DataFrame,
    as_of: date,
    band_early: Decimal | float = BAND_EARLY,
    band_late: Decimal | float = BAND_LATE,
) -> pl.DataFrame:
    """Show a region's targets on a day, what cities share counted once, with the columns of REGIONAL.

    Args:
        region: its code.
        cities: each city's tables, by its code.
        standing: jurisdiction, and the columns of PROGRESS on the day, of each city.
        as_of: the day.
        band_early: how far below pace is still `behind` in the first three quarters of a plan.
        band_late: the same in the last.
    """
    own = standing.filter(pl.col("jurisdiction").is_in(list(cities)))
    plans = own.group_by(_PLAN, maintain_order=True).agg(
        name=pl.col("name").first(), target=_total("target"), members=pl.col("jurisdiction").sort(),
        cities=pl.len().cast(pl.Int64), known=pl.col("actual").count().cast(pl.Int64),
        sum_of_cities=pl.when(pl.col("actual").count() > 0).then(_total("actual")),
        measured_on=pl.col("measured_on").min(),
        start_sum=pl.when(pl.col("start_value").null_count() == 0).then(_total("start_value")),
    )  # fmt: skip
    found = [pl.DataFrame(schema=REGIONAL)]
    for (codes,), lines in plans.group_by(pl.col("members").list.join(","), maintain_order=True):
        merged = Merged({code: cities[code] for code in str(codes).split(",")})
        own_tables = {"target": _targets(lines), "indicator": _reported(lines)}
        shown = progress(Once(_Beside(merged, own_tables)), as_of, band_early=band_early, band_late=band_late)
        found.append(_told(region, shown, lines))
    order = {code: place for place, code in enumerate(plans["code"].unique(maintain_order=True))}
    place = pl.col("code").replace_strict(order, return_dtype=pl.Int64) if order else pl.col("code")
    return pl.concat(found).sort(place, "starts_on", "due_on", "unit", "currency")


def _total(name: str) -> pl.Expr:
    return pl.col(name).cast(_CENTS).sum()


def _told(region: str, shown: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Put beside each target what its cities say; where one does not know, only a target that is met all the same is judged."""
    beside = lines.select("code", "cities", "known", "sum_of_cities")
    both = shown.join(beside, on="code", how="left", validate="1:1", maintain_order="left")
    sure = (pl.col("known") == pl.col("cities")) | (pl.col("status") == "done")
    both = both.with_columns(
        region=pl.lit(region),
        actual=pl.when(pl.col("known") > 0).then("actual"),
        status=pl.when(sure & (pl.col("known") > 0)).then("status").otherwise(pl.lit("unknown")),
    )
    twice = pl.col("sum_of_cities") - pl.col("actual").cast(_CENTS)
    return both.with_columns(counted_twice=twice.cast(_CENTS)).select(list(REGIONAL))


def _targets(lines: pl.DataFrame) -> pl.DataFrame:
    """The cities' targets added up, as the table 目标 has them."""
    return _fitted("target", lines.with_columns(value=pl.col("target"), source=pl.lit(SUMMED)))


class _Beside(Mapping[str, pl.DataFrame]):
    """Tables with some of them replaced."""

    def __init__(self, tables: Tables, own: Tables) -> None:
        self._tables, self._own = tables, own

    def __getitem__(self, table: str) -> pl.DataFrame:
        return self._own[table] if table in self._own else self._tables[table]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)


def _reported(lines: pl.DataFrame) -> pl.DataFrame:
    """The sums of what the cities report, as of the oldest of their days; nothing where one of them reports nothing."""
    told = lines.filter(~pl.col("code").is_in(LEDGER) & (pl.col("known") == pl.col("cities")))
    begun = told.filter(pl.col("code").is_in(STOCK) & pl.col("start_sum").is_not_null())
    starts = begun.select(
        "code", measured_on=pl.col("starts_on").dt.offset_by("-1d"), value=pl.col("start_sum")
    )
    now = told.select("code", "measured_on", value=pl.col("sum_of_cities"))
    both = pl.concat([now, starts]).unique(["code", "measured_on"], keep="first", maintain_order=True)
    return _fitted("indicator", both.with_columns(source=pl.lit(SUMMED)))


def ranked(now: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Rank cities by completion, target by target: rank, rank_before, rank_change (places gained), of jurisdiction and code.

    The same completion is the same rank, and the next one is skipped; what is not known has none.
    """
    keys = ["jurisdiction", "code"]
    earlier = _rank(before).select(*keys, rank_before="rank")
    both = _rank(now).join(earlier, on=keys, how="left", validate="1:1")
    return both.with_columns(rank_change=pl.col("rank_before") - pl.col("rank"))


def _rank(standing: pl.DataFrame) -> pl.DataFrame:
    rank = pl.col("completion").rank("min", descending=True).over("code", "unit").cast(pl.Int64)
    return standing.with_columns(rank=rank)


def shared_funds(merged: Merged) -> pl.DataFrame:
    """List the partner funds that stand in several cities, with the columns of SHARED: by code, then by name alone."""
    entities = fund_entities(merged)
    funds = merged["partner_fund"].join(entities, on="partner_fund_id", validate="1:1")
    funds = funds.with_columns(jurisdiction=pl.col("partner_fund_id").str.split("/").list.first())
    several = pl.col("jurisdiction").n_unique().over("entity") > 1
    stated = pl.col("partner_fund_id").sort_by(pl.col("committed_size").is_null(), "partner_fund_id").first()
    by_code = funds.filter(several).with_columns(
        by=pl.lit("code"), speaks=pl.col("partner_fund_id") == stated.over("entity")
    )
    named = pl.col("name_key") != ""
    apart = named & (pl.col("entity").n_unique().over("name_key") > 1)
    by_name = funds.filter(apart & (pl.col("jurisdiction").n_unique().over("name_key") > 1))
    by_name = by_name.with_columns(
        entity=pl.col("name_key"), by=pl.lit("name"), speaks=pl.lit(None, dtype=pl.Boolean)
    )
    found = pl.concat([part.select(list(SHARED)) for part in (by_code, by_name)])
    return found.sort("by", "entity", "jurisdiction", "partner_fund_id")


def shared_firms(merged: Merged, as_of: date) -> pl.DataFrame:
    """List the houses that by a day have signed with several cities, with the columns of FIRMS."""
    tables = Once(merged)
    stakes = participations(tables).filter("programme")
    city = pl.col("participation_id").str.split("/").list.first().alias("jurisdiction")
    signed = agreements(tables, stakes).filter(pl.col("day") <= as_of)
    firsts = signed.group_by("house", city).agg(first_signed_on=pl.col("day").min())
    firsts = firsts.filter(pl.col("jurisdiction").n_unique().over("house") > 1)
    called = merged["manager"].join(houses(merged), on="manager_id", validate="1:1").sort("manager_id")
    own = pl.col("manager_id").str.split("/").list.first().alias("jurisdiction")
    names = called.group_by("house", own).agg(pl.col("name").first())
    found = firsts.join(names, on=["house", "jurisdiction"], how="left", validate="1:1")
    found = found.with_columns(pl.coalesce("name", "house").alias("name")).sort(
        "house", "first_signed_on", "jurisdiction"
    )
    first = pl.int_range(pl.len()).over("house") == 0
    return found.with_columns(speaks=first).select(list(FIRMS))


def province(jurisdiction: str) -> str:
    """The province of a division.

    >>> province("330100")
    '330000'
    """
    return f"{jurisdiction[:2]}0000"


def within(region: str, jurisdiction: str) -> bool:
    """Tell whether a division lies in a province, a city, or is the district itself.

    >>> within("330000", "330100"), within("330100", "330200"), within("330100", "330110"), within("100000", "110000")
    (True, False, True, False)
    """
    width = 2 if region.endswith("0000") else 4 if region.endswith("00") else 6
    return jurisdiction[:width] == region[:width]


def _lazy(tables: Tables, table: str) -> pl.LazyFrame:
    """A table's rows, as a stream where the tables can give one."""
    stream = getattr(tables, "lazy", None)
    found: pl.LazyFrame = stream(table) if stream else tables[table].lazy()
    return found.select(list(frames.schema(table)))


def _prefixed(table: str, code: str) -> list[pl.Expr]:
    ids = [
        column.name for column in COLUMNS[table] if column.name.endswith("_id") and column.name not in _NO_IDS
    ]
    return [
        pl.concat_str(pl.lit(f"{code}/"), pl.col(name)).alias(name) for name in ("row_key", *ids)
    ]  # fmt: skip


def _fitted(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in frames.schema(table).items()
    )
