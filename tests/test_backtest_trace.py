"""Every number of the backtest leads to its method and inputs: past forecasts, what came true, counts and means, hand-worked."""

import functools
import html as markup
import json
import re
from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest
from running import run_fundtrack
from shown_number import shown_as
from small_portfolio import TABLES, write_portfolio
from ui_pages import open_page, publish, whole

from fundtrack.errors import InputError
from fundtrack.metrics.forecast.backtest import BACKTEST, summary, trials
from fundtrack.metrics.lineage.figure import recomputed, same
from fundtrack.metrics.once import Once
from fundtrack.reports import backtest_trace
from fundtrack.reports.backtest import BacktestReport, backtest_report, knowing
from fundtrack.reports.trace import trace_report
from fundtrack.store.editions import Store
from fundtrack.text.say import say

DAY = date(2017, 9, 30)
FIRST_KNOWN = date(2015, 6, 30)
FIRST = date(2013, 1, 5)
MANY = 46
"""Funds, each with a house of its own: applied for every 30 days from 5 January 2013, agreed 75 and established 100 days later."""
LATE = 3
"""Established on 14 July 2013; the first file had it a year later by mistake."""
UNKNOWN = 20
"""Established on 6 December 2014; the first file did not have it at all."""


def counts_on(n: int) -> date:
    """The day on which the n-th fund is established: its agreement is older."""
    return FIRST + timedelta(days=30 * n + 100)


def history(until: date, *, first: bool):
    """Programme by a day; amounts in 万元."""
    tables = {
        name: [dict(row) for row in rows]
        for name, rows in TABLES.items()
        if not first or name in {"guidance_fund", "manager"}
    }
    tables.setdefault("partner_fund", [])
    tables.setdefault("participation", [])
    for n in range(MANY):
        applied = FIRST + timedelta(days=30 * n)
        if applied > until or (first and n == UNKNOWN):
            continue
        steps = {
            name: applied + timedelta(days=gap) for name, gap in (("approved_on", 40), ("signed_on", 75))
        }
        seen = {name: on.isoformat() for name, on in steps.items() if on <= until}
        set_up = counts_on(n) + timedelta(days=365 if first and n == LATE else 0)
        tables["manager"].append({"manager_id": f"VC1{n:05d}", "name": f"示例第{n}资本"})
        fund = {
            "partner_fund_id": f"PF1{n:05d}",
            "name": f"示例第{n}号基金",
            "manager_id": f"VC1{n:05d}",
            "currency": "CNY",
        }
        if set_up <= until:
            fund |= {"committed_size": "10000", "established_on": set_up.isoformat()}
        tables["partner_fund"].append(fund)
        tables["participation"].append({
            "participation_id": f"PA1{n:05d}", "guidance_fund_id": "GF000001", "partner_fund_id": f"PF1{n:05d}", "currency": "CNY",
            "applied_on": applied.isoformat(), **({"commitment": "2000"} if "signed_on" in seen else {}), **seen,
        })  # fmt: skip
    return tables


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tested")
    then = write_portfolio(
        folder / "then.xlsx", history(FIRST_KNOWN, first=True), as_of=FIRST_KNOWN.isoformat()
    )
    publish(folder / "data", then)
    publish(folder / "data", write_portfolio(folder / "now.xlsx", history(DAY, first=False)))
    return folder / "data"


@pytest.fixture(scope="module")
def store(data):
    return Store(data)


@pytest.fixture(scope="module")
def known(store):
    with store.ledger().held() as held:
        yield held


@pytest.fixture(scope="module")
def tested(known, store):
    return backtest_report(known, DAY, store)


@pytest.fixture(scope="module")
def made_at(known, store):
    """The forecasts of a quarter end, made once."""
    return functools.cache(
        lambda quarter: trials(Once(known), DAY, known=knowing(known, store), quarter=quarter)
    )


@pytest.fixture(scope="module")
def answered(known, store):
    """What a trace answers, asked once for both languages."""
    return functools.cache(
        lambda figure, as_of: trace_report(known, figure, None, as_of, editions=store).figure
    )


@pytest.fixture
def traced(known, store):
    return lambda figure, as_of=DAY: trace_report(known, figure, None, as_of, editions=store)


# Of the small portfolio 甲一号 (2014-05-01) and 丙天使 (2015-06-01) count beside the many. The n-th of these counts on day 100 + 30 n
# after 2013-01-05: 2013-04-15 the first. Until 2015-12-31 (1,090 days) n <= 33, that is 34; until 2016-06-30 (1,272 days) n <= 39,
# that is 40; until 2016-12-31 (1,456 days) n <= 45, that is 46.
def test_a_past_forecast_says_what_was_asked_what_stood_then_and_what_came(traced, tested):
    report = traced("backtest:partner_funds:2016-06-30")
    figure = report.figure
    sides = dict(figure.sides)
    assert (figure.metric, figure.how) == ("backtest", "simulated")
    assert sides["reached_then"].value == recomputed(sides["reached_then"]) == 42
    assert sides["came_true"].value == recomputed(sides["came_true"]) == 48
    assert same(
        sides["inside_share"].value,
        tested.rows.filter(code="partner_funds", as_of=date(2016, 6, 30))["inside"][0],
    )
    assert sides["forecast_low"].value <= figure.value <= sides["forecast_high"].value
    assert max(part.day for part in figure.parts) <= date(2016, 6, 30)
    established = {part.key for part in figure.parts if part.field == "established_on"}
    assert {"PF000001", "PF100000", "PF100039"} <= established
    assert not {"PF100040", "PF000002"} & established
    for lang, days in (
        ("zh", ("2016年6月30日", "2016年12月31日", "2,000")),
        ("en", ("30 Jun 2016", "31 Dec 2016", "2,000")),
    ):
        assert all(each in report.formula(lang) for each in days), report.formula(lang)
        assert say("trace.backtest.event_date", lang) in report.formula(lang)


def test_the_straight_line_starts_before_the_plan_and_runs_through_the_day(traced):
    # 36 before 2016, 6 added in 182 of 366 days
    figure = traced("backtest:partner_funds:2016-06-30:naive").figure
    assert [(word, side.value) for word, side in figure.sides] == [("reached_then", 42), ("start", 36)]
    assert figure.value == Decimal("48.07")  # 36 + 6 * 366 / 182 = 48.0659
    error = traced("backtest:partner_funds:2016-06-30:naive_error").figure
    assert error.value == recomputed(error) == Decimal("0.07")


@pytest.mark.parametrize(("code", "value"), [("partner_funds", 48), ("fund_scale", 4_750_000_000)])
def test_what_came_true_is_the_target_s_own_trace_of_that_day(traced, code, value):
    # 46 of 100 m, 甲一号 100 m and 丙天使 50 m
    own, tested = traced(code, date(2016, 12, 31)), traced(f"backtest:{code}:2016-06-30:actual")
    assert tested.figure == own.figure
    assert tested.figure.value == value
    assert tested.places == own.places


def test_new_houses_of_a_past_year_are_counted_by_the_plan_moved_to_it(traced):
    """Agreements 75 + 30 n days after 5 January 2013: in 2016 from n = 34 (2016-01-14) to n = 45, twelve; by 30 June n <= 39, six."""
    sides = dict(traced("backtest:new_managers:2016-06-30").figure.sides)
    assert (sides["reached_then"].value, sides["came_true"].value) == (6, 12)
    report = traced("backtest:new_managers:2016-06-30:actual")
    assert {part.key for part in report.figure.parts} == {f"PA1{n:05d}" for n in range(34, 46)}
    assert recomputed(report.figure) == 12 and "1 Jan 2016" in report.formula("en")


def test_a_forecast_from_what_was_known_then_leads_to_the_cells_of_that_file(traced):
    # by 2015-06-30 (906 days) n <= 26, that is 27; known then but for fund 20: 26; the late one counts a year late, but before it;
    # of the small portfolio the first file has none
    report = traced("backtest:partner_funds:2015-06-30")
    sides = dict(report.figure.sides)
    assert sides["reached_then"].value == recomputed(sides["reached_then"]) == 26
    assert (sides["came_true"].value, sides["came_true"].parts) == (36, ())
    assert {place.file for place in report.places.values()} == {"then.xlsx"}
    late = report.places["partner_fund", f"PF1{LATE:05d}", "established_on"]
    assert late.value == counts_on(LATE) + timedelta(days=365)
    assert not [part for part in report.figure.parts if part.key.endswith(f"{UNKNOWN:05d}")]
    assert say("trace.backtest.known_at", "zh", edition=1) in report.formula("zh")
    actual = traced("backtest:partner_funds:2015-06-30:actual")
    late = actual.places["partner_fund", f"PF1{LATE:05d}", "established_on"]
    assert (actual.figure.value, late.file, late.value) == (36, "now.xlsx", counts_on(LATE))


def test_without_the_store_only_dates_are_looked_at(known):
    # 27 of the many, 甲一号 and 丙天使
    found = trace_report(known, "backtest:partner_funds:2015-06-30", None, DAY)
    assert dict(found.figure.sides)["reached_then"].value == 29


HAND = [
    # low, median, high, straight line, came true: within, 2 off, the line 5; beyond, 4 off, the line 10; within, 3 off, no line
    ("2014-03-31", "10", "12", "15", "19", "14"),
    ("2014-06-30", "20", "23", "26", "17", "27"),
    ("2014-09-30", "30", "34", "38", None, "31"),
]


def by_hand() -> BacktestReport:
    rows = []
    for day, low, median, high, line, actual in HAND:
        numbers = {
            name: None if value is None else Decimal(value)
            for name, value in zip(
                ("low", "expected", "high", "naive", "actual"), (low, median, high, line, actual), strict=True
            )
        }
        off = {
            name: None if numbers[of] is None else abs(numbers[of] - numbers["actual"])
            for name, of in (("error", "expected"), ("naive_error", "naive"))
        }
        rows.append({"code": "partner_funds", "as_of": date.fromisoformat(day), "due_on": date(2014, 12, 31), **numbers, **off,
                     "covered": numbers["low"] <= numbers["actual"] <= numbers["high"], "inside": 0.82, "basis": "event_date", "edition": None})  # fmt: skip
    frame = pl.DataFrame(rows, schema=BACKTEST, orient="row")
    return BacktestReport(DAY, 2, frame, summary(frame))


@pytest.mark.parametrize(
    ("which", "value", "sides"),
    [
        pytest.param("forecasts", 3, {"2014-03-31": 12, "2014-06-30": 23, "2014-09-30": 34}, id="forecasts"),
        pytest.param("covered", 2, {"2014-03-31": 1, "2014-06-30": 0, "2014-09-30": 1}, id="within their range"),
        pytest.param("coverage", 2 / 3, {"covered": 2, "forecasts": 3}, id="their share"),
        pytest.param("inside", 0.82, {"2014-03-31": 0.82, "2014-06-30": 0.82, "2014-09-30": 0.82}, id="what the ranges promised"),
        pytest.param("error", 3.0, {"2014-03-31": 2, "2014-06-30": 4}, id="errors where there is a line to compare with"),
        pytest.param("naive_error", 7.5, {"2014-03-31": 5, "2014-06-30": 10}, id="errors of the line"),
        pytest.param("error_ratio", 0.4, {"forecast": 3.0, "forecast_naive": 7.5}, id="their ratio"),
    ],
)  # fmt: skip
def test_counts_and_means_are_made_of_their_forecasts(known, monkeypatch, which, value, sides):
    monkeypatch.setattr(backtest_trace, "backtest_report", lambda *_: by_hand())
    report = trace_report(known, f"backtest:partner_funds:{which}", None, DAY)
    figure = report.figure
    assert same(figure.value, value) and same(recomputed(figure), figure.value)
    assert {word: side.value for word, side in figure.sides} == pytest.approx(sides)
    assert "backtest:partner_funds:2014-09-30" in report.formula("zh")
    assert all(same(recomputed(side), side.value) for _, side in figure.sides)
    dated = [backtest_trace.leads(word, side) for word, side in figure.sides if word.startswith("2014")]
    assert all(each and each.startswith("backtest:partner_funds:2014-") for each in dated)


@pytest.mark.parametrize(
    "figure",
    [
        pytest.param("backtest:hightech_value_added", id="a target that is not forecast"),
        pytest.param("backtest:cross_border", id="one with too little history"),
        pytest.param("backtest:partner_funds:all", id="no such mean"),
        pytest.param("backtest:partner_funds:error:2016-06-30", id="the wrong way round"),
        pytest.param("backtest:partner_funds:2016-06-29", id="no quarter's end"),
        pytest.param("backtest:partner_funds:2017-06-30", id="a year that is not over"),
        pytest.param("backtest:partner_funds:2016-06-30:chance", id="what no backtest shows"),
        pytest.param("backtest:partner_funds:2016-06-30:low:high", id="two at once"),
    ],
)
def test_what_the_backtest_does_not_show_is_refused(traced, figure):
    with pytest.raises(InputError, match="figure_unknown"):
        traced(figure)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_number_of_the_page_s_backtest_leads_to_its_trace(
    tested, made_at, answered, lang, data, monkeypatch
):
    monkeypatch.setenv("FUNDTRACK_DATA", str(data))
    shown = whole(open_page("forecast", lang=lang))
    tables = [
        found
        for name in ("foresee.tested", "foresee.tested_each")
        for found in re.findall(
            rf'aria-label="{re.escape(markup.escape(say(name, lang)))}".*?</table>', shown, re.DOTALL
        )
    ]
    assert len(tables) == 2
    cells = [cell for table in tables for cell in re.findall(r'<td class="num">(.*?)</td>', table, re.DOTALL)]
    assert len(cells) == 6 * tested.summary.height + 4 * tested.rows.height
    assert tested.summary.height == 3 and set(tested.rows["basis"]) == {"event_date", "known_at"}
    bare = [re.sub(r"<a .*?</a>", "", cell, flags=re.DOTALL) for cell in cells]
    assert not [cell for cell in bare if re.search(r"\d", cell)]
    links = {
        (markup.unescape(mark), text)
        for cell in cells
        for mark, text in re.findall(r'<a class="tr" data-trace="(.*?)" href=".*?">(.*?)</a>', cell)
    }
    assert len(links) > 30
    # the figures of one quarter share its forecasts, those over all of them the backtest
    monkeypatch.setattr(backtest_trace, "trials", lambda *_, known, quarter: made_at(quarter))
    monkeypatch.setattr(backtest_trace, "backtest_report", lambda *_: tested)
    for mark, text in sorted(links):
        figure, day = re.fullmatch(r"(.*)\|\|\|(.*)", mark).groups()
        found = answered(figure, date.fromisoformat(day) if day else DAY)
        assert shown_as(text, found.value, share="%" in text), (mark, text, found.value)
        assert same(recomputed(found), found.value), mark


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_trace_s_page_tells_the_method_and_leads_on(data, monkeypatch, lang):
    monkeypatch.setenv("FUNDTRACK_DATA", str(data))
    shown = whole(open_page("trace", lang=lang, figure="backtest:partner_funds:error"))
    assert say("trace.backtest.error", lang) in markup.unescape(shown)
    assert 'data-trace="backtest:partner_funds:2016-06-30:error|||"' in shown
    assert not re.search(r">(None|nan)\b|\{[a-z_]+\}", shown)


def test_the_commands_lead_to_one_another(data, tested):
    found = json.loads(
        run_fundtrack("forecast", "--json", "--backtest", "--data", str(data), check=0).stdout
    )["backtest"]
    one = next(row for row in found["rows"] if (row["code"], row["as_of"]) == ("fund_scale", "2015-06-30"))
    assert one["basis"] == "known_at" and len(found["rows"]) == tested.rows.height
    trace = json.loads(run_fundtrack("trace", one["trace"], "--json", "--data", str(data), check=0).stdout)
    assert trace["value"] == one["expected"]
    assert {side["side"]: side["value"] for side in trace["sides"]}["came_true"] == one["actual"]
    assert {cell["file"] for cell in trace["cells"]} == {"then.xlsx"}
    said = run_fundtrack("forecast", "--backtest", "--data", str(data), check=0).stdout
    assert "fundtrack trace backtest:" in said
