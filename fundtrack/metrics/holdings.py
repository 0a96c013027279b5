"""Partner funds' investments as they were on a day: cost, exits, what is left and what it is worth.

    exit_cost, proceeds  Σ of 项目退出 up to the day (dividends have no cost)
    cost_left            amount - exit_cost
    value                newest 项目估值 up to the day; after a later partial exit the part of it whose cost
                         is left; 0.00 once all cost is gone; unknown without a valuation, never cost instead
    gain_realised        proceeds - exit_cost; gain_unrealised: value - cost_left

In the investment's currency; unknown where an exit is in another one. Companies with the same valid USCC are
one (`company`, the least id).
"""

from datetime import date

import polars as pl

from fundtrack.metrics.entities import company_entities
from fundtrack.metrics.exact import added, nothing, pro_rata
from fundtrack.metrics.members import Tables
from fundtrack.metrics.once import once
from fundtrack.money import MONEY, ratio

ID = "investment_id"


@once
def holdings(tables: Tables, as_of: date) -> pl.DataFrame:
    """List every investment made up to a day, sorted by id."""
    made = tables["investment"].filter(pl.col("invested_on") <= as_of)
    rows = made.select(
        ID, "partner_fund_id", "company_id", "invested_on", "stage", "instrument", "currency", "amount",
        "joint_amount",
    )  # fmt: skip
    rows = rows.join(companies(tables), on="company_id", how="left", validate="m:1")
    rows = rows.join(_exits(tables, rows, as_of), on=ID, how="left", validate="1:1")
    rows = rows.join(_valued(tables, rows, as_of), on=ID, how="left", validate="1:1")
    none = nothing()
    zero = [pl.col(name).fill_null(none) for name in ("exit_cost", "proceeds", "exit_cost_since")]
    own = ~pl.col("foreign").fill_null(value=False)
    rows = rows.with_columns(*zero).with_columns(
        pl.when(own).then(name).alias(name) for name in ("exit_cost", "proceeds", "exit_cost_since")
    )
    rows = rows.with_columns(cost_left=pl.col("amount") - pl.col("exit_cost"))
    gone = (pl.col("cost_left") <= 0) & (pl.col("exit_cost") > 0)
    since = pl.col("exit_cost_since")
    part = pro_rata(pl.col("valued"), pl.col("valued_cost") - since, pl.col("valued_cost"))
    value = pl.when(gone).then(none).when(since == 0).then("valued").when(since > 0).then(part)
    rows = rows.with_columns(value=value, gone=gone).with_columns(
        gain_realised=pl.col("proceeds") - pl.col("exit_cost"),
        gain_unrealised=pl.col("value") - pl.col("cost_left"),
    )
    money = (
        "amount", "joint_amount", "exit_cost", "proceeds", "cost_left", "value", "gain_realised",
        "gain_unrealised",
    )  # fmt: skip
    return rows.select(
        ID, "partner_fund_id", "company", "company_id", "invested_on", "stage", "instrument", "currency",
        *[pl.col(name).cast(MONEY) for name in money], "valued_on", "gone",
    ).sort(ID)  # fmt: skip


@once
def companies(tables: Tables) -> pl.DataFrame:
    """List company_id, company: ids with the same valid USCC are one company."""
    return company_entities(tables)


@once
def realised(tables: Tables, as_of: date, by: str = "partner_fund_id") -> pl.DataFrame:
    """Split investments into realised and unrealised, by fund (or `company`), each currency for itself.

    Returns:
        group, currency, investments, invested, exit_cost, proceeds, gain_realised, cost_left, value,
        gain_unrealised (both of the valued), cost_valued, unvalued (how many with cost left have no value),
        multiple_realised = proceeds / exit_cost, multiple_unrealised = value / cost_valued.

    """
    rows = holdings(tables, as_of).with_columns(group=pl.lit("all") if by == "all" else pl.col(by))
    valued = pl.col("value").is_not_null()
    sums = rows.group_by("group", "currency").agg(
        pl.len().alias("investments"),
        pl.col("amount").sum().alias("invested"),
        *[added(pl.col(name)).alias(name) for name in ("exit_cost", "proceeds", "gain_realised")],
        *[added(pl.col(name)).alias(name) for name in ("cost_left", "value", "gain_unrealised")],
        cost_valued=pl.col("cost_left").filter(valued).sum(),
        unvalued=(~valued).sum(),
    )
    money = [name for name, dtype in sums.schema.items() if dtype.is_decimal()]
    found = sums.with_columns(pl.col(money).cast(MONEY)).with_columns(
        multiple_realised=ratio(pl.col("proceeds"), pl.col("exit_cost")),
        multiple_unrealised=ratio(pl.col("value"), pl.col("cost_valued")),
    )
    return found.sort("group", "currency")


def _exits(tables: Tables, made: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """List investment_id, exit_cost, proceeds, foreign: what came back, and whether in another currency."""
    done = tables["investment_exit"].filter(pl.col("exited_on") <= as_of)
    done = done.select(ID, "cost", "proceeds", written="currency").join(
        made.select(ID, "currency"), on=ID, validate="m:1"
    )
    return done.group_by(ID).agg(
        exit_cost=pl.col("cost").sum(),
        proceeds=pl.col("proceeds").sum(),
        foreign=(pl.col("written") != pl.col("currency")).any(),
    )


def _valued(tables: Tables, made: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """List investment_id, valued, valued_cost, valued_on, exit_cost_since: by the newest valuation."""
    known = tables["holding_valuation"].filter((pl.col("valued_on") <= as_of) & pl.col("value").is_not_null())
    known = known.select(ID, "valued_on", valued="value", valued_cost="cost", written="currency")
    known = known.join(made.select(ID, "currency"), on=ID, validate="m:1")
    known = known.filter(pl.col("written").is_null() | (pl.col("written") == pl.col("currency")))
    newest = known.sort(ID, "valued_on").unique(ID, keep="last", maintain_order=True)
    later = tables["investment_exit"].filter(pl.col("exited_on") <= as_of).select(ID, "exited_on", "cost")
    later = later.join(newest.select(ID, "valued_on"), on=ID, validate="m:1")
    later = later.filter(pl.col("exited_on") > pl.col("valued_on"))
    since = later.group_by(ID).agg(exit_cost_since=pl.col("cost").sum())
    return newest.select(ID, "valued_on", "valued", "valued_cost").join(
        since, on=ID, how="left", validate="1:1"
    )
