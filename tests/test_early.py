"""The thread that parses a workbook ahead: its sheets come as they would have come in their turn."""

import openpyxl
import pytest
import python_calamine as calamine
from small_portfolio import write_portfolio

from fundtrack.load import zipped
from fundtrack.load.early import Begun, begin, parse
from fundtrack.load.job import Job
from fundtrack.load.limits import ReadLimits

LIMITS = ReadLimits()


@pytest.fixture
def path(tmp_path):
    return write_portfolio(tmp_path / "portfolio.xlsx")


def test_sheets_parsed_ahead_are_those_of_their_turn(path):
    plain, ahead = parse(path), Begun(path)
    names = [meta.name for meta in plain.sheets]
    ahead.also(names[-1])
    found = ahead.result()
    assert [meta.name for meta in found.sheets] == names
    assert found.first.to_python() == plain.first.to_python()
    for name in names[1:]:
        assert ahead.sheet(name).to_python() == plain.book.get_sheet_by_name(name).to_python()


def test_what_the_engine_says_against_a_sheet_comes_where_it_is_asked_for(path, tmp_path):
    ahead = Begun(path)
    ahead.also("没有这张表")
    assert ahead.result().first is not None
    with pytest.raises(calamine.CalamineError):
        ahead.sheet("没有这张表")
    (tmp_path / "broken.xlsx").write_bytes(path.read_bytes()[:500])
    with pytest.raises(calamine.ZipError):
        Begun(tmp_path / "broken.xlsx").result()


def test_a_small_file_waits_for_the_judge(path):
    assert begin(path) is None


def test_the_largest_sheet_is_parsed_ahead_and_the_book_is_the_same(tmp_path, monkeypatch):
    path, book = tmp_path / "three.xlsx", openpyxl.Workbook()
    for title, rows in (("封面", 3), ("明细", 200), ("附表", 20)):
        sheet = book.active if title == "封面" else book.create_sheet()
        sheet.title = title
        for row in range(rows):
            sheet.append([title, row, row / 8])
    book.save(path)
    plain = list(zipped.read_zipped(Job(path, LIMITS, form="xlsx")))
    monkeypatch.setattr(zipped, "_SMALL", 0)
    named = []

    class Watched(Begun):
        def also(self, name):
            named.append(name)
            super().also(name)

    ahead = list(zipped.read_zipped(Job(path, LIMITS, form="xlsx", begun=Watched(path))))
    assert [(sheet.name, sheet.text.rows(), sheet.kind.rows()) for sheet in ahead] == [
        (sheet.name, sheet.text.rows(), sheet.kind.rows()) for sheet in plain
    ]
    assert [sheet.text.height for sheet in ahead] == [3, 200, 20]
    assert named == ["明细", "附表"]
