"""What a later file means for what is known: by id, code or name, by absent columns and blanks, by flows and payments."""

from datetime import date
from decimal import Decimal

import pytest
from wayin import PORTFOLIO, Workbook, accept, check, counts, found

KNOWN = accept(Workbook())
FUNDS = [
    {key: row[key] for key in ("partner_fund_id", "name", "manager_id", "currency")}
    for row in PORTFOLIO["partner_fund"]
]


def without(table, *names):
    return [{key: value for key, value in row.items() if key not in names} for row in PORTFOLIO[table]]


def rows_of(state, table, *names):
    return state[table].sort("row_key").select(*names).rows()


def test_the_same_file_twice_is_unchanged():
    senders, after = check(Workbook(), state=KNOWN)
    assert [sender.outcome for sender in senders] == ["unchanged"]
    assert all(numbers[:2] == (0, 0) for numbers in counts(Workbook(), state=KNOWN).values())
    assert after["cash_flow"].height == 5


def test_the_same_rows_under_a_later_date_are_news_of_the_cover_only():
    later = Workbook(cover={"截至日期": date(2017, 12, 31)})
    senders, after = check(later, state=KNOWN)
    assert [sender.outcome for sender in senders] == ["accepted"]
    assert after["cover"]["as_of"].max() == date(2017, 12, 31)


def test_a_column_that_is_absent_keeps_what_was_known():
    senders, after = check(Workbook({"partner_fund": FUNDS}), state=KNOWN)
    assert senders[0].outcome == "unchanged"
    assert after["partner_fund"]["established_on"].null_count() == 0


def test_a_blank_in_a_column_that_is_there_clears_and_says_so():
    book = Workbook()
    place = book.set("partner_fund", "fee_rate", 2, None)
    assert found(book, state=KNOWN) == [("warning", "value_cleared", place)]
    assert rows_of(accept(book, state=KNOWN), "partner_fund", "fee_rate") == [
        (Decimal("0.02"),),
        (None,),
        (Decimal("0.02"),),
    ]


def test_a_changed_cell_changes_its_row_only():
    book = Workbook({"valuation": PORTFOLIO["valuation"]})
    book.set("valuation", "nav", 3, 6400)
    assert counts(book, state=KNOWN) == {"valuation": (0, 1, 2)}
    senders, after = check(book, state=KNOWN)
    changes = senders[0].files[0].diffs[0].changes().rows()
    assert changes == [("PA-03|2017-06-30", "nav", "63000000.00", "64000000.00", "估值", 4)]
    assert rows_of(after, "valuation", "nav")[2] == (Decimal("64000000.00"),)


def test_required_columns_may_be_absent_for_rows_that_are_known_only():
    rows = [{"partner_fund_id": "PF-01", "term_end": date(2022, 5, 1)}]
    assert counts(Workbook({"partner_fund": rows}), state=KNOWN) == {"partner_fund": (0, 1, 0)}
    rows.append({"partner_fund_id": "PF-77", "term_end": date(2022, 5, 1)})
    book = Workbook({"partner_fund": rows}, cover={"币种": "人民币"})
    assert found(book, state=KNOWN) == [("error", "column_missing", "合作基金!1")] * 2


# --- identity -----------------------------------------------------------------------------------------------------------


def test_ids_are_minted_and_then_found_by_code_or_name():
    book = Workbook(
        {"manager": without("manager", "manager_id"), "company": without("company", "company_id")}
    )
    senders, after = check(book)
    assert senders[0].files[0].minted == {
        "manager": ["VC000001", "VC000002", "VC000003"],
        "company": ["CO000001", "CO000002", "CO000003"],
    }
    renamed = Workbook({"manager": [
        {"name": "示例甲资本管理（新名）", "uscc": "91330100ma27exmp1a"},  # by its code, in small letters
        {"name": "示例 丙资本", "uscc": None},  # by its name, with a blank
    ]})  # fmt: skip
    assert counts(renamed, state=after) == {"manager": (0, 2, 0)}
    assert rows_of(accept(renamed, state=after), "manager", "manager_id", "name")[0] == (
        "VC000001",
        "示例甲资本管理（新名）",
    )


@pytest.mark.parametrize(
    "name", ["示例甲号基金", "示例甲号基金(有限合伙)", "示例 甲号基金（有限合伙）", "示例甲号基金\u200b"]
)
def test_a_fund_without_id_is_found_by_its_name_however_written(name):
    row = {"name": name, "manager_id": "示例甲资本", "currency": "人民币", "custodian": "示例银行"}
    assert counts(Workbook({"partner_fund": [row]}), state=KNOWN) == {"partner_fund": (0, 1, 0)}


def test_minted_ids_go_on_from_the_highest():
    one = accept(Workbook({"manager": [{"manager_id": "VC000041", "name": "示例丁资本"}]}))
    senders, _ = check(Workbook({"manager": [{"name": "示例戊资本"}]}), state=one)
    assert senders[0].files[0].minted == {"manager": ["VC000042"]}


def test_a_renamed_fund_is_found_by_its_new_name():
    change = {
        "partner_fund_id": "PF-01",
        "kind": "更名",
        "effective_on": date(2017, 1, 1),
        "before": "示例甲号基金",
        "after": "示例庚号基金（有限合伙）",
    }
    after = accept(Workbook({"fund_change": [change]}), state=KNOWN)
    row = {"name": "示例庚号基金", "manager_id": "VC-01", "currency": "人民币"}
    assert counts(Workbook({"partner_fund": [row]}), state=after) == {"partner_fund": (0, 1, 0)}
    report = {"partner_fund_id": "示例庚号基金", "period": "2017Q3", "kind": "季报", "projects": 4}
    assert accept(Workbook({"fund_report": [report]}), state=after)["fund_report"].filter(period="2017Q3")[
        "partner_fund_id"
    ].to_list() == ["PF-01"]


def test_one_name_with_another_code_is_another_entity_and_said():
    book = Workbook({"manager": [{"name": "示例甲资本", "uscc": "91330100MA27OTHERX"}]})
    assert found(book, state=KNOWN) == [("warning", "same_name_other_code", "合作创投机构!A2")]
    assert counts(book, state=KNOWN) == {"manager": (1, 0, 0)}


def test_a_name_that_two_entities_bear_decides_nothing():
    twins = accept(
        Workbook(
            {
                "manager": [
                    {"manager_id": "VC-08", "name": "示例双子"},
                    {"manager_id": "VC-09", "name": "示例双子"},
                ]
            }
        )
    )
    assert found(Workbook({"manager": [{"name": "示例双子"}]}), state=twins) == [
        ("error", "reference_ambiguous", "合作创投机构!A2")
    ]
    fund = {"partner_fund_id": "PF-9", "name": "某基金", "manager_id": "示例双子", "currency": "CNY"}
    assert found(Workbook({"partner_fund": [fund]}), state=twins) == [
        ("error", "reference_ambiguous", "合作基金!C2")
    ]


def test_references_by_code_name_or_id_mean_the_same():
    funds = [
        {"partner_fund_id": f"PF-1{n}", "name": f"示例{n}", "manager_id": said, "currency": "CNY"}
        for n, said in enumerate(
            ["VC-01", "91330100MA27EXMP1A", "91330100ma27exmp1a", "示例甲资本", "示例 甲 资本", "ＶＣ－０１"]
        )
    ]
    after = accept(Workbook({"partner_fund": funds}), state=KNOWN)
    assert set(
        after["partner_fund"].filter(after["partner_fund"]["partner_fund_id"].str.starts_with("PF-1"))[
            "manager_id"
        ]
    ) == {"VC-01"}


def test_participations_without_id_are_found_by_their_two_funds():
    rows = [
        {
            "guidance_fund_id": "示例引导基金",
            "partner_fund_id": "示例甲号基金",
            "currency": "人民币",
            "stage_now": "投资期",
        }
    ]
    assert counts(Workbook({"participation": rows}), state=KNOWN) == {"participation": (0, 1, 0)}


# --- currency -----------------------------------------------------------------------------------------------------------

DOLLARS = accept(Workbook(
    {"manager": [{"manager_id": "VC-01", "name": "示例甲资本"}],
     "partner_fund": [{"partner_fund_id": "PF-US", "name": "示例美元基金", "manager_id": "VC-01", "currency": "美元", "committed_size": 100}]},
))  # fmt: skip


def test_a_file_that_is_silent_never_changes_a_currency():
    quiet = Workbook(
        {"partner_fund": [{"partner_fund_id": "PF-US", "custodian": "示例银行"}]}, cover={"币种": "人民币"}
    )
    after = accept(quiet, state=DOLLARS)
    assert rows_of(after, "partner_fund", "currency", "committed_size") == [("USD", Decimal("1000000.00"))]


def test_a_silent_file_with_amounts_must_say_which_currency():
    silent = Workbook(
        {"partner_fund": [{"partner_fund_id": "PF-US", "committed_size": 120}]}, cover={"币种": "人民币"}
    )
    assert found(silent, state=DOLLARS) == [("error", "currency_unclear", "合作基金!1")]
    investor = {"partner_fund_id": "PF-US", "investor": "示例控股", "kind": "社会资本", "amount": 80}
    assert found(Workbook({"investor_commitment": [investor]}, cover={"币种": "人民币"}), state=DOLLARS) == [
        ("error", "currency_unclear", "出资人!1")
    ]
    after = accept(
        Workbook({"investor_commitment": [investor]}), state=DOLLARS
    )  # a cover without a currency leaves it to the fund
    assert rows_of(after, "investor_commitment", "currency", "amount") == [("USD", Decimal("800000.00"))]


@pytest.mark.parametrize(
    ("cover", "header", "cell", "amount", "currency"),
    [
        ({"金额单位": "元"}, None, "人民币", "12.00", "CNY"), ({"金额单位": "万元"}, None, "人民币", "120000.00", "CNY"),
        ({"金额单位": "亿元"}, None, "人民币", "1200000000.00", "CNY"), ({"金额单位": "万美元"}, None, None, "120000.00", "USD"),
        ({"金额单位": "USD million"}, None, None, "12000000.00", "USD"), ({}, "计划规模（亿元）", "人民币", "1200000000.00", "CNY"),
        ({}, "计划规模（万美元）", None, "120000.00", "USD"), ({}, "计划规模(百万元)", "人民币", "12000000.00", "CNY"),
        ({"币种": "美元"}, None, None, "120000.00", "USD"), ({"币种": "美元"}, None, "人民币", "120000.00", "CNY"),
    ],
)  # fmt: skip
def test_units_and_currencies(cover, header, cell, amount, currency):
    row = {
        "guidance_fund_id": "GF-9",
        "name": "示例跨境基金",
        "kind": "跨境",
        "planned_size": 12,
        "currency": cell,
    }
    book = Workbook(
        {"guidance_fund": [row]}, cover=cover, headers={"planned_size": header} if header else None
    )
    assert rows_of(accept(book), "guidance_fund", "planned_size", "currency") == [(Decimal(amount), currency)]


def test_header_and_cell_must_name_one_currency():
    row = {
        "guidance_fund_id": "GF-9",
        "name": "示例跨境基金",
        "kind": "跨境",
        "planned_size": 12,
        "currency": "人民币",
    }
    book = Workbook({"guidance_fund": [row]}, headers={"planned_size": "计划规模（万美元）"})
    assert found(book) == [("error", "currency_differs", "引导基金!D2")]


def test_two_headers_must_name_one_currency():
    row = {
        "partner_fund_id": "PF-9",
        "name": "示例基金",
        "manager_id": "VC-01",
        "target_size": 1,
        "committed_size": 2,
        "currency": None,
    }
    book = Workbook(
        {"partner_fund": [row]},
        headers={"target_size": "目标规模（万美元）", "committed_size": "认缴规模（万港元）"},
    )
    assert found(book, state=KNOWN) == [("error", "currency_differs", "合作基金!F1")]


def test_what_was_paid_in_yuan_stands_beside_dollars():
    flow = {
        "participation_id": "PA-01",
        "kind": "缴款",
        "occurred_on": date(2017, 8, 1),
        "amount": 10,
        "cny_paid": 66,
        "currency": None,
    }
    book = Workbook(
        {"cash_flow": [flow]}, headers={"amount": "金额（万美元）", "cny_paid": "折人民币实付（万元人民币）"}
    )
    dollars = Workbook({"participation": [{"participation_id": "PA-01", "currency": "美元"}]})
    after = accept(book, state=accept(dollars, state=KNOWN))["cash_flow"].filter(currency="USD")
    assert after.select("amount", "cny_paid").rows() == [(Decimal("100000.00"), Decimal("660000.00"))]


def test_unit_and_currency_of_the_cover_must_agree():
    assert found(Workbook(cover={"金额单位": "万美元", "币种": "人民币"})) == [
        ("error", "currency_differs", "封面!B4")
    ]


# --- flows --------------------------------------------------------------------------------------------------------------


def flow(day, amount, **more):
    return {
        "participation_id": "PA-01",
        "kind": "缴款",
        "occurred_on": day,
        "amount": amount,
        "currency": "人民币",
        **more,
    }


def test_a_later_file_with_only_new_flows_never_overwrites_old_ones():
    book = Workbook({"cash_flow": [flow(date(2017, 8, 1), 100), flow(date(2017, 8, 2), 100)]})
    assert counts(book, state=KNOWN) == {"cash_flow": (2, 0, 0)}
    paid = [
        {
            "partner_fund_id": "PF-01",
            "investor": "示例控股",
            "call_no": "1",
            "paid_on": date(2017, month, 1),
            "amount": 100,
        }
        for month in (1, 2)
    ]
    first = accept(Workbook({"fund_paid_in": paid[:1]}), state=KNOWN)
    assert counts(Workbook({"fund_paid_in": paid[1:]}), state=first) == {"fund_paid_in": (1, 0, 0)}


def test_two_identical_flows_are_two_and_warned_of():
    book = Workbook({"cash_flow": [flow(date(2017, 8, 1), 100)] * 2})
    assert found(book, state=KNOWN) == [("warning", "same_amount_and_day", "资金往来!D3")]
    after = accept(book, state=KNOWN)
    assert after["cash_flow"].filter(occurred_on=date(2017, 8, 1))["line_no"].sort().to_list() == ["1", "2"]
    assert counts(book, state=after) == {"cash_flow": (0, 0, 2)}


def test_the_same_amount_and_day_under_another_key_is_warned_of():
    book = Workbook({"cash_flow": [flow(date(2014, 6, 1), 1000, line_no="9")]})
    assert found(book, state=KNOWN) == [("warning", "same_amount_and_day", "资金往来!E2")]


def test_rows_alike_under_one_line_number_are_loaded_once():
    book = Workbook({"cash_flow": [flow(date(2017, 8, 1), 100, line_no="7")] * 2})
    assert found(book, state=KNOWN) == [("warning", "row_repeated", "资金往来!C3")]
    assert counts(book, state=KNOWN) == {"cash_flow": (1, 0, 0)}


def test_rows_that_differ_under_one_line_number_are_an_error():
    book = Workbook(
        {"cash_flow": [flow(date(2017, 8, 1), 100, line_no="7"), flow(date(2017, 8, 1), 200, line_no="7")]}
    )
    assert found(book, state=KNOWN) == [("error", "key_twice", "资金往来!C3")]


DUE = accept(
    Workbook({"cash_flow": [flow(None, None, due_on=date(2017, 7, 1), due_amount=500)]}), state=KNOWN
)


def test_a_payment_completes_what_was_due_and_says_the_same_when_sent_again():
    pay = Workbook({"cash_flow": [flow(date(2017, 7, 9), 500)]})
    assert counts(pay, state=DUE) == {"cash_flow": (0, 1, 0)}
    after = accept(pay, state=DUE)
    paid = (
        after["cash_flow"]
        .filter(due_on=date(2017, 7, 1))
        .select("due_amount", "occurred_on", "amount")
        .rows()
    )
    assert paid == [(Decimal("5000000.00"), date(2017, 7, 9), Decimal("5000000.00"))]
    assert counts(pay, state=after) == {"cash_flow": (0, 0, 1)}
    assert after["cash_flow"].height == 6


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(flow(date(2017, 6, 30), 500), id="paid before it was due"),
        pytest.param(flow(date(2017, 7, 9), 501), id="another amount"),
        pytest.param(flow(date(2017, 7, 9), 500, kind="分配"), id="another kind"),
        pytest.param(flow(date(2017, 7, 9), 500, participation_id="PA-02"), id="another participation"),
        pytest.param(
            flow(date(2017, 7, 9), 500, due_on=date(2017, 7, 8), due_amount=500), id="due on another day"
        ),
    ],
)
def test_other_payments_are_flows_of_their_own(row):
    assert counts(Workbook({"cash_flow": [row]}), state=DUE) == {"cash_flow": (1, 0, 0)}


def test_a_second_payment_like_one_that_completed_something_is_new_and_both_stay_the_same_when_sent_again():
    once = accept(Workbook({"cash_flow": [flow(date(2017, 7, 9), 500)]}), state=DUE)
    both = Workbook({"cash_flow": [flow(date(2017, 7, 9), 500)] * 2})
    assert counts(both, state=once) == {"cash_flow": (1, 0, 1)}
    assert counts(both, state=accept(both, state=once)) == {"cash_flow": (0, 0, 2)}


def test_where_two_are_due_none_is_chosen_and_it_is_said():
    two = [flow(None, None, due_on=date(2017, month, 1), due_amount=500) for month in (7, 8)]
    known = accept(Workbook({"cash_flow": two}), state=KNOWN)
    book = Workbook({"cash_flow": [flow(date(2017, 9, 9), 500)]})
    assert found(book, state=known) == [("warning", "due_ambiguous", "资金往来!D2")]
    assert counts(book, state=known) == {"cash_flow": (1, 0, 0)}


def test_a_payment_of_a_named_call_completes_that_call():
    due = [
        {
            "partner_fund_id": "PF-01",
            "investor": "示例控股",
            "call_no": call,
            "due_on": date(2017, 7, 1),
            "due_amount": 500,
            "paid_on": None,
            "amount": None,
        }
        for call in ("2", "3")
    ]
    known = accept(Workbook({"fund_paid_in": due}), state=KNOWN)
    pay = {
        "partner_fund_id": "PF-01",
        "investor": "示例控股",
        "call_no": "3",
        "paid_on": date(2017, 7, 9),
        "amount": 500,
    }
    book = Workbook({"fund_paid_in": [pay]})
    assert counts(book, state=known) == {"fund_paid_in": (0, 1, 0)}
    after = accept(book, state=known)["fund_paid_in"].filter(paid_on=date(2017, 7, 9))
    assert after.select("call_no", "due_on").rows() == [("3", date(2017, 7, 1))]


# --- investors ----------------------------------------------------------------------------------------------------------


def test_first_commitments_are_of_the_establishment_and_never_counted_twice():
    assert set(KNOWN["investor_commitment"].filter(partner_fund_id="PF-02")["effective_on"]) == {
        date(2015, 5, 2)
    }
    corrected = Workbook(
        {"partner_fund": [{"partner_fund_id": "PF-02", "established_on": date(2015, 5, 20)}]}
    )
    after = accept(corrected, state=KNOWN)
    again = Workbook({"investor_commitment": PORTFOLIO["investor_commitment"]})
    assert counts(again, state=after) == {"investor_commitment": (0, 0, 6)}


def test_a_fund_not_yet_established_leaves_its_first_commitments_undated():
    known = accept(
        Workbook(
            {
                "partner_fund": [
                    {"partner_fund_id": "PF-9", "name": "筹备中", "manager_id": "VC-01", "currency": "CNY"}
                ]
            }
        ),
        state=KNOWN,
    )
    investors = Workbook(
        {
            "investor_commitment": [
                {"partner_fund_id": "PF-9", "investor": "示例控股", "kind": "社会资本", "amount": 10}
            ]
        }
    )
    waiting = accept(investors, state=known)
    established = accept(
        Workbook({"partner_fund": [{"partner_fund_id": "PF-9", "established_on": date(2017, 9, 1)}]}),
        state=waiting,
    )
    assert counts(investors, state=established) == {"investor_commitment": (0, 0, 1)}


def test_a_later_change_needs_its_date():
    row = {
        "partner_fund_id": "PF-01",
        "investor": "示例控股",
        "kind": "社会资本",
        "reason": "增资",
        "effective_on": None,
        "amount": 100,
    }
    assert found(Workbook({"investor_commitment": [row]}), state=KNOWN) == [
        ("error", "missing_value", "出资人!D2")
    ]
    row["effective_on"] = date(2017, 8, 1)
    assert counts(Workbook({"investor_commitment": [row]}), state=KNOWN) == {"investor_commitment": (1, 0, 0)}


# --- several senders ----------------------------------------------------------------------------------------------------


def part(*tables, sender="示例受托公司", **more):
    return Workbook(
        {table: PORTFOLIO[table] for table in tables},
        cover={"报送单位": sender},
        name=f"{'-'.join(tables)}.xlsx",
        **more,
    )


OWN = ("guidance_fund", "manager", "partner_fund", "participation")


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (2, 0, 1)])
def test_files_of_one_sender_may_come_in_any_order(order):
    books = [part(*OWN), part("company", "investment"), part("holding_valuation")]
    senders, after = check(*(books[n] for n in order))
    assert [(sender.outcome, sender.problems) for sender in senders] == [("accepted", ())]
    assert after["holding_valuation"].height == 3
    names = [item.file.name for item in senders[0].files]
    assert names.index("company-investment.xlsx") < names.index("holding_valuation.xlsx")


def test_senders_may_come_in_any_order_and_each_knows_its_turn():
    manager = part("company", "investment", sender="示例甲资本")
    operator = part(*OWN)
    senders, after = check(manager, operator)
    assert [(sender.name, sender.outcome) for sender in senders] == [
        ("示例甲资本", "accepted"),
        ("示例受托公司", "accepted"),
    ]
    assert senders[0].turn > senders[1].turn
    assert after["investment"].height == 3


def test_a_refused_sender_keeps_none_of_its_files_and_leaves_the_others():
    good, bad, other = (
        part(*OWN),
        part("company", "investment", sender="示例甲资本"),
        part("cash_flow", sender="示例乙资本"),
    )
    bad.set("investment", "amount", 1, "若干")
    fine = part("fund_report", sender="示例甲资本")
    senders, after = check(bad, good, fine, other)
    assert [(sender.name, sender.outcome) for sender in senders] == [
        ("示例甲资本", "refused"),
        ("示例受托公司", "accepted"),
        ("示例乙资本", "accepted"),
    ]
    assert (after["investment"].height, after["fund_report"].height, after["cash_flow"].height) == (0, 0, 5)


def test_one_sender_however_written():
    senders, _ = check(
        part(*OWN), part("company", sender="示例受托公司 "), part("fund_report", sender="示例 受托公司")
    )
    assert len(senders) == 1


def test_what_a_lost_id_in_one_file_explains_in_another_of_the_same_sender_is_not_repeated():
    from fundtrack.load.columns import CellError

    funds = part(*OWN)
    place = funds.set("partner_fund", "partner_fund_id", 3, CellError("#REF!"))
    funds.fields.pop("participation"), funds.grids.pop("参股")
    assert found(part("fund_report"), funds) == [("error", "error_cell", place)]


def test_problems_come_as_a_reader_meets_them():
    book = Workbook()
    expected = [
        ("error", "not_a_unit", book.cover("金额单位", "万圆")),
        ("error", "missing_value", book.set("manager", "name", 2, None)),
        ("error", "not_a_number", book.set("partner_fund", "committed_size", 1, "很多")),
        ("error", "not_a_date", book.set("partner_fund", "established_on", 3, "很久")),
        ("error", "reference_unknown", book.set("valuation", "participation_id", 1, "PA-99")),
        ("error", "share_above_one", book.set("investment", "stake", 1, 200)),
    ]
    assert found(book) == expected
