"""The returns page in both languages: figures with their verdict, NAV honesty, and what to load for a PME."""

import re

import pytest
from ui_pages import html, open_page

from fundtrack.ui import figures


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ["收益", "合计", "最早的净资产日期", "J 曲线", "按年份分组", "首次出资年份", "按账面净资产", "闭合差", "合计（按币种）", "逐笔折算", "仅计净资产已知的参股", "毛收益", "近 1、3、5、10 年收益率",
                "近一年净资产变动", "管理人报告与复算", "跨境基金的汇率影响", "欧洲央行", "尚未导入指数"]),
        ("en", ["Returns", "In total", "Oldest NAV", "J-curve", "By vintage and cohort", "on book net assets", "Left over", "Total of the currency", "Flow by flow", "known NAV only", "Gross, net",
                "Returns over 1, 3, 5 and 10 years", "NAV over the last year", "Reported and recomputed",
                "FX effect of the cross-border fund", "No index is loaded"]),
    ],
)  # fmt: skip
def test_the_page_shows_every_section(demo_folder, monkeypatch, lang, words):
    monkeypatch.setenv("FUNDTRACK_DATA", str(demo_folder))
    shown = html(open_page("returns", lang=lang))
    for word in words:
        assert word in shown, word
    # of the demo on 2017-09-30: 160,629,131.66 / 703,675,000 and 632,434,894.05 more
    assert "0.23×" in shown and "1.13×" in shown and "3.6" in shown
    assert not re.search(r">(None|nan)\b", shown)


def test_no_data_yet(tmp_path, monkeypatch):
    monkeypatch.setenv("FUNDTRACK_DATA", str(tmp_path))
    assert "fundtrack demo" in html(open_page("returns", lang="zh"))


@pytest.mark.parametrize(
    ("status", "rate", "period", "shown"),
    [
        pytest.param("ok", 0.0358, None, "3.6%", id="one rate"),
        pytest.param("not_annualised", 0.5, 0.1, "10.0% · 不足一年，未年化", id="under one year"),
        pytest.param("multiple_roots", 0.1, None, "10.0% · 有多个解，须慎用", id="several"),
        pytest.param("no_sign_change", None, None, "只有单向流水", id="none"),
        pytest.param(None, None, None, "数据待补", id="unknown"),
    ],
)
def test_an_irr_speaks_with_its_verdict(monkeypatch, status, rate, period, shown):
    monkeypatch.setattr(figures, "lang", lambda: "zh")
    monkeypatch.setattr(
        figures, "t", lambda key, **_: __import__("fundtrack.text.say", fromlist=["say"]).say(key, "zh")
    )
    assert figures.irr_text({"irr": rate, "irr_status": status, "period_return": period}) == shown
