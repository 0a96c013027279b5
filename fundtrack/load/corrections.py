"""Corrections (更正): single values put right beside their untouched source, as a batch with a JSON source and a reason.

The document holds who, why and when, and `entries`. Each entry stands at a `sheet`, which is one corrected row, and a `cell`, whose
letter is the field's place among the row's and whose number is the row's place in the document; it holds `table`, `key`, `field`,
`header`, `typed` (the value as written), `old` and `new`. The ledger's sheet, row number and column letters name these places, so
that a corrected value's trace ends at its entry.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

import polars as pl

from fundtrack import __version__
from fundtrack.errors import InputError, Problem, blocking
from fundtrack.load.agree import agree
from fundtrack.load.cells import column_letter
from fundtrack.load.checked import Checked, ReadFile
from fundtrack.load.cover import CoverRead
from fundtrack.load.diff import TableDiff
from fundtrack.load.edits import Edit, by_row, row_as_sheet
from fundtrack.load.intake import check_file
from fundtrack.load.parse import Parsed
from fundtrack.load.state import State
from fundtrack.load.tables import Found
from fundtrack.model.frames import KEY_DATES
from fundtrack.model.rows import COLUMNS
from fundtrack.store import chain
from fundtrack.store.batches import BatchMeta, DraftBatch, in_utc
from fundtrack.store.corrected import shown, value_of
from fundtrack.store.editions import Store

FORMAT: Final = "fundtrack correction 1"
_LARGE: Final = frozenset({"unit_jump"})
"""Errors in a file that a correction may well mean: it puts a wrong unit right."""


@dataclass(frozen=True)
class Corrected:
    """What became of a correction.

    Attributes:
        outcome: published, unchanged or refused; `accepted` in a dry run.
        edition: the edition that now is the newest.
        batch_ids: the batch written, if any.
        problems: everything wrong, each at its entry of the JSON document.
        diffs: what changes, by table.
    """

    outcome: Literal["published", "unchanged", "refused", "accepted"]
    edition: int | None
    batch_ids: tuple[str, ...]
    problems: tuple[Problem, ...]
    diffs: tuple[TableDiff, ...]

    def values(self) -> Iterator[tuple[str, str, str, Any, Any]]:
        """Each corrected field: table, row_key, field, and both values as corrections compare them."""
        for each in self.diffs:
            for old, new in zip(each.before.to_dicts(), each.changed.to_dicts(), strict=True):
                for column in COLUMNS[each.table]:
                    was, now = (value_of(each.table, row, column.name) for row in (old, new))
                    if was != now:
                        yield each.table, new["row_key"], column.name, was, now

    def changes(self) -> list[dict[str, str]]:
        """The same as texts: table, row_key, field, old, new; empty where there is no value."""
        return [
            {"table": table, "row_key": key, "field": field, "old": shown(old), "new": shown(new)}
            for table, key, field, old, new in self.values()
        ]


def check(store: Store, edits: Sequence[Edit]) -> Corrected:
    """A dry run: what a correction would change and what is wrong with it.

    Raises:
        InputError: table, row or field are unknown, or the field identifies its row.
    """
    ledger = store.ledger()
    checked = _checked(edits, State(ledger if ledger.edition else None), "", [])
    outcome = "refused" if checked.blocked else "accepted" if checked.news else "unchanged"
    return Corrected(outcome, ledger.edition, (), checked.problems, checked.diffs)  # type: ignore[arg-type]


def correct(
    store: Store,
    edits: Sequence[Edit],
    *,
    by: str,
    reason: str,
    patience: float = 10.0,
    reviewer: str | None = None,
    guard: Callable[[Sequence[TableDiff]], None] | None = None,
) -> Corrected:
    """Publish a correction as an edition of its own, unless something is wrong with it.

    Args:
        store: the data folder.
        edits: new values, by row.
        by: who corrects.
        reason: why; a correction without one is refused.
        patience: seconds to wait for another loader.
        reviewer: who looked it over before it was published.
        guard: asked about what changes just before it is published.

    Raises:
        InputError: as `check`; and `correction_needs_reason`, `correction_needs_name`.
        BusyError: another loader did not finish in time, or the folder cannot be written.
    """
    if not reason.strip():
        raise InputError("correction_needs_reason")
    if not by.strip():
        raise InputError("correction_needs_name")
    with store.lock(by, patience):
        ledger = store.ledger()
        now = datetime.now(UTC).replace(microsecond=0)
        name, entries = f"correction-{now:%Y%m%d-%H%M%S}.json", list[dict[str, str]]()
        checked = _checked(edits, State(ledger if ledger.edition else None), name, entries)
        if checked.blocked or not checked.news:
            outcome: Literal["refused", "unchanged"] = "refused" if checked.blocked else "unchanged"
            return Corrected(outcome, ledger.edition, (), checked.problems, checked.diffs)
        if guard is not None:
            guard(checked.diffs)
        head = {"format": FORMAT, "by": by.strip(), "reason": reason.strip(), "at": chain.iso(in_utc(now)), "program_version": __version__}  # fmt: skip
        source = json.dumps(head | {"entries": entries}, ensure_ascii=False, indent=1).encode()
        meta = BatchMeta(
            file_name=name, file_sha256=hashlib.sha256(source).hexdigest(), sender=None, kind="correction", loaded_by=by.strip(),
            loaded_at=now, program_version=__version__, reason=reason.strip(), counts=checked.counts(), reviewer=reviewer,
        )  # fmt: skip
        puts = {
            each.table: each.puts.with_columns(pl.lit("put").alias("op"))
            for each in checked.diffs
            if each.puts.height
        }
        published = store.publish([DraftBatch(meta, puts, checked.column_map(), source)], check=agree)
    return Corrected("published", published.edition, published.batch_ids, checked.problems, checked.diffs)


def _checked(edits: Sequence[Edit], state: State, name: str, entries: list[dict[str, str]]) -> Checked:
    """A correction checked as a file is; of what changes, `entries` gathers the document's entries."""
    parsed = [
        row_as_sheet(edit, place, state, name) for place, edit in enumerate(by_row(edits, state), start=1)
    ]
    cover = CoverRead(None, {}, {}, None, None, (), ())
    file = ReadFile(
        Path(name),
        name,
        "",
        cover,
        Found([each.raw for each in parsed]),
        kind="correction",
        parsed=tuple(parsed),
    )
    checked = check_file(file, state)
    moved = _other_rows(checked, parsed)
    elsewhere = {each.sheet for each in moved}  # what else is wrong with a row of another key only follows
    own = [each for each in checked.problems if each.sheet not in elsewhere]
    problems = [*moved, *(replace(each, severity="warning") if each.code in _LARGE else each for each in own)]
    checked = replace(checked, problems=tuple(problems))
    return checked if blocking(problems) else _only_changed(checked, parsed, entries)


def _other_rows(checked: Checked, parsed: Sequence[Parsed]) -> list[Problem]:
    """Edits that would make another row of theirs: they change what identifies it."""
    places = {each.raw.sheet: each for each in parsed}
    found = []
    for each in checked.diffs:
        for sheet, row in each.new.select("sheet", "row_number").iter_rows():
            raw = places[sheet].raw
            first = next(
                (column for column in raw.columns if column.field in KEY_DATES.get(each.table, ())),
                raw.columns[0],
            )
            value = raw.text[first.name][0]
            found.append(
                Problem(
                    "correction_of_key",
                    file=raw.file,
                    sheet=sheet,
                    row=row,
                    column=first.letter,
                    field=first.field,
                    table=each.table,
                    value=value,
                )
            )
    return found


def _only_changed(checked: Checked, parsed: Sequence[Parsed], entries: list[dict[str, str]]) -> Checked:
    """The file with only what it changes, and an entry for each."""
    before = {
        (each.table, row["row_key"]): row
        for each in checked.diffs
        for row in each.before.iter_rows(named=True)
    }
    after = {row["sheet"]: row for each in checked.diffs for row in each.changed.iter_rows(named=True)}
    kept = []
    for item in parsed:
        raw, row = item.raw, after.get(item.raw.sheet)
        if row is None:
            continue
        old = before[raw.table, row["row_key"]]
        columns = []
        for column in raw.columns:
            was, now = (value_of(raw.table, each, column.field) for each in (old, row))
            if was == now:
                continue
            columns.append(column)
            entries.append({
                "sheet": raw.sheet, "cell": f"{column_letter(column.index)}{raw.row_numbers[0]}", "table": raw.table, "key": row["row_key"],
                "field": column.field, "header": column.header, "typed": raw.text[column.name][0] or "", "old": shown(was), "new": shown(now),
            })  # fmt: skip
        kept.append(replace(raw, columns=tuple(columns)))
    return replace(checked, file=replace(checked.file, found=Found(kept)))
