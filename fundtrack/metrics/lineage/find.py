"""Which figure is meant: a metric's name and an entity's id to the function that takes the figure apart."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

import polars as pl

from fundtrack.errors import InputError
from fundtrack.metrics.groups import ALL, KEY, labels
from fundtrack.metrics.horizon import YEARS
from fundtrack.metrics.lineage import (
    beside,
    companies,
    exchange,
    funds,
    holdings,
    look,
    money_trail,
    pooled,
    returns,
    targets,
    terms,
)
from fundtrack.metrics.lineage.evidence import finding
from fundtrack.metrics.lineage.figure import Ask, Figure, checked
from fundtrack.metrics.lineage.suspected import NAMES as SUSPECTED
from fundtrack.metrics.lineage.suspected import public_share, suspected
from fundtrack.metrics.members import Tables
from fundtrack.metrics.once import Once
from fundtrack.metrics.pme_at import PME
from fundtrack.metrics.progress import ORDER
from fundtrack.metrics.ratios import RATIOS
from fundtrack.metrics.rules.every import RULES

Make = Callable[[Ask], Figure]
_FUND: Final = "partner_fund_id"
_SAID: Final = ("irr_status", "nav_age_days", "rolled", "stale", "nav_basis", "nav_on", "nav_source")
_STEPS: Final = ("nav_start", "calls", "distributions", "valuation_change", "fx_effect", "nav_end")

_STAKE: Final[dict[str, Make]] = {
    **dict.fromkeys(returns.SUMS, returns.sum_of),
    **dict.fromkeys(("dpi", "rvpi", "tvpi", "pic"), returns.multiple),
    **dict.fromkeys(("irr", "period_return"), returns.irr),
    **{f"horizon_irr_{years}": pooled.horizon for years in YEARS},
    **{f"horizon_{what}_{years}": pooled.horizon_money for what in ("gain", "nav_start", "paid_in", "distributed") for years in YEARS},
    **dict.fromkeys(PME, terms.pme),
    "reinvest_required": terms.required, "reinvest_recognised": terms.recognised, "reinvest_ratio": terms.reinvest_ratio,
}  # fmt: skip
"""What is told of participations and their groups alike."""
_ONE: Final[dict[str, Make]] = {
    **_STAKE, **dict.fromkeys(_SAID, returns.said), "early_share": terms.early_share, "cny_paid": exchange.cny_paid,
    "fx_rate": exchange.fx_rate, "irr_fx": exchange.irr_fx, "return_total": exchange.fx_total,
    **dict.fromkeys(("value", "gain", "paid_in_converted", "value_converted", "gain_converted"), exchange.fx_money),
    **dict.fromkeys(("return_local", "return_fx", "return_cross"), exchange.fx_return),
}  # fmt: skip
_POOL: Final[dict[str, Make]] = {
    **_STAKE, "known_share": pooled.known_share,
    **dict.fromkeys(("rolled_share", "stale_share", "valuation_share", "report_share", "book_share"), pooled.nav_share),
    **dict.fromkeys(("dpi_median", "tvpi_median", "irr_median"), pooled.middle),
    **{f"{name}_{rank}": pooled.quartile for name in ("dpi", "tvpi", "irr") for rank in ("q1", "q3")},
    "participations": pooled.count, "oldest_nav_on": companies.oldest_nav,
}  # fmt: skip
_GUIDE: Final[dict[str, Make]] = {
    **_POOL, **dict.fromkeys(_STEPS, terms.step), "bridge_unknown": exchange.bridge_unknown, "bridge_check": terms.step,
    **dict.fromkeys(("return_local", "return_fx", "return_cross"), exchange.fx_return),
    **dict.fromkeys(("guidance_invested", "guidance_cost", "guidance_value"), holdings.guidance_sum), **money_trail.MAKES,
}  # fmt: skip
_HELD: Final[dict[str, Make]] = {
    **dict.fromkeys(("exit_cost", "exit_proceeds", "gain_realised", "cost_left", "holding_value", "gain_unrealised"), holdings.fund_sum),
    **dict.fromkeys(("guidance_invested", "guidance_cost", "guidance_value"), holdings.guidance_sum),
    **dict.fromkeys(("hhi", "top1", "top10"), holdings.concentrated), "exposure_share": holdings.exposure_share,
    "coverage": funds.coverage, "explained": companies.explained, "companies_held": companies.companies_held,
    **dict.fromkeys(("multiple_realised", "multiple_unrealised"), companies.multiple_held),
}  # fmt: skip
_PARTNER: Final[dict[str, Make]] = {
    **{name: make for name, make in _POOL.items() if name not in {"paid_in", "commitment"}},
    **dict.fromkeys(funds.SUMS, funds.fund_sum), **dict.fromkeys(RATIOS, funds.fund_ratio), **_HELD,
    "paid_in": funds.fund_sum, "guidance_share": funds.guidance_share, "fund_status": funds.fund_status,
    **dict.fromkeys(("moic", "irr_gross", "proceeds", "period_return"), holdings.fund_gross),
    **dict.fromkeys(("irr_reported", "multiple_reported"), funds.reported),
    **dict.fromkeys(("irr_difference", "multiple_difference"), funds.difference),
    **dict.fromkeys(("net_assets", "cash"), companies.of_report), "unvalued": companies.unvalued, "public_share": public_share,
}  # fmt: skip
_TOTAL: Final[dict[str, Make]] = {
    **_GUIDE, **dict.fromkeys(funds.SUMS, funds.counted_sum), **dict.fromkeys(RATIOS, funds.total_ratio), **_HELD,
    "proceeds": holdings.fund_sum,
    "pipeline": beside.pipeline, "scale_paid_in_rate": funds.scale_paid_in, "pipeline_size": beside.pipeline_money,
    **dict.fromkeys(("in_being", "liquidated", "exited"), beside.ended),
    **dict.fromkeys(("targets_done", "targets_open", "targets_unknown"), targets.met),
}  # fmt: skip
_TARGET: Final[dict[str, Make]] = {
    **dict.fromkeys(targets.RATIOS, targets.target_ratio),
    "added": targets.added,
}
TRACED: Final[dict[str, Mapping[str, Make]]] = {
    "target": _TARGET, KEY: _ONE, _FUND: _PARTNER, "guidance_fund_id": _GUIDE, "vintage": _POOL, ALL: _TOTAL,
}  # fmt: skip
"""What can be traced of what, by the label of `groups.LABELS`."""
_ALIKE: Final = {(_FUND, "paid_in"): "paid_in_fund"}
"""Names under which the tables of one entity call a metric of the catalogue."""


def trace(tables: Tables, metric: str, of: str | None, as_of: date, currency: str | None = None) -> Figure:
    """Take a figure apart, down to the fields of the ledger.

    Args:
        tables: the ledger.
        metric: a target's code, a name of TRACED, `by:name` of look-through or of `lineage.companies`, one of the line about
            findings, or the id of a finding.
        of: the id of a participation, partner fund, guidance fund or target, or the year of a vintage; None for all.
        as_of: the day.
        currency: where the entity has several; without it CNY if it is one of them, else the first.

    Raises:
        InputError: `figure_unknown`; `figure_of_unknown`, where nothing has the id; `figure_not_of`, where such an
            entity has no such figure.
        IntegrityError: `trace_differs`.

    """
    known = tables if isinstance(tables, Once) else Once(tables)
    if metric in ORDER or metric in set(tables["target"]["code"]):
        return checked(targets.target(Ask(known, as_of, metric, "target", metric)))
    if metric.rpartition("-")[0] in RULES and (said := finding(known, metric, as_of)) is not None:
        return said
    if metric in SUSPECTED:
        return checked(suspected(known, metric, as_of, currency))
    if companies.asked(metric):
        return checked(companies.company(known, metric, of or None, as_of, currency))
    if look.asked(metric):
        return checked(look.look(known, metric, of or None, as_of, currency))
    if not any(metric in made for made in TRACED.values()):
        raise InputError("figure_unknown", figure=metric)
    by, entity = _entity(known, of, metric)
    make = TRACED[by].get(metric)
    if make is None:
        kinds = ", ".join(name.removesuffix("_id") for name, made in TRACED.items() if metric in made)
        raise InputError("figure_not_of", figure=metric, entity=of or ALL, kinds=kinds)
    name = _ALIKE.get((by, metric), metric)
    return checked(make(Ask(known, as_of, name, by, entity, currency or _currency(known, by, entity))))


def _entity(tables: Tables, of: str | None, metric: str) -> tuple[str, str]:
    if of in {None, "", ALL, "total"}:
        return ("target", metric) if metric in _TARGET and metric not in _TOTAL else (ALL, ALL)
    for table, name in (
        ("participation", KEY),
        ("partner_fund", _FUND),
        ("guidance_fund", "guidance_fund_id"),
        ("target", "code"),
    ):
        if of in tables[table][name]:
            return ("target" if table == "target" else name), str(of)
    if of in labels(tables)["vintage"].drop_nulls():
        return "vintage", str(of)
    raise InputError("figure_of_unknown", entity=of)


def currencies(tables: Tables, by: str, entity: str) -> list[str]:
    """The currencies of an entity's participations, or of a partner fund itself; CNY first."""
    if by == _FUND:
        found = tables["partner_fund"].filter(pl.col(_FUND) == entity)["currency"].to_list()
    elif by == "target":
        found = []
    else:
        named = labels(tables).filter(pl.col(by) == entity)
        found = tables["participation"].join(named.select(KEY), on=KEY, how="semi")["currency"].to_list()
        found += tables["partner_fund"]["currency"].to_list() if by == ALL else []
    return sorted({each for each in found if each}, key=lambda each: (each != "CNY", each))


def _currency(tables: Tables, by: str, entity: str) -> str:
    """The currency asked for where nobody says; none has no rows."""
    return next(iter(currencies(tables, by, entity)), "")
