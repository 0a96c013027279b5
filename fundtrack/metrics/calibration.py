"""The pacing of the portfolio itself: calls, life, bow and growth from its own vintages, classic parameters where they are few."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from fundtrack.metrics.irr import xirr
from fundtrack.metrics.members import Tables
from fundtrack.metrics.participations_at import participations_at

Array = NDArray[Any]

NEED_STAKES: Final = 10
"""Participations watched for three whole years before their own pacing is used."""
NEED_YEARS: Final = 3
YEAR: Final = 365.0
LATEST_BOW: Final = 4.0
LONGEST: Final = 20
"""Where money comes back so late that the bow would pass 4, funds outlive their terms: the life is made longer."""
_IN: Final = ("call", "fee_outside")
_BOWS: Final = (0.3, 8.0)


@dataclass(frozen=True, slots=True)
class Stakes:
    """Participations of one currency with a commitment, as they stood on a day; years of age as columns.

    Attributes:
        name, guidance_fund: whose they are.
        commitment, remaining, nav: in units of the currency; remaining is what can still be called. nav is 0 where it is
            not known, see `unvalued`.
        age: years since the first call, or the agreement before any.
        life: years until the end of the fund's term; nan where unknown.
        called: called in each year of age (stakes, years).
        returned: the same of what came back.
        unvalued: how many have paid in and no NAV.

    """

    name: Array
    guidance_fund: Array
    commitment: Array
    remaining: Array
    nav: Array
    age: Array
    life: Array
    called: Array
    returned: Array
    unvalued: int

    def whole(self) -> Array:
        """Tell which years of age are over: (stakes, years)."""
        whole: Array = (np.arange(self.called.shape[1])[None, :] + 1) <= self.age[:, None]
        return whole

    def before(self) -> Array:
        """Tell what could still be called at the start of each year of age."""
        paid = np.cumsum(self.called, axis=1)
        left: Array = np.maximum(
            self.commitment[:, None] - np.concatenate([np.zeros((len(paid), 1)), paid[:, :-1]], axis=1), 0.0
        )
        return left


@dataclass(frozen=True, slots=True)
class Pace:
    """Parameters of Takahashi and Alexander.

    Attributes:
        rates: share of the remaining commitment called in each year of age; the last repeats.
        life: years.
        bow: how late distributions come.
        growth: of the value held, a year.
        own: whether they are the portfolio's own, and not the classic ones.
        stakes: how many participations they rest on.

    """

    rates: tuple[float, ...]
    life: int
    bow: float
    growth: float
    own: bool
    stakes: int


CLASSIC: Final = Pace((0.25, 1 / 3, 0.5), 12, 2.5, 0.13, own=False, stakes=0)
"""D. Takahashi, S. Alexander 2001, venture capital: what stands where the portfolio says too little."""


def stakes_at(tables: Tables, as_of: date, currency: str) -> Stakes:
    """Read the participations of a currency, signed and not ended, as they stood on a day."""
    at = participations_at(tables, as_of).filter(
        (pl.col("currency") == currency) & (pl.col("commitment") > 0)
    )
    owned = tables["participation"].select("participation_id", "signed_on", "dropped_on")
    terms = tables["partner_fund"].select("partner_fund_id", "term_end")
    rows = at.join(owned, on="participation_id").join(terms, on="partner_fund_id", how="left")
    live = pl.col("dropped_on").is_null() | (pl.col("dropped_on") > as_of)
    rows = rows.filter((pl.col("signed_on") <= as_of) & live).sort("participation_id")
    names = rows["participation_id"].to_list()
    flows = tables["cash_flow"].filter(
        pl.col("participation_id").is_in(names) & (pl.col("occurred_on") <= as_of) & pl.col("amount").is_not_null()
        & (pl.col("currency") == currency)
    )  # fmt: skip
    first = (
        flows.filter(pl.col("kind").is_in(_IN))
        .group_by("participation_id")
        .agg(first=pl.col("occurred_on").min())
    )
    rows = (
        rows.join(first, on="participation_id", how="left")
        .with_columns(begun=pl.coalesce("first", "signed_on"))
        .sort("participation_id")
    )
    begun = rows["begun"].cast(pl.Int32).to_numpy()
    today = (as_of - date(1970, 1, 1)).days
    age = (today - begun) / YEAR
    years = max(int(np.ceil(age.max(initial=0.0))), 1)
    place = {name: at for at, name in enumerate(names)}
    sums = np.zeros((2, len(names), years))
    moved = flows.select(
        "participation_id", "kind", pl.col("occurred_on").cast(pl.Int32), pl.col("amount").cast(pl.Float64)
    )
    for name, kind, day, amount in moved.iter_rows():
        mine = place[name]
        sums[0 if kind in _IN else 1, mine, min(max(int((day - begun[mine]) / YEAR), 0), years - 1)] += amount
    money = {name: rows[name].cast(pl.Float64) for name in ("commitment", "unfunded", "nav", "paid_in")}
    term = (
        rows["term_end"].cast(pl.Int32).cast(pl.Float64).fill_null(float("nan")).to_numpy() - begun
    ) / YEAR
    return Stakes(
        rows["participation_id"].to_numpy(), rows["guidance_fund_id"].to_numpy(), money["commitment"].to_numpy(),
        np.maximum(money["unfunded"].fill_null(0.0).to_numpy(), 0.0), np.maximum(money["nav"].fill_null(0.0).to_numpy(), 0.0),
        age, term, sums[0], sums[1], int(((money["paid_in"] > 0) & money["nav"].is_null()).sum()),
    )  # fmt: skip


def calibrate(stakes: Stakes, weights: Array | None = None, growth: float | None = None) -> Pace:
    """Estimate the pacing of the portfolio.

    rateᵧ = Σ called in year y of age / Σ remaining at its start, over the participations that have that year behind
    them (at least five; later years repeat the last). Life: the middle of their terms, or
    longer where the portfolio outlives them. Growth: the IRR of their flows together
    with their NAVs, by year of age. Bow: such that the model, given the calls, has returned until now what they returned.

    Args:
        stakes: the participations.
        weights: how often each counts (a bootstrap); once each where not given.
        growth: kept instead of estimated.

    """
    weight = np.ones(len(stakes.age)) if weights is None else weights
    old = stakes.age >= NEED_YEARS
    if int(old.sum()) < NEED_STAKES:
        return replace(CLASSIC, stakes=int(old.sum()))
    whole, before = stakes.whole(), stakes.before()
    rates: list[float] = []
    for year in range(stakes.called.shape[1]):
        held = whole[:, year] & (before[:, year] > 0)
        below = float((weight * before[:, year])[held].sum())
        if held.sum() < 5 or below <= 0:
            break
        rates.append(min(float((weight * stakes.called[:, year])[held].sum()) / below, 1.0))
    known = stakes.life[np.isfinite(stakes.life)]
    life = max(round(float(np.median(known))), 2) if len(known) else CLASSIC.life
    grown = own_growth(stakes, weight) if growth is None else growth
    bow = _bow(stakes, weight, life, grown)
    while bow > LATEST_BOW and life < LONGEST:
        life += 1
        bow = _bow(stakes, weight, life, grown)
    return Pace(tuple(rates), life, bow, grown, own=True, stakes=int(old.sum()))


def own_growth(stakes: Stakes, weight: Array) -> float:
    """Find the IRR of all flows, each in the middle of its year of age, with the NAVs of the day; the classic growth where it has none."""
    years = np.arange(stakes.called.shape[1])
    ends = np.minimum(years[None, :] + 1, stakes.age[:, None])
    at = ((years[None, :] + ends) / 2 - stakes.age[:, None]).clip(max=0.0)
    net = (stakes.returned - stakes.called) * weight[:, None]
    moved = net != 0
    bins = np.round(at[moved] * 12)  # by month: a hundred times are enough
    times, place = np.unique(np.append(bins, 0.0), return_inverse=True)
    sums = np.bincount(place, weights=np.append(net[moved], float((stakes.nav * weight).sum())))
    found = xirr(times / 12, sums)
    rate = found.rate if found.status == "ok" else None
    return CLASSIC.growth if rate is None else float(np.clip(rate, -0.5, 0.6))


def _bow(stakes: Stakes, weight: Array, life: int, growth: float) -> float:
    """Find the bow with which the model would have returned by now what the portfolio returned; later is larger."""
    returned = float((stakes.returned.sum(axis=1) * weight).sum())
    low, high = _BOWS
    for _ in range(30):
        middle = (low + high) / 2
        if _modelled(stakes, weight, life, growth, middle) > returned:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _modelled(stakes: Stakes, weight: Array, life: int, growth: float, bow: float) -> float:
    nav, out = np.zeros(len(stakes.age)), 0.0
    for year in range(stakes.called.shape[1]):
        part = np.clip(stakes.age - year, 0.0, 1.0)
        grown = nav * (1 + growth) ** part
        back = min(((year + 1) / life) ** bow, 1.0) * part * grown
        out += float((back * weight).sum())
        nav = grown + stakes.called[:, year] - back
    return out
