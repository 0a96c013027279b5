"""Where the figures of partner funds come from: sizes, payments, what guidance funds hold, and the ratios of both."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

import polars as pl

from fundtrack.metrics.concentration import fund_coverage, nav_coverage
from fundtrack.metrics.funds_at import agreed_stakes, funds_at, guidance_calls
from fundtrack.metrics.gross import reported_beside
from fundtrack.metrics.lineage.counted import sizes
from fundtrack.metrics.lineage.figure import Ask, Figure, Part, money, parts
from fundtrack.metrics.members import members, paid_in, participations
from fundtrack.metrics.ratios import (
    EARLY,
    GOVERNED,
    RATIOS,
    SOCIAL,
    committed_rows,
    fund_ratios,
    public_rows,
    total_ratios,
)
from fundtrack.metrics.reports_at import newest_reports

Rows = Callable[[Ask, list[str]], list[Part]]
_FUND: Final = "partner_fund_id"


def _of(rows: pl.DataFrame, ids: list[str]) -> pl.DataFrame:
    return rows.filter(pl.col(_FUND).is_in(ids))


def _sized(ask: Ask, ids: list[str]) -> list[Part]:
    return sizes(ask.tables, _of(members(ask.tables), ids), ask.as_of)


def _paid(ask: Ask, ids: list[str]) -> list[Part]:
    rows = _of(paid_in(ask.tables, "row_key"), ids).filter(pl.col("day") <= ask.as_of)
    return parts(rows, "fund_paid_in", "amount", "amount", "paid_in", "day")


def _agreed(ask: Ask, ids: list[str]) -> list[Part]:
    rows = _of(agreed_stakes(participations(ask.tables), ask.as_of), ids)
    return parts(rows, "participation", "commitment", "commitment", "commitment")


def _called(ask: Ask, ids: list[str]) -> list[Part]:
    rows = guidance_calls(ask.tables, participations(ask.tables))
    rows = _of(rows, ids).filter(pl.col("occurred_on") <= ask.as_of)
    return parts(rows, "cash_flow", "amount", "amount", "call", "occurred_on")


def _committed(kinds: tuple[str, ...]) -> Rows:
    def found(ask: Ask, ids: list[str]) -> list[Part]:
        rows = _of(committed_rows(ask.tables, ask.as_of), ids).filter(pl.col("kind").is_in(kinds))
        return parts(rows, "investor_commitment", "amount", "amount", "commitment", "effective_on")

    return found


def _government(ask: Ask, ids: list[str]) -> list[Part]:
    public = _of(public_rows(ask.tables, ask.as_of), ids)
    return [*_called(ask, ids), *parts(public, "fund_paid_in", "amount", "amount", "public", "paid_on")]


def _invested(field: str, *stages: str) -> Rows:
    def found(ask: Ask, ids: list[str]) -> list[Part]:
        rows = _of(ask.tables["investment"], ids).filter(pl.col("invested_on") <= ask.as_of)
        rows = rows.filter(pl.col("stage").is_in(stages)) if stages else rows
        return parts(
            rows, "investment", field, field, "invested" if field == "amount" else "joint", "invested_on"
        )

    return found


def _projects(ask: Ask, ids: list[str]) -> list[Part]:
    return [*_invested("amount")(ask, ids), *_invested("joint_amount")(ask, ids)]


def _target_size(ask: Ask, ids: list[str]) -> list[Part]:
    return parts(
        _of(ask.tables["partner_fund"], ids), "partner_fund", "target_size", "target_size", "planned"
    )


SUMS: Final[dict[str, Rows]] = {
    "committed_size": _sized, "paid_in_fund": _paid, "guidance_committed": _agreed, "guidance_paid_in": _called,
    "committed_social": _committed(SOCIAL), "committed_governed": _committed(GOVERNED), "government_paid_in": _government,
    "invested": _invested("amount"), "early": _invested("amount", *EARLY), "joint": _invested("joint_amount"),
    "in_projects": _projects, "target_size": _target_size,
}  # fmt: skip
"""Sums over the rows of one fund, or of many."""
_COLUMN: Final = {"paid_in_fund": "paid_in"}
_NAMED: Final = {"paid_in": "paid_in_fund"}
_OWN: Final = ("committed_size", "paid_in_fund", "guidance_committed", "guidance_paid_in", "target_size")


def _row(ask: Ask) -> dict[str, Any]:
    own = funds_at(ask.tables, ask.as_of).filter(pl.col(_FUND) == ask.entity).row(0, named=True)
    return own | fund_ratios(ask.tables, ask.as_of).filter(pl.col(_FUND) == ask.entity).row(0, named=True) | {
        name: own[_COLUMN.get(name, name)] for name in _OWN
    }  # fmt: skip


def fund_sum(ask: Ask) -> Figure:
    """A sum of one partner fund."""
    row = _row(ask)
    value = row[ask.metric]
    if value is None:
        return ask.figure(None, "given", currency=row["currency"])
    return ask.figure(
        money(value), "sum", currency=row["currency"], parts=tuple(SUMS[ask.metric](ask, [ask.entity]))
    )


def guidance_share(ask: Ask) -> Figure:
    """What guidance funds committed of a fund's size."""
    sides = (("above", fund_sum(ask.of("guidance_committed"))), ("below", fund_sum(ask.of("committed_size"))))
    return ask.figure(_row(ask)["guidance_share"], "ratio", currency=None, sides=sides)


def fund_ratio(ask: Ask) -> Figure:
    """A ratio of one partner fund: both sides."""
    above, below = (_NAMED.get(name, name) for name in RATIOS[ask.metric])
    sides = (("above", fund_sum(ask.of(above))), ("below", fund_sum(ask.of(below))))
    return ask.figure(_row(ask)[ask.metric], "ratio", currency=None, sides=sides)


def total_ratio(ask: Ask) -> Figure:
    """A ratio of all funds that count and know both of its sides."""
    above, below = RATIOS[ask.metric]
    rows = fund_ratios(ask.tables, ask.as_of).filter("counted", pl.col("currency") == ask.currency)
    ids = rows.filter(pl.col(above).is_not_null() & pl.col(below).is_not_null())[_FUND].to_list()
    sums = total_ratios(ask.tables, ask.as_of).filter(pl.col("currency") == ask.currency)
    if sums.is_empty():
        return ask.figure(None, "given")
    row = sums.row(0, named=True)
    sides = []
    for word, end, name in (("above", "above", above), ("below", "below", below)):
        own, value = ask.of(_NAMED.get(name, name)), row[f"{ask.metric}_{end}"]
        found = tuple(SUMS[own.metric](own, ids)) if value is not None else ()
        sides.append((word, own.figure(None if value is None else money(value), "sum", parts=found)))
    return ask.figure(row[ask.metric], "ratio", sides=tuple(sides))


def counted_sum(ask: Ask) -> Figure:
    """A sum of all funds of a currency that count and know it."""
    name = _COLUMN.get(ask.metric, ask.metric)
    frame = funds_at(ask.tables, ask.as_of) if ask.metric in _OWN else fund_ratios(ask.tables, ask.as_of)
    rows = frame.filter("counted", pl.col("currency") == ask.currency).filter(pl.col(name).is_not_null())
    if rows.is_empty():
        return ask.figure(None, "given")
    value = sum(rows[name].to_list(), Decimal(0))
    return ask.figure(money(value), "sum", parts=tuple(SUMS[ask.metric](ask, rows[_FUND].to_list())))


def scale_paid_in(ask: Ask) -> Figure:
    """What all counted funds of a currency have paid in, as far as known, of the size of all of them."""
    above, below = counted_sum(ask.of("paid_in_fund")), counted_sum(ask.of("committed_size"))
    known = isinstance(above.value, Decimal) and isinstance(below.value, Decimal) and below.value
    value = float(above.value) / float(below.value) if known else None  # type: ignore[arg-type]
    return ask.figure(value, "ratio", sides=(("above", above), ("below", below)))


def fund_status(ask: Ask) -> Figure:
    """A fund's stage and the dates that decide it."""
    fund = _of(ask.tables["partner_fund"], [ask.entity]).row(0, named=True)
    fields = [
        name
        for name in ("established_on", "filed_on", "investment_end", "term_end")
        if fund[name] is not None
    ]
    found = [Part("partner_fund", fund["row_key"], name, role="date", day=fund[name]) for name in fields]
    for name, table, day in (("kind", "fund_change", "effective_on"), ("approved_on", "participation", "approved_on"),
                             ("signed_on", "participation", "signed_on")):  # fmt: skip
        rows = _of(ask.tables[table], [ask.entity]).filter(pl.col(day) <= ask.as_of).sort("row_key")
        found += [
            Part(table, key, name, role="date", day=on) for key, on in rows.select("row_key", day).iter_rows()
        ]
    return ask.figure(_row(ask)["status"], "given", currency=None, parts=tuple(found))


def reported(ask: Ask) -> Figure:
    """A return as the fund's manager reports it."""
    row = _beside(ask)
    if row is None or row[ask.metric] is None:
        return ask.figure(None, "given", currency=None)
    rows = newest_reports(ask.tables, ask.as_of, ask.metric).filter(pl.col(_FUND) == ask.entity)
    rows = rows.filter(pl.col("period_end_on") == row["reported_on"])
    part = Part("fund_report", rows["row_key"][0], ask.metric, role="reported", day=row["reported_on"])
    return ask.figure(row[ask.metric], "given", currency=None, parts=(part,))


def difference(ask: Ask) -> Figure:
    """A reported return less the one recomputed for its day."""
    row = _beside(ask)
    said, own = (
        ("irr_reported", "irr_gross") if ask.metric == "irr_difference" else ("multiple_reported", "moic")
    )
    if row is None or row[ask.metric] is None:
        return ask.figure(None, "given", currency=None)
    from fundtrack.metrics.lineage.holdings import fund_gross  # noqa: PLC0415 - it stands on this module

    then = Ask(ask.tables, row["reported_on"], own, ask.by, ask.entity, ask.currency)
    sides = (("reported", reported(ask.of(said))), ("recomputed", fund_gross(then)))
    return ask.figure(row[ask.metric], "minus", currency=None, sides=sides)


def _beside(ask: Ask) -> dict[str, Any] | None:
    rows = reported_beside(ask.tables, ask.as_of).filter(pl.col(_FUND) == ask.entity).sort("reported_on")
    return rows.row(-1, named=True) if rows.height else None


def coverage(ask: Ask) -> Figure:
    """How much of a fund's net assets, or of the guidance funds' NAV, projects explain."""
    from fundtrack.metrics.lineage import holdings, returns  # noqa: PLC0415 - they stand on this module

    if ask.by == _FUND:
        rows = fund_coverage(ask.tables, ask.as_of).filter(pl.col(_FUND) == ask.entity)
        if rows.is_empty():
            return ask.figure(None, "given", currency=None)
        row = rows.row(0, named=True)
        report = newest_reports(ask.tables, ask.as_of, "net_assets").filter(pl.col(_FUND) == ask.entity)
        then = Ask(ask.tables, row["reported_on"], "holding_value", ask.by, ask.entity, row["currency"])
        value = row["explained"]
        explained = then.figure(
            value, "sum", parts=tuple(holdings.values(then, own_only=True)) if value is not None else ()
        )
        below = ask.of("net_assets").figure(
            money(row["net_assets"]), "sum", currency=row["currency"],
            parts=tuple(parts(report, "fund_report", "net_assets", "net_assets", "reported", "period_end_on")),
        )  # fmt: skip
        return ask.figure(
            row["coverage"], "ratio", currency=None, sides=(("explained", explained), ("below", below))
        )
    rows = nav_coverage(ask.tables, ask.as_of).filter(pl.col("currency") == ask.currency)
    if rows.is_empty():
        return ask.figure(None, "given")
    row = rows.row(0, named=True)
    above = ask.of("guidance_value")
    found = tuple(holdings.covered(above)) if row["explained"] is not None else ()
    explained = above.figure(row["explained"], "sum", parts=found)
    return ask.figure(
        row["coverage"], "ratio", sides=(("explained", explained), ("below", returns.sum_of(ask.of("nav"))))
    )
