"""Multiples of each participation at a date: what was paid in, came back and is left, and their ratios.

    paid_in      Σ calls + Σ fees outside commitment, recalled and reinvested distributions included
    distributed  Σ distributions + Σ recallable distributions + Σ exit proceeds
    nav          last reported NAV + calls - distributions since
    unfunded     commitment + Σ unfunded effect (default: call -, recallable +, else 0)
    dpi          distributed / paid_in
    rvpi         nav / paid_in
    tvpi         dpi + rvpi
    pic          paid_in / commitment

The first four are in the participation's currency, the others ratios.

Sources: GIPS 2020 and the ILPA reporting template for the ratios; the roll-forward is the trade's habit.
Sums are exact decimals. Unknown is null: no NAV where money was paid in, a ratio where nothing was paid in
or committed, everything where a flow is in another currency than its participation (never added, never
converted here).
"""

from datetime import date

import polars as pl

from fundtrack.metrics.irr import irr_by
from fundtrack.money import MONEY, ratio

PAID_IN = ("call", "fee_outside")
DISTRIBUTED = ("distribution", "recallable", "exit_proceeds")

KEY = "participation_id"

SUMS = ("paid_in", "distributed", "recallable", "fees_outside", "nav", "unfunded")


def multiples(
    flows: pl.DataFrame, participations: pl.DataFrame, navs: pl.DataFrame, as_of: date
) -> pl.DataFrame:
    """Compute the table above for every participation, sorted by its id.

    Args:
        flows: participation_id, kind (call, distribution, recallable, exit_proceeds, fee_outside),
            occurred_on, amount (MONEY, positive; null: due and not paid), unfunded_effect (MONEY or null),
            currency.
        participations: participation_id (one row each), commitment (MONEY or null), currency.
        navs: participation_id, nav (MONEY), nav_on, source; of several for one day the first given counts.
        as_of: later flows and later NAVs are not known yet.

    Returns:
        participation_id, currency, commitment, the sums and ratios above, nav_on, nav_source, nav_age_days
        (from nav_on to as_of), rolled (money moved after nav_on, so that the NAV is rolled forward).

    """
    newest = _newest_nav(navs, as_of)
    known = _known_flows(flows, participations, newest, as_of)
    joined = participations.select(KEY, "currency", "commitment").join(
        newest, on=KEY, how="left", validate="1:1"
    )
    sums = joined.join(_sums(known), on=KEY, how="left", validate="1:1").with_columns(
        pl.col("foreign").fill_null(value=False)
    )
    return _ratios(_positions(sums, as_of)).sort(KEY)


def signed_flows(flows: pl.DataFrame, positions: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """List the flows of an IRR: paid in negative, distributed positive, the NAV as received on the last day.

    Args:
        flows: as for `multiples`.
        positions: what `multiples` returned for the same date.
        as_of: the last day.

    Returns:
        participation_id, occurred_on, amount; none for a participation whose NAV is unknown.

    """
    valued = positions.filter(pl.col("nav").is_not_null())
    sign = pl.when(pl.col("kind").is_in(PAID_IN)).then(-1).otherwise(1)
    dated = flows.filter((pl.col("occurred_on") <= as_of) & pl.col("amount").is_not_null())
    moved = dated.join(valued, on=KEY, how="semi").select(
        KEY, "occurred_on", amount=pl.col("amount").cast(pl.Float64) * sign
    )
    left = valued.select(KEY, occurred_on=pl.lit(as_of), amount=pl.col("nav").cast(pl.Float64))
    return pl.concat([moved, left.filter(pl.col("amount") != 0)])


def multiples_with_irr(
    flows: pl.DataFrame, participations: pl.DataFrame, navs: pl.DataFrame, as_of: date
) -> pl.DataFrame:
    """Compute `multiples` with irr, irr_status, irr_roots and period_return beside them.

    Where the NAV is unknown there is no IRR, and irr_status is null: nothing can be said. Where nothing has
    moved it is `too_short`.
    """
    own = participations.sort(KEY)
    places = own.select(KEY, _place=pl.int_range(pl.len(), dtype=pl.UInt32))
    flows = _placed(flows.filter((pl.col("occurred_on") <= as_of) & pl.col("amount").is_not_null()), places)
    stakes = own.with_columns(places["_place"].alias(KEY))
    positions = multiples(flows, stakes, _placed(navs, places), as_of)
    rates = irr_by(signed_flows(flows, positions, as_of), KEY)
    unmoved = pl.col("nav").is_not_null() & pl.col("irr_status").is_null()
    found = positions.join(rates, on=KEY, how="left", validate="1:1", maintain_order="left").with_columns(
        irr_status=pl.when(unmoved)
        .then(pl.lit("too_short", rates.schema["irr_status"]))
        .otherwise("irr_status")
    )
    return found.with_columns(own[KEY])


def _placed(rows: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """The rows of known participations with its place for the id of each: joined and sorted by many times, numbers take a third of the time."""
    found = rows.join(places, on=KEY, validate="m:1", maintain_order="left")
    return found.with_columns(pl.col("_place").alias(KEY)).drop("_place")


def _newest_nav(navs: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Pick each participation's last NAV up to the date."""
    return (
        navs.filter((pl.col("nav_on") <= as_of) & pl.col("nav").is_not_null())
        .sort("nav_on", descending=True, maintain_order=True)
        .unique(KEY, keep="first", maintain_order=True)
        .select(KEY, "nav_on", nav_reported="nav", nav_source="source")
    )


def _known_flows(
    flows: pl.DataFrame, participations: pl.DataFrame, newest: pl.DataFrame, as_of: date
) -> pl.DataFrame:
    """Keep what was paid up to the date, with the participation's currency and last NAV day beside it."""
    paid = flows.filter((pl.col("occurred_on") <= as_of) & pl.col("amount").is_not_null())
    own = participations.select(KEY, own_currency="currency")
    return paid.join(own, on=KEY, validate="m:1").join(
        newest.select(KEY, "nav_on"), on=KEY, how="left", validate="m:1"
    )


def _sums(known: pl.DataFrame) -> pl.DataFrame:
    """Add up each participation's flows by what they mean."""
    amount, kind = pl.col("amount"), pl.col("kind")
    since = pl.col("occurred_on") > pl.col("nav_on")
    called, distributed = kind == "call", kind.is_in(DISTRIBUTED)
    effect = (
        pl.when(called).then(-amount).when(kind == "recallable").then(amount).otherwise(pl.lit(0).cast(MONEY))
    )
    return known.group_by(KEY).agg(
        foreign=(pl.col("currency") != pl.col("own_currency")).any(),
        paid_in=pl.when(kind.is_in(PAID_IN)).then(amount).sum(),
        distributed=pl.when(distributed).then(amount).sum(),
        recallable=pl.when(kind == "recallable").then(amount).sum(),
        fees_outside=pl.when(kind == "fee_outside").then(amount).sum(),
        called_since=pl.when(called & since).then(amount).sum(),
        distributed_since=pl.when(distributed & since).then(amount).sum(),
        moved_since=((called | distributed) & since).any(),
        effects=pl.coalesce(pl.col("unfunded_effect"), effect).sum(),
    )


def _positions(sums: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Roll the NAV forward and take the effects off the commitment."""
    none = pl.lit(0).cast(MONEY)
    moved = {
        name: pl.col(name).fill_null(none)
        for name in ("paid_in", "distributed", "recallable", "fees_outside", "effects")
    }
    rolled_nav = (
        pl.col("nav_reported")
        + pl.col("called_since").fill_null(none)
        - pl.col("distributed_since").fill_null(none)
    )
    return (
        sums.with_columns(**moved)
        .with_columns(
            nav=pl.when(pl.col("nav_on").is_null() & (pl.col("paid_in") == 0))
            .then(none)
            .otherwise(rolled_nav),
            nav_age_days=(pl.lit(as_of) - pl.col("nav_on")).dt.total_days(),
            rolled=pl.when(pl.col("nav_on").is_not_null()).then(pl.col("moved_since").fill_null(value=False)),
            unfunded=pl.col("commitment") + pl.col("effects"),
        )
        .with_columns(pl.when(~pl.col("foreign")).then(pl.col(name).cast(MONEY)).alias(name) for name in SUMS)
    )


def _ratios(positions: pl.DataFrame) -> pl.DataFrame:
    """Divide, and put the columns in order."""
    paid_in = pl.col("paid_in")
    return positions.with_columns(
        dpi=ratio(pl.col("distributed"), paid_in),
        rvpi=ratio(pl.col("nav"), paid_in),
        pic=ratio(paid_in, pl.col("commitment")),
    ).select(
        KEY,
        "currency",
        "commitment",
        "paid_in",
        "distributed",
        "recallable",
        "fees_outside",
        "nav",
        "nav_on",
        "nav_source",
        "nav_age_days",
        "rolled",
        "unfunded",
        "dpi",
        "rvpi",
        (pl.col("dpi") + pl.col("rvpi")).alias("tvpi"),
        "pic",
    )
