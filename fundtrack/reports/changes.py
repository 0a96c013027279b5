"""What changed between two editions, and through which batch: figures old and new, rows and fields with their cells."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from fundtrack.errors import InputError
from fundtrack.metrics.lineage.figure import same
from fundtrack.metrics.once import Once
from fundtrack.metrics.participations_at import participations_at
from fundtrack.metrics.progress import progress
from fundtrack.metrics.stored import fund_metric
from fundtrack.reports.trace import shown
from fundtrack.store.between import Change, changes_between
from fundtrack.store.ledger import Ledger

_KEY: Final = ("entity_type", "entity_id", "metric", "currency", "verdict")
_TARGETS: Final = ("actual", "target", "completion", "year_completion", "remaining")


@dataclass(frozen=True, slots=True)
class ChangesReport:
    """What changed from one edition to a later one, both looked at on one day.

    Attributes:
        from_edition, to_edition: the two.
        as_of: the day.
        batches: those that came between, in order.
        figures: entity_type, entity_id, metric, currency, old, new, of those that differ; old_on_record and new_on_record say whether an edition
            had the figure at all: what it lacked is not the same as what was unknown in it.
        changes: rows new, changed or gone, each with its batch and its place.
    """

    from_edition: int | None
    to_edition: int | None
    as_of: date | None
    batches: pl.DataFrame
    figures: tuple[dict[str, Any], ...]
    changes: tuple[Change, ...]

    def counts(self) -> dict[str, dict[str, int]]:
        """How many rows or fields came, changed or went, by table."""
        found = Counter((one.table, one.what) for one in self.changes)
        tables = dict.fromkeys(one.table for one in self.changes)
        return {
            table: {what: found[table, what] for what in ("new", "changed", "removed")} for table in tables
        }

    def as_json(self) -> dict[str, Any]:
        """The report as JSON."""
        names = (
            "batch_id",
            "edition",
            "kind",
            "file_name",
            "file_sha256",
            "sender",
            "loaded_by",
            "reason",
            "reverses",
        )
        return {
            "from": self.from_edition, "to": self.to_edition, "as_of": self.as_of.isoformat() if self.as_of else None,
            "batches": self.batches.select(names).to_dicts(), "counts": self.counts(),
            "figures": [{name: shown(value) for name, value in row.items()} for row in self.figures],
            "changes": [_change(one) for one in self.changes],
        }  # fmt: skip


def changes_report(earlier: Ledger, later: Ledger, as_of: date | None = None) -> ChangesReport:
    """Compare two states of one ledger, by default on the later one's own date.

    Raises:
        InputError: `changes_backwards`, where the first edition is the later one.
    """
    if (earlier.edition or 0) > (later.edition or 0):
        raise InputError("changes_backwards", first=earlier.edition, second=later.edition)
    day = as_of or later.default_as_of
    batches = later.batches().filter(pl.col("batch_id") > earlier.batch_id)
    changes = tuple(changes_between(later, earlier.batch_id)) if batches.height else ()
    figures = _figures(earlier, later, day) if day and batches.height else ()
    return ChangesReport(earlier.edition, later.edition, day, batches, tuple(figures), changes)


def _figures(earlier: Ledger, later: Ledger, day: date) -> list[dict[str, Any]]:
    """Targets and stored metrics that are not what they were."""
    old, new = _known(earlier, day), _known(later, day)
    rows = []
    for key in dict.fromkeys([*old, *new]):
        was, now = old.get(key), new.get(key)
        if not same(was, now):
            kind, entity, name, currency, _ = key
            rows.append(
                {
                    "entity_type": kind,
                    "entity_id": entity,
                    "metric": name,
                    "currency": currency,
                    "old": was,
                    "new": now,
                    "old_on_record": key in old,
                    "new_on_record": key in new,
                }
            )
    return rows


def _known(ledger: Ledger, day: date) -> dict[tuple[Any, ...], Any]:
    """Every figure on a day by what it is of."""
    tables: Any = Once(ledger)
    found: dict[tuple[Any, ...], Any] = {}
    for row in progress(tables, day).iter_rows(named=True):
        found |= {("target", row["code"], name, row["currency"], None): row[name] for name in _TARGETS}
    for row in fund_metric(tables, participations_at(tables, day), day).iter_rows(named=True):
        verdict = row["verdict"] if str(row["metric"]).endswith(("pme", "alpha", "pme_plus")) else None
        key = (*(row[name] for name in _KEY[:4]), verdict)
        found[key] = row["amount"] if row["amount"] is not None else row["value"]
    return found


def _change(one: Change) -> dict[str, Any]:
    place = one.place
    return {
        "what": one.what, "table": one.table, "key": one.key, "field": one.field, "old": shown(one.old), "new": shown(one.new),
        "batch_id": one.batch_id, "file": place.file if place else None, "sheet": place.sheet if place else None,
        "cell": place.cell if place else None, "row": place.row if place else None,
    }  # fmt: skip
