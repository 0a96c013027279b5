"""Golden numbers: what each page says, read off its text, is what the commands print as JSON, to the digits that it shows."""

import re
from decimal import ROUND_HALF_UP, Decimal
from html import unescape
from urllib.parse import parse_qs, urlparse

import pytest
from running import json_of
from ui_pages import open_page, whole

UNITS = {
    "亿元": 10**8, "万元": 10**4, "万美元": 10**4, "bn": 10**9, "m": 10**6,
    "家": 1, "只": 1, "项": 1, "件": 1, "%": Decimal("0.01"), "×": 1, "": 1,
}  # fmt: skip
FOUR = ("new_managers", "partner_funds", "fund_scale", "cross_border")


@pytest.fixture(scope="module")
def command(demo_folder):
    """What a command prints, each run once."""
    kept = {}

    def run(*arguments):
        if arguments not in kept:
            kept[arguments] = json_of(*arguments, "--data", demo_folder)
        return kept[arguments]

    return run


@pytest.fixture
def demo(demo_folder, monkeypatch):
    monkeypatch.setenv("FUNDTRACK_DATA", str(demo_folder))


def bare(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def tables(at):
    """Every table of a page by its name: a row is the text of its cells by their heads."""
    found = {}
    for name, body in re.findall(r'aria-label="([^"]*)"><table class="grid">(.*?)</table>', whole(at), re.S):
        heads = [bare(head) for head in re.findall(r"<th[^>]*>(.*?)</th>", body, re.S)]
        rows = re.findall(r"<tr>(.*?)</tr>", body.partition("<tbody>")[2], re.S)
        cells = [
            [(bare(cell), cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)] for row in rows
        ]
        found.setdefault(unescape(name), [dict(zip(heads, row, strict=True)) for row in cells])
    return found


def facts(at):
    """The facts of a page: name and text, in the order they stand."""
    return [
        (bare(name), bare(value))
        for name, value in re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", whole(at), re.S)
    ]


def says(text, value, scale=1):
    """True where a text shows a value in a unit, rounded half up to the digits that it shows; unknown is no number."""
    found = re.match(
        r"(?:¥|USD |CNY )?([+-]?[\d,]+(?:\.\d+)?)\s*(亿元|万美元|万元|bn|m\b|%|×|[家只项件])?", text
    )
    if value is None:
        return found is None
    assert found, (text, value)
    number, unit = Decimal(found[1].replace(",", "")), UNITS[found[2] or ""]
    exact = Decimal(str(value)) / (unit if found[2] else scale)
    return number == exact.quantize(Decimal(1).scaleb(number.as_tuple().exponent), ROUND_HALF_UP)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_overview_says_what_progress_says(demo, command, lang):
    at = open_page("overview", lang=lang)
    page = whole(at)
    found = command("progress")["targets"]
    assert {each["code"] for each in found} >= set(FOUR)
    for each in found:
        card = page.partition(f'data-code="{each["code"]}"')[2]
        main = bare(re.search(r'class="main">(.*?)</span>', card, re.S)[1])
        assert says(main, each["actual"]), (each["code"], main, each["actual"])
        if each["code"] not in FOUR:
            continue
        line = bare(re.search(r'class="ratios">(.*?)</p>', card, re.S)[1])
        shown = [Decimal(percent) for percent in re.findall(r"(-?[\d.]+)%", line)]
        wanted = [
            each[name] for name in ("completion", "year_completion", "elapsed") if each[name] is not None
        ]
        assert shown == [
            (Decimal(str(value)) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP) for value in wanted
        ]


FUND_COLUMNS = {
    "认缴规模": ("committed_size", 10**4), "实缴": ("paid_in", 10**4), "引导基金认缴": ("guidance_committed", 10**4),
    "引导基金实缴": ("guidance_paid_in", 10**4), "到位率": ("paid_in_rate", 1), "引导基金占比": ("guidance_share", 1),
}  # fmt: skip


def test_the_list_of_funds_says_what_funds_says(demo, command):
    rows = tables(open_page("funds", lang="zh"))["合作基金"]
    known = {each["partner_fund_id"]: each for each in command("funds")["funds"]}
    assert len(rows) == len(known) > 80
    for row in rows:
        fund = parse_qs(urlparse(unescape(re.search(r'href="([^"]*)"', row["基金名称"][1])[1])).query)[
            "fund"
        ][0]
        for head, (name, scale) in FUND_COLUMNS.items():
            text, value = row[head][0], known[fund][name]
            assert says(text, value, scale), (fund, head, text, value)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_fund_says_what_funds_says_of_its_participations(demo, command, lang):
    stakes = [each for each in command("funds")["participations"] if each["tvpi"] is not None]
    fund = stakes[0]["partner_fund_id"]
    own = [each for each in command("funds")["participations"] if each["partner_fund_id"] == fund]
    rows = next(
        rows
        for rows in tables(open_page("funds", lang=lang, fund=fund)).values()
        if rows and "TVPI" in rows[0]
    )
    assert len(rows) == len(own)
    for row, each in zip(rows, own, strict=True):
        for name in ("dpi", "rvpi", "tvpi"):
            assert says(row[name.upper()][0], each[name]), (name, row, each[name])
        cells = list(row.values())
        shown = [cell for cell, html in cells if "figure=paid_in&" in unescape(html)]
        assert all(says(text, each["paid_in"], 10**4) for text in shown) and shown


def test_the_board_of_findings_says_what_findings_says(demo, command):
    rows = tables(open_page("findings", lang="zh"))["各规则核对情况"]
    known = command("findings")["rules"]
    assert len(rows) == len(known)
    for row, each in zip(rows, known, strict=True):
        shown = [int(text) for text, _ in list(row.values())[1:5]]
        assert shown == [each[name] for name in ("suspected", "hint", "incomplete", "clear")], each["rule_id"]


def test_the_forecast_says_what_forecast_says(demo, command):
    shown = facts(open_page("forecast", lang="zh"))
    known = [each for each in command("forecast")["targets"] if each["expected"] is not None]
    middles = [text for name, text in shown if name == "预测（中位）"]
    assert len(middles) == len(known) >= 3
    for text, each in zip(middles, known, strict=True):
        assert says(text, each["expected"]), (each["code"], text)


def test_the_inbox_says_what_inbox_says(demo, command):
    at = open_page("inbox", lang="zh")
    known = command("inbox")
    line = bare(whole(at))
    assert re.search(rf"应报\s*{known['due']}", line)
    assert re.search(rf"已报\s*{known['received']}", line) or re.search(rf"已收\s*{known['received']}", line)


def test_a_trace_says_what_trace_says(demo, command):
    at = open_page("trace", lang="zh", figure="fund_scale")
    known = command("trace", "fund_scale")
    assert f"{Decimal(known['value']):,.2f}" in bare(whole(at))
    assert len({each["sha256"] for each in known["cells"]}) >= 1
    first = known["cells"][0]
    assert first["file"] in bare(whole(at)) and first["cell"] in bare(whole(at))


def test_returns_say_what_traces_of_them_say(demo, command):
    shown = dict(facts(open_page("returns", lang="zh", unit="CNY")))
    for name, title in (
        ("tvpi", "TVPI（总倍数）"),
        ("dpi", "DPI（已分配倍数）"),
        ("paid_in", "累计出资"),
        ("nav", "引导基金应占净资产"),
    ):
        value = command("trace", name, "--currency", "CNY")["value"]
        assert says(shown[title], value, 10**4 if name in {"paid_in", "nav"} else 1), (
            name,
            shown[title],
            value,
        )
