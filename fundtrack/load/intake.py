"""One file: read, typed, identified, checked and compared with what is known; nothing is written."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import polars as pl

from fundtrack.errors import Problem, blocking
from fundtrack.load.balances import TABLE as INVESTORS
from fundtrack.load.balances import Taken, take_lists
from fundtrack.load.cells import column_index
from fundtrack.load.checked import Checked, ReadFile
from fundtrack.load.control import against_cover
from fundtrack.load.corrected_lists import stand_beside
from fundtrack.load.currency import has_currency, with_currency
from fundtrack.load.diff import TableDiff, complete, diff, required_absent
from fundtrack.load.due import ambiguous
from fundtrack.load.fill import fill
from fundtrack.load.fold import IDENTITY, consequences
from fundtrack.load.future import ahead, cover_ahead
from fundtrack.load.identified import told_of_ids
from fundtrack.load.identify import give_ids, id_field, order, resolve, unresolved
from fundtrack.load.jumps import unit_jumps
from fundtrack.load.parse import Parsed, parse_table
from fundtrack.load.payments import Kept, keep_paid, still_open, told_kept
from fundtrack.load.rowcheck import check_rows, cleared, place_in, repeated, resized, same_day
from fundtrack.load.snapshots import Proposal
from fundtrack.load.standing import untold
from fundtrack.load.state import State
from fundtrack.model.frames import KEY_DATES, key_fields, schema
from fundtrack.model.rows import COLUMNS, TABLES


@dataclass
class _Work:
    """What is gathered while a file's tables are checked, those that are referred to first.

    Attributes:
        broken: tables whose sheets could not be read.
        lost: table and field of every cell by which an entity would be known, had it been readable.
        unknown: references to what is not known, and the table they refer to.
        moneyless: by table the entities whose currency could not be read.
        kept: where payments stand although the file has blanks for them.
        proposals: the dated changes that lists of investors imply.
    """

    state: State
    problems: list[Problem]
    broken: frozenset[str | None] = frozenset()
    diffs: list[TableDiff] = field(default_factory=list)
    minted: dict[str, list[str]] = field(default_factory=dict)
    lost: list[tuple[str, str]] = field(default_factory=list)
    unknown: list[tuple[str, Problem]] = field(default_factory=list)
    moneyless: dict[str, list[str]] = field(default_factory=dict)
    kept: Kept = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)


def check_file(file: ReadFile, state: State, lost: Iterable[tuple[str, str]] = ()) -> Checked:
    """Check a read file against what is known; its own rows count as known for its own references.

    Args:
        file: as read.
        state: what is known.
        lost: table and field of cells in the sender's other files by which an entity would be known, had they been readable.
    """
    parsed = file.parsed or tuple(parse_table(raw) for raw in file.found.tables)
    work = _Work(state, [*file.cover.problems, *cover_ahead(file.cover, file.name), *file.found.problems])
    work.broken = frozenset(
        problem.table for problem in file.found.problems if problem.code == "header_not_found"
    )
    by_table: dict[str, list[Parsed]] = {}
    for item in parsed:
        work.problems.extend(item.problems)
        by_table.setdefault(item.raw.table, []).append(item)
    for table in order():
        if table in by_table:
            _check_table(table, by_table[table], file, work)
    work.problems.extend(told_kept(work.kept))
    folded = {id(problem) for problem in consequences(work.unknown, [*work.lost, *lost], work.state)}
    work.problems = [problem for problem in work.problems if id(problem) not in folded]
    work.problems.extend(against_cover(file.cover, file.name, parsed, work.problems))
    if not blocking(work.problems) and file.cover.sender:
        _cover_row(file, work)
    return Checked(
        file,
        tuple(_in_order(file, work.problems)),
        tuple(work.diffs),
        work.minted,
        work.state,
        tuple(work.lost),
        tuple(work.proposals),
    )


def _in_order(file: ReadFile, problems: Iterable[Problem]) -> list[Problem]:
    """As a reader meets them: cover, sheets as they stand, rows, columns."""
    sheets = [file.cover.sheet, *(raw.sheet for raw in file.found.tables)]
    places = {name: at for at, name in reversed(list(enumerate(sheets)))}
    return sorted(
        problems,
        key=lambda item: (
            places.get(item.sheet, len(sheets)),
            item.row or 0,
            column_index(item.column or "A"),
        ),
    )


def _check_table(table: str, items: list[Parsed], file: ReadFile, work: _Work) -> None:
    current = work.state[table]
    wrong: dict[str, dict[int, set[str]]] = {}
    ready = []
    for item in items:
        rows = _check_sheet(table, item, file, work, wrong.setdefault(item.raw.sheet, {}))
        keys = {*key_fields(table), *KEY_DATES.get(table, ())}
        bad = [row for row, names in wrong[item.raw.sheet].items() if names & keys]
        ready.append(rows.with_columns(pl.col("row_number").is_in(bad).alias("_bad")))
    keep, twice = repeated(pl.concat(ready), items, table)
    work.problems.extend(twice)
    work.lost.extend(
        (table, problem.field or "")
        for problem in twice
        if problem.severity == "error" and _is_identity(table, problem.field)
    )
    jumped = unit_jumps(table, keep, items, current)
    taken = take_lists(keep, items, file, work.state, wrong) if table == INVESTORS else Taken(keep)
    if not blocking(jumped):  # else nothing is to be asked of the amounts
        work.problems.extend(taken.problems)
    work.proposals.extend(taken.proposals)
    keep = taken.rows
    found = diff(keep.drop("_bad"), table, current)
    spoken = pl.concat([found.keys, taken.spoken]).unique(maintain_order=True)
    found = replace(found, unchanged=found.unchanged + taken.equal, keys=spoken)
    work.problems.extend(same_day(found, items, table, current, wrong))
    work.problems.extend(untold(cleared(found, items, table, wrong), work.problems))
    work.problems.extend((*jumped, *resized(found, items, table, jumped)))
    work.diffs.append(found)
    work.state = work.state.put(table, keep)
    work.problems.extend(still_open(found, items, table, work.state[table]))


def _check_sheet(
    table: str, item: Parsed, file: ReadFile, work: _Work, wrong: dict[int, set[str]]
) -> pl.DataFrame:
    """The rows of one sheet, complete; `wrong` gathers by row the fields that are problems."""
    current = work.state[table]
    late = ahead(item)
    work.problems.extend(late)
    for problem in (*(each for each in item.problems if each.severity == "error"), *late):
        wrong.setdefault(problem.row or 0, set()).add(problem.field or "")
    work.lost.extend(
        (table, name) for names in wrong.values() for name in sorted(names) if _is_identity(table, name)
    )
    frame = _references(
        item.frame.with_columns(pl.lit(item.raw.sheet).alias("sheet")), item, table, work, wrong
    )
    unclear = ambiguous(frame, table, work.state)
    frame = fill(frame, table, work.state)
    given = give_ids(frame, table, work.state)
    if given.minted:
        work.minted.setdefault(table, []).extend(given.minted)
    work.problems.extend(told_of_ids(item, table, given, unclear))
    frame = given.frame
    if file.kind != "correction":
        frame, told = stand_beside(frame, item, work.state, wrong)
        work.problems.extend(told)
    own = frame["currency"] if "currency" in frame.columns else None
    rows = complete(
        frame.drop("currency") if own is not None and has_currency(table) else frame, table, current
    )
    mapped = frozenset(column.field for column in item.raw.columns)
    for name in required_absent(rows, table, mapped, current):
        work.problems.append(
            Problem(
                "column_missing",
                file=file.name,
                sheet=item.raw.sheet,
                row=item.raw.header_row,
                field=name,
                table=table,
            )
        )
        for row in rows["row_number"].to_list():
            wrong.setdefault(row, set()).add(name)
    if has_currency(table):
        rows, found = with_currency(
            rows, own, item, file.cover, work.state, moneyless=work.moneyless, wrong=wrong
        )
        work.problems.extend(found)
    if file.kind != "correction":  # which may well say that nothing was paid
        rows, kept = keep_paid(rows, table, item, current, wrong)
        work.kept.extend(kept)
    for problem in list(check_rows(rows, item, table, wrong)):
        work.problems.append(problem)
        if problem.severity == "error":
            wrong.setdefault(problem.row or 0, set()).add(problem.field or "")
    return rows


def _is_identity(table: str, name: str | None) -> bool:
    return TABLES[table].info.mint is not None and (name in IDENTITY or name == id_field(table))


def _references(
    frame: pl.DataFrame, item: Parsed, table: str, work: _Work, wrong: dict[int, set[str]]
) -> pl.DataFrame:
    for column in COLUMNS[table]:
        if column.refers is None or column.name not in frame.columns:
            continue
        said = frame[column.name]
        frame, missing = resolve(frame, column, work.state)
        for row in missing:
            wrong.setdefault(row, set()).add(column.name)
        if not missing or column.refers in work.broken:
            continue  # the sheet it refers to could not be read: that is the one problem
        values = {
            row: value
            for row, value in zip(frame["row_number"].to_list(), said.to_list(), strict=True)
            if row in missing
        }
        place = place_in(item, column.name)
        found = unresolved(missing, values, place, column.refers)
        work.problems.extend(found)
        work.unknown.extend((column.refers, problem) for problem in found)
    return frame


def _cover_row(file: ReadFile, work: _Work) -> None:
    """The cover is a row like others, so that the newest date of any sender is known and can be taken back."""
    cover = file.cover
    at = cover.cells["as_of"][0] + 1 if "as_of" in cover.cells else 1
    names = schema("cover")
    values = {name: [cover.values.get(name)] for name in names if name in cover.values}
    row = pl.DataFrame(values, schema={name: names[name] for name in values}).with_columns(
        pl.lit(cover.sheet).alias("sheet"), pl.lit(at, dtype=pl.Int64).alias("row_number")
    )
    found = diff(complete(row, "cover", work.state["cover"]), "cover", work.state["cover"])
    work.diffs.append(found)
    work.state = work.state.put("cover", complete(row, "cover", work.state["cover"]))
