"""The guidance funds' money from the budget to the companies and back, each currency for itself.

    budgeted, received     budget arranged, and received from the treasury
    interest, fees, other  interest earned; the guidance fund's own management fee; other flows, positive is money in
    paid_to_funds          calls and fees outside commitment, paid to partner funds
    in_companies           the guidance funds' part of what partner funds invested (look-through)
    money_back             distributions, recallable ones and exit proceeds
    remitted               principal and income handed back to the treasury
    balance                received + interest + other + money_back - paid_to_funds - fees - remitted

The first of these that come from 引导基金收支 are unknown, not nothing, where a fund has no such record at all; a
budget is unknown where none is recorded, whatever else is: money does not come without one. The view
`audit_money_trail` states the same in SQL. Source: the ledger; 财预〔2015〕210号 for what is remitted.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics.exact import added, nothing
from fundtrack.metrics.exposure import placed
from fundtrack.metrics.members import Tables
from fundtrack.metrics.once import once
from fundtrack.money import MONEY, ratio

ID: Final = "guidance_fund_id"
OWN: Final[dict[str, tuple[str, ...]]] = {
    "budgeted": ("budgeted",), "received": ("received",), "interest": ("interest",), "fees": ("fee",), "other": ("other",),
    "remitted": ("principal_remitted", "income_remitted"),
}  # fmt: skip
"""What is told of the kinds of 引导基金收支."""
THROUGH: Final[dict[str, tuple[str, ...]]] = {
    "paid_to_funds": ("call", "fee_outside"), "money_back": ("distribution", "recallable", "exit_proceeds"),
}  # fmt: skip
"""What is told of the kinds of 资金往来."""
STAGES: Final = ("budgeted", "received", "paid_to_funds", "in_companies", "money_back", "remitted")
"""The stations of the money, in order."""
TRAIL: Final[dict[str, pl.DataType]] = {
    ID: pl.String(), "name": pl.String(), "currency": pl.String(),
    **dict.fromkeys((*STAGES, "interest", "fees", "other", "balance"), MONEY),
}  # fmt: skip
"""The columns of a trail."""


@once
def own_flows(tables: Tables) -> pl.DataFrame:
    """List what guidance funds received and spent themselves: budgets, treasury, interest, fees, remittances."""
    kinds = [kind for of in OWN.values() for kind in of]
    return tables["guidance_flow"].filter(pl.col("kind").is_in(kinds) & pl.col("amount").is_not_null())


@once
def through_flows(tables: Tables) -> pl.DataFrame:
    """List what passed between guidance funds and partner funds, with the guidance fund's id."""
    kinds = [kind for of in THROUGH.values() for kind in of]
    flows = tables["cash_flow"].filter(pl.col("kind").is_in(kinds))
    flows = flows.filter(pl.col("amount").is_not_null() & pl.col("occurred_on").is_not_null())
    stakes = tables["participation"].select("participation_id", ID)
    return flows.join(stakes, on="participation_id", validate="m:1")


@once
def money_trail(tables: Tables, as_of: date) -> pl.DataFrame:
    """Show the trail of each guidance fund until a day, with the columns of TRAIL, by id and currency."""
    own, through = (
        rows.filter(pl.col("occurred_on") <= as_of) for rows in (own_flows(tables), through_flows(tables))
    )
    keys = [ID, "currency"]
    listed = pl.concat([rows.select(keys) for rows in (tables["guidance_fund"], own, through)]).unique()
    sums = own.group_by(keys).agg(*_sums(OWN)).with_columns(recorded=True)
    rows = listed.join(sums, on=keys, how="left", validate="1:1")
    rows = rows.join(through.group_by(keys).agg(*_sums(THROUGH)), on=keys, how="left", validate="1:1")
    rows = rows.join(_invested(tables, as_of), on=keys, how="left", validate="1:1")
    rows = rows.with_columns(
        *(
            pl.when(pl.col("recorded")).then(pl.col(name).fill_null(nothing()))
            for name in OWN
            if name != "budgeted"
        ),
        *(pl.col(name).fill_null(nothing()) for name in THROUGH),
    )
    names = tables["guidance_fund"].select(ID, "name")
    rows = rows.join(names, on=ID, how="left", validate="m:1").with_columns(
        balance=pl.col("received")
        + pl.col("interest")
        + pl.col("other")
        + pl.col("money_back")
        - pl.col("paid_to_funds")
        - pl.col("fees")
        - pl.col("remitted")
    )
    return rows.select(pl.col(name).cast(dtype) for name, dtype in TRAIL.items()).sort(keys)


def trail_total(tables: Tables, as_of: date) -> pl.DataFrame:
    """Add the trails of all guidance funds up, each currency for itself: the columns of TRAIL without id and name.

    Beside them `recorded` and `funds`: how many guidance funds have records of their own, of how many. The sum is of
    the recorded ones. `in_companies` is taken of everything at once, a company that two guidance funds reach counting with both parts.
    """
    rows = money_trail(tables, as_of)
    money = [name for name, dtype in TRAIL.items() if dtype == MONEY and name != "in_companies"]
    sums = rows.group_by("currency").agg(
        *[added(pl.col(name)).cast(MONEY) for name in money],
        recorded=pl.col("received").count().cast(pl.Int64),
        funds=pl.len().cast(pl.Int64),
    )
    whole = placed(tables, as_of).group_by("currency").agg(in_companies=added(pl.col("guidance_invested")))
    found = sums.join(whole, on="currency", how="left", validate="1:1")
    return found.with_columns(pl.col("in_companies").cast(MONEY)).sort(
        pl.col("currency") != "CNY", "currency"
    )


ORIGIN: Final = {
    "received": "budgeted", "paid_to_funds": "received", "in_companies": "paid_to_funds", "money_back": "paid_to_funds",
    "remitted": "money_back",
}  # fmt: skip
"""The station that the money of each came from."""


def stations(total: pl.DataFrame) -> pl.DataFrame:
    """Show each station of each currency beside the one before: currency, stage, value, before, share.

    `before` is the station that the money came from: of what is back, what was paid to partner funds. `share` = value / before.
    """
    none = pl.lit(None, dtype=MONEY)
    lines = [
        total.select(
            "currency",
            stage=pl.lit(stage),
            place=pl.lit(place),
            value=pl.col(stage),
            before=pl.col(ORIGIN[stage]) if stage in ORIGIN else none,
        )
        for place, stage in enumerate(STAGES)
    ]
    rows = pl.concat(lines).with_columns(share=ratio(pl.col("value"), pl.col("before")))
    return rows.sort(pl.col("currency") != "CNY", "currency", "place").drop("place")


def _sums(kinds: dict[str, tuple[str, ...]]) -> Iterator[pl.Expr]:
    for name, of in kinds.items():
        yield added(pl.col("amount").filter(pl.col("kind").is_in(of))).alias(name)


def _invested(tables: Tables, as_of: date) -> pl.DataFrame:
    """List what each guidance fund's money is in companies, by look-through."""
    found = [
        placed(tables, as_of, guide)
        .group_by("currency")
        .agg(in_companies=added(pl.col("guidance_invested")))
        .with_columns(pl.lit(guide).alias(ID))
        for guide in tables["guidance_fund"][ID].sort()
    ]
    schema = {"currency": pl.String(), "in_companies": pl.Decimal(38, 2), ID: pl.String()}
    return pl.concat(found) if found else pl.DataFrame(schema=schema)
