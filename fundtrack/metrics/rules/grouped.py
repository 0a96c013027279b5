"""The rules by groups of partner funds: what a portfolio takes whose rows are too many to be looked at together.

Every rule looks at what hangs on one partner fund, but for

    companies        which ids are one company (the same valid USCC)
    receipts         REMIT_LATE: what a guidance fund remitted is matched with what it received from all partner funds
    balances         SUM_MISMATCH: a guidance fund's declared balances and all that it paid and received
    OF_ALL           rules that compare rows of one table with one another, or look at firms and companies

The first three are found once and given to each group, the rules OF_ALL are run once. Partner funds that are one entity, or of which
one's investments are recognised for another's participation, are never parted. So groups find together what all find at once. What is clear is
counted only: there is ten times more of it than of all else.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple

import polars as pl

from fundtrack.metrics.entities import fund_entities, merged
from fundtrack.metrics.groups import KEY
from fundtrack.metrics.holdings import companies
from fundtrack.metrics.members import Tables
from fundtrack.metrics.once import Once
from fundtrack.metrics.rules.every import RULES, findings_of
from fundtrack.metrics.rules.finding import Findings
from fundtrack.metrics.rules.parting import receipts
from fundtrack.metrics.rules.subjects import FUND
from fundtrack.metrics.rules.sums import balances

ID: Final = "investment_id"
OF_ALL: Final = ("BAD_CODE", "SUSPECT_DUPLICATE")
OF_FUNDS: Final = tuple(rule for rule in sorted(RULES) if rule not in OF_ALL)
PARTED: Final = {
    "cash_flow": KEY, "valuation": KEY, "fund_paid_in": FUND, "investor_commitment": FUND, "fund_report": FUND,
    "holding_valuation": ID, "investment_exit": ID,
}  # fmt: skip
"""Tables of which a group's rows alone are read, by a column of their key."""
_KEPT: Final = {
    "partner_fund": FUND,
    "fund_change": FUND,
    "participation": FUND,
    "investment": FUND,
    "reinvestment": KEY,
}
"""Tables of which a group keeps its rows, with the column that says whose they are; the rest it sees whole."""
ACROSS: Final = {"cash_flow": (KEY, "kind", "occurred_on", "amount", "currency", "row_key")}
"""What is read of all partner funds' payments, in no order."""

Read = Callable[[str, str, pl.Series], pl.DataFrame]
"""Gives the rows of a table whose column holds one of some values, by key."""


class Group(NamedTuple):
    """What some partner funds have to show.

    Attributes:
        tables: the ledger's tables, of these funds only; None of what is about no partner fund.
        found: what the rules say.
    """

    tables: Once
    found: Findings


class _Own(Mapping[str, pl.DataFrame]):
    """The tables of a ledger with the rows of some partner funds; the large ones are read when first asked for."""

    def __init__(self, whole: Tables, read: Read, funds: pl.Series) -> None:
        self._whole, self._read_rows = whole, read
        self._ids = {FUND: funds}
        self._found: dict[str, pl.DataFrame] = {}

    def __getitem__(self, table: str) -> pl.DataFrame:
        if table in PARTED:
            if table not in self._found:
                self._found[table] = self._read_rows(table, PARTED[table], self._own(PARTED[table]))
            return self._found[table]
        if table in _KEPT:
            if table not in self._found:
                own = self._own(_KEPT[table]).to_frame()
                self._found[table] = self._whole[table].join(
                    own, on=own.columns, how="semi", maintain_order="left"
                )
            return self._found[table]
        return self._whole[table]

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole)

    def __len__(self) -> int:
        return len(self._whole)

    def _own(self, column: str) -> pl.Series:
        """The ids that these funds have in a column."""
        if column not in self._ids:
            self._ids[column] = self["participation" if column == KEY else "investment"][column]
        return self._ids[column]


def in_groups(
    whole: Once, across: Callable[[], Tables], read: Read, as_of: date, most: int
) -> Iterator[Group]:
    """Say of a ledger on a day what `findings` says, group by group; first what is about no partner fund.

    Args:
        whole: the tables; of PARTED none is read here.
        across: gives the columns of ACROSS.
        read: gives a group's rows of the tables in PARTED.
        as_of: the day.
        most: how many partner funds a group has, more only where they cannot be parted.
    """
    yield Group(whole, findings_of(whole, OF_ALL, as_of, clear=False))
    received, declared = _across(whole, across, as_of)
    named = companies(whole)
    for funds in groups(whole, most):
        own = Once(_Own(whole, read, funds))
        own.remember(companies, named)
        stakes = own["participation"].select(KEY)
        own.remember(receipts, received.join(stakes, on=KEY, how="semi"), as_of)
        own.remember(balances, declared, as_of)
        yield Group(own, findings_of(own, OF_FUNDS, as_of, clear=False))
        declared = declared.clear()  # what is about guidance funds stands in the first group


def _across(whole: Tables, across: Callable[[], Tables], as_of: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Receipts and balances of guidance funds over all partner funds; the payments are let go with that."""
    beside = {table: whole[table] for table in ("participation", "guidance_fund", "guidance_flow")}
    payments = beside | dict(across())
    return receipts(payments, as_of), balances(payments, as_of)


def groups(tables: Tables, most: int) -> Iterator[pl.Series]:
    """Part the partner funds: those that are one entity, or recognise one another's investments, stay together.

    Args:
        tables: partner_fund, participation, investment and reinvestment are read.
        most: how many each group has, more only where they cannot be parted.

    Yields:
        partner_fund_id of a group; each stands in exactly one. There is always one group.
    """
    own = tables["participation"].select(KEY, FUND)
    made = tables["investment"].select(ID, of=FUND)
    foreign = tables["reinvestment"].select(KEY, ID).join(own, on=KEY).join(made, on=ID)
    foreign = foreign.filter(pl.col(FUND) != pl.col("of")).select(FUND, "of").unique()
    marks = {fund: [entity] for fund, entity in fund_entities(tables).iter_rows()}
    for fund, other in foreign.sort(FUND, "of").iter_rows():
        marks[fund].append(marks[other][0])
    bound: dict[str, list[str]] = {}
    for fund, first in merged(marks).items():
        bound.setdefault(first, []).append(fund)
    group: list[str] = []
    for funds in bound.values():
        if group and len(group) + len(funds) > most:
            yield pl.Series(FUND, group, dtype=pl.String)
            group = []
        group += funds
    if group or not bound:
        yield pl.Series(FUND, group, dtype=pl.String)
