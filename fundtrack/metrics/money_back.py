"""What partner funds paid back to the guidance funds, how it splits, and what of it was remitted to the budget.

    back       distributions, recallable ones and exit proceeds dated by the day
    principal  as stated, else amount - income, else, of exit proceeds, the lesser of cost and amount
    income     as stated, else amount - principal
    kept       back - remitted: what stays with the guidance funds, to be invested again or remitted

Nothing is rescaled: where one receipt does not tell its parts, both sums are unknown. Remitted is known where the
currency has any record of 引导基金收支. Currencies are never added. Source: participation agreements.
"""

from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics.exact import added
from fundtrack.metrics.members import Tables
from fundtrack.metrics.money_trail import OWN, THROUGH, own_flows, through_flows
from fundtrack.metrics.once import once
from fundtrack.money import MONEY

BACK: Final = THROUGH["money_back"]
REMITTED: Final = OWN["remitted"]
_CENTS: Final = pl.Decimal(38, 2)


@once
def money_back(tables: Tables, as_of: date) -> pl.DataFrame:
    """Add up money back and money remitted until a day.

    Returns:
        currency, receipts, back, principal, income, unsplit (receipts that do not tell their parts), remitted, kept; sorted
        by currency.

    """
    flows = through_flows(tables).filter(pl.col("kind").is_in(BACK) & (pl.col("occurred_on") <= as_of))
    amount = pl.col("amount")
    sold = pl.when(pl.col("kind") == "exit_proceeds").then(pl.min_horizontal("amount", "cost_basis"))
    sold = pl.when(pl.col("cost_basis").is_not_null()).then(sold)
    rows = flows.with_columns(part=pl.coalesce(pl.col("principal"), amount - pl.col("income"), sold))
    rows = rows.with_columns(rest=pl.coalesce(pl.col("income"), amount - pl.col("part")))
    split = rows["part"].is_not_null() & rows["rest"].is_not_null()
    sums = (
        rows.with_columns(split=split)
        .group_by("currency")
        .agg(
            pl.len().cast(pl.Int64).alias("receipts"),
            back=added(amount),
            principal=pl.when(pl.col("split").all()).then(added(pl.col("part"))),
            income=pl.when(pl.col("split").all()).then(added(pl.col("rest"))),
            unsplit=(~pl.col("split")).sum().cast(pl.Int64),
        )
    )
    own = own_flows(tables).filter(pl.col("occurred_on") <= as_of)
    paid = own.group_by("currency").agg(
        remitted=amount.cast(_CENTS).filter(pl.col("kind").is_in(REMITTED)).sum()
    )
    found = sums.join(paid, on="currency", how="full", coalesce=True, validate="1:1").with_columns(
        pl.col("receipts", "unsplit").fill_null(0),
        # nothing came back: that is known, and splits into nothing
        *[pl.when(pl.col("receipts").is_null()).then(pl.lit(0)).otherwise(pl.col(name)).cast(MONEY).alias(name)
          for name in ("back", "principal", "income")],
    )  # fmt: skip
    kept = (pl.col("back") - pl.col("remitted")).cast(MONEY).alias("kept")
    found = found.with_columns(pl.col("remitted").cast(MONEY)).with_columns(kept)
    return found.select(
        "currency", "receipts", "back", "principal", "income", "unsplit", "remitted", "kept"
    ).sort("currency")
