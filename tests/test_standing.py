"""Corrections against later files, case by case: the uncorrected value again, another value, blanks, absent columns, names, payments."""

from datetime import date
from decimal import Decimal

import pytest
from wayin import PORTFOLIO, Workbook, accept, check, counts, found

from fundtrack.load.corrections import _checked
from fundtrack.load.edits import Edit
from fundtrack.load.state import State
from fundtrack.store.corrected import Correction, value_of

KNOWN = accept(Workbook())


def corrected(table, key, state=KNOWN, **values):
    """What is known once these values have been corrected by batch B000002."""
    checked = _checked([Edit(table, key, values)], state, "correction.json", [])
    assert not checked.blocked, checked.problems
    (made,) = checked.diffs
    old, new = made.before.to_dicts()[0], made.changed.to_dicts()[0]
    cells = tuple(
        Correction("B000002", table, key, name, value_of(table, old, name), value_of(table, new, name), (value_of(table, old, name),))
        for name in values
    )  # fmt: skip
    tables = {name: checked.state[name] for name in ("cover", *PORTFOLIO)}
    return State(None, tables, lambda: {table: {key: cells}})


def book(table, **cells):
    """The workbook of the portfolio's table with other cells in its first row."""
    made = Workbook({table: PORTFOLIO[table]})
    for name, value in cells.items():
        place = made.set(table, name, 1, value)
    return (made, place) if cells else (made, None)


def first(state, table, name):
    return state[table].sort("row_key")[name][0]


@pytest.mark.parametrize(
    ("said", "becomes", "code"),
    [
        pytest.param(12000, 150_000_000, "correction_stands", id="the uncorrected value again"),
        pytest.param("1.2亿元", 150_000_000, "correction_stands", id="written otherwise, the same value"),
        pytest.param(15000, 150_000_000, None, id="what the correction says"),
        pytest.param(20000, 200_000_000, "correction_replaced", id="a third value"),
        pytest.param(None, None, "correction_replaced", id="a blank is a third value"),
    ],
)
def test_a_later_file_beside_a_corrected_cell(said, becomes, code):
    state = corrected("partner_fund", "PF-01", target_size="1.5亿")
    assert first(state, "partner_fund", "target_size") == Decimal(150_000_000)
    made, place = book("partner_fund", target_size=said)
    made.set("partner_fund", "fee_rate", 2, 0.015)  # so that there is news in any case
    assert found(made, state=state) == ([("warning", code, place)] if code else [])
    after = accept(made, state=state)
    assert first(after, "partner_fund", "target_size") == (becomes and Decimal(becomes))
    assert after["partner_fund"].sort("row_key")["fee_rate"][1] == Decimal("0.015")


def test_the_warning_names_cell_batch_and_both_values():
    state = corrected("partner_fund", "PF-01", target_size="1.5亿")
    senders, _ = check(book("partner_fund")[0], state=state)
    (problem,) = senders[0].problems
    assert (problem.code, problem.severity, problem.value) == ("correction_stands", "warning", "120000000.00")
    assert problem.about == {
        "batch": "B000002",
        "corrected": "150000000.00",
        "old": "120000000.00",
        "key": "PF-01",
    }
    assert f"{problem.sheet}!{problem.cell}" == Workbook().set("partner_fund", "target_size", 1, 0)
    assert senders[0].outcome == "unchanged"


def test_an_absent_column_says_nothing():
    state = corrected("partner_fund", "PF-01", target_size="1.5亿")
    rows = [
        {name: row[name] for name in ("partner_fund_id", "name", "fee_rate")}
        for row in PORTFOLIO["partner_fund"]
    ]
    assert found(Workbook({"partner_fund": rows}), state=state) == []
    assert (
        first(accept(Workbook({"partner_fund": rows}), state=state), "partner_fund", "target_size")
        == 150_000_000
    )


def test_a_blank_again_where_a_blank_was_filled():
    state = corrected("company", "CO-01", uscc="91330100MA27EXMP9Z", district="330106")
    made = Workbook({"company": [row | {"district": None} for row in PORTFOLIO["company"]]})
    told = [(code, place) for _, code, place in found(made, state=state)]
    assert [code for code, _ in told] == ["correction_stands"] * 2
    assert first(accept(made, state=state), "company", "district") == "330106"


def test_a_wrong_cell_is_no_blank():
    state = corrected("partner_fund", "PF-01", target_size="1.5亿")
    made, place = book("partner_fund", target_size="一万二")
    assert found(made, state=state) == [("error", "not_a_number", place)]


def test_only_the_corrected_row_is_held():
    state = corrected("partner_fund", "PF-01", target_size="1.5亿")
    made = Workbook({"partner_fund": PORTFOLIO["partner_fund"]})
    made.set(
        "partner_fund", "target_size", 2, 12000
    )  # what the first row was before: plain news for the second
    told = [(code, place.split("!")[1]) for _, code, place in found(made, state=state)]
    assert told == [("correction_stands", made.at("partner_fund", "target_size", 1))]
    assert accept(made, state=state)["partner_fund"].sort("row_key")["target_size"].to_list()[:2] == [
        150_000_000,
        120_000_000,
    ]


def test_a_file_of_the_same_load_that_replaces_it_frees_the_next_one():
    state = corrected("partner_fund", "PF-01", target_size="1.5亿")
    third, _ = book("partner_fund", target_size=20000)
    third.cover("报送单位", "示例甲")
    old, _ = book("partner_fund")
    old.cover("报送单位", "示例乙")
    senders, after = check(third, old, state=state)
    assert [[each.code for each in sender.problems] for sender in senders] == [["correction_replaced"], []]
    assert first(after, "partner_fund", "target_size") == 120_000_000


@pytest.mark.parametrize(
    "named",
    [pytest.param("id", id="by id"), pytest.param("name", id="by name"), pytest.param("code", id="by code")],
)
def test_a_corrected_name_or_code_is_still_known_by_the_old_one(named):
    state = corrected("manager", "VC-01", name="示例甲股权投资", uscc="91330100MA27EXMP7K")
    rows = {
        "id": [{"manager_id": "VC-01", "name": "示例甲资本"}],
        "name": [{"name": "示例甲资本", "location": "杭州"}],
        "code": [{"name": "示例甲投资", "uscc": "91330100MA27EXMP1A", "location": "杭州"}],
    }  # fmt: skip
    made = Workbook({"manager": rows[named]})
    assert counts(made, state=state)["manager"][0] == 0  # nobody new
    after = accept(made, state=state)
    assert after["manager"].height == 3
    expected = "示例甲投资" if named == "code" else "示例甲股权投资"  # a third name replaces
    assert first(after, "manager", "name") == expected
    assert first(after, "manager", "uscc") == "91330100MA27EXMP7K"


def test_a_reference_by_the_uncorrected_name_is_understood():
    state = corrected("manager", "VC-01", name="示例甲股权投资")
    fund = {"partner_fund_id": "PF-09", "name": "示例九号", "manager_id": "示例甲资本", "currency": "人民币"}
    after = accept(Workbook({"partner_fund": [fund]}), state=state)
    assert dict(after["partner_fund"].select("partner_fund_id", "manager_id").iter_rows())["PF-09"] == "VC-01"


def test_an_uncorrected_name_that_is_another_entity_s_own_leads_to_that_one():
    wrong = accept(Workbook({"manager": [{"manager_id": "VC-03", "name": "示例乙资本"}]}), state=KNOWN)
    state = corrected("manager", "VC-03", wrong, name="示例丙资本")
    fund = {"partner_fund_id": "PF-09", "name": "示例九号", "manager_id": "示例乙资本", "currency": "人民币"}
    after = accept(Workbook({"partner_fund": [fund]}), state=state)
    assert dict(after["partner_fund"].select("partner_fund_id", "manager_id").iter_rows())["PF-09"] == "VC-02"


def test_a_payment_corrected_since_is_not_booked_again():
    due = {
        "participation_id": "PA-01",
        "kind": "缴款",
        "due_on": date(2017, 5, 1),
        "due_amount": 800,
        "currency": "人民币",
    }
    paid = {
        "participation_id": "PA-01",
        "kind": "缴款",
        "occurred_on": date(2017, 5, 3),
        "amount": 800,
        "currency": "人民币",
    }
    known = accept(Workbook({"cash_flow": [due]}), state=KNOWN)
    known = accept(Workbook({"cash_flow": [paid]}), state=known)
    height = known["cash_flow"].height
    state = corrected("cash_flow", "PA-01|call|2017-05-01|1", known, amount="790万")
    again = Workbook({"cash_flow": [paid]})
    assert [code for _, code, _ in found(again, state=state)] == ["correction_stands"]
    after = accept(again, state=state)
    assert after["cash_flow"].height == height
    row = after["cash_flow"].filter(row_key="PA-01|call|2017-05-01|1").to_dicts()[0]
    assert (row["amount"], row["due_amount"]) == (Decimal(7_900_000), Decimal(8_000_000))


def test_a_row_that_comes_back_is_loaded_as_it_is_and_the_lapsed_correction_told():
    old, new = Decimal(120_000_000), Decimal(150_000_000)
    gone = Correction(
        "B000002", "partner_fund", "PF-01", "target_size", old, new, (old,), "removed", "B000003"
    )
    tables = {name: KNOWN[name] for name in ("cover", "manager")}
    state = State(None, tables, lambda: {"partner_fund": {"PF-01": (gone,)}})
    made, _ = book("partner_fund")
    assert found(made, state=state) == [
        ("warning", "correction_lapsed", made.set("partner_fund", "target_size", 1, 12000))
    ]
    assert first(accept(made, state=state), "partner_fund", "target_size") == old
