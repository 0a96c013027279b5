"""Corrected commitments beside lists of balances: a balance repeats a commitment only where it is the investor's one."""

import polars as pl

from fundtrack.errors import Problem
from fundtrack.load.balances import TABLE, bare_rows
from fundtrack.load.parse import Parsed
from fundtrack.load.rowcheck import Wrong
from fundtrack.load.standing import stand
from fundtrack.load.state import State
from fundtrack.model.fields import name_key


def stand_beside(
    frame: pl.DataFrame, item: Parsed, state: State, wrong: Wrong
) -> tuple[pl.DataFrame, list[Problem]]:
    """As `stand`, but a balance that differs replaces no correction: its difference is proposed as a change of its own."""
    if item.raw.table != TABLE or not state.corrected(TABLE):
        return stand(frame, item, state, wrong)
    balances = _balances(frame, item, state)
    aside = {row: {*wrong.get(row, set()), "amount"} for row, one in balances.items() if not one}
    frame, told = stand(frame, item, state, {**wrong, **aside})
    return frame, [
        each
        for each in told
        if (each.code, each.field) != ("correction_replaced", "amount") or each.row not in balances
    ]


def _balances(frame: pl.DataFrame, item: Parsed, state: State) -> dict[int, bool]:
    """The rows that are balances of known investors' funds, and whether each investor has one commitment there."""
    known: dict[tuple[str, str], int] = {}
    for fund, investor in state[TABLE].select("partner_fund_id", "investor").iter_rows():
        known[fund, name_key(investor)] = known.get((fund, name_key(investor)), 0) + 1
    funds = {fund for fund, _ in known}
    bare = set(bare_rows(item)["row_number"])
    rows = frame.select("partner_fund_id", "investor", "row_number").rows()
    dated = {fund for fund, _, row in rows if row not in bare}
    return {
        row: known.get((fund, name_key(investor or ""))) == 1
        for fund, investor, row in rows
        if fund in funds and fund not in dated
    }
