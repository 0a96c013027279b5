"""What columns of a new layout may be: fields with their likeness, the tables they belong to, the entities their rows name."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from fundtrack.load import match
from fundtrack.load.profiles import Plan
from fundtrack.load.propose import candidates
from fundtrack.model.frames import find_column
from fundtrack.model.rows import COLUMNS, TABLES

LIKELY: Final = 80.0
"""From this score on a proposal is put into the answer, for a person to look over; below it is only named."""
_COUNTS: Final = 60.0
_HINTED: Final = 0.3
OFFERED: Final = tuple(
    name for name, model in TABLES.items() if name != "cover" and "S" not in model.info.parts
)
"""Tables that a sheet may be given to."""


@dataclass(frozen=True)
class ColumnSeen:
    """One column of a sheet.

    Attributes:
        header: as written, the levels of a merged header joined by “ / ”; what a profile calls it.
        letter: its letters.
        samples: the first values under it.
        factor, currency: the unit that its header names.
        separator: what cuts its texts into parts; empty where nothing does.
        parts: the first text cut by it.

    """

    header: str
    letter: str
    samples: tuple[str, ...]
    factor: Decimal | None = None
    currency: str | None = None
    separator: str = ""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposed:
    """What a column may be in a table.

    Attributes:
        field: proposed; empty where nothing is likely.
        score: from 0 to 100; 100 is a header that the dictionary knows or a saved profile names.
        others: further fields with their scores, best first.
        undecided: the header names several fields equally, so that only a person can choose.

    """

    field: str = ""
    score: float = 0.0
    others: tuple[tuple[str, float], ...] = ()
    undecided: bool = False


def _score(table: str, header: str) -> tuple[tuple[str, float], ...]:
    parts = header.split(" / ")
    whole = candidates(table, "".join(parts)) if len(parts) > 1 else ()
    own = candidates(table, parts[-1])
    return whole if whole and (not own or whole[0][1] > own[0][1]) else own


def likely_tables(columns: Sequence[ColumnSeen], hint: str | None, most: int = 5) -> tuple[str, ...]:
    """The tables that columns may belong to: how many of them it knows, how much of what it needs is there, what a title says.

    Args:
        columns: of a sheet.
        hint: the table that a title speaks of.
        most: how many to give.

    """
    ranked = []
    for table in OFFERED:
        fields = {
            item.field: item.score for item in proposals(table, columns).values() if item.score >= _COUNTS
        }
        needed = [column.name for column in COLUMNS[table] if column.required and column.kind != "currency"]
        met = sum(name in fields for name in needed) / max(len(needed), 1)
        score = sum(fields.values()) / 100 / max(len(columns), 1) + 0.3 * met + _HINTED * (table == hint)
        if fields:
            ranked.append((-round(score, 4), OFFERED.index(table), table))
    return tuple(table for _, _, table in sorted(ranked)[:most])


def proposals(table: str, columns: Sequence[ColumnSeen], plan: Plan | None = None) -> dict[str, Proposed]:
    """What each header may be in a table; a field is proposed for one column only, the one most like it.

    Args:
        table: of the data dictionary.
        columns: of the sheet.
        plan: what was said of this layout before; it is believed.

    """
    said = {match.plain(header): field for header, field in plan.fields.items()} if plan else {}
    split = {match.plain(each.header): field for field, each in plan.splits.items()} if plan else {}
    found: dict[str, Proposed] = {}
    open_: list[tuple[float, int, str, str]] = []
    for at, column in enumerate(columns):
        key = match.plain(column.header)
        if plan is not None and (key in said or key in split):
            found[column.header] = Proposed(split.get(key) or said.get(key, ""), 100.0)
            continue
        like = _score(table, column.header)
        exact = [field for field, score in like if score == 100]
        found.setdefault(column.header, Proposed(others=like, undecided=len(exact) > 1))
        if len(exact) < 2:
            open_ += [(-score, at, column.header, field) for field, score in like if score >= LIKELY]
    taken = {each.field for each in found.values() if each.field}
    for negative, _, header, field in sorted(open_):
        if field not in taken and not found[header].field:
            taken.add(field)
            others = tuple(pair for pair in found[header].others if pair[0] != field)
            found[header] = Proposed(field, -negative, others)
    return found


def companions(table: str, headers: dict[str, str]) -> list[tuple[str, dict[str, str]]]:
    """Tables that a table's rows name and that the same columns can fill: the fund and the manager of a list of reports.

    Args:
        table: chosen for the sheet.
        headers: header → field, as chosen.

    Returns:
        Each such table with header → field, those that others need last.
    """
    by_field = {field: header for header, field in headers.items() if field}
    found: list[tuple[str, dict[str, str]]] = []
    waiting = [(find_column(table, field).refers, header) for field, header in by_field.items()]
    while waiting:
        other, header = waiting.pop(0)
        if other is None or other == table or other in {name for name, _ in found}:
            continue
        fields = {header: "name"}
        for item in headers:
            like = _score(other, item)
            exact = like[0][0] if like and like[0][1] == 100 else ""
            if (
                exact
                and item not in fields
                and exact not in fields.values()
                and find_column(other, exact).required
            ):
                fields[item] = exact
        needed = [column.name for column in COLUMNS[other] if column.required and column.kind != "currency"]
        if set(needed) <= set(fields.values()):
            found.append((other, fields))
            waiting += [(find_column(other, field).refers, item) for item, field in fields.items()]
    return found
