"""Rules by groups of partner funds find what they find at once: nothing that stands across partner funds is lost or seen twice."""

from datetime import date

import polars as pl
import pytest
from ledgers import ledger
from polars.testing import assert_frame_equal
from random_ledgers import random_rows
from rule_book import seed_rules

from fundtrack.metrics.once import Once
from fundtrack.metrics.rules.every import findings
from fundtrack.metrics.rules.finding import CLEARED
from fundtrack.metrics.rules.grouped import ACROSS, PARTED, groups, in_groups
from fundtrack.reports.findings import FindingsReport
from fundtrack.reports.found import found_in, found_nothing
from fundtrack.store.editions import Store

DAY = date(2017, 9, 30)
FUND = "partner_fund_id"


def by_groups(tables, as_of, most):
    def read(table, column, among):
        assert column in (PARTED[table], among.name)
        return tables[table].filter(pl.col(column).is_in(among.implode()))

    across = {table: tables[table].select(names) for table, names in ACROSS.items()}
    return list(in_groups(Once(tables), lambda: across, read, as_of, most))


def ruled(seed):
    rows, as_of = random_rows(seed)
    return ledger(rows | {"rule": seed_rules()}), as_of


def same_as_at_once(tables, as_of, most):
    whole = findings(tables, as_of)
    parts = [group.found for group in by_groups(tables, as_of, most)]
    rows = pl.concat([part.findings for part in parts]).sort(
        "rule_id", "entity_table", "entity", "occurrence"
    )
    clear = pl.col("status") == "clear"
    assert_frame_equal(rows, whole.findings.filter(~clear))
    counts = whole.findings.filter(clear).group_by("rule_id", FUND).agg(clear=pl.len())
    cleared = pl.concat([part.cleared for part in parts])
    assert_frame_equal(cleared, counts, check_row_order=False)
    behind = pl.concat([part.evidence for part in parts]).sort("finding_id", "ordinal")
    order = (
        "table_name",
        "row_key",
        "field",
        "role",
    )  # rows of one role may stand in any order within a finding
    assert_frame_equal(
        behind.drop("ordinal").sort("finding_id", *order),
        whole.evidence.drop("ordinal").sort("finding_id", *order),
    )
    return whole.findings


SEEDS = range(40)


@pytest.mark.parametrize("seed", SEEDS[::20])
def test_groups_of_one_fund_find_what_is_found_at_once(seed):
    assert same_as_at_once(*ruled(seed), 1).height


@pytest.mark.full
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("most", [1, 2])
def test_groups_find_what_is_found_at_once(seed, most):
    assert same_as_at_once(*ruled(seed), most).height


FUNDS = {"F1": "91330100799655058B", "F2": None, "F3": "91330100799655058b", "F4": None, "F5": None}


def five_funds():
    """F1 and F3 are one by their code; what F4's participation was recognised for is F2's investment; F5 stands alone."""
    rows = {
        "guidance_fund": [{"guidance_fund_id": "G", "name": "示例", "kind": "venture", "currency": "CNY"}],
        "partner_fund": [
            {FUND: fund, "name": fund, "currency": "CNY", "uscc": code} for fund, code in FUNDS.items()
        ],
        "participation": [
            {"participation_id": f"P{fund}", FUND: fund, "guidance_fund_id": "G", "currency": "CNY"} for fund in FUNDS
        ],
        "company": [{"company_id": "C", "name": "示例"}],
        "investment": [
            {"investment_id": "I2", FUND: "F2", "company_id": "C", "invested_on": DAY, "amount": "100", "currency": "CNY"}
        ],
        "reinvestment": [
            {"participation_id": "PF4", "company_id": "C", "investment_id": "I2", "recognised_on": DAY, "recognised": "70"},
            {"participation_id": "PF2", "company_id": "C", "investment_id": "I2", "recognised_on": DAY, "recognised": "60"},
        ],
        "rule": seed_rules(),
    }  # fmt: skip
    return ledger(rows)


@pytest.mark.parametrize(
    ("most", "parted"),
    [
        pytest.param(1, [{"F1", "F3"}, {"F2", "F4"}, {"F5"}], id="no larger than they must be"),
        pytest.param(3, [{"F1", "F3"}, {"F2", "F4", "F5"}], id="filled as far as what stays together fits"),
        pytest.param(5, [{"F1", "F2", "F3", "F4", "F5"}], id="all in one"),
    ],
)
def test_what_belongs_together_is_never_parted(most, parted):
    assert [set(group) for group in groups(five_funds(), most)] == parted


def test_a_recognition_for_another_funds_investment_is_seen_from_both():
    """130 recognised of an investment of 100: whoever looked at F2 or F4 alone would find 60 or 70, and nothing wrong."""
    found = same_as_at_once(five_funds(), DAY, 1).filter(rule_id="RETURN_DUP", entity="I2", occurrence="")
    assert found.select("status", "value", "limit_value").rows() == [("suspected", 130.0, 100.0)]


def test_balances_and_remittances_of_a_guidance_fund_are_those_over_all_partner_funds():
    """100 in, 30 and 40 paid to two funds, 20 back from one: 50 left; 20 sent on, which was received from the first fund alone."""
    flow = {"guidance_fund_id": "G", "currency": "CNY"}
    rows = {
        "guidance_fund": [{"guidance_fund_id": "G", "name": "示例", "kind": "venture", "currency": "CNY"}],
        "guidance_flow": [
            flow | {"kind": "received", "occurred_on": date(2016, 1, 1), "amount": "100"},
            flow | {"kind": "balance", "occurred_on": date(2017, 1, 1), "amount": "51"},
            flow | {"kind": "principal_remitted", "occurred_on": date(2017, 3, 1), "amount": "20"},
        ],
        "partner_fund": [{FUND: fund, "name": fund, "currency": "CNY"} for fund in ("F1", "F2")],
        "participation": [
            {"participation_id": f"P{fund}", FUND: fund, "guidance_fund_id": "G", "currency": "CNY", "remit_days": 30,
             "signed_on": date(2016, 1, 1)} for fund in ("F1", "F2")
        ],
        "cash_flow": [
            {"participation_id": who, "kind": kind, "occurred_on": day, "amount": amount, "currency": "CNY"}
            for who, kind, day, amount in (
                ("PF1", "call", date(2016, 2, 1), "30"), ("PF2", "call", date(2016, 2, 1), "40"),
                ("PF1", "distribution", date(2016, 12, 1), "20"), ("PF2", "distribution", date(2017, 2, 1), "5"),
            )
        ],
        "rule": seed_rules(),
    }  # fmt: skip
    found = same_as_at_once(ledger(rows), DAY, 1)
    own = found.filter(
        pl.col("entity").is_in(("G", "PF1", "PF2")) & pl.col("rule_id").is_in(("SUM_MISMATCH", "REMIT_LATE"))
    )
    told_of = {
        (row["entity"], row["occurrence"].split("|")[0]): (row["status"], row["value"])
        for row in own.iter_rows(named=True)
    }
    assert told_of["G", "balance"] == ("suspected", 50.0)  # 100 - 30 - 40 + 20
    assert told_of["PF1", "distribution"] == ("suspected", 90.0)  # 2016-12-01 to 2017-03-01
    assert told_of["PF2", "distribution"] == ("suspected", 241.0)  # not yet sent on: 2017-02-01 to 2017-09-30


@pytest.mark.parametrize("at_once", [1_500])
def test_a_large_ledger_shows_what_a_small_one_does_but_for_what_is_clear(demo_folder, at_once):
    whole, parts = (found_in(Store(demo_folder).ledger(), DAY, most) for most in (10**9, at_once))
    assert_frame_equal(parts.rows, whole.rows.filter(pl.col("status") != "clear"))
    for name in ("evidence", "guidance", "public"):
        assert_frame_equal(getattr(parts, name), getattr(whole, name))
    listed = parts.rows["finding_id"].implode()
    assert_frame_equal(parts.actions, whole.actions.filter(pl.col("finding_id").is_in(listed)))
    assert whole.cleared.is_empty()
    assert parts.rows.height + parts.cleared["clear"].sum() == whole.rows.height


@pytest.mark.parametrize(
    ("counts", "zh", "en"),
    [
        pytest.param([], "", "", id="all are listed"),
        pytest.param([1], "未见异常的1项只计数", "the 1 subject found clear", id="one"),
        pytest.param([3, 4], "未见异常的7项只计数", "the 7 subjects found clear", id="seven of two funds"),
    ],
)
def test_what_is_only_counted_is_said(counts, zh, en):
    none = found_nothing()
    funds = [f"PF{place}" for place, _ in enumerate(counts)]
    cleared = pl.DataFrame(
        {"rule_id": ["LATE_CALL"] * len(counts), "partner_fund_id": funds, "clear": counts}, CLEARED
    )
    said = FindingsReport(
        DAY, 1, none.rows, none.evidence, (), none.actions, none.guidance, none.public, cleared
    )
    assert zh in said.counted_only("zh") and en in said.counted_only("en")
    assert bool(said.counted_only("en")) == bool(counts)
    assert said.as_json()["clear_not_listed"] == sum(counts)
