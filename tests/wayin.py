"""Workbooks in memory: grids of values that go the whole way in, from cells to problems and differences."""

import copy
import tempfile
from datetime import date
from functools import cache
from pathlib import Path
from unittest.mock import patch

import polars as pl

from fundtrack.load import reading
from fundtrack.load.cells import Book, Sheet, column_letter
from fundtrack.load.columns import column
from fundtrack.load.senders import check_senders
from fundtrack.load.state import State
from fundtrack.model.frames import find_column
from fundtrack.model.rows import COLUMNS, TABLES
from fundtrack.text.problems import problem_sentence

COVER = {"报送单位": "示例受托公司", "截至日期": date(2017, 9, 30), "金额单位": "万元"}
_FOLDER = tempfile.TemporaryDirectory(prefix="fundtrack-wayin-")

# Three funds of three managers under one guidance fund, everything that belongs to them, in 万元.
PORTFOLIO = {
    "guidance_fund": [
        {"guidance_fund_id": "GF-01", "name": "示例引导基金", "kind": "创投", "currency": "人民币", "planned_size": 100000},
        {"guidance_fund_id": "GF-02", "name": "示例天使引导基金", "kind": "天使", "currency": "人民币", "planned_size": 20000},
    ],
    "guidance_flow": [
        {"guidance_fund_id": "GF-01", "kind": "财政到账", "occurred_on": date(2016, 3, 1), "amount": 5000, "currency": "人民币"},
    ],
    "manager": [
        {"manager_id": f"VC-0{n}", "name": f"示例{word}资本", "uscc": code}
        for n, word, code in [(1, "甲", "91330100MA27EXMP1A"), (2, "乙", "91330100MA27EXMP2B"), (3, "丙", None)]
    ],
    "partner_fund": [
        {"partner_fund_id": f"PF-0{n}", "name": f"示例{word}号基金（有限合伙）", "manager_id": f"VC-0{n}", "currency": "人民币",
         "target_size": 12000 * n, "committed_size": 10000 * n, "established_on": date(2013 + n, 5, 2),
         "investment_end": date(2017 + n, 5, 1), "term_end": date(2020 + n, 5, 1), "fee_rate": 0.02}
        for n, word in [(1, "甲"), (2, "乙"), (3, "丙")]
    ],
    "participation": [
        {"participation_id": f"PA-0{n}", "guidance_fund_id": "GF-01", "partner_fund_id": f"PF-0{n}",
         "applied_on": date(2012 + n, 6, 1), "approved_on": date(2013 + n, 2, 1), "signed_on": date(2013 + n, 4, 1),
         "commitment": 2000 * n, "currency": "人民币", "cap_ratio": 0.25}
        for n in (1, 2, 3)
    ],
    "cash_flow": [
        {"participation_id": f"PA-0{n}", "kind": kind, "occurred_on": day, "amount": amount, "currency": "人民币"}
        for n, kind, day, amount in [
            (1, "缴款", date(2014, 6, 1), 1000), (1, "缴款", date(2015, 6, 1), 1000), (1, "分配", date(2017, 3, 1), 450.5),
            (2, "缴款", date(2015, 7, 1), 2000), (3, "缴款", date(2016, 8, 1), 3000),
        ]
    ],
    "valuation": [
        {"participation_id": f"PA-0{n}", "valued_on": date(2017, 6, 30), "nav": 2100 * n, "currency": "人民币"} for n in (1, 2, 3)
    ],
    "investor_commitment": [
        {"partner_fund_id": f"PF-0{n}", "investor": investor, "kind": kind, "amount": amount * n}
        for n in (1, 2, 3)
        for investor, kind, amount in [("示例引导基金", "市引导基金", 2000), ("示例控股", "社会资本", 8000)]
    ],
    "fund_paid_in": [
        {"partner_fund_id": f"PF-0{n}", "investor": "示例控股", "paid_on": date(2016, 9, n), "amount": 700 * n} for n in (1, 2, 3)
    ],
    "company": [{"company_id": f"CO-0{n}", "name": f"示例科技{word}", "uscc": None} for n, word in [(1, "一"), (2, "二"), (3, "三")]],
    "investment": [
        {"investment_id": f"IN-0{n}", "partner_fund_id": f"PF-0{n}", "company_id": f"CO-0{n}", "invested_on": date(2016, 10, n),
         "round": "A轮", "stage": "初创", "amount": 300 * n, "currency": "人民币", "stake": 0.1, "related_party": "否", "staff": 30}
        for n in (1, 2, 3)
    ],
    "holding_valuation": [
        {"investment_id": f"IN-0{n}", "valued_on": date(2017, 6, 30), "cost": 300 * n, "value": 390 * n} for n in (1, 2, 3)
    ],
    "fund_report": [
        {"partner_fund_id": f"PF-0{n}", "period": "2017Q2", "kind": "季报", "filed_on": date(2017, 7, 20), "committed": 10000 * n,
         "projects": 4, "irr_reported": 0.08}
        for n in (1, 2, 3)
    ],
}  # fmt: skip


class Workbook:
    """A standard workbook as grids of values, to be spoilt one cell at a time."""

    def __init__(self, tables=None, *, cover=None, name="报送.xlsx", headers=None):
        """Fill the sheets of `tables`; `headers` replaces a field's header."""
        self.name = name
        self.fields, self.grids = {}, {}
        front = COVER | (cover or {})
        self.grids["封面"] = [[label, value] for label, value in front.items() if value is not ...]
        for table, rows in copy.deepcopy(PORTFOLIO if tables is None else tables).items():
            given = {name for row in rows for name in row}
            self.fields[table] = [one.name for one in COLUMNS[table] if one.name in given]
            heads = [(headers or {}).get(name, find_column(table, name).zh) for name in self.fields[table]]
            cells = [[row.get(name) for name in self.fields[table]] for row in rows]
            self.grids[TABLES[table].info.zh] = [heads, *cells]

    def at(self, table, field, row):
        """The address of a field's cell in the n-th data row, counted from 1."""
        return f"{column_letter(self.fields[table].index(field))}{row + 1}"

    def set(self, table, field, row, value):
        """Change the cell of the n-th data row; gives `sheet!cell`."""
        sheet = TABLES[table].info.zh
        self.grids[sheet][row][self.fields[table].index(field)] = value
        return f"{sheet}!{self.at(table, field, row)}"

    def cover(self, label, value):
        """Change a value of the cover; gives `sheet!cell`."""
        rows = self.grids["封面"]
        at = next(n for n, row in enumerate(rows) if row and row[0] == label)
        rows[at][1] = value
        return f"封面!B{at + 1}"

    def totals(self, table, rows, amount):
        """Add a line of control totals; gives the addresses of its two figures."""
        front = self.grids["封面"]
        if ["表名", "行数", "金额合计"] not in front:
            front += [[], ["表名", "行数", "金额合计"]]
        front.append([TABLES[table].info.zh, rows, amount])
        return f"封面!B{len(front)}", f"封面!C{len(front)}"

    def book(self):
        """The workbook as a reader would give it."""
        return Book("xlsx", tuple(sheet(name, rows) for name, rows in self.grids.items()))

    def read(self):
        """The workbook as the pipeline takes it in."""
        path = Path(_FOLDER.name) / "empty.xlsx"
        path.write_bytes(b"")
        with patch.object(reading, "read_book", return_value=self.book()):
            return reading.read_file(path, name=self.name)


def sheet(name, rows):
    """A sheet of Python values, as a reader would give it."""
    return _sheet(name, tuple(tuple(row) for row in rows))


@cache
def _sheet(name, rows):
    width = max((len(row) for row in rows), default=0)
    columns = [column([row[n] if n < len(row) else None for row in rows]) for n in range(width)]
    text = pl.DataFrame({f"c{n}": pair[0].alias(f"c{n}") for n, pair in enumerate(columns)})
    kind = pl.DataFrame({f"c{n}": pair[1].alias(f"c{n}") for n, pair in enumerate(columns)})
    return Sheet(name, text, kind)


def check(*books, state=None):
    """Check workbooks together; gives the senders and the state afterwards."""
    return check_senders([book.read() for book in books], state or State())


def accept(*books, state=None):
    """The state once workbooks are accepted without an error."""
    senders, after = check(*books, state=state)
    wrong = [
        problem_sentence(problem, "en")
        for sender in senders
        for problem in sender.problems
        if problem.severity == "error"
    ]
    assert not wrong, wrong
    return after


def found(*books, state=None):
    """All problems as (severity, code, place), in order."""
    senders, _ = check(*books, state=state)
    problems = [problem for sender in senders for problem in sender.problems]
    for problem in problems:
        assert problem_sentence(problem, "zh")
        assert problem_sentence(problem, "en")
    return [
        (problem.severity, problem.code, f"{problem.sheet}!{problem.cell or problem.row}")
        for problem in problems
    ]


def counts(*books, state=None):
    """New, changed, unchanged rows by table, summed over the files of all senders that pass."""
    senders, _ = check(*books, state=state)
    out = {}
    for sender in senders:
        for item in sender.files:
            for table, numbers in item.counts().items():
                out[table] = tuple(
                    a + b for a, b in zip(out.get(table, (0, 0, 0)), numbers.values(), strict=True)
                )
    return out
