"""What needs coordinating, case by case by hand, and what closes each gap in words."""

from datetime import date

import pytest
from ledgers import ledger

from fundtrack.metrics.coordination import coordination
from fundtrack.reports.coordination import coordination_report, obstacle

DAY = date(2017, 9, 30)


class Known(dict):
    edition = 1
    default_as_of = DAY


def world(stakes, *, before=True, **more):
    """One fund that counts (where any was before) of four wanted, and a fund `P…` in the pipeline for each participation `A…`."""
    old = [{"participation_id": "AX", "signed_on": "2015-12-01", "commitment": 20}] if before else []
    set_up = {"PX": {"established_on": "2016-01-01", "committed_size": 100}}
    stakes = [*stakes, *old]
    return Known(ledger({
        "guidance_fund": [{"guidance_fund_id": "G1", "name": "示例引导", "kind": "venture", "currency": "CNY"}],
        "manager": [{"manager_id": "M1", "name": "示例管理人"}],
        "partner_fund": [{"partner_fund_id": f"P{row['participation_id'][1:]}", "name": f"示例{row['participation_id'][1:]}号", "manager_id": "M1",
                          "currency": "CNY", "target_size": 100} | set_up.get(f"P{row['participation_id'][1:]}", {}) for row in stakes],
        "participation": [{"guidance_fund_id": "G1", "partner_fund_id": f"P{row['participation_id'][1:]}", "currency": "CNY"} | row for row in stakes],
        "target": [{"code": "partner_funds", "starts_on": "2017-01-01", "due_on": "2017-12-31", "name": "合作基金", "value": 4, "unit": "只", "source": "计划"}],
    } | more))  # fmt: skip


@pytest.mark.parametrize(
    ("stake", "obstacle_of", "days", "words"),
    [
        pytest.param({"approved_on": "2016-09-30", "expected_on": "2017-09-01"}, "year_gone", 365, "批复已365天，满一年仍未设立", id="a year to the day"),
        pytest.param({"approved_on": "2016-10-01", "expected_on": "2017-09-20"}, "overdue", 10, "预计日期已过10天", id="a day short of a year, ten overdue"),
        pytest.param({"approved_on": "2017-05-01", "expected_on": "2018-01-01"}, "too_late", None, "预计晚于2017年12月31日", id="a day too late"),
        pytest.param({"approved_on": "2017-05-01"}, "no_date", None, "未报预计设立日期", id="nobody said when"),
        pytest.param({"approved_on": "2017-05-01", "expected_on": "2017-12-31"}, "not_signed", None, "参股协议尚未签订", id="on the last day, unsigned"),
        pytest.param({"approved_on": "2017-05-01", "signed_on": "2017-06-01", "expected_on": "2017-09-30"}, "registering", None,
                     "协议已签，待工商登记", id="signed, expected today"),
        pytest.param({"approved_on": "2017-05-01", "signed_on": "2017-06-01", "expected_on": "2017-11-30", "note": "等银行开户"}, "registering", None,
                     "等银行开户；协议已签，待工商登记", id="what the sender wrote comes first"),
    ],
)  # fmt: skip
def test_the_first_obstacle_that_holds(stake, obstacle_of, days, words):
    rows = coordination(world([{"participation_id": "A1"} | stake]), DAY).to_dicts()
    assert [(row["obstacle"], row["days"]) for row in rows] == [(obstacle_of, days)]
    assert obstacle(rows[0], "zh") == words


def test_owner_is_whom_the_newest_action_names_else_the_manager():
    stakes = [
        {"participation_id": name, "approved_on": "2017-05-01", "expected_on": "2017-12-01"}
        for name in ("A1", "A2", "A3")
    ]
    acts = [{"rule_id": "NOT_SETUP_1Y", "entity": entity, "acted_on": day, "action": "整改中", "reason": "催办", "owner": owner, "acted_by": "示例"}
            for entity, day, owner in [("P1", "2017-08-01", "示例区金融办"), ("A1", "2017-09-01", "示例公司"), ("A2", "2017-10-01", "以后才定"),
                                       ("P3", "2017-07-01", None)]]  # fmt: skip
    rows = coordination(world(stakes, finding_action=acts), DAY)
    assert rows.select("partner_fund_id", "owner", "owner_recorded").rows() == [
        ("P1", "示例公司", True), ("P2", "示例管理人", False), ("P3", "示例管理人", False),
    ]  # fmt: skip


def test_those_expected_first_come_first_and_established_or_dropped_ones_do_not_wait():
    stakes = [{"participation_id": "A1", "approved_on": "2017-05-01"}, {"participation_id": "A2", "approved_on": "2017-05-01", "expected_on": "2017-12-01"},
              {"participation_id": "A3", "approved_on": "2017-05-01", "dropped_on": "2017-06-01"}]  # fmt: skip
    assert coordination(world(stakes), DAY)["partner_fund_id"].to_list() == ["P2", "P1"]


ROW = {"code": "partner_funds", "currency": None, "unit": "只", "status": "behind"}


@pytest.mark.parametrize(
    ("stakes", "row", "zh"),
    [
        # three are missing; two wait, so one more is needed
        pytest.param(2, {"remaining": 3}, "在途2只均须年内设立，另需新增1只。", id="the pipeline and one more"),
        pytest.param(4, {"remaining": 3}, "在途3只年内设立即可补足。", id="three of four"),
        pytest.param(0, {"remaining": 3}, "在途基金不可用，需新增3只。", id="nothing waits"),
        pytest.param(2, {"remaining": 0, "status": "done"}, "", id="met"),
        pytest.param(2, {"remaining": 3, "status": "missed"}, "", id="over"),
    ],
)  # fmt: skip
def test_what_closes_the_gap_of_funds(stakes, row, zh):
    made = [
        {
            "participation_id": f"A{n}",
            "approved_on": "2017-05-01",
            "expected_on": "2017-12-01",
            "approved_amount": 10,
        }
        for n in range(stakes)
    ]
    report = coordination_report(world(made))
    assert report.closing(ROW | row, "zh") == zh


def test_without_past_funds_nobody_can_tell_how_many_more():
    waiting = [{"participation_id": "A1", "approved_on": "2017-05-01", "expected_on": "2017-12-01"}]
    assert (
        coordination_report(world(waiting, before=False)).closing(ROW | {"remaining": 4}, "zh")
        == "以往基金规模待补，无法测算还需新增几只。"
    )


def test_dollars_are_not_closed_by_yuan():
    row = {
        "code": "cross_border",
        "currency": "USD",
        "unit": "美元",
        "status": "behind",
        "remaining": 18_000_000,
    }
    assert (
        coordination_report(world([])).closing(row, "en")
        == "USD 18 m more must be committed in its own currency; yuan funds do not help."
    )
