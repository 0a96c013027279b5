"""Where a field of a row came from: the newest batch that mapped it, that batch's file, and the cell within it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from fundtrack.errors import InputError
from fundtrack.model.frames import schema
from fundtrack.model.rows import TABLES
from fundtrack.store.corrected import corrections
from fundtrack.store.ledger import Ledger

Origin = Literal["cell", "constant", "derived"]
"""cell: it stands in one. constant: a saved profile gives it. derived: it follows from other cells of its row, from the
cover, or from where the row stood."""

_KEYS: Final = 2_000
"""Rows looked up at a time."""


@dataclass(frozen=True)
class Place:
    """Where a field of a row came from.

    Attributes:
        table, key, field: the field.
        value: as the ledger holds it.
        origin: see `Origin`.
        batch_id, kind, file, sha256: the batch that brought it, of which kind, and its archived source.
        sheet, row, column: where in the file; the row of a derived value, a constant has neither.
        header: of the column as written, the constant's own words for a constant.
        factor: what the written amount was multiplied by.
        others: letters of further columns of that sheet for the field, where tables are stacked upon each other.
    """

    table: str
    key: str
    field: str
    value: Any
    origin: Origin
    batch_id: str
    kind: str
    file: str
    sha256: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    header: str | None = None
    factor: Decimal | None = None
    others: tuple[str, ...] = ()

    @property
    def cell(self) -> str | None:
        """The cell's address, as `F12`."""
        return f"{self.column}{self.row}" if self.column and self.row else None


Wanted = tuple[str, str, str]
"""Table, row key, field."""


def split_address(text: str) -> Wanted | None:
    """A field's address `table.key.field`; keys may hold dots themselves. None where it is none.

    >>> split_address("cash_flow.PA-1|call|2017-05-10|1.5.amount"), split_address("dpi"), split_address("dpi.a.b")
    (('cash_flow', 'PA-1|call|2017-05-10|1.5', 'amount'), None, None)
    """
    table, _, rest = text.partition(".")
    key, _, name = rest.rpartition(".")
    return (table, key, name) if table in TABLES and key and name in schema(table) else None


def address(table: str, key: str, field: str) -> str:
    """The reverse of `split_address`."""
    return f"{table}.{key}.{field}"


def places(ledger: Ledger, wanted: Iterable[Wanted]) -> dict[Wanted, Place]:
    """Where each field came from; a row that the ledger does not hold is left out."""
    asked: dict[str, dict[str, list[str]]] = {}
    for table, key, name in wanted:
        asked.setdefault(table, {}).setdefault(key, []).append(name)
    if not asked:
        return {}
    book = _Book(ledger)
    found: dict[Wanted, Place] = {}
    for table, keys in asked.items():
        for key, history in _histories(ledger, table, sorted(keys)):
            for name in keys[key]:
                place = book.place(table, key, name, history)
                if place is not None:
                    found[table, key, name] = place
    return found


def place_of(ledger: Ledger, table: str, key: str, field: str) -> Place:
    """Where one field came from.

    Raises:
        InputError: `row_unknown`, where the ledger does not hold the row.
    """
    found = places(ledger, [(table, key, field)])
    if not found:
        raise InputError("row_unknown", table=table, key=key)
    return found[table, key, field]


def _histories(ledger: Ledger, table: str, keys: list[str]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """All versions of each row, oldest first."""
    for at in range(0, len(keys), _KEYS):
        some = keys[at : at + _KEYS]
        rows = ledger.versions(table, some)
        for (key,), part in rows.partition_by("row_key", as_dict=True, maintain_order=True).items():
            yield str(key), part.to_dicts()


class _Book:
    """The batches and their maps of columns."""

    def __init__(self, ledger: Ledger) -> None:
        self.batches = {row["batch_id"]: row for row in ledger.batches().iter_rows(named=True)}
        self.columns: dict[tuple[str, str, str, str], list[dict[str, Any]]] = {}
        for row in ledger.batch_columns().iter_rows(named=True):
            where = (row["batch_id"], row["table_name"], row["sheet"], row["field"])
            self.columns.setdefault(where, []).append(row)
        self.corrected = {
            (each.table, each.row_key, each.field): each.batch_id
            for each in corrections(ledger)
            if each.status == "standing"
        }

    def place(self, table: str, key: str, name: str, history: list[dict[str, Any]]) -> Place | None:
        """Go back through a row's versions to the one that mapped the field.

        Where a correction stands, a later file that mapped it only said again what was wrong: the correction brought the value.
        """
        standing = self._before(history, len(history))
        if standing is None or history[standing]["op"] != "put":
            return None
        at = standing
        if batch := self.corrected.get((table, key, _column_of(name))):
            at = next((n for n, row in enumerate(history) if row["batch_id"] == batch), standing)
        while True:
            row = history[at]
            own = self.columns.get((row["batch_id"], table, row["sheet"], _column_of(name)))
            if own:
                return self._found(table, key, name, row, own)
            earlier = self._before(history, at)
            if (
                earlier is None
                or history[earlier]["op"] != "put"
                or history[earlier].get(name) != row.get(name)
            ):
                return self._found(table, key, name, row, [])
            at = earlier

    def _before(self, history: list[dict[str, Any]], at: int) -> int | None:
        """The version that stood before one; a reversal shows again what stood before the batch that it reverses."""
        limit = history[at]["batch_id"] if at < len(history) else None
        found = next(
            (
                n
                for n in range(min(at, len(history)) - 1, -1, -1)
                if limit is None or history[n]["batch_id"] < limit
            ),
            None,
        )
        while (
            found is not None
            and (reverses := self.batches[history[found]["batch_id"]]["reverses"]) is not None
        ):
            found = next((n for n in range(found - 1, -1, -1) if history[n]["batch_id"] < reverses), None)
        return found

    def _found(
        self, table: str, key: str, name: str, row: Mapping[str, Any], own: list[dict[str, Any]]
    ) -> Place:
        batch = self.batches[row["batch_id"]]
        about = {
            "table": table, "key": key, "field": name, "value": row.get(name), "batch_id": row["batch_id"], "kind": batch["kind"],
            "file": batch["file_name"], "sha256": batch["file_sha256"], "sheet": row["sheet"],
        }  # fmt: skip
        first = own[0] if own else None
        if first is None:
            return Place(origin="derived", row=row["row_number"], **about)
        if not first["column_letter"]:
            return Place(origin="constant", header=first["header"], **about)
        return Place(
            origin="cell", row=row["row_number"], column=first["column_letter"], header=first["header"], factor=first["unit_factor"],
            others=tuple(each["column_letter"] for each in own[1:]), **about,
        )  # fmt: skip


def _column_of(name: str) -> str:
    """The field whose cell tells a companion of it: a date's precision stands in the date."""
    return name.removesuffix("_precision")
