"""What a participation in another currency earned in this one: local return, FX effect and their cross term.

    value          distributions + NAV; paid_in: calls + fees outside; gain = value - paid_in
    rate_in        paid_in converted flow by flow / paid_in: the average rate at which money went out
    rate_out       value converted flow by flow, NAV at the day's rate / value
    local_part     gain · rate_in
    fx_part        paid_in · (rate_out - rate_in)
    cross_part     gain · (rate_out - rate_in), what is left of the converted gain, to the cent
    return_local   gain / paid_in; return_fx = rate_out / rate_in - 1; return_cross = the product of both
    irr_fx         (1 + irr_converted) / (1 + irr_local) - 1; IRRs only where the verdict is `ok`

return_total = (1 + return_local) · (1 + return_fx) - 1, so that the three parts add up. Where a rate is
missing, every figure that needs it is null, and a finding says which. 折人民币实付 is no rate: see `fiscal_view`.
Source: the usual split of a foreign return, (1 + local) · (1 + fx) - 1 = local + fx + local · fx.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from fundtrack.metrics.exact import added, nothing, pro_rata, summed
from fundtrack.metrics.fx import converted, fx_rates, missing_rates, with_rate
from fundtrack.metrics.groups import KEY, labels
from fundtrack.metrics.irr import irr_by
from fundtrack.metrics.members import Tables
from fundtrack.metrics.nav import positions_at
from fundtrack.metrics.once import once
from fundtrack.metrics.positions import money_moved
from fundtrack.money import MONEY, ratio


@dataclass(frozen=True, slots=True)
class FxEffect:
    """What converting did.

    Attributes:
        effects: one row a participation of another currency, with the figures above; `nav_rate`,
            `nav_rate_on` and `nav_rate_source` for the NAV.
        flows: every flow with the rate, its day and source that converted it.
        findings: rates that are missing, with the columns of MISSING.

    """

    effects: pl.DataFrame
    flows: pl.DataFrame
    findings: pl.DataFrame


@once
def fx_effect(tables: Tables, as_of: date, into: str = "CNY") -> FxEffect:
    """Convert every participation whose currency is another one."""
    rates = fx_rates(tables)
    at = positions_at(tables, [as_of]).filter((pl.col("currency") != into) & pl.col("nav").is_not_null())
    money = money_moved(tables)
    money = money.filter(pl.col("day") <= as_of).join(at.select(KEY), on=KEY, how="semi")
    flows = with_rate(
        money.select(KEY, "day", "paid_in", "distributed", currency="own").sort(KEY, "day"), rates, into
    )
    flows = converted(flows, ["paid_in", "distributed"])
    held = at.select(KEY, "currency", "nav", day=pl.when(pl.col("nav") != 0).then("day"))
    navs = converted(with_rate(held, rates, into), ["nav"])
    sums = flows.group_by(KEY).agg(
        pl.col("paid_in").sum(),
        pl.col("distributed").sum(),
        summed(pl.col("paid_in_converted")),
        summed(pl.col("distributed_converted")),
    )
    rows = navs.rename({"rate": "nav_rate", "rate_on": "nav_rate_on", "rate_source": "nav_rate_source"})
    rows = rows.drop("rate_divides").join(sums, on=KEY, validate="1:1")
    rated = _with_irr(_parts(rows), flows, navs, as_of)
    columns = ["paid_in", "value", "gain", "paid_in_converted", "value_converted", "gain_converted"]
    parts = ["local_part", "fx_part", "cross_part"]
    effects = rated.select(
        KEY, "currency", pl.lit(into).alias("into"), *[pl.col(name).cast(MONEY) for name in columns + parts],
        "rate_in", "rate_out", "return_local", "return_fx", "return_cross", "return_total",
        "irr_local", "irr_converted", "irr_fx", "nav_rate", "nav_rate_on", "nav_rate_source",
        as_of=pl.lit(as_of),
    )  # fmt: skip
    lacking = pl.concat([missing_rates(flows, into, KEY), missing_rates(navs, into, KEY)])
    return FxEffect(effects.sort(KEY), flows, lacking.unique().sort("entity", "day"))


def fx_groups(tables: Tables, effects: pl.DataFrame, by: str) -> pl.DataFrame:
    """Add the effects up by a label of `labels`: the same figures of the sums; unknown where one is.

    Returns:
        group, currency, into, the amounts of `effects` summed, rate_in, rate_out, return_local, return_fx,
        return_cross, return_total.

    """
    named = labels(tables).select(pl.col(KEY), group=pl.col(by))
    money = [name for name, dtype in effects.schema.items() if dtype == MONEY]
    rows = effects.join(named, on=KEY, validate="1:1")
    sums = rows.group_by("group", "currency", "into").agg(
        summed(pl.col(name)).cast(MONEY).alias(name) for name in money
    )
    paid, value, back = pl.col("paid_in"), pl.col("value"), pl.col("value_converted")
    rate_in, rate_out = ratio(pl.col("paid_in_converted"), paid), ratio(back, value)
    local, fx = ratio(pl.col("gain"), paid), rate_out / rate_in - 1
    return sums.with_columns(
        rate_in=rate_in,
        rate_out=rate_out,
        return_local=local,
        return_fx=fx,
        return_cross=local * fx,
        return_total=ratio(pl.col("gain_converted"), pl.col("paid_in_converted")),
    ).sort("group", "currency")


def fiscal_view(tables: Tables, as_of: date) -> pl.DataFrame:
    """Show what participations in other currencies cost the treasury in yuan, as paid; never used as a rate.

    Returns:
        participation_id, currency, paid_in (calls and fees), cny_paid (折人民币实付 of those that state it),
        stated and unstated (how many flows do and do not).

    """
    paid = tables["cash_flow"].filter(
        pl.col("kind").is_in(("call", "fee_outside"))
        & (pl.col("occurred_on") <= as_of)
        & pl.col("amount").is_not_null()
        & (pl.col("currency") != "CNY")
    )
    return (
        paid.group_by(KEY, "currency")
        .agg(
            pl.col("amount").sum().cast(MONEY).alias("paid_in"),
            added(pl.col("cny_paid")).cast(MONEY).alias("cny_paid"),
            stated=pl.col("cny_paid").count(),
            unstated=pl.col("cny_paid").null_count(),
        )
        .sort(KEY, "currency")
    )


def _parts(rows: pl.DataFrame) -> pl.DataFrame:
    """Split the converted gain; what did not come back has no rate at which it came."""
    rows = rows.with_columns(
        value=pl.col("distributed") + pl.col("nav"),
        value_converted=pl.col("distributed_converted") + pl.col("nav_converted"),
    ).with_columns(
        gain=pl.col("value") - pl.col("paid_in"),
        gain_converted=pl.col("value_converted") - pl.col("paid_in_converted"),
    )
    paid, value, back = pl.col("paid_in"), pl.col("value"), pl.col("value_converted")
    brought = pl.when(value != 0).then(pro_rata(back, paid, value) - pl.col("paid_in_converted"))
    parted = rows.with_columns(
        local_part=pro_rata(pl.col("gain"), pl.col("paid_in_converted"), paid),
        fx_part=pl.when(value == 0).then(nothing()).otherwise(brought),
    ).with_columns(cross_part=pl.col("gain_converted") - pl.col("local_part") - pl.col("fx_part"))
    rate_in, rate_out = ratio(pl.col("paid_in_converted"), paid), ratio(back, value)
    local, fx = ratio(pl.col("gain"), paid), rate_out / rate_in - 1
    return parted.with_columns(
        rate_in=rate_in,
        rate_out=rate_out,
        return_local=local,
        return_fx=fx,
        return_cross=local * fx,
        return_total=ratio(pl.col("gain_converted"), pl.col("paid_in_converted")),
    )


def _with_irr(rows: pl.DataFrame, flows: pl.DataFrame, navs: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Add the IRRs in both currencies."""
    for name, end in (("irr_local", ""), ("irr_converted", "_converted")):
        paid, back = (pl.col(column + end).cast(pl.Float64) for column in ("paid_in", "distributed"))
        stream = pl.concat(
            [
                flows.select(KEY, occurred_on="day", amount=back - paid),
                navs.select(KEY, occurred_on=pl.lit(as_of), amount=pl.col(f"nav{end}").cast(pl.Float64)),
            ]
        )
        unknown = stream.filter(pl.col("amount").is_null()).select(KEY)
        rates = irr_by(stream.join(unknown, on=KEY, how="anti"), KEY)
        sure = pl.when(pl.col("irr_status").cast(pl.String) == "ok").then("irr")
        rows = rows.join(rates.select(KEY, sure.alias(name)), on=KEY, how="left", validate="1:1")
    return rows.with_columns(irr_fx=(1 + pl.col("irr_converted")) / (1 + pl.col("irr_local")) - 1)
