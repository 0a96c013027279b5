"""IRR with verdict and all multiples beside a bare loop of pyxirr.xirr, which yields the IRR alone.

Run as a script: `python tests/bench/bench_irr.py [participations]`. Prints the best of warm runs, and ratios.
"""

import sys
from datetime import date
from itertools import pairwise
from time import perf_counter

import numpy as np
import polars as pl
import pyxirr

from fundtrack.metrics.irr import irr_by, xirr_many
from fundtrack.metrics.multiples import multiples
from fundtrack.money import MONEY

AS_OF = date(2017, 9, 30)
FIRST = np.datetime64("2007-01-01")
KINDS = np.array(["call", "distribution", "nav"])


def best(work, times=3):
    """Seconds of the fastest of several runs, after one to warm up, and the result."""
    result = work()
    seconds = []
    for _ in range(times):
        start = perf_counter()
        result = work()
        seconds.append(perf_counter() - start)
    return min(seconds), result


def portfolio(participations, flows, seed=1):
    """Sorted arrays of fund-like streams: days, signed amounts, offsets; the last flow of each is its NAV."""
    rng = np.random.default_rng(seed)
    days = np.sort(rng.integers(0, 3900, (participations, flows)), axis=1)
    days[:, -1] = (np.datetime64(AS_OF) - FIRST).astype(int)
    late = np.arange(flows) / flows
    received = rng.random((participations, flows)) < np.clip(1.4 * late - 0.15, 0, 1)
    received[:, 0], received[:, -1] = False, True
    amounts = np.where(received, 1, -1) * rng.lognormal(3, 1, (participations, flows)).round(2)
    return FIRST + days.ravel(), amounts.ravel(), np.arange(participations + 1) * flows


def loop(days, amounts, offsets):
    """Call pyxirr once per participation over numpy slices."""
    return [pyxirr.xirr(days[a:b], amounts[a:b]) for a, b in pairwise(offsets.tolist())]


def array_multiples(amounts, offsets, commitment):
    """Paid-in, distributed, NAV and the four ratios from the same sorted arrays."""
    begin, last = offsets[:-1], offsets[1:] - 1
    nav = amounts[last]
    gross, net = np.add.reduceat(np.abs(amounts), begin), np.add.reduceat(amounts, begin)
    paid_in, distributed = (gross - net) / 2, (gross + net) / 2 - nav
    with np.errstate(divide="ignore", invalid="ignore"):
        dpi, rvpi = distributed / paid_in, nav / paid_in
    return paid_in, distributed, nav, commitment - paid_in, dpi, rvpi, dpi + rvpi, paid_in / commitment


def tables(days, amounts, offsets, seed=2):
    """The same portfolio as unsorted tables: flows, participations, NAVs."""
    participation = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    last = np.zeros(len(days), bool)
    last[offsets[1:] - 1] = True
    flows = pl.DataFrame(
        {
            "participation_id": participation[~last],
            "kind": KINDS[np.where(amounts > 0, 1, 0)][~last],
            "occurred_on": days[~last],
            "amount": np.abs(amounts)[~last],
        }
    ).with_columns(pl.col("amount").cast(MONEY), unfunded_effect=pl.lit(None, MONEY), currency=pl.lit("CNY"))
    participations = pl.DataFrame({"participation_id": np.arange(len(offsets) - 1)}).with_columns(
        commitment=pl.lit(2000).cast(MONEY), currency=pl.lit("CNY")
    )
    navs = pl.DataFrame({"participation_id": participation[last], "nav": amounts[last], "nav_on": days[last]})
    navs = navs.with_columns(pl.col("nav").cast(MONEY), source=pl.lit("valuation"))
    return flows.sample(fraction=1, shuffle=True, seed=seed), participations, navs


def side_by_side(participations):
    """Sorted arrays in, one row per participation out."""
    days, amounts, offsets = portfolio(participations, 50)
    theirs, rates = best(lambda: loop(days, amounts, offsets))
    irr_only, ours = best(lambda: xirr_many(days, amounts, offsets))
    everything, _ = best(
        lambda: (xirr_many(days, amounts, offsets).frame(), array_multiples(amounts, offsets, 2000.0))
    )
    close = np.isclose(np.array(rates, float), ours.rate, rtol=1e-6, atol=1e-6)
    print(f"{participations} x 50 flows, sorted arrays")
    print(f"  loop of pyxirr.xirr, IRR alone       {theirs:8.3f} s")
    print(f"  xirr_many, IRR with verdict          {irr_only:8.3f} s   {irr_only / theirs:5.2f} x")
    print(f"  xirr_many, frame and all multiples   {everything:8.3f} s   {everything / theirs:5.2f} x")
    print(
        f"  agree on {close.mean():.2%} of rates; {(~close & (ours.status == 0)).sum()} differ without a flag"
    )


def from_tables(participations):
    """Unsorted tables in, the finished frame out, against group_by with a Python function (IRR alone)."""
    days, amounts, offsets = portfolio(participations, 50)
    flows, owners, navs = tables(days, amounts, offsets)
    participation = np.repeat(np.arange(participations), 50)
    signed = pl.DataFrame({"participation_id": participation, "occurred_on": days, "amount": amounts})
    signed = signed.sample(fraction=1, shuffle=True, seed=3)

    def rate(group):
        value = pyxirr.xirr(group["occurred_on"].to_numpy(), group["amount"].to_numpy())
        return group.select(pl.col("participation_id").first()).with_columns(irr=pl.lit(value, pl.Float64))

    def grouped():
        return signed.group_by("participation_id").map_groups(rate).sort("participation_id")

    def finished():
        return multiples(flows, owners, navs, AS_OF).join(
            irr_by(signed, "participation_id"), on="participation_id"
        )

    python, _ = best(grouped, 1)
    ours, _ = best(finished, 1)
    rates_only, _ = best(lambda: irr_by(signed, "participation_id"), 1)
    print(f"{participations} x 50 flows, unsorted tables")
    print(f"  group_by with a Python function, IRR alone {python:8.3f} s")
    print(f"  irr_by                             {rates_only:8.3f} s   {python / rates_only:5.1f} x less")
    print(f"  irr_by and multiples, exact decimals       {ours:8.3f} s   {python / ours:5.1f} x less")


def growth():
    """Time per participation of 10 flows as their number grows."""
    for participations in (10_000, 100_000, 1_000_000):
        days, amounts, offsets = portfolio(participations, 10)
        seconds, _ = best(lambda days=days, amounts=amounts, o=offsets: xirr_many(days, amounts, o), 2)
        print(f"{participations:>9} x 10 flows   {seconds:8.3f} s   {seconds / participations * 1e6:.2f} us")


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    side_by_side(count)
    from_tables(max(1000, count // 5))
    growth()
