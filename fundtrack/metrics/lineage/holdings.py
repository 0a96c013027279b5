"""Where the figures of investments come from: cost, exits, values, what is left, and the gross return of a fund."""

from typing import Any, Final

import polars as pl

from fundtrack.metrics.concentration import concentration
from fundtrack.metrics.exposure import look_through, placed
from fundtrack.metrics.gross import gross
from fundtrack.metrics.holdings import ID, holdings, realised
from fundtrack.metrics.lineage.figure import Ask, Figure, Part, money, net_present, parts, total
from fundtrack.metrics.nav import positions_at

_FUND: Final = "partner_fund_id"
_REALISED: Final = {
    "exit_cost": "exit_cost", "exit_proceeds": "proceeds", "proceeds": "proceeds", "gain_realised": "gain_realised", "cost_left": "cost_left",
    "holding_value": "value", "gain_unrealised": "gain_unrealised",
}  # fmt: skip


def _held(ask: Ask) -> pl.DataFrame:
    """Investments in scope, with their keys."""
    rows = holdings(ask.tables, ask.as_of)
    keys = ask.tables["investment"].select(ID, investment_key="row_key")
    rows = rows.join(keys, on=ID, validate="1:1")
    if ask.by == _FUND:
        rows = rows.filter(pl.col(_FUND) == ask.entity)
    return rows.filter(pl.col("currency") == ask.currency) if ask.currency else rows


def _costs(rows: pl.DataFrame, role: str = "invested") -> list[Part]:
    named = rows.rename({"investment_key": "row_key"})
    return parts(named, "investment", "amount", "amount", role, "invested_on")


def exits(ask: Ask, rows: pl.DataFrame, field: str, sign: int = 1) -> list[Part]:
    """The cells of what came back of investments, or of its cost."""
    done = ask.tables["investment_exit"].filter(pl.col("exited_on") <= ask.as_of)
    done = (
        done.drop("currency")
        .join(rows.select(ID), on=ID, how="semi")
        .with_columns(signed=pl.col(field) * sign)
    )
    return parts(done, "investment_exit", field, "signed", field, "exited_on")


def valued(ask: Ask, rows: pl.DataFrame) -> list[Part]:
    """The cells of what investments are worth."""
    known = rows.filter(pl.col("value").is_not_null() & ~pl.col("gone"))
    cells = ask.tables["holding_valuation"].select("row_key", ID, "valued_on")
    cells = known.select(ID, "valued_on", "value").join(cells, on=[ID, "valued_on"])
    return parts(cells, "holding_valuation", "value", "value", "valued", "valued_on")


def values(ask: Ask, *, own_only: bool = False) -> list[Part]:
    """The cells of what holdings are worth."""
    rows = holdings(ask.tables, ask.as_of).filter(pl.col(_FUND) == ask.entity)
    return valued(ask, rows.filter(pl.col("currency") == ask.currency) if own_only else rows)


def fund_sum(ask: Ask) -> Figure:
    """Cost, exits or value of a fund's investments in one currency."""
    column = _REALISED[ask.metric]
    group = ask.entity if ask.by == _FUND else "all"
    sums = realised(ask.tables, ask.as_of, _FUND if ask.by == _FUND else "all")
    sums = sums.filter((pl.col("group") == group) & (pl.col("currency") == ask.currency))
    if sums.is_empty() or sums[column][0] is None:
        return ask.figure(None, "given")
    rows = _held(ask).filter(pl.col(column).is_not_null())
    made = {
        "exit_cost": lambda: exits(ask, rows, "cost"),
        "exit_proceeds": lambda: exits(ask, rows, "proceeds"),
        "gain_realised": lambda: [*exits(ask, rows, "proceeds"), *exits(ask, rows, "cost", -1)],
        "cost_left": lambda: [*_costs(rows), *exits(ask, rows, "cost", -1)],
        "holding_value": lambda: valued(ask, rows),
        "gain_unrealised": lambda: [
            *valued(ask, rows),
            *_negative(_costs(rows)),
            *exits(ask, rows, "cost"),
        ],
    }["exit_proceeds" if ask.metric == "proceeds" else ask.metric]()
    return ask.figure(money(sums[column][0]), "sum", parts=tuple(made))


def _negative(found: list[Part]) -> list[Part]:
    return [Part(part.table, part.key, part.field, -part.amount, part.role, part.day) for part in found]


def fund_gross(ask: Ask) -> Figure:
    """A fund's gross multiple, IRR, or what they are made of: invested, proceeds, value."""
    rows = gross(ask.tables, ask.as_of).filter(pl.col(_FUND) == ask.entity)
    if rows.is_empty():
        return ask.figure(None, "given", currency=None)
    row = rows.row(0, named=True)
    held = _held(Ask(ask.tables, ask.as_of, ask.metric, ask.by, ask.entity))
    currency = row["currency"]

    def part(name: str, found: list[Part]) -> Figure:
        value = None if row[name] is None else money(row[name])
        return ask.of(f"gross_{name}").figure(
            value,
            "given" if value is None else "sum",
            currency=currency,
            parts=tuple(found if value is not None else ()),
        )

    proceeds, value = part("proceeds", exits(ask, held, "proceeds")), part("value", valued(ask, held))
    invested = part("invested", _costs(held))
    if ask.metric == "proceeds":
        return ask.figure(proceeds.value, proceeds.how, currency=currency, parts=proceeds.parts)
    if ask.metric == "moic":
        known = proceeds.value is not None and value.value is not None
        back = ask.of("gross_back").figure(
            proceeds.value + value.value if known else None, "plus", currency=currency,  # type: ignore[operator]
            sides=(("proceeds", proceeds), ("value", value)),
        )  # fmt: skip
        return ask.figure(row["moic"], "ratio", currency=None, sides=(("back", back), ("invested", invested)))
    if row["irr_status"] is None:
        return ask.figure(None, "given", currency=None)
    last = [Part(one.table, one.key, one.field, one.amount, one.role, ask.as_of) for one in value.parts]
    flows = [*_negative(list(invested.parts)), *proceeds.parts, *last]
    return rate(ask, row["irr_gross"], row["irr_status"], row["period_return"], flows)


def rate(ask: Ask, annual: float | None, verdict: Any, period: float | None, flows: list[Part]) -> Figure:
    """A rate of dated parts with what they leave at it; the return of the period where that is asked for."""
    found = [part for part in flows if part.amount]
    left = net_present(found, annual) if annual is not None and found else None
    value = period if ask.metric == "period_return" else annual
    status = None if verdict is None else str(verdict)
    return ask.figure(value, "rate", parts=tuple(found), residual=left, verdict=status, annual=annual)


def covered(ask: Ask) -> list[Part]:
    """The guidance funds' part of the projects that stand against a known NAV."""
    at = positions_at(ask.tables, [ask.as_of]).filter(pl.col("nav").is_not_null())
    stakes = ask.tables["participation"].join(
        at.select("participation_id"), on="participation_id", how="semi"
    )
    rows = placed(ask.tables, ask.as_of).filter(pl.col("currency") == ask.currency)
    return guidance_valued(ask, rows.join(stakes.select(_FUND).unique(), on=_FUND, how="semi"))


def guidance_valued(ask: Ask, rows: pl.DataFrame) -> list[Part]:
    """The guidance funds' part of what investments are worth."""
    known = rows.filter(pl.col("guidance_value").is_not_null() & ~pl.col("gone"))
    cells = ask.tables["holding_valuation"].select("row_key", ID, "valued_on")
    cells = known.select(ID, "valued_on", "guidance_value").join(cells, on=[ID, "valued_on"])
    return parts(cells, "holding_valuation", "value", "guidance_value", "pro_rata", "valued_on")


def guidance_sum(ask: Ask) -> Figure:
    """The guidance funds' part of investments: each investment times what they paid of its fund's paid-in."""
    guide = ask.entity if ask.by == "guidance_fund_id" else None
    rows = placed(ask.tables, ask.as_of, guide).filter(pl.col("currency") == ask.currency)
    if ask.by == _FUND:
        rows = rows.filter(pl.col(_FUND) == ask.entity)
    known = rows.filter(pl.col(ask.metric).is_not_null())
    if known.is_empty():
        return ask.figure(None, "given")
    value = money(known[ask.metric].cast(pl.Decimal(38, 2)).sum())
    if ask.metric == "guidance_value":
        found = guidance_valued(ask, known)
    else:
        keyed = known.join(ask.tables["investment"].select(ID, "row_key"), on=ID, validate="1:1")
        found = parts(keyed, "investment", "amount", ask.metric, "pro_rata", "invested_on")
    return ask.figure(value, "sum", parts=tuple(found))


def concentrated(ask: Ask) -> Figure:
    """How cost left is spread over companies: each company's cost, and the index or share made of them."""
    by = _FUND if ask.by == _FUND else "all"
    rows = concentration(ask.tables, ask.as_of, by)
    rows = rows.filter((pl.col("group") == ask.entity) & (pl.col("currency") == ask.currency))
    if rows.is_empty():
        return ask.figure(None, "given")
    held = _held(ask).filter(pl.col("cost_left").is_not_null())
    sides = []
    for (company,), own in (
        held.sort("company").partition_by("company", as_dict=True, maintain_order=True).items()
    ):
        made = [*_costs(own), *exits(ask, own, "cost", -1)]
        if (cost := total(made)) > 0:
            sides.append((str(company), ask.of("cost_left").figure(cost, "sum", parts=tuple(made))))
    return ask.figure(rows[ask.metric][0], ask.metric, sides=tuple(sides))  # type: ignore[arg-type]


def exposure_share(ask: Ask) -> Figure:
    """A fund's share of what guidance funds hold in companies by look-through."""
    rows = look_through(ask.tables, ask.as_of, _FUND if ask.by == _FUND else "all")
    rows = rows.filter((pl.col("group") == ask.entity) & (pl.col("currency") == ask.currency))
    if rows.is_empty():
        return ask.figure(None, "given")
    whole = Ask(ask.tables, ask.as_of, "guidance_invested", "all", "all", ask.currency)
    sides = (("above", guidance_sum(ask.of("guidance_invested"))), ("below", guidance_sum(whole)))
    return ask.figure(rows["share"][0], "ratio", sides=sides)
