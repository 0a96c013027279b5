"""Every rule in every status that it can have, each case worked out by hand; and that rules are data."""

from datetime import date
from typing import Any

import polars as pl
import pytest
import rule_cases_deals
import rule_cases_leaving
import rule_cases_money
import rule_cases_stake
from rule_book import AS_OF, Case, Row, book, flow, paid, rule, seed_rules

from fundtrack.metrics.rules.every import RULES, findings
from fundtrack.metrics.rules.finding import finding_id
from fundtrack.metrics.rules.stored import SEEN, stored_findings

CASES = [*rule_cases_stake.CASES, *rule_cases_money.CASES, *rule_cases_leaving.CASES, *rule_cases_deals.CASES]
WORDS = {"疑点": "suspected", "提示": "hint", "数据待补": "incomplete", "未见异常": "clear"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule} {case.name}")
def test_case(case: Case) -> None:
    """Found as worked out, upon evidence that is in the ledger; everything found beside it too."""
    every = findings(case.tables, case.as_of)
    found = case.row_of(every)
    assert {name: found[name] for name in case.expected()} == case.expected()
    for table, rows in every.evidence.group_by("table_name"):
        assert set(rows["row_key"]) <= set(case.tables[str(table[0])]["row_key"]), table
    assert found["finding_id"] in set(every.evidence["finding_id"]) or case.status == "clear"


def test_every_status_that_a_rule_can_have_is_shown_by_a_case() -> None:
    declared = {row["rule_id"]: {WORDS[word] for word in row["statuses"].split("、")} for row in seed_rules()}
    shown: dict[str, set[str]] = {}
    for case in CASES:
        shown.setdefault(case.rule, set()).add(case.status)
    assert shown == declared
    assert list(RULES) == list(declared)


@pytest.mark.parametrize(
    ("rule_id", "tables"),
    [
        pytest.param("EXIT_PRICE", book(cash_flow=[flow("call", "1", "2014-06-20")]), id="nothing sold"),
        pytest.param("NOT_STARTUP", book(), id="no investment"),
        pytest.param("UNFILED", book({"currency": "USD", "amac_code": None}), id="offshore"),
        pytest.param("IDLE_1Y", book(), id="nothing paid"),
        pytest.param("OVER_CAP", book(stake={"signed_on": None}), id="not agreed"),
        pytest.param(
            "STALE_NAV",
            book(
                cash_flow=[
                    flow("call", "100", "2014-06-20"),
                    flow("exit_proceeds", "120", "2016-06-20", cost_basis="100", exit_kind="转让"),
                ]
            ),
            id="sold",
        ),
    ],
)
def test_whom_a_rule_does_not_concern_it_does_not_list(rule_id: str, tables: dict[str, pl.DataFrame]) -> None:
    assert findings(tables, AS_OF).findings.filter(pl.col("rule_id") == rule_id).is_empty()


def test_a_failed_investment_is_no_finding() -> None:
    """尽职免责: money lost on one investment is in none of the rules."""
    made = {
        "investment_id": "I1", "partner_fund_id": "F1", "company_id": "C1", "invested_on": "2016-02-01", "stage": "seed",
        "amount": "1000", "currency": "CNY", "instrument": "equity", "related_party": False, "staff": 3, "sales": "0",
        "net_assets": "100",
    }  # fmt: skip
    company = {"company_id": "C1", "name": "示例科技", "founded_on": "2016-01-01", "industry": "C39"}
    lines = [{"code": code, "name": "示例", "parent": above, "edition": "GB/T 4754-2011", "valid_from": "2011-11-01", "source": "测试"}
             for code, above in (("C", None), ("39", "C"))]  # fmt: skip
    gone = {"investment_id": "I1", "exited_on": "2017-02-01", "method": "liquidation", "cost": "1000", "proceeds": "0",
            "currency": "CNY", "line_no": "1"}  # fmt: skip
    held = findings(book(investment=[made], company=[company], industry=lines), AS_OF).findings
    lost = findings(
        book(investment=[made], company=[company], industry=lines, investment_exit=[gone]), AS_OF
    ).findings
    assert set(lost["status"]) >= {"clear"}
    worse = lost.filter(pl.col("status") != "clear").join(held, on=["finding_id", "status"], how="anti")
    assert worse.is_empty()


@pytest.mark.parametrize(
    ("rule_id", "row"),
    [
        pytest.param("IDLE_1Y", rule("IDLE_1Y", "2000"), id="IDLE_1Y"),
        pytest.param("OVER_CAP", rule("OVER_CAP", "0.01", "P1"), id="OVER_CAP"),
        pytest.param("LATE_CALL", rule("LATE_CALL", "30", "全部（到期宽限）"), id="LATE_CALL"),
        pytest.param("STALE_NAV", rule("STALE_NAV", "10"), id="STALE_NAV"),
        pytest.param("UNFILED", rule("UNFILED", "9999", "全部（备案编码）"), id="UNFILED"),
    ],
)
def test_one_parameter_row_changes_the_findings_of_its_rule_and_nothing_else(rule_id: str, row: Row) -> None:
    others = {
        "fund": {"amac_code": None}, "stake": {"cap_ratio": None, "remit_days": 60},
        "cash_flow": [flow("call", "100000", "2014-07-05", due_on="2014-06-20", due_amount="100000")],
        "valuation": [{"participation_id": "P1", "valued_on": "2017-03-31", "nav": "110000", "currency": "CNY"}],
    }  # fmt: skip
    before = findings(book(**others), AS_OF)
    after = findings(book(**others, rules=[row]), AS_OF)
    for one, other in ((before.findings, after.findings), (before.evidence, after.evidence)):
        of_rule = pl.col("finding_id").str.starts_with(rule_id + "-")
        assert one.filter(~of_rule).equals(other.filter(~of_rule))
    own = pl.col("rule_id") == rule_id
    assert not before.findings.filter(own).equals(after.findings.filter(own))


def action(entity: str, acted_on: str, word: str, **others: Any) -> Row:
    """A row of 处置 about IDLE_RATIO."""
    return {
        "rule_id": "IDLE_RATIO", "entity": entity, "acted_on": acted_on, "action": word, "reason": "示例", "acted_by": "示例",
    } | others  # fmt: skip


_ID = finding_id("IDLE_RATIO", "partner_fund", "F1", "")


@pytest.mark.parametrize(
    ("actions", "review"),
    [
        pytest.param([], None, id="nobody acted"),
        pytest.param([action("F1", "2017-08-01", "confirmed")], "confirmed", id="by the entity"),
        pytest.param([action(_ID, "2017-08-01", "dismissed")], "dismissed", id="by the finding's id"),
        pytest.param(
            [action("F1", "2017-08-01", "confirmed"), action("F1", "2017-09-01", "rectified")], "rectified", id="the latest counts"
        ),
        pytest.param([action("F1", "2017-10-01", "dismissed")], None, id="one of a later day does not count yet"),
        pytest.param([action("F2", "2017-08-01", "dismissed")], None, id="of another fund"),
        pytest.param(
            [action("F1", "2017-08-01", "waived"), action(_ID, "2017-08-01", "confirmed")], "confirmed", id="of one day the nearer"
        ),
        pytest.param([action("F1", "2017-08-01", "waived", value_seen="0.5")], "waived", id="as it was"),
        pytest.param([action("F1", "2017-08-01", "waived", value_seen="0.45")], "reopened", id="worse than then"),
        pytest.param([action("F1", "2017-08-01", "waived", value_seen="0.6")], "waived", id="better than then"),
        pytest.param([action("F1", "2017-08-01", "rectifying", due_on="2017-09-30")], "rectifying", id="due today"),
        pytest.param([action("F1", "2017-08-01", "rectifying", due_on="2017-09-29")], "reopened", id="overdue"),
    ],
)  # fmt: skip
def test_review(actions: list[Row], review: str | None) -> None:
    # cash is half of what was paid in, two fifths are usual
    report = {
        "partner_fund_id": "F1",
        "period": "2017Q2",
        "kind": "季报",
        "paid_in": "800000",
        "cash": "400000",
        "currency": "CNY",
    }
    tables = book(
        fund_report=[report], fund_paid_in=[paid("示例集团", "800000", "2014-07-01")], finding_action=actions
    )
    found = findings(tables, AS_OF).findings.filter(finding_id=_ID)
    assert found.select("status", "review").rows() == [("hint", review)]


def test_a_review_of_an_entity_covers_no_event_after_it() -> None:
    due = {"due_amount": "100000"}
    calls = [
        flow("call", "100000", "2017-02-10", due_on="2017-02-01", **due),
        flow("call", "100000", "2017-08-10", due_on="2017-08-01", **due),
    ]
    done = action("P1", "2017-03-01", "dismissed") | {"rule_id": "LATE_CALL"}
    found = findings(book(cash_flow=calls, finding_action=[done]), AS_OF).findings
    own = found.filter((pl.col("rule_id") == "LATE_CALL") & (pl.col("entity") == "P1"))
    assert own.select("occurred_on", "review").rows() == [
        (date(2017, 2, 1), "dismissed"),
        (date(2017, 8, 1), None),
    ]


def test_first_seen_outlasts_a_gap() -> None:
    bad, good = book(stake={"commitment": "300000"}), book()
    seen = pl.DataFrame(schema=SEEN)
    editions = []
    for edition, tables in enumerate((good, bad, good, bad), 1):
        kept = stored_findings(tables, AS_OF, seen, edition)
        seen = kept["finding_seen"]
        row = kept["finding"].filter(
            (pl.col("rule_id") == "OVER_CAP") & (pl.col("occurrence") == "committed")
        )
        editions.append(row.select("status", "first_seen_edition").row(0))
    assert editions == [("clear", None), ("suspected", 2), ("clear", 2), ("suspected", 2)]


def test_an_edition_keeps_the_newest_of_events_that_were_always_clear() -> None:
    """Calls of February in time, of May late at first and then in time, of August and November in time, of December late."""
    due = {"due_amount": "100000"}

    def called(may: str) -> dict[str, pl.DataFrame]:
        paid_on = {
            "2016-02-01": "2016-02-01",
            "2016-05-01": may,
            "2016-08-01": "2016-08-01",
            "2016-11-01": "2016-11-01",
            "2016-12-01": "2016-12-20",
        }
        return book(cash_flow=[flow("call", "100000", day, due_on=at, **due) for at, day in paid_on.items()])

    seen = stored_findings(called("2016-05-09"), AS_OF, pl.DataFrame(schema=SEEN), 1)["finding_seen"]
    kept = stored_findings(called("2016-05-01"), AS_OF, seen, 2)["finding"]
    own = kept.filter((pl.col("rule_id") == "LATE_CALL") & pl.col("occurrence").str.starts_with("call|"))
    assert own.select("occurred_on", "status", "first_seen_edition").rows() == [
        (date(2016, 5, 1), "clear", 1),
        (date(2016, 11, 1), "clear", None),
        (date(2016, 12, 1), "suspected", 1),
    ]
