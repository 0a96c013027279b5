"""Where currency figures come from: converted flows and NAVs, the FX effect on returns and IRR, rates, yuan paid."""

from decimal import Decimal
from typing import Any, Final

import polars as pl

from fundtrack.metrics.bridge import bridge
from fundtrack.metrics.fx import converted, fx_rates, with_rate
from fundtrack.metrics.fx_effect import fiscal_view, fx_effect, fx_groups
from fundtrack.metrics.groups import KEY
from fundtrack.metrics.horizon import years_before
from fundtrack.metrics.lineage import returns
from fundtrack.metrics.lineage.figure import ONE, Ask, Figure, Part, money, parts
from fundtrack.metrics.lineage.holdings import rate
from fundtrack.metrics.lineage.terms import stake_of
from fundtrack.metrics.members import Tables
from fundtrack.metrics.once import once

INTO: Final = "CNY"


@once
def _effects(tables: Tables, as_of: Any) -> pl.DataFrame:
    return fx_effect(tables, as_of).effects


def _effect(ask: Ask) -> dict[str, Any] | None:
    effects = _effects(ask.tables, ask.as_of)
    if ask.by == KEY:
        rows = effects.filter(pl.col(KEY) == ask.entity)
    else:
        rows = fx_groups(ask.tables, effects, ask.by)
        rows = rows.filter((pl.col("group") == ask.entity) & (pl.col("currency") == ask.currency))
    return rows.row(0, named=True) if rows.height else None


def _in_scope(ask: Ask) -> list[str]:
    effects = _effects(ask.tables, ask.as_of)[KEY].to_list()
    return [stake for stake in returns.scope(ask)[KEY].sort() if stake in effects]


def _converted(ask: Ask, name: str) -> tuple[list[Part], list[Part]]:
    """Flows or NAVs in the other currency, and the quotes that converted them."""
    rates = fx_rates(ask.tables)
    stakes = _in_scope(ask)
    if name == "nav":
        found: list[Part] = []
        quotes: list[Part] = []
        held = returns.at(ask.tables, ask.as_of).filter(pl.col(KEY).is_in(stakes))
        for row in held.sort(KEY).select(KEY, "nav", "currency").iter_rows(named=True):
            own = returns.nav_parts(stake_of(ask, row[KEY]))
            one = pl.DataFrame(
                {"currency": [row["currency"]], "day": [ask.as_of], "nav": [row["nav"]]},
                schema_overrides={"nav": pl.Decimal(18, 2)},
            )
            done = converted(with_rate(one, rates, INTO), ["nav"]).row(0, named=True)
            if done["nav_converted"] is None or not own:
                continue
            found.append(
                Part(
                    own[0].table,
                    own[0].key,
                    own[0].field,
                    money(done["nav_converted"]),
                    "converted",
                    ask.as_of,
                )
            )
            found += [Part(one.table, one.key, one.field, Decimal(0), "since", one.day) for one in own[1:]]
            quotes += _quotes(ask, row["currency"], done["rate_on"])
        return found, quotes
    rows = returns.flow_rows(ask.tables).filter(
        pl.col(KEY).is_in(stakes) & (pl.col("day") <= ask.as_of) & (pl.col(name) != 0)
    )
    rows = converted(with_rate(rows.with_columns(currency=pl.col("own")), rates, INTO), [name])
    quotes = [
        each
        for currency, on in rows.select("currency", "rate_on").unique().sort("rate_on").iter_rows()
        for each in _quotes(ask, currency, on)
    ]
    return parts(rows, "cash_flow", "amount", f"{name}_converted", "converted", "day"), quotes


def _quotes(ask: Ask, currency: str, on: Any) -> list[Part]:
    rows = ask.tables["market_rate"].filter((pl.col("kind") == "fx") & (pl.col("quoted_on") == on))
    rows = rows.filter(
        pl.col("code").is_in(
            [f"{currency}{INTO}", f"{INTO}{currency}", f"{currency}/{INTO}", f"{INTO}/{currency}"]
        )
    )
    return [Part("market_rate", key, "value", role="rate", day=on) for key in rows["row_key"].sort()]


def _sides(ask: Ask) -> dict[str, Figure]:
    """Both currencies' paid-in and value of a participation or group, and the rates they make."""
    row = _effect(ask)
    if row is None:
        return {}
    own = {name: ask.of(name) for name in ("paid_in", "value", "paid_in_converted", "value_converted")}
    local = returns._SUMS  # noqa: SLF001 - one package
    stakes = _in_scope(ask)

    def cells(name: str) -> list[Part]:
        return [part for stake in stakes for part in local[name](stake_of(ask, stake))]

    def made(name: str, found: list[Part], currency: str | None) -> Figure:
        value = None if row[name] is None else money(row[name])
        return own[name].figure(
            value, "given" if value is None else "sum", currency=currency, parts=tuple(found)
        )

    out, out_quotes = _converted(ask, "paid_in")
    back, back_quotes = _converted(ask, "distributed")
    left, left_quotes = _converted(ask, "nav")
    paid = made("paid_in", cells("paid_in"), row["currency"])
    value = made("value", [*cells("distributed"), *cells("nav")], row["currency"])
    paid_into = made("paid_in_converted", [*out, *out_quotes], INTO)
    value_into = made("value_converted", [*back, *left, *back_quotes, *left_quotes], INTO)
    rate_in = ask.of("rate_in").figure(
        row["rate_in"], "ratio", currency=None, sides=(("above", paid_into), ("below", paid))
    )
    rate_out = ask.of("rate_out").figure(
        row["rate_out"], "ratio", currency=None, sides=(("above", value_into), ("below", value))
    )
    known = isinstance(value.value, Decimal) and isinstance(paid.value, Decimal)
    gain = ask.of("gain").figure(
        value.value - paid.value if known else None, "minus", currency=row["currency"],  # type: ignore[operator,arg-type]
        sides=(("value", value), ("paid_in", paid)),
    )  # fmt: skip
    into = isinstance(value_into.value, Decimal) and isinstance(paid_into.value, Decimal)
    gained = ask.of("gain_converted").figure(
        value_into.value - paid_into.value if into else None, "minus", currency=INTO,  # type: ignore[operator,arg-type]
        sides=(("value", value_into), ("paid_in", paid_into)),
    )  # fmt: skip
    both = {
        "value": value,
        "paid_in_converted": paid_into,
        "value_converted": value_into,
        "gain_converted": gained,
    }
    return {**both, "paid": paid, "gain": gain, "rate_in": rate_in, "rate_out": rate_out}


def fx_return(ask: Ask) -> Figure:
    """A part of a foreign return: in its own currency, by the exchange rate, and across both."""
    row, sides = _effect(ask), _sides(ask)
    if row is None or row[ask.metric] is None:
        return ask.figure(None, "given", currency=None)
    if ask.metric == "return_local":
        return ask.figure(
            row[ask.metric],
            "ratio",
            currency=None,
            sides=(("above", sides["gain"]), ("below", sides["paid"])),
        )
    by_rate = (("rate_out", sides["rate_out"]), ("rate_in", sides["rate_in"]))
    if ask.metric == "return_fx":
        return ask.figure(row[ask.metric], "fx", currency=None, sides=by_rate)
    local, fx = fx_return(ask.of("return_local")), fx_return(ask.of("return_fx"))
    return ask.figure(
        row[ask.metric], "product", currency=None, sides=(("return_local", local), ("return_fx", fx))
    )


def fx_money(ask: Ask) -> Figure:
    """Paid-in, value or gain of a participation in another currency: in its own, or converted flow by flow."""
    return _sides(ask).get(ask.metric) or ask.figure(None, "given")


def fx_total(ask: Ask) -> Figure:
    """The converted gain of the converted paid-in."""
    row, made = _effect(ask), _sides(ask)
    if row is None:
        return ask.figure(None, "given", currency=None)
    sides = (("above", made["gain_converted"]), ("below", made["paid_in_converted"]))
    return ask.figure(row["return_total"], "ratio", currency=None, sides=sides)


def bridge_unknown(ask: Ask) -> Figure:
    """How many participations a bridge leaves out, because a NAV is unknown."""
    made = bridge(ask.tables, years_before(ask.as_of, 1), ask.as_of, by=ask.by).participations
    left = made.filter(pl.col("fx_effect").is_null()).join(returns.scope(ask).select(KEY), on=KEY, how="semi")
    keys = ask.tables["participation"].join(left.select(KEY), on=KEY, how="semi")["row_key"].sort()
    found = tuple(Part("participation", key, KEY, ONE, "member") for key in keys)
    return ask.figure(money(len(found)), "sum", currency=None, parts=found)


def irr_fx(ask: Ask) -> Figure:
    """What the exchange rate did to the annual return: the IRRs in both currencies."""
    row = _effect(ask)
    if row is None:
        return ask.figure(None, "given", currency=None)
    own = returns.irr(ask.of("irr"))
    out, back, left = (_converted(ask, name) for name in ("paid_in", "distributed", "nav"))
    flows = [Part(one.table, one.key, one.field, -one.amount, one.role, one.day) for one in out[0]]
    into = rate(ask.of("irr_converted"), row["irr_converted"], "ok", None, [*flows, *back[0], *left[0]])
    return ask.figure(row["irr_fx"], "growth", currency=None, sides=(("irr_converted", into), ("irr", own)))


def fx_rate(ask: Ask) -> Figure:
    """The quote that converts a participation's NAV."""
    row = _effect(ask)
    if row is None or row["nav_rate"] is None:
        return ask.figure(None, "given", currency=None)
    return ask.figure(
        float(row["nav_rate"]),
        "given",
        currency=None,
        parts=tuple(_quotes(ask, row["currency"], row["nav_rate_on"])),
    )


def cny_paid(ask: Ask) -> Figure:
    """What a participation in another currency cost in yuan, as paid."""
    rows = fiscal_view(ask.tables, ask.as_of).filter(pl.col(KEY) == ask.entity)
    if rows.is_empty() or rows["cny_paid"][0] is None:
        return ask.figure(None, "given", currency=INTO)
    flows = ask.tables["cash_flow"].filter(
        (pl.col(KEY) == ask.entity)
        & pl.col("kind").is_in(("call", "fee_outside"))
        & (pl.col("occurred_on") <= ask.as_of)
    )
    flows = flows.filter(pl.col("amount").is_not_null() & (pl.col("currency") != "CNY"))
    found = parts(flows, "cash_flow", "cny_paid", "cny_paid", "cny_paid", "occurred_on")
    return ask.figure(money(rows["cny_paid"][0]), "sum", currency=INTO, parts=tuple(found))
