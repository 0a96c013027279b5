"""The forecast page, the cards' line and the commands: nothing forecast without its range, its day and the word."""

import json
import re
from datetime import date, timedelta

import pytest
from running import run_fundtrack
from small_portfolio import TABLES, write_portfolio
from ui_pages import html, open_page, publish, text

from fundtrack.store.editions import Store

DAY = date(2017, 9, 30)
MANY = 24


def history():
    """Two dozen funds in three years, a new house every second time; the last three are in the pipeline."""
    tables = {name: [dict(row) for row in rows] for name, rows in TABLES.items()}
    for n in range(MANY):
        applied = date(2014, 9, 1) + timedelta(days=46 * n)
        days = [applied + timedelta(days=gap + 3 * (n % 7)) for gap in (0, 40, 75, 100)]
        seen = [day.isoformat() if day <= DAY else None for day in days]
        house = f"VC1{n // 2:05d}"
        if n % 2 == 0:
            tables["manager"].append({"manager_id": house, "name": f"示例第{n}资本"})
        tables["partner_fund"].append({
            "partner_fund_id": f"PF1{n:05d}", "name": f"示例第{n}号基金", "manager_id": house, "currency": "CNY",
            "target_size": str(10_000 + 500 * n), **({"committed_size": str(10_000 + 400 * n), "established_on": seen[3]} if seen[3] else {}),
        })  # fmt: skip
        stake = {"participation_id": f"PA1{n:05d}", "guidance_fund_id": "GF000001", "partner_fund_id": f"PF1{n:05d}",
                 "applied_on": seen[0], "approved_on": seen[1], "approved_amount": "2000", "currency": "CNY", "cap_ratio": "0.25"}  # fmt: skip
        stake |= {"signed_on": seen[2], "commitment": "2000"} if seen[2] else {"expected_on": "2018-03-01"}
        tables["participation"].append({name: value for name, value in stake.items() if value is not None})
    return tables


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("history")
    publish(folder / "data", write_portfolio(folder / "first.xlsx", history()))
    return folder / "data"


@pytest.fixture
def data(once, monkeypatch):
    monkeypatch.setenv("FUNDTRACK_DATA", str(once))
    return once


WORDS = {
    "zh": ("预测", "80%区间", "2017年9月30日测算|测算日期"),
    "en": ("orecast", "80% range", "made 30 Sep 2017|Made on"),
}
"""The word, the range, and the day; a backtest has the day of each forecast in a column."""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_says_forecast_range_and_day_of_everything(data, lang):
    at = open_page("forecast", lang=lang)
    shown = html(at)
    word, interval, made = WORDS[lang]
    assert not at.error
    # every section that shows something to come says in its heading that it is a forecast, and below when it was made
    sections = re.split(r"<h2>", shown)[1:]
    foretold = [part for part in sections if interval in part]
    assert len(foretold) >= 5
    for part in foretold:
        assert word in part and re.search(made, part, re.IGNORECASE), part[:300]
    # the three targets with enough history have their range right behind their figure; the one without is refused
    lines = re.findall(r'<p class="says">(.*?)</p>', shown)
    assert len(lines) == 4
    ranged = [line for line in lines if interval in line]
    assert len(ranged) == 3 and all(word in line for line in lines)
    assert ("历史不足" if lang == "zh" else "too little history") in next(
        line for line in lines if line not in ranged
    )
    assert not re.search(r">(None|nan)\b|\{[a-z_]+\}", shown)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_cell_of_a_forecast_table_has_its_range(data, lang):
    """Cells under a heading that says forecast and holds money carry their range, or say that there is none to give."""
    shown = html(open_page("forecast", lang=lang))
    word, interval, _ = WORDS[lang]
    checked = 0
    for table in re.findall(r"<table.*?</table>", shown, re.DOTALL):
        heads = re.findall(r"<th[^>]*>(.*?)</th>", table, re.DOTALL)
        if {"80%区间", "80% range", "预测次数", "Forecasts"} & set(heads):
            continue  # the range stands in a column of its own, or the table counts forecasts
        for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]:
            cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
            for head, cell in zip(heads, cells, strict=True):
                if (
                    word.lower() in head.lower()
                    and re.search(r"\d{2,}", cell)
                    and "%" not in cell.replace(interval, "")
                ):
                    assert interval in cell, (head, cell)
                    checked += 1
    assert checked >= 10


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_cards_have_the_line_and_it_can_be_switched_off(data, lang):
    at = open_page("overview", lang=lang)
    lines = re.findall(r'<p class="foretold">(.*?)</p>', html(at))
    assert len(lines) == 4
    if lang == "zh":
        assert re.fullmatch(r"预测（9月30日测算）：年末\d+只，80%区间\d+—\d+只。预测不计入完成数。", lines[1])
    else:
        assert re.fullmatch(
            r"Forecast \(made 30 Sep 2017\): \d+ funds at year end, 80% range \d+–\d+ funds\. Not counted as achieved\.",
            lines[1],
        )
    assert "foretold" not in html(open_page("overview", lang=lang, forecast="off"))


def test_switching_the_line_off_leaves_the_figures(data):
    at = open_page("overview", lang="en")
    before = re.findall(r'<span class="main">(.*?)</span>', html(at))
    off = at.toggle(key="w_forecast").set_value(False).run()
    assert "foretold" not in html(off)
    assert re.findall(r'<span class="main">(.*?)</span>', html(off)) == before, "the figures are the same"


def test_a_scenario_is_made_compared_and_taken_away_and_the_ledger_stays(data, tmp_path):
    store = Store(data)
    files = {
        path: path.stat().st_mtime_ns for path in [*store.folders.editions.iterdir(), store.folders.published]
    }
    at = open_page("forecast", lang="en")
    assert "Slow exits" in text(at)
    at.text_input(key="w_scenario_name").set_value("我的情景")
    at.number_input(key="w_factor_nav").set_value(0.8)
    next(button for button in at.button if "Save" in button.label).click()
    at.run()
    assert not at.exception and not at.error
    saved = json.loads((data / "scenarios" / "edition-000001.json").read_text(encoding="utf-8"))["scenarios"]
    assert (saved[0]["name"], saved[0]["factors"]["nav"]) == ("我的情景", 0.8)
    again = open_page("forecast", lang="en")
    assert "我的情景" in text(again)
    next(button for button in again.button if "我的情景" in button.label).click()
    again.run()
    assert (
        json.loads((data / "scenarios" / "edition-000001.json").read_text(encoding="utf-8"))["scenarios"]
        == []
    )
    assert {
        path: path.stat().st_mtime_ns for path in [*store.folders.editions.iterdir(), store.folders.published]
    } == files
    assert run_fundtrack("verify", "--data", str(data), check=0).returncode == 0, (
        "a side file is nothing to verify"
    )


def test_no_data_yet(tmp_path, monkeypatch):
    monkeypatch.setenv("FUNDTRACK_DATA", str(tmp_path))
    assert "fundtrack demo" in html(open_page("forecast", lang="zh"))


def told(*args):
    return run_fundtrack(*args, check=0).stdout


def test_the_commands_as_json_and_in_words(data):
    before = told("progress", "--json", "--data", str(data))
    found = json.loads(told("forecast", "--json", "--backtest", "--data", str(data)))
    assert (found["as_of"], found["edition"], found["forecast"]) == ("2017-09-30", 1, True)
    by_code = {row["code"]: row for row in found["targets"]}
    assert list(by_code) == ["new_managers", "partner_funds", "fund_scale", "cross_border"]
    funds = by_code["partner_funds"]
    assert (
        funds["low"] <= funds["expected"] <= funds["high"]
        and 0 <= funds["probability"] <= 1
        and funds["naive"] > 0
    )
    assert isinstance(by_code["fund_scale"]["expected"], str)
    refused = by_code["cross_border"]
    assert (
        refused["refusal"]["code"],
        refused["refusal"]["have"],
        refused["low"],
        refused["probability"],
    ) == ("few_commitments", 1, None, None)
    assert {"method", "inputs", "pipeline"} <= set(funds)
    assert {row["basis"] for row in found["backtest"]["rows"]} <= {"event_date", "known_at"}
    plan = json.loads(told("plan", "--json", "--data", str(data)))
    assert {
        "gap",
        "choice",
        "without_pipeline",
        "budget_requests",
        "liquidity",
        "constraints",
        "pacing",
    } <= set(plan)
    assert told("progress", "--json", "--data", str(data)) == before, "progress knows nothing of forecasts"
    for lang, (word, interval, _) in WORDS.items():
        for command in ("forecast", "plan"):
            said = told(command, "--lang", lang, "--data", str(data))
            assert word in said and interval in said and "2017-09-30" in said, said


def test_a_forecast_can_be_traced_to_its_method_and_rows(data):
    from fundtrack.reports.forecast import explained

    ledger = Store(data).ledger()
    found = explained(ledger, "partner_funds", DAY, "zh")
    assert "推演" in found["method"] and found["refusal"] == "" and "依据" in found["inputs"]
    used = {row["key"]: row["used_as"] for row in found["rows"]}
    assert used["PA000001"] == "counted" and used[f"PA1{MANY - 1:05d}"] == "waiting"
    assert set(used) <= set(ledger["participation"]["participation_id"])
    border = explained(ledger, "cross_border", DAY, "en")
    assert [row["table"] for row in border["rows"]] == ["guidance_flow"] and "too little history" in border[
        "refusal"
    ]
    assert explained(ledger, "invention_patents", DAY, "en") == {}
