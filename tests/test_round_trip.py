"""Any ledger written by the template writer loads back as it was: in any unit, order of columns, language and date style, as xlsx, ods or csv."""

import csv
import random
import subprocess
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reader_files import ods
from workbooks import read_here, serial

from fundtrack.errors import blocking
from fundtrack.load.reading import understood
from fundtrack.load.senders import check_senders
from fundtrack.load.state import State
from fundtrack.load.template import write_workbook
from fundtrack.model.rows import COLUMNS, TABLES

FIXTURES = Path(__file__).parent / "fixtures"
ORDER = ["guidance_fund", "manager", "partner_fund", "participation", "cash_flow", "valuation"]
UNITS = {"元": 1, "万元": 10**4, "百万元": 10**6, "亿元": 10**8}
SENDER, AS_OF = "示例受托机构", date(2017, 9, 30)
FIRST = date(1990, 1, 1)
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
STYLES = {
    "cells": lambda day: day,
    "iso": str,
    "solid": lambda day: f"{day:%Y%m%d}",
    "chinese": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "slashes": lambda day: f"{day.year}/{day.month}/{day.day}",
    "points": lambda day: f"{day.year}.{day.month:02}.{day.day:02}",
    "words": lambda day: f"{MONTHS[day.month - 1]} {day.day}, {day.year}",
    "serials": serial,
}

amounts = st.decimals(Decimal("0.01"), Decimal("999999999999.99"), places=2)
words = st.text("甲乙丙丁戊己庚辛壬癸子丑寅卯杭州创投AaZz09-（）·&\"'<", min_size=1, max_size=12)
days = st.integers(0, 9_000).map(lambda n: FIRST + timedelta(days=n))


@st.composite
def ledgers(draw):
    """A few entities of each kind, all that is required of each, the rest there or not."""
    count = draw(st.integers(1, 4))
    maybe = lambda values: st.none() | values  # noqa: E731
    currency = draw(st.sampled_from(["CNY", "USD", "HKD"]))
    start = draw(days)
    later = lambda: start + timedelta(days=draw(st.integers(0, 900)))  # noqa: E731
    return {
        "guidance_fund": [{"guidance_fund_id": "GF-01", "name": "示例引导基金" + draw(words), "kind": draw(st.sampled_from(["venture", "angel", "cross_border"])),
                           "currency": currency, "planned_size": draw(maybe(amounts)), "established_on": draw(maybe(st.just(start)))}],
        "manager": [{"manager_id": f"{n:03}", "name": f"示例管理人{n}号{draw(words)}", "location": draw(maybe(st.just("杭州市"))), "note": draw(maybe(words.map("说明{}".format)))}
                    for n in range(count)],
        "partner_fund": [{"partner_fund_id": f"PF-{n}", "name": f"示例基金{n}号{draw(words)}", "manager_id": f"{n:03}", "currency": currency,
                          "target_size": draw(maybe(amounts)), "committed_size": draw(amounts), "established_on": start} for n in range(count)],
        "participation": [{"participation_id": f"PA-{n}", "guidance_fund_id": "GF-01", "partner_fund_id": f"PF-{n}", "signed_on": start,
                           "commitment": draw(amounts), "currency": currency, "cap_ratio": draw(maybe(st.decimals("0.01", "0.99", places=4)))} for n in range(count)],
        "cash_flow": [{"participation_id": f"PA-{draw(st.integers(0, count - 1))}", "kind": draw(st.sampled_from(["call", "distribution"])), "line_no": f"{n:04}",
                       "occurred_on": later(), "amount": draw(amounts), "currency": currency, "note": draw(maybe(words.map("说明{}".format)))}
                      for n in range(draw(st.integers(1, 6)))],
        "valuation": [{"participation_id": f"PA-{n}", "valued_on": later(), "nav": draw(amounts), "currency": currency} for n in range(count)],
    }  # fmt: skip


@st.composite
def ways(draw):
    """How it is written; a text file shows its dates, and never the numbers that a spreadsheet keeps them by."""
    form = draw(st.sampled_from(["xlsx", "ods", "csv"]))
    styles = sorted(STYLES) if form != "csv" else sorted({*STYLES} - {"serials"})
    return {
        "unit": draw(st.sampled_from(sorted(UNITS))),
        "lang": draw(st.sampled_from(["zh", "en"])),
        "style": draw(st.sampled_from(styles)),
        "form": form,
        "shuffle": draw(st.integers(0, 2**16)),
    }


def grids(folder: Path, rows, way):
    """What the template writer writes, sheet by sheet, its columns in another order and its dates in another style."""
    path = folder / "written.xlsx"
    cover = {"sender": SENDER, "as_of": AS_OF, "unit": way["unit"]}
    write_workbook(
        path, cover, rows, lang=way["lang"], unit_factor=UNITS[way["unit"]], only_given_columns=True
    )
    dice = random.Random(way["shuffle"])
    out = {}
    for sheet in openpyxl.load_workbook(path, data_only=True).worksheets:
        lines = [
            [value.date() if isinstance(value, datetime) else value for value in line]
            for line in sheet.iter_rows(values_only=True)
        ]
        if out:
            order = dice.sample(range(len(lines[0])), len(lines[0]))
            lines = [
                [STYLES[way["style"]](line[at]) if isinstance(line[at], date) else line[at] for at in order]
                for line in lines
            ]
        out[sheet.title] = lines
    return out


def as_xlsx(folder: Path, sheets) -> list[Path]:
    path = folder / "报送.xlsx"
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, lines in sheets.items():
            page = book.add_worksheet(name)
            for r, line in enumerate(lines):
                for c, value in enumerate(line):
                    if isinstance(value, date):
                        page.write_datetime(r, c, value, day)
                    elif isinstance(value, str):
                        page.write_string(r, c, value)
                    elif value is not None:
                        page.write(r, c, value)
    return [path]


def _ods_cell(value) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{value}"><text:p>{value}</text:p></table:table-cell>'
    if isinstance(value, (int, float)):
        return f'<table:table-cell office:value-type="float" office:value="{value!r}"><text:p>{value}</text:p></table:table-cell>'
    shown = value.replace("&", "&amp;").replace("<", "&lt;")
    return f'<table:table-cell office:value-type="string"><text:p>{shown}</text:p></table:table-cell>'


def as_ods(folder: Path, sheets) -> list[Path]:
    tables = "".join(
        f'<table:table table:name="{name}">'
        + "".join(
            "<table:table-row>" + "".join(map(_ods_cell, line)) + "</table:table-row>" for line in lines
        )
        + "</table:table>"
        for name, lines in sheets.items()
    )
    return [ods(folder / "报送.ods", tables)]


def as_csv(folder: Path, sheets, way) -> list[Path]:
    """One file for each table, with what the cover says in lines above the header."""
    top = [
        [f"报送单位：{SENDER}"],
        [f"截至{AS_OF.year}年{AS_OF.month}月{AS_OF.day}日"],
        [f"单位：{way['unit']}"],
    ]
    paths = []
    for name, lines in list(sheets.items())[1:]:
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([*top, *([plain(value) for value in line] for line in lines)])
        paths.append(path)
    return paths


def plain(value) -> str:
    """As a spreadsheet saves it: no exponent."""
    return "" if value is None else f"{Decimal(repr(value)):f}" if isinstance(value, float) else str(value)


def back(paths):
    """What is known once the files are loaded; nothing about them is an error."""
    files = [understood(read_here(path), path, path.name) for path in paths]
    senders, state = check_senders(files, State())
    problems = [problem for sender in senders for problem in sender.problems]
    assert not blocking(problems), [
        (problem.code, problem.sheet, problem.cell, problem.value) for problem in problems
    ]
    return state


def known(state, rows):
    """The same fields of the same tables as they are known."""
    out = {}
    for table, lines in rows.items():
        names = sorted({name for line in lines for name in line})
        out[table] = sorted((tuple(row) for row in state[table].select(names).iter_rows()), key=str)
    return out


def given_rows(rows):
    out = {}
    for table, lines in rows.items():
        names = sorted({name for line in lines for name in line})
        out[table] = sorted((tuple(line.get(name) for name in names) for line in lines), key=str)
    return out


def comes_back(rows, way):
    with TemporaryDirectory(prefix="fundtrack-round-") as name:
        folder = Path(name)
        sheets = grids(folder, rows, way)
        paths = (
            as_csv(folder, sheets, way)
            if way["form"] == "csv"
            else {"xlsx": as_xlsx, "ods": as_ods}[way["form"]](folder, sheets)
        )
        assert known(back(paths), rows) == given_rows(rows)


GIVEN = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large]}


@settings(max_examples=12, **GIVEN)
@given(ledgers(), ways())
def test_a_ledger_written_comes_back(rows, way):
    comes_back(rows, way)


@pytest.mark.full
@settings(max_examples=300, **GIVEN)
@given(ledgers(), ways())
def test_many_ledgers_written_come_back(rows, way):
    comes_back(rows, way)


FIXED = {
    "guidance_fund": [{"guidance_fund_id": "GF-01", "name": "示例引导基金", "kind": "venture", "currency": "CNY", "planned_size": Decimal("999999999999.99"), "established_on": date(2008, 4, 28)}],
    "manager": [{"manager_id": "007", "name": "示例“管理人”（有限合伙）", "note": "含 & < 号"}],
    "partner_fund": [{"partner_fund_id": "PF-1", "name": "示例一号", "manager_id": "007", "currency": "CNY", "committed_size": Decimal("123456789.01"), "established_on": date(2012, 2, 29)}],
    "participation": [{"participation_id": "PA-1", "guidance_fund_id": "GF-01", "partner_fund_id": "PF-1", "signed_on": date(2012, 3, 1), "commitment": Decimal("20000000.10"), "currency": "CNY", "cap_ratio": Decimal("0.25")}],
    "cash_flow": [{"participation_id": "PA-1", "kind": "call", "line_no": "0001", "occurred_on": date(2012, 12, 31), "amount": Decimal("0.01"), "currency": "CNY"}],
    "valuation": [{"participation_id": "PA-1", "valued_on": date(2017, 6, 30), "nav": Decimal("21000000.33"), "currency": "CNY"}],
}  # fmt: skip
OLD = [
    {"unit": unit, "lang": lang, "style": style, "form": "xlsx", "shuffle": n}
    for n, (unit, lang, style) in enumerate(
        [("元", "zh", "cells"), ("万元", "zh", "chinese"), ("亿元", "en", "words"), ("百万元", "en", "cells")]
    )
]


def test_the_fixed_set_names_what_it_should():
    assert list(FIXED) == ORDER
    assert all(
        {name for line in lines for name in line} <= {column.name for column in COLUMNS[table]}
        for table, lines in FIXED.items()
    )
    assert all(table in TABLES for table in FIXED)


def old_files(folder: Path) -> list[Path]:
    """The fixed set as an office program saves it in the old format; also what made the files in fixtures/."""
    made = []
    for n, way in enumerate(OLD):
        (folder / str(n)).mkdir()
        [path] = as_xlsx(folder / str(n), grids(folder / str(n), FIXED, way))
        made.append(path.rename(folder / f"round_trip_{n}.xlsx"))
    profile = f"-env:UserInstallation=file://{folder}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "xls:MS Excel 97", "--outdir", str(folder / "out"), *map(str, made)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return sorted((folder / "out").glob("*.xls"))


@pytest.mark.parametrize("number", range(len(OLD)))
def test_old_workbooks_come_back(number):
    path = FIXTURES / f"round_trip_{number}.xls"
    book = read_here(path)
    assert book.format == "xls"
    assert known(back([path]), FIXED) == given_rows(FIXED)


@pytest.mark.full
def test_old_workbooks_saved_now_come_back(tmp_path):
    found = old_files(tmp_path)
    assert len(found) == len(OLD)
    for path in found:
        assert known(back([path]), FIXED) == given_rows(FIXED)
