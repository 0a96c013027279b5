"""The auditor's ten questions and what stands beside them: each answer worked out by hand from tests/audit_ledger.py."""

import hashlib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from audit_ledger import AS_OF, FIRST, audit_store

from fundtrack.store.definitions import all_definitions

D = Decimal
CONTRACT = {
    "audit_money_trail": "guidance_fund budgeted received interest paid_to_funds fees principal_back income_back remitted "
    "balance_computed balance_declared currency",
    "audit_idle": "partner_fund_id name guidance_paid_on guidance_paid first_investment_on invested cash cash_on idle_days idle_ratio",
    "audit_stake": "partner_fund_id name on_day basis guidance public_all total largest_other cap rule_source rule_force",
    "audit_call_order": "partner_fund_id call_no due_on guidance_paid_on private_paid_on private_due private_unpaid",
    "audit_term": "partner_fund_id name term_end extended_to approval_no liquidated_on guidance_residual_cost",
    "audit_exit_price": "participation_id exit_on buyer cost_basis held_days concession_kind rate rate_source floor_price proceeds",
    "audit_remittance": "participation_id received_on principal income remitted_on remitted voucher_no",
    "audit_reinvest": "participation_id company_uscc investment_id claimed recognised kind recognised_on evidence invested",
    "audit_direction": "partner_fund_id company on_day amount instrument industry share_of_fund related_party flag",
    "audit_changes": "edition batch_id changed_at changed_by approved_by table_name row_key field old_value new_value reason event_on "
    "target_code target_effect file sheet cell",
}
MONEY = {
    "budgeted", "received", "interest", "paid_to_funds", "fees", "principal_back", "income_back", "remitted", "balance_computed",
    "balance_declared", "guidance_paid", "invested", "cash", "guidance", "public_all", "total", "largest_other", "private_due",
    "private_unpaid", "guidance_residual_cost", "cost_basis", "floor_price", "proceeds", "principal", "income", "claimed", "recognised",
    "amount", "target_effect",
}  # fmt: skip
OTHER = {"idle_days": "INTEGER", "held_days": "INTEGER", "edition": "INTEGER", "idle_ratio": "DOUBLE", "cap": "DOUBLE", "rate": "DOUBLE",
         "share_of_fund": "DOUBLE", "related_party": "BOOLEAN", "changed_at": "TIMESTAMP", "on_day": "DATE", "due_on": "DATE",
         "term_end": "DATE", "extended_to": "DATE"}  # fmt: skip


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    store = audit_store(tmp_path_factory.mktemp("audit") / "data")
    with store.connect() as found:
        yield found


def asked(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = con.sql(sql).fetchall()
    return found


@pytest.mark.parametrize("view", CONTRACT)
def test_columns_in_their_order_and_types(con: duckdb.DuckDBPyConnection, view: str):
    names = CONTRACT[view].split()
    for source in (view, f"{view}_at(DATE '2017-12-31')"):
        described = [
            (name, kind) for name, kind, *_ in con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        ]
        assert described[: len(names)] == [
            (
                name,
                "DECIMAL(18,2)"
                if name in MONEY
                else OTHER.get(name, "DATE" if name.endswith("_on") else "VARCHAR"),
            )
            for name in names
        ]


def test_1_money_in_out_back_and_held(con: duckdb.DuckDBPyConnection):
    # held: 1000 + 12 + (60 + 10) + (100 + 2) - (300 + 200) - 20 - (60 + 10) = 594; the bank says 590
    assert asked(
        con,
        "SELECT guidance_fund, budgeted, received, interest, paid_to_funds, fees, principal_back, income_back, remitted, balance_computed, "
        "balance_declared, currency, received + interest + principal_back + income_back - paid_to_funds - fees - remitted "
        "- balance_declared AS difference FROM audit_money_trail",
    ) == [("引导基金甲", 1000, 1000, 12, 500, 20, 160, 12, 70, 594, 590, "CNY", 4)]  # fmt: skip


def test_1_a_balance_that_money_moved_past_is_no_balance_today(con: duckdb.DuckDBPyConnection):
    # on 2017-11-19 nothing was declared yet and the exit had not come: 594 - 102 = 492
    assert asked(
        con, "SELECT balance_computed, balance_declared FROM audit_money_trail_at(DATE '2017-11-19')"
    ) == [(492, None)]


def test_2_idle_money(con: duckdb.DuckDBPyConnection):
    # PF2: paid 2016-05-01, nothing invested; 365 days to 2017-05-01 and 244 to 2017-12-31; cash 900 of 1,000
    assert asked(con, "SELECT * EXCLUDE (currency) FROM audit_idle WHERE idle_days >= 365 OR idle_ratio > 0.4 ORDER BY guidance_paid DESC") == [
        ("PF2", "示例二号", date(2016, 5, 1), 200, None, 0, 900, date(2017, 9, 30), 609, 0.9, date(2016, 5, 1), 200)
    ]  # fmt: skip
    # PF1: paid 2015-03-01, invested 2015-04-01 and 2016-03-01
    assert asked(con, "SELECT idle_days, idle_ratio, invested, first_investment_on FROM audit_idle WHERE partner_fund_id = 'PF1'") == [
        (0, 100 / 1200, 360, date(2015, 4, 1))
    ]  # fmt: skip
    assert asked(con, "SELECT idle_days FROM audit_idle_at(DATE '2015-03-31')") == [(30,)]


def test_3_stakes_above_the_cap_and_the_largest(con: duckdb.DuckDBPyConnection):
    # committed: 300 of 1,500 (corrected) is just the cap of 0.2, the largest other 500; paid: 300 of 950, the largest other also 300
    found = asked(
        con,
        "SELECT partner_fund_id, basis, guidance, public_all, total, largest_other, cap, rule_source, rule_force FROM audit_stake "
        "WHERE partner_fund_id <> 'PF3' ORDER BY partner_fund_id, basis DESC",
    )
    assert found == [
        ("PF1", "认缴", 300, 400, 1500, 500, 0.2, "参股协议", "依据"),
        ("PF1", "实缴", 300, 400, 950, 300, 0.2, "参股协议", "依据"),
        ("PF2", "认缴", 200, 200, 1000, None, 0.25, "示例参照办法", "参照"),
        ("PF2", "实缴", 200, 200, None, None, 0.25, "示例参照办法", "参照"),
    ]
    bound = "rule_force = '依据' AND (guidance > cap * total OR guidance >= largest_other)"
    assert asked(con, f"SELECT partner_fund_id, basis, guidance / nullif(total, 0) FROM audit_stake WHERE {bound}") == [
        ("PF1", "实缴", pytest.approx(300 / 950))
    ]  # fmt: skip
    # before the correction was loaded: 300 of 1,200 is above 0.2
    before = f"SELECT basis FROM audit_stake_at(DATE '2017-12-31', batch := 'B000001') WHERE {bound}"
    assert asked(con, before) == [("认缴",), ("实缴",)]


def test_4_public_money_before_private(con: duckdb.DuckDBPyConnection):
    # private: 示例控股 paid 250 of 500 on 03-20, 张三 all of 300 on 02-20; the district's money is public
    assert asked(
        con,
        "SELECT * FROM audit_call_order WHERE guidance_paid_on < coalesce(private_paid_on, DATE '9999-12-31') OR private_unpaid > 0",
    ) == [("PF1", "1", date(2015, 3, 1), date(2015, 3, 1), date(2015, 3, 20), 800, 250, "CNY")]
    # on 03-10 示例控股 had paid nothing: 500 open
    assert asked(
        con,
        "SELECT guidance_paid_on, private_paid_on, private_unpaid FROM audit_call_order_at(DATE '2015-03-10')",
    ) == [(date(2015, 3, 1), date(2015, 2, 20), 500)]


def test_5_past_its_term_or_extended_without_approval(con: duckdb.DuckDBPyConnection):
    assert asked(
        con,
        "SELECT * EXCLUDE (currency, extended_on) FROM audit_term WHERE liquidated_on IS NULL "
        "AND (coalesce(extended_to, term_end) < DATE '2017-12-31' OR (extended_to IS NOT NULL AND approval_no IS NULL))",
    ) == [("PF1", "示例一号", date(2016, 12, 31), date(2017, 12, 30), None, None, 300 - 60)]
    assert asked(
        con,
        "SELECT term_end, extended_to, guidance_residual_cost FROM audit_term WHERE partner_fund_id = 'PF2'",
    ) == [(date(2022, 12, 31), None, 100)]
    # before the extension the ledger's term, which is already the new one, is all that is known
    assert asked(
        con, "SELECT extended_to FROM audit_term_at(DATE '2016-12-19') WHERE partner_fund_id = 'PF1'"
    ) == [(None,)]


def test_6_exits_below_the_agreed_price(con: duckdb.DuckDBPyConnection):
    # held 2016-05-01 to 2017-11-20: 365 + 203 days, past the one year at cost; 100 x (1 + 0.0435 x 568 / 365) = 106.7693...
    assert asked(
        con,
        "SELECT participation_id, exit_on, buyer, cost_basis, held_days, concession_kind, rate, rate_source, floor_price, proceeds, "
        "floor_price - proceeds AS shortfall FROM audit_exit_price WHERE proceeds < floor_price",
    ) == [
        ("PA2", date(2017, 11, 20), "示例控股", 100, 568, "原值加贷款基准利率", 0.0435, "参股协议；示例公告", D("106.77"), 102, D("4.77"))
    ]  # fmt: skip


def test_7_money_back_and_its_remittance(con: duckdb.DuckDBPyConnection):
    # 60 + 10 of 05-01: principal remitted 05-20, income 06-30, after 60 days; 102 of 11-20: not yet, after 41 days
    assert asked(
        con,
        "SELECT participation_id, received_on, principal, income, remitted_on, remitted, voucher_no FROM audit_remittance "
        "WHERE coalesce(remitted_on, DATE '2017-12-31') - received_on > 30 ORDER BY received_on",
    ) == [
        ("PA1", date(2017, 5, 1), 60, 10, date(2017, 6, 30), 70, "缴-2"),
        ("PA2", date(2017, 11, 20), 100, 2, None, 0, None),
    ]
    assert asked(
        con, "SELECT remitted_on, remitted, voucher_no FROM audit_remittance_at(DATE '2017-06-01')"
    ) == [(None, 60, "缴-1")]


def test_8_reinvestment_twice_in_excess_or_without_evidence(con: duckdb.DuckDBPyConnection):
    assert asked(
        con,
        "SELECT investment_id, count(*) AS times, sum(recognised) AS recognised, any_value(invested) AS invested FROM audit_reinvest "
        "GROUP BY investment_id HAVING sum(recognised) > any_value(invested) OR count(*) > 1 OR bool_or(evidence IS NULL)",
    ) == [("IN1", 2, 140, 120)]
    assert asked(
        con,
        "SELECT company_uscc, claimed, kind, recognised_on, evidence FROM audit_reinvest WHERE participation_id = 'PA1'",
    ) == [("91330100EXAMPLE001", 90, "注册在杭", date(2016, 1, 10), "认定单1号")]


def test_9_where_the_money_went(con: duckdb.DuckDBPyConnection):
    # net assets 1,000: 240 of them in one company; a loan, and the related party not stated
    assert asked(
        con,
        "SELECT partner_fund_id, company, on_day, amount, instrument, industry, share_of_fund, related_party, flag FROM audit_direction "
        "WHERE flag IS NOT NULL OR instrument = '债权' OR share_of_fund > 0.2 OR related_party",
    ) == [("PF1", "示例置业", date(2016, 3, 1), 240, "债权", "7010", 0.24, None, "借贷")]
    assert asked(
        con,
        "SELECT instrument, share_of_fund, related_party, flag FROM audit_direction WHERE company = '示例科技'",
    ) == [("股权", 0.12, False, None)]


def test_10_who_changed_which_cell_and_by_how_much_a_target_rose(con: duckdb.DuckDBPyConnection):
    # PF3 counts from its agreement (12-20), with its 700; PF1's size went up by 300; no new house: VC1 signed in 2015
    found = asked(
        con,
        "SELECT edition, batch_id, changed_at::DATE, changed_by, approved_by, table_name, row_key, field, old_value, new_value, reason, "
        "event_on, target_code, target_effect, file, sheet, cell FROM audit_changes WHERE target_effect <> 0 "
        "AND (event_on BETWEEN DATE '2017-12-15' AND DATE '2018-01-15' OR changed_at::DATE - event_on > 90) ORDER BY target_effect DESC",
    )
    late = (
        3,
        "B000003",
        date(2018, 1, 9),
        "zhang",
        None,
        "participation",
        "PA3",
        "signed_on",
        None,
        "2017-12-20",
        None,
        date(2017, 12, 20),
    )
    where = ("补报.xlsx", "参股", "J3")
    assert found == [
        (*late, "fund_scale", 700, *where),
        (2, "B000002", date(2018, 1, 5), "li", "wang", "partner_fund", "PF1", "committed_size", "1200.00", "1500.00", "规模更正",
         date(2015, 1, 15), "fund_scale", 300, "correct.json", "合作基金", None),
        (*late, "partner_funds", 1, *where),
    ]  # fmt: skip


def test_10_what_moved_nothing_stands_there_too(con: duckdb.DuckDBPyConnection):
    found = asked(
        con,
        "SELECT table_name, field, new_value, target_code, target_effect, cell FROM audit_changes WHERE target_effect = 0",
    )
    assert found == [
        ("partner_fund", "committed_size", "700.00", None, 0, "L3"),
        ("partner_fund", "established_on", "2017-12-18", None, 0, None),
    ]


def test_10_effects_are_those_of_the_day(con: duckdb.DuckDBPyConnection):
    # on 2017-12-19 PF3's agreement is not signed: only PF1's size moves anything
    assert asked(
        con,
        "SELECT row_key, target_code, target_effect FROM audit_changes_at(DATE '2017-12-19') WHERE target_effect <> 0",
    ) == [("PF1", "fund_scale", 300)]


def test_10_effects_add_up_to_what_the_targets_moved(con: duckdb.DuckDBPyConnection):
    moved = dict(
        asked(
            con,
            "SELECT target_code, sum(target_effect) FROM audit_changes WHERE target_effect <> 0 GROUP BY ALL",
        )
    )
    was, now = (
        dict(asked(con, f"SELECT code, actual FROM progress_at(DATE '2017-12-31', '{name}')"))
        for name in ("B000001", "B000003")
    )
    assert (
        {code: now[code] - was[code] for code in now if now[code] != was[code]}
        == moved
        == {"fund_scale": 1000, "partner_funds": 1}
    )


@pytest.mark.parametrize(
    ("counted_in", "moved"),
    [
        pytest.param("USD", [("PF1", "fund_scale", 300)], id="a plan in dollars: the dollar fund's correction, not the late yuan fund"),
        pytest.param("CNY", [("PA3", "fund_scale", 700)], id="a plan in yuan: the late yuan fund, not the dollar fund's correction"),
        pytest.param(None, [("PA3", "fund_scale", 700)], id="a plan that names no currency is in yuan"),
    ],
)  # fmt: skip
def test_10_scale_moves_in_the_currency_of_its_plan(
    tmp_path, counted_in: str | None, moved: list[tuple[str, str, int]]
):
    """PF1 is in dollars and corrected by 300; PF3, entered late, is in yuan and has 700."""
    plans = [
        row | ({"currency": counted_in} if row["code"] == "fund_scale" else {}) for row in FIRST["target"]
    ]
    funds = [
        row | ({"currency": "USD"} if row["partner_fund_id"] == "PF1" else {})
        for row in FIRST["partner_fund"]
    ]
    with audit_store(
        tmp_path / "data", first=FIRST | {"target": plans, "partner_fund": funds}
    ).connect() as con:
        found = asked(
            con,
            "SELECT row_key, target_code, target_effect FROM audit_changes WHERE target_effect <> 0 AND target_code = 'fund_scale'",
        )
        actual = [
            dict(asked(con, f"SELECT code, actual FROM progress_at(DATE '2017-12-31', '{batch}')"))[
                "fund_scale"
            ]
            for batch in ("B000001", "B000003")
        ]
    assert found == moved
    assert actual[1] - actual[0] == sum(step for _, _, step in moved)


def test_reports_on_time_late_and_missing(con: duckdb.DuckDBPyConnection):
    # due 10-31: PF1 three days late; PF2 not there on 12-31, 61 days
    assert asked(con, "SELECT partner_fund_id, punctuality, days_late, filed_on, sender, batch_id FROM audit_report") == [
        ("PF1", "逾期", 3, date(2017, 11, 3), "示例创投", "B000001"),
        ("PF2", "未报", 61, None, "示例创投", "B000001"),
    ]  # fmt: skip
    assert asked(con, "SELECT DISTINCT punctuality FROM audit_report_at(DATE '2017-10-15')") == [("未到期",)]


def test_values_entered_by_correction(con: duckdb.DuckDBPyConnection):
    assert asked(
        con,
        "SELECT batch_id, row_key, field, old_value, new_value, changed_by, approved_by, reason, standing FROM audit_correction",
    ) == [("B000002", "PF1", "committed_size", "1200.00", "1500.00", "li", "wang", "规模更正", True)]


def test_rows_without_voucher_or_evidence(con: duckdb.DuckDBPyConnection):
    assert asked(con, "SELECT table_name, row_key, missing, amount, currency, file, sheet, row_number FROM audit_no_evidence") == [
        ("cash_flow", "PA2|exit_proceeds|2017-11-20|1", "凭证号", 102, "CNY", "示例.xlsx", "资金往来", 6),
        ("fund_change", "PF1|extended|2016-12-20", "批复文号", None, None, "示例.xlsx", "基金变更", 3),
        ("guidance_flow", "GF1|fee|2016-07-01|1", "凭证号", 20, "CNY", "示例.xlsx", "引导基金收支", 6),
        ("investment", "IN1", "凭证号", 120, "CNY", "示例.xlsx", "投资项目", 3),
        ("investment", "IN2", "凭证号", 240, "CNY", "示例.xlsx", "投资项目", 4),
        ("reinvestment", "PA2|CO1|IN1|2016-02-10", "依据材料", 60, "CNY", "示例.xlsx", "返投认定", 4),
    ]  # fmt: skip


def test_entities_that_the_ledger_lacks(con: duckdb.DuckDBPyConnection):
    """An auditor brings a list of funds, and asks which are not in the ledger."""
    assert asked(
        con,
        "SELECT r.name FROM (VALUES ('示例一号'), ('示例漏报')) AS r(name) ANTI JOIN partner_fund AS p USING (name)",
    ) == [("示例漏报",)]


# --- sampling ----------------------------------------------------------------------------------------------------


FLOWS = {"PA1|call|2015-03-01|1": D(300), "PA1|distribution|2017-05-01|1": D(70), "PA2|call|2016-05-01|1": D(200),
         "PA2|exit_proceeds|2017-11-20|1": D(102)}  # fmt: skip


@pytest.mark.parametrize("seed", [1, 7, 20171231])
def test_simple_sampling_takes_the_least_digests(con: duckdb.DuckDBPyConnection, seed: int):
    digests = {hashlib.md5(f"{seed}|{key}".encode()).hexdigest(): key for key in FLOWS}  # noqa: S324 - no secret
    expected = [(key, digest) for digest, key in sorted(digests.items())[:2]]
    assert (
        asked(con, f"SELECT row_key, draw FROM audit_sample(2, {seed}, how := 'simple') ORDER BY place")
        == expected
    )


def test_monetary_unit_sampling_by_hand(con: duckdb.DuckDBPyConnection):
    # 672 yuan in three intervals of 224; md5("1|CNY") begins 88a75ec3, that is 0.5338 of 2^32: units 119.57, 343.57 and 567.57.
    # Rows by their keys: PA1's call holds 0-300, its distribution 300-370, PA2's call 370-570, its exit 570-672
    assert asked(con, "SELECT row_key, hits, draw FROM audit_sample(3, 1) ORDER BY row_key") == [
        ("PA1|call|2015-03-01|1", 1, "119.57"),
        ("PA1|distribution|2017-05-01|1", 1, "343.57"),
        ("PA2|call|2016-05-01|1", 1, "567.57"),
    ]


@pytest.mark.parametrize("n", [1, 2, 5, 40])
def test_monetary_units_hit_as_often_as_asked(con: duckdb.DuckDBPyConnection, n: int):
    # a row of 300 of 672 is hit by every n-th of n points that fall into it, one more or less
    found = dict(asked(con, f"SELECT row_key, hits FROM audit_sample({n}, 3)"))
    assert sum(found.values()) == n
    for key, amount in FLOWS.items():
        assert abs(found.get(key, 0) - n * amount / 672) < 1


# --- Chinese twins -----------------------------------------------------------------------------------------------


def test_twins_have_chinese_names_and_the_same_rows(con: duckdb.DuckDBPyConnection):
    twins = [one for one in all_definitions() if one.name.startswith("zh.")]
    assert {'zh."审计家底"', 'zh."审计变更"', 'zh."合作基金"'} <= {one.name for one in twins}
    for one in twins:
        own = one.sql.rsplit(" ", 1)[1]
        assert asked(con, f"SELECT * FROM {one.name}") == asked(con, f"SELECT * FROM {own}"), own
    wrong = [
        name
        for one in twins
        for name in (one.name[4:-1], *one.columns)
        if not name[0].isidentifier() or not name.isidentifier()
    ]
    assert not wrong
    assert asked(con, 'SELECT 引导基金, 申报账户余额 FROM zh."审计家底"') == [("引导基金甲", 590)]


def test_the_ledger_is_as_of_its_newest_cover(con: duckdb.DuckDBPyConnection):
    assert asked(con, "SELECT DISTINCT on_day FROM audit_stake") == [(AS_OF,)]
