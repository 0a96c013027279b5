"""Real workbooks with bytes, parts and cells altered at random, and values of any text: each ends in rows or problems, none in a crash or a hang."""

import random
import string
import time
import zipfile
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from running import ROOT
from small_portfolio import write_portfolio

from fundtrack.errors import InputError, Problem
from fundtrack.load.cells import Book, Kind, Sheet
from fundtrack.load.checked import ReadFile
from fundtrack.load.limits import ReadLimits
from fundtrack.load.outcome import Result
from fundtrack.load.reading import understood
from fundtrack.load.room import read_books
from fundtrack.load.senders import check_senders
from fundtrack.load.state import State
from fundtrack.load.values import Context, Wrong, parse_value
from fundtrack.model.rows import COLUMNS
from fundtrack.text.problems import problem_sentence

FIXTURES = Path(__file__).with_name("fixtures")
LIMITS = ReadLimits(seconds=6, patience=40)
NASTY = ["", " ", "=1+1", "=cmd|'/c calc'!A0", "1e309", "-0", "٣٫٥", "１２３４５６７８９", "9" * 400, "1,2OO", "2017-02-30", "0001-01-01", "9999-12-31", "99999999",
         "\u202eгфд", "\x00", "\ud7ff", "合计", "单位：亿元", "#REF!", "TRUE", "<script>alert(1)</script>", "'; DROP TABLE fund; --", "$\\frac{1}{0}$", "NaN", "∞",
         "2017Q5", "-2017-01-01", "1/1/1", "一千零一", "百分之百", "1.5.5", "٪", "()", "（1,200.50）", "0.1+0.2", "‰", "上上季度", "基金名称", "基金编号"]  # fmt: skip


def told(problems: list[Problem]) -> None:
    """Each problem has its sentence in both languages."""
    for one in problems:
        assert problem_sentence(one, "zh")
        assert problem_sentence(one, "en")


# --- bytes --------------------------------------------------------------------------------------------------------


def originals(folder: Path) -> dict[str, bytes]:
    """Small files of every format."""
    files = [write_portfolio(folder / "portfolio.xlsx"), *sorted(FIXTURES.glob("*.*"))]
    made = {path.name: path.read_bytes() for path in files}
    made["rows.csv"] = "基金编号,基金名称,认缴规模（万元）\nPF1,示例一号,10000\nPF2,示例二号,\n".encode(
        "gb18030"
    )
    made["page.xls"] = "<html><table><tr><td>基金名称</td></tr><tr><td>示例</td></tr></table></html>".encode()
    return made


def flipped(content: bytes, dice: random.Random) -> bytes:
    found = bytearray(content)
    for _ in range(dice.choice((1, 1, 2, 8, 64))):
        found[dice.randrange(len(found))] = dice.randrange(256)
    return bytes(found)


def cut(content: bytes, dice: random.Random) -> bytes:
    return content[: dice.randrange(1, len(content))]


def doubled(content: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(content))
    piece = content[start : start + dice.randrange(1, 600)]
    at = dice.randrange(len(content))
    return content[:at] + piece + content[at:]


def repacked(content: bytes, dice: random.Random) -> bytes:
    """A zip in which one part is altered and the sums agree again, so that the damage reaches the parser."""
    if not content.startswith(b"PK"):
        return flipped(content, dice)
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = dice.choice([name for name in old.namelist() if old.getinfo(name).file_size])
        for name in old.namelist():
            body = old.read(name)
            if name == chosen:
                body = dice.choice((flipped, cut, doubled, swapped))(body, dice)
            new.writestr(name, body)
    return made.getvalue()


def swapped(content: bytes, dice: random.Random) -> bytes:
    """XML in which a number or a name stands in another's place."""
    words = [word for word in content.replace(b'"', b" ").split() if 1 < len(word) < 30]
    if len(words) < 2:
        return flipped(content, dice)
    return content.replace(
        dice.choice(words), dice.choice((*words, b"-1", b"4294967296", b"&#0;", b"A1048577")), 1
    )


@pytest.mark.parametrize("count", [36, pytest.param(2500, marks=pytest.mark.full)])
def test_altered_files_end_in_a_book_or_a_refusal(tmp_path, count):
    dice, known = random.Random(20171231 + count), originals(tmp_path)
    names, read, refused, slowest = sorted(known), 0, 0, 0.0
    for first in range(0, count, 50):
        paths = []
        for place in range(first, min(first + 50, count)):
            name = names[place % len(names)]
            path = tmp_path / f"{place}-{name}"
            path.write_bytes(dice.choice((flipped, cut, doubled, repacked, repacked))(known[name], dice))
            paths.append(path)
        begun = time.monotonic()
        for path, book in zip(paths, read_books(paths, LIMITS), strict=True):
            if isinstance(book, InputError):
                told([Problem(book.code, file=path.name, about=book.about)])
                refused += 1
            else:
                told(list(problems_of(understood(book, path, path.name))))
                read += 1
            path.unlink()
        slowest = max(slowest, time.monotonic() - begun)
    assert min(read, refused) > count / 12, (read, refused)
    assert slowest < 50 * 6, "no file takes longer than its limit"


def problems_of(file: ReadFile) -> list[Problem]:
    """All that was found wrong with a file by itself."""
    return [
        *file.cover.problems,
        *file.found.problems,
        *(one for parsed in file.parsed for one in parsed.problems),
    ]


# --- cells --------------------------------------------------------------------------------------------------------


def altered(sheet: Sheet, dice: random.Random) -> Sheet:
    """Some cells of a sheet hold something else, or a row or column is gone, doubled or moved."""
    text, kind = sheet.text, sheet.kind
    if not text.height or not text.width:
        return sheet
    how = dice.randrange(6)
    rows = list(range(text.height))
    if how == 0:
        rows.pop(dice.randrange(len(rows)))
    elif how == 1:
        rows.insert(dice.randrange(len(rows)), dice.choice(rows))
    elif how == 2:
        dice.shuffle(rows)
    if how < 3:
        return replace(sheet, text=text[rows], kind=kind[rows])
    if how == 3:
        order = dice.sample(range(text.width), text.width)
        pick = [f"c{n}" for n in order], [f"k{n}" if f"k{n}" in kind.columns else f"c{n}" for n in order]
        names = text.columns
        return replace(
            sheet,
            text=text.select(pl.col(pick[0][n]).alias(names[n]) for n in range(len(order))),
            kind=kind.select(pl.col(pick[1][n]).alias(kind.columns[n]) for n in range(len(order))),
        )
    cells, kinds = [list(row) for row in text.rows()], [list(row) for row in kind.rows()]
    for _ in range(dice.choice((1, 1, 3, 20))):
        row, column = dice.randrange(len(cells)), dice.randrange(text.width)
        value = dice.choice((*NASTY, "".join(dice.choices(string.printable, k=8)), None))
        cells[row][column] = value
        kinds[row][column] = int(Kind.EMPTY if value is None else dice.choice(list(Kind)[1:]))
    merged = (
        ((dice.randrange(text.height), 0, text.height - 1, text.width - 1),) if how == 5 else sheet.merged
    )
    return replace(
        sheet,
        text=pl.DataFrame(cells, schema=text.schema, orient="row"),
        kind=pl.DataFrame(kinds, schema=kind.schema, orient="row"),
        merged=merged,
    )


@pytest.mark.parametrize("count", [36, pytest.param(2500, marks=pytest.mark.full)])
def test_altered_cells_end_in_rows_or_problems(tmp_path, count):
    dice = random.Random(20170930 + count)
    paths = [write_portfolio(tmp_path / "portfolio.xlsx"), ROOT / "seeds" / "demo" / sorted(p.name for p in (ROOT / "seeds" / "demo").glob("*.xlsx"))[0],
             *sorted(FIXTURES.glob("ledger*"))]  # fmt: skip
    books = [
        (path, book) for path, book in zip(paths, read_books(paths), strict=True) if isinstance(book, Book)
    ]
    assert len(books) == len(paths)
    accepted = 0
    for place in range(count):
        path, book = books[place % len(books)]
        at = dice.randrange(len(book.sheets))
        sheets = [altered(sheet, dice) if n == at else sheet for n, sheet in enumerate(book.sheets)]
        begun = time.monotonic()
        file = understood(replace(book, sheets=tuple(sheets)), path, path.name)
        senders, after = check_senders([file], State())
        told([problem for sender in senders for problem in sender.problems])
        result = Result("accepted", None, (), tuple(senders), after)
        assert isinstance(result.counts(), dict)
        accepted += all(sender.outcome == "accepted" for sender in senders)
        assert time.monotonic() - begun < 60, "a hang"
    assert 0 < accepted < count


# --- values -------------------------------------------------------------------------------------------------------

ANY = st.one_of(
    st.text(max_size=60), st.sampled_from(NASTY), st.decimals(allow_nan=True).map(str), st.floats().map(repr), st.dates().map(str),
    st.text("0123456789.,，。%％-－()（）元万亿年月日Qq第一二三四五六七八九十百千/ ", max_size=20),
)  # fmt: skip
EVERY = [column for columns in COLUMNS.values() for column in columns]


def values(text: str, kind: Kind, context: Context) -> None:
    """Every column takes a text as a value of its type, or says what is wrong."""
    for column in EVERY:
        found = parse_value(text, kind, column, context)
        if isinstance(found, Wrong):
            told([Problem(found.code, field=column.name, value=text, about=dict(found.about))])
        elif isinstance(found, Decimal):
            assert found.is_finite()
            assert abs(found) < Decimal(10) ** 18


CONTEXTS = st.builds(
    Context, factor=st.sampled_from([Decimal(1), Decimal(10_000), Decimal(10**8)]), percent=st.booleans(), epoch_1904=st.booleans(),
    currency=st.sampled_from([None, "CNY", "USD"]),
)  # fmt: skip
CASE = (ANY, st.sampled_from([kind for kind in Kind if kind is not Kind.EMPTY]), CONTEXTS)
QUIET = {"deadline": None, "suppress_health_check": list(HealthCheck), "derandomize": True, "database": None}


@settings(max_examples=50, **QUIET)
@given(*CASE)
def test_any_text_is_a_value_or_a_problem(text, kind, context):
    values(text, kind, context)


@pytest.mark.full
@settings(max_examples=3000, **QUIET)
@given(*CASE)
def test_any_text_is_a_value_or_a_problem_three_thousand_times(text, kind, context):
    values(text, kind, context)


def grid(rows: list[list[str | None]]) -> Book:
    """A book of one sheet of texts."""
    width = max((len(row) for row in rows), default=0)
    full = [row + [None] * (width - len(row)) for row in rows]
    text = pl.DataFrame(full, schema={f"c{n}": pl.String for n in range(width)}, orient="row")
    kinds = [[int(Kind.EMPTY if cell is None else Kind.TEXT) for cell in row] for row in full]
    kind = pl.DataFrame(kinds, schema={f"c{n}": pl.UInt8 for n in range(width)}, orient="row")
    return Book("xlsx", (Sheet("合作基金", text, kind),))


HEADS = sorted({column.zh for column in EVERY} | {column.en for column in EVERY})
CELL = st.one_of(st.none(), st.sampled_from(HEADS), ANY)
GRIDS = st.lists(st.lists(CELL, max_size=8), max_size=10)


def laid_out(rows: list[list[str | None]]) -> None:
    """Any grid is tables or problems."""
    file = understood(grid(rows), Path("any.xlsx"), "any.xlsx")
    senders, _ = check_senders([file], State())
    told([problem for sender in senders for problem in sender.problems])


@settings(max_examples=30, **QUIET)
@given(GRIDS)
def test_any_grid_is_tables_or_problems(rows):
    laid_out(rows)


@pytest.mark.full
@settings(max_examples=2000, **QUIET)
@given(GRIDS)
def test_any_grid_is_tables_or_problems_two_thousand_times(rows):
    laid_out(rows)
