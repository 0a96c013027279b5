"""Gross returns of partner funds, fund to companies, beside what their managers report, with the difference.

    moic       (proceeds + value) / invested
    irr_gross  of investments paid, exit proceeds received, and the value of what is left on the day
    *_difference  reported less recomputed, both for the day of the report's period end

Unknown where an investment with cost left has no valuation, or is in another currency than its fund. A
report does not say whether fees are in its 报告内部收益率 and 报告回报倍数: if so, so is the difference.
"""

from datetime import date

import polars as pl

from fundtrack.metrics.exact import added
from fundtrack.metrics.holdings import ID, holdings
from fundtrack.metrics.irr import VERDICTS, irr_by
from fundtrack.metrics.members import Tables
from fundtrack.metrics.once import once
from fundtrack.metrics.reports_at import newest_reports
from fundtrack.money import MONEY, ratio

_FUND = "partner_fund_id"


@once
def gross(tables: Tables, as_of: date) -> pl.DataFrame:
    """Show the gross return of every partner fund that has invested by a day.

    Returns:
        partner_fund_id, currency, investments, invested, proceeds, value, unvalued, moic, irr_gross, irr_status,
        period_return; amounts, ratios and rates null where unknown, and then irr_status too.

    """
    own = tables["partner_fund"].select(_FUND, own="currency")
    held = holdings(tables, as_of).join(own, on=_FUND, validate="m:1")
    sums = held.group_by(_FUND).agg(
        pl.col("own").first().alias("currency"),
        pl.len().alias("investments"),
        foreign=(pl.col("currency") != pl.col("own")).any() | pl.col("proceeds").is_null().any(),
        invested=added(pl.col("amount")),
        proceeds=added(pl.col("proceeds")),
        value=added(pl.col("value")),
        unvalued=pl.col("value").null_count(),
    )
    alike = ~pl.col("foreign")
    valued = alike & (pl.col("unvalued") == 0)
    sums = sums.with_columns(
        *[pl.when(alike).then(pl.col(name)).cast(MONEY).alias(name) for name in ("invested", "proceeds")],
        value=pl.when(valued).then("value").cast(MONEY),
    ).with_columns(moic=ratio(pl.col("proceeds") + pl.col("value"), pl.col("invested")))
    rates = irr_by(_flows(tables, held, sums, as_of), _FUND).drop("irr_roots")
    rates = rates.rename({"irr": "irr_gross"}).with_columns(pl.col("irr_status").cast(pl.Enum(VERDICTS)))
    return sums.drop("foreign").join(rates, on=_FUND, how="left", validate="1:1").sort(_FUND)


@once
def reported_beside(tables: Tables, as_of: date) -> pl.DataFrame:
    """Compare each fund's newest reported return with the one recomputed for the same day.

    Returns:
        partner_fund_id, reported_on, kind, irr_reported, irr_gross, irr_status, period_return, irr_difference,
        multiple_reported, moic, multiple_difference.

    """
    either = {name: newest_reports(tables, as_of, name) for name in ("irr_reported", "multiple_reported")}
    keys = [_FUND, "period_end_on", "kind"]
    rows = either["irr_reported"].select(*keys, "irr_reported")
    rows = rows.join(
        either["multiple_reported"].select(*keys, "multiple_reported"), on=keys, how="full", coalesce=True
    )
    found = [gross(tables, as_of).head(0).with_columns(period_end_on=pl.lit(as_of))]
    found += [
        gross(tables, day).with_columns(period_end_on=pl.lit(day)) for day in rows["period_end_on"].unique()
    ]
    recomputed = pl.concat(found).select(
        _FUND, "period_end_on", "irr_gross", "irr_status", "period_return", "moic"
    )
    beside = rows.join(recomputed, on=[_FUND, "period_end_on"], how="left", validate="m:1")
    stated = [pl.col(name).cast(pl.Float64) for name in either]
    beside = beside.with_columns(stated).with_columns(
        irr_difference=pl.col("irr_reported") - pl.col("irr_gross"),
        multiple_difference=pl.col("multiple_reported") - pl.col("moic"),
    )
    return beside.select(
        _FUND, "kind", "irr_reported", "irr_gross", "irr_status", "period_return", "irr_difference",
        "multiple_reported", "moic", "multiple_difference", reported_on="period_end_on",
    ).sort(_FUND, "reported_on")  # fmt: skip


def _flows(tables: Tables, held: pl.DataFrame, sums: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """List the dated flows of the funds whose return can be told."""
    told = sums.filter(pl.col("value").is_not_null()).select(_FUND, "value")
    made = held.join(told, on=_FUND, how="semi")
    exits = tables["investment_exit"].filter(pl.col("exited_on") <= as_of)
    exits = exits.join(made.select(ID, _FUND), on=ID, validate="m:1")
    paid, got = pl.col("amount").cast(pl.Float64), pl.col("proceeds").cast(pl.Float64)
    left = told.filter(pl.col("value") != 0)
    return pl.concat(
        [
            made.select(_FUND, occurred_on="invested_on", amount=-paid),
            exits.select(_FUND, occurred_on="exited_on", amount=got),
            left.select(_FUND, occurred_on=pl.lit(as_of), amount=pl.col("value").cast(pl.Float64)),
        ]
    )
