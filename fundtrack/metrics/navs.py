"""Net asset values of participations: as valued, else the fund report's share, split by what was paid in."""

from datetime import date
from decimal import Decimal
from typing import Final

import polars as pl

from fundtrack.metrics.members import Tables
from fundtrack.metrics.multiples import PAID_IN
from fundtrack.metrics.once import once
from fundtrack.money import MONEY
from fundtrack.periods import period_end

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
    order = {kind: place for place, kind in enumerate(_FIRMEST)}
    rows = sorted(
        (order[kind], fund, period_end(period), currency, share, key)
        for fund, period, kind, currency, share, key in reports.select(
            "partner_fund_id", "period", "kind", "currency", "guidance_share", "row_key"
        ).iter_rows()
    )
    stakes: dict[str, list[tuple[str, str]]] = {}
    listed = tables["participation"].sort("participation_id")
    for stake, fund, currency in listed.select("participation_id", "partner_fund_id", "currency").iter_rows():
        stakes.setdefault(fund, []).append((stake, currency))
    shared = {stake for _, fund, *_ in rows for stake, _ in stakes.get(fund, []) if len(stakes[fund]) > 1}
    paid = _payments(tables, shared)
    out = []
    for _, fund, day, currency, share, key in rows:
        holders = stakes.get(fund, [])
        if len({own for _, own in holders}) != 1 or currency not in {None, holders[0][1]}:
            continue
        for stake, amount in _split(
            share, [(stake, _until(paid.get(stake, []), day)) for stake, _ in holders]
        ):
            out.append((stake, amount, day, "fund_report", key))
    return pl.DataFrame(out, schema=NAVS, orient="row")


def _payments(tables: Tables, stakes: set[str]) -> dict[str, list[tuple[date, Decimal]]]:
    """Give what was paid into each of these participations, the ones between which a share is split."""
    if not stakes:
        return {}
    flows = tables["cash_flow"].filter(pl.col("kind").is_in(PAID_IN) & pl.col("amount").is_not_null())
    flows = flows.filter(pl.col("occurred_on").is_not_null() & pl.col("participation_id").is_in(stakes))
    out: dict[str, list[tuple[date, Decimal]]] = {}
    for stake, day, amount in flows.select("participation_id", "occurred_on", "amount").iter_rows():
        out.setdefault(stake, []).append((day, amount))
    return out


def _until(payments: list[tuple[date, Decimal]], day: date) -> Decimal:
    return sum((amount for on, amount in payments if on <= day), Decimal(0))


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
