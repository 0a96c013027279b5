"""History of 90 participations over 60 quarters beside the best spike we could write by hand.

Run as a script: `python tests/bench/bench_history.py`. Both start from the same unsorted tables and end in one row
a participation and quarter with paid-in, distributed, NAV, DPI, RVPI, TVPI and IRR. The spike adds doubles, knows no
verdict, no stale or rolled NAV, no unfunded, no second currency; pyxirr leaves some rates out.
"""

from itertools import pairwise
from time import perf_counter

import numpy as np
import polars as pl
import pyxirr

from fundtrack.metrics.history import history_of
from fundtrack.money import MONEY
from fundtrack.periods import month_end

STAKES, QUARTERS, FLOWS = 90, 60, 30
DAYS = [month_end(2003 + place // 4, place % 4 * 3 + 3) for place in range(QUARTERS)]


def world(stakes, seed=1):
    """Unsorted flows, participations and half-yearly NAVs of stakes that all begin in the first quarter."""
    rng = np.random.default_rng(seed)
    first, last = np.datetime64(DAYS[0]), np.datetime64(DAYS[-1])
    days = rng.integers(0, (last - first).astype(int), (stakes, FLOWS))
    days[:, 0] = 0
    back = rng.random((stakes, FLOWS)) < days / days.max() - 0.2
    back[:, 0] = False
    ids = np.array([f"A{place:06d}" for place in range(stakes)])
    amounts = rng.lognormal(15, 1, (stakes, FLOWS)).round(2)
    flows = pl.DataFrame(
        {
            "participation_id": np.repeat(ids, FLOWS),
            "kind": np.where(back, "distribution", "call").ravel(),
            "occurred_on": (first + days).ravel(),
            "amount": amounts.ravel(),
        }
    ).with_columns(pl.col("amount").cast(MONEY), unfunded_effect=pl.lit(None, MONEY), currency=pl.lit("CNY"))
    owners = pl.DataFrame({"participation_id": ids}).with_columns(
        commitment=pl.lit(10**8).cast(MONEY), currency=pl.lit("CNY")
    )
    valued = np.array(DAYS[::2], dtype="datetime64[D]")
    by = (first + days)[:, None, :] <= valued[None, :, None]
    held = (by * np.where(back, -0.7, 1)[:, None, :] * amounts[:, None, :]).sum(axis=2)
    value = np.maximum(held, 0) * rng.lognormal(0.1, 0.3, held.shape)
    navs = owners.select("participation_id").join(pl.DataFrame({"nav_on": DAYS[::2]}), how="cross")
    navs = navs.with_columns(nav=pl.Series(value.ravel().round(2)).cast(MONEY), source=pl.lit("valuation"))
    return flows.sample(fraction=1, shuffle=True, seed=seed), owners, navs


def spike(flows, navs):
    """One range join, cumulative sums, a loop of pyxirr over slices."""
    key, call = "participation_id", pl.col("kind") == "call"
    amount = pl.col("amount").cast(pl.Float64)
    moved = flows.select(
        key,
        day="occurred_on",
        paid=pl.when(call).then(amount).otherwise(0.0),
        back=pl.when(call).then(0.0).otherwise(amount),
    )
    moved = moved.sort(key, "day").with_columns(
        pl.col("paid", "back").cum_sum().over(key).name.prefix("sum_")
    )
    grid = moved.select(key).unique().join(pl.DataFrame({"day": DAYS}), how="cross").sort(key, "day")
    at = grid.join_asof(
        moved.select(key, "day", "sum_paid", "sum_back"), on="day", by=key, check_sortedness=False
    )
    values = navs.select(key, day="nav_on", nav=pl.col("nav").cast(pl.Float64)).sort(key, "day")
    values = values.join_asof(
        moved.select(key, "day", paid_by="sum_paid", back_by="sum_back"),
        on="day",
        by=key,
        check_sortedness=False,
    )
    at = at.join_asof(values, on="day", by=key, check_sortedness=False)
    at = at.with_columns(
        left=pl.col("nav") + pl.col("sum_paid") - pl.col("paid_by") - pl.col("sum_back") + pl.col("back_by")
    )
    signed = moved.select(key, "day", amount=pl.col("back") - pl.col("paid"))
    streams = at.select(key, "day", "left").join_where(
        signed.rename({key: "owner", "day": "on"}),
        pl.col(key) == pl.col("owner"),
        pl.col("on") <= pl.col("day"),
    )
    streams = pl.concat(
        [streams.select(key, "day", "on", "amount"), at.select(key, "day", on="day", amount="left")]
    ).sort(key, "day", "on")
    ends = np.concatenate(
        [[0], np.cumsum(streams.group_by(key, "day", maintain_order=True).len()["len"].cast(pl.Int64))]
    )
    on, amounts = streams["on"].to_numpy(), streams["amount"].to_numpy()
    rates = [pyxirr.xirr(on[a:b], amounts[a:b]) for a, b in pairwise(ends.tolist())]
    paid = pl.col("sum_paid")
    return at.with_columns(
        dpi=pl.col("sum_back") / paid, rvpi=pl.col("left") / paid, tvpi=(pl.col("sum_back") + pl.col("left")) / paid,
        irr=pl.Series(rates, dtype=pl.Float64),
    )  # fmt: skip


def best(work, times=5):
    """Seconds of the fastest of several runs, after one to warm up, and the result."""
    result, seconds = work(), []
    for _ in range(times):
        start = perf_counter()
        result = work()
        seconds.append(perf_counter() - start)
    return min(seconds), result


if __name__ == "__main__":
    for count in (STAKES, 10 * STAKES):
        flows, owners, navs = world(count)
        theirs, spiked = best(lambda flows=flows, navs=navs: spike(flows, navs))
        ours, shown = best(
            lambda flows=flows, owners=owners, navs=navs: history_of(flows, owners, navs, DAYS)
        )
        both = shown.join(
            spiked, left_on=["participation_id", "day"], right_on=["participation_id", "day"], suffix="_spike"
        )
        sure = both.filter((pl.col("irr_status").cast(pl.String) == "ok") & pl.col("irr_spike").is_not_null())
        alike = ((sure["irr"] - sure["irr_spike"]).abs() <= 1e-6 * (1 + sure["irr"].abs())).mean()
        off = (both["tvpi"] - both["tvpi_spike"]).abs().max()
        print(f"{count} participations x {QUARTERS} quarters, {FLOWS} flows each")
        print(f"  spike                      {theirs * 1e3:8.1f} ms")
        print(f"  history_of                 {ours * 1e3:8.1f} ms   {ours / theirs:5.2f} x")
        print(
            f"  {shown.height} points; largest difference of TVPI {off:.1e}; {alike:.2%} of {sure.height} sure rates agree"
        )
