"""What closes the gap: which pipeline funds, at the least guidance money, and how many further ones beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import numpy as np
import polars as pl

from fundtrack.metrics.cheapest import Choice, Gap, Option, cheapest, further, whole
from fundtrack.metrics.counting import counted
from fundtrack.metrics.forecast.cases import EPOCH, NEVER, cases, number
from fundtrack.metrics.funds_at import funds_at
from fundtrack.metrics.members import Tables
from fundtrack.metrics.progress import plans, value_on
from fundtrack.money import to_money

RECENT: Final = 15
"""The usual size and share are those of the last so many funds that counted."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What a fund is like here: the medians of the last funds that counted; None where none is known.

    Attributes:
        size: committed size in CNY.
        share: guidance commitment / committed size.
        cap: the share that agreements allow at most.
        funds: how many it rests on.

    """

    size: Decimal | None
    share: Decimal | None
    cap: Decimal | None
    funds: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What closes the gap on a day.

    Attributes:
        as_of: the day.
        due_on: the earliest deadline of the targets it closes; None where there is none.
        gap: what is missing.
        usual: what a fund is like here.
        options: the pipeline.
        choice: the cheapest way; None where further funds would be needed and their usual size is not known.
        alone: further funds if the pipeline brought nothing; None as above.

    """

    as_of: date
    due_on: date | None
    gap: Gap
    usual: Usual
    options: tuple[Option, ...]
    choice: Choice | None
    alone: int | None

    def guidance_of(self, funds: int | None, share: Decimal | None) -> Decimal | None:
        """Work out the guidance money of so many usual funds at a share; None where either is unknown."""
        if funds is None or share is None:
            return None
        if funds == 0:
            return Decimal(0)
        return None if self.usual.size is None else to_money(funds * self.usual.size * share)


def plan(tables: Tables, as_of: date) -> Plan:
    """Find what closes the gaps of funds, scale and houses on a day."""
    chosen = {each["code"]: each for each in plans(tables["target"], as_of)}
    events = counted(tables)
    missing: dict[str, Decimal] = {}
    for code in ("partner_funds", "fund_scale", "new_managers"):
        now = value_on(tables, events, chosen[code], as_of).amount if code in chosen else None
        missing[code] = Decimal(0) if now is None else max(chosen[code]["value"] - now, Decimal(0))
    gap = Gap(whole(missing["partner_funds"]), missing["fund_scale"], whole(missing["new_managers"]))
    usual = usual_fund(tables, as_of)
    due = [chosen[code]["due_on"] for code, value in missing.items() if value > 0]
    found = options(tables, as_of, usual)
    size = usual.size
    choice = cheapest(found, gap, size) if size is not None or not _needs(found, gap) else None
    alone = None if size is None and gap.scale > 0 else further([], gap, size or Decimal(1))
    return Plan(as_of, min(due, default=None), gap, usual, tuple(found), choice, alone)


def usual_fund(tables: Tables, as_of: date) -> Usual:
    """Tell what the last funds that counted were like: medians of size, guidance share and agreed cap."""
    funds = funds_at(tables, as_of).filter(pl.col("counted") & (pl.col("currency") == "CNY"))
    funds = funds.filter(pl.col("committed_size") > 0).sort("counted_from", "partner_fund_id").tail(RECENT)
    own = tables["participation"].join(funds, on="partner_fund_id", how="semi")
    shares = funds["guidance_share"].drop_nulls()
    share = shares.filter(shares > 0).median()
    return Usual(
        _median(funds["committed_size"]),
        None if share is None else Decimal(str(round(float(share), 4))),  # type: ignore[arg-type]
        _median(own["cap_ratio"].drop_nulls()),
        funds.height,
    )


def _median(values: pl.Series) -> Decimal | None:
    """Find the middle value; of two the lower one, so that it is a value that occurred."""
    ordered = values.drop_nulls().sort().to_list()
    return ordered[(len(ordered) - 1) // 2] if ordered else None


def options(tables: Tables, as_of: date, usual: Usual) -> list[Option]:
    """List the funds of the pipeline on a day, by expected date: applied, approved or agreed, and not established."""
    day = number(as_of)
    seen = cases(tables).by(day)
    known = set(counted(tables).firms.filter(pl.col("day") <= as_of)["house"])
    stakes = tables["participation"].select("participation_id", "partner_fund_id", "guidance_fund_id")
    owner = {name: (fund, guide) for name, fund, guide in stakes.iter_rows()}
    found = []
    for at in np.flatnonzero((seen.counted == NEVER) & (seen.dropped == NEVER)):
        planned = (
            Decimal(0)
            if np.isnan(seen.planned[at]) or not seen.own[at]
            else to_money(Decimal(str(seen.planned[at])))
        )
        missing = bool(np.isnan(seen.guidance[at]))
        usually = to_money(planned * usual.share) if usual.share is not None else Decimal(0)
        guidance = usually if missing else to_money(Decimal(str(seen.guidance[at])))
        house = str(seen.house[at])
        brings = house and house not in known and seen.signed[at] == NEVER
        expected = (
            None
            if seen.expected[at] == NEVER
            else date.fromordinal(int(seen.expected[at]) + EPOCH.toordinal())
        )
        fund, guide = owner[seen.name[at]]
        found.append(Option(str(seen.name[at]), planned, guidance, house if brings else None, expected, fund, guide or "", missing))  # fmt: skip
    return sorted(found, key=lambda each: (each.expected_on or date.max, each.name))


def _needs(found: Sequence[Option], gap: Gap) -> bool:
    """Tell whether the whole pipeline would leave a gap."""
    return further(found, gap, Decimal(10**12)) > 0
