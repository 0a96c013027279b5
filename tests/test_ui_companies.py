"""The companies page in both languages: what is known, what is not, and every way to look through."""

import re

import pytest
from small_portfolio import TABLES, write_portfolio
from ui_pages import html, open_page, publish, text

from fundtrack.reports.companies import SHOWN_BY


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("companies")
    value = {
        "investment_id": "IN000001",
        "valued_on": "2017-06-30",
        "cost": "900",
        "value": "1200",
        "currency": "CNY",
    }
    publish(made / "data", write_portfolio(made / "first.xlsx", TABLES | {"holding_valuation": [value]}))
    return made / "data"


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ["被投企业", "引导资金投资额", "净资产的6.5%可由项目估值解释", "滨江区（330108）", "集中度", "没有多只基金共同持有的企业", "已实现倍数"]),
        ("en", ["Companies", "Guidance money invested", "6.5% of NAV explained by projects", "滨江区 (330108)", "Concentration",
                "No company is held by several funds", "Realised multiple"]),
    ],
)  # fmt: skip
def test_the_page_shows_every_section(folder, monkeypatch, lang, words):
    monkeypatch.setenv("FUNDTRACK_DATA", str(folder))
    at = open_page("companies", lang=lang)
    for word in words:
        assert word in text(at), word
    # guidance paid 2,000 of the fund's 10,000: 180 of 900 invested, 240 of 1,200, which is 6.5 % of 2,600 + 1,100
    assert all(f">{amount}<" in html(at) for amount in (180, 240))
    assert not re.search(r">(None|nan)\b", html(at))


@pytest.mark.parametrize("by", SHOWN_BY)
def test_every_way_to_look_through(folder, monkeypatch, by):
    monkeypatch.setenv("FUNDTRACK_DATA", str(folder))
    shown = text(open_page("companies", lang="zh", by=by))
    assert {
        "district": "滨江区",
        "company": "示例芯片有限公司",
        "stage": "初创",
        "year": "2014",
        "city": "杭州市",
    }.get(by, "不详") in shown


def test_no_data_yet(tmp_path, monkeypatch):
    monkeypatch.setenv("FUNDTRACK_DATA", str(tmp_path))
    assert "fundtrack demo" in html(open_page("companies", lang="zh"))
