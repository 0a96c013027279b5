"""Net asset values of participations: as valued, else the fund report's share, split by what was paid in."""

from decimal import Decimal
from typing import Final

import polars as pl

from fundtrack.metrics.members import Tables
from fundtrack.metrics.multiples import PAID_IN
from fundtrack.metrics.once import once
from fundtrack.metrics.period_ends import period_ends
from fundtrack.money import MONEY

NAVS: Final[dict[str, pl.DataType]] = {
    "participation_id": pl.String(), "nav": MONEY, "nav_on": pl.Date(), "source": pl.String(),
    "row_key": pl.String(),
}  # fmt: skip
_FIRMEST: Final = ("审计报告", "年报", "半年报", "季报")
"""Of several reports for one day, the firmest counts."""


@once
def navs(tables: Tables) -> pl.DataFrame:
    """List every NAV known of every participation, with the columns of NAVS; for one day, the first counts.

    `row_key` is of the table that the source names.

    A valuation comes first (source `valuation`). A fund report's guidance share (source `fund_report`) is
    split over the fund's participations by what each had paid in by that day, in cents that sum to it; with
    one participation it is all of it. In the participation's own currency only.
    """
    own = tables["participation"].select("participation_id", "partner_fund_id", own="currency")
    valued = tables["valuation"].join(own, on="participation_id", validate="m:1")
    valued = valued.filter(pl.col("currency") == pl.col("own"))
    stated = valued.select(
        "participation_id", "nav", nav_on="valued_on", source=pl.lit("valuation"), row_key="row_key"
    )
    return pl.concat([stated.cast(NAVS), _reported(tables)])  # type: ignore[arg-type]


def _reported(tables: Tables) -> pl.DataFrame:
    """Split the guidance funds' share of net assets that fund reports state."""
    reports = tables["fund_report"].filter(pl.col("guidance_share").is_not_null())
    order = pl.col("kind").replace_strict(_FIRMEST, range(len(_FIRMEST)), return_dtype=pl.Int64)
    shares = reports.select(
        "partner_fund_id", "currency", "row_key", order=order, share="guidance_share", nav_on=period_ends(reports["period"])
    ).sort("order", "partner_fund_id", "nav_on", "currency", "share", "row_key").with_row_index("place")  # fmt: skip
    listed = tables["participation"].select("participation_id", "partner_fund_id", own="currency")
    holders = listed.group_by("partner_fund_id").agg(
        pl.col("participation_id").sort(), held=pl.len(), own=pl.col("own").first(), several=pl.col("own").n_unique() > 1
    )  # fmt: skip
    held = shares.join(holders, on="partner_fund_id", validate="m:1", maintain_order="left")
    same = pl.col("currency").is_null() | (pl.col("currency") == pl.col("own"))
    held = held.filter(~pl.col("several") & same)
    one = held.filter(pl.col("held") == 1).with_columns(pl.col("participation_id").list.first(), nav="share")
    found = pl.concat(
        [one.select("place", "participation_id", "nav"), _divided(tables, held.filter(pl.col("held") > 1))]
    )
    known = found.join(
        held.select("place", "nav_on", "row_key"), on="place", validate="m:1", maintain_order="left"
    )
    rows = known.sort("place", maintain_order=True).with_columns(source=pl.lit("fund_report"))
    return rows.select(pl.col(name).cast(dtype) for name, dtype in NAVS.items())


def _divided(tables: Tables, held: pl.DataFrame) -> pl.DataFrame:
    """Split the shares that several participations hold: place, participation_id, nav."""
    each = held.select("place", "participation_id", "share", "nav_on").explode("participation_id")
    each = each.with_row_index("_row").sort("nav_on")
    paid = _payments(tables, each.select("participation_id").unique())
    known = (
        each.join_asof(
            paid, left_on="nav_on", right_on="occurred_on", by="participation_id", check_sortedness=False
        )
        .sort("_row")
        .with_columns(pl.col("until").fill_null(Decimal(0)))
    )
    parts = known.group_by("place", maintain_order=True).agg(
        pl.col("share").first(), "participation_id", "until"
    )
    out = [
        (place, stake, amount)
        for place, share, stakes, until in parts.iter_rows()
        for stake, amount in _split(share, list(zip(stakes, until, strict=True)))
    ]
    schema: dict[str, pl.DataType] = {"place": pl.UInt32(), "participation_id": pl.String(), "nav": MONEY}
    return pl.DataFrame(out, schema=schema, orient="row")


def _payments(tables: Tables, stakes: pl.DataFrame) -> pl.DataFrame:
    """List participation_id, occurred_on, until: what had been paid by each day into each of these, between which a share is split."""
    flows = tables["cash_flow"].select("participation_id", "kind", "occurred_on", "amount")
    flows = flows.join(stakes, on="participation_id", how="semi")
    flows = flows.filter(pl.col("kind").is_in(PAID_IN) & pl.col("amount").is_not_null())
    flows = flows.filter(pl.col("occurred_on").is_not_null()).sort("occurred_on")
    sums = pl.col("amount").cast(pl.Decimal(38, 2)).cum_sum().over("participation_id")
    days = flows.with_columns(until=sums).unique(
        ["participation_id", "occurred_on"], keep="last", maintain_order=True
    )
    return days.select("participation_id", "occurred_on", "until")


def _split(share: Decimal, paid: list[tuple[str, Decimal]]) -> list[tuple[str, Decimal]]:
    """Split a fund's share by what was paid in; unknown where several hold it and nobody paid.

    Sums so far, in the order given, are rounded half up on the size; each part is what its sum adds, so that
    the parts always sum to the share.

    >>> _split(Decimal("100.00"), [("a", Decimal(1)), ("b", Decimal(1)), ("c", Decimal(1))])
    [('a', Decimal('33.33')), ('b', Decimal('33.34')), ('c', Decimal('33.33'))]
    """
    if len(paid) == 1:
        return [(paid[0][0], share)]
    together = sum((amount for _, amount in paid), Decimal(0))
    if not together:
        return []
    whole, cents = int(together * 100), int(abs(share) * 100)
    out, so_far, given = [], 0, 0
    for stake, amount in paid:
        so_far += int(amount * 100)
        until = (2 * cents * so_far + whole) // (2 * whole)
        out.append((stake, Decimal(until - given).scaleb(-2).copy_sign(share)))
        given = until
    return out
