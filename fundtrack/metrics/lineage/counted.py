"""What each target is counted from: the agreements, establishments, sizes and reported values, by the cell that decides."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final

import polars as pl

from fundtrack.metrics.counting import agreements, counted
from fundtrack.metrics.lineage.figure import ONE, Part, parts
from fundtrack.metrics.members import Tables, investors, members, participations, size_changes
from fundtrack.metrics.once import once
from fundtrack.metrics.progress import LEDGER, reported_row


@once
def stakes_of(tables: Tables) -> pl.DataFrame:
    """The participations of the programme, with entity and days, as `members.participations` lists them."""
    return participations(tables).filter("programme")


def reported(tables: Tables, row: dict[str, Any], day: date) -> list[Part]:
    """The newest value reported by a day."""
    newest = reported_row(tables["indicator"], row, day)
    return parts(newest, "indicator", "value", "value", "reported", "measured_on")


def _firms(tables: Tables, row: dict[str, Any], day: date) -> list[Part]:
    """Each new house by the agreement that brought it in."""
    last = min(day, row["due_on"])
    firms = counted(tables).firms.filter((pl.col("day") <= last) & (pl.col("day") >= row["starts_on"]))
    first = agreements(tables, stakes_of(tables)).join(firms, on=["house", "day"])
    first = first.sort("house", "participation_id").unique("house", keep="first", maintain_order=True)
    return [
        Part("participation", key_of(stake), "signed_on", ONE, "first_agreement", on)
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


def funds_counted(tables: Tables, row: dict[str, Any], day: date) -> list[Part]:  # noqa: ARG001
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
        stakes_of(tables)
        .filter((pl.col("counts_from") <= day) & live)
        .sort("counts_from", "participation_id")
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
    changes = size_changes(tables).filter(pl.col("day") <= day)
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


PARTS: Final[dict[str, Callable[[Tables, dict[str, Any], date], list[Part]]]] = {
    "new_managers": _firms, "partner_funds": funds_counted, "fund_scale": _scale, "cross_border": _cross_border,
}  # fmt: skip
assert set(PARTS) == set(LEDGER)  # noqa: S101 - read when the module is, so that no target of the ledger lacks its trace


def key_of(name: str) -> str:
    """A row's key out of the one id that makes it, as `model.frames.row_key` writes it."""
    return name.replace("|", "¦")
