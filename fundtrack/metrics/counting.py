"""Events that move the targets counted from the ledger: each with its day and by how much."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import polars as pl

from fundtrack.metrics.members import Tables, manager_spells, members, participations, size_changes
from fundtrack.metrics.once import once

_ZERO = pl.lit(0).cast(pl.Decimal(38, 2))


@dataclass(frozen=True, slots=True)
class Counted:
    """Every event that moves a target of the ledger; what is true on a day is the sum up to it.

    Attributes:
        begun: whether the ledger holds any venture or angel participation: without one, nothing is known.
        funds: entity, currency, day, step (+1 counted from, -1 no longer), sized (the same, for entities
            of known size), amount (change of counted committed size).
        firms: house, day of its first agreement.
        set_up: guidance_fund_id, day: cross-border funds, with the day of their establishment if known.
        committed: day, amount, currency, row_key (of guidance_flow): what was committed to cross-border funds, from their set-up on.

    """

    begun: bool
    funds: pl.DataFrame
    firms: pl.DataFrame
    set_up: pl.DataFrame
    committed: pl.DataFrame


@once
def counted(tables: Tables) -> Counted:
    """Read the events of the four targets from the ledger."""
    funds = members(tables)
    stakes = participations(tables).filter("programme")
    set_up = tables["guidance_fund"].filter(pl.col("kind") == "cross_border")
    set_up = set_up.select("guidance_fund_id", pl.col("established_on").alias("day"))
    return Counted(
        begun=not stakes.is_empty(),
        funds=_fund_events(tables, funds, stakes),
        firms=first_agreements(tables, stakes),
        set_up=set_up,
        committed=_committed(tables, set_up),
    )


def presence(stakes: pl.DataFrame) -> pl.DataFrame:
    """List entity, day, step: when each entity starts (+1) and ceases (-1) to be counted.

    An entity counts while at least one of its participations does.
    """
    spans = stakes.filter(pl.col("counts_from").is_not_null())
    spans = spans.filter(pl.col("void_from").is_null() | (pl.col("void_from") > pl.col("counts_from")))
    begins = spans.select("entity", pl.col("counts_from").alias("day"), pl.lit(1).alias("step"))
    ends = spans.filter(pl.col("void_from").is_not_null())
    ends = ends.select("entity", pl.col("void_from").alias("day"), pl.lit(-1).alias("step"))
    days = pl.concat([begins, ends]).group_by("entity", "day").agg(pl.col("step").sum()).sort("entity", "day")
    present = (pl.col("step").cum_sum().over("entity") > 0).cast(pl.Int32)
    days = days.with_columns(present=present)
    return days.with_columns(
        step=pl.col("present") - pl.col("present").shift(1, fill_value=0).over("entity")
    ).drop("present")


def _fund_events(tables: Tables, funds: pl.DataFrame, stakes: pl.DataFrame) -> pl.DataFrame:
    """Join presence and size of each entity on one time line; a size counts only while its fund does."""
    steps = presence(stakes)
    principal = funds.filter("principal").select("partner_fund_id", "entity", "currency", "opening_size")
    changes = (
        size_changes(tables)
        .join(principal, on="partner_fund_id")
        .group_by("entity", "day")
        .agg(pl.col("amount").sum())
    )
    line = steps.join(changes, on=["entity", "day"], how="full", coalesce=True)
    line = line.join(principal.drop("partner_fund_id"), on="entity", validate="m:1").sort("entity", "day")
    line = line.with_columns(pl.col("step").fill_null(0), pl.col("amount").fill_null(_ZERO))
    size = pl.col("opening_size") + pl.col("amount").cum_sum().over("entity")
    line = line.with_columns(present=pl.col("step").cum_sum().over("entity"), size=size)
    counted_size = (
        pl.when((pl.col("present") > 0) & pl.col("size").is_not_null()).then("size").otherwise(_ZERO)
    )
    line = line.with_columns(counted_size=counted_size)
    moved = pl.col("counted_size") - pl.col("counted_size").shift(1).over("entity").fill_null(_ZERO)
    sized = pl.when(pl.col("opening_size").is_not_null()).then("step").otherwise(0)
    line = line.with_columns(amount=moved, sized=sized)
    return line.select("entity", "currency", "day", "step", "sized", "amount").sort("day", "entity")


def first_agreements(tables: Tables, stakes: pl.DataFrame) -> pl.DataFrame:
    """List house, day: the first venture or angel agreement of each house, by the manager as at signing."""
    return agreements(tables, stakes).group_by("house").agg(pl.col("day").min()).sort("day", "house")


def agreements(tables: Tables, stakes: pl.DataFrame) -> pl.DataFrame:
    """List house, day, participation_id: every agreement with the house that managed the fund when it was signed."""
    signed = stakes.filter(pl.col("signed_on").is_not_null()).select(
        "participation_id", "partner_fund_id", pl.col("signed_on").alias("day")
    )
    spells = signed.join(manager_spells(tables), on="partner_fund_id")
    begun = pl.col("from_on").is_null() | (pl.col("from_on") <= pl.col("day"))
    lasting = pl.col("until_on").is_null() | (pl.col("day") < pl.col("until_on"))
    at_signing = spells.filter(begun & lasting & pl.col("house").is_not_null())
    return at_signing.select("house", "day", "participation_id")


def _committed(tables: Tables, set_up: pl.DataFrame) -> pl.DataFrame:
    """List commitments to cross-border funds; one made before its fund was set up counts from the set-up."""
    rows = tables["guidance_flow"].filter(pl.col("kind") == "committed")
    rows = rows.join(set_up.filter(pl.col("day").is_not_null()), on="guidance_fund_id", validate="m:1")
    return rows.select(
        pl.max_horizontal("day", "occurred_on").alias("day"), "amount", "currency", "row_key"
    ).sort("day")


def funds_on(events: Counted, day: date) -> Decimal | None:
    """Count the partner funds that count on a day."""
    return Decimal(_until(events.funds, day)["step"].sum()) if events.begun else None


def scale_on(events: Counted, day: date, currency: str) -> Decimal | None:
    """Sum the committed size of the partner funds of a currency that count on a day.

    Funds of unknown size add nothing; where no counted fund's size is known, neither is the sum.
    """
    rows = _until(events.funds, day).filter(pl.col("currency") == currency)
    if not events.begun or (rows["step"].sum() > 0 and rows["sized"].sum() == 0):
        return None
    return total(rows["amount"])


def firms_on(events: Counted, day: date, starts_on: date, due_on: date) -> Decimal | None:
    """Count the houses whose first agreement was signed within a plan and by a day."""
    rows = _until(events.firms, min(day, due_on)).filter(pl.col("day") >= starts_on)
    return Decimal(rows.height) if events.begun else None


def cross_border_on(events: Counted, day: date, currency: str) -> Decimal | None:
    """Sum what was committed to cross-border guidance funds set up by a day.

    Nothing before the set-up; unknown where there is no such fund, or one set up and no commitment at all.
    """
    committed = events.committed.filter(pl.col("currency") == currency)
    if events.set_up.is_empty() or (committed.is_empty() and not _until(events.set_up, day).is_empty()):
        return None
    return total(_until(committed, day)["amount"])


def total(amounts: pl.Series) -> Decimal:
    """Sum exactly; nothing sums to zero."""
    return Decimal(amounts.cast(pl.Decimal(38, 2)).sum() or 0).quantize(Decimal("0.01"))


def _until(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    return rows.filter(pl.col("day") <= day)
