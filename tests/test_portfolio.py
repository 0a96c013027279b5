"""The many-times portfolio of the benches: what is three times the demo has three times its sums and counts, and its ratios."""

import sys
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

sys.path.insert(0, str(Path(__file__).parent / "bench"))

from portfolio import COPIED, draft, portfolio, write

from fundtrack.metrics.entities import valid_fund_code, valid_uscc
from fundtrack.metrics.progress import progress
from fundtrack.reports.companies import companies_report
from fundtrack.reports.funds import funds_report
from fundtrack.reports.returns import returns_report
from fundtrack.store.editions import Store

TIMES = 3


@pytest.fixture(scope="module")
def source(demo_folder):
    return Store(demo_folder).ledger()


@pytest.fixture(scope="module")
def grown(source, tmp_path_factory):
    return write(tmp_path_factory.mktemp("grown") / "data", portfolio(source, TIMES)).ledger()


def test_what_is_counted_is_three_times_the_demos(source, grown):
    day = source.default_as_of
    assert grown.default_as_of == day
    for before, after in zip(
        progress(source, day).iter_rows(named=True), progress(grown, day).iter_rows(named=True), strict=True
    ):
        assert (before["code"], before["status"], before["completion"]) == (
            after["code"],
            after["status"],
            after["completion"],
        )
        if before["computed"]:
            assert after["actual"] == TIMES * before["actual"], before["code"]


def test_money_is_three_times_as_much_and_returns_the_same(source, grown):
    day = source.default_as_of
    before, after = (returns_report(one, day).pooled.to_dicts() for one in (source, grown))
    for old, new in zip(before, after, strict=True):
        for name in ("paid_in", "distributed", "nav", "unfunded", "commitment"):
            assert new[name] == TIMES * old[name], name
        for name in ("dpi", "tvpi", "irr", "period_return"):
            assert new[name] == (None if old[name] is None else pytest.approx(old[name], rel=1e-9)), name
    before, after = (companies_report(one, day) for one in (source, grown))
    for name in ("companies", "investments", "fund_cost", "guidance_value"):
        old, new = before.totals[name].drop_nulls(), after.totals[name].drop_nulls()
        # a guidance share is rounded to the cent fund by fund, the same in each copy
        assert [TIMES * Decimal(str(value)) for value in old] == [Decimal(str(value)) for value in new]


def test_copies_are_entities_of_their_own_with_valid_codes(source):
    made = portfolio(source, TIMES)
    for name in COPIED:
        if name in made:
            assert made[name].height == TIMES * source[name].height, name
            assert made[name]["row_key"].n_unique() == made[name].height, name
    for name, column, valid in (
        ("partner_fund", "uscc", valid_uscc),
        ("company", "uscc", valid_uscc),
        ("partner_fund", "amac_code", valid_fund_code),
    ):
        before = [code for code in source[name][column] if valid(code)]
        after = [code for code in made[name][column] if valid(code)]
        assert len(after) == TIMES * len(before)
        assert len(set(after)) == TIMES * len(set(before))
    assert (
        made["partner_fund"]
        .filter(pl.col("partner_fund_id") == "PF-001")
        .equals(source["partner_fund"].filter(pl.col("partner_fund_id") == "PF-001"))
    )
    assert all(portfolio(source, TIMES)[name].equals(frame) for name, frame in made.items()), (
        "the same every time"
    )


def test_flows_and_deals_in_parts_add_up(source):
    whole, parted = portfolio(source, 1), portfolio(source, 1, flows=7, deals=3)
    for name, column, times in (
        ("cash_flow", "amount", 7),
        ("cash_flow", "unfunded_effect", 7),
        ("fund_paid_in", "amount", 7),
        ("investment", "amount", 3),
        ("holding_valuation", "value", 3),
    ):
        assert parted[name].height == times * whole[name].height
        assert parted[name][column].sum() == whole[name][column].sum()
    assert {frame.height for frame in draft(parted).puts.values()} == {
        frame.height for frame in parted.values()
    }


@pytest.mark.parametrize("times", [0, 1001])
def test_more_copies_than_ids_have_room_for_are_refused(source, times):
    with pytest.raises(ValueError, match=str(times)):
        portfolio(source, times)


def test_the_demo_is_as_many_funds_as_the_benches_say(source):
    assert funds_report(source).funds["counted"].sum() == 84
