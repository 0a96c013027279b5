"""Where figures of agreements, the value bridge and indices come from: reinvestment, early stage, steps, PME."""

from typing import Any, Final

import polars as pl

from fundtrack.metrics.bridge import bridge
from fundtrack.metrics.groups import KEY, labels
from fundtrack.metrics.horizon import years_before
from fundtrack.metrics.lineage import funds, returns
from fundtrack.metrics.lineage.figure import Ask, Figure, Part, money, parts
from fundtrack.metrics.pme_at import pme_at
from fundtrack.metrics.reinvest import agreed, agreed_totals, recognitions

_BASES: Final = {"占基金规模": "committed_size", "占已投金额": "invested"}


def _agreed(ask: Ask) -> dict[str, Any] | None:
    rows = agreed(ask.tables, ask.as_of).filter(pl.col(KEY) == ask.entity)
    return rows.row(0, named=True) if rows.height else None


def required(ask: Ask) -> Figure:
    """What an agreement asks to be reinvested: its factor times its base; or the sum over participations."""
    if ask.by != KEY:
        rows = agreed_totals(ask.tables, ask.as_of, ask.by)
        rows = rows.filter((pl.col("group") == ask.entity) & (pl.col("currency") == ask.currency))
        value = rows["required"][0] if rows.height else None
        sides = tuple((stake, required(stake_of(ask, stake))) for stake in _members(ask))
        if value is None:
            return ask.figure(None, "given", sides=sides)
        return ask.figure(money(value), "plus", sides=sides)
    row = _agreed(ask)
    if row is None or row["required"] is None:
        return ask.figure(None, "given")
    stake = ask.tables["participation"].filter(pl.col(KEY) == ask.entity).row(0, named=True)
    terms = tuple(
        Part("participation", stake["row_key"], name, role="term")
        for name in ("reinvest_kind", "reinvest_required", "reinvest_base")
        if stake[name] is not None
    )
    kind = row["reinvest_kind"]
    if kind == "倍数":
        own = ask.of("commitment" if row["reinvest_base"] == "认缴" else "paid_in")
        base = returns.sum_of(own) if returns.row_of(own) else own.figure(money(0), "sum")
    else:
        fund = Ask(
            ask.tables, ask.as_of, _BASES[kind], "partner_fund_id", row["partner_fund_id"], row["currency"]
        )
        base = funds.fund_sum(fund)
    factor = ask.of("reinvest_factor").figure(row["reinvest_required"], "given", currency=None, parts=terms)
    return ask.figure(
        money(row["required"]),
        "times",
        currency=row["currency"],
        sides=(("base", base), ("factor", factor)),
    )


def stake_of(ask: Ask, stake: str) -> Ask:
    """The same of one participation."""
    return Ask(ask.tables, ask.as_of, ask.metric, KEY, stake, ask.currency)


def _members(ask: Ask) -> list[str]:
    """The participations of a group whose requirement is known."""
    named = labels(ask.tables).select(pl.col(KEY).alias("stake"), group=pl.col(ask.by))
    rows = agreed(ask.tables, ask.as_of).join(named, left_on=KEY, right_on="stake", validate="1:1")
    rows = rows.filter((pl.col("group") == ask.entity) & (pl.col("currency") == ask.currency))
    return rows.filter(pl.col("required").is_not_null())[KEY].sort().to_list()


def recognised(ask: Ask) -> Figure:
    """What was recognised as reinvested, each yuan once."""
    if ask.by == KEY:
        row, stakes = _agreed(ask), [ask.entity]
        value = row["recognised"] if row else None
    else:
        rows = agreed_totals(ask.tables, ask.as_of, ask.by)
        rows = rows.filter((pl.col("group") == ask.entity) & (pl.col("currency") == ask.currency))
        value, stakes = (rows["recognised"][0] if rows.height else None), _members(ask)
    if value is None:
        return ask.figure(None, "given")
    found = recognitions(ask.tables, ask.as_of).filter(pl.col(KEY).is_in(stakes))
    made = parts(found, "reinvestment", "recognised", "counted", "recognised", "recognised_on")
    return ask.figure(money(value), "sum", parts=tuple(made))


def reinvest_ratio(ask: Ask) -> Figure:
    """Recognised of required."""
    sides = (
        ("above", recognised(ask.of("reinvest_recognised"))),
        ("below", required(ask.of("reinvest_required"))),
    )
    if ask.by == KEY:
        row = _agreed(ask)
        value = row["reinvest_ratio"] if row else None
    else:
        rows = agreed_totals(ask.tables, ask.as_of, ask.by)
        rows = rows.filter((pl.col("group") == ask.entity) & (pl.col("currency") == ask.currency))
        value = rows["reinvest_ratio"][0] if rows.height else None
    return ask.figure(value, "ratio", sides=sides)


def early_share(ask: Ask) -> Figure:
    """Early-stage money of the fund on the base that the agreement names."""
    row = _agreed(ask)
    name = {"基金规模": "early_of_size", "已投金额": "early_of_invested"}.get(
        row["early_base"] or "" if row else ""
    )
    if row is None or name is None or row["early_share"] is None:
        return ask.figure(None, "given")
    fund = Ask(ask.tables, ask.as_of, name, "partner_fund_id", row["partner_fund_id"], row["currency"])
    return ask.figure(row["early_share"], "ratio", sides=funds.fund_ratio(fund).sides)


def step(ask: Ask) -> Figure:
    """A step of the value bridge of the year until the day."""
    start = years_before(ask.as_of, 1)
    made = bridge(ask.tables, start, ask.as_of, by=ask.by)
    known = made.participations.filter(pl.col("fx_effect").is_not_null())
    rows = made.groups.filter((pl.col("group") == ask.entity) & (pl.col("currency") == ask.currency))
    shown = "fx_effect" if ask.metric == "bridge_check" else ask.metric  # in one currency both are nothing
    if rows.is_empty() or rows[shown][0] is None:
        return ask.figure(None, "given")
    value = money(rows[shown][0])
    stakes = [stake for stake in returns.scope(ask)[KEY].sort() if stake in set(known[KEY])]
    then = returns.at(ask.tables, start).filter(pl.col(KEY).is_in(stakes))
    now = returns.at(ask.tables, ask.as_of).filter(pl.col(KEY).is_in(stakes))
    opened, closed = (
        returns.nav_parts(Ask(ask.tables, start, "nav", ask.by, ask.entity, ask.currency), then),
        returns.nav_parts(ask, now),
    )
    flows = returns.flow_rows(ask.tables).filter(
        pl.col(KEY).is_in(stakes) & (pl.col("day") > start) & (pl.col("day") <= ask.as_of)
    )
    called = parts(flows.filter(pl.col("called") != 0), "cash_flow", "amount", "called", "call", "day")
    back = parts(
        flows.filter(pl.col("distributed") != 0), "cash_flow", "amount", "distributed", "distributed", "day"
    )
    valued = [*closed, *_minus(opened), *_minus(called), *back]
    steps = [*closed, *_minus(opened), *_minus(called), *back, *_minus(valued)]
    made_of = {
        "bridge_check": steps,
        "nav_start": opened, "nav_end": closed, "calls": called, "distributions": back,
        "valuation_change": valued, "fx_effect": [],
    }[ask.metric]  # fmt: skip
    return ask.figure(value, "sum", parts=tuple(made_of))


def _minus(found: list[Part]) -> list[Part]:
    return [Part(one.table, one.key, one.field, -one.amount, one.role, one.day) for one in found]


def pme(ask: Ask) -> Figure:
    """A public market equivalent: the flows and the NAV, and the levels of the index on their days."""
    rows = pme_at(ask.tables, ask.as_of, ask.by).filter(pl.col("group") == ask.entity)
    rows = rows.filter(pl.col("currency") == ask.currency) if ask.currency else rows
    if rows.is_empty() or rows[ask.metric][0] is None:
        return ask.figure(None, "given", currency=None)
    flows = returns.irr(ask.of("irr"))
    quotes = ask.tables["market_rate"].filter(
        (pl.col("kind") == "index") & (pl.col("code") == rows["code"][0])
    )
    days = sorted({part.day for part in flows.parts if part.day is not None} | {ask.as_of})
    served = pl.DataFrame({"day": days}).join_asof(
        quotes.sort("quoted_on").select("quoted_on", "row_key"), left_on="day", right_on="quoted_on"
    )
    found = [
        Part("market_rate", key, "value", role="index", day=on)
        for key, on in served.select("row_key", "quoted_on").unique().sort("quoted_on").iter_rows()
        if key
    ]
    levels = ask.of("index").figure(rows["code"][0], "given", currency=None, parts=tuple(found))
    return ask.figure(
        rows[ask.metric][0], "given", currency=None, sides=(("flows", flows), ("index", levels))
    )
