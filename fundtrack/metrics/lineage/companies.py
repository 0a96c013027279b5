"""Where the Companies page's own figures come from: ranks, shared companies, multiples, what projects explain of a report.

company:place, company:funds, company:cost_share      of one company, by its id
overlap:funds, overlap:fund_cost, overlap:guidance_cost   of a company that several partner funds hold
overlap:companies                                     of two partner funds, as `PF1+PF2`
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

import polars as pl

from fundtrack.errors import InputError
from fundtrack.metrics.concentration import concentration, fund_coverage, overlap, overlap_pairs, top_holdings
from fundtrack.metrics.holdings import ID, holdings, realised
from fundtrack.metrics.lineage import funds, look, returns
from fundtrack.metrics.lineage.figure import ONE, Ask, Figure, Part, money, parts
from fundtrack.metrics.lineage.holdings import exits, fund_sum
from fundtrack.metrics.members import Tables
from fundtrack.metrics.reports_at import newest_reports

_FUND: Final = "partner_fund_id"
_COMPANY: Final = ("place", "funds", "cost_share")
_SHARED: Final = ("funds", "fund_cost", "guidance_cost", "companies")
AND: Final = "+"
"""Joins the ids of two partner funds."""
_MULTIPLES: Final = {
    "multiple_realised": ("exit_proceeds", "exit_cost"),
    "multiple_unrealised": ("holding_value", "cost_valued"),
}


def asked(metric: str) -> bool:
    """True where a figure is one of those that are told of a company or of what funds share."""
    by, _, name = metric.partition(":")
    return (by == "company" and name in _COMPANY) or (by == "overlap" and name in _SHARED)


def company(tables: Tables, metric: str, of: str | None, as_of: date, currency: str | None) -> Figure:
    """Take a rank, a count of funds, or what several funds hold together apart.

    Args:
        tables: the ledger.
        metric: see the module.
        of: a company, or two partner funds; None for investments of no company.
        as_of: the day.
        currency: of which; CNY where nobody says.

    Raises:
        InputError: `figure_of_unknown`, where the company stands in no such list, or the funds share none.

    """
    by, _, name = metric.partition(":")
    ask = Ask(tables, as_of, metric, by, of or "", currency or "CNY")
    if metric == "overlap:companies":
        return _pair(ask)
    rows = overlap(tables, as_of) if by == "overlap" else _ranked(tables, as_of)
    rows = rows.filter(pl.col("currency") == ask.currency)
    own = rows.filter(pl.col("company").eq_missing(pl.lit(of or None, dtype=pl.String)))
    if own.is_empty():
        raise InputError("figure_of_unknown", entity=of or by)
    row = own.row(0, named=True)
    held = look.placed_rows(tables, as_of).filter(
        pl.col("company").eq_missing(pl.lit(of or None, dtype=pl.String))
        & (pl.col("currency") == ask.currency)
    )
    if by == "overlap":
        return _shared(ask, name, row, held.filter(pl.col("cost_left") > 0))
    if name == "funds":
        return ask.figure(money(row["funds"]), "sum", currency=None, parts=_once(held, _FUND))
    if name == "cost_share":
        sides = (
            ("above", _cost(ask, of)),
            ("below", look.look(tables, "all:guidance_cost", None, as_of, ask.currency)),
        )
        return ask.figure(row["share"], "ratio", currency=None, sides=sides)
    ahead = rows.filter(pl.col("place") < row["place"])["company"].to_list()
    ranked = tuple((str(each or ""), _cost(ask, each)) for each in (of, *ahead))
    return ask.figure(money(row["place"]), "rank", currency=None, sides=ranked)


def _ranked(tables: Tables, as_of: date) -> pl.DataFrame:
    return top_holdings(tables, as_of, max(tables["investment"].height, 1))


def _cost(ask: Ask, of: str | None) -> Figure:
    return look.look(ask.tables, "company:guidance_cost", of, ask.as_of, ask.currency)


def _once(rows: pl.DataFrame, name: str) -> tuple[Part, ...]:
    """One investment for each of what is counted, the first by id."""
    first = rows.sort(ID).unique(name, keep="first", maintain_order=True)
    return tuple(Part("investment", key, name, ONE, "member") for key in first["investment_key"])


def _shared(ask: Ask, name: str, row: dict[str, Any], held: pl.DataFrame) -> Figure:
    """What several funds hold of a company together."""
    if name == "companies":
        raise InputError("figure_of_unknown", entity=ask.entity)
    if name == "funds":
        return ask.figure(money(row["funds"]), "sum", currency=None, parts=_once(held, _FUND))
    if row[name] is None:
        return ask.figure(None, "given")
    if name == "fund_cost":
        found = [
            *parts(held, "investment", "amount", "amount", "invested", "invested_on"),
            *exits(ask, held, "cost", -1),
        ]
    else:
        found = parts(held, "investment", "amount", "guidance_cost", "pro_rata", "invested_on")
    return ask.figure(money(row[name]), "sum", parts=tuple(found))


def _pair(ask: Ask) -> Figure:
    """The companies that two partner funds share, each by the first one's investment."""
    rows = overlap_pairs(ask.tables, ask.as_of)
    rows = rows.filter(pl.concat_str("one_fund", "other_fund", separator=AND) == ask.entity)
    if rows.is_empty():
        raise InputError("figure_of_unknown", entity=ask.entity)
    row = rows.row(0, named=True)
    held = holdings(ask.tables, ask.as_of).filter(pl.col("cost_left") > 0)
    held = held.join(ask.tables["investment"].select(ID, investment_key="row_key"), on=ID, validate="1:1")
    one, other = (held.filter(pl.col(_FUND) == row[name]) for name in ("one_fund", "other_fund"))
    shared = one.join(other.select("company").unique(), on="company", how="semi")
    found = _once(shared.rename({"company": "company_id", "company_id": "own"}), "company_id")
    return ask.figure(money(row["companies"]), "sum", currency=None, parts=found)


def companies_held(ask: Ask) -> Figure:
    """How many companies a fund, or all, have cost left in."""
    by = _FUND if ask.by == _FUND else "all"
    rows = concentration(ask.tables, ask.as_of, by)
    rows = rows.filter((pl.col("group") == ask.entity) & (pl.col("currency") == ask.currency))
    if rows.is_empty():
        return ask.figure(None, "given", currency=None)
    held = (
        _own(ask)
        .group_by("company", maintain_order=True)
        .agg(pl.col("investment_key").first(), pl.col("cost_left").sum())
    )
    found = tuple(
        Part("investment", key, "company_id", ONE, "member")
        for key in held.filter(pl.col("cost_left") > 0)["investment_key"]
    )
    return ask.figure(money(rows["companies"][0]), "sum", currency=None, parts=found)


def _own(ask: Ask) -> pl.DataFrame:
    """Investments of the fund, or all, in the currency, with their keys."""
    rows = holdings(ask.tables, ask.as_of).filter(pl.col("currency") == ask.currency)
    rows = rows.join(ask.tables["investment"].select(ID, investment_key="row_key"), on=ID, validate="1:1")
    return rows.filter(pl.col(_FUND) == ask.entity) if ask.by == _FUND else rows


def multiple_held(ask: Ask) -> Figure:
    """Proceeds of exit cost, or value of the cost of what has one."""
    by = _FUND if ask.by == _FUND else "all"
    rows = realised(ask.tables, ask.as_of, by)
    rows = rows.filter((pl.col("group") == ask.entity) & (pl.col("currency") == ask.currency))
    if rows.is_empty():
        return ask.figure(None, "given", currency=None)
    row = rows.row(0, named=True)
    above, below = _MULTIPLES[ask.metric]
    under = (
        cost_valued(ask.of(below), row["cost_valued"]) if below == "cost_valued" else fund_sum(ask.of(below))
    )
    return ask.figure(
        row[ask.metric], "ratio", currency=None, sides=(("above", fund_sum(ask.of(above))), ("below", under))
    )


def cost_valued(ask: Ask, value: Decimal | None) -> Figure:
    """Cost left of the investments that have a value."""
    rows = _own(ask).filter(pl.col("value").is_not_null())
    made = parts(
        rows.rename({"investment_key": "row_key"}),
        "investment",
        "amount",
        "amount",
        "invested",
        "invested_on",
    )
    return ask.figure(money(value or 0), "sum", parts=(*made, *exits(ask, rows, "cost", -1)))


def explained(ask: Ask) -> Figure:
    """The value of projects that stands against net assets, or against the guidance funds' NAV."""
    side = next(
        (side for word, side in funds.coverage(ask.of("coverage")).sides if word == "explained"), None
    )
    return ask.figure(None, "given") if side is None else replace(side, metric=ask.metric)


def of_report(ask: Ask) -> Figure:
    """Net assets or cash as the newest report of a fund that tells net assets has them."""
    rows = newest_reports(ask.tables, ask.as_of, "net_assets").filter(pl.col(_FUND) == ask.entity)
    if rows.is_empty() or rows[ask.metric][0] is None:
        return ask.figure(None, "given")
    found = tuple(parts(rows, "fund_report", ask.metric, ask.metric, "reported", "period_end_on"))
    return ask.figure(money(rows[ask.metric][0]), "sum", parts=found)


def unvalued(ask: Ask) -> Figure:
    """Projects of a fund without a value on the day of the report that they stand against."""
    rows = fund_coverage(ask.tables, ask.as_of).filter(pl.col(_FUND) == ask.entity)
    if rows.is_empty() or rows["unvalued"][0] is None:
        return ask.figure(None, "given", currency=None)
    held = holdings(ask.tables, rows["reported_on"][0]).filter(
        (pl.col(_FUND) == ask.entity) & pl.col("value").is_null()
    )
    keys = ask.tables["investment"].join(held.select(ID), on=ID, how="semi")["row_key"].sort()
    found = tuple(Part("investment", key, ID, ONE, "member") for key in keys)
    return ask.figure(money(rows["unvalued"][0]), "sum", currency=None, parts=found)


def oldest_nav(ask: Ask) -> Figure:
    """The day of the oldest NAV among participations, with its cells."""
    row = returns.row_of(ask)
    value = row.get("oldest_nav_on") if row else None
    if value is None:
        return ask.figure(None, "given", currency=None)
    held = returns.scope(ask).filter(pl.col("nav_on") == value)
    found = tuple(part for part in returns.nav_parts(ask, held) if part.role in {"nav", "nav_share"})
    return ask.figure(value, "given", currency=None, parts=found)
