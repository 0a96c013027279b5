"""Cells of the demo's workbooks spoilt one at a time, as a slip of the hand would, and where each must be told."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from running import ROOT

from fundtrack.load.cells import Book, Kind, Sheet, column_letter
from fundtrack.load.columns import column
from fundtrack.load.match import match_sheet
from fundtrack.load.reading import understood
from fundtrack.load.room import read_books
from fundtrack.load.seeds import take_seeds
from fundtrack.load.senders import check_senders
from fundtrack.load.state import State
from fundtrack.load.template import first_money
from fundtrack.model.fields import Column
from fundtrack.model.frames import find_column
from fundtrack.model.rows import COLUMNS

DEMO = ROOT / "seeds" / "demo"
TIMES, TOO_LARGE = 10_000, 10**12
UNITS = {
    "元": 1,
    "万元": 10**4,
    "百万元": 10**6,
    "亿元": 10**8,
    "美元": 1,
    "万美元": 10**4,
    "百万美元": 10**6,
    "亿美元": 10**8,
}
_ROUND, _TURN = len("2017Q2"), len("2017Q2-10")
WRONG = {
    "money": ("1,2OO", "not_a_number"), "number": ("约三百", "not_a_number"), "day": ("去年年底", "not_a_date"),
    "whole": ("3.5", "not_a_whole_number"), "share": ("两成", "not_a_number"), "rate": ("两倍多", "not_a_number"),
    "choice": ("其它说法", "not_a_choice"), "flag": ("可能", "not_yes_or_no"), "currency": ("软妹币", "not_a_currency"),
    "period": ("上上季度", "not_a_period"),
}  # fmt: skip


@dataclass(frozen=True)
class Slip:
    """One cell spoilt.

    Attributes:
        file: of the demo.
        sheet: its name.
        row: from 1, as a spreadsheet counts.
        column: from 0.
        kind: type, required, reference or jump.
        value: what stands there now.
        code: of the one problem to expect.
        severity: of it.
    """

    file: str
    sheet: str
    row: int
    column: int
    kind: str
    value: Any
    code: str
    severity: str = "error"

    @property
    def place(self) -> str:
        return f"{self.sheet}!{column_letter(self.column)}{self.row}"

    def __str__(self) -> str:
        return f"{self.kind} {self.file} {self.place}"


class Demo:
    """The demo's workbooks as read, and what is known before and after each of their rounds."""

    def __init__(self) -> None:
        paths = sorted(DEMO.glob("*.xlsx"))
        self.books: dict[str, Book] = dict(zip([path.name for path in paths], read_books(paths), strict=True))
        self._states: dict[tuple[str, ...], State] = {}

    def check(self, names: list[str], state: State, slip: Slip | None = None) -> tuple[list[Any], State]:
        """Check files together, one of them spoilt; gives all problems and what is known afterwards."""
        files = [
            understood(
                spoilt(self.books[name], slip) if slip and slip.file == name else self.books[name],
                DEMO / name,
                name,
            )
            for name in names
        ]
        senders, after = check_senders(files, state)
        return [problem for sender in senders for problem in sender.problems], after

    @cached_property
    def seeds(self) -> State:
        _, state = take_seeds(ROOT / "seeds", None, State())
        return state

    def known(self, *names: str) -> State:
        """What is known once these files are in, each without a problem."""
        if names not in self._states:
            problems, self._states[names] = self.check(list(names), self.seeds)
            assert problems == []
        return self._states[names]

    def before(self, name: str) -> State:
        """What is known when a file comes for the first time: files of the rounds before, and in its own those it builds on."""
        return self.known(*(other for other in self.books if other[:_TURN] < name[:_TURN]))

    def again(self, name: str) -> State:
        """What is known when a file comes once more: all of its round and of those before."""
        return self.known(*(other for other in self.books if other[:_ROUND] <= name[:_ROUND]))


def spoilt(book: Book, slip: Slip) -> Book:
    """The book with one cell changed, and its formulas computed again."""
    sheets = []
    for sheet in book.sheets:
        changed = sheet
        if sheet.name == slip.sheet:
            changed = put(sheet, slip.row - 1, slip.column, slip.value)
        sheets.append(changed)
    before = next(sheet for sheet in book.sheets if sheet.name == slip.sheet)
    after = next(sheet for sheet in sheets if sheet.name == slip.sheet)
    return replace(book, sheets=tuple(recomputed(sheet, before, after) for sheet in sheets))


def put(sheet: Sheet, row: int, at: int, value: Any) -> Sheet:
    text, kind = column([value])
    name = f"c{at}"
    return replace(
        sheet,
        text=sheet.text.with_columns(sheet.text[name].scatter(row, text[0])),
        kind=sheet.kind.with_columns(sheet.kind[name].scatter(row, kind[0])),
    )


def recomputed(cover: Sheet, before: Sheet, after: Sheet) -> Sheet:
    """The cover's control totals of a changed sheet, as its own COUNTA and SUM give them."""
    table = match_sheet(before.name)
    if match_sheet(cover.name) != "cover" or table is None:
        return cover
    row = next((n for n, word in enumerate(cover.text["c0"]) if n > 5 and word == before.name), None)
    if row is None:
        return cover
    heads = dict(fields(before, table))
    needed = next(at for at, field in heads.items() if field.required)
    counted = sum(kind != Kind.EMPTY for kind in after.kind[f"c{needed}"][1:])
    cover = put(cover, row, 1, float(counted))
    money = first_money(table)
    at = next((at for at, field in heads.items() if money and field.name == money.name), None)
    if at is None:
        return cover
    cells = zip(after.text[f"c{at}"][1:], after.kind[f"c{at}"][1:], strict=True)
    return put(cover, row, 2, float(sum(Decimal(text) for text, kind in cells if kind == Kind.NUMBER)))


def fields(sheet: Sheet, table: str) -> Iterator[tuple[int, Column]]:
    """Columns of a standard sheet by place."""
    titles = {field.zh: field for field in COLUMNS[table]}
    for at, name in enumerate(sheet.text.columns):
        head = sheet.text[name][0]
        if head in titles:
            yield at, find_column(table, titles[head].name)


def cells(demo: Demo) -> list[tuple[str, str, int, int, Column, str]]:
    """Every filled cell under a header of the demo: file, sheet, row, column, field, text."""
    found = []
    for file, book in demo.books.items():
        for sheet in book.sheets:
            table = match_sheet(sheet.name)
            if table is None or table == "cover":
                continue
            for at, field in fields(sheet, table):
                for row, text in enumerate(sheet.text[f"c{at}"][1:], start=2):
                    if text is not None:
                        found.append((file, sheet.name, row, at, field, text))
    return found


def slips(demo: Demo, count: int, seed: int = 20170930) -> list[Slip]:
    """So many slips, a quarter of each kind, spread over the tables: the same seed gives the same."""
    dice = random.Random(seed)
    everything = cells(demo)
    by_sheet: dict[str, list[Any]] = {}
    out: list[Slip] = []
    may = {
        "type": lambda field, text: field.kind in WRONG,
        "required": lambda field, text: field.required and field.kind != "currency",
        "reference": lambda field, text: field.refers is not None,
        "jump": lambda field, text: field.kind == "money" and Decimal(text) != 0,
    }
    for kind, fits in may.items():
        by_sheet = {}
        for item in everything:
            if fits(item[4], item[5]):
                by_sheet.setdefault(item[1], []).append(item)
        names = sorted(by_sheet)
        taken = set()
        while len([slip for slip in out if slip.kind == kind]) < count // 4:
            item = dice.choice(by_sheet[dice.choice(names)])
            if item[:4] in taken:
                continue
            taken.add(item[:4])
            out.append(slip_of(kind, item, unit_of(demo, *item[:2], item[3])))
    return out


def unit_of(demo: Demo, file: str, sheet: str, at: int) -> int:
    """What an amount counts in: the unit its header names, else the cover's."""
    book = {each.name: each for each in demo.books[file].sheets}
    cover = book["封面"].text
    said = next(value for label, value in zip(cover["c0"], cover["c1"], strict=True) if label == "金额单位")
    head = book[sheet].text[f"c{at}"][0]
    return next((UNITS[unit] for unit in UNITS if head.endswith((f"（{unit}）", f"({unit})"))), UNITS[said])


def slip_of(kind: str, item: tuple[str, str, int, int, Column, str], unit: int) -> Slip:
    file, sheet, row, at, field, text = item
    if kind == "type":
        value, code = WRONG[field.kind]
        return Slip(file, sheet, row, at, kind, value, code)
    if kind == "required":
        return Slip(file, sheet, row, at, kind, None, "missing_value")
    if kind == "reference":
        return Slip(file, sheet, row, at, kind, "XX-9999", "reference_unknown")
    value = Decimal(text) * TIMES
    if abs(value * unit) >= TOO_LARGE:
        return Slip(file, sheet, row, at, kind, float(value), "amount_too_large")
    return Slip(file, sheet, row, at, kind, float(value), "unit_jump_cell", "warning")
