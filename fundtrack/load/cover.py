"""The cover: who sends, as of when, in which unit, and the totals that the rows must add up to."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import and_
from typing import Final

from fundtrack.errors import Problem
from fundtrack.load.cells import Book, Sheet, column_letter
from fundtrack.load.declared import ControlTotal, cell_of, control_totals
from fundtrack.load.file_dates import day_in
from fundtrack.load.lines import read_lines
from fundtrack.load.match import bare, match_sheet, words_of
from fundtrack.load.profiles import Profile
from fundtrack.load.units import read_unit
from fundtrack.load.values import Context, Dated, Wrong, parse_value
from fundtrack.load.written import fold
from fundtrack.model.fields import Column
from fundtrack.model.frames import precision_of
from fundtrack.model.rows import COLUMNS
from fundtrack.money import currency_code
from fundtrack.periods import period_code, period_end

_LINES: Final = {"sender": "报送单位：××投资管理有限公司", "as_of": "截至2017年9月30日"}
"""What a file without a cover must say above its tables, and how."""


@dataclass(frozen=True)
class CoverRead:
    """A cover as read.

    Attributes:
        sheet: its sheet's name, None where the file has none.
        values: fields of the table `cover`.
        cells: each field's (row, column) counted from 0, and its label as written.
        factor: the unit's factor to units of currency; 1 where the unit itself is a problem, so that the rest can be checked.
        currency: the currency of the cover or of its unit.
        sure: whether unit and currency could be read.
        totals: control totals.
    """

    sheet: str | None
    values: dict[str, str | date]
    cells: dict[str, tuple[int, int, str]]
    factor: Decimal | None
    currency: str | None
    totals: tuple[ControlTotal, ...]
    problems: tuple[Problem, ...]
    sure: bool = True

    @property
    def sender(self) -> str:
        """Who sends; empty where unknown."""
        return str(self.values.get("sender", ""))

    @property
    def as_of(self) -> date | None:
        """The cover's date."""
        day = self.values.get("as_of")
        return day if isinstance(day, date) else None


def read_cover(book: Book, file: str, profile: Profile | None = None) -> CoverRead:
    """Read the cover of a book; every required label that is missing or wrong is a problem at its cell.

    Where there is no cover, the lines around the tables are read, then what a profile says; what none of them says is a
    problem by itself.
    """
    sheet = next((item for item in book.sheets if match_sheet(item.name) == "cover"), None)
    if sheet is None:
        return _without_cover(book, file, profile)
    cells = _labelled(sheet)
    values: dict[str, str | date] = {}
    problems: list[Problem] = []
    for column in COLUMNS["cover"]:
        place = cells.get(column.name)
        if value := _value(sheet, file, column, place, problems):
            values |= value
    factor, currency = _unit(sheet, file, values, cells, problems)
    own = str(values["currency"]) if "currency" in values else None
    if own and currency and own != currency:
        row, index, _ = cells["currency"]
        problems.append(Problem("currency_differs", file=file, sheet=sheet.name, row=row + 1, column=column_letter(index),
                                field="currency", table="cover", value=own, about={"other": currency}))  # fmt: skip
    sure = not any(problem.field in {"unit", "currency"} for problem in problems)
    totals = tuple(control_totals(sheet, file, problems))
    return CoverRead(
        sheet.name, values, cells, factor or Decimal(1), own or currency, totals, tuple(problems), sure
    )


def _without_cover(book: Book, file: str, profile: Profile | None) -> CoverRead:
    lines = read_lines(book)
    values = dict(lines.values)
    if profile is not None:
        own = {
            "sender": profile.sender,
            "as_of": profile.as_of,
            "unit": profile.unit,
            "currency": profile.currency,
        }
        values = {name: value for name, value in own.items() if value is not None} | values
        values.setdefault("as_of_precision", "day")
    named = _day_in_names(book, file) if profile is not None and profile.as_of_in_name else None
    if named is not None and "as_of" not in values:
        values["as_of"] = named[0]
    if profile is None and not {"sender", "as_of"} & set(values):
        return CoverRead(
            None, {}, {}, Decimal(1), None, (), (Problem("cover_missing", file=file),), sure=False
        )
    if "as_of" not in values:
        values.pop("as_of_precision", None)
    name = next((place[0] for place in lines.places.values()), next(iter(book.sheets)).name)
    problems = [
        Problem("line_missing", file=file, field=field, table="cover", about={"example": example})
        for field, example in _LINES.items()
        if field not in values
    ]
    if named is not None and "as_of" not in lines.values and values["as_of"] == named[0]:
        about = {"name": named[1]}
        problems.append(
            Problem(
                "as_of_from_name",
                "warning",
                file=file,
                field="as_of",
                table="cover",
                value=str(named[0]),
                about=about,
            )
        )
    if lines.filed and "as_of" in lines.places:
        sheet, row, column, _ = lines.places["as_of"]
        problems.append(Problem("as_of_from_filing", "warning", file=file, sheet=sheet, row=row + 1, column=column_letter(column),
                                field="as_of", table="cover", value=str(values["as_of"])))  # fmt: skip
    cells = {
        field: (row, column, said)
        for field, (sheet, row, column, said) in lines.places.items()
        if sheet == name
    }
    unit = read_unit(str(values["unit"])) if "unit" in values else None
    alone = sum(item.visibility == "visible" and item.text.height > 0 for item in book.sheets) == 1
    from_profile = profile is not None and profile.unit is not None
    factor = unit.factor if unit and (alone or from_profile) else None
    currency = str(values["currency"]) if "currency" in values else unit.currency if unit else None
    if currency is not None:
        values["currency"] = currency_code(currency) or currency
    return CoverRead(
        name, values, cells, factor, currency_code(currency) if currency else None, (), tuple(problems)
    )


def _day_in_names(book: Book, file: str) -> tuple[date, str] | None:
    """The day that the file's name says, or a sheet's, and that name."""
    names = (file, *(sheet.name for sheet in book.sheets))
    return next(((day, name) for name in names if (day := day_in(name))), None)


def _labelled(sheet: Sheet) -> dict[str, tuple[int, int, str]]:
    """Each field's value cell: right of its label, below it where labels stand side by side, or in its own cell after a colon."""
    words = words_of("cover")
    found: dict[str, tuple[int, int, str]] = {}
    rows = list(sheet.text.iter_rows())
    labels = [[bool(written) and bare(written).rstrip(":") in words for written in cells] for cells in rows]
    for row, cells in enumerate(rows):
        across = _across(labels, rows, row)
        for index, written in enumerate(cells):
            if not written:
                continue
            label = bare(written)
            name = words.get(label.rstrip(":")) or words.get(label.split(":")[0] if ":" in label else "")
            if name and name not in found:
                own = ":" in label and not label.endswith(":")
                found[name] = (
                    (row, index, written)
                    if own
                    else (row + 1, index, written)
                    if across
                    else (row, index + 1, written)
                )
    return found


def _across(labels: list[list[bool]], rows: list[tuple[str | None, ...]], row: int) -> bool:
    """Whether labels stand side by side in a row, each with its value below; a value may be a label's word too."""
    if row + 1 == len(rows):
        return False
    headed = [
        label and not below and bool(value)
        for label, below, value in zip(labels[row], labels[row + 1], rows[row + 1], strict=True)
    ]
    return any(map(and_, headed, headed[1:]))


def _value(
    sheet: Sheet, file: str, column: Column, place: tuple[int, int, str] | None, problems: list[Problem]
) -> dict[str, str | date]:
    """The value of a field, with its precision where it is a date; nothing where there is none."""
    if place is None:
        if column.required:
            problems.append(
                Problem("cover_label_missing", file=file, sheet=sheet.name, field=column.name, table="cover")
            )
        return {}
    row, index, label = place
    written, kind = cell_of(sheet, row, index)
    if written == label and ":" in fold(label):  # the label's own cell
        written = fold(label).split(":", maxsplit=1)[1]
    at = {
        "file": file,
        "sheet": sheet.name,
        "row": row + 1,
        "column": column_letter(index),
        "field": column.name,
        "table": "cover",
    }
    read = None if written is None else parse_value(written, kind, column, Context())
    if column.name == "as_of" and written and isinstance(read, Wrong) and (end := _end_of(written)):
        read = Dated(end, "day")
    if isinstance(read, Wrong):
        problems.append(Problem(read.code, value=written, about=dict(read.about), **at))  # type: ignore[arg-type]
        return {}
    if read is None and column.required:
        problems.append(Problem("missing_value", value=written, **at))  # type: ignore[arg-type]
    if isinstance(read, Dated):
        return {column.name: read.day, precision_of(column.name): read.precision}
    return {} if read is None else {column.name: str(read)}


def _end_of(written: str) -> date | None:
    """The last day of a reporting period, which is what a report of that period is as of.

    >>> _end_of("2017年第三季度末"), _end_of("2017 年上半年"), _end_of("2017年5月上旬")
    (datetime.date(2017, 9, 30), datetime.date(2017, 6, 30), None)
    """
    code = period_code(re.sub(r"[末底止]+$", "", fold(written).replace(" ", "")))
    return period_end(code) if code else None


def _unit(
    sheet: Sheet,
    file: str,
    values: dict[str, str | date],
    cells: dict[str, tuple[int, int, str]],
    problems: list[Problem],
) -> tuple[Decimal | None, str | None]:
    written = values.get("unit")
    if written is None:
        return None, None
    known = read_unit(str(written))
    if known is None:
        row, index, _ = cells["unit"]
        problems.append(Problem("not_a_unit", file=file, sheet=sheet.name, row=row + 1, column=column_letter(index),
                                field="unit", table="cover", value=str(written)))  # fmt: skip
        return None, None
    return known
