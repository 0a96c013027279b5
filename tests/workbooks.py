"""Workbooks as senders make them: clean tables, written with any of their habits."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from fundtrack.load.cells import Book, Sheet
from fundtrack.load.engines import read as read_engine
from fundtrack.load.frames import frames, joined
from fundtrack.load.intake import check_file
from fundtrack.load.job import Job
from fundtrack.load.limits import ReadLimits
from fundtrack.load.sniff import sniff
from fundtrack.load.state import State
from fundtrack.model.frames import find_column
from fundtrack.model.rows import COLUMNS, TABLES


def sheet_of(rows: Iterable[Iterable[Any]], name: str = "Sheet1", **about: Any) -> Sheet:
    """A sheet as a reader would give it."""
    rows = [list(row) for row in rows]
    width = max(map(len, rows), default=0)
    text, kind = joined(frames([row + [None] * (width - len(row)) for row in rows]))
    return Sheet(name, text, kind, **about)


def book_of(*sheets: Sheet, notes: tuple[str, ...] = ()) -> Book:
    return Book("xlsx", sheets, notes)


def read_here(path: Path, limits: Any = None, *, progress: Any = None) -> Book:
    """Read a workbook without a child process, which takes most of the time."""
    limits = limits or ReadLimits()
    form = sniff(path, limits)
    job = Job(path, limits, form=form)
    return Book(form, tuple(read_engine(job, form)), tuple(job.notes))


@dataclass
class Table:
    """One table on its way into a workbook: fields, rows, and the habits of who writes it."""

    table: str
    fields: list[str]
    rows: list[list[Any]]
    name: str = ""
    heads: dict[str, str] = field(default_factory=dict)
    top: list[list[Any]] = field(default_factory=list)
    levels: list[list[Any]] | None = None
    under: list[list[Any]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    after: dict[int, list[list[Any]]] = field(default_factory=dict)
    foot: list[list[Any]] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    left: int = 0
    merged_column: str | None = None
    sequence: bool = False
    value: Callable[[str, Any], Any] = lambda kind, value: value
    unit: Decimal = Decimal(1)

    def __post_init__(self) -> None:
        self.name = self.name or TABLES[self.table].info.zh

    def head(self, name: str) -> str:
        return self.heads.get(name, find_column(self.table, name).zh)

    def line(self, row: list[Any]) -> list[Any]:
        kinds = [find_column(self.table, name).kind for name in self.fields]
        return [self.value(kind, value / self.unit if kind == "money" and isinstance(value, Decimal) else value)
                for kind, value in zip(kinds, row, strict=True)]  # fmt: skip

    def grid(self) -> tuple[list[list[Any]], list[tuple[int, int, int, int]], list[int]]:
        """All rows, merges and hidden rows, from 0."""
        out = [list(row) for row in self.top]
        levels = self.levels or [[self.head(name) for name in self.fields]]
        merges = [(a + len(out), b, c + len(out), d) for a, b, c, d in self.merges]
        out += [list(row) for row in levels] + [list(row) for row in self.under]
        start: dict[int, int] = {}
        for n, row in enumerate(self.rows):
            start[n] = len(out)
            out.append(self.line(row))
            out += [list(extra) for extra in self.after.get(n, [])]
        hidden = [start[n] for n in self.hidden]
        if self.merged_column:
            merges += self._merge_runs(out, start)
        out += [list(row) for row in self.foot]
        if self.sequence:
            numbers = {row: n + 1 for n, row in start.items()}
            heads = range(len(self.top), len(self.top) + len(levels))
            out = [
                ["序号" if at == heads[0] else numbers.get(at), *row] if at >= heads[0] else row
                for at, row in enumerate(out)
            ]
            merges = [(a, b + 1, c, d + 1) for a, b, c, d in merges]
        return (
            [[None] * self.left + row for row in out],
            [(a, b + self.left, c, d + self.left) for a, b, c, d in merges],
            hidden,
        )

    def _merge_runs(self, out: list[list[Any]], start: dict[int, int]) -> list[tuple[int, int, int, int]]:
        at = self.fields.index(self.merged_column or "")
        runs, n = [], 0
        while n < len(self.rows):
            last = n
            while last + 1 < len(self.rows) and self.rows[last + 1][at] == self.rows[n][at]:
                last += 1
                out[start[last]][at] = None
            if last > n:
                runs.append((start[n], at, start[last], at))
            n = last + 1
        return runs


@dataclass
class Doc:
    """A whole workbook: cover and tables; tables that share a sheet are written one under another, or side by side."""

    cover: dict[str, Any] | None
    tables: list[Table]
    options: dict[str, Any] = field(default_factory=dict)
    beside: list[tuple[str, str]] = field(default_factory=list)
    hidden_sheets: dict[str, list[list[Any]]] = field(default_factory=dict)
    extra: dict[str, list[list[Any]]] = field(default_factory=dict)

    def of(self, table: str) -> Table:
        return next(item for item in self.tables if item.table == table)

    def write(self, path: Path) -> Path:
        with xlsxwriter.Workbook(path, self.options) as book:
            self.day = book.add_format({"num_format": "yyyy-mm-dd"})
            if self.cover is not None:
                page = book.add_worksheet("封面")
                for n, (label, value) in enumerate(self.cover.items()):
                    self._row(page, n, [label, value])
            pages: dict[str, tuple[Any, int]] = {}
            for table in self.tables:
                page, at = pages.get(table.name) or (book.add_worksheet(table.name), 0)
                rows, merges, hidden = table.grid()
                for n, row in enumerate(rows):
                    self._row(page, at + n, row)
                for a, b, c, d in merges:
                    value = rows[a][b] if b < len(rows[a]) else None
                    page.merge_range(at + a, b, at + c, d, value if value is not None else "")
                for n in hidden:
                    page.set_row(at + n, None, None, {"hidden": True})
                side = any(table.table == left for left, _ in self.beside)
                pages[table.name] = (page, 0 if side else at + len(rows) + 2)
            for name, rows in {**self.hidden_sheets, **self.extra}.items():
                page = book.add_worksheet(name)
                for n, row in enumerate(rows):
                    self._row(page, n, row)
                if name in self.hidden_sheets:
                    page.hide()
        return path

    def _row(self, page: Any, at: int, row: list[Any]) -> None:
        for column, value in enumerate(row):
            if isinstance(value, date):
                page.write_datetime(at, column, value, self.day)
            elif isinstance(value, bool):
                page.write_boolean(at, column, value)
            elif isinstance(value, (int, float, Decimal)):
                page.write_number(at, column, float(value))
            elif value is not None:
                page.write_string(at, column, str(value))


def serial(day: date, *, epoch_1904: bool = False) -> int:
    return (day - (date(1904, 1, 1) if epoch_1904 else date(1899, 12, 30))) // timedelta(days=1)


def clean() -> Doc:
    """Three funds with their investors and flows; amounts in yuan, the cover in 万元."""
    day = date
    tables = [
        Table("guidance_fund", ["guidance_fund_id", "name", "kind", "currency", "planned_size", "established_on"],
              [["GF-01", "示例创投引导基金", "创投", "CNY", Decimal(1_000_000_000), day(2008, 4, 28)]]),
        Table("manager", ["manager_id", "name", "group_name", "location"],
              [["VC-001", "示例甲创投管理有限公司", "甲", "杭州"], ["VC-002", "示例乙创投管理有限公司", "乙", None]]),
        Table("partner_fund", ["partner_fund_id", "name", "manager_id", "currency", "target_size", "committed_size", "established_on"],
              [["PF-001", "示例一号基金", "VC-001", "CNY", Decimal(120_000_000), Decimal(100_000_000), day(2014, 6, 18)],
               ["PF-002", "示例二号基金", "VC-001", "CNY", Decimal(250_000_000), Decimal(200_500_000), day(2015, 3, 2)],
               ["PF-003", "示例三号基金", "VC-002", "CNY", None, Decimal(99_990_000), day(2017, 2, 14)]]),
        Table("participation", ["participation_id", "guidance_fund_id", "partner_fund_id", "signed_on", "commitment", "currency", "cap_ratio"],
              [[f"PA-00{n}", "GF-01", f"PF-00{n}", day(2014 + n // 2, n, 9), Decimal(20_000_000 + n), "CNY", Decimal("0.25")] for n in (1, 2, 3)]),
        Table("investor_commitment", ["partner_fund_id", "investor", "kind", "amount", "effective_on"],
              [["PF-001", "示例创投引导基金", "市引导基金", Decimal(20_000_000), day(2014, 6, 18)],
               ["PF-001", "示例投资集团", "社会资本", Decimal(60_000_000), day(2014, 6, 18)],
               ["PF-001", "张三", "自然人", Decimal(20_000_000), day(2014, 6, 18)],
               ["PF-002", "示例创投引导基金", "市引导基金", Decimal(50_500_000), day(2015, 3, 2)],
               ["PF-002", "示例国资公司", "国有资本", Decimal(150_000_000), day(2015, 3, 2)],
               ["PF-003", "示例投资集团", "社会资本", Decimal(99_990_000), day(2017, 2, 14)]]),
        Table("cash_flow", ["participation_id", "kind", "occurred_on", "amount", "currency", "note"],
              [["PA-001", "缴款", day(2014, 7, 1), Decimal(10_000_000), "CNY", None], ["PA-001", "分配", day(2016, 12, 20), Decimal(1_234_500), "CNY", "首次分配"],
               ["PA-002", "缴款", day(2015, 5, 5), Decimal(20_000_000), "CNY", None], ["PA-003", "缴款", day(2017, 3, 31), Decimal(5_000_000), "CNY", None]]),
    ]  # fmt: skip
    for table in tables:
        table.unit = Decimal(10_000)
    return Doc(
        {"报送单位": "示例受托机构", "截至日期": date(2017, 9, 30), "金额单位": "万元", "币种": "人民币"},
        tables,
    )


def loaded(file: Any) -> tuple[dict[str, Any], list[tuple[str, str | None]]]:
    """What a read file would bring into an empty ledger, without its coordinates, and its problems as (code, cell)."""
    checked = check_file(file, State())
    tables = {}
    for each in checked.diffs:
        if each.table != "cover":
            names = [column.name for column in COLUMNS[each.table]]
            tables[each.table] = sorted(each.new.select("row_key", *names).rows(), key=lambda row: row[0])
    return tables, [(problem.code, problem.cell) for problem in checked.problems]
