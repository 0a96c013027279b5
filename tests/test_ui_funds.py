import pytest
from ui_pages import html, open_page, text

from fundtrack.ui.one_fund import irr_text

NAMES = ("示例甲一号创投基金", "示例乙成长创投基金", "示例丙天使基金", "示例丁筹备基金")


@pytest.mark.parametrize(
    ("lang", "title", "found"),
    [
        pytest.param("zh", "合作基金", "共 4 只，其中计入目标 3 只。", id="zh"),
        pytest.param("en", "Partner funds", "4 funds, 3 of them counted toward the target.", id="en"),
    ],
)
def test_the_list_holds_every_fund(small_data, lang, title, found):
    at = open_page("funds", lang=lang)
    assert f"<h1>{title}</h1>" in html(at)
    assert found in text(at)
    for name in NAMES:
        assert name in html(at)
    assert '<td class="num">20,000</td>' in html(at)  # 认缴规模 of 乙成长, 万元


@pytest.mark.parametrize(
    ("query", "left"),
    [
        pytest.param({"q": "成长"}, {1}, id="name"),
        pytest.param({"q": "ＰＦ０００００３"}, {2}, id="id in full width"),
        pytest.param({"q": "甲资本"}, {0, 3}, id="manager"),
        pytest.param({"manager": "VC000002"}, {1}, id="manager chosen"),
        pytest.param({"guidance": "GF000002"}, {2}, id="guidance fund"),
        pytest.param({"counted": "no"}, {3}, id="not counted"),
        pytest.param({"status": "已批复"}, {3}, id="stage"),
        pytest.param(
            {"guidance": "nonsense", "status": "x", "counted": "maybe", "page": "9"},
            {0, 1, 2, 3},
            id="wrong address",
        ),
        pytest.param({"q": "no such fund"}, set(), id="nothing"),
    ],
)
def test_filters_stand_in_the_address(small_data, query, left):
    page = html(open_page("funds", lang="zh", **query))
    assert {n for n, name in enumerate(NAMES) if f">{name}</a>" in page} == left


def test_among_too_many_houses_one_is_searched_for(small_data, monkeypatch):
    labels = lambda at: [box.label for box in at.selectbox]  # noqa: E731
    assert "Manager" in labels(open_page("funds", lang="en"))
    monkeypatch.setattr("fundtrack.ui.funds_table.MOST_HOUSES", 1)
    assert "Manager" not in labels(open_page("funds", lang="en"))
    chosen = open_page("funds", lang="en", manager="VC000002")
    assert "Manager" in labels(chosen)  # and may be let go again
    assert {n for n, name in enumerate(NAMES) if f">{name}</a>" in html(chosen)} == {1}


def test_the_largest_first(small_data):
    page = html(open_page("funds", lang="zh", order="committed_size"))
    places = [page.index(f">{NAMES[n]}</a>") for n in (1, 0, 2, 3)]  # 20,000, 10,000, 5,000, none
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        pytest.param(
            "zh",
            ("自2014-05-01起计入目标", "杭州", "缴款 2,000 CNY", "2014-09-01 示例芯片有限公司 A轮 初创 900 CNY",
             "2016-01-20 更名 示例甲壹号创投基金 示例甲一号创投基金", "社会资本 初始 8,000 CNY", "2,000 2,000 500 2,600 0 2017-06-30 0.25× 1.30× 1.55×"),
            id="zh",
        ),
        pytest.param(
            "en",
            ("counted since 2014-05-01", "Call 2,000 CNY", "示例芯片有限公司 A轮 Start-up 900 CNY", "Renamed", "Private capital Initial 8,000 CNY",
             "2,000 2,000 500 2,600 0 2017-06-30 0.25× 1.30× 1.55×"),
            id="en",
        ),
    ],
)  # fmt: skip
def test_a_funds_page_holds_terms_flows_investors_and_changes(small_data, lang, words):
    at = open_page("funds", lang=lang, fund="PF000001")
    said = text(at)
    assert "<h1>示例甲一号创投基金</h1>" in html(at)
    for word in words:
        if word != "杭州":
            assert word in said


def test_what_came_later_is_not_shown(small_data):
    said = text(open_page("funds", lang="zh", fund="PF000001", as_of="2015-12-31"))
    assert "更名" not in said
    assert "分配" not in said.split("资金往来")[1].split("估值")[0]


def test_an_unknown_fund_says_so_and_leads_back(small_data):
    page = html(open_page("funds", lang="en", fund="<script>alert(1)</script>"))
    assert "No partner fund has the ID" in page
    assert "<script>" not in page
    assert 'href="funds?lang=en"' in page


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        pytest.param({"irr_status": "ok", "irr": 0.123, "period_return": None}, "12.3%", id="rate"),
        pytest.param(
            {"irr_status": "not_annualised", "irr": 0.5, "period_return": 0.04},
            "4.0% (under a year, not annualised)",
            id="period",
        ),
        pytest.param(
            {"irr_status": "multiple_roots", "irr": None, "period_return": None},
            "several roots: not used",
            id="several",
        ),
        pytest.param({"irr_status": None, "irr": None, "period_return": None}, "n/a", id="unknown"),
    ],
)
def test_an_irr_says_its_verdict(monkeypatch, row, shown):
    monkeypatch.setattr("fundtrack.ui.one_fund.lang", lambda: "en")
    monkeypatch.setattr("fundtrack.ui.language.lang", lambda: "en")
    assert irr_text(row) == shown
