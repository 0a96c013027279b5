"""A list of investors without dates beside the ledger: balances as of the cover's date, from which dated changes are proposed.

Rules, fund by fund, where every row of the fund lacks date and reason and the ledger has investors of it: an equal balance is no
news; more is 增资, less is 减资, both by the difference; nobody left is 退伙 by the whole balance. Where as many names are new as
are lost with one amount, they are pairs of 受让 and 转出. Other new names are 增资 at the cover's date, except where together
they are exactly what the first commitments known lack of the fund's size at establishment: then they are 初始. Changes are
dated by the cover, so that no earlier size moves. They are proposed, and become rows only where a person accepts them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from fundtrack.load.state import State
from fundtrack.model.fields import name_key

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Proposal:
    """One dated change that a list of investors implies.

    Attributes:
        partner_fund_id, investor: whose; the investor as the ledger writes it where it knows the name.
        reason: as stored in `investor_commitment.reason`.
        amount: the change, in units of the currency; below zero where the investor leaves or reduces.
        effective_on, precision: from when.
        listed: the balance on the list; None where the list does not have the name.
        known: the balance in the ledger at that date.
        currency: of the amounts.
        sheet, row: where the list says so; of a name that is missing, the header.
        at: the row of the list, or of the ledger where the list has none, that says what the investor is.
    """

    partner_fund_id: str
    investor: str
    reason: str
    amount: Decimal
    effective_on: date
    precision: str
    listed: Decimal | None
    known: Decimal
    currency: str | None
    sheet: str
    row: int
    at: Row


@dataclass(frozen=True)
class Holder:
    """An investor in a fund's ledger: the rows until a date, their sum, the newest of them."""

    rows: Sequence[Row]
    balance: Decimal
    newest: Row


def holders(rows: pl.DataFrame, as_of: date) -> dict[str, Holder]:
    """A fund's investors by normalised name, as they stood on a date."""
    until = rows.filter(pl.col("effective_on").is_null() | (pl.col("effective_on") <= as_of))
    found: dict[str, list[Row]] = {}
    for row in until.sort("effective_on", "row_key", nulls_last=False).iter_rows(named=True):
        found.setdefault(name_key(row["investor"]), []).append(row)
    return {
        name: Holder(own, sum((row["amount"] for row in own), Decimal(0)), own[-1])
        for name, own in found.items()
    }


@dataclass(frozen=True)
class List:
    """A fund's list.

    Attributes:
        partner_fund_id: the fund.
        rows: of the file, complete, each with `sheet` and `row_number`.
        as_of, precision: the cover's date.
        top: the header's row in each sheet, where a missing name is told.
    """

    partner_fund_id: str
    rows: Sequence[Row]
    as_of: date
    precision: str
    top: Mapping[str, int]

    def by_name(self) -> dict[str, list[Row]]:
        """The rows of each investor by normalised name."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(name_key(row["investor"]), []).append(row)
        return found


def propose(listed: List, known: Mapping[str, Holder], state: State) -> list[Proposal]:
    """The changes that lead from the ledger's balances to the list's.

    Args:
        listed: the list.
        known: the fund's investors on that date.
        state: where the fund is, for its size at establishment.
    """
    names = listed.by_name()
    amounts = {name: sum((row["amount"] for row in rows), Decimal(0)) for name, rows in names.items()}
    standing = {name for name, holder in known.items() if holder.balance}
    new = [name for name in names if name not in standing and amounts[name]]
    lost = [name for name in known if name in standing and not amounts.get(name)]
    pairs = _pairs({name: amounts[name] for name in new}, {name: known[name].balance for name in lost})
    entering = [name for name in new if name not in pairs]
    first = _missing_at_first(
        listed.partner_fund_id, sum((amounts[name] for name in entering), Decimal(0)), state
    )
    found = []
    for name in [*names, *(name for name in lost if name not in names)]:
        before = known[name].balance if name in known else Decimal(0)
        change = amounts.get(name, Decimal(0)) - before
        if not change:
            continue
        reason = pairs.get(name) or (
            "withdrawn" if name in lost else "increase" if change > 0 else "reduction"
        )
        start = (listed.as_of, listed.precision)
        if first is not None and name in entering:
            reason, start = "initial", first
        found.append(_made(listed, names.get(name, []), known.get(name), reason, change, start))
    return found


def _pairs(new: Mapping[str, Decimal], lost: Mapping[str, Decimal]) -> dict[str, str]:
    """The names that hand over to one another: of one amount, as many new as lost."""
    found: dict[str, str] = {}
    for amount in {*new.values()}:
        coming = [name for name, value in new.items() if value == amount]
        going = [name for name, value in lost.items() if value == amount]
        if len(coming) == len(going):
            found |= dict.fromkeys(coming, "acquired") | dict.fromkeys(going, "transferred")
    return found


def _missing_at_first(fund: str, entering: Decimal, state: State) -> tuple[date, str] | None:
    """The establishment, where its size lacks exactly these commitments; None where it does not."""
    own = state["partner_fund"].filter(pl.col("partner_fund_id") == fund).to_dicts()
    if not own or not entering or own[0]["committed_size"] is None or own[0]["established_on"] is None:
        return None
    rows = state["investor_commitment"].filter(
        pl.col("partner_fund_id") == fund, pl.col("reason") == "initial"
    )
    known = sum(rows["amount"].to_list(), Decimal(0))
    if own[0]["committed_size"] - known != entering:
        return None
    return own[0]["established_on"], own[0]["established_on_precision"]


def _made(listed: List, rows: Sequence[Row], holder: Holder | None, reason: str, change: Decimal,
          start: tuple[date, str]) -> Proposal:  # fmt: skip
    at = rows[0] if rows else holder.newest if holder else {}
    sheet = rows[0]["sheet"] if rows else listed.rows[0]["sheet"]
    row = rows[0]["row_number"] if rows else listed.top[sheet]
    return Proposal(
        listed.partner_fund_id, holder.newest["investor"] if holder else at["investor"], reason, change, *start,
        sum((each["amount"] for each in rows), Decimal(0)) if rows else None, holder.balance if holder else Decimal(0),
        at["currency"], sheet, row, at,
    )  # fmt: skip


def as_rows(
    proposals: Sequence[Proposal], known: Mapping[str, Holder], note: str
) -> Iterator[dict[str, Any]]:
    """The rows that accepted proposals become; a change of the same day and reason that is known already grows by it.

    Args:
        proposals: of one fund.
        known: the fund's investors.
        note: what a row says of its origin where the list says nothing, with `{listed}` and `{known}`.
    """
    for each in proposals:
        holder = known.get(name_key(each.investor))
        same = (
            next(
                (
                    row
                    for row in holder.rows
                    if (row["effective_on"], row["reason"]) == (each.effective_on, each.reason)
                ),
                None,
            )
            if holder
            else None
        )
        words = note.format(listed=f"{each.listed or 0:,.2f}", known=f"{each.known:,.2f}")
        own = {
            "partner_fund_id": each.partner_fund_id, "investor": each.investor, "kind": each.at["kind"], "effective_on": each.effective_on,
            "effective_on_precision": each.precision, "guidance_fund_id": each.at["guidance_fund_id"], "reason": each.reason,
            "amount": each.amount, "currency": each.currency, "voucher_no": None, "note": words,
        }  # fmt: skip
        if each.listed is not None:
            own |= {"voucher_no": each.at["voucher_no"], "note": each.at["note"] or words}
        if same:
            own |= {"amount": same["amount"] + each.amount, "kind": same["kind"]}
        yield own | {"sheet": each.sheet, "row_number": each.row}
