"""A profile's answers put to the rows: constants, the meaning of words, parts of columns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from fundtrack.load.cells import Kind, Sheet
from fundtrack.load.headers import DEPTH, Head, find_head, grid, headings
from fundtrack.load.match import Meaning, look_up_levels, plain, read_header
from fundtrack.load.profiles import Plan
from fundtrack.load.stacked import Part, chosen, parts
from fundtrack.load.tables import Mapped, RawTable
from fundtrack.load.units import Unit, read_unit
from fundtrack.load.written import fold


@dataclass(frozen=True)
class Said:
    """What the file, or its profile, says of itself."""

    sender: str | None = None
    as_of: date | None = None

    def word(self, constant: str) -> str | None:
        """A constant with what it stands for.

        >>> Said(as_of=date(2017, 9, 30)).word("@period"), Said().word("venture"), Said().word("@as_of")
        ('2017Q3', 'venture', None)
        """
        if constant == "@sender":
            return self.sender
        if constant in {"@as_of", "@period"}:
            if self.as_of is None:
                return None
            return (
                self.as_of.isoformat()
                if constant == "@as_of"
                else f"{self.as_of.year}Q{(self.as_of.month + 2) // 3}"
            )
        return constant


def unit_of(plan: Plan | None, field: str) -> Unit | None:
    """The unit that a profile gives a field."""
    return read_unit(plan.units[field]) if plan is not None and field in plan.units else None


def _own(plan: Plan) -> dict[str, str]:
    return {plain(header): field for header, field in plan.fields.items()}


def head_of(sheet: Sheet, plan: Plan, within: Part | None = None) -> Head | None:
    """The header of a sheet: in the rows that its plan names, else where most of its words stand.

    Args:
        sheet: as read.
        plan: what a person has said.
        within: the table of the sheet that is meant, where several stand under one another.
    """
    own = _own(plan)

    def matcher(levels: tuple[str, ...] | list[str]) -> Meaning | None:
        if not own:
            return look_up_levels(plan.table, levels)
        for text in (" / ".join(levels), "".join(levels), levels[-1]):
            for key in (plain(text), plain(read_header(text).words)):
                if key in own:
                    return Meaning((own[key],), read_header(levels[-1]))
        return None

    if plan.header_rows is None:
        if within is None:
            return find_head(sheet, matcher)  # type: ignore[arg-type]
        return find_head(sheet, matcher, within.start, stop=within.stop)  # type: ignore[arg-type]
    first, last = plan.header_rows[0] - 1, plan.header_rows[1] - 1
    if last >= sheet.text.height:
        return None
    rows = grid(sheet, first, first + DEPTH)
    found = headings(rows, 0, last - first + 1, matcher, range(sheet.text.width))  # type: ignore[arg-type]
    return Head(first, last, tuple(found), last + 1) if found else None


def part_of(sheet: Sheet, plan: Plan, plans: Sequence[Plan]) -> tuple[Part | None, Head | None]:
    """The table of a sheet that a plan means, and its header; no table where the sheet is read as one.

    Args:
        sheet: as read.
        plan: what a person has said.
        plans: all that they have said of the sheet.
    """
    if not any(each.part > 1 for each in plans):
        return None, head_of(sheet, plan)
    found = parts(sheet)
    heads = [head_of(sheet, plan.model_copy(update={"header_rows": None}), part) for part in found]
    known = [sum(item.meaning is not None for item in head.headings) if head else 0 for head in heads]
    part = chosen(found, plan.part, known)
    if part is None:
        return None, None
    said = head_of(sheet, plan, part)
    if plan.header_rows and (said is None or not part.start <= said.first < part.stop):
        said = heads[part.number - 1]
    return part, said


def absent(plan: Plan, head: Head) -> list[str]:
    """Headers that a plan maps and that the sheet does not have."""
    there = {
        plain(level) for item in head.headings for level in (*item.levels, item.written, "".join(item.levels))
    }
    there |= {plain(read_header(level).words) for item in head.headings for level in item.levels}
    wanted = [header for header, field in plan.fields.items() if field]
    wanted += [split.header for split in plan.splits.values()]
    return [
        header
        for header in wanted
        if plain(header) not in there and plain(read_header(header).words) not in there
    ]


def apply(raw: RawTable, plan: Plan, head: Head, said: Said) -> RawTable:
    """Add what a plan says: parts of columns, the meaning of words, constants; then each row once where asked."""
    cells = _Cells(raw.text, raw.kind, {mapped.field: mapped for mapped in raw.columns})
    for field, split in plan.splits.items():
        same = plain(split.header)
        columns = (
            item.index for item in head.headings if same in {plain(item.written), plain(item.levels[-1])}
        )
        index = next(columns, None)
        if index is not None:
            at = split.part - 1 if split.part > 0 else split.part
            parts = cells.text[f"c{index}"].str.split(split.separator).list.get(at, null_on_oob=True)
            cells.put(Mapped(field, index, split.header), parts.str.strip_chars())
    for field, words in plan.values.items():
        if field in cells.columns:
            old = cells.of(field)
            meant = {fold(seen): what or None for seen, what in words.items()}
            seen = {cell: meant[fold(cell)] for cell in old.drop_nulls().unique() if fold(cell) in meant}
            if seen:
                cells.put(cells.columns[field], old.replace(seen))
    for field, constant in plan.constants.items():
        word = said.word(constant)
        if field not in cells.columns:
            every = pl.repeat(word, raw.text.height, dtype=pl.String, eager=True)
            cells.put(Mapped(field, -1, constant), every)
        elif word is not None:
            cells.put(cells.columns[field], cells.of(field).fill_null(word))
    raw = replace(raw, text=cells.text, kind=cells.kind, columns=tuple(cells.columns.values()))
    return _distinct(raw) if plan.distinct else raw


@dataclass
class _Cells:
    """The cells of a table to which columns are added: those of a profile's own making are called `x_<field>`."""

    text: pl.DataFrame
    kind: pl.DataFrame
    columns: dict[str, Mapped]

    def of(self, field: str) -> pl.Series:
        """The texts of a field."""
        return self.text[self.columns[field].name]

    def put(self, mapped: Mapped, values: pl.Series) -> None:
        """Let a field have these texts; a cell that stays as it was keeps its kind."""
        name = f"x_{mapped.field}"
        texts = pl.when(values.is_null()).then(Kind.EMPTY.value).otherwise(Kind.TEXT.value)
        kinds = pl.select(texts.cast(pl.UInt8)).to_series()
        if mapped.field in self.columns:
            old = self.columns[mapped.field].name
            kinds = self.kind[old].zip_with((values == self.text[old]).fill_null(value=False), kinds)
        self.text = self.text.with_columns(values.alias(name))
        self.kind = self.kind.with_columns(kinds.alias(name))
        self.columns[mapped.field] = replace(mapped, cells=name)


def _distinct(raw: RawTable) -> RawTable:
    if not raw.columns:  # nobody has said yet what any of its columns is
        return replace(raw, text=raw.text.clear(), kind=raw.kind.clear(), row_numbers=raw.row_numbers.clear())
    keep = raw.text.select(pl.struct([mapped.name for mapped in raw.columns]).is_first_distinct()).to_series()
    blank = raw.text.select(
        pl.all_horizontal(pl.col(m.name).is_null() for m in raw.columns if m.index >= 0)
    ).to_series()
    keep = keep & ~blank
    return replace(
        raw, text=raw.text.filter(keep), kind=raw.kind.filter(keep), row_numbers=raw.row_numbers.filter(keep)
    )
