"""Scope by guidance fund: which rows belong to the guidance funds that somebody may see and load, and which do not."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import polars as pl

from fundtrack.errors import AccessError
from fundtrack.store.editions import Store
from fundtrack.store.ledger import Connect, Ledger

_BY: Final = {
    "guidance_fund": "guidance_fund_id", "guidance_flow": "guidance_fund_id", "participation": "guidance_fund_id",
    "cash_flow": "participation_id", "valuation": "participation_id", "reinvestment": "participation_id",
    "partner_fund": "partner_fund_id", "fund_change": "partner_fund_id", "investor_commitment": "partner_fund_id",
    "fund_paid_in": "partner_fund_id", "investment": "partner_fund_id", "fund_report": "partner_fund_id",
    "investment_exit": "investment_id", "holding_valuation": "investment_id",
    "manager": "manager_id", "company": "company_id", "finding_action": "entity",
}  # fmt: skip
"""By which column a table's rows belong to somebody; the tables left out are everybody's to read and nobody's of theirs to write."""
OPEN: Final = frozenset({"cover"})
"""Tables that come with every file."""

Read = Callable[[str], pl.DataFrame]


class Scope:
    """What belongs to some guidance funds: they, their stakes, the partner funds, managers and companies behind these."""

    def __init__(self, read: Read, funds: Collection[str]) -> None:
        self._read = read
        self.funds = frozenset(funds)

    @cached_property
    def _ids(self) -> Mapping[str, frozenset[str]]:
        stakes = self._read("participation").filter(pl.col("guidance_fund_id").is_in(sorted(self.funds)))
        partners = _texts(stakes["partner_fund_id"])
        held = self._read("partner_fund").filter(pl.col("partner_fund_id").is_in(sorted(partners)))
        made = self._read("investment").filter(pl.col("partner_fund_id").is_in(sorted(partners)))
        found = {
            "guidance_fund_id": self.funds, "participation_id": _texts(stakes["participation_id"]), "partner_fund_id": partners,
            "manager_id": _texts(held["manager_id"]), "investment_id": _texts(made["investment_id"]),
            "company_id": _texts(made["company_id"]),
        }  # fmt: skip
        return {**found, "entity": frozenset().union(*found.values())}

    def holds(self, table: str) -> pl.Expr:
        """Whether a row of a table belongs."""
        column = _BY.get(table)
        if column is None:
            return pl.lit(value=True)
        return pl.col(column).is_in(sorted(self._ids[column])).fill_null(value=False)

    def outside(self, table: str, rows: pl.DataFrame) -> str | None:
        """The key of the first row to write that does not belong; None where all do."""
        if table in OPEN or rows.is_empty():
            return None
        wrong = rows if table not in _BY else rows.filter(~self.holds(table))
        return str(wrong["row_key"][0]) if wrong.height else None


def _texts(column: pl.Series) -> frozenset[str]:
    return frozenset(column.drop_nulls().to_list())


def stay_within(ledger: Ledger, puts: Iterable[tuple[str, pl.DataFrame]], funds: Collection[str]) -> None:
    """Make sure that what is to be written belongs to some guidance funds, as the rows are and as they would be.

    Args:
        ledger: what is known.
        puts: rows to write, by table.
        funds: codes of the guidance funds.

    Raises:
        AccessError: `outside_funds`, naming the first row that does not belong.
    """
    written = list(puts)
    new: dict[str, list[pl.DataFrame]] = {}
    for table, rows in written:
        new.setdefault(table, []).append(rows)

    def after(table: str) -> pl.DataFrame:
        known = ledger[table]
        own = [
            rows.select(known.columns)
            for rows in new.get(table, ())
            if set(known.columns) <= set(rows.columns)
        ]
        return pl.concat([known, *own]) if own else known

    later, now = Scope(after, funds), Scope(ledger.__getitem__, funds)
    for table, rows in written:
        puts_only = rows.filter(pl.col("op") != "delete") if "op" in rows.columns else rows
        if table == "finding_action":
            puts_only = _named(ledger, puts_only)
        touched = ledger[table].join(rows.select("row_key"), on="row_key", how="semi")
        key = later.outside(table, puts_only) or now.outside(table, touched)
        if key is not None:
            raise AccessError("outside_funds", table=table, key=key, funds=", ".join(sorted(funds)))


def _named(ledger: Ledger, rows: pl.DataFrame) -> pl.DataFrame:
    """Decisions with the entity in place of the finding's id."""
    if ledger.edition is None:
        return rows
    found = ledger.query("SELECT finding_id, entity AS found FROM finding").unique("finding_id")
    return rows.join(found, left_on="entity", right_on="finding_id", how="left").with_columns(
        entity=pl.coalesce("found", "entity")
    )


class ScopedLedger(Ledger):
    """What was known at one edition, of some guidance funds only."""

    def __init__(
        self, connect: Connect | None, edition: int | None, batch_id: str, funds: Collection[str]
    ) -> None:
        super().__init__(connect, edition, batch_id)
        whole = Ledger(connect, edition, batch_id)
        self.scope = Scope(whole.__getitem__, funds)
        self._own_batches: frozenset[str] | None = None

    def _read(
        self, table: str, schema: Mapping[str, pl.DataType], among: pl.Series | None = None
    ) -> pl.DataFrame:
        return super()._read(table, schema, among).filter(self.scope.holds(table))

    def only(self, wanted: Mapping[str, Sequence[str]]) -> dict[str, pl.DataFrame]:
        """The current rows that belong, with some of their columns."""
        return {table: self[table].select(names) for table, names in wanted.items()}

    def _own(self, table: str, rows: pl.DataFrame) -> pl.DataFrame:
        return rows.filter(self.scope.holds(table)) if _BY.get(table) in rows.columns else rows

    def log(self, table: str) -> pl.DataFrame:
        """All that was ever written to the rows that belong."""
        return self._own(table, super().log(table))

    def history(self, table: str, batch: str) -> pl.DataFrame:
        """All that was ever written to the rows that belong and that a batch touched."""
        return self._own(table, super().history(table, batch))

    def touched_by(self, table: str, kind: str) -> pl.DataFrame:
        """All that was ever written to the rows that belong and that batches of a kind touched."""
        return self._own(table, super().touched_by(table, kind))

    def touched_after(self, table: str, batch: str) -> pl.DataFrame:
        """All that was ever written to the rows that belong and that later batches touched."""
        return self._own(table, super().touched_after(table, batch))

    def batches(self) -> pl.DataFrame:
        """The batches that wrote any row that belongs."""
        known = super().batches()
        if self._own_batches is None:
            written = [self.log(table)["batch_id"] for table in _BY]
            self._own_batches = frozenset().union(*(_texts(column) for column in written))
        return known.filter(pl.col("batch_id").is_in(sorted(self._own_batches)))

    def versions(self, table: str, keys: Any) -> pl.DataFrame:
        """All that was ever written to some rows that belong."""
        return self._own(table, super().versions(table, keys))


def of_funds(ledger: Ledger, funds: Collection[str] | None) -> Ledger:
    """The ledger as somebody may see it; the same where they may see all."""
    if funds is None:
        return ledger
    return ScopedLedger(ledger._connect, ledger.edition, ledger.batch_id, funds)  # noqa: SLF001 - a ledger over the same file


class OwnStore(Store):
    """A data folder of which only some guidance funds are seen."""

    def __init__(self, data: Path, funds: Collection[str] | None) -> None:
        super().__init__(data)
        self._funds = funds

    def ledger(self, known_at: int | date | None = None) -> Ledger:
        """What is known now, or was known then, of the guidance funds that are seen.

        Raises:
            InputError: as `Store.ledger`.
        """
        return of_funds(super().ledger(known_at), self._funds)


@dataclass(frozen=True)
class Sight:
    """What somebody sees: a data folder, and the guidance funds; None for all. Reports are kept by it.

    Attributes:
        data: the data folder.
        funds: codes of the guidance funds, in order.
    """

    data: str
    funds: tuple[str, ...] | None = None

    @property
    def store(self) -> Store:
        """The store as they see it."""
        return OwnStore(Path(self.data), self.funds)
