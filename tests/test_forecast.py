"""The forecast: hand-worked cases, what it must not know, when it must not speak, and what it must not touch."""

import random
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from forecast_law import World as LawWorld
from forecast_law import ledger_rows, truth
from ledgers import ledger

from fundtrack.metrics.forecast.backtest import backtest, summary
from fundtrack.metrics.forecast.cases import NEVER, cases, number, of_rows
from fundtrack.metrics.forecast.clock import Clock, factors
from fundtrack.metrics.forecast.simulate import Assumed, Movements, simulate
from fundtrack.metrics.forecast.survival import Spells, season, stage_law
from fundtrack.metrics.forecast.targets import World, forecast
from fundtrack.metrics.progress import progress
from fundtrack.reports.forecast import course

STILL = Movements(np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
DAY = date(2017, 9, 30)


# ---- cases as seen by a day


def test_what_was_not_yet_is_not_seen():
    """Applied on 10, approved 20, agreed 30, established 40, and another that comes in on 25 and is dropped on 50."""
    both = of_rows([
        {"name": "A", "entity": "F1", "applied": 10, "approved": 20, "signed": 30, "established": 40, "expected": 44},
        {"name": "B", "entity": "F2", "applied": 25, "dropped": 50},
    ])  # fmt: skip
    at_25 = both.by(25)
    assert list(at_25.name) == ["A", "B"]
    assert (at_25.approved[0], at_25.signed[0], at_25.counted[0], at_25.dropped[1]) == (
        20,
        NEVER,
        NEVER,
        NEVER,
    )
    assert list(both.by(24).name) == ["A"]
    assert both.by(40).counted[0] == 40
    assert both.by(25, undated=False).expected[0] == NEVER


def test_one_fund_is_one_case_the_one_that_counts_first():
    rows = [
        {"name": "second", "entity": "F", "signed": 90, "established": 40},
        {"name": "first", "entity": "F", "signed": 30, "established": 40},
        {"name": "given up", "entity": "F", "applied": 1, "dropped": 5},
    ]
    assert list(of_rows(rows).by(100).name) == ["first"]
    assert list(of_rows(rows).by(10).name) == ["given up"]
    assert list(of_rows(rows).by(35).name) == ["first"], "still waiting for its establishment"


def test_cases_are_read_by_the_counting_rules():
    """Cross-border stakes are no cases; the house is that of the manager as at signing."""
    tables = ledger({
        "guidance_fund": [{"guidance_fund_id": "V", "kind": "venture"}, {"guidance_fund_id": "X", "kind": "cross_border"}],
        "manager": [{"manager_id": "M1", "name": "甲"}, {"manager_id": "M2", "name": "乙"}],
        "partner_fund": [
            {"partner_fund_id": "P1", "name": "一号", "manager_id": "M2", "currency": "CNY", "committed_size": "5", "target_size": "8",
             "established_on": "2016-01-31"},
            {"partner_fund_id": "P2", "name": "二号", "manager_id": "M2", "currency": "USD", "committed_size": "7"},
        ],
        "fund_change": [{"partner_fund_id": "P1", "kind": "manager", "effective_on": "2017-01-01", "before": "甲", "after": "乙"}],
        "participation": [
            {"participation_id": "1", "guidance_fund_id": "V", "partner_fund_id": "P1", "signed_on": "2016-02-01"},
            {"participation_id": "2", "guidance_fund_id": "V", "partner_fund_id": "P2", "applied_on": "2016-02-01"},
            {"participation_id": "3", "guidance_fund_id": "X", "partner_fund_id": "P2", "signed_on": "2016-02-01"},
        ],
    })  # fmt: skip
    found = cases(tables)
    assert list(found.name) == ["1", "2"]
    assert list(found.house) == ["M1", "M2"]
    assert found.counted[0] == number(date(2016, 2, 1))
    assert (found.planned[0], found.size[0], list(found.own)) == (8, 5, [True, False])


# ---- clocks and hazards


def test_a_clock_runs_by_the_factors_of_months():
    clock = Clock.of(number(date(2017, 9, 28)), number(date(2017, 10, 3)), np.r_[np.ones(9), 2, 2, 2])
    days = np.array([number(date(2017, 9, 28)) + n for n in range(6)])
    assert clock.read(days).tolist() == [0, 1, 2, 4, 6, 8]  # 29, 30 September; 1, 2, 3 October count double
    twice = Clock.of(
        number(date(2017, 9, 28)), number(date(2017, 10, 3)), np.ones(12), 0.5, number(date(2017, 9, 30))
    )
    assert twice.read(days).tolist() == [0, 1, 2, 2.5, 3, 3.5]


def test_a_season_needs_events():
    assert factors(np.zeros(4), np.zeros(4)).tolist() == [1, 1, 1, 1]
    # 16 events, 4 expected each time, all in the last: (0 + 4) / (4 + 4) and (16 + 4) / (4 + 4)
    assert factors(np.array([0.0, 0, 0, 16]), np.full(4, 4.0)).tolist() == pytest.approx([0.5, 0.5, 0.5, 2.5])


def test_a_season_of_establishment_is_found():
    """Hazard three times as high in the last three months: the factors found come near."""
    rng = np.random.default_rng(1)
    first = number(date(2000, 1, 1))
    law = np.r_[np.full(9, 2 / 3), np.full(3, 2.0)]
    clock = Clock.of(first, first + 6000, law)
    start = first + rng.integers(0, 5000, 6000)
    end = np.searchsorted(clock.at, clock.read(start) + rng.exponential(60, 6000)) + first
    found = season(Spells(start, end, np.ones(6000, np.int64)))
    assert found / found.mean() == pytest.approx(law, rel=0.2)


def test_hazards_are_those_of_aalen_and_johansen():
    """Ten cases: two through after 1 day, one dropped and one still waiting after 2, one through after 3, five after 9.

    Worked by hand: through by 1 is 2/10; of the 8 at risk at 2 one is dropped; of the 6 at risk at 3 one comes through, so
    through by 3 is 2/10 + 8/10 * 7/8 * 1/6.
    """
    spent = np.array([1, 1, 2, 2, 3, 9, 9, 9, 9, 9])
    cause = np.array([1, 1, 2, 0, 1, 1, 1, 1, 1, 1])
    waited = Spells(np.zeros(10, np.int64), spent, cause)
    flat = Clock.of(0, 100, np.ones(12))
    law = stage_law(waited, flat, 30, 40_000, np.random.default_rng(2))
    through = law.through.mean(axis=0)
    assert through[:2].tolist() == [0, 0]
    assert through[2] == pytest.approx(0.2, abs=0.003)
    assert through[3] == pytest.approx(0.2, abs=0.003)
    assert through[4] == pytest.approx(0.2 + 0.8 * 7 / 8 / 6, abs=0.004)
    assert law.tail == 10
    assert law.waiting[:, 9].mean() == pytest.approx(0.8 * 7 / 8 * 5 / 6, abs=0.004)
    assert law.waiting[:, 10].max() < 1e-9, "the last five all came through on the ninth day"


# ---- paths


def steady(count=40, wait=30, every=20, since=0):
    """Cases that come in every so many days and take just so long for each of the three stages."""
    return [
        {"name": f"C{n:03d}", "entity": f"F{n}", "house": "H", "applied": since + n * every, "approved": since + n * every + wait,
         "signed": since + n * every + 2 * wait, "established": since + n * every + 3 * wait, "planned": 100.0, "size": 80.0}
        for n in range(count)
    ]  # fmt: skip


def test_where_everything_takes_just_as_long_the_pipeline_is_certain():
    """Seen by day 3605, forecast to 3630. Of applications at 0, 40, …, that of 3520 counts on 3610.

    Who applied on 3560 counts on 3650, after the deadline; size 100 planned gave 80 in the past.
    """
    seen = of_rows(steady(100, every=40)).by(3605)
    assert (seen.counted < NEVER).sum() == 88  # applied until 3480, counted until 3570
    drawn = simulate(seen, STILL, 3605, 3630, seed=1, steps=25)
    assert np.quantile(drawn.funds[:, -1], [0.1, 0.5, 0.9]).tolist() == [1, 1, 1]
    assert np.quantile(drawn.scale[:, -1], [0.1, 0.5, 0.9]).tolist() == [80, 80, 80]
    before = max(place for place, day in enumerate(drawn.at) if day < 3608)
    assert np.median(drawn.funds[:, before]) == 0
    assert np.median(drawn.houses[:, -1]) == 0, "the one house has had an agreement long since"


def test_a_case_expected_after_the_deadline_is_held_back():
    rows = steady(60)
    for row in rows:
        if row["applied"] in {720, 740}:
            row["expected"] = 841
    held = simulate(of_rows(rows).by(800), STILL, 800, 840, seed=1)
    assert np.quantile(held.funds[:, -1], 0.9) <= 1
    free = simulate(of_rows(rows).by(800, undated=False), STILL, 800, 840, seed=1)
    assert np.median(free.funds[:, -1]) == 2


def test_houses_of_several_cases_count_once():
    rows = steady(60)
    for row in rows:
        row["house"] = "new" if row["applied"] in {740, 760} else "old"
    drawn = simulate(of_rows(rows).by(790), STILL, 790, 840, seed=1)
    assert np.median(drawn.houses[:, -1]) == 1


def test_movements_of_counted_funds_go_on_as_before():
    """A hundred ends of funds in the last three years, all of 10: about 3.65 in forty days."""
    moved = Movements(np.linspace(0, 799, 100).astype(np.int64), np.full(100, -1.0), np.full(100, -10.0))
    plain, less = (simulate(of_rows(steady(60)).by(800), moves, 800, 840, seed=1) for moves in (STILL, moved))
    lost = plain.funds[:, -1].mean() - less.funds[:, -1].mean()
    assert lost == pytest.approx(100 * 40 / (3 * 365), rel=0.1)
    assert (plain.scale[:, -1].mean() - less.scale[:, -1].mean()) / lost == pytest.approx(10, rel=0.1)


def test_a_scenario_changes_speed_and_arrivals():
    seen = of_rows(steady(60)).by(800)
    slow = simulate(seen, STILL, 800, 840, seed=1, assumed=Assumed(speed=0.2))
    assert np.median(slow.funds[:, -1]) == 0
    rows = steady(60, wait=2)
    few, many = (
        simulate(of_rows(rows).by(800), STILL, 800, 1000, seed=1, assumed=Assumed(arrivals=factor))
        for factor in (0, 2)
    )
    assert np.median(many.funds[:, -1]) == pytest.approx(20, abs=3)  # one every 20 days for 200 days, doubled
    assert np.quantile(few.funds[:, -1], 0.9) <= 1


def test_the_same_seed_draws_the_same():
    seen = of_rows(steady(60)).by(800)
    one, other = (simulate(seen, STILL, 800, 900, seed=7) for _ in range(2))
    assert (one.funds == other.funds).all() and (one.scale == other.scale).all()


# ---- targets of a ledger


@pytest.fixture(scope="module")
def world():
    return LawWorld(np.random.default_rng(4))


@pytest.fixture(scope="module")
def tables(world):
    return ledger(ledger_rows(world))


def test_the_counting_rules_agree_with_the_law(world, tables):
    rows = {row["code"]: row["actual"] for row in progress(tables, DAY).iter_rows(named=True)}
    funds, scale, houses = truth(world.cases(), number(DAY), number(date(2016, 12, 31)))
    assert (rows["partner_funds"], rows["new_managers"]) == (funds, houses)
    assert float(rows["fund_scale"]) == pytest.approx(scale, abs=0.01)


def test_a_forecast_has_its_range_its_day_and_the_naive_pace(tables):
    for found in forecast(tables, DAY):
        assert found.refusal is None
        assert found.actual <= found.low <= found.expected <= found.high
        assert found.inside >= 0.8
        assert 0 <= found.probability <= 1
        assert found.fan[-1] == (date(2017, 12, 31), found.low, found.expected, found.high)
        assert [day for day, *_ in found.fan] == sorted(day for day, *_ in found.fan)


def test_a_course_passes_through_what_was_counted_then(world, tables):
    begun, found_of = date(2016, 12, 31), {found.code: found for found in forecast(tables, DAY)}
    for place, code in enumerate(("partner_funds", "fund_scale", "new_managers")):
        steps = course(tables, found_of[code])
        assert steps[-1] == (DAY, found_of[code].actual) and len(steps) >= 3
        for on, value in steps:
            true = truth(world.cases(), number(on), number(begun))[place]
            assert float(value) == pytest.approx(true, abs=0.01), (code, on)


def test_the_naive_pace_is_a_straight_line():
    """8 on the last day of September, 0 at the start: 8 * 365 / 273 = 10.70."""
    rows = ledger_rows(LawWorld(np.random.default_rng(5)))
    tables = ledger(rows)
    by_code = {found.code: found for found in forecast(tables, DAY)}
    houses = by_code["new_managers"]
    assert houses.naive == round(houses.actual * 365 / 273, 2)
    funds = by_code["partner_funds"]
    start = next(
        row for row in progress(tables, DAY).iter_rows(named=True) if row["code"] == "partner_funds"
    )["start_value"]
    assert funds.naive == round(start + (funds.actual - start) * 365 / 273, 2)


def test_nothing_later_than_the_day_is_used(world):
    """The forecast of 30 June is the same whether or not the ledger holds what came later."""
    june = date(2017, 6, 30)
    rows = ledger_rows(world)
    rows["cover"] = [{"sender": "示例", "as_of": "2017-12-31", "unit": "元"}]
    whole = forecast(ledger(rows), june)
    cut = ledger_rows(world)
    cut["cover"] = rows["cover"]
    for row in cut["participation"]:
        for name in ("applied_on", "approved_on", "signed_on", "dropped_on"):
            if row[name] and row[name] > june:
                row[name] = None
    gone = {row["partner_fund_id"] for row in cut["participation"] if row["applied_on"] is None}
    cut["participation"] = [row for row in cut["participation"] if row["partner_fund_id"] not in gone]
    cut["partner_fund"] = [row for row in cut["partner_fund"] if row["partner_fund_id"] not in gone]
    for row in cut["partner_fund"]:
        if row["established_on"] and row["established_on"] > june:
            row["established_on"] = row["committed_size"] = None
    assert [(f.low, f.expected, f.high, f.probability) for f in whole] == [
        (f.low, f.expected, f.high, f.probability) for f in forecast(ledger(cut), june)
    ]


def test_expected_dates_are_not_known_before_the_newest_cover():
    rows = ledger_rows(LawWorld(np.random.default_rng(6)))
    rows["cover"] = [{"sender": "示例", "as_of": "2017-09-30", "unit": "元"}]
    plain = [found.expected for found in forecast(ledger(rows), date(2017, 6, 30))]
    for row in rows["participation"]:
        row["expected_on"] = date(2019, 1, 1)
    assert [found.expected for found in forecast(ledger(rows), date(2017, 6, 30))] == plain
    late = forecast(ledger(rows), DAY)[1]
    assert late.inputs["held_back"] == late.inputs["waiting"] > 0


TARGET = {"code": "partner_funds", "due_on": "2017-12-31", "starts_on": "2017-01-01", "name": "合作基金", "value": "90", "unit": "只", "source": "s"}  # fmt: skip
BORDER = TARGET | {"code": "cross_border", "value": "50", "currency": "USD", "unit": "美元"}


@pytest.mark.parametrize(
    ("change", "day", "code"),
    [
        pytest.param({}, date(2018, 3, 1), "over", id="the deadline has come"),
        pytest.param({"participation": []}, DAY, "unknown", id="nothing known"),
        pytest.param({"participation": 5}, DAY, "few_funds", id="five funds"),
        pytest.param({"target": [TARGET | {"code": "new_managers"}]}, DAY, "few_houses", id="one house"),
        pytest.param({"target": [TARGET | {"code": "new_managers", "starts_on": "2017-12-01"}]}, DAY, "not_begun", id="a plan to come"),
        pytest.param({"since": date(2016, 6, 1)}, DAY, "few_days", id="a year and a third"),
        pytest.param({"target": [BORDER]}, DAY, "few_commitments", id="cross-border, never committed"),
    ],
)  # fmt: skip
def test_too_little_history_is_refused_never_made_up(change, day, code):
    found = forecast(ledger(simple(change)), day)[0]
    assert found.refusal.code == code
    assert (found.low, found.expected, found.high, found.probability, found.naive, found.fan) == (
        None,
        None,
        None,
        None,
        None,
        (),
    )


def simple(change):
    """Twenty funds of one house, one a month, a month from application to approval and from agreement to establishment."""
    count = change["participation"] if isinstance(change.get("participation"), int) else 20
    since = change.get("since", date(2014, 1, 1))
    step = timedelta(days=20)
    begun = [since + n * step for n in range(count)]
    rows = {
        "guidance_fund": [{"guidance_fund_id": "G", "name": "g", "kind": "venture"},
                          {"guidance_fund_id": "X", "kind": "cross_border", "name": "x", "established_on": "2017-06-01"}],
        "manager": [{"manager_id": "M", "name": "m"}],
        "target": change.get("target", [TARGET]),
        "guidance_flow": change.get("flows", [{"guidance_fund_id": "X", "kind": "committed", "occurred_on": "2017-06-01", "amount": "5", "currency": "USD", "line_no": "1"}]),
        "partner_fund": [{"partner_fund_id": f"P{n}", "name": f"p{n}", "manager_id": "M", "currency": "CNY", "committed_size": "10",
                          "target_size": "10", "established_on": day + timedelta(days=90)} for n, day in enumerate(begun)],
        "participation": [{"participation_id": f"A{n}", "guidance_fund_id": "G", "partner_fund_id": f"P{n}", "currency": "CNY",
                           "applied_on": day, "approved_on": day + timedelta(days=30), "signed_on": day + timedelta(days=60)}
                          for n, day in enumerate(begun)],
    }  # fmt: skip
    if change.get("participation") == []:
        rows["participation"] = []
    return rows


def test_commitments_to_the_cross_border_fund_go_on_as_before():
    """Twelve commitments of 3 in the 122 days from June to September: about nine more until the end of the year."""
    flows = [{"guidance_fund_id": "X", "kind": "committed", "occurred_on": date(2017, 6, 1) + timedelta(days=11 * n),
              "amount": "3", "currency": "USD", "line_no": str(n)} for n in range(12)]  # fmt: skip
    found = forecast(ledger(simple({"target": [BORDER], "flows": flows})), DAY)[0]
    assert found.refusal is None
    assert found.actual == 36
    assert float(found.expected) == pytest.approx(36 + 3 * 12.5 * 92 / 121, abs=3.1)
    assert found.low % 3 == 0 and found.high % 3 == 0


def test_a_forecast_touches_neither_ledger_nor_progress(tables):
    before = {name: frame.clone() for name, frame in tables.items()}
    shown = progress(tables, DAY)
    forecast(tables, DAY)
    backtest(tables, DAY, paths=100)
    assert progress(tables, DAY).equals(shown)
    assert all(tables[name].equals(frame) for name, frame in before.items())


# ---- backtest


def test_a_backtest_compares_every_quarter_end_whose_year_is_over(world, tables):
    rows = backtest(tables, DAY, paths=200)
    assert set(rows["as_of"].dt.month()) == {3, 6, 9}
    assert rows["due_on"].max() == date(2016, 12, 31), "2017 is not over"
    assert set(rows["basis"]) == {"event_date"}
    one = rows.filter((pl.col("as_of") == date(2016, 9, 30)) & (pl.col("code") == "partner_funds")).row(
        0, named=True
    )
    funds, _, _ = truth(world.cases(), number(date(2016, 12, 31)), 0)
    assert one["actual"] == Decimal(int(funds))
    assert one["covered"] == (one["low"] <= one["actual"] <= one["high"])
    assert one["error"] == abs(one["expected"] - one["actual"])
    assert one["naive_error"] == abs(one["naive"] - one["actual"])
    short = summary(rows)
    assert short["code"].to_list() == ["new_managers", "partner_funds", "fund_scale"]
    for line in short.iter_rows(named=True):
        mine = rows.filter(pl.col("code") == line["code"])
        assert line["forecasts"] == mine.height
        assert line["coverage"] == pytest.approx(line["covered"] / line["forecasts"])
        assert line["error_ratio"] == pytest.approx(line["error"] / line["naive_error"])


def test_a_backtest_looks_at_what_was_known_then_where_an_edition_reaches_back(tables):
    """An edition of 30 September 2016 that knew nothing of half the funds: its forecast differs, its basis is said."""
    from fundtrack.metrics.forecast.backtest import Known

    rng = random.Random(3)
    kept = [name for name in tables["participation"]["participation_id"] if rng.random() < 0.5]
    then = dict(tables) | {
        "participation": tables["participation"].filter(pl.col("participation_id").is_in(kept))
    }
    asked = []

    def known(day):
        asked.append(day)
        return Known(then, 7) if day == date(2016, 9, 30) else None

    rows = backtest(tables, DAY, known=known, paths=200)
    there = rows.filter(pl.col("as_of") == date(2016, 9, 30))
    assert set(there["basis"]) == {"known_at"} and set(there["edition"]) == {7}
    plain = backtest(tables, DAY, paths=200)
    same = plain.filter(pl.col("as_of") == date(2016, 9, 30))
    assert there["actual"].to_list() == same["actual"].to_list(), (
        "what came true is told by what is known now"
    )
    assert there["expected"].to_list() != same["expected"].to_list()
    assert rows.filter(pl.col("basis") == "event_date").select("expected").equals(
        plain.filter(pl.col("as_of") != date(2016, 9, 30)).select("expected"))  # fmt: skip


def test_an_empty_ledger_has_no_backtest():
    assert backtest(ledger({}), DAY).is_empty()
    assert summary(backtest(ledger({}), DAY)).is_empty()
    assert forecast(ledger({}), DAY) == []
    assert World.of(ledger({})).cases.by(10).name.size == 0


@pytest.mark.parametrize(("covers", "quarter", "edition"), [
    pytest.param(["2016-06-30", "2016-09-30"], "2016-09-30", 2, id="the edition of that quarter"),
    pytest.param(["2016-06-30", "2016-10-15"], "2016-09-30", 2, id="or the first that reaches it"),
    pytest.param(["2016-06-30", "2017-03-31"], "2016-09-30", None, id="not one that also knows the next quarter"),
    pytest.param([None, "2016-09-30", "2016-09-30"], "2016-09-30", 2, id="the first of several"),
    pytest.param([None], "2016-09-30", None, id="none has a cover"),
])  # fmt: skip
def test_which_edition_knew_a_quarter(covers, quarter, edition):
    from fundtrack.reports.backtest import known_then

    class Edition(dict):
        default_as_of = None

    class Editions:
        def ledger(self, known_at=None):
            found = Edition()
            found.default_as_of = covers[known_at - 1] and date.fromisoformat(covers[known_at - 1])
            return found

    found = known_then(Editions(), len(covers))(date.fromisoformat(quarter))
    assert (found.edition if found else None) == edition
