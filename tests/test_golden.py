"""Golden numbers: what each page says, read off its text, is what the commands print as JSON, to the digits that it shows."""

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from html import unescape
from urllib.parse import parse_qs, urlparse

import pytest
from reading_pages import WAN, agrees, bare, facts, says, tables, title
from running import json_of
from ui_pages import open_page, whole

FOUR = ("new_managers", "partner_funds", "fund_scale", "cross_border")


@pytest.fixture(scope="module")
def command(demo_folder):
    """What a command prints, each run once."""
    return cache(lambda *arguments: json_of(*arguments, "--data", demo_folder))


@pytest.fixture(scope="module")
def shown(demo_folder):
    """A page of the demo, each run once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FUNDTRACK_DATA", str(demo_folder))
        yield cache(open_page)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_overview_says_what_progress_says(shown, command, lang):
    at = shown("overview", lang=lang)
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


def test_the_list_of_funds_says_what_funds_says(shown, command):
    rows = tables(shown("funds", lang="zh"))["合作基金"]
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
def test_a_fund_says_what_funds_says_of_its_participations(shown, command, lang):
    stakes = [each for each in command("funds")["participations"] if each["tvpi"] is not None]
    fund = stakes[0]["partner_fund_id"]
    own = [each for each in command("funds")["participations"] if each["partner_fund_id"] == fund]
    rows = next(
        rows for rows in tables(shown("funds", lang=lang, fund=fund)).values() if rows and "TVPI" in rows[0]
    )
    assert len(rows) == len(own)
    for row, each in zip(rows, own, strict=True):
        for name in ("dpi", "rvpi", "tvpi"):
            assert says(row[name.upper()][0], each[name]), (name, row, each[name])
        cells = list(row.values())
        shown = [cell for cell, html in cells if "figure=paid_in&" in unescape(html)]
        assert all(says(text, each["paid_in"], 10**4) for text in shown) and shown


def test_the_board_of_findings_says_what_findings_says(shown, command):
    rows = tables(shown("findings", lang="zh"))["各规则核对情况"]
    known = command("findings")["rules"]
    assert len(rows) == len(known)
    for row, each in zip(rows, known, strict=True):
        shown = [int(text) for text, _ in list(row.values())[1:5]]
        assert shown == [each[name] for name in ("suspected", "hint", "incomplete", "clear")], each["rule_id"]


def test_the_forecast_says_what_forecast_says(shown, command):
    shown = facts(shown("forecast", lang="zh"))
    known = [each for each in command("forecast")["targets"] if each["expected"] is not None]
    middles = [text for name, text in shown if name == "预测（中位）"]
    assert len(middles) == len(known) >= 3
    for text, each in zip(middles, known, strict=True):
        assert says(text, each["expected"]), (each["code"], text)


def test_the_inbox_says_what_inbox_says(shown, command):
    at = shown("inbox", lang="zh")
    known = command("inbox")
    line = bare(whole(at))
    assert re.search(rf"应报\s*{known['due']}", line)
    assert re.search(rf"已报\s*{known['received']}", line) or re.search(rf"已收\s*{known['received']}", line)


def test_a_trace_says_what_trace_says(shown, command):
    at = shown("trace", lang="zh", figure="fund_scale")
    known = command("trace", "fund_scale")
    assert f"{Decimal(known['value']):,.2f}" in bare(whole(at))
    assert len({each["sha256"] for each in known["cells"]}) >= 1
    first = known["cells"][0]
    assert first["file"] in bare(whole(at)) and first["cell"] in bare(whole(at))


def test_returns_say_what_traces_of_them_say(shown, command):
    told = dict(facts(shown("returns", lang="zh", unit="CNY")))
    for name, word, scale in (("tvpi", "TVPI（总倍数）", 1), ("nav", "引导基金应占净资产", WAN)):
        value = command("trace", name, "--currency", "CNY")["value"]
        assert says(told[word], value, scale), (name, told[word], value)


def named(prefix, names, scale, titles=None):
    """Columns whose title key is made of their JSON names."""
    return {f"{prefix}{(titles or {}).get(name, name)}": (name, scale) for name in names}


SUMS = named(
    "companies.",
    ("fund_invested", "fund_cost", "fund_value", "guidance_invested", "guidance_cost", "guidance_value"),
    WAN,
)
COUNTS = named("companies.", ("companies", "investments", "unvalued", "share_unknown"), 1)
PLACED = {"companies.investments": ("investments", 1), "companies.fund_invested": ("invested", WAN), "companies.unvalued": ("unvalued", 1),
          **{f"={name}": (column, WAN) for name, column in (("exit_cost", "exit_cost"), ("proceeds", "proceeds"), ("gain_realised", "gain_realised"),
             ("cost_left", "cost_left"), ("holding_value", "value"), ("gain_unrealised", "gain_unrealised"))},
          **named("companies.", ("multiple_realised", "multiple_unrealised"), 1)}  # fmt: skip
TIMES = {f"={name}": (name, 1) for name in ("dpi", "rvpi", "tvpi")}
STEPS = ("nav_start", "calls", "distributions", "valuation_change", "fx_effect", "nav_end")
STAKES = {
    **named("funds.stake_", ("commitment", "paid_in", "unfunded", "distributed", "nav"), WAN),
}

# page, its query, label of the table, command, key of its JSON, what rows of it, columns
TABLES = [
    pytest.param("companies", {}, "companies.groups", "companies", "groups", {"by": "district"},
                 SUMS | COUNTS | {"companies.share": ("share", 1), "companies.fund_share": ("fund_share", 1)}, id="districts"),
    pytest.param("companies", {"by": "industry_section"}, "companies.groups", "companies", "groups", {"by": "industry_section"}, SUMS | COUNTS, id="industries"),
    pytest.param("companies", {"by": "stage"}, "companies.groups", "companies", "groups", {"by": "stage"}, SUMS | COUNTS, id="stages"),
    pytest.param("companies", {}, "companies.top", "companies", "top", {},
                 {"companies.place": ("place", 1), "companies.funds": ("funds", 1), "companies.cost_share": ("share", 1),
                  **named("companies.", ("fund_cost", "fund_value", "guidance_cost", "guidance_value"), WAN)}, id="largest companies"),
    pytest.param("companies", {}, "companies.concentration", "companies", "concentration", {},
                 {"companies.companies": ("companies", 1), "companies.fund_cost": ("fund_cost", WAN), "=hhi": ("hhi", 1),
                  "companies.top1": ("top1", 1), "=top10": ("top10", 1)}, id="concentration"),
    pytest.param("companies", {}, "companies.overlap", "companies", "overlap", {},
                 {"companies.funds": ("funds", 1), "companies.fund_cost": ("fund_cost", WAN), "companies.guidance_cost": ("guidance_cost", WAN)}, id="overlap"),
    pytest.param("companies", {}, "companies.pairs", "companies", "pairs", {}, {"companies.shared": ("companies", 1)}, id="pairs of funds"),
    pytest.param("companies", {}, "companies.realised_funds", "companies", "realised_funds", {}, PLACED, id="realised by fund"),
    pytest.param("companies", {}, "companies.coverage", "companies", "coverage", {},
                 {**named("companies.", ("net_assets", "cash", "explained"), WAN), "companies.unvalued": ("unvalued", 1), "=coverage": ("coverage", 1)}, id="coverage"),
    pytest.param("returns", {}, "returns.by_guidance", "returns", "guidance", {},
                 {"returns.participations": ("participations", 1), **{f"={name}": (name, WAN) for name in ("paid_in", "distributed", "nav", "unfunded")}, **TIMES,
                  "=pic": ("pic", 1), "=rolled_share": ("rolled_share", 1), "=stale_share": ("stale_share", 1)}, id="guidance funds"),
    pytest.param("returns", {}, "returns.history", "returns", "history", {"newest": "first"},
                 {"returns.participations": ("participations", 1), **{f"={name}": (name, WAN) for name in ("paid_in", "distributed", "net_cash", "nav", "net_value")}, **TIMES,
                  "=known_share": ("known_share", 1)}, id="history"),
    pytest.param("returns", {}, "returns.vintages", "returns", "cohorts", {"by": "vintage"},
                 {"returns.participations": ("participations", 1), "=paid_in": ("paid_in", WAN), "=nav": ("nav", WAN), "=dpi": ("dpi", 1), "=tvpi": ("tvpi", 1)}, id="vintages"),
    pytest.param("returns", {}, "returns.horizons", "returns", "horizons", {},
                 {"returns.years": ("years", 1), "=paid_in": ("paid_in", WAN), "=distributed": ("distributed", WAN), "returns.step_nav_end": ("nav_end", WAN)}, id="horizons"),
    pytest.param("returns", {}, "returns.gross_net", "returns", "gross_net", {},
                 {"returns.investments": ("investments", 1), "returns.unvalued": ("unvalued", 1), "=moic": ("moic", 1), "returns.tvpi_net": ("tvpi_net", 1)}, id="gross and net"),
    pytest.param("returns", {}, "returns.beside", "returns", "gross", {},
                 {"=multiple_reported": ("multiple_reported", 1), "=moic": ("moic", 1), "=irr_reported": ("irr_reported", 1)}, id="reported and recomputed"),
    pytest.param("returns", {}, "returns.bridge_cny", "returns", "bridge_cny", {}, named("returns.step_", STEPS, WAN), id="bridge in yuan"),
    pytest.param("cross_border", {}, "returns.fx_flows", "returns", "fx_flows", {}, {"returns.fx_paid_in": ("paid_in", WAN), "=distributed": ("distributed", WAN)}, id="flows converted"),
    pytest.param("participations", {}, "participations.money", "funds", "participations", {"sorted": "participation_id"}, STAKES, id="participations"),
    pytest.param("indicators", {}, "indicators.performance", "indicators", "performance", {},
                 {"indicators.above": ("above", WAN), "indicators.below": ("below", WAN), "indicators.funds": ("funds", 1), "indicators.value": ("value", 1)}, id="indicators"),
]  # fmt: skip


def wanted_rows(rows, asked):
    """The rows of the JSON that a table shows, in its order."""
    if asked.get("newest"):
        return rows[::-1]
    if "sorted" in asked:
        return sorted(rows, key=lambda row: row[asked["sorted"]])
    return [row for row in rows if all(row[name] == value for name, value in asked.items())]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("page", "query", "label", "name", "key", "asked", "columns"), TABLES)
def test_a_table_says_what_its_command_says(
    shown, command, lang, page, query, label, name, key, asked, columns
):
    rows = tables(shown(page, lang=lang, **query))[title(label, lang)]
    known = wanted_rows(command(name)[key], asked)
    assert agrees(rows, known, columns, lang) == len(known) * len(columns)


def test_facts_of_companies_say_what_companies_says(shown, command):
    told = facts(shown("companies", lang="zh", unit="CNY"))
    known = next(each for each in command("companies")["totals"] if each["currency"] == "CNY")
    wanted = (
        COUNTS
        | SUMS
        | {
            "=nav": ("nav", WAN),
            "=rolled_share": ("rolled_share", 1),
            "companies.explained": ("explained", WAN),
        }
    )
    for key, (name, scale) in wanted.items():
        [text] = [value for head, value in told if head == title(key, "zh")]
        assert says(text, known[name], scale), (key, text, known[name])


def test_facts_of_returns_say_what_returns_says(shown, command):
    told = facts(shown("returns", lang="en"))
    known = command("returns")["pooled"]
    names = {**{f"={name}": (name, WAN) for name in ("paid_in", "distributed", "recallable", "nav", "unfunded")}, **TIMES, "=pic": ("pic", 1),
             **{f"={name}": (name, 1) for name in ("known_share", "rolled_share", "stale_share", "report_share", "book_share")}}  # fmt: skip
    for key, (name, scale) in names.items():
        texts = [value for head, value in told if head == title(key, "en")]
        assert len(texts) == len(known) == 2
        assert all(says(text, each[name], scale) for text, each in zip(texts, known, strict=True)), (
            key,
            texts,
        )


def test_dollars_and_yuan_side_by_side_say_what_trail_progress_and_returns_say(shown, command):
    at = shown("cross_border", lang="zh")
    rows = tables(at)[title("cross.sides", "zh")]
    stations = command("trail")["stations"]
    for currency, word in (("CNY", "人民币"), ("USD", "美元")):
        own = [each for each in stations if each["currency"] == currency]
        assert len(rows) == len(own) == 6
        for row, each in zip(rows, own, strict=True):
            assert says(row[f"{word}（万）"][0], each["value"], WAN), (row, each)
            assert says(row[f"{word}：占上一环节"][0], each["share"]), (row, each)
    beside = {
        each["item"]: each["value"]
        for each in command("progress")["beside"]
        if each["code"] == "cross_border"
    }
    told = dict(facts(at))
    for name in ("planned_size", "paid_in", "placed", "placed_paid"):
        assert says(told[title(f"cross.{name}", "zh")], beside[name]), name
    [fx] = command("returns")["fx"]
    for row, name in zip(tables(at)[title("returns.fx", "zh")], ("paid_in", "value", "gain"), strict=True):
        texts = [text for text, _ in list(row.values())[1:]]
        assert says(texts[0], fx[name], WAN) and says(texts[1], fx[f"{name}_converted"], WAN)
    for name in ("return_local", "return_fx", "return_cross"):
        assert says(told[title(f"={name}", "zh")], fx[name])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_targets_say_what_progress_says_on_each_quarters_end(shown, command, lang):
    """Every card, and of each target's table the newest three quarters: the command asked for those days."""
    at = shown("targets", lang=lang)
    page, found = whole(at), command("progress")["targets"]
    for each in found:
        card = page.partition(f'data-code="{each["code"]}"')[2]
        assert says(bare(re.search(r'class="main">(.*?)</span>', card, re.S)[1]), each["actual"]), each[
            "code"
        ]
    boxes = page.split(f'aria-label="{title("targets.quarters", lang)}"')[1:]
    assert len(boxes) == 4
    for box, code in zip(boxes, FOUR, strict=True):
        for row in re.findall(r"<tr>(.*?)</tr>", box.partition("<tbody>")[2].partition("</tbody>")[0], re.S)[
            :3
        ]:
            cells = [bare(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)]
            if len(cells) < 3:
                continue  # new managers: what a quarter added, no sum
            [then] = [
                one for one in command("progress", "--as-of", cells[0])["targets"] if one["code"] == code
            ]
            assert says(cells[1], then["actual"], WAN if then["currency"] else 1), (
                code,
                cells,
                then["actual"],
            )


def test_changes_say_what_changes_says(shown, command):
    known = command("changes", "1", "2")
    at = shown("changes", lang="zh")
    rows = tables(at)[title("changes.figures", "zh")]
    assert len(rows) == min(len(known["figures"]), 500) > 100
    for row, each in zip(rows, known["figures"], strict=False):
        for head, name in (("changes.old", "old"), ("changes.now", "new")):
            text, value = row[title(head, "zh")][0], each[name]
            assert str(value) == text or says(text, value), (each, text)
    fields = tables(at)[title("changes.rows", "zh")]
    assert len(fields) == min(len(known["changes"]), 500)
    for row, each in zip(fields, known["changes"], strict=False):
        assert row[title("changes.batch", "zh")][0] == each["batch_id"]
        assert row[title("changes.cell", "zh")][0] == (each["cell"] or str(each["row"] or ""))
    batches = tables(at)[title("load.batches", "zh")]
    assert {row["批次"][0] for row in batches} == {each["batch_id"] for each in known["batches"]}


def test_the_inbox_lists_what_inbox_lists(shown, command):
    rows = tables(shown("inbox", lang="zh"))[title("page.inbox", "zh")]
    known = [each for sender in command("inbox")["senders"] for each in sender["reports"]]
    words = {each["fund"] + "（" + each["partner_fund_id"] + "）": each for each in known}
    assert len(rows) == len(known) == len(words) == 84
    for row in rows:
        each = words[row[title("inbox.fund", "zh")][0]]
        assert row[title("inbox.status", "zh")][0] == title(f"inbox.status_{each['status']}", "zh")
        for head, name in (
            ("due_on", "due_on"),
            ("filed_on", "filed_on"),
            ("file", "file"),
            ("batch", "batch_id"),
            ("days_late", "days_late"),
        ):
            assert row[title(f"inbox.{head}", "zh")][0] == ("" if each[name] is None else str(each[name])), (
                each,
                head,
            )


def test_published_figures_say_what_published_says(shown, command):
    rows = tables(shown("published", lang="zh"))[title("page.published", "zh")]
    known = command("published")["published"]
    assert len(rows) == len(known) > 10
    for row, each in zip(rows, known, strict=True):
        texts = [text for text, _ in row.values()]
        assert says(texts[2], each["value"]), each
        for text, name in ((texts[3], "ours_then"), (texts[4], "ours_now")):
            if re.match(r"[\d,]", text):
                assert says(text, each[name]), (each, text)
            else:  # not counted, no day, a day still to come
                assert each["figure"] is None or name == "ours_then", (each, text)


def test_the_plan_says_what_plan_says(shown, command):
    at = shown("forecast", lang="zh")
    known = command("plan")
    rows = tables(at)[title("foresee.requests", "zh")]
    assert len(rows) == len(known["budget_requests"]) > 5
    for row, each in zip(rows, known["budget_requests"], strict=True):
        assert row[title("foresee.year", "zh")][0] == str(each["year"])
        for head, name in (("foresee.calls", "calls"), ("foresee.request", "expected")):
            assert says(row[title(head, "zh")][0].partition("（")[0], each[name], WAN), (row, each)
        assert says(row[title("foresee.fee", "zh")][0], each["fee"], WAN)
    stakes = tables(at)[title("foresee.pipeline", "zh")]
    assert [
        says(row[title("foresee.size", "zh")][0], each["size"], WAN)
        for row, each in zip(stakes, known["pipeline"], strict=True)
    ] == [True] * len(stakes)


def test_the_list_of_findings_says_what_findings_says(shown, command):
    at = shown("findings", lang="zh")
    rows = tables(at)[title("findings.list", "zh")]
    known = command("findings")["findings"]
    ids = {parse_qs(urlparse(href).query)["finding"][0] for row in rows for _, html in row.values()
           for href in map(unescape, re.findall(r'href="([^"]*)"', html)) if "finding=" in href}  # fmt: skip
    assert ids <= {each["finding_id"] for each in known} and len(ids) == len(rows) > 50
