"""Exchange rates by day, exact conversion, and what the rate did to a return."""

import io
import zipfile
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledgers import ledger
from portfolio_rows import flows_of, nav, rate, stake, tables

from fundtrack.metrics.exact import added, over, pro_rata, summed, times
from fundtrack.metrics.fx import NO_RATE, Quote, converted, fx_rates, missing_rates, rate_at, with_rate
from fundtrack.metrics.fx_effect import fiscal_view, fx_effect
from fundtrack.money import MONEY, RATE
from seeds.make_fx_rates import main as make_fx_rates

SEEDS = Path(__file__).parents[1] / "seeds"
AS_OF = date(2017, 9, 30)


def one(expression, **columns):
    frame = pl.DataFrame({name: [value] for name, value in columns.items()}, schema_overrides={
        name: RATE if name == "r" else MONEY for name in columns})  # fmt: skip
    return frame.select(expression).item()


@pytest.mark.parametrize(
    ("amount", "by", "product"),
    [
        ("30.15", "6.6369", "200.10"),  # 200.102535
        ("-30.15", "6.6369", "-200.10"),
        ("0.01", "0.5", "0.01"),  # half away from zero
        ("-0.01", "0.5", "-0.01"),
        ("0.01", "0.49999999", "0.00"),
        ("1.00", "0.00499999", "0.00"),  # would be 0.01 if rounded at 8 digits, then at 2
        ("999999999999.99", "6.63690001", "6636900009999.93"),
    ],
)
def test_times(amount, by, product):
    assert one(times(pl.col("a"), pl.col("r")), a=Decimal(amount), r=Decimal(by)) == Decimal(product)


def test_over_and_pro_rata():
    assert one(over(pl.col("a"), pl.col("r")), a=Decimal("100.00"), r=Decimal("6.6369")) == Decimal("15.07")
    assert one(over(pl.col("a"), pl.col("r")), a=Decimal("100.00"), r=Decimal(0)) is None
    money = {"a": Decimal("-10.00"), "b": Decimal("1.00"), "c": Decimal("3.00")}
    assert one(pro_rata(pl.col("a"), pl.col("b"), pl.col("c")), **money) == Decimal("-3.33")
    assert one(pro_rata(pl.col("a"), pl.col("b"), pl.col("c")), **(money | {"c": Decimal(0)})) is None


def test_sums_know_what_they_do_not_know():
    frame = pl.DataFrame({"a": [Decimal(1), None]}, schema={"a": MONEY})
    assert frame.select(summed(pl.col("a"))).item() is None
    assert frame.select(added(pl.col("a"))).item() == 1
    assert frame.tail(1).select(added(pl.col("a"))).item() is None
    assert frame.head(0).select(summed(pl.col("a"))).item() is None


@given(st.decimals("-99999999999", "99999999999", places=2), st.decimals("0.00000001", "9999", places=8))
def test_products_are_those_of_exact_arithmetic(amount, by):
    with localcontext() as context:
        context.prec = 60
        exact = (amount * by).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert one(times(pl.col("a"), pl.col("r")), a=amount, r=by) == exact


def rates_of(*rows):
    return fx_rates(ledger({"market_rate": list(rows)}))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param("2017-09-29", ("6.65", "2017-09-29"), id="that day"),
        pytest.param("2017-09-30", ("6.65", "2017-09-29"), id="the last before"),
        pytest.param("2017-10-09", ("6.65", "2017-09-29"), id="ten days after"),
        pytest.param("2017-10-10", None, id="eleven days after"),
        pytest.param("2017-09-28", None, id="never a later one"),
    ],
)
def test_rate_at(day, expected):
    found = rate_at(rates_of(rate("2017-09-29", "6.65")), date.fromisoformat(day), "USD", "CNY")
    assert found == (
        expected and Quote(Decimal(expected[0]), date.fromisoformat(expected[1]), "测试", divides=False)
    )


def test_codes_that_are_read_and_those_that_are_not():
    rows = rates_of(
        rate("2017-09-29", "6.6521", "USDCNY"),
        rate("2017-09-29", "6.6369", "USD/CNY"),  # of two spellings the one with a slash
        rate("2017-09-29", "0.85", "usd-eur") | {"currency": "EUR"},
        rate("2017-09-29", "7", "USDCN"),
        rate("2017-09-29", "0", "USDJPY"),
        rate("2017-09-29", "1", "USDUSD"),
        rate("2017-09-29", "8", "USDGBP") | {"currency": "USD"},  # which way round?
        rate("2017-09-29", "4.35", "1Y") | {"kind": "lending", "currency": None},
    )
    assert rows.select("base", "quote", "rate").rows() == [
        ("USD", "CNY", Decimal("6.6369")), ("USD", "EUR", Decimal("0.85")),
    ]  # fmt: skip


def test_the_other_direction_divides():
    rates = rates_of(rate("2017-09-29", "6.6369"))
    assert rate_at(rates, AS_OF, "CNY", "USD") == Quote(
        Decimal("6.6369"), date(2017, 9, 29), "测试", divides=True
    )
    frame = pl.DataFrame(
        {"a": [Decimal("100.00")], "currency": ["CNY"], "day": [AS_OF]}, schema_overrides={"a": MONEY}
    )
    # 100 / 6.6369 = 15.0672…
    assert converted(with_rate(frame, rates, "USD"), ["a"])["a_converted"].item() == Decimal("15.07")


def test_conversion_keeps_rows_in_order_and_marks_what_is_missing():
    frame = pl.DataFrame(
        {
            "id": ["x", "y", "z", "w", "v"],
            "a": [Decimal(100), Decimal(100), Decimal(100), Decimal(100), None],
            "currency": ["USD", "CNY", "HKD", "USD", "USD"],
            "day": [AS_OF, AS_OF, AS_OF, None, AS_OF],
        },
        schema_overrides={"a": MONEY},
    )
    found = converted(with_rate(frame, rates_of(rate("2017-09-29", "6.6369")), "CNY"), ["a"])
    assert found["id"].to_list() == ["x", "y", "z", "w", "v"]
    assert found["a_converted"].to_list() == [Decimal("663.69"), Decimal("100.00"), None, None, None]
    assert found["rate"].to_list() == [Decimal("6.6369"), Decimal(1), None, None, Decimal("6.6369")]
    assert found["rate_source"].to_list() == ["测试", None, None, None, "测试"]
    # what has no day is no missing rate
    assert missing_rates(found, "CNY", "id").rows() == [(NO_RATE, "z", "HKD", "CNY", AS_OF)]


def dollars():
    return tables(
        [stake("A1", currency="USD"), stake("A2")],
        [*flows_of("A1", "call 100 2015-09-30; distribution 30 2016-09-30", "USD"), *flows_of("A2", "call 5 2015-09-30")],
        [nav("A1", "90", "2017-09-30", "USD"), nav("A2", "6", "2017-09-30")],
        market_rate=[rate("2015-09-30", "6.4"), rate("2016-09-30", "6.7"), rate("2017-09-30", "6.6")],
    )  # fmt: skip


def test_effect_worked_by_hand():
    # paid 100 · 6.4 = 640; back 30 · 6.7 = 201 and 90 · 6.6 = 594, 795 in all: 155 gained
    # local: 20 gained at 6.4 = 128; rate out 795 / 120 = 6.625: fx 100 · 0.225 = 22.50; cross 20 · 0.225 = 4.50
    found = fx_effect(dollars(), AS_OF)
    row = found.effects.row(0, named=True)
    assert found.effects.height == 1
    assert (row["paid_in_converted"], row["value_converted"], row["gain_converted"]) == (640, 795, 155)
    assert (row["local_part"], row["fx_part"], row["cross_part"]) == (
        Decimal(128),
        Decimal("22.50"),
        Decimal("4.50"),
    )
    assert (row["rate_in"], row["rate_out"]) == (6.4, 6.625)
    assert row["return_local"] == 0.2
    assert row["return_fx"] == pytest.approx(0.03515625)
    assert row["return_total"] == pytest.approx(155 / 640)
    assert row["return_local"] + row["return_fx"] + row["return_cross"] == pytest.approx(row["return_total"])
    assert (1 + row["irr_local"]) * (1 + row["irr_fx"]) == pytest.approx(1 + row["irr_converted"], rel=1e-12)
    assert (row["nav_rate"], row["nav_rate_on"], row["nav_rate_source"]) == (Decimal("6.6"), AS_OF, "测试")
    assert found.findings.is_empty()
    assert found.flows["rate"].to_list() == [Decimal("6.4"), Decimal("6.7")]


def test_steady_rate_has_no_effect_and_total_loss_no_rate_out():
    steady = [rate(day, "6.5") for day in ("2015-09-30", "2016-09-30", "2017-09-30")]
    made = dollars() | {"market_rate": ledger({"market_rate": steady})["market_rate"]}
    row = fx_effect(made, AS_OF).effects.row(0, named=True)
    assert (row["fx_part"], row["cross_part"], row["return_fx"]) == (0, 0, 0.0)
    assert row["irr_fx"] == pytest.approx(0, abs=1e-12)
    lost = tables(
        [stake("A1", currency="USD")],
        flows_of("A1", "call 100 2015-09-30", "USD"),
        [nav("A1", "0", "2017-09-30", "USD")],
        market_rate=steady,
    )
    row = fx_effect(lost, AS_OF).effects.row(0, named=True)
    assert (row["local_part"], row["fx_part"], row["cross_part"], row["rate_out"]) == (-650, 0, 0, None)
    assert (row["return_total"], row["irr_local"]) == (-1.0, None)


def test_under_a_year_there_is_no_annual_effect():
    made = tables(
        [stake("A1", currency="USD")],
        flows_of("A1", "call 100 2017-06-30", "USD"),
        [nav("A1", "110", "2017-09-30", "USD")],
        market_rate=[rate("2017-06-30", "6.8"), rate("2017-09-30", "6.6")],
    )
    row = fx_effect(made, AS_OF).effects.row(0, named=True)
    assert (row["irr_local"], row["irr_converted"], row["irr_fx"]) == (None, None, None)
    # 110 · 6.6 = 726 for 680
    assert row["return_total"] == pytest.approx(726 / 680 - 1)


def test_a_missing_rate_is_null_and_a_finding():
    made = dollars()
    made["market_rate"] = made["market_rate"].filter(pl.col("quoted_on") != date(2016, 9, 30))
    found = fx_effect(made, AS_OF)
    row = found.effects.row(0, named=True)
    assert (row["gain_converted"], row["fx_part"], row["irr_converted"], row["return_fx"]) == (None,) * 4
    assert (row["gain"], row["return_local"]) == (Decimal(20), 0.2)
    assert found.findings.rows() == [(NO_RATE, "A1", "USD", "CNY", date(2016, 9, 30))]


def test_fiscal_view_is_what_was_paid_in_yuan():
    flows = flows_of(
        "A1", "call 100 2015-09-30; call 50 2016-01-15; fee_outside 1 2016-01-15; call 9 2018-01-01", "USD"
    )
    flows[0]["cny_paid"] = "640.55"
    flows[3]["cny_paid"] = "60"
    rows = fiscal_view(tables([stake("A1", currency="USD")], flows), AS_OF)
    assert rows.rows() == [("A1", "USD", Decimal(151), Decimal("640.55"), 1, 2)]


def test_seed_rates_are_crosses_of_what_was_published(tmp_path):
    # ECB reference rates of 2017-09-29: 7.8534 CNY and 1.1806 USD to the euro: 7.8534 / 1.1806 = 6.652041334…
    history = "Date,USD,CNY,\n2017-09-29,1.1806,7.8534,\n2019-01-02,1.1397,7.8165,\n2017-09-28,1.1778,N/A,\n"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("eurofxref-hist.csv", history)
    (tmp_path / "hist.zip").write_bytes(packed.getvalue())
    make_fx_rates([str(tmp_path / "hist.zip"), str(tmp_path / "out.csv")])
    header, only = (tmp_path / "out.csv").read_text("utf-8").splitlines()
    assert only.startswith("fx,USDCNY,2017-09-29,6.65204133,CNY,")
    assert header == "kind,code,quoted_on,value,currency,source"
    shipped = (SEEDS / "fx_rates.csv").read_text("utf-8").splitlines()
    assert only in shipped
    days = [date.fromisoformat(line.split(",")[2]) for line in shipped[1:]]
    assert (days[0], days[-1]) == (date(2008, 1, 2), date(2018, 12, 31))
    # every day of those years is served: no two trading days are more than ten days apart
    assert max((late - early).days for early, late in pairwise(days)) <= 10
