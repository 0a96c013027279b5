"""What came between two states of the ledger: each row that is new, changed or gone, with the batch that did it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from fundtrack.model.frames import LOG
from fundtrack.model.rows import TABLES
from fundtrack.store.ledger import Ledger
from fundtrack.store.trace import Place, places

What = Literal["new", "changed", "removed"]
_BESIDE: Final = {*LOG, "row_key"}


@dataclass(frozen=True)
class Change:
    """A row that came or went, or a field of a row that changed.

    Attributes:
        what: see `What`.
        table, key: the row.
        field: which field changed; None where the whole row came or went.
        old, new: its values; None where there was none.
        batch_id: the newest batch between the two that did it.
        place: where it came from; None where nothing stands any more.
    """

    what: What
    table: str
    key: str
    field: str | None
    old: Any
    new: Any
    batch_id: str
    place: Place | None = None


def changes_between(later: Ledger, earlier: str) -> list[Change]:
    """Every change from what was known after a batch to what a later ledger knows, by table and row.

    Args:
        later: the later state.
        earlier: the last batch of the earlier one; empty for nothing at all.
    """
    found = [change for table in TABLES for change in _of_table(later, table, earlier)]
    first = {table: next(iter(names)) for table in TABLES for names in [_fields(later, table)]}
    wanted = {(one.table, one.key, one.field or first[one.table]) for one in found if one.what != "removed"}
    where = places(later, wanted)
    return [
        Change(
            one.what, one.table, one.key, one.field, one.old, one.new, one.batch_id,
            where.get((one.table, one.key, one.field or first[one.table])),
        )
        for one in found
    ]  # fmt: skip


def _fields(ledger: Ledger, table: str) -> list[str]:
    return [name for name in ledger[table].columns if name not in _BESIDE]


def _of_table(later: Ledger, table: str, earlier: str) -> Iterator[Change]:
    touched = later.touched_after(table, earlier)
    fields = _fields(later, table)
    for (key,), rows in touched.partition_by("row_key", as_dict=True, maintain_order=True).items():
        versions = rows.to_dicts()
        before = [row for row in versions if row["batch_id"] <= earlier]
        old, new = _standing(before[-1] if before else None), _standing(versions[-1])
        if old is None and new is None:
            continue
        if old is None or new is None:
            what: What = "new" if old is None else "removed"
            yield Change(what, table, str(key), None, None, None, versions[-1]["batch_id"])
            continue
        for name in fields:
            if old[name] != new[name]:
                yield Change(
                    "changed", table, str(key), name, old[name], new[name], _brought(versions, name, earlier)
                )


def _standing(row: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    return row if row is not None and row["op"] == "put" else None


def _brought(versions: list[dict[str, Any]], name: str, earlier: str) -> str:
    """The newest batch after the earlier state that gave the field its present value."""
    at = len(versions) - 1
    while (
        at and versions[at - 1]["batch_id"] > earlier and versions[at - 1].get(name) == versions[at].get(name)
    ):
        at -= 1
    return str(versions[at]["batch_id"])
