"""The menu by role, and the filters of the bar: what is narrowed is true, what is not says so."""

import re

import pytest
from small_portfolio import FIFTH_FUND, write_portfolio
from ui_pages import ROOT, html, open_page, publish, text

from fundtrack.reports.returns import of_guidance, returns_report
from fundtrack.service.actor import ROLES, table
from fundtrack.store.editions import Store
from fundtrack.ui.frame import NAMES
from fundtrack.ui.menu import SECTIONS, pages_for


def test_every_page_stands_in_the_menu_once_and_every_file_is_a_page():
    placed = [name for names in SECTIONS.values() for name in names]
    files = {path.stem for path in (ROOT / "fundtrack/ui/pages").glob("*.py")} - {"__init__"}
    assert sorted(placed) == sorted(files)
    assert sorted(NAMES) == sorted(placed)
    assert set(table()["pages"]) <= set(placed)


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        pytest.param(None, {"load", "corrections", "inbox", "overview"}, set(), id="one user"),
        pytest.param("official", {"overview", "findings", "trace"}, {"load", "corrections"}, id="official"),
        pytest.param("auditor", {"inbox", "trace", "changes"}, {"load", "corrections"}, id="auditor"),
        pytest.param("manager", {"load", "corrections", "inbox"}, {"access"}, id="manager"),
        pytest.param("admin", {"overview", "access"}, {"load", "corrections", "trace"}, id="admin"),
    ],
)  # fmt: skip
def test_the_menu_shows_what_the_role_may_use(role, may, may_not):
    shown = {name for names in pages_for([role] if role else ROLES).values() for name in names}
    assert may <= shown
    assert not may_not & shown


FIRST_FUND = ("示例甲一号创投基金", "示例乙成长创投基金", "示例丁筹备基金")


@pytest.mark.parametrize(
    ("query", "left"),
    [
        pytest.param({"guidance": "GF000001"}, set(FIRST_FUND), id="guidance fund"),
        pytest.param({"guidance": "GF000002"}, {"示例丙天使基金"}, id="the other"),
        pytest.param({"unit": "CNY"}, {*FIRST_FUND, "示例丙天使基金"}, id="yuan"),
        pytest.param({"unit": "USD"}, set(), id="dollars"),
        pytest.param({"guidance": "GF000001", "unit": "USD"}, set(), id="both"),
        pytest.param({"guidance": "x", "unit": "XXX"}, {*FIRST_FUND, "示例丙天使基金"}, id="nonsense is let go"),
    ],
)  # fmt: skip
def test_funds_are_those_of_the_bar(small_data, query, left):
    page = html(open_page("funds", lang="zh", **query))
    assert {name for name in (*FIRST_FUND, "示例丙天使基金") if f">{name}</a>" in page} == left


@pytest.mark.parametrize(
    ("page", "query", "says"),
    [
        pytest.param("overview", {"guidance": "GF000001"}, "所选筛选（引导基金：示例创投引导基金）对本页不适用", id="overview"),
        pytest.param("companies", {"guidance": "GF000001", "unit": "CNY"}, "所选筛选（引导基金：示例创投引导基金）对本页不适用", id="one of two"),
        pytest.param("returns", {"guidance": "GF000001", "unit": "CNY"}, "", id="both honoured"),
        pytest.param("returns", {"guidance": "GF000001"}, "本节按全部引导基金统计", id="a section that cannot"),
        pytest.param("findings", {"unit": "CNY"}, "所选筛选（币种／单位：万元）对本页不适用", id="currency of findings"),
        pytest.param("trace", {"guidance": "GF000001"}, "", id="nothing to narrow"),
        pytest.param("forecast", {"guidance": "GF000001"}, "目标预测、补缺方案和情景比较按全部引导基金", id="forecast"),
    ],
)  # fmt: skip
def test_what_cannot_be_narrowed_says_so(small_data, page, query, says):
    said = text(open_page(page, lang="zh", **query))
    assert says in said
    assert bool(says) or "对本页不适用" not in said


def test_a_guidance_fund_alone_has_the_figures_of_its_line(small_data):
    ledger = Store(small_data).ledger()
    whole = returns_report(ledger)
    line = whole.guidance.filter(group="GF000001").to_dicts()[0]
    own = of_guidance(whole, ledger, "GF000001")
    assert own.pooled.to_dicts() == [line]
    last = own.history.to_dicts()[-1]
    assert (last["paid_in"], last["nav"]) == (line["paid_in"], line["nav"])
    assert set(own.bridge["group"]) == {"GF000001"}
    # 万元, by hand: calls of 2,000 into 甲一号 and 1,500 into 乙成长
    assert f"{line['paid_in']:.2f}" == "35000000.00"


def test_what_is_chosen_goes_along(small_data):
    at = open_page("funds", lang="zh", guidance="GF000001", unit="CNY")
    assert re.search(
        r"funds\?[^\"]*guidance=GF000001[^\"]*unit=CNY", "".join(str(each.value) for each in at.html)
    )
    assert at.session_state["kept_guidance"] == "GF000001"


def test_what_a_filter_leaves_as_it_is_is_drawn_alike_so_that_no_browser_draws_it_anew(small_data):
    """Numbers' links leave the filters to the browser (`along.js`, tested in Chromium); of Returns three sections stay whole."""
    whole, one = (
        [
            str(each.value)
            for each in open_page("returns", lang="zh", **filters).html
            if "<table" in str(each.value)
        ]
        for filters in ({}, {"guidance": "GF000001"})
    )
    assert len(whole) == len(one)
    alike = {
        re.findall(r'aria-label="([^"]*)"', old)[0] for old, new in zip(whole, one, strict=True) if old == new
    }
    assert alike == {"按年份分组", "合作基金毛收益与引导基金净收益"}
    assert any("各引导基金" in old for old in whole), "narrowed, and so not among them"


@pytest.mark.parametrize("page", ["funds", "participations"])
def test_a_long_table_is_sent_a_page_at_a_time(small_data, monkeypatch, page):
    monkeypatch.setattr("fundtrack.ui.paging.PER_PAGE", 2)
    both = [html(open_page(page, lang="zh", page=number)) for number in ("1", "2")]
    shown = [{fund for fund in (*FIRST_FUND, "示例丙天使基金") if fund in each} for each in both]
    assert shown[0] and shown[1]
    assert not shown[0] & shown[1]
    first = html(open_page(page, lang="zh", page="9"))  # a page that is not there is the first
    assert {fund for fund in (*FIRST_FUND, "示例丙天使基金") if fund in first} == shown[0]


def test_an_edition_that_nobody_chose_goes_along_with_the_newest(tmp_path, monkeypatch):
    """Changes looks from the edition before to the newest: also where a newer one is published while it is open."""
    data = tmp_path / "data"
    monkeypatch.setenv("FUNDTRACK_DATA", str(data))
    publish(data, write_portfolio(tmp_path / "a.xlsx"))
    publish(data, write_portfolio(tmp_path / "b.xlsx", FIFTH_FUND, "2017-11-30"))
    at = open_page("changes", lang="en")
    assert (at.selectbox(key="w_from").value, at.selectbox(key="w_to").value) == (1, 2)
    publish(data, write_portfolio(tmp_path / "c.xlsx", FIFTH_FUND, "2017-12-31"))
    at.run()
    assert (at.selectbox(key="w_from").value, at.selectbox(key="w_to").value) == (2, 3)
    at.selectbox(key="w_from").set_value(1).run()
    assert (at.selectbox(key="w_from").value, at.selectbox(key="w_to").value) == (1, 3)
