"""Returns of the guidance funds: pooled, over time, by vintage, step by step, gross and in two currencies."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import polars as pl

from fundtrack.metrics.bridge import bridge
from fundtrack.metrics.fx_effect import fiscal_view, fx_effect
from fundtrack.metrics.gross import reported_beside
from fundtrack.metrics.history import pooled_history, pooled_on
from fundtrack.metrics.horizon import cohorts, horizons, years_before
from fundtrack.metrics.pme_at import pme_at
from fundtrack.reports.progress import Ledger, json_rows


@dataclass(frozen=True, slots=True)
class ReturnsReport:
    """Returns on a day, as known at an edition; currencies are never added.

    Attributes:
        as_of: the day; None where nothing has been loaded and none was asked for.
        edition: what was known.
        pooled: a row per currency: sums, multiples, IRR with verdict, how far the NAV can be trusted.
        guidance: the same per guidance fund.
        history: `pooled` at each quarter end.
        vintages: by year of the first call, with medians and quartiles, see `metrics.horizon.cohorts`.
        horizons: the return over 1, 3, 5 and 10 years, per currency.
        bridge: NAV of a year before to NAV of the day, step by step, per guidance fund in its own currencies.
        gross: each partner fund's newest reported return beside the recomputed one.
        fx: participations of another currency in that and in CNY, with rate, day and source.
        fiscal: what those cost in yuan as paid, which is no rate.
        pme: against an index, where one is loaded that covers the flows.

    """

    as_of: date | None
    edition: int | None
    pooled: pl.DataFrame
    guidance: pl.DataFrame
    history: pl.DataFrame
    vintages: pl.DataFrame
    horizons: pl.DataFrame
    bridge: pl.DataFrame
    gross: pl.DataFrame
    fx: pl.DataFrame
    fiscal: pl.DataFrame
    pme: pl.DataFrame

    def as_json(self) -> dict[str, Any]:
        """Show the report as JSON."""
        frames = [one.name for one in fields(self) if one.name not in {"as_of", "edition"}]
        return {
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "edition": self.edition,
            **{name: json_rows(getattr(self, name)) for name in frames},
        }


def returns_report(ledger: Ledger, as_of: date | None = None) -> ReturnsReport:
    """Compute the returns on a day, by default the newest date of any cover."""
    tables: Any = ledger
    known = as_of or ledger.default_as_of
    day = known or date.max  # nothing is loaded: every frame is empty, whatever the day
    start = years_before(day, 1)
    names = tables["partner_fund"].select("partner_fund_id", "name")
    guides = tables["guidance_fund"].select(group="guidance_fund_id", name="name")
    steps = bridge(tables, start, day).groups.with_columns(start_on=pl.lit(start), end_on=pl.lit(day))
    gross = reported_beside(tables, day).join(names, on="partner_fund_id", how="left", validate="m:1")
    return ReturnsReport(
        known,
        ledger.edition,
        pooled=pooled_on(tables, [day], "all"),
        guidance=_named(pooled_on(tables, [day], "guidance_fund_id"), guides),
        history=pooled_history(tables, day),
        vintages=cohorts(tables, day),
        horizons=horizons(tables, day, "all"),
        bridge=_named(steps, guides),
        gross=gross.sort("partner_fund_id"),
        fx=fx_effect(tables, day).effects,
        fiscal=fiscal_view(tables, day),
        pme=pme_at(tables, day),
    )


def _named(rows: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    return rows.join(names, on="group", how="left", validate="m:1").sort("group", "currency")
