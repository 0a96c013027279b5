"""Returns of the guidance funds: pooled, over time, by vintage, step by step, gross and in two currencies."""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

import polars as pl

from fundtrack.metrics.bridge import bridge
from fundtrack.metrics.fx_effect import fiscal_view, fx_effect
from fundtrack.metrics.gross import gross, reported_beside
from fundtrack.metrics.groups import ALL, KEY
from fundtrack.metrics.history import pooled_history, pooled_on
from fundtrack.metrics.horizon import cohorts, horizons, years_before
from fundtrack.metrics.kept import COHORTS, bridge_cny
from fundtrack.metrics.once import Once
from fundtrack.metrics.pme_at import pme_at
from fundtrack.reports.narrow import in_currency
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
        cohorts: the same by each label of COHORTS, which `by` names.
        horizons: the return over 1, 3, 5 and 10 years, per currency.
        horizons_known: the same of the participations whose NAV is known at both ends, with their share.
        bridge: NAV of a year before to NAV of the day, step by step, per guidance fund in its own currencies.
        bridge_total: the same per currency (group `all`).
        bridge_cny: participations of another currency in CNY, with the rates of both ends.
        gross: each partner fund's newest reported return beside the recomputed one.
        gross_net: each partner fund's gross return on companies beside the net one to the guidance funds.
        fx: participations of another currency in that and in CNY, with rate, day and source.
        fx_flows: each of their flows with its rate; fx_missing: rates that are not there.
        fiscal: what those cost in yuan as paid, which is no rate.
        pme: against an index, where one is loaded that covers the flows.

    """

    as_of: date | None
    edition: int | None
    pooled: pl.DataFrame
    guidance: pl.DataFrame
    history: pl.DataFrame
    vintages: pl.DataFrame
    cohorts: pl.DataFrame
    horizons: pl.DataFrame
    horizons_known: pl.DataFrame
    bridge: pl.DataFrame
    bridge_total: pl.DataFrame
    bridge_cny: pl.DataFrame
    gross: pl.DataFrame
    gross_net: pl.DataFrame
    fx: pl.DataFrame
    fx_flows: pl.DataFrame
    fx_missing: pl.DataFrame
    fiscal: pl.DataFrame
    pme: pl.DataFrame

    def only(self, currency: str) -> "ReturnsReport":
        """Keep one currency; what managers report of a fund goes with the fund."""
        made = in_currency(self, currency)
        others = self.gross_net.join(made.gross_net, on="partner_fund_id", how="anti")
        return replace(made, gross=self.gross.join(others, on="partner_fund_id", how="anti"))

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
    held: Any = ledger
    tables: Any = Once(held)
    known = as_of or ledger.default_as_of
    day = known or date.max  # nothing is loaded: every frame is empty, whatever the day
    names = tables["partner_fund"].select("partner_fund_id", "name")
    guides = tables["guidance_fund"].select(group="guidance_fund_id", name="name")
    vintages = cohorts(tables, day)
    effect = fx_effect(tables, day)
    stakes = (
        tables["participation"].select(KEY, "partner_fund_id").join(names, on="partner_fund_id", how="left")
    )
    return ReturnsReport(
        known,
        ledger.edition,
        pooled=pooled_on(tables, [day], "all"),
        guidance=_named(pooled_on(tables, [day], "guidance_fund_id"), guides),
        history=pooled_history(tables, day),
        vintages=vintages,
        cohorts=pl.concat(
            [vintages.with_columns(by=pl.lit("vintage"))]
            + [cohorts(tables, day, by).with_columns(by=pl.lit(by)) for by in COHORTS[1:]]
        ),
        horizons=horizons(tables, day, "all"),
        horizons_known=horizons(tables, day, "all", known_only=True),
        **_bridges(tables, day, guides),
        gross=_beside(reported_beside(tables, day), names),
        gross_net=_beside(_gross_net(tables, day), names),
        fx=effect.effects.join(stakes, on=KEY, how="left", validate="1:1"),
        fx_flows=effect.flows,
        fx_missing=effect.findings,
        fiscal=fiscal_view(tables, day),
        pme=pme_at(tables, day),
    )


def of_guidance(report: ReturnsReport, ledger: Ledger, guidance: str) -> ReturnsReport:
    """Narrow a report to one guidance fund: sums, history, horizons, bridge and FX.

    Cohorts and gross returns look at participations of several guidance funds together, and PME compares all of
    them: these stay whole. Sums are grouped from the same positions, never computed from a part of the tables, so that a NAV
    shared out between two guidance funds stays shared out.
    """
    held: Any = ledger
    tables: Any = Once(held)
    day = report.as_of or date.max
    own = pl.col("group") == guidance
    stakes = tables["participation"].filter(guidance_fund_id=guidance).select(KEY)
    named = report.guidance.filter(own)
    return replace(
        report,
        pooled=named,
        guidance=named,
        history=pooled_history(tables, day, "guidance_fund_id").filter(own),
        horizons=horizons(tables, day, "guidance_fund_id").filter(own),
        horizons_known=horizons(tables, day, "guidance_fund_id", known_only=True).filter(own),
        bridge=report.bridge.filter(own),
        bridge_total=report.bridge_total.clear(),
        **{
            name: getattr(report, name).join(stakes, on=KEY, how="semi")
            for name in ("bridge_cny", "fx", "fx_flows", "fiscal")
        },
    )


def _bridges(tables: Any, day: date, guides: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Bridge the NAV of a year before: per guidance fund, per currency, and in yuan."""
    start = years_before(day, 1)
    ends = {"start_on": pl.lit(start), "end_on": pl.lit(day)}
    own, total = (
        bridge(tables, start, day, by=by).groups.with_columns(**ends) for by in ("guidance_fund_id", ALL)
    )
    named = pl.lit(None, dtype=pl.String).alias("name")
    return {
        "bridge": _named(own, guides),
        "bridge_total": total.with_columns(named).sort("currency"),
        "bridge_cny": bridge_cny(tables, day),
    }


def _gross_net(tables: Any, day: date) -> pl.DataFrame:
    """Put the net return to the guidance funds beside each partner fund's gross one."""
    net = pooled_on(tables, [day], "partner_fund_id").select(
        "currency",
        "oldest_nav_on",
        "rolled_share",
        "stale_share",
        partner_fund_id="group",
        tvpi_net="tvpi",
        irr_net="irr",
        irr_net_status="irr_status",
        period_return_net="period_return",
    )
    return gross(tables, day).join(net, on=["partner_fund_id", "currency"], how="left", validate="1:1")


def _beside(rows: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    return rows.join(names, on="partner_fund_id", how="left", validate="m:1").sort("partner_fund_id")


def _named(rows: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    return rows.join(names, on="group", how="left", validate="m:1").sort("group", "currency")
