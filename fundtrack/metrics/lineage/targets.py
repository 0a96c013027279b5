"""Where the targets come from: counted entities by the cell that decides, money by the cells that add up to it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final

import polars as pl

from fundtrack.errors import InputError
from fundtrack.metrics import beside as stands_beside
from fundtrack.metrics.counting import agreements, counted
from fundtrack.metrics.funds_at import LIQUIDATION, funds_at
from fundtrack.metrics.lineage.figure import ONE, Ask, Figure, Part, money, parts
from fundtrack.metrics.members import Tables, investors, members, participations, size_changes
from fundtrack.metrics.once import once
from fundtrack.metrics.progress import LEDGER, plans, progress, reported_row
from fundtrack.periods import day_before

RATIOS: Final = (
    "completion",
    "year_completion",
    "elapsed",
    "lead",
    "remaining",
    "start_value",
    "target",
    "status",
)
"""What is asked of a target besides its value."""


@once
def _shown(tables: Tables, as_of: date) -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in progress(tables, as_of).iter_rows(named=True)}


@once
def _stakes(tables: Tables) -> pl.DataFrame:
    return participations(tables, members(tables)).filter("programme")


def row_of(ask: Ask, code: str) -> dict[str, Any]:
    """The target's row on the day.

    Raises:
        InputError: `figure_unknown`, where no plan has the code.

    """
    found = _shown(ask.tables, ask.as_of).get(code)
    if found is None:
        raise InputError("figure_unknown", figure=code)
    return found


def target(ask: Ask) -> Figure:
    """A target's actual value."""
    row = row_of(ask, ask.metric)
    return _valued(ask, row, row["actual"], ask.as_of)


def target_ratio(ask: Ask) -> Figure:
    """What is said of the target that `ask.entity` names: completion and the like, each with its sides."""
    row = row_of(ask, ask.entity)
    own = Ask(ask.tables, ask.as_of, row["code"], "target", row["code"], row["currency"])
    plan, value = _plan(ask, row["code"]), row.get(ask.metric)
    actual, start = _valued(own, row, row["actual"], ask.as_of), _start(own, row)
    goal = own.of("target").figure(
        money(row["target"]),
        "sum",
        parts=(Part("target", plan["row_key"], "value", money(row["target"]), "target"),),
    )
    dates = tuple(
        Part("target", plan["row_key"], name, role="plan", day=plan[name]) for name in ("starts_on", "due_on")
    )
    passed = ask.of("elapsed").figure(row["elapsed"], "given", parts=dates)
    gained = own.of("gained").figure(
        _less(actual, start), "minus", sides=(("actual", actual), ("start", start))
    )
    needed = own.of("needed").figure(_less(goal, start), "minus", sides=(("target", goal), ("start", start)))
    of_year = ask.of("year_completion").figure(
        row["year_completion"], "ratio", sides=(("gained", gained), ("needed", needed))
    )
    pace, both = (("year_completion", of_year), ("elapsed", passed)), (("target", goal), ("actual", actual))
    reached = value is None or actual.value is None or row["actual"] >= row["target"]
    return {
        "start_value": start,
        "target": goal,
        "elapsed": passed,
        "year_completion": of_year,
        "completion": ask.figure(value, "ratio", sides=(both[1], both[0])),
        "lead": ask.figure(value, "minus", sides=pace),
        "remaining": own.of("remaining").figure(value, "given" if reached else "minus", sides=both),
        "status": ask.figure(value, "given", sides=(*pace, *both)),
    }[ask.metric]


def added(ask: Ask) -> Figure:
    """What a calendar year has added to a target until the day: its value less that on the last day of the year before."""
    row = row_of(ask, ask.entity)
    before = date(ask.as_of.year - 1, 12, 31)
    own = Ask(ask.tables, ask.as_of, row["code"], "target", row["code"], row["currency"])
    then = row_of(Ask(ask.tables, before, row["code"], "target", row["code"]), row["code"])
    sides = (
        ("actual", _valued(own, row, row["actual"], ask.as_of)),
        ("before_year", _valued(own, then, then["actual"], before)),
    )
    return own.of("added").figure(_less(sides[0][1], sides[1][1]), "minus", sides=sides)


def _less(one: Figure, other: Figure) -> Decimal | None:
    if not isinstance(one.value, Decimal) or not isinstance(other.value, Decimal):
        return None
    return one.value - other.value


def _start(own: Ask, row: dict[str, Any]) -> Figure:
    before = day_before(row["starts_on"])
    ask = own.of("start_value")
    if row["start_value"] is not None and not row["computed"] and row["start_value"] == 0:
        return ask.figure(money(0), "sum", currency=row["currency"])
    return _valued(ask, row, row["start_value"], before)


def _valued(ask: Ask, row: dict[str, Any], value: Decimal | None, day: date) -> Figure:
    """A target's value on a day, from the events that the target is counted from."""
    if value is None:
        return ask.figure(None, "given", currency=row["currency"])
    code = row["code"]
    found = _PARTS.get(code, _reported)(ask.tables, row, day)
    return ask.figure(money(value), "sum", currency=row["currency"], parts=tuple(found))


def _plan(ask: Ask, code: str) -> dict[str, Any]:
    return next(plan for plan in plans(ask.tables["target"], ask.as_of) if plan["code"] == code)


def _reported(tables: Tables, row: dict[str, Any], day: date) -> list[Part]:
    """The newest value reported by a day."""
    newest = reported_row(tables["indicator"], row, day)
    return parts(newest, "indicator", "value", "value", "reported", "measured_on")


def _firms(tables: Tables, row: dict[str, Any], day: date) -> list[Part]:
    """Each new house by the agreement that brought it in."""
    last = min(day, row["due_on"])
    firms = counted(tables).firms.filter((pl.col("day") <= last) & (pl.col("day") >= row["starts_on"]))
    first = agreements(tables, _stakes(tables)).join(firms, on=["house", "day"])
    first = first.sort("house", "participation_id").unique("house", keep="first", maintain_order=True)
    return [
        Part("participation", _key(stake), "signed_on", ONE, "first_agreement", on)
        for stake, on in first.select("participation_id", "day").iter_rows()
    ]


def _present(tables: Tables, day: date) -> pl.DataFrame:
    """List entity, step, amount, currency: what each entity adds to the counts of a day."""
    rows = counted(tables).funds.filter(pl.col("day") <= day)
    return (
        rows.group_by("entity")
        .agg(pl.col("step").sum(), pl.col("amount").sum(), pl.col("currency").first())
        .sort("entity")
    )


def _funds(tables: Tables, row: dict[str, Any], day: date) -> list[Part]:  # noqa: ARG001
    """Each counted fund by the later of establishment and agreement, beside it the other date."""
    present = _present(tables, day).filter(pl.col("step") != 0)
    found = []
    for entity, step in present.select("entity", "step").iter_rows():
        found += _deciding(tables, entity, day, Decimal(step))
    return found


@once
def _counting(tables: Tables, day: date) -> dict[str, list[dict[str, Any]]]:
    live = pl.col("void_from").is_null() | (pl.col("void_from") > day)
    rows = (
        _stakes(tables).filter((pl.col("counts_from") <= day) & live).sort("counts_from", "participation_id")
    )
    return {
        str(entity): part.to_dicts() for (entity,), part in rows.partition_by("entity", as_dict=True).items()
    }


@once
def _established(tables: Tables) -> dict[str, str]:
    rows = (
        members(tables)
        .filter(pl.col("established_on") == pl.col("set_up_on"))
        .sort("entity", "partner_fund_id")
    )
    return dict(
        rows.unique("entity", keep="first", maintain_order=True).select("entity", "row_key").iter_rows()
    )


def _deciding(tables: Tables, entity: str, day: date, step: Decimal) -> list[Part]:
    stake = _counting(tables, day)[entity][0]
    set_up = Part(
        "partner_fund",
        _established(tables)[entity],
        "established_on",
        role="established",
        day=stake["set_up_on"],
    )
    signed = Part("participation", stake["row_key"], "signed_on", role="agreed", day=stake["signed_on"])
    later = stake["signed_on"] >= stake["set_up_on"]
    decides, other = (signed, set_up) if later else (set_up, signed)
    return [Part(decides.table, decides.key, decides.field, step, decides.role, decides.day), other]


def _scale(tables: Tables, row: dict[str, Any], day: date) -> list[Part]:
    """The sizes of the counted funds of the target's currency: at establishment, and each change since."""
    currency = row["currency"] or "CNY"
    counting = _present(tables, day).filter((pl.col("currency") == currency) & (pl.col("step") > 0))
    sized = members(tables).filter("principal", pl.col("opening_size").is_not_null())
    return sizes(tables, sized.join(counting.select("entity"), on="entity", how="semi"), day)


def sizes(tables: Tables, funds: pl.DataFrame, day: date) -> list[Part]:
    """The cells of committed size of fund rows: at establishment, and each change by a day."""
    stated = funds.filter(pl.col("committed_size").is_not_null())
    opened = investors(tables, members(tables)).filter("opening")
    summed = funds.filter(pl.col("committed_size").is_null())
    opened = opened.join(summed.select("partner_fund_id"), on="partner_fund_id", how="semi")
    changes = size_changes(tables, members(tables)).filter(pl.col("day") <= day)
    changes = changes.join(funds.select("partner_fund_id"), on="partner_fund_id", how="semi")
    return [
        *parts(stated, "partner_fund", "committed_size", "committed_size", "opening"),
        *parts(opened, "investor_commitment", "amount", "amount", "opening"),
        *parts(changes, "investor_commitment", "amount", "amount", "change", "day"),
    ]


def _cross_border(tables: Tables, row: dict[str, Any], day: date) -> list[Part]:
    rows = counted(tables).committed.filter(
        (pl.col("day") <= day) & (pl.col("currency") == (row["currency"] or "USD"))
    )
    return parts(rows, "guidance_flow", "amount", "amount", "committed", "day")


_PARTS: Final[dict[str, Callable[[Tables, dict[str, Any], date], list[Part]]]] = {
    "new_managers": _firms, "partner_funds": _funds, "fund_scale": _scale, "cross_border": _cross_border,
}  # fmt: skip
assert set(_PARTS) == set(LEDGER)  # noqa: S101 - read when the module is, so that no target of the ledger lacks its trace


def pipeline(ask: Ask) -> Figure:
    """Funds approved or agreed and not yet established, by the cell that approved them."""
    coming = stands_beside.pipeline(ask.tables, ask.as_of)
    return ask.figure(money(coming.height), "sum", parts=tuple(_coming(ask)))


def pipeline_money(ask: Ask) -> Figure:
    """The size that pipeline funds of a currency plan: committed, else target size."""
    coming = stands_beside.pipeline(ask.tables, ask.as_of).filter(pl.col("currency") == ask.currency)
    sized = coming.filter(pl.col("size_planned").is_not_null())
    if sized.is_empty():
        return ask.figure(None, "given")
    funds = ask.tables["partner_fund"].join(sized.select("partner_fund_id"), on="partner_fund_id", how="semi")
    stated = funds.filter(pl.col("committed_size").is_not_null())
    planned = funds.filter(pl.col("committed_size").is_null())
    found = [
        *parts(stated, "partner_fund", "committed_size", "committed_size", "planned"),
        *parts(planned, "partner_fund", "target_size", "target_size", "planned"),
    ]
    return ask.figure(money(sized["size_planned"].cast(pl.Decimal(38, 2)).sum()), "sum", parts=tuple(found))


def ended(ask: Ask) -> Figure:
    """Counted funds that are liquidated or have been exited, by the row that says so; or those in being."""
    funds = funds_at(ask.tables, ask.as_of).filter("counted")
    gone = funds.filter(pl.col("liquidated_on").is_not_null())
    sold = funds.filter(pl.col("liquidated_on").is_null() & pl.col("exited"))
    if ask.metric == "in_being":
        found = tuple(_funds(ask.tables, {}, ask.as_of))
        counting = ask.of("partner_funds").figure(money(funds.height), "sum", currency=None, parts=found)
        sides = (
            ("actual", counting),
            ("liquidated", ended(ask.of("liquidated"))),
            ("exited", ended(ask.of("exited"))),
        )
        return ask.figure(
            money(funds.height - gone.height - sold.height), "minus", currency=None, sides=sides
        )
    chosen = gone if ask.metric == "liquidated" else sold
    entity = members(ask.tables).select("partner_fund_id", "entity")
    own = entity.join(chosen.select(entity="entity_id"), on="entity", how="semi")
    if ask.metric == "liquidated":
        rows = ask.tables["fund_change"].filter(
            pl.col("kind").is_in(LIQUIDATION) & (pl.col("effective_on") <= ask.as_of)
        )
        rows = rows.join(own, on="partner_fund_id").select("entity", "row_key", day="effective_on")
        table, name = "fund_change", "effective_on"
    else:
        stakes = (
            ask.tables["participation"]
            .select("participation_id", "partner_fund_id")
            .join(own, on="partner_fund_id")
        )
        flows = ask.tables["cash_flow"].filter(pl.col("occurred_on") <= ask.as_of)
        back = (pl.col("kind") == "exit_proceeds") | pl.col("exit_kind").is_not_null()
        rows = (
            flows.filter(back)
            .join(stakes, on="participation_id")
            .select("entity", "row_key", day="occurred_on")
        )
        table, name = "cash_flow", "occurred_on"
    last = rows.sort("entity", "day", "row_key").unique(
        "entity", keep="last" if table == "cash_flow" else "first", maintain_order=True
    )
    found = tuple(
        Part(table, key, name, ONE, ask.metric, on) for key, on in last.select("row_key", "day").iter_rows()
    )
    return ask.figure(money(chosen.height), "sum", currency=None, parts=found)


def met(ask: Ask) -> Figure:
    """How many of the targets counted from the ledger are done, still open, or without data: by the status of each."""
    rows = [row for row in _shown(ask.tables, ask.as_of).values() if row["computed"]]
    done = {"targets_done": {"done"}, "targets_unknown": {"unknown"}}.get(ask.metric)
    chosen = [
        row for row in rows if (row["status"] in done if done else row["status"] not in {"done", "unknown"})
    ]
    sides = tuple(
        (row["code"], target_ratio(Ask(ask.tables, ask.as_of, "status", "target", row["code"])))
        for row in rows
    )
    return ask.figure(money(len(chosen)), "given", currency=None, sides=sides)


def _coming(ask: Ask) -> list[Part]:
    coming = stands_beside.pipeline(ask.tables, ask.as_of).select("partner_fund_id")
    entity = (
        members(ask.tables).select("partner_fund_id", "entity").join(coming, on="partner_fund_id", how="semi")
    )
    stakes = _stakes(ask.tables).join(entity.select("entity"), on="entity", how="semi")
    reached = stakes.with_columns(
        field=pl.when(pl.col("approved_on") <= ask.as_of).then(pl.lit("approved_on")).when(pl.col("signed_on") <= ask.as_of)
        .then(pl.lit("signed_on")),
        on=pl.when(pl.col("approved_on") <= ask.as_of).then("approved_on").otherwise("signed_on"),
    ).filter(pl.col("field").is_not_null() & ~(pl.col("dropped_on") <= ask.as_of).fill_null(value=False))  # fmt: skip
    first = reached.sort("entity", "on", "participation_id").unique(
        "entity", keep="first", maintain_order=True
    )
    return [
        Part("participation", key, field, ONE, "pipeline", on)
        for key, field, on in first.select("row_key", "field", "on").iter_rows()
    ]


def _key(name: str) -> str:
    """A row's key out of the one id that makes it, as `model.frames.row_key` writes it."""
    return name.replace("|", "¦")
