import json
import re

import pytest
from small_portfolio import FIFTH_FUND, write_portfolio
from ui_pages import html, open_page, publish, text

from fundtrack.store.editions import Store
from fundtrack.ui.charts import Point, growth


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("portfolio")
    publish(folder / "data", write_portfolio(folder / "first.xlsx"))
    return folder / "data"


@pytest.fixture
def data(once, monkeypatch):
    monkeypatch.setenv("FUNDTRACK_DATA", str(once))
    return once


def figures(at):
    """The main figure of each card by its target's code."""
    found = re.findall(r'data-code="(\w+)">.*?<span class="main">(.*?)</span>', html(at))
    return dict(found)


COUNTED = {
    "zh": {
        "new_managers": "1家",
        "partner_funds": "3只",
        "fund_scale": "3.5亿元",
        "cross_border": "3,200万美元",
    },
    "en": {
        "new_managers": "1 manager",
        "partner_funds": "3 funds",
        "fund_scale": "¥350 m",
        "cross_border": "USD 32 m",
    },
}


@pytest.mark.parametrize(
    ("lang", "title", "dates"),
    [
        pytest.param(
            "zh",
            "杭州市创投类引导基金 · 2017年目标推进情况",
            "目标数据截至2017年9月30日（受托管理机构报送） 基金运行数据截至2017年9月30日（三季报应报3家、已报1家） 数据版本：第1版",
            id="zh",
        ),
        pytest.param(
            "en",
            "Hangzhou guidance funds · 2017 targets",
            "Targets as of 30 Sep 2017 (operator's data) · fund data as of 30 Sep 2017 (1 of 3 Q3 reports in) · edition 1",
            id="en",
        ),
    ],
)
def test_cards_show_what_was_counted_by_hand(data, lang, title, dates):
    at = open_page("overview", lang=lang)
    assert f"<h1>{title}</h1>" in html(at)
    assert dates in text(at)
    shown = figures(at)
    assert {code: shown[code] for code in COUNTED[lang]} == COUNTED[lang]


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        pytest.param(
            "zh",
            (
                "■ 明显慢于序时",
                "示例数据，纯属虚构。",
                "供参考，不归因于引导基金",
                "数据待补",
                "本页固定链接",
            ),
            id="zh",
        ),
        pytest.param(
            "en",
            ("■ well behind pace", "Example data", "not attributed to the guidance funds", "Fixed link"),
            id="en",
        ),
    ],
)
def test_status_banner_context_and_link(data, lang, words):
    said = text(open_page("overview", lang=lang))
    for word in words:
        assert word in said


def test_growth_draws_every_year_and_its_finding(data):
    at = open_page("overview", lang="zh")
    assert "2014年以来合作基金增至3只，其中2017年新增1只，目标90只" in text(at)
    specs = [json.loads(chart.proto.spec) for chart in at.get("plotly_chart")]
    assert [specs[0]["data"][0]["x"], specs[0]["data"][0]["text"]] == [
        ["2014", "2015", "2016", "2017年9月"],
        ["1", "2", "2", "3"],
    ]
    assert specs[1]["data"][0]["text"] == ["1.0", "1.5", "1.5", "3.5"]


def test_an_earlier_date_and_edition_from_the_address(tmp_path, monkeypatch):
    data = tmp_path / "data"
    monkeypatch.setenv("FUNDTRACK_DATA", str(data))
    publish(data, write_portfolio(tmp_path / "first.xlsx"))
    publish(data, write_portfolio(tmp_path / "fifth.xlsx", FIFTH_FUND, "2017-11-30"))
    assert figures(open_page("overview", lang="zh"))["fund_scale"] == "5.0亿元"
    known = open_page("overview", lang="zh", edition="1")
    assert figures(known)["fund_scale"] == "3.5亿元"
    assert "现在看的是数据版本第1版，最新为第2版。" in text(known)
    true = open_page("overview", lang="zh", as_of="2016-12-31")
    assert figures(true)["partner_funds"] == "2只"


@pytest.mark.parametrize(
    "query", [{"edition": "7"}, {"edition": "二"}, {"as_of": "30.9.2017"}, {"lang": "xx"}, {"nonsense": "1"}]
)
def test_a_wrong_address_shows_the_newest(data, query):
    shown = figures(
        open_page("overview", **{"lang": "zh", **query})
        if "lang" not in query
        else open_page("overview", **query)
    )
    assert shown["partner_funds"] in {"3只", "3 funds"}


def test_a_day_before_everything(data):
    said = text(open_page("overview", lang="zh", as_of="2001-01-01"))
    assert "这一天之前没有记录。" in said


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", ["overview", "funds"])
def test_an_empty_folder_says_how_to_begin_in_both_languages(tmp_path, monkeypatch, lang, page):
    monkeypatch.setenv("FUNDTRACK_DATA", str(tmp_path / "none"))
    said = text(open_page(page, lang=lang))
    assert "还没有数据。先看示例" in said
    assert "No data yet. To look at the example" in said
    assert Store(tmp_path / "none").newest() is None


@pytest.mark.parametrize(
    ("points", "goal", "top"),
    [
        pytest.param([], None, 1, id="nothing"),
        pytest.param([Point("2017", 3.0, "3")], None, 3.45, id="one point, no goal"),
        pytest.param([Point("2017", 3.0, "3")], 90.0, 103.5, id="goal above"),
    ],
)
def test_a_chart_stands_with_little_to_show(points, goal, top):
    figure = growth(points, goal, "目标")
    assert figure.layout.yaxis.range[1] == pytest.approx(top)
    assert len(figure.layout.annotations) == (goal is not None)
