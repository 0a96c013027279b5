"""The workbook: values of the reports, no formula, native charts over its cells, whatever names come in."""

import io
import re
import zipfile
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from paper_ledger import DAY, HASH, TABLES, Known, with_names
from running import json_of
from storekit import two_editions

from fundtrack.__main__ import main
from fundtrack.reports.book.workbook import reports, workbook
from fundtrack.settings import Settings
from fundtrack.store import definitions
from fundtrack.text.say import LANGS, Lang

SHEETS = {
    "zh": ["说明", "图表", "目标进度", "历年增长", "已批复未设立", "合作基金", "参股与收益", "收益", "历年净值", "被投企业", "规则筛查", "疑点明细", "口径"],
    "en": ["About", "Charts", "Targets", "Growth", "Approved, not set up", "Partner funds", "Participations", "Returns", "History", "Companies",
           "Rules", "Findings", "Definitions"],
}  # fmt: skip


@cache
def made(lang: Lang) -> bytes:
    known: Any = Known(TABLES)
    return workbook(reports(known, None, Settings()), lang)


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def rows(sheet: Any) -> list[dict[str, Any]]:
    """The table of a sheet: below the row that stays in sight."""
    head = int(re.sub(r"\D", "", sheet.freeze_panes)) - 1
    titles = [cell.value for cell in sheet[head]]
    return [dict(zip(titles, values, strict=True)) for values in sheet.iter_rows(min_row=head + 1, values_only=True)]  # fmt: skip


def parts(content: bytes, where: str) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return {name: book.read(name).decode() for name in book.namelist() if name.startswith(where)}


@pytest.mark.parametrize("lang", LANGS)
def test_every_sheet_is_there_with_its_source(lang: Lang):
    book = opened(made(lang))
    assert book.sheetnames == SHEETS[lang]
    front = {row[0]: row[1] for row in book.worksheets[0].iter_rows(values_only=True) if row[0]}
    assert HASH in front.values()
    assert any({"zh": "没有任何公式", "en": "no formula"}[lang] in str(value) for value in front.values())
    for sheet in book.worksheets[2:]:
        top = [str(row[0]) for row in sheet.iter_rows(max_row=6, values_only=True)]
        assert any(HASH[:8] in line for line in top), sheet.title
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows
        assert HASH[:8] in sheet.oddFooter.left.text


def test_the_targets_are_those_worked_out_by_hand():
    firms, funds, scale, border = rows(opened(made("zh"))["目标进度"])
    assert (firms["目标值"], firms["完成值"], firms["单位"], firms["还差"]) == (2, 1, "家", 1)
    assert (funds["年度新增任务完成率"], funds["完成目标的"]) == (0.5, pytest.approx(2 / 3))
    assert (scale["目标值"], scale["完成值"], scale["年初值"], scale["单位"]) == (4, 3, 1, "亿元")
    assert (border["目标值"], border["完成值"], border["单位"]) == (5000, 3200, "万美元")
    assert scale["序时进度"] == pytest.approx(273 / 365)
    assert rows(opened(made("en"))["Targets"])[2]["Actual"] == 300
    assert rows(opened(made("en"))["Targets"])[2]["Unit"] == "CNY m"


def test_funds_and_returns_in_wan():
    book = opened(made("zh"))
    first, _, coming = rows(book["合作基金"])
    assert (first["认缴规模"], first["实缴"], first["到位率"], first["引导基金实缴"]) == (
        10_000,
        8_000,
        0.8,
        1_600,
    )
    assert (coming["认缴规模"], coming["计入目标"]) == ("—", "否")  # unknown is no zero
    stake = rows(book["参股与收益"])[0]
    assert (stake["实缴"], stake["已收回"], stake["应占净资产"], stake["估值日期"].date()) == (
        1_600,
        600,
        2_000,
        DAY,
    )
    assert stake["TVPI（总倍数）"] == pytest.approx(26 / 16)
    assert [row["拟认缴规模"] for row in rows(book["已批复未设立"])] == [6_000]
    total = rows(book["收益"])[0]
    assert (total["归集"], total["实缴"], total["应占净资产"]) == ("合计", 3_600, 3_900)
    local = [
        row for row in rows(book["被投企业"]) if row["归集口径"] == "注册区划" and row["名称"] == "西湖区"
    ]
    assert [(row["基金投资额"], row["占基金投资额"]) for row in local] == [(3_000, 0.6)]


@pytest.mark.parametrize("lang", LANGS)
def test_no_cell_holds_a_formula_and_every_chart_refers_to_cells(lang: Lang):
    content = made(lang)
    for name, text in parts(content, "xl/worksheets/").items():
        assert "<f>" not in text, name
        assert "<f " not in text, name
    charts = parts(content, "xl/charts/chart")
    assert len(charts) == 6
    book = opened(content)
    for name, text in charts.items():
        values = [
            node.text or ""
            for node in ET.fromstring(text).iter(  # noqa: S314 - our own
                "{http://schemas.openxmlformats.org/drawingml/2006/chart}f"
            )
        ]
        assert values, name
        for where in values:
            sheet, cells = where.rsplit("!", 1)
            found = book[sheet.strip("'")][cells.replace("$", "")]
            cell_rows = found if isinstance(found, tuple) else ((found,),)
            assert all(cell.value is not None for line in cell_rows for cell in line), (name, where)


def test_the_same_edition_gives_the_same_bytes():
    known: Any = Known(TABLES)
    assert workbook(reports(known, None, Settings()), "zh") == made("zh")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param('=HYPERLINK("http://x","点我")', id="formula"),
        pytest.param("+1-2@SUM(A1)", id="signs"),
        pytest.param("http://example.org/甲", id="address"),
        pytest.param("<b>&'\"</b>\x00\x0b\u202e\ufffe", id="controls and markup"),
        pytest.param("很" * 300, id="300 letters"),
        pytest.param("007", id="digits"),
    ],
)
def test_names_stay_texts(name: str):
    known: Any = Known(with_names(name))
    content = workbook(reports(known, DAY, Settings()), "zh")
    for text in parts(content, "xl/worksheets/").values():
        assert "<f>" not in text
    assert not parts(content, "xl/externalLinks")
    book = opened(content)
    shown = {row["基金名称"] for row in rows(book["合作基金"])}
    bare = re.sub("[\x00\u202e\ufffe]", "", name).replace("\x0b", " ")  # as a person could have written it
    assert shown == {f"{bare}{n}" for n in range(3)}
    for sheet in book.worksheets[2:]:
        for line in sheet.iter_rows():
            for cell in line:
                assert cell.data_type != "f", cell
                assert cell.hyperlink is None, cell
        assert all(dimension.width <= 60 for dimension in sheet.column_dimensions.values())


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr(definitions, "of_files", lambda: ())
    data = two_editions(tmp_path).folders.data
    out = tmp_path / "数据.xlsx"
    assert (
        main(["export", "excel", str(out), "--data", str(data), "--as-of", "2017-12-31", "--lang", "en"]) == 0
    )
    assert opened(out.read_bytes()).sheetnames == SHEETS["en"]
    assert main(["export", "excel", str(tmp_path / "x.csv"), "--data", str(data), "--lang", "zh"]) == 2
    assert "扩展名应为 .xlsx" in capsys.readouterr().err
    assert main(["export", "excel", str(tmp_path / "no" / "x.xlsx"), "--data", str(data)]) == 3


def test_the_demo_s_workbook_shows_what_the_commands_say(demo_folder: Path, tmp_path: Path):
    out = tmp_path / "demo.xlsx"
    said = json_of("export", "excel", out, "--data", demo_folder, "--lang", "zh")
    assert (said["edition"], said["as_of"]) == (2, "2017-09-30")
    book = opened(out.read_bytes())
    told = json_of("funds", "--data", demo_folder)
    shown = {row["编号"]: row for row in rows(book["合作基金"])}
    assert set(shown) == {row["partner_fund_id"] for row in told["funds"]}
    for row in told["funds"]:
        for field, title in (
            ("committed_size", "认缴规模"),
            ("paid_in", "实缴"),
            ("guidance_paid_in", "引导基金实缴"),
        ):
            value = shown[row["partner_fund_id"]][title]
            assert value == (
                "—" if row[field] is None else pytest.approx(float(row[field]) / 10_000, rel=1e-12)
            )
    stakes = {row["编号"]: row for row in rows(book["参股与收益"])}
    for row in told["participations"]:
        if row["irr_status"] == "ok":
            assert stakes[row["participation_id"]]["内部收益率"] == pytest.approx(row["irr"], rel=1e-12)
    found = json_of("findings", "--data", demo_folder, check=0)["findings"]
    assert {row["编号"] for row in rows(book["疑点明细"])} == {row["finding_id"] for row in found}
