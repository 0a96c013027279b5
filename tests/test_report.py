"""The full report: a page for each partner fund, its figures worked out by hand, whatever names come in."""

import io
import re
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from paper_ledger import DAY, HASH, TABLES, Known, with_names
from pypdf import PdfReader
from running import json_of
from storekit import two_editions

from fundtrack.__main__ import main
from fundtrack.reports.paper.fund_page import YEARS, curve, flow_lines
from fundtrack.reports.paper.report import report_pdf
from fundtrack.settings import Settings
from fundtrack.store import definitions
from fundtrack.text.say import LANGS, Lang

FRONT = 3
"""Pages before the first fund: contents, targets with guidance funds, definitions."""


@cache
def made(lang: Lang) -> bytes:
    known: Any = Known(TABLES)
    return report_pdf(known, None, Settings(), lang)


def texts(content: bytes) -> list[str]:
    return [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages]


@pytest.mark.parametrize("lang", LANGS)
def test_a_page_for_each_fund_with_its_figures(lang: Lang):
    pages = texts(made(lang))
    assert len(pages) == FRONT + 3
    assert HASH in pages[0]
    for page, name in zip(pages[FRONT:], ("示例甲基金", "示例乙基金", "示例丙基金"), strict=True):
        assert name in page
        assert name in pages[0]  # the contents
        assert HASH[:8] in page  # the foot
    first, second, third = pages[FRONT:]
    for figure in (
        "10,000",
        "8,000",
        "80.0%",
        "2,000",
        "1,600",
        "600",
        "2017-09-30",
        "0.38",
        "1.25",
        "1.63",
        "25.0%",
    ):
        assert figure in first, figure  # 6/16 = 0.375 back, 20/16 = 1.25 left, 26/16 = 1.625 together
    assert {"zh": "2016CNY—600400200", "en": "2016CNY—600400200"}[lang] in first
    assert {"zh": "合计CNY1,600600400200", "en": "TotalCNY1,600600400200"}[lang] in first
    assert "西湖区" in first
    assert {"zh": "未年化", "en": "notannualised"}[lang] in second  # half a year
    assert "2017-11-15" in third


def test_fonts_are_embedded_and_the_same_edition_gives_the_same_bytes():
    known: Any = Known(TABLES)
    assert report_pdf(known, DAY, Settings(), "zh") == made("zh")
    for page in PdfReader(io.BytesIO(made("zh"))).pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()
            for one in inner.get("/DescendantFonts", [inner]):
                assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(one.get_object()["/FontDescriptor"])


@pytest.mark.parametrize("name", ['#panic("x") *粗* $', "很" * 300, "<b>\u202e\x00\ue000", "=1+1"])
def test_names_run_nothing_and_break_no_page(name: str):
    known: Any = Known(with_names(name))
    pages = texts(report_pdf(known, DAY, Settings(), "zh"))
    assert len(pages) == FRONT + 3
    assert "80.0%" in pages[FRONT]


def test_flows_of_many_years_are_added_up_before_the_newest():
    rows = [
        {"kind": "call", "occurred_on": f"{year}-05-05", "amount": "10000", "currency": "CNY", "participation_id": "PA1", "line_no": 1}
        for year in range(2000, 2017)
    ]  # fmt: skip
    lines = flow_lines(Known({"cash_flow": rows})["cash_flow"], DAY, "zh")["rows"]
    assert len(lines) == YEARS + 2
    assert lines[0] == ["2005年以前", "CNY", "5", "—", "—", "—"]
    assert lines[-1][2] == "17"
    assert flow_lines(Known({})["cash_flow"], DAY, "zh") == {}


def test_a_curve_has_two_points_at_least_and_gaps_where_the_nav_is_unknown():
    from datetime import date
    from decimal import Decimal

    days = [date(2017, 3, 31), date(2017, 6, 30), DAY]
    points = pl.DataFrame({"day": days, "currency": ["CNY"] * 3, "net_cash": [Decimal(-10), Decimal(-20), Decimal(-20)],
                           "net_value": [Decimal(0), None, Decimal(20)]})  # fmt: skip
    found = curve(points, "zh")
    assert found["zero"] == 0.5  # between -20 and 20
    assert [len(line) for line in found["lines"]] == [3, 2]
    assert found["lines"][0][0] == [0.0, 0.75]
    assert found["lines"][1][-1] == [1.0, 0.0]
    assert curve(points.head(1), "zh") == {}


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr(definitions, "of_files", lambda: ())
    data = two_editions(tmp_path).folders.data
    out = tmp_path / "报告.pdf"
    assert (
        main(["export", "report", str(out), "--data", str(data), "--as-of", "2017-12-31", "--lang", "en"])
        == 0
    )
    assert "edition 2" in capsys.readouterr().err
    assert "Guidancefunds:fullreport" in texts(out.read_bytes())[0]
    assert main(["export", "report", str(tmp_path / "x.docx"), "--data", str(data), "--lang", "zh"]) == 2


@pytest.mark.full
def test_the_demo_s_report_has_a_page_for_each_fund(demo_folder: Path, tmp_path: Path):
    out = tmp_path / "report.pdf"
    json_of("export", "report", out, "--data", demo_folder, "--lang", "zh")
    pages = texts(out.read_bytes())
    funds = json_of("funds", "--data", demo_folder)["funds"]
    assert len(pages) == FRONT + len(funds)
    for page, fund in zip(pages[FRONT:], funds, strict=True):
        assert fund["partner_fund_id"] in page
        assert f"{float(fund['committed_size'] or 0) / 10_000:,.2f}".rstrip("0").rstrip(".") in page
