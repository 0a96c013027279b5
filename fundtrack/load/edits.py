"""What somebody wants corrected: table, row and fields as named, and each row as a sheet of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from fundtrack.errors import InputError
from fundtrack.load.cells import Kind
from fundtrack.load.identify import id_field, lookup
from fundtrack.load.parse import Parsed, parse_table
from fundtrack.load.state import State
from fundtrack.load.tables import Mapped, RawTable
from fundtrack.model.frames import KEY_DATES, key_fields, precision_of, schema
from fundtrack.model.rows import COLUMNS, TABLES


@dataclass(frozen=True)
class Edit:
    """New values for one row.

    Attributes:
        table: of the data dictionary.
        key: the row's key as the ledger has it (`row_key`).
        values: field → the new value as typed; empty or a dash takes the value away. Amounts are in units of the row's
            currency unless they say otherwise (`1.2亿`).
    """

    table: str
    key: str
    values: Mapping[str, str]


def editable(table: str) -> tuple[str, ...]:
    """The fields of a table that a correction may touch: all but those that identify its rows."""
    fixed = {*key_fields(table), *KEY_DATES.get(table, ())[:1]}
    return tuple(column.name for column in COLUMNS[table] if column.name not in fixed)


def find_table(word: str) -> str:
    """The table that somebody means: by name or by its sheet's title in either language.

    Raises:
        InputError: `correction_table_unknown`.
    """
    for name, model in TABLES.items():
        if word.strip().casefold() in {name, model.info.zh, model.info.en.casefold()}:
            return name
    raise InputError("correction_table_unknown", table=word)


def find_field(table: str, word: str) -> str:
    """The field of a table that somebody means: by name or by its title in either language.

    Raises:
        InputError: `correction_field_unknown`, or `correction_of_key` where it identifies the row.
    """
    meant = word.strip().casefold()
    for column in COLUMNS[table]:
        if meant in {column.name, column.zh, column.en.casefold()}:
            if column.name not in editable(table):
                raise InputError("correction_of_key", field=column.name, table=table)
            return column.name
    raise InputError("correction_field_unknown", table=table, field=word, fields=", ".join(editable(table)))


def find_row(state: State, table: str, word: str) -> str:
    """The key of the row that somebody means: the key itself, else an entity's code or name.

    Raises:
        InputError: `correction_row_unknown`.
    """
    if word in set(state[table]["row_key"]):
        return word
    if TABLES[table].info.mint is not None:
        of = lookup(state, table).get(word, "")
        found = state[table].filter(pl.col(id_field(table)) == of)["row_key"].to_list()
        if len(found) == 1:
            return str(found[0])
    raise InputError("correction_row_unknown", table=table, key=word)


def by_row(edits: Sequence[Edit], state: State) -> list[Edit]:
    """The edits with what they name looked up, those of one row together."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for edit in edits:
        table = find_table(edit.table)
        values = {find_field(table, word): said for word, said in edit.values.items()}
        found.setdefault((table, find_row(state, table, edit.key)), {}).update(values)
    return [Edit(table, key, values) for (table, key), values in found.items()]


def row_as_sheet(edit: Edit, place: int, state: State, file: str) -> Parsed:
    """An edit as a sheet of one row: its values typed as they stand, and what identifies the row."""
    info = TABLES[edit.table].info
    titles = {column.name: column.zh for column in COLUMNS[edit.table]}
    columns = tuple(Mapped(field, at, titles[field]) for at, field in enumerate(edit.values))
    said = [value.strip() or None for value in edit.values.values()]
    kinds = [Kind.EMPTY if value is None else Kind.TEXT for value in said]
    text = pl.DataFrame({each.name: [word] for each, word in zip(columns, said, strict=True)},
                        schema={each.name: pl.String for each in columns})  # fmt: skip
    kind = pl.DataFrame({each.name: [int(what)] for each, what in zip(columns, kinds, strict=True)},
                        schema={each.name: pl.UInt8 for each in columns})  # fmt: skip
    raw = RawTable(file, f"{info.zh} {edit.key}", edit.table, 0, columns, pl.Series([place]), text, kind)
    parsed = parse_table(raw)
    known = state[edit.table].filter(pl.col("row_key") == edit.key)
    names = [
        name for name in (*key_fields(edit.table), *KEY_DATES.get(edit.table, ())) if name not in edit.values
    ]
    names += [precise for name in names if (precise := precision_of(name)) in schema(edit.table)]
    return replace(parsed, frame=pl.concat([parsed.frame, known.select(names)], how="horizontal"))
