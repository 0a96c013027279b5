"""Every figure taken apart leads back to itself: hand-worked cases, all that editions store, and random ledgers."""

from datetime import date
from decimal import Decimal

import pytest
from ledgers import ledger
from portfolio_rows import flows_of, nav, stake, tables
from random_returns import random_returns
from rule_book import rule

from fundtrack.errors import InputError, IntegrityError
from fundtrack.metrics.catalog import CATALOG
from fundtrack.metrics.groups import KEY, labels
from fundtrack.metrics.lineage.figure import Figure, Part, checked, recomputed, same
from fundtrack.metrics.lineage.find import TRACED, currencies, trace
from fundtrack.metrics.once import Once
from fundtrack.metrics.participations_at import participations_at
from fundtrack.metrics.progress import ORDER, plans
from fundtrack.metrics.stored import fund_metric

DAY = date(2017, 9, 30)


def amounts(figure):
    """What each field contributes, without its row's key."""
    return [(part.table, part.field, str(part.amount)) for part in figure.parts]


def counted_ledger(**changes):
    rows = {
        "guidance_fund": [{"guidance_fund_id": "G1", "name": "甲", "kind": "venture", "currency": "CNY"},
                          {"guidance_fund_id": "G3", "name": "丙", "kind": "cross_border", "currency": "USD", "established_on": "2017-06-15"}],
        "guidance_flow": [{"guidance_fund_id": "G3", "kind": "committed", "occurred_on": "2017-06-01", "amount": 30, "currency": "USD", "line_no": "1"},
                          {"guidance_fund_id": "G3", "kind": "received", "occurred_on": "2017-07-01", "amount": 10, "currency": "USD", "line_no": "1"}],
        "manager": [{"manager_id": "M1", "name": "老", "group_name": "老牌"}, {"manager_id": "M2", "name": "新"}],
        "partner_fund": [
            {"partner_fund_id": "P1", "name": "一号", "manager_id": "M1", "currency": "CNY", "committed_size": 100, "established_on": "2016-05-01"},
            {"partner_fund_id": "P2", "name": "二号", "manager_id": "M2", "currency": "CNY", "established_on": "2017-03-01"},
            {"partner_fund_id": "P3", "name": "筹备", "manager_id": "M2", "currency": "CNY", "target_size": 50},
        ],
        "participation": [
            {"participation_id": "A1", "guidance_fund_id": "G1", "partner_fund_id": "P1", "signed_on": "2016-04-01", "currency": "CNY", "commitment": 20},
            {"participation_id": "A2", "guidance_fund_id": "G1", "partner_fund_id": "P2", "signed_on": "2017-04-01", "currency": "CNY", "commitment": 10},
            {"participation_id": "A3", "guidance_fund_id": "G1", "partner_fund_id": "P3", "approved_on": "2017-08-01", "currency": "CNY"},
        ],
        "investor_commitment": [
            {"partner_fund_id": "P1", "investor": "某", "kind": "private", "effective_on": "2017-02-01", "reason": "增资", "amount": 15},
            {"partner_fund_id": "P1", "investor": "某", "kind": "private", "effective_on": "2017-12-01", "reason": "增资", "amount": 99},
            {"partner_fund_id": "P2", "investor": "引导", "kind": "guidance", "effective_on": "2017-03-01", "reason": "initial", "amount": 10},
            {"partner_fund_id": "P2", "investor": "某", "kind": "private", "effective_on": "2017-03-01", "reason": "initial", "amount": 40},
        ],
        "target": [
            {"code": code, "due_on": "2017-12-31", "starts_on": "2017-01-01", "name": code, "value": value, "unit": "只", "currency": currency, "source": "计划"}
            for code, value, currency in [("new_managers", 2, None), ("partner_funds", 4, None), ("fund_scale", 200, "CNY"),
                                          ("cross_border", 50, "USD"), ("new_hightech_firms", 344, None)]
        ],
        "indicator": [{"code": "new_hightech_firms", "measured_on": "2017-06-30", "value": 200, "source": "统计"},
                      {"code": "new_hightech_firms", "measured_on": "2017-09-30", "value": 260, "source": "统计"}],
    } | changes  # fmt: skip
    return ledger(rows)


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        pytest.param("new_managers", [("participation", "signed_on", "1")], id="the agreement that brought in the one new house"),
        pytest.param(
            "partner_funds",
            [("partner_fund", "established_on", "1"), ("participation", "signed_on", "0"),
             ("participation", "signed_on", "1"), ("partner_fund", "established_on", "0")],
            id="the later of both dates decides",
        ),
        pytest.param(
            "fund_scale",
            [("partner_fund", "committed_size", "100.00"), ("investor_commitment", "amount", "40.00"),
             ("investor_commitment", "amount", "10.00"), ("investor_commitment", "amount", "15.00")],
            id="stated at establishment, summed from its investors, and one increase so far",
        ),
        pytest.param("cross_border", [("guidance_flow", "amount", "30.00")], id="committed before the set-up, counted from it"),
        pytest.param("new_hightech_firms", [("indicator", "value", "260.00")], id="the newest report"),
    ],
)  # fmt: skip
def test_a_target_is_made_of_the_cells_that_decide_it(code, parts):
    assert sorted(amounts(trace(counted_ledger(), code, None, DAY))) == sorted(parts)


def test_a_targets_ratios_show_both_sides():
    made = trace(counted_ledger(), "year_completion", "partner_funds", DAY)
    (_, gained), (_, needed) = made.sides
    assert (str(gained.value), str(needed.value), made.value) == ("1.00", "3.00", pytest.approx(1 / 3))
    lead = trace(counted_ledger(), "lead", "partner_funds", DAY)
    assert lead.value == pytest.approx(1 / 3 - 273 / 365)
    assert str(trace(counted_ledger(), "remaining", "fund_scale", DAY).value) == "35.00"
    assert trace(counted_ledger(), "status", "partner_funds", DAY).value == "far_behind"


def test_a_target_done_has_nothing_remaining():
    done = counted_ledger(target=[{"code": "partner_funds", "due_on": "2017-12-31", "starts_on": "2017-01-01", "name": "x", "value": 1,
                                   "unit": "只", "source": "计划"}])  # fmt: skip
    assert trace(done, "remaining", "partner_funds", DAY).value == 0


def stakes():
    return tables(
        [stake("A1", commitment=200), stake("A2", commitment=50)],
        [*flows_of("A1", "call 100 2014-06-01; distribution 30 2016-06-01; call 20 2017-08-01; distribution 5 2017-09-01"),
         *flows_of("A2", "call 40 2017-05-01")],
        [nav("A1", 90, "2017-06-30"), nav("A1", 999, "2017-12-31")],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("metric", "of", "value", "contributions"),
    [
        pytest.param("paid_in", "A1", "120.00", ["100.00", "20.00"], id="calls until the day"),
        pytest.param("distributed", "A1", "35.00", ["30.00", "5.00"], id="distributions"),
        pytest.param("nav", "A1", "105.00", ["90.00", "20.00", "-5.00"], id="last NAV rolled forward"),
        pytest.param("unfunded", "A1", "80.00", ["200.00", "-100.00", "-20.00"], id="commitment less calls"),
        pytest.param("net_cash", "A1", "-85.00", ["30.00", "5.00", "-100.00", "-20.00"], id="net cash"),
        pytest.param("paid_in", None, "160.00", ["100.00", "20.00", "40.00"], id="pooled"),
        pytest.param("nav", None, "105.00", ["90.00", "20.00", "-5.00"], id="pooled over what is known"),
        pytest.param("nav", "A2", None, [], id="unknown has no parts"),
    ],
)
def test_sums_of_participations_are_their_rows(metric, of, value, contributions):
    made = trace(stakes(), metric, of, DAY)
    assert (None if made.value is None else str(made.value)) == value
    assert sorted(str(part.amount) for part in made.parts) == sorted(contributions)


def test_multiples_show_both_sides_and_rates_their_residual():
    dpi = trace(stakes(), "dpi", "A1", DAY)
    assert [(word, str(side.value)) for word, side in dpi.sides] == [("above", "35.00"), ("below", "120.00")]
    tvpi = trace(stakes(), "tvpi", "A1", DAY)
    assert tvpi.value == pytest.approx((35 + 105) / 120)
    irr = trace(stakes(), "irr", "A1", DAY)
    assert next((str(part.day), str(part.amount)) for part in irr.parts if part.role != "nav") == (
        "2014-06-01",
        "-100.00",
    )
    assert abs(irr.residual) < 1e-6
    first = date(2014, 6, 1)
    again = sum(float(part.amount) / (1 + irr.value) ** ((part.day - first).days / 365) for part in irr.parts)
    assert again == pytest.approx(0, abs=1e-6)
    assert trace(stakes(), "rvpi", None, DAY).value is None, "one NAV unknown: so is the pooled multiple"


def test_a_finding_is_traced_to_its_evidence():
    """Approved on 2016-05-01 and not set up 365 days later: the row of the approval shows it."""
    late = [
        {
            "participation_id": "A3",
            "guidance_fund_id": "G1",
            "partner_fund_id": "P3",
            "approved_on": "2016-05-01",
            "currency": "CNY",
        }
    ]
    data = counted_ledger(participation=late, rule=[rule("NOT_SETUP_1Y", "365")])
    from fundtrack.metrics.rules.every import findings

    said = findings(data, DAY).findings.filter(rule_id="NOT_SETUP_1Y", entity="A3")
    made = trace(data, said["finding_id"][0], None, DAY)
    assert (made.metric, made.entity, made.value) == ("finding", "A3", said["status"][0])
    assert ("participation", "A3", "approved_on") in {
        (part.table, part.key, part.field) for part in made.parts
    }
    with pytest.raises(InputError, match="figure_unknown"):
        trace(data, "NOT_SETUP_1Y-0000000000", None, DAY)


def test_a_trace_that_does_not_lead_to_its_figure_is_refused():
    part = Part("valuation", "A1|2017-06-30", "nav", Decimal("1.00"))
    right = Figure("nav", "participation", "A1", Decimal("1.00"), "sum", parts=(part,))
    assert checked(right) is right
    for wrong in (
        Figure("nav", "participation", "A1", Decimal("1.01"), "sum", parts=(part,)),
        Figure("dpi", "participation", "A1", 0.5, "ratio", sides=(("above", right), ("below", right))),
        Figure("tvpi", "participation", "A1", 2.5, "plus", sides=(("dpi", right), ("rvpi", right))),
        Figure("x", "participation", "A1", 1.0, "ratio", sides=(("above", Figure("nav", "participation", "A1", Decimal("2.00"), "sum", parts=(part,))), ("below", right))),
        Figure("irr", "participation", "A1", 0.1, "rate", parts=(part,), residual=0.5),
    ):  # fmt: skip
        with pytest.raises(IntegrityError, match="trace_differs"):
            checked(wrong)


@pytest.mark.parametrize(
    ("metric", "of", "code"),
    [
        ("nonsense", None, "figure_unknown"),
        ("dpi", "A9", "figure_of_unknown"),
        ("fee_rate", "A1", "figure_unknown"),
        ("moic", "A1", "figure_not_of"),
        ("completion", "A1", "figure_not_of"),
    ],
)
def test_what_is_not_there_is_said(metric, of, code):
    with pytest.raises(InputError) as caught:
        trace(stakes(), metric, of, DAY)
    assert caught.value.code == code


def test_every_metric_of_the_catalogue_can_be_traced():
    """`horizon_irr` stands for its four horizons, which say how many years."""
    traced = {name for made in TRACED.values() for name in made} | set(ORDER) | {"horizon_irr"}
    assert set(CATALOG) - traced == set()


def every_figure(data, day):
    """Each metric of each entity in each of its currencies; how many were asked."""
    known = Once(data)
    named = labels(known)
    entities = {"target": [plan["code"] for plan in plans(data["target"], day)], "all": ["all"], "vintage": named["vintage"].drop_nulls().unique().to_list(),
                KEY: named[KEY].to_list(), "partner_fund_id": data["partner_fund"]["partner_fund_id"].to_list(),
                "guidance_fund_id": named["guidance_fund_id"].drop_nulls().unique().to_list()}  # fmt: skip
    for by, found in entities.items():
        for entity in found:
            for currency in currencies(known, by, entity) or [None]:
                for metric in TRACED[by]:
                    yield trace(known, metric, None if entity == "all" else entity, day, currency)


def stored_and_traced(data, day):
    """Each figure that an edition would store, beside its trace."""
    known = Once(data)
    for row in fund_metric(known, participations_at(known, day), day).iter_rows(named=True):
        of = None if row["entity_type"] == "total" else row["entity_id"]
        value = row["amount"] if row["amount"] is not None else row["value"]
        yield row, value, trace(known, row["metric"], of, day, row["currency"])


SEEDS = [3, 11, 42]


@pytest.mark.parametrize(
    "seed", [*SEEDS, *(pytest.param(seed, marks=pytest.mark.full) for seed in range(100, 140))]
)
def test_every_figure_of_a_random_ledger_leads_back_to_itself(seed):
    rows, day = random_returns(seed)
    data = ledger(rows)
    made = sum(
        1
        for figure in every_figure(data, day)
        if figure.value is None or same(recomputed(figure), figure.value)
    )
    assert made > 50
    for row, value, figure in stored_and_traced(data, day):
        assert (figure.value is None) == (value is None), (row, figure)
        assert value is None or same(figure.value, value), (row, figure)


DATES = [
    date(2017, 9, 30),
    *(
        pytest.param(day, marks=pytest.mark.full)
        for day in (date(2014, 6, 30), date(2016, 12, 31), date(2019, 3, 31))
    ),
]


@pytest.mark.parametrize("day", DATES, ids=str)
def test_every_figure_that_the_demo_stores_leads_back_to_itself(demo_folder, day):
    from fundtrack.store.editions import Store

    with Store(demo_folder).ledger().held() as known:
        data = {table: known[table] for table in known}
    count = 0
    for row, value, figure in stored_and_traced(data, day):
        assert (figure.value is None) == (value is None), (row, figure)
        assert value is None or same(figure.value, value), (row, figure)
        count += 1
    assert count > 2_500
    for code in data["target"]["code"]:
        for metric in (code, *TRACED["target"]):
            trace(Once(data), metric, None if metric == code else code, day)
