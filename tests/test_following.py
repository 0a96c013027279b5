"""Commands that follow the money: JSON with the figures counted by hand, a table in both languages."""

import pytest
from running import json_of, run_fundtrack


def test_trail_says_where_the_money_is(small_folder):
    told = json_of("trail", "--data", small_folder)
    paid = {row["currency"]: row["value"] for row in told["stations"] if row["stage"] == "paid_to_funds"}
    assert paid == {"CNY": "45000000.00", "USD": "0.00"}


def test_coordination_names_obstacle_and_owner(small_folder):
    [row] = json_of("coordination", "--data", small_folder)["coordination"]
    assert (row["partner_fund_id"], row["obstacle"], row["owner"], row["expected_on"]) == (
        "PF000004",
        "not_signed",
        "示例甲资本",
        "2017-12-20",
    )


def test_indicators_divide_what_they_name(small_folder):
    rows = json_of("indicators", "--data", small_folder)["performance"]
    [one] = [row for row in rows if row["metric"] == "leverage_paid_in" and row["currency"] == "CNY"]
    # only 甲一号 has records of both: 10,000 paid in, 2,000 of it by the guidance fund
    assert (one["above"], one["below"], one["value"]) == ("100000000.00", "20000000.00", 5.0)


def test_published_figures_stand_beside_ours_of_the_same_day(small_folder):
    rows = {row["id"]: row for row in json_of("published", "--data", small_folder)["published"]}
    assert (rows["scale_2015"]["value"], rows["scale_2015"]["ours_then"], rows["scale_2015"]["ours_now"]) == (
        "4127000000",
        "150000000.00",
        "350000000.00",
    )
    assert rows["projects_2017"]["ours_then"] is None


@pytest.mark.parametrize(
    ("command", "zh"),
    [
        ("trail", "拨付基金"),
        ("coordination", "参股协议尚未签订"),
        ("indicators", "放大倍数"),
        ("published", "浙江省科技厅"),
    ],
)
def test_a_table_for_people(small_folder, command, zh):
    assert zh in run_fundtrack(command, "--data", small_folder, FUNDTRACK_LANG="zh", check=0).stdout
