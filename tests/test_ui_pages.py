"""The pages beside the Overview: targets, participations, cross-border, indicators, published figures, guide, map, a fund's page."""

import pytest
from ui_pages import html, open_page, text

from fundtrack.metrics.catalog import CATALOG
from fundtrack.metrics.rules.every import RULES
from fundtrack.text.say import sentences
from fundtrack.ui.guide import entries, matching
from fundtrack.ui.menu import SECTIONS

NEW = ("targets", "participations", "cross_border", "indicators", "published", "guide")


@pytest.mark.parametrize(
    ("page", "lang", "title", "words"),
    [
        # counted by hand in small_portfolio: 3 funds, 3.5 亿元, 3,200 万美元; one fund of 8,000 万元 waits
        pytest.param("targets", "zh", "目标", ("3只", "3.5亿元", "示例丁筹备基金", "拟认缴规模合计（人民币） 8,000", "口径："), id="targets zh"),
        pytest.param("targets", "en", "Targets", ("3 funds", "¥350 m", "示例丁筹备基金", "Planned sizes together (CNY) 8,000", "Counted:"), id="targets en"),
        # calls of 2,000, 1,500 and 1,000 万元 in three participations; PA000001: (500 + 2,600) / 2,000 = 1.55
        pytest.param("participations", "zh", "参股", ("共4笔参股。", "PA000001 示例甲一号创投基金 示例创投引导基金 人民币 2,000 2,000 0 500 2,600", "1.55×"), id="stakes zh"),
        pytest.param("participations", "en", "Participations", ("4 participations.", "1.55×"), id="stakes en"),
        pytest.param("cross_border", "zh", "跨境", ("3,200万美元", "拨付合作基金 4,500", "本页没有两种货币的合计"), id="cross zh"),
        pytest.param("cross_border", "en", "Cross-border", ("USD 32 m", "Paid to partner funds 4,500", "no total of both currencies"), id="cross en"),
        pytest.param("indicators", "zh", "指标", ("放大倍数（一）实缴", "合作基金实缴 ÷ 引导基金实缴"), id="indicators zh"),
        pytest.param("indicators", "en", "Indicators", ("The city's science and technology figures",), id="indicators en"),
        # 1 investment of 900 万元 in 2014; the end of 2017 is ahead of the data
        pytest.param("published", "zh", "口径对照", ("合作基金规模 2015-06-30 41.27亿元 1.5亿元 3.5亿元", "183个 1个 1个", "29家 不统计", "10× 未写明", "尚未到这一天"),
                     id="published zh"),
        pytest.param("published", "en", "Published figures", ("¥4.127 bn ¥0.15 bn ¥0.35 bn", "still ahead", "Six questions"), id="published en"),
        pytest.param("guide", "zh", "使用指南", ("受托管理机构经办人", "not_a_date"), id="guide zh"),
        pytest.param("guide", "en", "Guide", ("Auditor", "not_a_date"), id="guide en"),
    ],
)  # fmt: skip
def test_a_page_shows_what_was_counted_by_hand(small_data, page, lang, title, words):
    at = open_page(page, lang=lang)
    assert f"<h1>{title}</h1>" in html(at)
    said = text(at)
    assert [word for word in words if word not in said] == []


@pytest.mark.parametrize("page", NEW)
def test_without_data_a_page_says_how_to_begin(tmp_path, monkeypatch, page):
    monkeypatch.setenv("FUNDTRACK_DATA", str(tmp_path / "none"))
    said = text(open_page(page, lang="en"))
    assert ("No data yet" in said) == (page != "guide")


def test_every_new_page_stands_in_the_menu():
    assert {page for pages in SECTIONS.values() for page in pages} >= {*NEW, "dictionary", "about"}


def test_participations_are_narrowed_by_guidance_fund_and_words(small_data):
    assert "共1笔参股。" in text(open_page("participations", lang="zh", guidance="GF000002"))
    assert "PA000002" in text(open_page("participations", lang="zh", q="乙成长"))
    assert "没有符合条件的内容。" in text(open_page("participations", lang="zh", unit="USD"))


def test_a_fund_s_page_has_its_curve_projects_findings_and_files(small_data):
    said = text(open_page("funds", lang="zh", fund="PF000001"))
    # 2,000 paid and 500 back leave -1,500; NAV 2,600
    assert "净现金流-1,500，应占净资产2,600（万元" in said
    assert "示例芯片有限公司 2014-09-01 初创 人民币 900" in said
    assert "数据来自哪些文件" in said
    assert "first.xlsx" in said
    assert "疑点与提示" in said


def test_a_fund_without_money_has_no_curve(small_data):
    assert "尚无资金往来，画不出曲线。" in text(open_page("funds", lang="zh", fund="PF000004"))


def test_the_map_shows_districts_valid_on_the_day(small_data):
    # PF000001 invested 900 in 滨江; the guidance fund paid 2,000 of 10,000: 180 万元
    said = text(open_page("companies", lang="zh"))
    assert "滨江区 180万元 占100.0%，1家" in said
    assert "临安市" in said
    assert "临安区" not in said
    later = text(open_page("companies", lang="zh", as_of="2017-12-31"))
    assert "临安区" in later
    assert "示意图：方格位置由本系统排定" in later


def test_the_guide_finds_figures_rules_and_problems_in_any_width():
    rows = [
        {"kind": "figure", "code": "tvpi", "name": "TVPI", "words": "(分配+净资产)÷实缴"},
        {"kind": "rule", "code": "IDLE_1Y", "name": "满一年未投资", "words": ""},
    ]
    assert [row["code"] for row in matching(rows, "all", "ｔｖｐｉ")] == ["tvpi"]
    assert [row["code"] for row in matching(rows, "rule", "未投资 idle")] == ["IDLE_1Y"]
    assert matching(rows, "figure", "未投资") == []


@pytest.mark.parametrize("speak", ["zh", "en"])
def test_the_search_finds_every_figure_rule_and_problem_by_its_code(monkeypatch, speak):
    for place in ("guide", "language"):
        monkeypatch.setattr(f"fundtrack.ui.{place}.lang", lambda: speak)
    rows = entries(None)
    problems = {key.removeprefix("problem.") for key in sentences(speak) if key.startswith("problem.")}
    wanted = {
        "figure": set(CATALOG),
        "rule": set(RULES),
        "problem": problems - {"place", "place_field", "this_file"},
    }
    assert {kind: len(codes) > 20 for kind, codes in wanted.items()} == dict.fromkeys(wanted, True)
    for kind, codes in wanted.items():
        assert {row["code"] for row in rows if row["kind"] == kind} == codes
        lost = [
            code for code in codes if code not in {row["code"] for row in matching(rows, kind, code.upper())}
        ]
        assert lost == []
    assert [row["code"] for row in rows if not row["words"].strip()] == [], "each says something"
